"""The path, month by month: what it converges to, what it keeps, what every month obeys."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tests.oracles_transition as slow
from sim.errors import EconomyError, NotConverged
from sim.model import Economy, Shock, TransitionPath, solve, solve_path
from tests.model.test_properties import FIELDS, raised, recalibrated, same
from tests.strategies import (
    MOBILITIES,
    SEEDS,
    attainable,
    build_economy,
    build_shock,
    cases,
    economies,
    target_on,
)
from tests.strategies import shocks as any_shock

TIGHT = 1e-11
PACES = st.sampled_from([{"resourcing": 0.1}, {"resourcing": 0.4, "reallocation": 0.2}])
STATES = ("trade_share", "log_efficiency", "factor_units_hat")


@st.composite
def paths(draw, most=4, economy=None, shock=None):
    """An economy, and a policy for each of a few months; some months repeat the last policy."""
    world = draw(economies(**(economy or {})))
    months = [draw(any_shock(world, **(shock or {"tariff_limit": 1.5})))]
    for _ in range(draw(st.integers(1, most - 1))):
        kind = draw(st.sampled_from(["same", "same", "new", "none"]))
        choice = {"same": lambda: months[-1], "none": Shock}
        new = choice.get(kind, lambda: draw(any_shock(world, **(shock or {"tariff_limit": 1.5}))))
        months.append(new())
    return world, months


def a_path_economy(**changes):
    features = {"seed": 3, "countries": 4, "sectors": 3, "mobility": 1.5, "critical": 1}
    return build_economy(**(features | changes))


# ------------------------------------------------------------------------------- standing still


@given(economies(), PACES)
def test_no_policy_gives_a_constant_path(economy, pace):
    path = solve_path(economy, [Shock()] * 4, **pace)
    assert path.residual <= 1e-12
    for month, state in zip(path.months, path.states, strict=True):
        np.testing.assert_allclose(month.trade_flow_cf, economy.trade_flow, rtol=1e-12)
        for name in ("wage_hat", "price_index_hat", "real_income_hat", "quantity_hat"):
            np.testing.assert_allclose(getattr(month, name), 1.0, rtol=0, atol=1e-12)
        np.testing.assert_allclose(state.log_efficiency, 0.0, rtol=0, atol=1e-12)
        np.testing.assert_allclose(state.factor_units_hat, 1.0, rtol=0, atol=1e-12)


@given(cases(shock={"tariff_limit": 1.5}))
def test_a_path_that_has_arrived_stays(case):
    """Constant policy, constant path: nothing moves once the long run is reached."""
    economy, shock = case
    pace = {"resourcing": 0.6, "reallocation": 0.6, "tolerance": TIGHT}
    path = solve_path(economy, [shock] * 45, **pace)
    same(path.months[-2], path.months[-1], rtol=1e-9)


@given(paths(shock={}))
def test_with_everything_chosen_every_month_it_is_the_static_model(case):
    economy, months = case
    path = solve_path(economy, months, resourcing=1, reallocation=1, tolerance=TIGHT)
    for month, shock in zip(path.months, months, strict=True):
        same(month, solve(economy, shock, tolerance=TIGHT), rtol=1e-8)


@given(attainable(limit=2))
def test_with_everything_chosen_every_month_targets_are_those_of_the_static_model(case):
    shock = Shock(targets=case.targets)
    path = solve_path(case.economy, [Shock(), shock], resourcing=1, reallocation=1, tolerance=TIGHT)
    static = solve(case.economy, shock, tolerance=TIGHT)
    np.testing.assert_allclose(path.months[1].shadow_rate, static.shadow_rate, rtol=1e-6, atol=1e-8)
    same(path.months[1], static, rtol=1e-6)


@given(cases(shock={"tariff_limit": 1.5}))
@settings(max_examples=25)
def test_a_permanent_shock_converges_to_the_static_long_run(case):
    economy, shock = case
    path = solve_path(economy, [shock] * 100, resourcing=0.2, reallocation=0.2, tolerance=1e-10)
    last, static = path.months[-1], solve(economy, shock, tolerance=1e-10)
    np.testing.assert_allclose(last.real_income_hat, static.real_income_hat, rtol=1e-6)
    np.testing.assert_allclose(last.price_index_hat, static.price_index_hat, rtol=1e-6)
    scale = static.trade_flow_cf.max()
    np.testing.assert_allclose(
        last.trade_flow_cf, static.trade_flow_cf, rtol=1e-6, atol=1e-6 * scale
    )


@given(cases(shock={"tariff_limit": 1.5, "deficits": "fixed"}))
@settings(max_examples=15)
def test_a_passing_shock_is_forgotten(case):
    economy, shock = case
    path = solve_path(economy, [shock] * 3 + [Shock()] * 90, resourcing=0.2, reallocation=0.2)
    np.testing.assert_allclose(path.real_income_hat[-1], 1.0, rtol=0, atol=1e-6)
    scale = economy.trade_flow.max()
    np.testing.assert_allclose(
        path.months[-1].trade_flow_cf, economy.trade_flow, rtol=1e-5, atol=1e-7 * scale
    )


# ------------------------------------------------------------------------------ every single month


@given(paths(), PACES)
def test_shares_sum_to_one_every_month(case, pace):
    economy, months = case
    total = solve_path(economy, months, **pace).trade_share.sum(axis=2)
    market = economy.expenditure > 0
    np.testing.assert_allclose(total[:, market], 1.0, rtol=0, atol=1e-9)
    assert (total[:, ~market] == 0).all()


@given(paths(), PACES)
def test_walras_holds_every_month_although_no_equation_asks_for_it(case, pace):
    economy, months = case
    world = economy.factor_income.sum()
    for month in solve_path(economy, months, tolerance=TIGHT, **pace).months:
        flow = month.trade_flow_cf
        net = flow.sum(axis=(1, 2)) - flow.sum(axis=(0, 2))
        np.testing.assert_allclose(net, month.trade_deficit_cf, rtol=0, atol=1e-9 * world)
        assert month.factor_income_cf.sum() == pytest.approx(world, rel=1e-9)


@given(paths(), PACES)
def test_every_month_solves_its_equations_written_as_loops(case, pace):
    economy, months = case
    pace = {"reallocation": 0.03} | pace
    state = slow.SlowState.baseline(economy, pace["resourcing"], pace["reallocation"])
    path = solve_path(economy, months, tolerance=1e-10, **pace)
    for month, handed_on in zip(path.months, path.states, strict=True):
        state = slow.check_month_by_loops(month, state)
        close = {"rtol": 0, "atol": 1e-7}
        np.testing.assert_allclose(handed_on.log_efficiency, state.efficiency.sum(axis=1), **close)
        np.testing.assert_allclose(handed_on.factor_units_hat, state.units, rtol=1e-8)


@given(attainable(limit=2, countries=3), PACES)
@settings(max_examples=25)
def test_every_month_with_targets_solves_its_equations_written_as_loops(case, pace):
    """Halfway targets: with suppliers kept for the month, the whole distance can be too far."""
    economy, pace = case.economy, {"reallocation": 0.03} | pace
    shock = Shock(targets=tuple(halfway(target) for target in case.targets))
    state = slow.SlowState.baseline(economy, pace["resourcing"], pace["reallocation"])
    try:
        path = solve_path(economy, [shock] * 3, tolerance=1e-10, **pace)
    except NotConverged as error:
        reached = error.month - 1  # the wedges it takes can exceed what a month can bear
        path = solve_path(economy, [shock] * reached, tolerance=1e-10, **pace)
    for month in path.months:
        state = slow.check_month_by_loops(month, state)
        for target, rate, quantity in zip(
            shock.targets, month.shadow_rate, month.target_quantity_hat, strict=True
        ):
            excess = np.log(quantity / target.quantity_hat) * (1 if target.kind == "cap" else -1)
            assert excess <= 1e-7
            assert rate <= 1e-7 or abs(excess) <= 1e-7


def halfway(target):
    return replace(target, quantity_hat=target.quantity_hat**0.5)


@given(cases({"countries": 3, "sectors": 2}, {"tariff_limit": 1.5, "deficits": "fixed"}))
@settings(max_examples=12)
def test_an_independent_slow_solver_finds_the_same_month(case):
    economy, shock = case
    pace = {"resourcing": 0.3, "reallocation": 0.3}
    first = slow.SlowState.baseline(economy, 0.3, 0.3)
    month = solve_path(economy, [shock], tolerance=1e-10, **pace).months[0]
    answer = slow.SlowMonth(economy, shock, first).solve(tolerance=1e-10)
    assert answer.gap < 1e-9
    np.testing.assert_allclose(month.real_income_hat, answer.real_income_hat, rtol=1e-7)
    np.testing.assert_allclose(month.price_index_hat, answer.price_index_hat, rtol=1e-7)
    scale = economy.trade_flow.max()
    np.testing.assert_allclose(
        month.trade_flow_cf, answer.trade_flow_cf, rtol=1e-7, atol=1e-8 * scale
    )


# ------------------------------------------------------------------------- what must not matter


@given(paths(most=5), st.integers(0, 5), PACES)
def test_the_path_does_not_depend_on_the_length_simulated(case, cut, pace):
    """Stopping early, or stopping and going on, changes nothing: nobody looks ahead."""
    alike = partial(np.testing.assert_allclose, rtol=1e-9, atol=1e-12)
    economy, months = case
    whole = solve_path(economy, months, **pace)
    part = solve_path(economy, months[:cut], **pace)
    assert len(part) == len(months[:cut])
    for month, other in zip(part.months, whole.months, strict=False):
        for name in FIELDS:
            alike(getattr(month, name), getattr(other, name))
    resumed = solve_path(economy, months[cut:], start=part, **pace)
    assert len(resumed) == len(whole)
    for name in STATES:
        alike(getattr(resumed, name), getattr(whole, name))
    alike(resumed.arrival_flow, whole.arrival_flow)


@given(paths(), SEEDS)
def test_a_branch_leaves_the_trunk_as_it_was(case, seed):
    economy, months = case
    trunk = solve_path(economy, months)
    before = np.array(trunk.trade_share)
    branch = solve_path(
        economy, [build_shock(economy, seed=seed, tariff_limit=0.25)], start=trunk.until(1)
    )
    assert len(branch) == 2
    assert branch.months[0] is trunk.months[0]
    np.testing.assert_array_equal(trunk.trade_share, before)
    assert not trunk.trade_share.flags.writeable


@given(cases(shock={"tariff_limit": 1.5}))
def test_equal_shocks_need_not_be_one_object(case):
    economy, shock = case
    copy = Shock(**{name: getattr(shock, name) for name in Shock.__dataclass_fields__})
    one = solve_path(economy, [shock] * 3, tolerance=TIGHT)
    other = solve_path(economy, [shock, copy, shock], tolerance=TIGHT)
    same(one.months[-1], other.months[-1], rtol=1e-8)


@given(paths(), st.floats(1e-6, 1e9))
def test_homogeneity_the_unit_of_money_does_not_matter(case, unit):
    economy, months = case
    scaled = recalibrated(economy, trade_flow=unit * economy.trade_flow)

    def changed(shock):
        deficit = shock.trade_deficit_cf
        fields = {name: getattr(shock, name) for name in Shock.__dataclass_fields__}
        if deficit is not None and not isinstance(deficit, str):
            fields["trade_deficit_cf"] = unit * deficit
        return Shock(**fields)

    one = solve_path(economy, months, tolerance=TIGHT)
    other = solve_path(scaled, [changed(shock) for shock in months], tolerance=TIGHT)
    np.testing.assert_allclose(one.real_income_hat, other.real_income_hat, rtol=1e-7)
    np.testing.assert_allclose(one.trade_share, other.trade_share, atol=1e-7)


# ------------------------------------------------------------------------------ how fast it moves


def small_flow_economy(theta=4.0, share=0.001):
    """A flow between large countries that neither of them notices: costs stay put."""
    flow = np.array([[0.9, 0.1, share], [0.1, 0.9, 0.5], [share, 0.5, 0.9]])[:, :, None]
    return Economy.calibrate(
        importers=("A", "B", "C"),
        sectors=("X",),
        trade_flow=flow,
        tariff_rate=0.0,
        input_share=np.zeros((3, 1, 1)),
        trade_elasticity=theta,
    )


def elasticity_by_horizon(economy, months, points=1e-4, **pace):
    """Fall of the customs value of C's sales to A over a tariff, in logs, by month."""
    tariff = np.array(economy.tariff_rate)
    tariff[0, 2] += points
    path = solve_path(economy, [Shock(tariff_rate_cf=tariff)] * months, tolerance=TIGHT, **pace)
    flow = np.array([month.trade_flow_cf[0, 2].sum() for month in path.months])
    return np.log(flow / economy.trade_flow[0, 2].sum()) / np.log(1 + points)


