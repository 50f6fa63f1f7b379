"""What an equilibrium means: one small pure function a variable.

Axes as in `sim.model`: n importer, i exporter, j sector; arrays are ``[n, i, j]``.  Customs values
leave out what a region buys from itself: their diagonal is zero.  Rates are fractions here; the
result table shows them in percent.  Money is in the unit of the flows (USD mn a year).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.model.economy import Economy
    from sim.model.equilibrium import Equilibrium

Array = NDArray[np.float64]

MIN_TARIFF_CHANGE = 1e-4
"""Smallest change of the log tariff factor for which a pass-through is worth reporting."""


def customs_value(trade_flow: Array, customs_factor: Array | float = 1.0) -> Array:
    """Imports at customs value, [n, i, j], USD mn: flow times `customs_factor`, own sales zero."""
    value = np.array(trade_flow * customs_factor, dtype=float)
    own = np.arange(value.shape[0])
    value[own, own] = 0.0
    return value


def ratio(part: Array, whole: Array, empty: float = 0.0) -> Array:
    """Return part / whole, and `empty` where the whole is zero."""
    whole = np.asarray(whole)
    return np.asarray(np.divide(part, whole, out=np.full(whole.shape, empty), where=whole != 0))


def law_tariff_rate(equilibrium: Equilibrium) -> Array:
    """Duties that the law sets in the counterfactual, [n, i, j], fraction.

    Without the shadow subsidies of purchase floors, which are no duties.
    """
    tariff = equilibrium.shock.tariff_rate_cf
    return equilibrium.economy.tariff_rate if tariff is None else tariff


def effective_tariff_rate(
    tariff_rate: Array, value: Array, axis: int | tuple[int, ...] = 2
) -> Array:
    """Average duty, fraction: sum over `axis` of rate times value, over the sum of values.

    With the scenario's own values it is the rate after substitution (what is collected); with fixed
    values of a base year the rate before substitution.  Zero where nothing is traded.
    """
    return ratio((tariff_rate * value).sum(axis=axis), value.sum(axis=axis))


def tariff_revenue(tariff_rate: Array, value: Array) -> Array:
    """Duties collected, [n], USD mn: sum of rate times customs value."""
    revenue: Array = (tariff_rate * value).sum(axis=(1, 2))
    return revenue


def equivalent_variation(economy: Economy, equilibrium: Equilibrium) -> Array:
    """Baseline income times (real_income_hat - 1), [n], USD mn at baseline prices; a gain > 0."""
    return economy.income * (equilibrium.real_income_hat - 1.0)


def equivalent_variation_per_household(
    economy: Economy, equilibrium: Equilibrium, households_mn: Array
) -> Array:
    """Equivalent variation in USD per household, [n]; nan where households are not known."""
    return equivalent_variation(economy, equilibrium) / households_mn


def consumer_price_at_fixed_factor_income_hat(equilibrium: Equilibrium) -> Array:
    """Consumer prices over what the region's own factors earn, [n], counterfactual / baseline.

    The amount of factors in a region is fixed, so that its factor income is what a unit of them
    earns.  Unlike prices against the numeraire, this does not move with wages abroad: it is the
    price level at fixed nominal incomes, as Yale's Budget Lab states it, and the inverse of the
    real wage of Caliendo and Parro (2015).
    """
    before = equilibrium.economy.factor_income.sum(axis=1)
    earned_hat = equilibrium.factor_income_cf.sum(axis=1) / before
    return np.asarray(equilibrium.consumer_price_hat / earned_hat)


def real_factor_income(equilibrium: Equilibrium) -> Array:
    """Factor income of each sector at baseline consumer prices, [n, j], USD mn."""
    return equilibrium.factor_income_cf / equilibrium.consumer_price_hat[:, None]


def factory_price_hat(equilibrium: Equilibrium) -> Array:
    """Price at the factory gate, [i, j], hat: input cost over productivity."""
    productivity = equilibrium.shock.productivity_hat
    cost = equilibrium.input_cost_hat
    return cost if productivity is None else cost / productivity


def gross_output(equilibrium: Equilibrium) -> Array:
    """Volume of output, [n, j], USD mn at baseline factory prices."""
    return equilibrium.gross_output_cf / factory_price_hat(equilibrium)


def border_price_hat(economy: Economy, equilibrium: Equilibrium) -> Array:
    """Price per delivered unit before the importer's duty, [n, i, j], counterfactual / baseline.

    Value over quantity; where a flow vanishes, the exporter's factory price takes its place.
    """
    quantity = economy.trade_flow * equilibrium.quantity_hat
    factory = np.broadcast_to(factory_price_hat(equilibrium), quantity.shape)
    traded = (quantity > 0) & (equilibrium.trade_flow_cf > 0)
    return np.divide(equilibrium.trade_flow_cf, quantity, out=factory.copy(), where=traded)


def terms_of_trade(economy: Economy, equilibrium: Equilibrium) -> Array:
    """Export over import price index, [n], counterfactual / baseline, before importers' duties.

    Both indices have baseline customs values as weights.
    """
    weight = customs_value(economy.trade_flow)
    paid = weight * border_price_hat(economy, equilibrium)
    export_price = ratio(paid.sum(axis=(0, 2)), weight.sum(axis=(0, 2)), empty=1.0)
    import_price = ratio(paid.sum(axis=(1, 2)), weight.sum(axis=(1, 2)), empty=1.0)
    return export_price / import_price


def border_pass_through(
    economy: Economy, equilibrium: Equilibrium, tariff_rate: Array, tariff_rate_cf: Array
) -> Array:
    """Change of log duty-paid import price over change of log tariff factor, [n, i].

    Both are averages over sectors by baseline customs value.  1: the importer bears the change.
    nan where the average tariff factor hardly moves (`MIN_TARIFF_CHANGE`).
    """
    weight = customs_value(economy.trade_flow)
    tariff_change = np.log((1.0 + tariff_rate_cf) / (1.0 + tariff_rate))
    price_change = np.log(border_price_hat(economy, equilibrium)) + tariff_change
    total = weight.sum(axis=2)
    mean_tariff = ratio((weight * tariff_change).sum(axis=2), total)
    mean_price = ratio((weight * price_change).sum(axis=2), total)
    moved = np.abs(mean_tariff) > MIN_TARIFF_CHANGE
    return np.divide(mean_price, mean_tariff, out=np.full(total.shape, np.nan), where=moved)


def trade_diversion(value: Array, value_cf: Array, importer: int, rival: int) -> Array:
    """Change of the importer's purchases from each third country, [i], USD mn.

    nan for the importer itself and for the rival, whose loss is what is diverted.
    """
    change: Array = (value_cf[importer] - value[importer]).sum(axis=1)
    change[[importer, rival]] = np.nan
    return change


def trade_diversion_share(value: Array, value_cf: Array, importer: int, rival: int) -> Array:
    """Trade diversion over the importer's lost purchases from the rival, [i], fraction.

    nan where the rival loses nothing (less than a millionth of its sales).
    """
    lost = (value[importer, rival] - value_cf[importer, rival]).sum()
    if lost <= 1e-6 * value[importer, rival].sum():
        return np.full(value.shape[1], np.nan)
    share: Array = trade_diversion(value, value_cf, importer, rival) / lost
    return share


def price_outside_over_inside(economy: Economy, equilibrium: Equilibrium, exporter: int) -> Array:
    """Price paid abroad over price paid in `exporter`, [j], counterfactual / baseline.

    Abroad: average over the other regions by baseline spending on the sector.
    """
    spending = economy.expenditure.copy()
    spending[exporter] = 0.0
    outside = ratio(
        (spending * equilibrium.price_index_hat).sum(axis=0), spending.sum(axis=0), empty=1.0
    )
    return np.asarray(outside / equilibrium.price_index_hat[exporter])


def _exporter_price_hat(economy: Economy, equilibrium: Equilibrium) -> Array:
    """What an exporter receives per unit shipped, export tax or rent included, [n, i, j]."""
    tax = (1.0 + equilibrium.export_tax_rate_cf) / (1.0 + economy.export_tax_rate)
    return tax * factory_price_hat(equilibrium)


def welfare_terms_of_trade(economy: Economy, equilibrium: Equilibrium) -> Array:
    """First-order welfare effect of prices, [n], fraction of income.

    Caliendo and Parro (2015), their decomposition of welfare: baseline exports times the change
    (hat - 1) of the seller's own price, less baseline imports times the change of each supplier's,
    over baseline income.  Own sales are in neither.
    """
    effect = customs_value(economy.trade_flow) * (_exporter_price_hat(economy, equilibrium) - 1.0)
    return np.asarray((effect.sum(axis=(0, 2)) - effect.sum(axis=(1, 2))) / economy.income)


def welfare_volume_of_trade(economy: Economy, equilibrium: Equilibrium) -> Array:
    """First-order welfare effect of import volumes, [n], fraction of income.

    Caliendo and Parro (2015): baseline duties paid on each flow times the change of its real volume
    (change of value less change of the supplier's price, both hat - 1), over baseline income.
    """
    duty = customs_value(economy.trade_flow) * economy.tariff_rate
    value_hat = ratio(equilibrium.trade_flow_cf, economy.trade_flow, empty=1.0)
    volume = value_hat - _exporter_price_hat(economy, equilibrium)
    effect: Array = (duty * volume).sum(axis=(1, 2)) / economy.income
    return effect
