"""Each equation of the model equals its loop in `oracles`, at random states and at the answer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tests.oracles as oracles
from sim.model import Shock, equations, solve
from sim.model.demand import demand_system
from sim.model.solve.system import System
from sim.model.wedges import wedges
from tests.strategies import SEEDS, cases, draw_targets, economies, shocks

CLOSE = {"rtol": 1e-11, "atol": 1e-13}


@st.composite
def states(draw, economy):
    """Wages and prices that are no equilibrium."""
    random = np.random.default_rng(draw(SEEDS))
    wage, price = np.exp(random.normal(0, 0.3, (2, *economy.gross_output.shape)))
    one_wage = np.isinf(economy.factor_mobility)[:, None] & ~economy.specific_factor
    wage = np.where(one_wage, wage[:, :1], wage)
    return wage, np.where(economy.expenditure > 0, price, 1.0)


@st.composite
def situations(draw):
    """An economy, a shock with targets, wages, prices and shadow wedges."""
    economy = draw(economies())
    shock = draw(shocks(economy))
    chosen = draw_targets(draw, economy) if draw(st.booleans()) else ()
    wage, price = draw(states(economy))
    shadow = np.array([draw(st.floats(0, 2)) for _ in chosen])
    return economy, with_targets(shock, chosen), wage, price, shadow


def with_targets(shock, chosen):
    fields = ("tariff_rate_cf", "iceberg_hat", "export_tax_rate_cf", "productivity_hat")
    return Shock(
        **{name: getattr(shock, name) for name in fields},
        trade_deficit_cf=shock.trade_deficit_cf,
        targets=chosen,
    )


def loop_prices(economy, shock, wage, price, shadow):
    wedge = oracles.wedges(economy, shock, shadow)
    cost, factors, inputs = oracles.input_costs(economy, wage, price)
    customs = oracles.customs_price_hat(economy, shock, cost, wedge)
    delivered = customs * (1 + wedge.tariff_rate) / (1 + economy.tariff_rate)
    return wedge, cost, factors, inputs, customs, delivered


@given(st.data())
def test_input_cost_equals_loop(data):
    economy = data.draw(economies())
    wage, price = data.draw(states(economy))
    cost, factors, inputs = oracles.input_costs(economy, wage, price)
    got = equations.input_cost(economy, wage, price)
    np.testing.assert_allclose(got[0], cost, **CLOSE)
    np.testing.assert_allclose(got[1], inputs, **CLOSE)
    np.testing.assert_allclose(got[2], factors, **CLOSE)


@given(st.data())
def test_vectorised_oracle_equals_loop(data):
    economy = data.draw(economies())
    wage, price = data.draw(states(economy))
    for fast, slow in zip(
        oracles.input_costs_fast(economy, wage, price),
        oracles.input_costs(economy, wage, price),
        strict=True,
    ):
        np.testing.assert_allclose(fast, slow, **CLOSE)


@given(st.data())
def test_new_cost_shares_sum_to_one(data):
    economy = data.draw(economies())
    wage, price = data.draw(states(economy))
    _, inputs, factors = equations.input_cost(economy, wage, price)
    np.testing.assert_allclose(inputs.sum(axis=1) + factors, 1.0, **CLOSE)


@given(situations())
def test_wedges_equal_loop(situation):
    economy, shock, *_, shadow = situation
    wedge, cost, *_, customs, delivered = loop_prices(*situation)
    got = wedges(economy, shock, shadow)
    np.testing.assert_allclose(got.tariff_rate, wedge.tariff_rate, **CLOSE)
    np.testing.assert_allclose(got.export_tax_rate, wedge.export_tax_rate, **CLOSE)
    np.testing.assert_allclose(got.trade_cost_hat * cost[None], delivered, **CLOSE)
    tax = (1 + wedge.export_tax_rate) / (1 + economy.export_tax_rate)
    np.testing.assert_allclose(got.quantity_cost_hat * cost[None], customs / tax, **CLOSE)


@given(situations())
def test_price_index_and_trade_share_equal_loop(situation):
    economy, shock, *_, shadow = situation
    _, cost, *_, delivered = loop_prices(*situation)
    new_price, share = oracles.price_and_shares(economy, delivered)
    trade_cost = wedges(economy, shock, shadow).trade_cost_hat
    got_price, got_share = demand_system(economy).sourcing(cost, trade_cost)
    np.testing.assert_allclose(got_price, new_price, **CLOSE)
    np.testing.assert_allclose(got_share, share, **CLOSE)
    fast = oracles.price_and_shares_fast(economy, np.array(economy.trade_share), delivered)
    np.testing.assert_allclose(fast[0], new_price, **CLOSE)
    np.testing.assert_allclose(fast[1], share, **CLOSE)


@given(st.data())
def test_factor_supply_equals_loop(data):
    economy = data.draw(economies())
    wage, _ = data.draw(states(economy))
    np.testing.assert_allclose(
        equations.factor_supply(economy, wage), oracles.factor_income(economy, wage), **CLOSE
    )


@given(st.data())
def test_factor_supply_sums_to_the_average_return(data):
    economy = data.draw(economies(specific=False))
    wage, _ = data.draw(states(economy))
    total = economy.factor_income.sum(axis=1) * equations.factor_pool_hat(economy, wage)
    np.testing.assert_allclose(equations.factor_supply(economy, wage).sum(axis=1), total, **CLOSE)


@given(st.data(), st.floats(0.1, 10))
def test_homogeneity_of_costs_prices_and_supply(data, scale):
    """Scaling all wages scales all prices and incomes and leaves every share where it was."""
    economy = data.draw(economies())
    wage, price = data.draw(states(economy))
    one = np.ones(economy.trade_flow.shape)
    market = economy.expenditure > 0
    cost, inputs, _ = equations.input_cost(economy, wage, price)
    scaled, inputs_scaled, _ = equations.input_cost(economy, scale * wage, scale * price)
    np.testing.assert_allclose(scaled, scale * cost, rtol=1e-10)
    np.testing.assert_allclose(inputs_scaled, inputs, rtol=1e-10, atol=1e-13)
    index, share = demand_system(economy).sourcing(cost, one)
    index_scaled, share_scaled = demand_system(economy).sourcing(scale * cost, one)
    np.testing.assert_allclose(share_scaled, share, rtol=1e-10)
    np.testing.assert_allclose(index_scaled[market], scale * index[market], rtol=1e-10)
    np.testing.assert_allclose(
        equations.factor_supply(economy, scale * wage),
        scale * equations.factor_supply(economy, wage),
        rtol=1e-10,
    )


@given(situations())
def test_one_fast_pass_equals_loops(situation):
    """The solver's own pass, in its own layout, is the same map: prices and spending."""
    economy, shock, wage, price, shadow = situation
    wedge, _, factors, inputs, _, delivered = loop_prices(*situation)
    new_price, share = oracles.price_and_shares(economy, delivered)
    spending = np.array(economy.expenditure)
    flow = share * spending[:, None] / (1 + wedge.tariff_rate)
    output = (flow / (1 + wedge.export_tax_rate)).sum(axis=0)
    scale = economy.factor_income.sum() / (factors * output).sum()
    income = (factors * output).sum(axis=1) + (wedge.tariff_rate * flow).sum(axis=(1, 2))
    tax = wedge.export_tax_rate / (1 + wedge.export_tax_rate)
    income = scale * (income + (tax * flow).sum(axis=(0, 2))) + oracles.deficit(economy, shock)
    if (income <= 0.01 * economy.income).any():
        return  # the solver's guard on income would act here
    bought = np.einsum("nkj,nj->nk", inputs, scale * output)
    new_spending = economy.consumption_share * income[:, None] + bought
    market = economy.expenditure > 0
    vector = [
        np.log(wage),
        np.log(price),
        np.log(np.where(market, spending, 1.0)),
    ]
    vector = np.concatenate([part.T.ravel() for part in vector] + [shadow])
    step = System(economy, shock).residual(vector)
    size, shape = market.size, market.T.shape
    got_price = step[size : 2 * size].reshape(shape).T + np.log(price)
    got_spending = step[2 * size : 3 * size].reshape(shape).T
    np.testing.assert_allclose(got_price[market], np.log(new_price[market]), rtol=0, atol=1e-10)
    wanted = np.log(new_spending[market] / spending[market])
    np.testing.assert_allclose(got_spending[market], wanted, rtol=0, atol=1e-10)