@pytest.mark.parametrize("zeta", [0.05, 0.1, 0.3, 1.0])
def test_the_elasticity_of_trade_value_grows_from_one_to_one_plus_theta(zeta):
    """Partial effect: 1 + theta (1 - (1 - zeta)^h) in month h."""
    months = 120
    got = elasticity_by_horizon(small_flow_economy(), months, resourcing=zeta)
    wanted = -1 - 4.0 * (1 - (1 - zeta) ** np.arange(1, months + 1))
    np.testing.assert_allclose(got, wanted, rtol=0.01)
    assert (np.diff(got) <= 1e-6).all()


@given(cases({"mobility": 1.5, "specific": False}, {"tariff_limit": 1.5, "deficits": "fixed"}))
def test_factors_move_bit_by_bit(case):
    """With mu = 0 nobody moves, as under kappa = 1; with mu = 1 all who want to have moved."""
    economy, shock = case
    stuck = solve_path(economy, [shock], resourcing=1, reallocation=0, tolerance=TIGHT)
    fixed = solve(recalibrated(economy, factor_mobility=1.0), shock, tolerance=TIGHT)
    np.testing.assert_allclose(stuck.real_income_hat[0], fixed.real_income_hat, rtol=1e-8)
    assert (stuck.factor_units_hat == 1).all()
    free = solve_path(economy, [shock], resourcing=1, reallocation=1, tolerance=TIGHT)
    static = solve(economy, shock, tolerance=TIGHT)
    np.testing.assert_allclose(free.real_income_hat[0], static.real_income_hat, rtol=1e-8)


