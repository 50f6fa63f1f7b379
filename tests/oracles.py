"""The equations of design.md section 4 again: as slow loops, and solved by slow damped iteration.

Nothing here imports the solver or the equations of `sim.model`; only the input classes are read.
The loops say what one number is; the nested solver finds an equilibrium by the most pedestrian
way: prices given wages, spending given prices, wages a step towards what factors earn, shadow
wedges a step towards their targets.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

# ---------------------------------------------------------------------------------------- loops


def unit_cost(value_added, inputs, elasticity, wage_hat, price_hat):
    """Cost hat of one sector's bundle and its new input shares: the Cobb-Douglas rest, then one
    CES nest after the other for the inputs whose elasticity is not 1, in sector order."""
    critical = [k for k, e in enumerate(elasticity) if e != 1 and inputs[k] > 0]
    ordinary = [k for k in range(len(inputs)) if k not in critical and inputs[k] > 0]
    inside = value_added + sum(inputs[k] for k in ordinary)
    log_rest = value_added * math.log(wage_hat) + sum(
        inputs[k] * math.log(price_hat[k]) for k in ordinary
    )
    cost = math.exp(log_rest / inside) if inside > 0 else 1.0
    share = {"factors": value_added / inside if inside > 0 else 0.0}
    share |= {k: inputs[k] / inside for k in ordinary}
    for k in critical:
        e, s = elasticity[k], inputs[k] / (inside + inputs[k])
        mean = (1 - s) * cost ** (1 - e) + s * price_hat[k] ** (1 - e)
        new_cost = mean ** (1 / (1 - e))
        rest_cf = (1 - s) * (cost / new_cost) ** (1 - e)
        share = {name: value * rest_cf for name, value in share.items()}
        share[k] = s * (price_hat[k] / new_cost) ** (1 - e)
        cost, inside = new_cost, inside + inputs[k]
    return cost, share["factors"], [share.get(k, 0.0) for k in range(len(inputs))]


def input_costs(economy, wage_hat, price_hat):
    """Cost hats [n, j], factor shares [n, j] and input shares [n, k, j] after the change."""
    countries, sectors = len(economy.importers), len(economy.sectors)
    cost, factors = np.ones((countries, sectors)), np.zeros((countries, sectors))
    inputs = np.zeros((countries, sectors, sectors))
    for n in range(countries):
        for j in range(sectors):
            own = list(economy.input_share[n, :, j])
            cost[n, j], factors[n, j], inputs[n, :, j] = unit_cost(
                max(1 - sum(own), 0.0),
                own,
                list(economy.input_elasticity),
                wage_hat[n, j],
                list(price_hat[n]),
            )
    return cost, factors, inputs


def price_and_shares(economy, delivered_hat):
    """Price hats [n, j] (1 where nothing is bought) and trade shares [n, i, j] of nested CES."""
    countries, sectors = len(economy.importers), len(economy.sectors)
    price, share = np.ones((countries, sectors)), np.zeros(delivered_hat.shape)
    spent = economy.trade_flow * (1 + economy.tariff_rate)
    given = economy.macro_elasticity
    for n in range(countries):
        for j in range(sectors):
            if sum(spent[n, :, j]) == 0:
                continue
            micro = economy.trade_elasticity[j]
            macro = micro if given is None else given[j]
            if macro == micro:
                everyone = list(range(countries))
                answer = one_ces(spent[n, :, j], delivered_hat[n, :, j], micro, everyone)
            else:
                answer = two_tiers(spent[n, :, j], delivered_hat[n, :, j], micro, macro, n)
            price[n, j], share[n, :, j] = answer
    return price, share


def one_ces(spent, cost_hat, theta, origins):
    """Price hat and shares of spending of one CES over some origins; zero for the others."""
    total = sum(spent[i] for i in origins)
    terms = [0.0] * len(spent)
    for i in origins:
        if spent[i]:
            terms[i] = spent[i] / total * cost_hat[i] ** -theta
    return sum(terms) ** (-1 / theta), [term / sum(terms) for term in terms]


def two_tiers(spent, cost_hat, micro, macro, n):
    """Price hat and shares where foreign origins compete with `micro`, home with them by `macro`.

    The upper tier is a CES over two goods, home and the foreign composite.
    """
    foreign = [i for i in range(len(spent)) if i != n]
    abroad = sum(spent[i] for i in foreign)
    if abroad == 0:
        return one_ces(spent, cost_hat, macro, [n])
    foreign_price, within = one_ces(spent, cost_hat, micro, foreign)
    upper = one_ces([spent[n], abroad], [cost_hat[n], foreign_price], macro, [0, 1])
    share = [upper[1][1] * part for part in within]
    share[n] = upper[1][0]
    return upper[0], share


def factor_income(economy, wage_hat):
    """Factor income [n, j] that sectors with these wages attract (one wage: their sum only)."""
    base = economy.factor_income
    income = np.zeros(base.shape)
    for n in range(len(economy.importers)):
        kappa = economy.factor_mobility[n]
        pool = [j for j in range(base.shape[1]) if not economy.specific_factor[n, j]]
        size = sum(base[n, j] for j in pool)
        for j in range(base.shape[1]):
            if j not in pool or math.isinf(kappa):
                income[n, j] = base[n, j] * wage_hat[n, j]
                continue
            if base[n, j] == 0:
                continue
            mean = sum(base[n, m] / size * wage_hat[n, m] ** kappa for m in pool) ** (1 / kappa)
            income[n, j] = base[n, j] * wage_hat[n, j] ** kappa * mean ** (1 - kappa)
    return income


@dataclass
class Wedges:
    """What policy puts between factory and buyer, [n, i, j]."""

    waste_factor: np.ndarray
    export_tax_rate: np.ndarray
    tariff_rate: np.ndarray
    subsidy_factor: np.ndarray


def wedges(economy, shock, psi):
    """Shadow wedges of the targets on top of the shock's own taxes."""
    shape = economy.trade_flow.shape
    tariff = economy.tariff_rate if shock.tariff_rate_cf is None else shock.tariff_rate_cf
    tax = economy.export_tax_rate if shock.export_tax_rate_cf is None else shock.export_tax_rate_cf
    out = Wedges(np.ones(shape), np.array(tax), np.array(tariff), np.ones(shape))
    covers = [target.mask(economy) for target in shock.targets]
    for flow in np.ndindex(shape):
        cap_sum = kept = floor_sum = 0.0
        for target, cover, value in zip(shock.targets, covers, psi, strict=True):
            if cover[flow] and target.kind == "cap":
                cap_sum, kept = cap_sum + value, kept + value * target.rent_share
            elif cover[flow]:
                floor_sum += value
        rent_share = kept / cap_sum if cap_sum > 0 else 1.0
        factor = math.exp(cap_sum)
        waste = 1 + (1 - rent_share) * (factor - 1)
        out.waste_factor[flow] = waste
        out.export_tax_rate[flow] = (1 + tax[flow]) * factor / waste - 1
        out.subsidy_factor[flow] = math.exp(-floor_sum)
        out.tariff_rate[flow] = (1 + tariff[flow]) * math.exp(-floor_sum) - 1
    return out