@given(cases())
def test_answer_solves_every_equation_written_as_loops(case):
    economy, shock = case
    check_by_loops(solve(economy, shock), tolerance=1e-8)


@pytest.mark.parametrize("seed", range(3))
def test_answer_with_targets_solves_every_equation_written_as_loops(seed):
    from tests.strategies import build_economy, target_on, traded

    economy = build_economy(seed=seed, countries=3, sectors=3, mobility=1.5, critical=1)
    cells = traded(economy)
    chosen = (
        target_on(economy, cells[0], "cap", 0.5, 0.4),
        target_on(economy, cells[5], "floor", 1.5),
    )
    check_by_loops(solve(economy, Shock(targets=chosen)), tolerance=1e-8)


def check_by_loops(eq, tolerance):
    """Recompute every field from wages, prices, spending and wedges, and every market."""
    economy, shock = eq.economy, eq.shock
    shadow = np.log1p(eq.shadow_rate)
    situation = (economy, shock, eq.wage_hat, eq.price_index_hat, shadow)
    wedge, cost, factors, inputs, customs, delivered = loop_prices(*situation)
    close = {"rtol": tolerance, "atol": tolerance * economy.factor_income.sum() * 1e-3}
    price, share = oracles.price_and_shares(economy, delivered)
    np.testing.assert_allclose(eq.price_index_hat, price, rtol=tolerance)
    np.testing.assert_allclose(eq.input_cost_hat, cost, rtol=tolerance)
    np.testing.assert_allclose(eq.trade_share_cf, share, rtol=tolerance * 30, atol=1e-10)
    np.testing.assert_allclose(eq.input_share_cf, inputs, rtol=tolerance, atol=1e-13)
    np.testing.assert_allclose(eq.tariff_rate_cf, wedge.tariff_rate, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(eq.export_tax_rate_cf, wedge.export_tax_rate, rtol=1e-10, atol=1e-12)
    flow = np.zeros(share.shape)
    tariff, tax = np.zeros(len(price)), np.zeros(len(price))
    output = np.zeros(price.shape)
    for n, i, j in np.ndindex(share.shape):
        flow[n, i, j] = eq.trade_share_cf[n, i, j] * eq.expenditure_cf[n, j]
        flow[n, i, j] /= 1 + wedge.tariff_rate[n, i, j]
        factory = flow[n, i, j] / (1 + wedge.export_tax_rate[n, i, j])
        output[i, j] += factory
        tariff[n] += wedge.tariff_rate[n, i, j] * flow[n, i, j]
        tax[i] += wedge.export_tax_rate[n, i, j] * factory
    np.testing.assert_allclose(eq.trade_flow_cf, flow, **close)
    np.testing.assert_allclose(eq.gross_output_cf, output, **close)
    np.testing.assert_allclose(eq.tariff_revenue_cf, tariff, **close)
    np.testing.assert_allclose(eq.export_tax_revenue_cf, tax, **close)
    np.testing.assert_allclose(eq.factor_income_cf, factors * output, **close)
    traded = economy.trade_flow > 0
    quantity = flow[traded] / economy.trade_flow[traded] / customs[traded]
    np.testing.assert_allclose(eq.quantity_hat[traded], quantity, rtol=tolerance)
    income = (factors * output).sum(axis=1) + tariff + tax + oracles.deficit(economy, shock)
    np.testing.assert_allclose(eq.income_cf, income, **close)
    bought = np.einsum("nkj,nj->nk", inputs, output)
    spending = economy.consumption_share * income[:, None] + bought
    np.testing.assert_allclose(eq.expenditure_cf, spending, **close)
    supply = oracles.factor_income(economy, eq.wage_hat)
    one_wage = np.isinf(economy.factor_mobility)[:, None] & ~economy.specific_factor
    for n in range(len(price)):
        pool = one_wage[n]
        np.testing.assert_allclose(
            eq.factor_income_cf[n, pool].sum(), supply[n, pool].sum(), **close
        )
        np.testing.assert_allclose(eq.factor_income_cf[n, ~pool], supply[n, ~pool], **close)
        consumer = np.prod(price[n] ** economy.consumption_share[n])
        np.testing.assert_allclose(eq.consumer_price_hat[n], consumer, rtol=tolerance)
        real = income[n] / economy.income[n] / consumer
        np.testing.assert_allclose(eq.real_income_hat[n], real, rtol=tolerance * 10)