@pytest.mark.parametrize("mobility", MOBILITIES)
def test_a_country_without_factors_that_can_move_solves(mobility):
    """One sector works with specific factors, the other does not exist: nobody can move."""
    features = {"seed": 0, "countries": 3, "sectors": 2, "specific": True}
    economy = build_economy(**features, mobility=mobility, theta=(6.0, 6.0))
    flow, fixed = np.array(economy.trade_flow), np.array(economy.specific_factor)
    flow[:, 2, 1] = 0.0
    fixed[2, 0] = True
    economy = recalibrated(
        economy, trade_flow=flow, specific_factor=fixed, input_share=np.zeros((3, 2, 2))
    )
    shock = Shock(tariff_rate_cf=raised(economy, (0, 1, 0), 0.5))
    month = solve_path(economy, [shock], resourcing=1, reallocation=1, tolerance=TIGHT).months[0]
    same(month, solve(economy, shock, tolerance=TIGHT))
    path = solve_path(economy, [shock] * 3, resourcing=0.1, reallocation=0.2)
    assert path.residual < 1e-9


def test_sectors_may_differ_in_pace():
    economy = a_path_economy(critical=0)
    tariff = np.array(economy.tariff_rate)
    tariff[0, 1] += 0.5
    zeta = np.array([1.0, 0.05, 0.05])
    path = solve_path(economy, [Shock(tariff_rate_cf=tariff)] * 3, resourcing=zeta)
    moved = np.abs(path.trade_share[0, 0, 1] / economy.trade_share[0, 1] - 1)
    assert moved[0] > 5 * moved[1:].max()


