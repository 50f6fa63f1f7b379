"""Nested demand: home against foreign, and foreign origins with each other.

The laws of `test_properties`, `test_laws_of_trade`, `test_transition` and `test_targets` draw
nested economies too; here is what holds of the two tiers by themselves.
"""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
import tests.model.caliendo_parro as paper
from sim.errors import EconomyError
from sim.model import Economy, QuantityTarget, Shock, solve, solve_path
from sim.model.demand import demand_system
from sim.model.demand.ces import CesDemand
from sim.model.demand.nested import NestedDemand
from tests.model.test_demand import costs_of, foreign_flows, laid_out, policy_of
from tests.model.test_properties import FIELDS, TIGHT, raised, same, split
from tests.raw_data import needs
from tests.strategies import SEEDS, build_economy, cases, economies, shocks, traded

HAIR = 1 - 1e-12
"""Times theta: as good as theta, and nested all the same."""


def hardly_nested(economy):
    """An economy that takes the nested equations although M is theta but for rounding."""
    return replace(economy, macro_elasticity=HAIR * economy.trade_elasticity)


# ---------------------------------------------------------------------------- M = m is one CES


@given(economies(nested=False), SEEDS)
def test_with_one_elasticity_both_forms_of_the_equations_are_one_ces(economy, seed):
    cost, trade_cost = costs_of(economy, seed)
    price, share = CesDemand(economy).sourcing(cost, trade_cost)
    nested_price, nested_share = NestedDemand(economy).sourcing(cost, trade_cost)
    np.testing.assert_allclose(nested_price, price, rtol=1e-12)
    np.testing.assert_allclose(nested_share, share, rtol=1e-11, atol=1e-300)
    one, other = CesDemand(economy).baseline_slope(), NestedDemand(economy).baseline_slope()
    np.testing.assert_allclose(other.elasticity, one.elasticity, rtol=1e-12)
    there = economy.trade_flow > 0
    weights = other.index_weight[there], one.index_weight[there]
    np.testing.assert_allclose(*weights, rtol=1e-11, atol=1e-14)
    chosen = foreign_flows(economy)
    passes = [
        laid_out(demand, economy, trade_cost, chosen).trade(np.log(cost).T, economy.expenditure.T)
        for demand in (CesDemand(economy), NestedDemand(economy))
    ]
    for name in ("log_price", "bought", "sold", "output"):
        left, right = (getattr(trade, name) for trade in passes)
        np.testing.assert_allclose(left, right, rtol=1e-11, atol=1e-13, err_msg=name)
    for left, right in zip(passes[0].chosen, passes[1].chosen, strict=True):
        np.testing.assert_allclose(left, right, rtol=1e-11, atol=1e-13)


@given(cases({"nested": False}, {"tariff_limit": 1.5}))
def test_with_one_elasticity_the_answer_is_that_of_one_ces(case):
    """Walls of 1000 % are left out: behind them what a solve leaves open is magnified to 1e-7."""
    economy, shock = case
    one = solve(economy, shock, tolerance=TIGHT)
    same(solve(hardly_nested(economy), shock, tolerance=TIGHT), one, rtol=1e-8)


@given(cases({"nested": False}, {"tariff_limit": 1.5, "deficits": "fixed"}))
@settings(max_examples=20)
def test_with_one_elasticity_the_path_is_that_of_one_ces(case):
    economy, shock = case
    one = solve_path(economy, [shock] * 4 + [Shock()], tolerance=TIGHT)
    other = solve_path(hardly_nested(economy), [shock] * 4 + [Shock()], tolerance=TIGHT)
    for month, twin in zip(one.months, other.months, strict=True):
        same(month, twin, rtol=1e-8)


@needs("caliendo_parro2015/xbilat1993.txt")
def test_with_one_elasticity_caliendo_and_parro_are_reproduced():
    world = paper.balanced_world()
    one = paper.published_measures(solve(world, paper.nafta(), tolerance=TIGHT))
    nested = solve(hardly_nested(world), paper.nafta(), tolerance=TIGHT)
    for name, values in paper.published_measures(nested).items():
        np.testing.assert_allclose(values, one[name], rtol=0, atol=1e-8, err_msg=name)


@given(cases({"nested": False}))
def test_elasticities_that_are_all_the_same_are_solved_as_one_ces(case):
    economy, shock = case
    given_twice = replace(economy, macro_elasticity=economy.trade_elasticity)
    assert not given_twice.is_nested
    assert isinstance(demand_system(given_twice), CesDemand)
    one, other = solve(economy, shock), solve(given_twice, shock)
    for name in FIELDS:
        np.testing.assert_allclose(
            getattr(other, name), getattr(one, name), rtol=1e-12, atol=1e-14, err_msg=name
        )


