"""Staggered sourcing (Arkolakis, Eaton and Kortum 2011) on top of any demand system.

A good is re-sourced in a month with probability zeta and then goes to its cheapest offer; otherwise
it stays with its supplier and pays what that supplier now costs.  With k the log delivered cost,
and pi* and P* the shares and the price index of the static demand system at this month's costs,

    lam_t   = (1 - zeta) lam_{t-1} + zeta pi*_t                               [n, i, j]
    h_t     = (1 - zeta) h_{t-1}   + zeta sum_i pi*_t (k_t - log P*_t)        [n, j]
    log P_t = sum_i lam_t k_t - h_t

where lam is the share of goods, and of spending, and h their mean log efficiency.  Only the sum
of h over origins enters a price, so only the sum is kept.  zeta = 1 is the static system, and under
constant policy the shares converge to its own.

What stays with its supplier is known before the month is solved, so that a pass of a solve costs
two more matrix-vector products than the static one.
"""

from __future__ import annotations

import numpy as np

from sim.model.arrays import Array, sector_first
from sim.model.demand.interface import (
    Demand,
    FlowResponse,
    Flows,
    LaidOutDemand,
    LaidOutPolicy,
    OwnCostSlope,
    ShadowWedges,
    Trade,
)
from sim.model.inherited import Inherited


class StaggeredDemand:
    """Demand of one month: a part zeta follows `static`, the rest stays with its suppliers."""

    def __init__(self, static: Demand, inherited: Inherited) -> None:
        self.static, self.inherited = static, inherited

    def sourcing(self, input_cost_hat: Array, trade_cost_hat: Array) -> tuple[Array, Array]:
        """Price index [n, j] and shares [n, i, j] of a month; see `Demand`."""
        best_price, best_share = self.static.sourcing(input_cost_hat, trade_cost_hat)
        zeta = self.inherited.resourcing
        stay = 1.0 - zeta
        log_delivered = np.log(trade_cost_hat) + np.log(input_cost_hat)[None, :, :]
        # sum_i pi* (k - log P*) falls out of log P_t but for zeta log P*.
        kept = (self.inherited.trade_share * log_delivered).sum(axis=1)
        kept -= self.inherited.log_efficiency
        price = np.exp(stay * kept + zeta * np.log(best_price))
        share = stay * self.inherited.trade_share + zeta * best_share
        return price, share

    def baseline_slope(self) -> OwnCostSlope:
        """Return zeta times the static slope: within a month only zeta of the goods respond."""
        static = self.static.baseline_slope()
        return static._replace(elasticity=self.inherited.resourcing * static.elasticity)

    def laid_out(self, policy: LaidOutPolicy) -> LaidOutStaggered:
        """Return the fast form under one shock."""
        return LaidOutStaggered(self.static.laid_out(policy), self.inherited, policy)


class LaidOutStaggered:
    """`StaggeredDemand` of one month under one shock."""

    def __init__(self, static: LaidOutDemand, inherited: Inherited, policy: LaidOutPolicy) -> None:
        self.static = static
        self.has_export_tax = policy.has_export_tax
        self.zeta = inherited.resourcing[:, None]
        stay = 1.0 - self.zeta
        self.kept = stay[:, :, None] * sector_first(inherited.trade_share)
        log_wedge = np.log(sector_first(policy.trade_cost_hat))
        self.kept_log = (self.kept * log_wedge).sum(axis=2)
        self.kept_log -= stay * inherited.log_efficiency.T
        customs = self.kept * policy.inverse_tariff
        self.kept_customs = customs.sum(axis=2)
        self.kept_customs_t = np.ascontiguousarray(customs.transpose(0, 2, 1))
        self.kept_factory_t = self.kept_customs_t
        if self.has_export_tax:
            factory = customs * policy.inverse_export
            self.kept_factory_t = np.ascontiguousarray(factory.transpose(0, 2, 1))
        self.chosen: KeptFlows | None = None
        if policy.chosen is not None:
            self.chosen = KeptFlows(policy.chosen, self, inherited, policy.inverse_tariff)

    def apply(self, wedges: ShadowWedges) -> None:
        """Put the current shadow wedges into the chosen flows, re-sourced or kept."""
        self.static.apply(wedges)
        if self.chosen is None:
            return
        self.kept_log, self.kept_customs = self.chosen.under(wedges)
        j, n, i = self.chosen.flows
        self.kept_customs_t[j, i, n] = self.chosen.kept * wedges.customs
        self.kept_factory_t[j, i, n] = self.chosen.kept * wedges.factory

    def trade(self, log_cost: Array, spending: Array) -> Trade:
        """Mix what is re-sourced this month with what stays."""
        fresh, zeta = self.static.trade(log_cost, spending), self.zeta
        output = zeta * fresh.output + np.matvec(self.kept_factory_t, spending)
        sold = output
        if self.has_export_tax:
            sold = zeta * fresh.sold + np.matvec(self.kept_customs_t, spending)
        chosen = None
        if self.chosen is not None and fresh.chosen is not None:
            chosen = self.chosen.response(fresh.chosen, spending)
        return Trade(
            log_price=zeta * fresh.log_price + np.matvec(self.kept, log_cost) + self.kept_log,
            bought=zeta * fresh.bought + self.kept_customs * spending,
            sold=sold,
            output=output,
            chosen=chosen,
        )


class KeptFlows:
    """The part of the chosen flows that stays with its suppliers, under the shadow wedges."""

    def __init__(
        self, flows: Flows, demand: LaidOutStaggered, inherited: Inherited, inverse_tariff: Array
    ) -> None:
        self.flows = flows
        self.kept = demand.kept[flows]
        self.customs = inverse_tariff[flows]
        self.zeta = inherited.resourcing[flows.sector]
        self.factory = np.ones_like(self.kept)
        self.log_alone, self.customs_alone = demand.kept_log, demand.kept_customs

    def under(self, wedges: ShadowWedges) -> tuple[Array, Array]:
        """Take over the wedges; return the log price and customs value of what stays, [j, n]."""
        self.factory = wedges.factory
        log = self._by_market(self.kept * (wedges.cap_log - wedges.floor_log))
        customs = self._by_market(self.kept * (wedges.customs - self.customs))
        return self.log_alone + log, self.customs_alone + customs

    def _by_market(self, values: Array) -> Array:
        """Sum values of the flows over the exporters, [j, n]."""
        sectors, importers = self.log_alone.shape
        market = self.flows.sector * importers + self.flows.importer
        summed = np.bincount(market, values, minlength=sectors * importers)
        return np.asarray(summed.reshape(sectors, importers))

    def response(self, fresh: FlowResponse, spending: Array) -> FlowResponse:
        """Return the whole flows; only what is re-sourced answers to its cost."""
        responding = fresh.value * self.zeta
        staying = self.kept * self.factory * spending[self.flows.sector, self.flows.importer]
        value = responding + staying
        elasticity = fresh.elasticity * responding / np.maximum(value, 1e-300)
        return FlowResponse(value, elasticity, fresh.index_weight)