def customs_price_hat(economy, shock, cost_hat, wedge):
    """Change of the customs price of one delivered unit, [n, i, j]."""
    hat = np.ones(economy.trade_flow.shape)
    for n, i, j in np.ndindex(hat.shape):
        iceberg = 1.0 if shock.iceberg_hat is None else shock.iceberg_hat[n, i, j]
        productivity = 1.0 if shock.productivity_hat is None else shock.productivity_hat[i, j]
        tax = (1 + wedge.export_tax_rate[n, i, j]) / (1 + economy.export_tax_rate[n, i, j])
        hat[n, i, j] = cost_hat[i, j] / productivity * iceberg * wedge.waste_factor[n, i, j] * tax
    return hat


def deficit(economy, shock):
    """Imports minus exports in the counterfactual, [n]; world factor income does not change."""
    if shock.trade_deficit_cf is None:
        return np.array(economy.trade_deficit)
    if isinstance(shock.trade_deficit_cf, str):
        return np.zeros(len(economy.importers))
    return np.array(shock.trade_deficit_cf)


# ------------------------------------------------------------------------------- nested solver


@dataclass
class SlowEquilibrium:
    """What the nested iteration found, and how far it is from a fixed point."""

    wage_hat: np.ndarray
    price_index_hat: np.ndarray
    trade_flow_cf: np.ndarray
    income_cf: np.ndarray
    real_income_hat: np.ndarray
    shadow_rate: np.ndarray
    target_quantity_hat: np.ndarray
    gap: float


