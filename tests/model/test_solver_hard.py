"""Hard cases: solved, or `NotConverged` with residual, worst market and advice.

Never a silent wrong number: whatever comes back must solve every equation written as loops.
"""

import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import EconomyError, NotConverged
from sim.model import Economy, QuantityTarget, Shock, solve
from tests.model.test_equations import check_by_loops
from tests.model.test_properties import recalibrated
from tests.oracles import slow_solve
from tests.strategies import (
    MOBILITIES,
    SEEDS,
    attainable,
    build_economy,
    build_shock,
    cases,
    economies,
    target_on,
    traded,
)

PATIENCE = 10.0
"""Seconds that a case may take, failing included."""


def solved_or_explained(economy, shock):
    """Solve; what comes back must solve every loop, what is raised must explain itself."""
    start = time.perf_counter()
    try:
        eq = solve(economy, shock)
    except NotConverged as error:
        explains(error)
        return None
    finally:
        assert time.perf_counter() - start < PATIENCE
    assert eq.residual <= 1e-9
    check_by_loops(eq, tolerance=1e-7)
    return eq


def explains(error):
    assert error.residual > error.tolerance
    assert error.worst_market.equation
    assert error.worst_market.region
    assert error.advice.startswith("Try")
    assert str(error.worst_market) in str(error)
    assert "\n" not in str(error)
    assert error.exit_code == 2


def hard_economy(seed=0, **changes):
    features = {"countries": 4, "sectors": 3, "mobility": 1.5, "zero_share": 0.3, "critical": 1}
    return build_economy(seed=seed, **(features | changes))


@pytest.mark.parametrize("rate", [0.0, 0.01, 0.25, 1.0, 1.45, 5.0, 10.0])
@pytest.mark.parametrize("mobility", MOBILITIES)
def test_any_tariff_on_one_partner_solves(rate, mobility):
    economy = hard_economy(mobility=mobility)
    tariff = np.array(economy.tariff_rate)
    tariff[0, 1] = rate
    assert solved_or_explained(economy, Shock(tariff_rate_cf=tariff)) is not None


@pytest.mark.parametrize("rate", [0.0, 1.0, 10.0])
@pytest.mark.parametrize("mobility", MOBILITIES)
def test_a_tariff_war_of_all_against_all_solves(rate, mobility):
    economy = hard_economy(mobility=mobility)
    tariff = rate * np.broadcast_to(~np.eye(4, dtype=bool)[:, :, None], (4, 4, 3))
    shock = Shock(tariff_rate_cf=tariff, trade_deficit_cf="balanced")
    assert solved_or_explained(economy, shock) is not None


@pytest.mark.parametrize("theta", [0.5, 1.0, 4.0, 12.0, 20.0])
@pytest.mark.parametrize("mobility", MOBILITIES)
def test_any_trade_elasticity_solves(theta, mobility):
    economy = hard_economy(theta=(theta, theta), mobility=mobility)
    shock = build_shock(economy, seed=1, tariff_limit=1.5, iceberg=True, productivity=True)
    assert solved_or_explained(economy, shock) is not None


@given(SEEDS, SEEDS)
def test_elasticities_from_a_half_to_twenty_in_one_economy_solve(seed, shock_seed):
    economy = hard_economy(seed=seed, theta=(0.5, 20.0))
    shock = build_shock(economy, seed=shock_seed, tariff_limit=10.0, iceberg=True)
    assert solved_or_explained(economy, shock) is not None


@given(cases({"zero_share": 0.6}))
def test_zero_shares_stay_zero(case):
    economy, shock = case
    eq = solved_or_explained(economy, shock)
    assert eq is not None
    assert (eq.trade_flow_cf[economy.trade_flow == 0] == 0).all()
    assert (eq.price_index_hat[economy.expenditure == 0] == 1).all()


@pytest.mark.parametrize("mobility", MOBILITIES)
def test_a_country_cut_off_from_the_start_keeps_to_itself(mobility):
    economy = hard_economy(mobility=mobility, zero_share=0.0)
    flow = np.array(economy.trade_flow)
    flow[0, 1:] = flow[1:, 0] = 0.0
    closed = recalibrated(
        economy, trade_flow=flow, input_share=0.1 * economy.input_share, tariff_rate=0.0
    )
    tariff = np.full((4, 4, 3), 0.5)
    tariff[np.arange(4), np.arange(4)] = 0.0
    eq = solved_or_explained(closed, Shock(tariff_rate_cf=tariff))
    assert eq is not None
    assert eq.real_income_hat[0] == pytest.approx(1.0, abs=1e-7)
    assert eq.trade_flow_cf[0, 1:].sum() == 0


