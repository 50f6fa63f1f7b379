"""`sim.model.demand.staggered` laid out for speed: the fixed point of one month.

What stays with its supplier is known before the month is solved, so a pass costs two more
matrix-vector products than the static one.
"""

from __future__ import annotations

import numpy as np

from sim.model.arrays import Array
from sim.model.demand.staggered import Inherited, local_economy
from sim.model.economy import Economy
from sim.model.shock import Shock
from sim.model.solve.layout import sector_first
from sim.model.solve.system import System, Trade


class StaggeredSystem(System):
    """The fixed point of one month, given what it inherits."""

    def __init__(
        self,
        economy: Economy,
        shock: Shock,
        inherited: Inherited,
        *,
        damping: float | None = None,
    ) -> None:
        self.inherited: Inherited = inherited
        super().__init__(economy, shock, damping=damping)
        self._set_units()

    def _local_economy(self) -> Economy:
        return local_economy(self.economy, self.inherited.resourcing, self.inherited.reallocation)

    def _set_shock(self) -> None:
        super()._set_shock()
        self.resourcing = self.inherited.resourcing[:, None]
        stay = 1.0 - self.resourcing
        self.kept = stay[:, :, None] * sector_first(self.inherited.trade_share)
        log_wedge = np.log(sector_first(self.trade_cost_hat))
        self.kept_log = (self.kept * log_wedge).sum(axis=2)
        self.kept_log -= stay * self.inherited.log_efficiency.T
        customs = self.kept * self.inverse_tariff
        self.kept_customs = customs.sum(axis=2)
        self.kept_customs_t = np.ascontiguousarray(customs.transpose(0, 2, 1))
        self.kept_factory_t = self.kept_customs_t
        if self.has_export_tax:
            factory = customs * self.inverse_export
            self.kept_factory_t = np.ascontiguousarray(factory.transpose(0, 2, 1))

    def _set_targets(self) -> None:
        super()._set_targets()
        if self.targets:
            self.touched_kept = self.kept.ravel()[self.touched]
            self.kept_log_alone, self.kept_customs_alone = self.kept_log, self.kept_customs

    def _set_units(self) -> None:
        """Prepare factor supply: the power of wages, the pool, and who is staggered at all."""
        known, kappa = self.layout, self.economy.factor_mobility
        self.one_wage = np.isinf(kappa)
        self.power = np.where(self.one_wage, 1.0, kappa) - 1.0
        self.pool_share = known.pool / np.where(known.pool_total > 0, known.pool_total, 1.0)
        self.chosen = self.inherited.reallocation * (self.pool_share > 0)
        self.units_kept = np.where(
            self.pool_share > 0,
            (1.0 - self.inherited.reallocation) * self.inherited.factor_units_hat.T,
            1.0,
        )
        self.inverse_income = 1.0 / np.where(known.has_factor, known.factor_income, 1.0)

    def _trade(self, log_cost: Array, spending: Array) -> Trade:
        """Mix what is re-sourced this month with what stays."""
        fresh = super()._trade(log_cost, spending)
        zeta = self.resourcing
        output = zeta * fresh.output + np.matvec(self.kept_factory_t, spending)
        sold = output
        if self.has_export_tax:
            sold = zeta * fresh.sold + np.matvec(self.kept_customs_t, spending)
        return fresh._replace(
            log_price=zeta * fresh.log_price + np.matvec(self.kept, log_cost) + self.kept_log,
            bought=zeta * fresh.bought + self.kept_customs * spending,
            sold=sold,
            output=output,
        )

    def _log_wage(self, factor_demand: Array, log_wage: Array) -> Array:
        """One Newton step towards the wages that clear the factor markets, [j, n].

        The gap is log demand - log(base w z).  A wage moves log(w z) by 1 + a directly and by -a
        through the pool's average wage, a = mu (kappa - 1) times the part of z chosen this month.
        """
        if self.inherited.reallocation == 1.0:
            return super()._log_wage(factor_demand, log_wage)
        weight = self.pool_share * np.exp((self.power + 1.0) * log_wage)
        total = np.maximum(weight.sum(axis=0), 1e-300)
        log_pool = np.log(total) / (self.power + 1.0)
        fresh = self.chosen * np.exp(self.power * (log_wage - log_pool))
        units = self.units_kept + fresh
        gap = np.log(np.maximum(factor_demand * self.inverse_income / units, 1e-300)) - log_wage
        turn = self.power * fresh / units
        inverse = 1.0 / (1.0 + turn)
        weight *= inverse / total
        pooled = (weight * gap).sum(axis=0) / np.maximum(1.0 - (weight * turn).sum(axis=0), 1e-9)
        moved = log_wage + (gap + turn * pooled) * inverse
        moved = np.where(self.layout.has_factor, moved, log_pool)
        if self.one_wage.any():
            static = super()._log_wage(factor_demand, log_wage)
            moved = np.where(self.one_wage, static, moved)
        return np.asarray(moved)

    def _apply_wedges(self, shadow: Array) -> None:
        super()._apply_wedges(shadow)
        now, kept = self.touched_now, self.touched_kept
        j, n, i = self.touched_j, self.touched_n, self.touched_i

        def by_market(values: Array) -> Array:
            summed = np.bincount(j * self.n + n, values, minlength=self.size)
            return np.asarray(summed.reshape(self.s, self.n))

        self.kept_log = self.kept_log_alone + by_market(kept * (now.cap_log - now.floor_log))
        self.kept_customs = self.kept_customs_alone + by_market(
            kept * (now.customs - self.touched_tariff)
        )
        self.kept_customs_t[j, i, n] = kept * now.customs
        self.kept_factory_t[j, i, n] = kept * now.factory

    def _touched_sales(self, trade: Trade) -> tuple[Array, Array]:
        fresh, theta = super()._touched_sales(trade)
        j = self.touched_j
        fresh = fresh * self.inherited.resourcing[j]
        stays = self.touched_kept * self.touched_now.factory * trade.spending[j, self.touched_n]
        value = fresh + stays
        return value, theta * fresh / np.maximum(value, 1e-300)