class NestedSolver:
    """Damped nested iteration over one economy and shock."""

    def __init__(self, economy, shock):
        self.economy, self.shock = economy, shock
        self.spent = economy.trade_flow * (1 + economy.tariff_rate)
        total = self.spent.sum(axis=1, keepdims=True)
        self.share = np.divide(self.spent, total, out=np.zeros_like(self.spent), where=total > 0)
        self.price_hat = np.ones(economy.gross_output.shape)
        self.deficit = deficit(economy, shock)
        self.factory_flow = economy.trade_flow / (1 + economy.export_tax_rate)
        base = np.array(economy.factor_income)
        pool = ~np.asarray(economy.specific_factor)
        self.base, self.pool = base, pool
        self.pool_income = (base * pool).sum(axis=1, keepdims=True)
        self.inverse_mobility = 1 / np.asarray(economy.factor_mobility)[:, None]
        self.wedge_of = (None, None)

    def _costs(self, wage_hat):
        return input_costs_fast(self.economy, wage_hat, self.price_hat)

    def prices(self, wage_hat, wedge):
        """Iterate prices to a fixed point at given wages; returns costs and trade shares."""
        economy = self.economy
        wall = customs_price_hat(economy, self.shock, np.ones_like(self.price_hat), wedge)
        wall = wall * (1 + wedge.tariff_rate) / (1 + economy.tariff_rate)
        for _ in range(5000):
            cost, factors, inputs = self._costs(wage_hat)
            new, share = price_and_shares_fast(economy, self.share, wall * cost[None])
            gap = np.abs(np.log(new / self.price_hat)).max()
            self.price_hat = new
            if gap < 1e-13:
                break
        return cost, factors, inputs, share

    def spending(self, wage_hat, inputs, share, wedge):
        """Solve the linear system of spending at given prices and factor incomes, [n, j]."""
        countries, sectors = self.base.shape
        value = share / (1 + wedge.tariff_rate)
        revenue = (wedge.tariff_rate * value).sum(axis=1)
        size = countries * sectors
        alpha = self.economy.consumption_share
        system = np.eye(size)
        for n in range(countries):
            rows = slice(n * sectors, (n + 1) * sectors)
            system[rows, rows] -= np.outer(alpha[n], revenue[n])
            for m in range(countries):
                columns = slice(m * sectors, (m + 1) * sectors)
                tax = wedge.export_tax_rate[m, n]
                system[rows, columns] -= np.outer(alpha[n], tax / (1 + tax) * value[m, n])
                system[rows, columns] -= inputs[n] * (value[m, n] / (1 + tax))[None, :]
        own = self.supplied_income(wage_hat) + self.deficit
        right = (alpha * own[:, None]).ravel()
        return np.linalg.solve(system, right).reshape(countries, sectors), value, own

    def supplied_income(self, wage_hat):
        """Total factor income of each country at these wages, [n]."""
        pooled = np.zeros(len(self.base))
        for n, kappa in enumerate(self.economy.factor_mobility):
            if self.pool_income[n, 0] == 0:
                continue
            power = 1.0 if math.isinf(kappa) else kappa
            weight = np.where(self.pool[n], self.base[n], 0) / self.pool_income[n, 0]
            mean = float((weight * wage_hat[n] ** power).sum()) ** (1 / power)
            pooled[n] = self.pool_income[n, 0] * mean
        return pooled + np.where(self.pool, 0, self.base * wage_hat).sum(axis=1)

    def wages_earned(self, demand):
        """Wages at which supply meets the factor income `demand`, [n, j]."""
        earned = np.divide(demand, self.base, out=np.ones_like(demand), where=self.base > 0)
        pooled = (demand * self.pool).sum(axis=1, keepdims=True)
        mean = np.divide(
            pooled, self.pool_income, out=np.ones_like(pooled), where=self.pool_income > 0
        )
        mobile = earned**self.inverse_mobility * mean ** (1 - self.inverse_mobility)
        return np.where(self.base > 0, np.where(self.pool, mobile, earned), 1.0)

    def evaluate(self, wage_hat, psi):
        """One pass: the wages that factors would earn, and the quantities of the targets."""
        if self.wedge_of[0] != tuple(psi):
            self.wedge_of = (tuple(psi), wedges(self.economy, self.shock, psi))
        wedge = self.wedge_of[1]
        cost, factors, inputs, share = self.prices(wage_hat, wedge)
        spent, value, own = self.spending(wage_hat, inputs, share, wedge)
        flow = value * spent[:, None, :]
        output = (flow / (1 + wedge.export_tax_rate)).sum(axis=0)
        price = customs_price_hat(self.economy, self.shock, cost, wedge)
        quantity = []
        for target in self.shock.targets:
            cover = target.mask(self.economy) & (self.factory_flow > 0)
            base = self.factory_flow[cover]
            hat = flow[cover] / self.economy.trade_flow[cover] / price[cover]
            quantity.append((base * hat).sum() / base.sum())
        self.flow = flow
        tax = wedge.export_tax_rate
        self.income = (
            own
            + (wedge.tariff_rate * flow).sum(axis=(1, 2))
            + (tax / (1 + tax) * flow).sum(axis=(0, 2))
        )
        demand = factors * output
        self.last_income = demand.sum(axis=1)
        # A country that hardly sells abroad earns what it pays itself whatever its wages: the
        # less it exports, the longer its steps must be.
        at_home = np.einsum("nnj->n", flow) / flow.sum(axis=(0, 2))
        self.open_share = np.maximum(1 - at_home, 1e-4)
        return self.wages_earned(demand), np.array(quantity)

    def wedge_step(self, psi, quantity):
        """How far each shadow wedge should move: towards its target, never below zero."""
        move = np.zeros(len(psi))
        for k, target in enumerate(self.shock.targets):
            sign = 1 if target.kind == "cap" else -1
            move[k] = max(sign * math.log(quantity[k] / target.quantity_hat), -psi[k])
        return move

    def solve(self, tolerance=1e-11, passes=6000):
        """Damped iteration: steps as short as demand is elastic, shorter where they do not help."""
        wage_hat = np.ones_like(self.base)
        psi = np.zeros(len(self.shock.targets))
        step = 1 / (1 + self.economy.trade_elasticity.max())
        best, worse = math.inf, 0
        for _ in range(passes):
            earned, quantity = self.evaluate(wage_hat, psi)
            gap_wage = np.log(earned / wage_hat)
            gap_psi = self.wedge_step(psi, quantity)
            gap = max(np.abs(gap_wage).max(), np.abs(gap_psi).max(initial=0.0))
            if gap < tolerance:
                break
            best, worse = (gap, 0) if gap < best else (best, worse + 1)
            if worse > 30:
                best, worse, step = gap, 0, step / 2
            level = np.log(self.last_income / self.supplied_income(wage_hat))[:, None]
            move = gap_wage + level * (1 / self.open_share[:, None] - 1)
            wage_hat = wage_hat * np.exp(step * np.clip(move, -1, 1))
            wage_hat = wage_hat * self.base.sum() / self.supplied_income(wage_hat).sum()
            psi = np.maximum(psi + step * np.clip(gap_psi, -1, 1), 0.0)
        consumer = np.exp((self.economy.consumption_share * np.log(self.price_hat)).sum(axis=1))
        return SlowEquilibrium(
            wage_hat=wage_hat,
            price_index_hat=self.price_hat,
            trade_flow_cf=self.flow,
            income_cf=self.income,
            real_income_hat=self.income / self.economy.income / consumer,
            shadow_rate=np.expm1(psi),
            target_quantity_hat=quantity,
            gap=gap,
        )