# ------------------------------------------------------------------------------------ goods afloat


@given(paths(), st.integers(0, 5))
def test_goods_arrive_later_and_none_are_lost(case, lag):
    economy, months = case
    path = solve_path(economy, months, transit_months=lag)
    home = np.eye(len(economy.importers), dtype=bool)
    for t, arrived in enumerate(path.arrival_flow):
        source = path.months[t - lag].trade_flow_cf if t >= lag else economy.trade_flow
        np.testing.assert_array_equal(arrived[~home], source[~home])
        np.testing.assert_array_equal(arrived[home], path.months[t].trade_flow_cf[home])


def test_pairs_may_differ_in_transit():
    economy = a_path_economy()
    shock = build_shock(economy, seed=1, tariff_limit=0.5)
    lag = np.zeros((4, 4))
    lag[0, 1] = 2
    path = solve_path(economy, [shock] * 3, transit_months=lag)
    np.testing.assert_array_equal(path.arrival_flow[1, 0, 1], economy.trade_flow[0, 1])
    np.testing.assert_array_equal(path.arrival_flow[2, 0, 1], path.months[0].trade_flow_cf[0, 1])
    np.testing.assert_array_equal(path.arrival_flow[0, 1, 0], path.months[0].trade_flow_cf[1, 0])


