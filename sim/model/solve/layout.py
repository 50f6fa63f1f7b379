"""What a solve needs to know of an economy whatever the shock, sector-first and worked out once."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np

from sim.model.arrays import Array, sector_first
from sim.model.economy import Economy

_KNOWN: WeakKeyDictionary[Economy, Layout] = WeakKeyDictionary()


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
        self.market = economy.expenditure.T > 0
        self.consumption_share = np.ascontiguousarray(economy.consumption_share.T)
        self.value_added_share = np.ascontiguousarray(economy.value_added_share.T)
        self.income = economy.income
        self.inverse_tariff = sector_first(1.0 / (1.0 + economy.tariff_rate))
        self.inverse_export = sector_first(1.0 / (1.0 + economy.export_tax_rate))
        self.factory = sector_first(economy.trade_flow) * self.inverse_export
        self._set_factors(economy)
        self._set_inputs(economy)

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
