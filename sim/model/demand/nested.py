"""Nested CES: home against foreign below elasticity theta, between foreign origins with theta.

With m = theta (``trade_elasticity``), M = ``macro_elasticity`` <= m, H the baseline share of
spending that stays at home, s_i the share of origin i within what is bought abroad, and k the
change of the delivered cost,

    PF^-m = sum_{i != n} s_i k_i^-m                       price of what is bought abroad
    P^-M  = H k_n^-M + (1 - H) PF^-M                      price of the sector composite
    lam*  = (1 - H) (PF / P)^-M                           share of spending that goes abroad
    pi*_i = lam* s_i (k_i / PF)^-m,   pi*_n = 1 - lam*.

M = m is one CES over all origins, equations (11) and (12) of Caliendo and Parro (2015), and sectors
in which it holds keep it.  Feenstra, Luck, Obstfeld and Russ (2018), "In Search of the Armington
Elasticity", call the two elasticities macro and micro; theirs are of substitution, sigma: take 1
off them.

Own-cost slope (`sim.model.demand.interface`).  A flow from abroad answers to its own cost with
m (1 - s_i) + M s_i (1 - lam*), a home sale with M lam*, at the shares of the point.  As
m (1 - index_weight) that is an index weight of s_i (1 - (M/m) (1 - lam*)) and, at home, of
1 - (M/m) lam*.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np

from sim.model.arrays import Array, sealed, sector_first
from sim.model.demand.ces import CesDemand
from sim.model.demand.interface import FlowResponse, Index, LaidOutPolicy, OwnCostSlope, Trade
from sim.model.demand.offers import LaidOutOffers
from sim.model.economy import Economy

_KNOWN: WeakKeyDictionary[Economy, Tiers] = WeakKeyDictionary()


def tiers(economy: Economy) -> Tiers:
    """Return the two tiers of `economy`, kept as long as the economy lives."""
    if economy not in _KNOWN:
        _KNOWN[economy] = Tiers(economy)
    return _KNOWN[economy]


class Tiers:
    """What nested demand needs to know of an economy whatever the shock."""

    def __init__(self, economy: Economy) -> None:
        home = np.arange(len(economy.importers))
        foreign = np.array(economy.trade_share)
        foreign[home, home] = 0.0
        self.macro = economy.macro_elasticity_by_sector
        """M, [j]."""
        self.ratio = self.macro / economy.trade_elasticity
        """M / m, [j]."""
        self.home_share = sealed(economy.trade_share[home, home])
        """H, [n, j]."""
        self.foreign_share = sealed(foreign.sum(axis=1))
        """1 - H, [n, j]; zero where nothing is bought abroad."""
        self.abroad_log = sealed(self._abroad_log())
        self.index_weight = sealed(self._index_weight(foreign, home))
        """As in `OwnCostSlope`, at the baseline, [n, i, j]."""

    def _abroad_log(self) -> Array:
        """Log of (1 - H)^(1 - M/m), [n, j]: minus infinity where nothing is bought abroad."""
        buys = self.foreign_share > 0
        log = np.log(self.foreign_share, out=np.zeros_like(self.foreign_share), where=buys)
        return np.where(buys, (1.0 - self.ratio) * log, -np.inf)

    def _index_weight(self, foreign: Array, home: Index) -> Array:
        total = self.foreign_share[:, None, :]
        within = np.divide(foreign, total, out=np.zeros_like(foreign), where=total > 0)
        weight = within * (1.0 - self.ratio * self.home_share)[:, None, :]
        weight[home, home] = 1.0 - self.ratio * self.foreign_share
        return weight


class NestedDemand:
    """Demand with one elasticity between home and foreign, and another between foreign origins."""

    def __init__(self, economy: Economy) -> None:
        self.economy, self.tiers = economy, tiers(economy)
        self._home = np.arange(len(economy.importers))

    def home_attraction(self, trade_cost_hat: Array) -> Array:
        """Baseline home share times trade_cost_hat^-M of own sales, [n, j]."""
        own_cost_hat = trade_cost_hat[self._home, self._home]
        return np.asarray(self.tiers.home_share * own_cost_hat**-self.tiers.macro)

    def foreign_attraction(self, trade_cost_hat: Array) -> Array:
        """Baseline share times trade_cost_hat^-m of what is bought abroad, [n, i, j]."""
        attraction = CesDemand(self.economy).attraction(trade_cost_hat)
        attraction[self._home, self._home] = 0.0
        return attraction

    def sourcing(self, input_cost_hat: Array, trade_cost_hat: Array) -> tuple[Array, Array]:
        """Price of the sector composite and trade shares; see `Demand`."""
        known = self.tiers
        offers = self.foreign_attraction(trade_cost_hat)
        offers *= (input_cost_hat**-self.economy.trade_elasticity)[None, :, :]
        # (1 - H) PF^-m
        inside = offers.sum(axis=1)
        bought = inside > 0
        foreign_share = np.where(bought, known.foreign_share, 1.0)
        abroad = foreign_share * (inside / foreign_share) ** known.ratio
        own = self.home_attraction(trade_cost_hat) * input_cost_hat**-known.macro
        spread = np.where(self.economy.expenditure > 0, own + abroad, 1.0)
        share = offers * (abroad / spread / np.where(bought, inside, 1.0))[:, None, :]
        share[self._home, self._home] = own / spread
        return spread ** (-1.0 / known.macro), share

    def baseline_slope(self) -> OwnCostSlope:
        """Return the slopes of the module's docstring, at the baseline; see `Demand`."""
        return OwnCostSlope(self.economy.trade_elasticity, self.tiers.index_weight)

    def laid_out(self, policy: LaidOutPolicy) -> LaidOutNested:
        """Return the fast form under one shock."""
        return LaidOutNested(self, policy)


