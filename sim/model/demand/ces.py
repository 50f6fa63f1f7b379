"""One CES over all origins with elasticity theta (Eaton and Kortum 2002; Caliendo and Parro 2015).

    P_hat^-theta = sum_i pi_i k_i^-theta,      pi_cf_i = pi_i (k_i / P_hat)^-theta,

with k the change of the delivered cost, equations (11) and (12) of Caliendo and Parro.
"""

from __future__ import annotations

import numpy as np

from sim.model.arrays import Array, sector_first
from sim.model.demand.interface import (
    FlowResponse,
    Flows,
    LaidOutPolicy,
    OwnCostSlope,
    ShadowWedges,
    Trade,
)
from sim.model.economy import Economy


class CesDemand:
    """Demand with one elasticity of substitution between all origins of a sector."""

    def __init__(self, economy: Economy) -> None:
        self.economy = economy

    def attraction(self, trade_cost_hat: Array) -> Array:
        """Baseline share times trade_cost_hat^-theta, [n, i, j]: what a shock fixes of eq. (12)."""
        share = self.economy.trade_share
        changed = (trade_cost_hat != 1.0) & (share > 0)
        power = np.ones_like(share)
        exponent = np.broadcast_to(-self.economy.trade_elasticity, power.shape)
        np.power(trade_cost_hat, exponent, out=power, where=changed)
        return power * share

    def sourcing(self, input_cost_hat: Array, trade_cost_hat: Array) -> tuple[Array, Array]:
        """Price of the sector composite, eq. (11), and trade shares, eq. (12); see `Demand`."""
        theta = self.economy.trade_elasticity
        offers = self.attraction(trade_cost_hat) * (input_cost_hat**-theta)[None, :, :]
        spread = np.where(self.economy.expenditure > 0, offers.sum(axis=1), 1.0)
        return spread ** (-1.0 / theta), offers / spread[:, None, :]

    def baseline_slope(self) -> OwnCostSlope:
        """Return theta * (1 - trade share), see `Demand`."""
        return OwnCostSlope(self.economy.trade_elasticity, self.economy.trade_share)

    def laid_out(self, policy: LaidOutPolicy) -> LaidOutCes:
        """Return the fast form under one shock."""
        return LaidOutCes(self, policy)


class LaidOutCes:
    """`CesDemand` under one shock: a pass is a few batched matrix-vector products.

    ``attraction[j, n, i]`` = trade_share * trade_cost_hat^-theta is worked out once.
    """

    def __init__(self, demand: CesDemand, policy: LaidOutPolicy) -> None:
        economy = demand.economy
        self.theta = economy.trade_elasticity[:, None]
        self.market = economy.expenditure.T > 0
        self.attraction = sector_first(demand.attraction(policy.trade_cost_hat))
        self.has_export_tax = policy.has_export_tax
        self.customs = self.attraction * policy.inverse_tariff
        self.customs_t = np.ascontiguousarray(self.customs.transpose(0, 2, 1))
        self.factory_t = self.customs_t
        if self.has_export_tax:
            factory = self.customs * policy.inverse_export
            self.factory_t = np.ascontiguousarray(factory.transpose(0, 2, 1))
        self.chosen: ChosenOffers | None = None
        if policy.chosen is not None:
            self.chosen = ChosenOffers(economy, policy.chosen, self.attraction)

    def apply(self, wedges: ShadowWedges) -> None:
        """Put the current shadow wedges into the chosen flows."""
        if self.chosen is None:
            return
        j, n, i = self.chosen.flows
        attraction = self.chosen.under(wedges)
        self.attraction[j, n, i] = attraction
        customs = attraction * wedges.customs
        self.customs[j, n, i] = customs
        self.customs_t[j, i, n] = customs
        self.factory_t[j, i, n] = attraction * wedges.factory

    def trade(self, log_cost: Array, spending: Array) -> Trade:
        """Prices and shares when every good goes to the cheapest offer, eqs. (11) and (12)."""
        pull = np.exp(-self.theta * log_cost)
        spread = np.matvec(self.attraction, pull)
        spread = np.where(self.market, np.maximum(spread, 1e-300), 1.0)
        demand = spending / spread
        output = pull * np.matvec(self.factory_t, demand)
        chosen = self.chosen.response(pull, spread, spending) if self.chosen else None
        return Trade(
            log_price=np.log(spread) / -self.theta,
            bought=demand * np.matvec(self.customs, pull),
            sold=pull * np.matvec(self.customs_t, demand) if self.has_export_tax else output,
            output=output,
            chosen=chosen,
        )


class ChosenOffers:
    """The offers that quantity targets touch, under the current shadow wedges."""

    def __init__(self, economy: Economy, flows: Flows, attraction: Array) -> None:
        self.flows = flows
        self.theta = economy.trade_elasticity[flows.sector]
        self.base = attraction[flows]
        self.attraction = self.base
        self.factory = np.ones_like(self.base)

    def under(self, wedges: ShadowWedges) -> Array:
        """Take over the wedges and return the attraction that they leave, [flow]."""
        self.factory = wedges.factory
        self.attraction = self.base * np.exp(-self.theta * (wedges.cap_log - wedges.floor_log))
        return self.attraction

    def response(self, pull: Array, spread: Array, spending: Array) -> FlowResponse:
        """Return value, elasticity and index weight of each offer; the weight is its share."""
        j, n, i = self.flows
        share = self.attraction * pull[j, i] / spread[j, n]
        return FlowResponse(self.factory * share * spending[j, n], self.theta, share)
