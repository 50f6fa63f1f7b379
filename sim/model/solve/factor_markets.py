"""The wages that clear the factor markets, in the layout of a solve."""

from __future__ import annotations

import numpy as np

from sim.model.arrays import Array
from sim.model.economy import Economy
from sim.model.inherited import Inherited
from sim.model.solve.layout import layout


class FactorMarkets:
    """Factor markets in which all factors that can move choose their sector at once."""

    def __init__(self, economy: Economy) -> None:
        self.layout = layout(economy)
        self.local_mobility = economy.factor_mobility
        """kappa as small changes see it, [n]; it sizes the steps of a solve."""

    def log_wage(self, factor_demand: Array, log_wage: Array) -> Array:
        """Wages that clear the factor markets in closed form, [j, n].

        With D the factor income demanded: Phi = sum_j D / sum_j base over the sectors that share
        the pool, and w^kappa = (D / base) Phi^(kappa-1).
        """
        known = self.layout
        log_ratio = np.log(np.maximum(factor_demand * known.inverse_factor, 1e-300))
        pool_demand = (factor_demand * known.is_pooled).sum(axis=0)
        log_pool = np.log(np.maximum(pool_demand * known.inverse_pool, 1e-300))
        log_pool = np.where(known.pool_total > 0, log_pool, 0.0)
        log_ratio = np.where(known.has_factor, log_ratio, log_pool)
        mobile = known.inverse_kappa * log_ratio + (1.0 - known.inverse_kappa) * log_pool
        return np.asarray(np.where(known.specific, log_ratio, mobile))


class StaggeredFactorMarkets(FactorMarkets):
    """Factor markets of a month in which only a part of the factors chooses again."""

    def __init__(self, economy: Economy, inherited: Inherited) -> None:
        super().__init__(economy)
        self.inherited = inherited
        known, kappa = self.layout, economy.factor_mobility
        self.one_wage = np.isinf(kappa)
        self.power = np.where(self.one_wage, 1.0, kappa) - 1.0
        self.local_mobility = np.where(
            self.one_wage, np.inf, 1.0 + inherited.reallocation * self.power
        )
        self.pool_share = known.pool / np.where(known.pool_total > 0, known.pool_total, 1.0)
        self.chosen = inherited.reallocation * (self.pool_share > 0)
        self.units_kept = np.where(
            self.pool_share > 0,
            (1.0 - inherited.reallocation) * inherited.factor_units_hat.T,
            1.0,
        )
        self.inverse_income = 1.0 / np.where(known.has_factor, known.factor_income, 1.0)

    def log_wage(self, factor_demand: Array, log_wage: Array) -> Array:
        """One Newton step towards the wages that clear the factor markets, [j, n].

        The gap is log demand - log(base w z).  A wage moves log(w z) by 1 + a directly and by -a
        through the pool's average wage, a = mu (kappa - 1) times the part of z chosen this month.
        """
        if self.inherited.reallocation == 1.0:
            return super().log_wage(factor_demand, log_wage)
        known = self.layout
        weight = self.pool_share * np.exp((self.power + 1.0) * log_wage)
        total = np.maximum(weight.sum(axis=0), 1e-300)
        log_pool = np.log(total) / (self.power + 1.0)
        log_pool = np.where(known.pool_total > 0, log_pool, 0.0)
        fresh = self.chosen * np.exp(self.power * (log_wage - log_pool))
        units = self.units_kept + fresh
        gap = np.log(np.maximum(factor_demand * self.inverse_income / units, 1e-300)) - log_wage
        turn = self.power * fresh / units
        inverse = 1.0 / (1.0 + turn)
        weight *= inverse / total
        pooled = (weight * gap).sum(axis=0) / np.maximum(1.0 - (weight * turn).sum(axis=0), 1e-9)
        moved = log_wage + (gap + turn * pooled) * inverse
        moved = np.where(known.has_factor, moved, log_pool)
        if self.one_wage.any():
            static = super().log_wage(factor_demand, log_wage)
            moved = np.where(self.one_wage, static, moved)
        return np.asarray(moved)


def factor_markets(economy: Economy, inherited: Inherited | None = None) -> FactorMarkets:
    """Return the factor markets of an economy; those of a month where something is inherited."""
    if inherited is None:
        return FactorMarkets(economy)
    return StaggeredFactorMarkets(economy, inherited)