class LaidOutNested(LaidOutOffers):
    """`NestedDemand` under one shock: the offers from abroad are laid out, home is one more [j, n].

    A pass costs the matrix-vector products of one CES, and an exponential, a logarithm and another
    exponential of size [j, n].
    """

    def __init__(self, demand: NestedDemand, policy: LaidOutPolicy) -> None:
        economy, known = demand.economy, demand.tiers
        attraction = sector_first(demand.foreign_attraction(policy.trade_cost_hat))
        super().__init__(economy, attraction, policy)
        self.market = economy.expenditure.T > 0
        self.macro, self.ratio = known.macro[:, None], known.ratio[:, None]
        self.abroad_log = np.ascontiguousarray(known.abroad_log.T)
        self.home_attraction = np.ascontiguousarray(demand.home_attraction(policy.trade_cost_hat).T)
        self.home_customs = np.ascontiguousarray(np.einsum("jnn->jn", policy.inverse_tariff))
        self.home_factory = self.home_customs * np.einsum("jnn->jn", policy.inverse_export)

    def trade(self, log_cost: Array, spending: Array) -> Trade:
        """Prices and shares when home competes with abroad, and foreign origins with each other."""
        pull = np.exp(-self.theta * log_cost)
        inside = np.maximum(np.matvec(self.attraction, pull), 1e-300)
        abroad = np.exp(self.ratio * np.log(inside) + self.abroad_log)
        own = self.home_attraction * np.exp(-self.macro * log_cost)
        spread = np.where(self.market, np.maximum(own + abroad, 1e-300), 1.0)
        per_offer = spending / spread
        own *= per_offer
        demand = per_offer * abroad / inside
        output = pull * np.matvec(self.factory_t, demand) + own * self.home_factory
        sold = output
        if self.has_export_tax:
            sold = pull * np.matvec(self.customs_t, demand) + own * self.home_customs
        return Trade(
            log_price=np.log(spread) / -self.macro,
            bought=demand * np.matvec(self.customs, pull) + own * self.home_customs,
            sold=sold,
            output=output,
            chosen=self._response(pull, inside, abroad / spread, spending),
        )

    def _response(
        self, pull: Array, inside: Array, foreign_share: Array, spending: Array
    ) -> FlowResponse | None:
        """Return the chosen flows, all from abroad, and their slopes at `foreign_share`, lam*."""
        if self.chosen is None:
            return None
        within = self.chosen.response(pull, inside, spending * foreign_share)
        follows = 1.0 - self.ratio * (1.0 - foreign_share)
        j, n, _ = self.chosen.flows
        return within._replace(index_weight=within.index_weight * follows[j, n])
