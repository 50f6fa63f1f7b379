"""What the model asks of a demand system: prices, shares, and a flow's slope in its own cost.

A demand system comes in two forms of the same equations.  `Demand` is written to be read, with
arrays [n, i, j]; the residual of every answer is taken from it.  `LaidOutDemand` is laid out for
the passes of a solve, sector-first: what a shock fixes is worked out once, and a pass raises
nothing of size n*i*j to a power.  A test demands that both forms agree.

The own-cost slope.  Minus the derivative of the log of a flow's spending share with respect to its
log delivered cost is

    elasticity * (1 - index_weight),

where ``index_weight`` says how much the price that the flow competes with follows the flow's own
cost.  Where the costs of several flows into one market move together, their weights add up.
With one CES over all origins ``index_weight`` is the trade share.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.model.arrays import Array

Index = NDArray[np.intp]


class OwnCostSlope(NamedTuple):
    """How fast spending shares fall with the delivered cost of their own flow."""

    elasticity: Array
    """[j]."""
    index_weight: Array
    """[n, i, j]."""


class Flows(NamedTuple):
    """Positions of chosen flows: equally long arrays, one entry for each flow."""

    sector: Index
    importer: Index
    exporter: Index


class ShadowWedges(NamedTuple):
    """Shadow wedges of the chosen flows, and the value that is left at each stage, [flow]."""

    cap_log: Array
    """Log wedge of caps: raises the price to the buyer."""
    floor_log: Array
    """Log wedge of floors: lowers it."""
    customs: Array
    """Customs value per duty-paid spending."""
    factory: Array
    """Factory value per duty-paid spending."""


class FlowResponse(NamedTuple):
    """The chosen flows in one pass, and how they answer to their own cost, [flow]."""

    value: Array
    """Factory value."""
    elasticity: Array
    """As in `OwnCostSlope`."""
    index_weight: Array
    """As in `OwnCostSlope`."""


class Trade(NamedTuple):
    """What buyers do at given costs and spending."""

    log_price: Array
    """Price index of n's purchases, [j, n]."""
    bought: Array
    """Customs value of n's purchases, [j, n]."""
    sold: Array
    """Customs value of i's sales, [j, i]; equals `output` without export taxes."""
    output: Array
    """Factory value of i's sales, [j, i]."""
    chosen: FlowResponse | None
    """The chosen flows; ``None`` without any."""


class LaidOutPolicy(NamedTuple):
    """What a shock fixes, quantity targets aside, and the flows that the targets touch."""

    trade_cost_hat: Array
    """Buyer's price over the exporter's input cost, change factor, [n, i, j]."""
    inverse_tariff: Array
    """1 / (1 + tariff), [j, n, i]."""
    inverse_export: Array
    """1 / (1 + export tax), [j, n, i]."""
    has_export_tax: bool
    chosen: Flows | None
    """Flows that quantity targets touch; ``None`` without targets."""


class LaidOutDemand(Protocol):
    """A demand system under one shock, laid out for the passes of a solve."""

    def apply(self, wedges: ShadowWedges) -> None:
        """Put the current shadow wedges into the chosen flows; they stay until the next call."""

    def trade(self, log_cost: Array, spending: Array) -> Trade:
        """Return what buyers do at log input costs [j, i] and spending [j, n]."""


class Demand(Protocol):
    """A demand system of one economy."""

    def sourcing(self, input_cost_hat: Array, trade_cost_hat: Array) -> tuple[Array, Array]:
        """Return prices and shares at given costs.

        Parameters
        ----------
        input_cost_hat
            Change factor of the cost of the exporter's input bundle, [i, j].
        trade_cost_hat
            Buyer's price over that cost, change factor, [n, i, j].

        Returns
        -------
        price_index_hat [n, j] (1 where nothing is bought), trade_share_cf [n, i, j]
        """

    def baseline_slope(self) -> OwnCostSlope:
        """Return the own-cost slopes at the baseline, which size the steps of a solve."""

    def laid_out(self, policy: LaidOutPolicy) -> LaidOutDemand:
        """Return the fast form under one shock."""
