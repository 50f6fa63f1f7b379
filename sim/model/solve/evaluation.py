"""What a state of the economy implies, and how far it is from an equilibrium."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.errors import WorstMarket
from sim.model.arrays import Array, sealed
from sim.model.demand import demand_system
from sim.model.economy import MARKET_FLOOR, Economy
from sim.model.equations import (
    consumer_price_hat,
    expenditure_cf,
    factor_supply,
    input_cost,
    trade_deficit_cf,
)
from sim.model.equilibrium import Equilibrium
from sim.model.inherited import Inherited
from sim.model.shock import Shock
from sim.model.wedges import Wedges, wedges


class State(NamedTuple):
    """The unknowns of an equilibrium."""

    wage_hat: Array
    """[n, j]."""
    price_index_hat: Array
    """[n, j]."""
    expenditure_cf: Array
    """[n, j]."""
    shadow_log: Array
    """Log shadow wedge of each quantity target."""


class _Implied(NamedTuple):
    """What a state implies for costs, flows and incomes."""

    wedge: Wedges
    input_cost_hat: Array
    """[i, j]."""
    input_share: Array
    """[n, k, j]."""
    offered_price_hat: Array
    """Price index that the offers of all origins make, [n, j]."""
    trade_share: Array
    """[n, i, j]."""
    trade_flow: Array
    """Customs value, [n, i, j]."""
    factory_flow: Array
    """Factory value, [n, i, j]."""
    gross_output: Array
    """[i, j]."""
    factor_income: Array
    """Factor income demanded, [n, j]."""
    factor_supply: Array
    """Factor income supplied, [n, j]."""
    tariff_revenue: Array
    """[n]."""
    export_tax_revenue: Array
    """[i]."""
    trade_deficit: Array
    """[n]."""
    income: Array
    """[n]."""
    target_quantity_hat: Array
    """Quantity of each target."""


def evaluate(
    economy: Economy,
    shock: Shock,
    state: State,
    *,
    iterations: int,
    method: str,
    inherited: Inherited | None = None,
) -> tuple[Equilibrium, WorstMarket]:
    """Work out everything that a state implies, and how far it is from an equilibrium.

    `inherited` is what a month inherits from the month before; ``None`` is the static model.
    """
    implied = _implied(economy, shock, state, inherited)
    residual, worst = _residual(economy, shock, _gaps(economy, shock, state, implied))
    consumer_price = consumer_price_hat(economy, state.price_index_hat)
    equilibrium = Equilibrium(
        economy=economy,
        shock=shock,
        wage_hat=sealed(state.wage_hat),
        price_index_hat=sealed(state.price_index_hat),
        input_cost_hat=sealed(implied.input_cost_hat),
        trade_share_cf=sealed(implied.trade_share),
        expenditure_cf=sealed(state.expenditure_cf),
        trade_flow_cf=sealed(implied.trade_flow),
        tariff_rate_cf=sealed(implied.wedge.tariff_rate),
        export_tax_rate_cf=sealed(implied.wedge.export_tax_rate),
        input_share_cf=sealed(implied.input_share),
        gross_output_cf=sealed(implied.gross_output),
        factor_income_cf=sealed(implied.factor_income),
        tariff_revenue_cf=sealed(implied.tariff_revenue),
        purchase_subsidy_cf=sealed(_purchase_subsidy(implied.wedge, implied.trade_flow)),
        export_tax_revenue_cf=sealed(implied.export_tax_revenue),
        licence_rent_cf=sealed(_licence_rent(implied.wedge, implied.trade_flow)),
        income_cf=sealed(implied.income),
        trade_deficit_cf=sealed(implied.trade_deficit),
        consumer_price_hat=sealed(consumer_price),
        real_income_hat=sealed(implied.income / economy.income / consumer_price),
        quantity_cost_hat=sealed(implied.wedge.quantity_cost_hat),
        shadow_rate=sealed(np.expm1(state.shadow_log)),
        target_quantity_hat=sealed(implied.target_quantity_hat),
        residual=residual,
        iterations=iterations,
        method=method,
    )
    return equilibrium, worst


def _implied(economy: Economy, shock: Shock, state: State, inherited: Inherited | None) -> _Implied:
    wage_hat, price_hat, spending, shadow_log = state
    wedge = wedges(economy, shock, shadow_log)
    cost, input_share, value_added_share = input_cost(economy, wage_hat, price_hat)
    offered_price, share = demand_system(economy, inherited).sourcing(cost, wedge.trade_cost_hat)
    supply = factor_supply if inherited is None else inherited.factor_supply
    flow = share * spending[:, None, :] / (1.0 + wedge.tariff_rate)
    factory = flow / (1.0 + wedge.export_tax_rate) if wedge.export_tax_rate.any() else flow
    output = factory.sum(axis=0)
    tariff = (wedge.tariff_rate * flow).sum(axis=(1, 2))
    export_tax = (flow - factory).sum(axis=(0, 2))
    factor_income = value_added_share * output
    deficit = trade_deficit_cf(economy, shock)
    unit_value = wedge.quantity_cost_hat * cost[None, :, :]
    return _Implied(
        wedge=wedge,
        input_cost_hat=cost,
        input_share=input_share,
        offered_price_hat=offered_price,
        trade_share=share,
        trade_flow=flow,
        factory_flow=factory,
        gross_output=output,
        factor_income=factor_income,
        factor_supply=supply(economy, wage_hat),
        tariff_revenue=tariff,
        export_tax_revenue=export_tax,
        trade_deficit=deficit,
        income=factor_income.sum(axis=1) + tariff + export_tax + deficit,
        target_quantity_hat=_target_quantity_hat(economy, shock, factory, unit_value),
    )


def _gaps(economy: Economy, shock: Shock, state: State, implied: _Implied) -> dict[str, Array]:
    """Gaps of all equilibrium conditions, each relative to the size of its market."""
    spending = state.expenditure_cf
    wanted = expenditure_cf(economy, implied.income, implied.input_share, implied.gross_output)
    return {
        "price index": np.log(state.price_index_hat / implied.offered_price_hat),
        "expenditure": _relative(spending, wanted, spending.sum()),
        "factor market": _factor_gap(economy, implied.factor_supply, implied.factor_income),
        "quantity target": _target_gap(shock, state.shadow_log, implied.target_quantity_hat),
    }


def _purchase_subsidy(wedge: Wedges, flow: Array) -> Array:
    """What floors cost each budget, [n]."""
    if wedge.subsidy_factor.ndim == 0:
        return np.zeros(len(flow))
    subsidy = (1.0 / wedge.subsidy_factor - 1.0) * (1.0 + wedge.tariff_rate) * flow
    return np.asarray(subsidy.sum(axis=(1, 2)))


def _licence_rent(wedge: Wedges, flow: Array) -> Array:
    """What caps bring each exporter, [i]."""
    if wedge.kept_factor.ndim == 0:
        return np.zeros(len(flow))
    return np.asarray((flow * (1.0 - 1.0 / wedge.kept_factor)).sum(axis=(0, 2)))


def _target_quantity_hat(
    economy: Economy, shock: Shock, factory: Array, unit_value_hat: Array
) -> Array:
    """Quantity of each target over the baseline, summed at baseline factory prices."""
    sums = []
    for target in shock.targets:
        mask = target.mask(economy)
        base = economy.trade_flow[mask] / (1.0 + economy.export_tax_rate[mask])
        sums.append(float((factory[mask] / unit_value_hat[mask]).sum() / base.sum()))
    return np.array(sums)


def _target_gap(shock: Shock, shadow_log: Array, quantity_hat: Array) -> Array:
    """Complementarity: zero where the target is met exactly, or slack with a zero wedge."""
    sign = np.array([1.0 if target.kind == "cap" else -1.0 for target in shock.targets])
    wanted = np.array([target.quantity_hat for target in shock.targets])
    excess = sign * np.log(quantity_hat / wanted) if len(sign) else sign
    return np.asarray(shadow_log - np.maximum(0.0, shadow_log + excess))


def _factor_gap(economy: Economy, supply: Array, demand: Array) -> Array:
    """Demand over supply of factors minus one: by sector, by country where kappa is inf."""
    pooled = np.isinf(economy.factor_mobility)[:, None] & ~economy.specific_factor
    gap = _relative(demand, supply, supply.sum())
    pool_demand = np.where(pooled, demand, 0.0).sum(axis=1)
    pool_supply = np.where(pooled, supply, 0.0).sum(axis=1)
    pool_gap = _relative(pool_demand, pool_supply, supply.sum())
    return np.where(pooled, pool_gap[:, None], gap)


def _relative(left: Array, right: Array, world: float) -> Array:
    size = np.maximum(np.maximum(np.abs(left), np.abs(right)), MARKET_FLOOR * world)
    return np.asarray((left - right) / size)


def _residual(economy: Economy, shock: Shock, gaps: dict[str, Array]) -> tuple[float, WorstMarket]:
    """Largest gap over all equations and where it is."""
    worst_name, row, column, worst = "none", 0, 0, 0.0
    for name, gap in gaps.items():
        size = np.abs(np.where(np.isfinite(gap), gap, np.inf))
        if size.size and size.max() > worst:
            worst_name, worst = name, float(size.max())
            position = np.unravel_index(int(size.argmax()), size.shape)
            row, column = int(position[0]), int(position[-1])
    if worst_name == "quantity target":
        return worst, WorstMarket(worst_name, f"{shock.targets[row].kind} number {row + 1}")
    return worst, WorstMarket(worst_name, economy.importers[row], economy.sectors[column])
