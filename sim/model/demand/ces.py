"""One CES over all origins with elasticity theta (Eaton and Kortum 2002; Caliendo and Parro 2015).

    P_hat^-theta = sum_i pi_i k_i^-theta,      pi_cf_i = pi_i (k_i / P_hat)^-theta,

with k the change of the delivered cost, equations (11) and (12) of Caliendo and Parro.
"""

from __future__ import annotations

import numpy as np

from sim.model.arrays import Array, sector_first
from sim.model.demand.interface import LaidOutPolicy, OwnCostSlope, Trade
from sim.model.demand.offers import LaidOutOffers
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


class LaidOutCes(LaidOutOffers):
    """`CesDemand` under one shock: a pass is a few batched matrix-vector products."""

    def __init__(self, demand: CesDemand, policy: LaidOutPolicy) -> None:
        attraction = sector_first(demand.attraction(policy.trade_cost_hat))
        super().__init__(demand.economy, attraction, policy)
        self.market = demand.economy.expenditure.T > 0

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
