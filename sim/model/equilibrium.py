"""The answer of a solve: one counterfactual equilibrium, everything that follows from it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np

from sim.model.arrays import Array, sealed
from sim.model.economy import Economy
from sim.model.shock import Shock


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """A solved counterfactual: the answer, and how good it is.

    ``_hat`` is against the economy's own baseline, ``_cf`` a level in the unit of ``trade_flow``.
    """

    economy: Economy
    shock: Shock
    wage_hat: Array
    """Return per unit of factor by sector, [n, j]; the same in all sectors where kappa is inf."""
    price_index_hat: Array
    """[n, j]; 1 where nothing is bought."""
    input_cost_hat: Array
    """[i, j], before the change of productivity."""
    trade_share_cf: Array
    expenditure_cf: Array
    trade_flow_cf: Array
    """Customs value, [n, i, j]."""
    tariff_rate_cf: Array
    """With the shadow subsidies of floors, [n, i, j]."""
    export_tax_rate_cf: Array
    """With the licence rents that are kept, [n, i, j]."""
    input_share_cf: Array
    gross_output_cf: Array
    factor_income_cf: Array
    tariff_revenue_cf: Array
    """Net of `purchase_subsidy_cf`, [n]."""
    purchase_subsidy_cf: Array
    """What floors cost the importer's budget, [n], >= 0."""
    export_tax_revenue_cf: Array
    licence_rent_cf: Array
    """Part of `export_tax_revenue_cf` that caps create, [i]."""
    income_cf: Array
    trade_deficit_cf: Array
    consumer_price_hat: Array
    real_income_hat: Array
    quantity_cost_hat: Array
    """Factory value per delivered unit over the exporter's input cost, [n, i, j]."""
    shadow_rate: Array
    """e^psi - 1 for each target: the ad valorem wedge that makes it hold."""
    target_quantity_hat: Array
    residual: float
    iterations: int
    method: str

    @cached_property
    def quantity_hat(self) -> Array:
        """Delivered quantity, [n, i, j]; 1 where nothing flows."""
        factory = self.trade_flow_cf / (1.0 + self.export_tax_rate_cf)
        unit_value = self.quantity_cost_hat * self.input_cost_hat[None, :, :]
        return sealed(_quantity_hat(self.economy, factory, unit_value))

    def relative_to(self, other: Equilibrium) -> Equilibrium:
        """Return the same counterfactual, with `other` of the same economy as its baseline.

        Hats are divided by those of `other`, levels stay, and the economy is that which `other`
        leaves (`Economy.rebased`).  `target_quantity_hat` stays relative to what targets are
        stated against.
        """
        ours, theirs = self.shock, other.shock
        tariff = self.economy.tariff_rate if ours.tariff_rate_cf is None else ours.tariff_rate_cf
        productivity = ours.productivity_hat
        if theirs.productivity_hat is not None:
            own = 1.0 if productivity is None else productivity
            productivity = own / theirs.productivity_hat
        hats = {name: getattr(self, name) / getattr(other, name) for name in CHAINED}
        shock = replace(ours, tariff_rate_cf=tariff, productivity_hat=productivity)
        return replace(self, economy=self.economy.rebased(other), shock=shock, **hats)

    def after(self, first: Equilibrium) -> Equilibrium:
        """Return the counterfactual seen from where `first`, whose economy it starts from, began.

        Hats are those of both steps together; levels stay.
        """
        hats = {name: getattr(first, name) * getattr(self, name) for name in CHAINED}
        return replace(self, economy=first.economy, **hats)


CHAINED = tuple(
    field.name
    for field in fields(Equilibrium)
    if field.name.endswith("_hat") and field.name != "target_quantity_hat"
)
"""Fields that are changes since the economy's own baseline: steps multiply."""


def _quantity_hat(economy: Economy, factory: Array, unit_value_hat: Array) -> Array:
    """Delivered quantity of each flow: factory value over factory value per delivered unit."""
    base = economy.trade_flow / (1.0 + economy.export_tax_rate)
    return np.divide(factory / unit_value_hat, base, out=np.ones_like(base), where=base > 0)