@given(economies(nested=True), SEEDS)
def test_a_sector_with_one_elasticity_is_one_ces_within_a_nested_economy(economy, seed):
    cost, trade_cost = costs_of(economy, seed)
    single = economy.macro_elasticity == economy.trade_elasticity
    for nested, plain in zip(
        demand_system(economy).sourcing(cost, trade_cost),
        CesDemand(economy).sourcing(cost, trade_cost),
        strict=True,
    ):
        np.testing.assert_allclose(nested[..., single], plain[..., single], rtol=1e-11)
    assert economy.is_nested
    assert not single[0]


# -------------------------------------------------------------------------- what the tiers imply


@given(economies(nested=True), SEEDS)
def test_the_slope_is_the_one_of_the_two_tiers(economy, seed):
    """m (1 - s_i) + M s_i (1 - lam*), at the shares that hold at these costs."""
    cost, trade_cost = costs_of(economy, seed)
    chosen = foreign_flows(economy)
    j, n, i = chosen
    demand = demand_system(economy)
    fast = laid_out(demand, economy, trade_cost, chosen)
    response = fast.trade(np.log(cost).T, economy.expenditure.T).chosen
    _, share = demand.sourcing(cost, trade_cost)
    at_home = share[n, n, j]
    within = share[n, i, j] / (1 - at_home)
    micro, macro = economy.trade_elasticity[j], economy.macro_elasticity[j]
    wanted = micro * (1 - within) + macro * within * at_home
    got = response.elasticity * (1 - response.index_weight)
    np.testing.assert_allclose(got, wanted, rtol=1e-8, atol=1e-9)


@given(st.data(), st.floats(1.01, 5.0))
def test_what_a_foreign_seller_loses_goes_to_other_foreigners_first(data, rise):
    """They gain more than home does, in percent, and a larger part than under one elasticity."""
    economy = data.draw(economies(nested=True, countries=4, zero_share=0.0))
    n, i, j = data.draw(st.sampled_from(traded(economy)))
    if economy.macro_elasticity[j] == economy.trade_elasticity[j]:
        j = 0
    others = [k for k in range(4) if k not in (n, i)]
    dearer = np.ones(economy.trade_flow.shape)
    dearer[n, i, j] = rise
    before = economy.trade_share[n, :, j]

    def gains(world):
        """Change factors of the buyer's shares, and what others gain of the seller's loss."""
        cost = np.ones(economy.gross_output.shape)
        after = demand_system(world).sourcing(cost, dearer)[1][n, :, j]
        return after / before, (after - before)[others].sum() / (before - after)[i]

    hat, part = gains(economy)
    assert hat[i] < 1 < hat[n] < hat[others].min()
    np.testing.assert_allclose(hat[others], hat[others[0]], rtol=1e-9)
    plain_hat, plain_part = gains(replace(economy, macro_elasticity=None))
    np.testing.assert_allclose(plain_hat[others], plain_hat[n], rtol=1e-9)
    assert plain_part < part < 1


@given(cases({"nested": True}, {"tariff_limit": 1.5}))
def test_two_steps_are_one_step(case):
    """The rebased economy keeps both elasticities, and its shares are those of the answer."""
    economy, shock = case
    whole = solve(economy, shock, tolerance=TIGHT)
    tariff = np.sqrt((1 + economy.tariff_rate) * (1 + whole.tariff_rate_cf)) - 1
    first = solve(economy, Shock(tariff_rate_cf=tariff), tolerance=TIGHT)
    between = economy.rebased(first)
    np.testing.assert_array_equal(between.macro_elasticity, economy.macro_elasticity)
    second = solve(between, shock, tolerance=TIGHT)
    np.testing.assert_allclose(
        first.real_income_hat * second.real_income_hat, whole.real_income_hat, rtol=1e-7
    )
    np.testing.assert_allclose(second.trade_share_cf, whole.trade_share_cf, atol=1e-8)


@given(st.data(), SEEDS)
def test_third_buyers_do_not_see_that_a_seller_was_split(data, seed):
    """At given costs: not even if the halves trade with each other, as parts of a country do.

    The halves see it: what each buys from the other has come to be foreign.
    """
    economy = data.draw(economies(nested=True))
    halves, twin, _ = split(economy, np.full((2, 2), 0.25))
    cost, trade_cost = costs_of(economy, seed)
    price, share = demand_system(economy).sourcing(cost, trade_cost)
    new_price, new_share = demand_system(halves).sourcing(cost[twin], trade_cost[twin][:, twin])
    third = slice(0, len(economy.importers) - 1)
    np.testing.assert_allclose(new_price[third], price[third], rtol=1e-10)
    joined = np.array(new_share[third, :-1])
    joined[:, -1] += new_share[third, -1]
    np.testing.assert_allclose(joined, share[third], rtol=1e-9, atol=1e-13)
    np.testing.assert_allclose(new_share[third, -1], new_share[third, -2], rtol=1e-9, atol=1e-300)


