"""What a solve needs to know of an economy whatever the shock, sector-first and worked out once."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np

from sim.model.arrays import Array
from sim.model.economy import Economy

_KNOWN: WeakKeyDictionary[Economy, Layout] = WeakKeyDictionary()


def sector_first(values: Array) -> Array:
    """Return [n, i, j] as a contiguous [j, n, i]: `numpy.matvec` wants the matrix last."""
    return np.ascontiguousarray(values.transpose(2, 0, 1))


def layout(economy: Economy) -> Layout:
    """Return the layout of `economy`, kept as long as the economy lives."""
    if economy not in _KNOWN:
        _KNOWN[economy] = Layout(economy)
    return _KNOWN[economy]


def _inverse(values: Array) -> Array:
    """One over each value; zero where the value is."""
    return np.divide(1.0, values, out=np.zeros_like(values), where=values > 0)


class Layout:
    """Arrays of an economy as [j, n] and [j, n, i]; factor pools; critical-input nests."""

    def __init__(self, economy: Economy) -> None:
        self.theta = economy.trade_elasticity[:, None]
        self.market = economy.expenditure.T > 0
        self.consumption_share = np.ascontiguousarray(economy.consumption_share.T)
        self.value_added_share = np.ascontiguousarray(economy.value_added_share.T)
        self.income = economy.income
        self.inverse_tariff = sector_first(1.0 / (1.0 + economy.tariff_rate))
        self.inverse_export = sector_first(1.0 / (1.0 + economy.export_tax_rate))
        self.factory = sector_first(economy.trade_flow) * self.inverse_export
        self._set_factors(economy)
        self._set_inputs(economy)
        self._set_slope(economy)

    def _set_factors(self, economy: Economy) -> None:
        self.factor_income = np.ascontiguousarray(economy.factor_income.T)
        self.world_income = float(self.factor_income.sum())
        self.has_factor = self.factor_income > 0
        self.specific = economy.specific_factor.T & self.has_factor
        self.pool = np.where(self.specific, 0.0, self.factor_income)
        self.pool_total = self.pool.sum(axis=0)
        self.is_pooled = np.where(self.specific, 0.0, 1.0)
        self.inverse_factor = _inverse(self.factor_income)
        self.inverse_pool = _inverse(self.pool_total)
        kappa = economy.factor_mobility
        self.inverse_kappa = np.where(np.isinf(kappa), 0.0, 1.0 / kappa)
        # A gap of 1 in the log wage is one of kappa in the factor market.
        elasticity = np.where(np.isinf(kappa), 1.0, kappa)
        weight = np.where(self.specific, 1.0, np.broadcast_to(elasticity, self.specific.shape))
        self.wage_weight_of_gap = np.where(self.has_factor, weight, 0.0)

    def _set_inputs(self, economy: Economy) -> None:
        critical = np.flatnonzero(economy.input_elasticity != 1.0).tolist()
        ordinary = np.array(economy.input_share)
        ordinary[:, critical, :] = 0.0
        weight = economy.value_added_share + ordinary.sum(axis=1)
        inverse = _inverse(weight)
        self.cost_weight = np.ascontiguousarray((ordinary * inverse[:, None, :]).transpose(0, 2, 1))
        self.wage_weight = np.ascontiguousarray((economy.value_added_share * inverse).T)
        self.bought_weight = ordinary
        self.nests: list[tuple[int, float, Array, Array]] = []
        for k in critical:
            share = economy.input_share[:, k, :]
            total = weight + share
            inside = np.divide(share, total, out=np.zeros_like(total), where=total > 0)
            power = float(1.0 - economy.input_elasticity[k])
            self.nests.append(
                (k, power, np.ascontiguousarray(inside.T), np.ascontiguousarray(share.T))
            )
            weight = total

    def _set_slope(self, economy: Economy) -> None:
        """How fast the wage that clears a sector falls with its wage, [j, n]."""
        sales = self.factory / np.maximum(self.factory.sum(axis=1, keepdims=True), 1e-300)
        own = (sales * sector_first(economy.trade_share)).sum(axis=1)
        slope = self.theta * self.value_added_share * np.clip(1.0 - own, 0.0, 1.0)
        weight = self.pool / np.where(self.pool_total > 0, self.pool_total, 1.0)
        average = (weight * slope).sum(axis=0)
        pooled = slope * self.inverse_kappa + (1.0 - self.inverse_kappa) * average
        self.wage_slope = np.where(self.specific, slope, pooled)