# ----------------------------------------------------------------------------------------- refusals


def test_failure_names_the_month():
    economy = a_path_economy(critical=0)
    gift = economy.factor_income[0].sum() * 1.5
    broken = Shock(trade_deficit_cf=np.array([-gift, gift, 0.0, 0.0]))
    with pytest.raises(NotConverged, match="in month 3: residual") as caught:
        solve_path(economy, [Shock(), Shock(), broken])
    assert caught.value.month == 3
    assert caught.value.residual > caught.value.tolerance
    assert caught.value.advice.startswith("Try")
    assert caught.value.exit_code == 2


def test_targets_bind_and_let_go():
    economy = a_path_economy(zero_share=0.0)
    cap = Shock(targets=(target_on(economy, (0, 1, 0), "cap", 0.6),))
    path = solve_path(economy, [Shock(), cap, cap, Shock()])
    assert [len(month.shadow_rate) for month in path.months] == [0, 1, 1, 0]
    rates = [float(month.shadow_rate[0]) for month in path.months[1:3]]
    assert rates[0] > rates[1] > 0
    assert path.months[2].target_quantity_hat[0] == pytest.approx(0.6, rel=1e-7)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"resourcing": 0.0}, "resourcing runs from 0"),
        ({"resourcing": 1.1}, "resourcing runs"),
        ({"resourcing": [0.1, 0.2]}, "resourcing has shape"),
        ({"resourcing": float("nan")}, "not finite"),
        ({"reallocation": -0.1}, "reallocation is -0.1"),
        ({"reallocation": 2}, "reallocation is 2"),
        ({"transit_months": -1}, "transit_months"),
        ({"transit_months": 0.5}, "transit_months"),
    ],
)
def test_a_pace_that_is_none_is_refused_with_advice(options, words):
    with pytest.raises(EconomyError, match=words):
        solve_path(a_path_economy(), [Shock()], **options)


def test_shocks_and_starts_that_do_not_fit_are_refused():
    economy = a_path_economy()
    with pytest.raises(EconomyError, match="shape"):
        solve_path(economy, [Shock(), Shock(tariff_rate_cf=np.zeros((2, 2, 1)))])
    path = solve_path(economy, [Shock()])
    with pytest.raises(EconomyError, match="another economy"):
        solve_path(a_path_economy(seed=4), [Shock()], start=path)
    with pytest.raises(EconomyError, match="another pace"):
        solve_path(economy, [Shock()], start=path, resourcing=0.2)
    with pytest.raises(EconomyError, match="the path has 1 months"):
        path.until(2)
    assert isinstance(solve_path(economy, []), TransitionPath)