@pytest.mark.parametrize("wall", [10.0, 100.0, 1e4])
def test_walls_around_a_country_lead_to_autarky(wall):
    economy = hard_economy(zero_share=0.0, critical=0, theta=(4.0, 8.0))
    iceberg = np.ones(economy.trade_flow.shape)
    iceberg[0, 1:] = iceberg[1:, 0] = wall
    eq = solved_or_explained(economy, Shock(iceberg_hat=iceberg, trade_deficit_cf="balanced"))
    assert eq is not None
    assert eq.trade_share_cf[0, 0].min() > 1 - 10 * wall**-3


@pytest.mark.parametrize("quantity", [0.5, 1e-2, 1e-4])
@pytest.mark.parametrize("rent_share", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("elasticity", [0.15, 0.9, 1.0])
def test_a_cap_down_to_a_ban_solves(quantity, rent_share, elasticity):
    economy = hard_economy(zero_share=0.0, critical=0)
    economy = recalibrated(economy, input_elasticity=np.array([elasticity, 1.0, 1.0]))
    target = target_on(economy, (0, 1, 0), "cap", quantity, rent_share)
    eq = solved_or_explained(economy, Shock(targets=(target,)))
    assert eq is not None
    assert eq.target_quantity_hat[0] == pytest.approx(quantity, rel=1e-7)
    assert eq.shadow_rate[0] > 0


@pytest.mark.parametrize("rent_share", [0.0, 1.0])
def test_a_ban_on_all_destinations_solves(rent_share):
    economy = hard_economy(zero_share=0.0)
    ban = QuantityTarget(None, ("C1",), ("S0",), "cap", 1e-4, rent_share)
    eq = solved_or_explained(economy, Shock(targets=(ban,)))
    assert eq is not None
    assert eq.target_quantity_hat[0] == pytest.approx(1e-4, rel=1e-7)


@given(st.data())
@settings(max_examples=12)
def test_three_targets_and_tariffs_at_once_solve_or_explain_themselves(data):
    economy = data.draw(economies(countries=4))
    shock = data.draw(shocks_with_targets(economy))
    eq = solved_or_explained(economy, shock)
    if eq is not None:
        met_or_slack(eq)


@st.composite
def shocks_with_targets(draw, economy):
    random = np.random.default_rng(draw(SEEDS))
    cells = [traded(economy)[x] for x in random.permutation(len(traded(economy)))[:3]]
    made = tuple(
        target_on(economy, cell, "cap", random.uniform(0.05, 1.2), random.choice([0.0, 0.5, 1.0]))
        if random.random() < 0.6
        else target_on(economy, cell, "floor", random.uniform(0.8, 1.4))
        for cell in cells
    )
    base = build_shock(
        economy, seed=draw(SEEDS), tariff_limit=draw(st.sampled_from([0.0, 0.5, 1.5]))
    )
    return Shock(tariff_rate_cf=base.tariff_rate_cf, targets=made)


def met_or_slack(eq):
    for target, rate, quantity in zip(
        eq.shock.targets, eq.shadow_rate, eq.target_quantity_hat, strict=True
    ):
        excess = math.log(quantity / target.quantity_hat) * (1 if target.kind == "cap" else -1)
        assert excess <= 1e-7
        assert rate == 0 or abs(excess) <= 1e-7


@given(attainable(limit=3, countries=3))
def test_three_targets_that_can_be_met_are_met(case):
    eq = solved_or_explained(case.economy, Shock(targets=case.targets))
    assert eq is not None
    met_or_slack(eq)


def test_a_floor_that_takes_more_than_all_income_is_explained():
    economy = hard_economy(sectors=1, countries=2, zero_share=0.0, critical=0)
    greedy = (
        target_on(economy, (0, 1, 0), "floor", 30.0),
        target_on(economy, (1, 0, 0), "cap", 0.1),
    )
    with pytest.raises(NotConverged) as caught:
        solve(economy, Shock(targets=greedy))
    explains(caught.value)
    assert "target" in caught.value.advice


def test_a_surplus_beyond_all_income_is_explained():
    """The slow solver agrees that the country would have less than nothing to spend."""
    economy = hard_economy(zero_share=0.0, critical=0)
    gift = economy.factor_income[0].sum() * 1.5
    shock = Shock(trade_deficit_cf=np.array([-gift, gift, 0.0, 0.0]))
    with pytest.raises(NotConverged) as caught:
        solve(economy, shock)
    explains(caught.value)
    with np.errstate(all="ignore"):
        slow = slow_solve(economy, shock, passes=300)
    assert slow.gap > 1e-9 or slow.income_cf.min() < 0


def test_a_tolerance_beyond_reach_is_explained():
    economy = hard_economy()
    shock = build_shock(economy, seed=1, tariff_limit=1.5)
    with pytest.raises(NotConverged) as caught:
        solve(economy, shock, tolerance=1e-30)
    explains(caught.value)
    assert caught.value.residual < 1e-9


def test_too_few_iterations_never_pass_for_an_answer():
    economy = hard_economy()
    shock = build_shock(economy, seed=1, tariff_limit=10.0)
    try:
        eq = solve(economy, shock, max_iterations=2)
    except NotConverged as error:
        explains(error)
    else:
        check_by_loops(eq, tolerance=1e-7)


def test_a_solve_prints_nothing_and_warns_of_nothing(capfd):
    for seed in range(5):
        solved_or_explained(
            hard_economy(seed), build_shock(hard_economy(seed), seed=seed, tariff_limit=10.0)
        )
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("tariff_rate_cf", np.zeros((2, 2, 1)), "shape"),
        ("tariff_rate_cf", np.full((4, 4, 3), -1.0), "above -1"),
        ("tariff_rate_cf", np.full((4, 4, 3), np.nan), "finite"),
        ("iceberg_hat", np.zeros((4, 4, 3)), "above 0"),
        ("productivity_hat", np.full((4, 3), np.inf), "finite"),
        ("trade_deficit_cf", np.ones(4), "sum to zero"),
        ("trade_deficit_cf", "none", "balanced"),
    ],
)
def test_a_shock_that_does_not_fit_is_refused_with_advice(name, value, words):
    with pytest.raises(EconomyError, match=words):
        solve(hard_economy(), Shock(**{name: value}))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"trade_flow": -np.ones((4, 4, 3))}, "trade_flow"),
        ({"trade_elasticity": 0.0}, "trade_elasticity"),
        ({"factor_mobility": 0.5}, "factor_mobility"),
        ({"input_share": np.full((4, 3, 3), 0.5)}, "final demand|input_share"),
        ({"importers": ("A", "A", "B", "C")}, "importers"),
        ({"tariff_rate": np.zeros(3)[:, None]}, "tariff_rate"),
    ],
)
def test_numbers_that_are_no_economy_are_refused(change, words):
    with pytest.raises(EconomyError, match=words):
        recalibrated(hard_economy(), **change)


def test_a_start_from_another_economy_is_refused():
    one, other = hard_economy(0), hard_economy(1)
    with pytest.raises(EconomyError, match="another economy"):
        solve(one, Shock(), start=solve(other))


def test_negative_final_demand_is_clipped_only_on_request():
    flow = np.array([[[10.0, 1.0], [1.0, 1.0]], [[1.0, 1.0], [10.0, 8.0]]])
    shares = np.zeros((2, 2, 2))
    shares[0, 1, 0] = 0.5
    inputs = {
        "importers": ("A", "B"),
        "sectors": ("X", "Y"),
        "trade_flow": flow,
        "tariff_rate": 0.0,
        "input_share": shares,
        "trade_elasticity": 4.0,
    }
    with pytest.raises(EconomyError, match="final demand of A for Y"):
        Economy.calibrate(**inputs)
    clipped = Economy.calibrate(**inputs, clip_negative_final_demand=True)
    assert not clipped.is_balanced
    based = clipped.rebased(solve(clipped, Shock()))
    assert np.abs(based.identity_gaps()).max() < 1e-8