def input_costs_fast(economy, wage_hat, price_hat):
    """`input_costs` for all sectors at once; `test_oracles_agree` compares the two."""
    elasticity, inputs = economy.input_elasticity, economy.input_share
    critical = elasticity != 1
    factors = np.maximum(1 - inputs.sum(axis=1), 0.0)
    ordinary = np.where(critical[None, :, None], 0.0, inputs)
    inside = factors + ordinary.sum(axis=1)
    safe = np.where(inside > 0, inside, 1.0)
    log_rest = factors * np.log(wage_hat) + np.einsum("nkj,nk->nj", ordinary, np.log(price_hat))
    cost, inputs_cf, factors_cf = np.exp(log_rest / safe), ordinary / safe[:, None], factors / safe
    for k in np.flatnonzero(critical):
        e, share = elasticity[k], inputs[:, k, :]
        s = np.divide(share, inside + share, out=np.zeros_like(share), where=share > 0)
        price = price_hat[:, k, None]
        new = ((1 - s) * cost ** (1 - e) + s * price ** (1 - e)) ** (1 / (1 - e))
        rest = (1 - s) * (cost / new) ** (1 - e)
        inputs_cf, factors_cf = inputs_cf * rest[:, None], factors_cf * rest
        inputs_cf[:, k, :] = s * (price / new) ** (1 - e)
        cost, inside = new, inside + share
    return cost, factors_cf, inputs_cf


def price_and_shares_fast(economy, share, delivered_hat):
    """`price_and_shares` for all markets at once; a test compares the two."""
    micro, home = economy.trade_elasticity, np.arange(len(share))
    macro = micro if economy.macro_elasticity is None else economy.macro_elasticity
    foreign = np.array(share)
    foreign[home, home] = 0.0
    abroad = foreign.sum(axis=1)
    within = foreign / np.where(abroad > 0, abroad, 1.0)[:, None]
    composite = np.where(abroad > 0, (within * delivered_hat**-micro).sum(axis=1), 1.0)
    composite **= -1 / micro
    own = share[home, home] * delivered_hat[home, home] ** -macro
    total = own + abroad * composite**-macro
    price = np.where(share.sum(axis=1) > 0, total, 1.0) ** (-1 / macro)
    new = (abroad * (composite / price) ** -macro)[:, None] * within
    new = new * (delivered_hat / composite[:, None]) ** -micro
    new[home, home] = own * price**macro
    return price, new


def slow_solve(economy, shock, **options):
    """Solve by damped nested iteration."""
    return NestedSolver(economy, shock).solve(**options)
