"""What a month inherits: suppliers and factors that have not yet been chosen again.

Suppliers are those of staggered sourcing (`sim.model.demand.staggered`).  Staggered factors work
likewise.  A unit of factor chooses its sector again with probability mu and then goes where it
earns most; so the units that sector j works with, over the baseline, are

    z_t = (1 - mu) z_{t-1} + mu (w_t / Phi_t)^(kappa - 1)                     [n, j]

and factor income is base * w * z.  mu = 1 is the static supply; with mu = 0 nobody ever moves, as
with kappa = 1.  Factors that are specific stay, and where kappa is inf there is one wage per
country in every month.

zeta = mu = 1 is the static model.  Under constant policy both rules converge to its solution.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.model.arrays import Array, sealed
from sim.model.economy import Economy
from sim.model.equations import factor_pool_hat, factor_supply
from sim.model.equilibrium import Equilibrium


@dataclass(frozen=True, eq=False)
class Inherited:
    """The state that one month hands to the next."""

    trade_share: Array
    """lam: share of goods, and of spending, with each supplier, [n, i, j]."""
    log_efficiency: Array
    """h: mean log efficiency of the suppliers chosen, [n, j]; 0 in the baseline."""
    factor_units_hat: Array
    """z: factor units over the baseline, [n, j]; 1 where kappa is inf or factors are specific."""
    resourcing: Array
    """zeta: part of the goods re-sourced in a month, [j], in (0, 1]."""
    reallocation: float
    """mu: part of the factors that choose again in a month, in [0, 1]."""

    @classmethod
    def baseline(cls, economy: Economy, resourcing: Array, reallocation: float) -> Inherited:
        """Return the state of an economy that has long been at its baseline."""
        goods = economy.gross_output.shape
        return cls(
            trade_share=economy.trade_share,
            log_efficiency=sealed(np.zeros(goods)),
            factor_units_hat=sealed(np.ones(goods)),
            resourcing=resourcing,
            reallocation=reallocation,
        )

    def factor_units(self, economy: Economy, wage_hat: Array) -> Array:
        """Factor units over the baseline under the wages of a month, [n, j]."""
        kappa = economy.factor_mobility[:, None]
        chosen = np.isfinite(kappa) & ~economy.specific_factor & (economy.factor_income > 0)
        power = np.where(np.isfinite(kappa), kappa, 1.0) - 1.0
        best = (wage_hat / factor_pool_hat(economy, wage_hat)[:, None]) ** power
        units = (1.0 - self.reallocation) * self.factor_units_hat + self.reallocation * best
        return np.where(chosen, units, 1.0)

    def factor_supply(self, economy: Economy, wage_hat: Array) -> Array:
        """Factor income supplied, [n, j], as `equations.factor_supply`."""
        staggered = economy.factor_income * wage_hat * self.factor_units(economy, wage_hat)
        one_wage = np.isinf(economy.factor_mobility)[:, None]
        return np.where(one_wage, factor_supply(economy, wage_hat), staggered)

    def after(self, month: Equilibrium) -> Inherited:
        """Return what the month after `month` inherits."""
        economy, share = month.economy, month.trade_share_cf
        tariff_hat = (1.0 + month.tariff_rate_cf) / (1.0 + economy.tariff_rate)
        tax_hat = (1.0 + month.export_tax_rate_cf) / (1.0 + economy.export_tax_rate)
        log_delivered = np.log(tariff_hat * tax_hat * month.quantity_cost_hat)
        log_delivered += np.log(month.input_cost_hat)[None, :, :]
        efficiency = (share * log_delivered).sum(axis=1) - np.log(month.price_index_hat)
        return replace(
            self,
            trade_share=share,
            log_efficiency=sealed(np.asarray(efficiency)),
            factor_units_hat=sealed(self.factor_units(economy, month.wage_hat)),
        )
