"""Quantity targets inside a solve: their shadow wedges, and the steps that move them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.model.arrays import Array
from sim.model.demand.interface import FlowResponse, Flows, ShadowWedges
from sim.model.economy import Economy
from sim.model.shock import Shock

SMALLEST_SLOPE = 0.5
"""A wedge is never moved as if its quantity fell more slowly than this."""


class LaidOutTarget:
    """One quantity target: which of the chosen flows it covers, and what it wants of them."""

    def __init__(
        self, flows: NDArray[np.intp], base: Array, quantity_hat: float, *, cap_rent: float | None
    ) -> None:
        self.flows, self.base = flows, base
        self.is_cap = cap_rent is not None
        self.rent_share = 1.0 if cap_rent is None else cap_rent
        self.log_wanted = float(np.log(quantity_hat))


class LaidOutTargets:
    """All quantity targets of a shock, on the flows that any of them touches.

    Parameters
    ----------
    factory
        Baseline factory value, [j, n, i].
    inverse_tariff, inverse_export
        1 / (1 + rate), [j, n, i].
    quantity_cost_hat
        Factory value per delivered unit over the exporter's input cost without targets, [n, i, j].
    """

    def __init__(
        self,
        economy: Economy,
        shock: Shock,
        *,
        factory: Array,
        inverse_tariff: Array,
        inverse_export: Array,
        quantity_cost_hat: Array,
    ) -> None:
        covered = [_covered(target.mask(economy), factory) for target in shock.targets]
        chosen = np.unique(np.concatenate(covered))
        self.flows = Flows(*np.unravel_index(chosen, factory.shape))
        self.targets = [
            LaidOutTarget(
                np.searchsorted(chosen, flows),
                factory.ravel()[flows],
                target.quantity_hat,
                cap_rent=target.rent_share if target.kind == "cap" else None,
            )
            for target, flows in zip(shock.targets, covered, strict=True)
        ]
        j, n, i = self.flows
        self.inverse_tariff = inverse_tariff[j, n, i]
        self.inverse_export = inverse_export[j, n, i]
        self.quantity_cost = quantity_cost_hat[n, i, j]
        # Flows of one importer and sector compete with each other: they are one market.
        self.market = j * len(economy.importers) + n
        self.waste = np.ones(len(chosen))

    def wedges(self, shadow: Array) -> ShadowWedges:
        """Turn log shadow wedges, >= 0, one a target, into those of the chosen flows."""
        cap, kept_log, floor = np.zeros((3, len(self.market)))
        for target, psi in zip(self.targets, shadow, strict=True):
            if target.is_cap:
                cap[target.flows] += psi
                kept_log[target.flows] += psi * target.rent_share
            else:
                floor[target.flows] += psi
        factor = np.exp(cap)
        rent_share = np.divide(kept_log, cap, out=np.ones_like(cap), where=cap > 0)
        self.waste = 1.0 + (1.0 - rent_share) * (factor - 1.0)
        kept, subsidy = factor / self.waste, np.exp(-floor)
        customs = self.inverse_tariff / subsidy
        factory = customs * self.inverse_export / kept
        return ShadowWedges(cap, floor, customs, factory)

    def steps(
        self, shadow: Array, log_cost: Array, response: FlowResponse, damping: float
    ) -> Array:
        """Move each wedge by its quantity's log gap over its slope, never below zero."""
        unit_cost = np.exp(log_cost[self.flows.sector, self.flows.exporter])
        quantity = response.value / (self.quantity_cost * self.waste * unit_cost)
        steps = np.empty_like(shadow)
        for m, target in enumerate(self.targets):
            moved = quantity[target.flows]
            total = float(moved.sum())
            gap = np.log(max(float(total / target.base.sum()), 1e-300)) - target.log_wanted
            elasticity = 1.0 + self._own_cost_slope(target.flows, response)
            slope = float((moved * elasticity).sum() / max(total, 1e-300))
            step = damping * (gap if target.is_cap else -gap) / max(slope, SMALLEST_SLOPE)
            steps[m] = max(0.0, max(shadow[m], 0.0) + step) - shadow[m]
        return steps

    def _own_cost_slope(self, flows: NDArray[np.intp], response: FlowResponse) -> Array:
        """Slope of each flow when the costs of all `flows` move together, [flow]."""
        market = self.market[flows]
        weight = np.bincount(market, response.index_weight[flows])
        return np.asarray(response.elasticity[flows] * (1.0 - weight[market]))


def _covered(mask: NDArray[np.bool_], factory: Array) -> NDArray[np.intp]:
    """Positions, in the flattened [j, n, i], of the flows that exist among those of a mask."""
    covered = np.ascontiguousarray(mask.transpose(2, 0, 1)) & (factory > 0)
    return np.flatnonzero(covered)