def test_halves_that_trade_with_each_other_buy_less_abroad_than_the_whole():
    """Of what the whole bought at home half is foreign to a half: it competes with the rest."""
    economy = build_economy(seed=2, countries=3, sectors=2, nested=True)
    halves, twin, _ = split(economy, np.full((2, 2), 0.25))
    wall = np.ones(economy.trade_flow.shape)
    wall[2, 0] = 2.0
    _, share = demand_system(economy).sourcing(np.ones((3, 2)), wall)
    _, new = demand_system(halves).sourcing(np.ones((4, 2)), wall[twin][:, twin])
    loss = economy.trade_share[2, 0] - share[2, 0]
    new_loss = halves.trade_share[2, 0] - new[2, 0]
    nested = economy.macro_elasticity < economy.trade_elasticity
    assert (new_loss[nested] > 1.01 * loss[nested]).all()


# ------------------------------------------------------------------------- shares that are zero


def economy_without(which):
    """Three countries, one sector besides the usual ones in which something is missing."""
    economy = build_economy(seed=5, countries=3, sectors=3, mobility=1.5, nested=True)
    flow = np.array(economy.trade_flow)
    if which == "imports":
        flow[0, 1:, 1] = 0.0
    elif which == "home":
        flow[0, 0, 1] = 0.0
    elif which == "market":
        flow[0, :, 1] = 0.0
    elif which == "seller":
        flow[:, 0, 1] = 0.0
    return Economy.calibrate(
        importers=economy.importers,
        sectors=economy.sectors,
        trade_flow=flow,
        tariff_rate=economy.tariff_rate,
        input_share=np.zeros((3, 3, 3)),
        trade_elasticity=economy.trade_elasticity,
        macro_elasticity=0.3 * economy.trade_elasticity,
        factor_mobility=1.5,
    )


MISSING = ("imports", "home", "market", "seller")


@pytest.mark.parametrize("which", MISSING)
def test_missing_shares_have_their_limits(which):
    economy = economy_without(which)
    cost, trade_cost = costs_of(economy, 8)
    price, share = demand_system(economy).sourcing(cost, trade_cost)
    own_cost = trade_cost[0, 0, 1] * cost[0, 1]
    one_price, one_share = CesDemand(economy).sourcing(cost, trade_cost)
    if which == "imports":
        assert price[0, 1] == pytest.approx(own_cost, rel=1e-12)
        assert share[0, :, 1] == pytest.approx([1, 0, 0], rel=1e-12)
    elif which == "market":
        assert price[0, 1] == pytest.approx(1.0, rel=1e-15)
        assert share[0, :, 1] == pytest.approx([0, 0, 0], abs=0)
    else:
        # Only origins from abroad are left: one CES over them.
        assert price[0, 1] == pytest.approx(one_price[0, 1], rel=1e-12)
        assert share[0, :, 1] == pytest.approx(one_share[0, :, 1], rel=1e-12)
    trade = demand_system(economy).laid_out(policy_of(economy, trade_cost))
    fast = trade.trade(np.log(cost).T, economy.expenditure.T)
    np.testing.assert_allclose(np.exp(fast.log_price).T, price, rtol=1e-11)
    slope = demand_system(economy).baseline_slope()
    assert ((slope.index_weight >= 0) & (slope.index_weight <= 1)).all()


@pytest.mark.parametrize("which", MISSING)
def test_missing_shares_stay_missing_in_answers_and_paths(which):
    economy = economy_without(which)
    shock = Shock(tariff_rate_cf=raised(economy, (0, 1, 0), 0.5))
    eq = solve(economy, shock, tolerance=TIGHT)
    path = solve_path(economy, [shock] * 120, resourcing=0.3, reallocation=0.3)
    for answer in (eq, path.months[0], path.months[-1]):
        assert (answer.trade_flow_cf[economy.trade_flow == 0] == 0).all()
    np.testing.assert_allclose(path.real_income_hat[-1], eq.real_income_hat, rtol=1e-6)


