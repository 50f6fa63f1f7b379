"""The offers that compete with elasticity theta in each market, laid out for the passes of a solve.

One CES holds the offers of all origins; nested demand holds those from abroad here.
"""

from __future__ import annotations

import numpy as np

from sim.model.arrays import Array
from sim.model.demand.interface import FlowResponse, Flows, LaidOutPolicy, ShadowWedges
from sim.model.economy import Economy


class LaidOutOffers:
    """Offers under one shock: what the shock fixes of them is worked out once.

    Parameters
    ----------
    attraction
        Baseline share times trade_cost_hat^-theta, [j, n, i]; zero where an origin is left out.
    """

    def __init__(self, economy: Economy, attraction: Array, policy: LaidOutPolicy) -> None:
        self.theta = economy.trade_elasticity[:, None]
        self.attraction = attraction
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
