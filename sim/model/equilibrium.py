"""The equilibrium in exact hats: Caliendo and Parro (2015) with four extensions, one function each.

Axes and names: see `sim.model`.  Equation numbers (10)-(13) are those of Caliendo and Parro.
These functions are written to be read; `sim.model.solve.system` evaluates the same equations in the
layout that is fast inside a solve, and the residual of every answer is taken from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import WorstMarket
from sim.model.arrays import Array, sealed
from sim.model.economy import MARKET_FLOOR, Economy
from sim.model.shock import Shock
from sim.model.wedges import Wedges, wedges

if TYPE_CHECKING:
    from sim.model.demand.staggered import Inherited


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


def input_cost(economy: Economy, wage_hat: Array, price_hat: Array) -> tuple[Array, Array, Array]:
    """Return the cost of the input bundle, eq. (10), and the cost shares that go with it.

    Cobb-Douglas in the factor and the ordinary inputs; each critical input k (its
    ``input_elasticity`` e is not 1) joins the rest in a CES nest,
    c = [(1-u) c^(1-e) + u P_k^(1-e)]^(1/(1-e)), in the order of the sectors.

    Returns
    -------
    input_cost_hat [n, j], input_share_cf [n, k, j], value_added_share_cf [n, j]
    """
    critical = np.flatnonzero(economy.input_elasticity != 1.0)
    ordinary = np.array(economy.input_share)
    ordinary[:, critical, :] = 0.0
    weight = economy.value_added_share + ordinary.sum(axis=1)
    log_rest = economy.value_added_share * np.log(wage_hat)
    log_rest += np.einsum("nkj,nk->nj", ordinary, np.log(price_hat))
    cost = np.exp(np.divide(log_rest, weight, out=np.zeros_like(weight), where=weight > 0))
    input_share = np.array(economy.input_share)
    value_added_share = np.array(economy.value_added_share)
    for k in critical.tolist():
        cost, weight, own, others = _join(economy, k, cost, weight, price_hat[:, k])
        earlier = np.arange(len(economy.sectors)) != k
        later = critical[critical > k]
        earlier[later] = False
        input_share[:, earlier, :] *= others[:, None, :]
        value_added_share *= others
        input_share[:, k, :] *= own
    return cost, input_share, value_added_share


def _join(
    economy: Economy, k: int, cost: Array, weight: Array, price_hat: Array
) -> tuple[Array, Array, Array, Array]:
    """Nest critical input k with the bundle so far: cost, weight and the two share multipliers."""
    power = 1.0 - economy.input_elasticity[k]
    share = economy.input_share[:, k, :]
    total = weight + share
    inside = np.divide(share, total, out=np.zeros_like(total), where=total > 0)
    joined = (1.0 - inside) * cost**power + inside * price_hat[:, None] ** power
    joined = joined ** (1.0 / power)
    own = (price_hat[:, None] / joined) ** power
    return joined, total, own, (cost / joined) ** power


def attraction(economy: Economy, trade_cost_hat: Array) -> Array:
    """Baseline share times trade_cost_hat^-theta, [n, i, j]: what a shock fixes of eq. (12)."""
    changed = (trade_cost_hat != 1.0) & (economy.trade_share > 0)
    power = np.ones_like(economy.trade_share)
    exponent = np.broadcast_to(-economy.trade_elasticity, power.shape)
    np.power(trade_cost_hat, exponent, out=power, where=changed)
    return power * economy.trade_share


def sourcing(economy: Economy, input_cost_hat: Array, trade_cost_hat: Array) -> tuple[Array, Array]:
    """Price of the sector composite, eq. (11), and trade shares, eq. (12).

    Returns
    -------
    price_index_hat [n, j] (1 where nothing is bought), trade_share_cf [n, i, j]
    """
    theta = economy.trade_elasticity
    offers = attraction(economy, trade_cost_hat) * (input_cost_hat**-theta)[None, :, :]
    spread = np.where(economy.expenditure > 0, offers.sum(axis=1), 1.0)
    return spread ** (-1.0 / theta), offers / spread[:, None, :]


def factor_pool_hat(economy: Economy, wage_hat: Array) -> Array:
    """Phi_hat: average return of the factors that can move, [n] (Galle, Rodriguez-Clare, Yi 2023).

    Phi_hat = (sum_j r w_hat^kappa)^(1/kappa) over the sectors without specific factors.
    """
    pool = np.where(economy.specific_factor, 0.0, economy.factor_income)
    total = pool.sum(axis=1)
    share = np.divide(pool, total[:, None], out=np.zeros_like(pool), where=total[:, None] > 0)
    kappa = np.where(np.isinf(economy.factor_mobility), 1.0, economy.factor_mobility)
    power = np.sum(share * wage_hat ** kappa[:, None], axis=1) ** (1.0 / kappa)
    return np.asarray(np.where(total > 0, power, 1.0))


def factor_supply(economy: Economy, wage_hat: Array) -> Array:
    """Factor income by sector, base * w^kappa * Phi^(1-kappa), [n, j]; base * w where specific.

    Where kappa is inf supply is whatever is demanded at the one wage; the total then counts,
    so this returns base * Phi spread by baseline shares, to be summed.
    """
    pool = factor_pool_hat(economy, wage_hat)[:, None]
    kappa = np.where(np.isinf(economy.factor_mobility), 1.0, economy.factor_mobility)[:, None]
    mobile = wage_hat**kappa * pool ** (1.0 - kappa)
    return np.asarray(economy.factor_income * np.where(economy.specific_factor, wage_hat, mobile))


def trade_deficit_cf(economy: Economy, shock: Shock) -> Array:
    """Counterfactual deficits, [n]; by default fixed shares of world factor income."""
    if shock.trade_deficit_cf is None:
        return economy.trade_deficit
    if isinstance(shock.trade_deficit_cf, str):
        return np.zeros(len(economy.importers))
    return shock.trade_deficit_cf


def expenditure_cf(
    economy: Economy, income: Array, input_share: Array, gross_output: Array
) -> Array:
    """Final demand plus inputs bought, eq. (13), [n, j]."""
    bought = np.einsum("nkj,nj->nk", input_share, gross_output)
    return np.asarray(economy.consumption_share * income[:, None] + bought)


def consumer_price_hat(economy: Economy, price_hat: Array) -> Array:
    """Price index of final demand, prod_j P^alpha, [n]."""
    return np.asarray(np.exp((economy.consumption_share * np.log(price_hat)).sum(axis=1)))


def evaluate(
    economy: Economy,
    shock: Shock,
    state: tuple[Array, Array, Array, Array],
    *,
    iterations: int,
    method: str,
    inherited: Inherited | None = None,
) -> tuple[Equilibrium, WorstMarket]:
    """Work out everything that a state implies, and how far it is from an equilibrium.

    Parameters
    ----------
    state
        wage_hat [n, j], price_index_hat [n, j], expenditure_cf [n, j], shadow_log [targets].
    inherited
        What a month inherits from the month before; ``None`` is the static model.
    """
    wage_hat, price_hat, spending, shadow_log = state
    wedge = wedges(economy, shock, shadow_log)
    cost, input_share, value_added_share = input_cost(economy, wage_hat, price_hat)
    if inherited is None:
        offered_price, share = sourcing(economy, cost, wedge.trade_cost_hat)
        supply = factor_supply(economy, wage_hat)
    else:
        offered_price, share = inherited.sourcing(economy, cost, wedge.trade_cost_hat)
        supply = inherited.factor_supply(economy, wage_hat)
    flow = share * spending[:, None, :] / (1.0 + wedge.tariff_rate)
    factory = flow / (1.0 + wedge.export_tax_rate) if wedge.export_tax_rate.any() else flow
    output = factory.sum(axis=0)
    tariff = (wedge.tariff_rate * flow).sum(axis=(1, 2))
    export_tax = (flow - factory).sum(axis=(0, 2))
    factor_income = value_added_share * output
    deficit = trade_deficit_cf(economy, shock)
    income = factor_income.sum(axis=1) + tariff + export_tax + deficit
    consumer_price = consumer_price_hat(economy, price_hat)
    target_quantity = _target_quantity_hat(
        economy, shock, factory, wedge.quantity_cost_hat * cost[None, :, :]
    )
    residual, worst = _residual(
        economy,
        shock,
        {
            "price index": np.log(price_hat / offered_price),
            "expenditure": _relative(
                spending, expenditure_cf(economy, income, input_share, output), spending.sum()
            ),
            "factor market": _factor_gap(economy, supply, factor_income),
            "quantity target": _target_gap(shock, shadow_log, target_quantity),
        },
    )
    equilibrium = Equilibrium(
        economy=economy,
        shock=shock,
        wage_hat=sealed(wage_hat),
        price_index_hat=sealed(price_hat),
        input_cost_hat=sealed(cost),
        trade_share_cf=sealed(share),
        expenditure_cf=sealed(spending),
        trade_flow_cf=sealed(flow),
        tariff_rate_cf=sealed(wedge.tariff_rate),
        export_tax_rate_cf=sealed(wedge.export_tax_rate),
        input_share_cf=sealed(input_share),
        gross_output_cf=sealed(output),
        factor_income_cf=sealed(factor_income),
        tariff_revenue_cf=sealed(tariff),
        purchase_subsidy_cf=sealed(_purchase_subsidy(wedge, flow)),
        export_tax_revenue_cf=sealed(export_tax),
        licence_rent_cf=sealed(_licence_rent(wedge, flow)),
        income_cf=sealed(income),
        trade_deficit_cf=sealed(deficit),
        consumer_price_hat=sealed(consumer_price),
        real_income_hat=sealed(income / economy.income / consumer_price),
        quantity_cost_hat=sealed(wedge.quantity_cost_hat),
        shadow_rate=sealed(np.expm1(shadow_log)),
        target_quantity_hat=sealed(target_quantity),
        residual=residual,
        iterations=iterations,
        method=method,
    )
    return equilibrium, worst


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


def _quantity_hat(economy: Economy, factory: Array, unit_value_hat: Array) -> Array:
    """Delivered quantity of each flow: factory value over factory value per delivered unit."""
    base = economy.trade_flow / (1.0 + economy.export_tax_rate)
    return np.divide(factory / unit_value_hat, base, out=np.ones_like(base), where=base > 0)


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
    worst_name, worst_at, worst = "none", (0, 0), 0.0
    for name, gap in gaps.items():
        size = np.abs(np.where(np.isfinite(gap), gap, np.inf))
        if size.size and size.max() > worst:
            worst_name, worst = name, float(size.max())
            at = np.unravel_index(int(size.argmax()), size.shape)
            worst_at = (int(at[0]), int(at[-1]))
    if worst_name == "quantity target":
        target = shock.targets[worst_at[0]]
        return worst, WorstMarket(worst_name, f"{target.kind} number {worst_at[0] + 1}")
    region, sector = economy.importers[worst_at[0]], economy.sectors[worst_at[1]]
    return worst, WorstMarket(worst_name, region, sector)