@pytest.mark.parametrize("nested", [False, True])
def test_a_market_that_is_walled_off_buys_at_home(nested):
    """Beyond what numbers can hold: no fault, and the price of autarky."""
    economy = build_economy(seed=1, countries=3, sectors=2, nested=nested, theta=(6.0, 9.0))
    wall = np.ones(economy.trade_flow.shape)
    wall[0, 1:] = 1e60
    price, share = demand_system(economy).sourcing(np.ones((3, 2)), wall)
    home_share = economy.trade_share[0, 0]
    autarky = home_share ** (-1 / economy.macro_elasticity_by_sector)
    np.testing.assert_allclose(price[0], autarky, rtol=1e-9)
    np.testing.assert_allclose(share[0, 0], 1.0, rtol=1e-9)


# ------------------------------------------------------------------------ targets and their limits


@pytest.mark.parametrize("quantity", [0.9, 0.3, 1e-4])
def test_a_cap_costs_more_where_home_replaces_less(quantity):
    """A cap on all that a country buys abroad: its wedge has to move home against foreign."""
    economy = build_economy(seed=9, countries=3, sectors=2, mobility=1.5, nested=True)
    target = QuantityTarget(("C0",), None, ("S0",), "cap", quantity)
    eq, one = (
        solve(world, Shock(targets=(target,)))
        for world in (economy, replace(economy, macro_elasticity=None))
    )
    assert eq.target_quantity_hat[0] == pytest.approx(quantity, rel=1e-8)
    assert eq.shadow_rate[0] > 1.5 * one.shadow_rate[0]
    assert eq.iterations < 3 * one.iterations


# ----------------------------------------------------------------------- what may not be written


@pytest.mark.parametrize(
    ("macro", "words"),
    [
        ([5.0, 1.0], "macro_elasticity of S0 is 5, above its trade_elasticity 4"),
        (4.5, "macro_elasticity of S0 is 4.5, above its trade_elasticity 4"),
        ([0.5, 0.0], "macro_elasticity holds 0"),
        ([0.5, np.nan], "macro_elasticity holds values that are not finite"),
        ([0.5, 0.5, 0.5], r"macro_elasticity has shape \(3,\)"),
    ],
)
def test_an_elasticity_that_cannot_be_is_refused_in_a_line(macro, words):
    economy = build_economy(seed=1, countries=2, sectors=2)
    with pytest.raises(EconomyError, match=words):
        Economy.calibrate(
            importers=economy.importers,
            sectors=economy.sectors,
            trade_flow=economy.trade_flow,
            tariff_rate=economy.tariff_rate,
            input_share=np.zeros((2, 2, 2)),
            trade_elasticity=[4.0, 6.0],
            macro_elasticity=macro,
        )


@given(st.data(), st.floats(0.1, 0.9))
def test_an_economy_is_nested_where_any_sector_is(data, part):
    economy = data.draw(economies(nested=False))
    macro = np.array(economy.trade_elasticity)
    macro[-1] *= part
    nested = replace(economy, macro_elasticity=macro)
    assert nested.is_nested
    assert isinstance(demand_system(nested), NestedDemand)
    assert not nested.macro_elasticity.flags.writeable
    shock = data.draw(shocks(economy, tariff_limit=0.25))
    assert solve(nested, shock).residual <= 1e-9


# ---------------------------------------------------------------------------- theta by itself


@given(economies(), SEEDS)
@settings(max_examples=20)
def test_other_theta_keep_sectors_with_one_tier_and_never_fall_below_m(economy, seed):
    before, macro = economy.trade_elasticity, economy.macro_elasticity_by_sector
    theta = before * np.random.default_rng(seed).uniform(0.1, 3.0, before.shape)
    moved = economy.with_trade_elasticity(theta)
    assert moved.trade_elasticity.tolist() == theta.tolist()
    wanted = np.where(macro == before, theta, np.minimum(macro, theta))
    assert moved.macro_elasticity_by_sector.tolist() == wanted.tolist()
    assert moved.is_nested <= economy.is_nested
    assert moved.with_trade_elasticity(theta).macro_elasticity_by_sector.tolist() == wanted.tolist()


def test_other_theta_of_an_economy_with_one_tier_leave_it_one():
    economy = build_economy(countries=3, sectors=2, seed=1)
    assert economy.with_trade_elasticity(3.0).macro_elasticity is None
    with pytest.raises(EconomyError, match="trade_elasticity"):
        economy.with_trade_elasticity(-1.0)


def test_nothing_outside_the_model_replaces_theta_alone():
    """M would stay above a lower theta, and a sector with one tier get two."""
    root = Path(sim.__file__).parent
    writes = re.compile(r"replace\([^()]*(\([^()]*\)[^()]*)*\btrade_elasticity=")
    files = {
        str(file.relative_to(root))
        for file in root.rglob("*.py")
        if writes.search(file.read_text(encoding="utf-8"))
    }
    assert files == {"model/economy.py"}
