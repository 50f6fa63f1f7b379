"""The laws of the model, each under random economies and shocks; the name says the law."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.model import Economy, Shock, solve
from tests.oracles import slow_solve
from tests.strategies import SEEDS, cases, economies, shocks

FIELDS = (
    "wage_hat",
    "price_index_hat",
    "trade_share_cf",
    "expenditure_cf",
    "trade_flow_cf",
    "gross_output_cf",
    "factor_income_cf",
    "tariff_revenue_cf",
    "income_cf",
    "real_income_hat",
)
TIGHT = 1e-11


def same(one, other, rtol=1e-7, fields=FIELDS):
    """Two answers on economies of the same size agree."""
    for name in fields:
        left, right = getattr(one, name), getattr(other, name)
        size = 1.0 if name.endswith("hat") else np.abs(right).max()
        np.testing.assert_allclose(left, right, rtol=rtol, atol=rtol * size, err_msg=name)


def recalibrated(economy, **changes):
    """The same economy with some of its inputs replaced."""
    inputs = {
        "importers": economy.importers,
        "sectors": economy.sectors,
        "trade_flow": economy.trade_flow,
        "tariff_rate": economy.tariff_rate,
        "export_tax_rate": economy.export_tax_rate,
        "input_share": economy.input_share,
        "trade_elasticity": economy.trade_elasticity,
        "input_elasticity": economy.input_elasticity,
        "factor_mobility": economy.factor_mobility,
        "specific_factor": economy.specific_factor,
        "macro_elasticity": economy.macro_elasticity,
    }
    return Economy.calibrate(**(inputs | changes))


def transformed(shock, flows=lambda x: x, goods=lambda x: x, countries=lambda x: x):
    """The same shock on relabelled or split axes."""

    def apply(change, values):
        return values if values is None or isinstance(values, str) else change(values)

    return Shock(
        tariff_rate_cf=apply(flows, shock.tariff_rate_cf),
        iceberg_hat=apply(flows, shock.iceberg_hat),
        export_tax_rate_cf=apply(flows, shock.export_tax_rate_cf),
        productivity_hat=apply(goods, shock.productivity_hat),
        trade_deficit_cf=apply(countries, shock.trade_deficit_cf),
    )


def raised(economy, cell, points):
    """The baseline tariffs, with those of one flow raised."""
    tariff = np.array(economy.tariff_rate)
    tariff[cell] += points
    return tariff


# ------------------------------------------------------------------------------ standing still


@given(economies())
def test_baseline_is_an_equilibrium(economy):
    assert np.abs(economy.identity_gaps()).max() <= 1e-9
    net = economy.trade_flow.sum(axis=(1, 2)) - economy.trade_flow.sum(axis=(0, 2))
    np.testing.assert_allclose(economy.trade_deficit, net, atol=1e-12)


@given(economies())
def test_null_shock_changes_nothing(economy):
    eq = solve(economy, Shock())
    assert eq.residual <= 1e-12
    for name in (
        "wage_hat",
        "price_index_hat",
        "input_cost_hat",
        "quantity_hat",
        "real_income_hat",
    ):
        np.testing.assert_allclose(getattr(eq, name), 1.0, rtol=0, atol=1e-12, err_msg=name)
    np.testing.assert_allclose(eq.trade_flow_cf, economy.trade_flow, rtol=1e-12)


@given(economies())
def test_setting_everything_to_its_baseline_value_changes_nothing(economy):
    same_as_now = Shock(
        tariff_rate_cf=economy.tariff_rate,
        export_tax_rate_cf=economy.export_tax_rate,
        iceberg_hat=np.ones(economy.trade_flow.shape),
        productivity_hat=np.ones(economy.gross_output.shape),
        trade_deficit_cf=economy.trade_deficit,
    )
    eq = solve(economy, same_as_now)
    np.testing.assert_allclose(eq.real_income_hat, 1.0, rtol=0, atol=1e-12)


@given(economies(zero_share=0.3), st.floats(0, 10))
def test_tariff_on_a_pair_that_does_not_trade_does_nothing(economy, rate):
    untraded = economy.trade_flow == 0
    assume(untraded.any())
    tariff = np.where(untraded, rate, economy.tariff_rate)
    eq = solve(economy, Shock(tariff_rate_cf=tariff))
    np.testing.assert_allclose(eq.real_income_hat, 1.0, rtol=0, atol=1e-9)
    assert (eq.trade_flow_cf[untraded] == 0).all()


# ------------------------------------------------------------------------------------ adding up


@given(cases())
def test_import_shares_sum_to_one(case):
    economy, shock = case
    total = solve(economy, shock).trade_share_cf.sum(axis=1)
    market = economy.expenditure > 0
    np.testing.assert_allclose(total[market], 1.0, rtol=0, atol=1e-8)
    assert (total[~market] == 0).all()


@given(cases())
def test_walras_trade_balances_although_no_equation_asks_for_it(case):
    eq = solve(*case, tolerance=TIGHT)
    net = eq.trade_flow_cf.sum(axis=(1, 2)) - eq.trade_flow_cf.sum(axis=(0, 2))
    world = eq.economy.factor_income.sum()
    np.testing.assert_allclose(net, eq.trade_deficit_cf, rtol=0, atol=1e-9 * world)
    assert abs(eq.trade_deficit_cf.sum()) <= 1e-9 * world


@given(cases())
def test_world_factor_income_is_the_numeraire(case):
    eq = solve(*case, tolerance=TIGHT)
    assert eq.factor_income_cf.sum() == pytest.approx(case[0].factor_income.sum(), rel=1e-9)


@given(cases())
def test_income_is_factor_income_plus_revenue_plus_deficit_and_is_all_spent(case):
    eq = solve(*case, tolerance=TIGHT)
    revenue = eq.tariff_revenue_cf + eq.export_tax_revenue_cf
    parts = eq.factor_income_cf.sum(axis=1) + revenue + eq.trade_deficit_cf
    np.testing.assert_allclose(eq.income_cf, parts, rtol=1e-10)
    bought = np.einsum("nkj,nj->nk", eq.input_share_cf, eq.gross_output_cf)
    final = (eq.expenditure_cf - bought).sum(axis=1)
    np.testing.assert_allclose(final, eq.income_cf, rtol=1e-8)


@given(cases())
def test_revenue_is_the_sum_of_rate_times_base(case):
    eq = solve(*case)
    tariff = (eq.tariff_rate_cf * eq.trade_flow_cf).sum(axis=(1, 2))
    np.testing.assert_allclose(eq.tariff_revenue_cf, tariff, rtol=1e-12, atol=1e-12)
    factory = eq.trade_flow_cf / (1 + eq.export_tax_rate_cf)
    tax = (eq.export_tax_rate_cf * factory).sum(axis=(0, 2))
    np.testing.assert_allclose(eq.export_tax_revenue_cf, tax, rtol=1e-9, atol=1e-12)


@given(cases())
def test_duty_paid_flows_add_up_to_expenditure(case):
    eq = solve(*case)
    paid = (eq.trade_flow_cf * (1 + eq.tariff_rate_cf)).sum(axis=1)
    np.testing.assert_allclose(paid, eq.expenditure_cf, rtol=1e-8, atol=1e-12)


@given(cases())
def test_real_income_is_income_over_the_price_of_consumption(case):
    economy, _ = case
    eq = solve(*case)
    price = np.prod(eq.price_index_hat**economy.consumption_share, axis=1)
    np.testing.assert_allclose(eq.consumer_price_hat, price, rtol=1e-12)
    np.testing.assert_allclose(
        eq.real_income_hat, eq.income_cf / economy.income / price, rtol=1e-12
    )


# ----------------------------------------------------------------------- what must not matter


@given(cases(), st.floats(1e-6, 1e9))
def test_homogeneity_the_unit_of_money_does_not_matter(case, unit):
    economy, shock = case
    scaled = recalibrated(economy, trade_flow=unit * economy.trade_flow)
    changed = transformed(shock, countries=lambda deficit: unit * deficit)
    one, other = solve(economy, shock, tolerance=TIGHT), solve(scaled, changed, tolerance=TIGHT)
    same(one, other, fields=("wage_hat", "price_index_hat", "trade_share_cf", "real_income_hat"))
    np.testing.assert_allclose(unit * one.income_cf, other.income_cf, rtol=1e-7)


@given(cases(), SEEDS)
def test_relabelling_countries_permutes_the_results(case, seed):
    economy, shock = case
    order = np.random.default_rng(seed).permutation(len(economy.importers))

    def flows(values):
        return values[order][:, order]

    def rows(values):
        return values[order]

    relabelled = recalibrated(
        economy,
        importers=[economy.importers[n] for n in order],
        trade_flow=flows(economy.trade_flow),
        tariff_rate=flows(economy.tariff_rate),
        export_tax_rate=flows(economy.export_tax_rate),
        input_share=rows(economy.input_share),
        factor_mobility=rows(economy.factor_mobility),
        specific_factor=rows(economy.specific_factor),
    )
    one = solve(economy, shock, tolerance=TIGHT)
    other = solve(relabelled, transformed(shock, flows, rows, rows), tolerance=TIGHT)
    np.testing.assert_allclose(one.real_income_hat[order], other.real_income_hat, rtol=1e-8)
    np.testing.assert_allclose(flows(one.trade_share_cf), other.trade_share_cf, atol=1e-8)


@given(cases({"critical": 0}), SEEDS)
def test_relabelling_sectors_permutes_the_results(case, seed):
    economy, shock = case
    order = np.random.default_rng(seed).permutation(len(economy.sectors))

    def last(values):
        return values[..., order]

    relabelled = recalibrated(
        economy,
        sectors=[economy.sectors[j] for j in order],
        trade_flow=last(economy.trade_flow),
        tariff_rate=last(economy.tariff_rate),
        export_tax_rate=last(economy.export_tax_rate),
        input_share=economy.input_share[:, order][:, :, order],
        trade_elasticity=last(economy.trade_elasticity),
        specific_factor=last(economy.specific_factor),
        macro_elasticity=last(economy.macro_elasticity_by_sector),
    )
    one = solve(economy, shock, tolerance=TIGHT)
    other = solve(relabelled, transformed(shock, last, last), tolerance=TIGHT)
    np.testing.assert_allclose(one.real_income_hat, other.real_income_hat, rtol=1e-8)
    np.testing.assert_allclose(last(one.trade_share_cf), other.trade_share_cf, atol=1e-8)


@given(cases({"nested": False}))
def test_splitting_a_country_into_identical_halves_changes_nobodys_welfare(case):
    """Halves that trade freely with each other, under one CES: it knows no home."""
    economy, shock = case
    welfare_of_halves_is_that_of_the_whole(economy, shock, within=np.full((2, 2), 0.25))


@given(cases())
def test_splitting_a_country_into_halves_that_keep_apart_changes_nobodys_welfare(case):
    """Nested demand too: a half that buys from itself what the whole did has the same home share.

    With trade between the halves it would not hold there: each then buys abroad half of what the
    whole bought at home.  What other buyers see of such a split is in `test_nested`.
    """
    economy, shock = case
    welfare_of_halves_is_that_of_the_whole(economy, shock, within=0.5 * np.eye(2))


def welfare_of_halves_is_that_of_the_whole(economy, shock, within):
    """Split the last country; `within` parts its sales to itself among the halves, [n, i]."""
    halves, twin, part = split(economy, within)

    def rows(values):
        return values[twin]

    changed = transformed(
        shock, lambda values: values[twin][:, twin], rows, lambda deficit: deficit[twin] * part
    )
    one, other = solve(economy, shock, tolerance=TIGHT), solve(halves, changed, tolerance=TIGHT)
    np.testing.assert_allclose(rows(one.real_income_hat), other.real_income_hat, rtol=1e-7)


def split(economy, within):
    """Split the last country in identical halves.

    Returns the economy, the country that each of the new ones was, and the part of it that it is.
    """
    size = len(economy.importers)
    twin = np.append(np.arange(size), size - 1)
    part = np.ones(size + 1)
    part[-2:] = 0.5

    def flows(values):
        return values[twin][:, twin]

    def rows(values):
        return values[twin]

    weight = part[:, None] * part[None, :]
    weight[-2:, -2:] = within
    halves = recalibrated(
        economy,
        importers=(*economy.importers, "TWIN"),
        trade_flow=flows(economy.trade_flow) * weight[:, :, None],
        tariff_rate=flows(economy.tariff_rate),
        export_tax_rate=flows(economy.export_tax_rate),
        input_share=rows(economy.input_share),
        factor_mobility=rows(economy.factor_mobility),
        specific_factor=rows(economy.specific_factor),
    )
    return halves, twin, part


@given(cases({"critical": 0}))
def test_splitting_a_sector_into_identical_halves_changes_nobodys_welfare(case):
    economy, shock = case
    twin = np.append(np.arange(len(economy.sectors)), len(economy.sectors) - 1)
    part = np.ones(len(twin))
    part[-2:] = 0.5

    def last(values):
        return values[..., twin]

    halves = recalibrated(
        economy,
        sectors=(*economy.sectors, "TWIN"),
        trade_flow=last(economy.trade_flow) * part,
        tariff_rate=last(economy.tariff_rate),
        export_tax_rate=last(economy.export_tax_rate),
        input_share=economy.input_share[:, twin][:, :, twin] * part[None, :, None],
        trade_elasticity=last(economy.trade_elasticity),
        input_elasticity=last(economy.input_elasticity),
        specific_factor=last(economy.specific_factor),
        macro_elasticity=last(economy.macro_elasticity_by_sector),
    )
    one = solve(economy, shock, tolerance=TIGHT)
    other = solve(halves, transformed(shock, last, last), tolerance=TIGHT)
    np.testing.assert_allclose(one.real_income_hat, other.real_income_hat, rtol=1e-7)


@given(cases())
def test_a_second_run_on_the_same_objects_is_the_same(case):
    economy, shock = case
    before = {name: np.array(getattr(economy, name)) for name in ("trade_flow", "tariff_rate")}
    one, other = solve(economy, shock), solve(economy, shock)
    for name in FIELDS:
        np.testing.assert_allclose(
            getattr(one, name), getattr(other, name), rtol=1e-9, atol=1e-12, err_msg=name
        )
    for name, values in before.items():
        np.testing.assert_array_equal(getattr(economy, name), values)
    assert not one.trade_flow_cf.flags.writeable


@given(st.data())
def test_the_answer_does_not_depend_on_the_starting_point(data):
    economy, shock = data.draw(cases())
    elsewhere = solve(economy, data.draw(shocks(economy)))
    cold = solve(economy, shock, tolerance=TIGHT)
    same(cold, solve(economy, shock, tolerance=TIGHT, start=elsewhere))


@given(cases({"countries": 3}))
def test_an_independent_slow_solver_agrees(case):
    economy, shock = case
    slow = slow_solve(economy, shock)
    assert slow.gap < 1e-9
    eq = solve(economy, shock, tolerance=1e-10)
    np.testing.assert_allclose(eq.real_income_hat, slow.real_income_hat, rtol=1e-7)
    np.testing.assert_allclose(eq.price_index_hat, slow.price_index_hat, rtol=1e-7)
    flow = economy.trade_flow.max()
    np.testing.assert_allclose(eq.trade_flow_cf, slow.trade_flow_cf, rtol=1e-7, atol=1e-8 * flow)
    used = economy.factor_income > 0
    np.testing.assert_allclose(eq.wage_hat[used], slow.wage_hat[used], rtol=1e-7)


# ------------------------------------------------------------------------------- going and coming


@given(cases(shock={"tariff_limit": 1.5}))
def test_a_shock_and_its_inverse_return_home(case):
    economy, shock = case
    there = solve(economy, shock, tolerance=TIGHT)
    back = Shock(
        tariff_rate_cf=economy.tariff_rate,
        iceberg_hat=None if shock.iceberg_hat is None else 1 / shock.iceberg_hat,
        export_tax_rate_cf=economy.export_tax_rate,
        productivity_hat=None if shock.productivity_hat is None else 1 / shock.productivity_hat,
        trade_deficit_cf=economy.trade_deficit,
    )
    home = solve(economy.rebased(there), back, tolerance=TIGHT)
    np.testing.assert_allclose(home.real_income_hat * there.real_income_hat, 1.0, rtol=1e-7)
    flow = economy.trade_flow
    np.testing.assert_allclose(home.trade_flow_cf, flow, rtol=1e-6, atol=1e-8 * flow.max())


@given(cases(shock={"tariff_limit": 1.5}))
def test_two_half_steps_are_one_whole_step(case):
    economy, shock = case
    whole = solve(economy, shock, tolerance=TIGHT)
    tariff = np.sqrt((1 + economy.tariff_rate) * (1 + whole.tariff_rate_cf)) - 1
    first = solve(economy, Shock(tariff_rate_cf=tariff), tolerance=TIGHT)
    second = solve(economy.rebased(first), shock, tolerance=TIGHT)
    np.testing.assert_allclose(
        first.real_income_hat * second.real_income_hat, whole.real_income_hat, rtol=1e-7
    )


@given(cases())
def test_the_rebased_answer_is_an_equilibrium_that_stays(case):
    eq = solve(*case, tolerance=TIGHT)
    economy = case[0].rebased(eq)
    np.testing.assert_allclose(economy.income, eq.income_cf, rtol=1e-8)
    np.testing.assert_allclose(solve(economy).real_income_hat, 1.0, rtol=0, atol=1e-8)
