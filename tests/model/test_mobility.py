"""Factor mobility: kappa = 1, kappa = inf and specific factors against closed forms."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from sim.model import Economy, Shock, solve
from tests.model.test_properties import recalibrated
from tests.strategies import MOBILITIES, SEEDS, build_economy, build_shock, cases, economies

TIGHT = 1e-11


@given(cases({"mobility": 1.0}))
def test_kappa_one_factors_stay_and_take_the_whole_change(case):
    economy, shock = case
    eq = solve(economy, shock, tolerance=TIGHT)
    np.testing.assert_allclose(
        eq.factor_income_cf, economy.factor_income * eq.wage_hat, rtol=1e-9, atol=1e-12
    )


@given(cases({"mobility": math.inf, "specific": False}))
def test_kappa_inf_pays_one_wage_in_a_country(case):
    eq = solve(*case, tolerance=TIGHT)
    np.testing.assert_allclose(
        eq.wage_hat, eq.wage_hat[:, :1] * np.ones_like(eq.wage_hat), rtol=1e-9
    )
    total = eq.factor_income_cf.sum(axis=1) / eq.economy.factor_income.sum(axis=1)
    np.testing.assert_allclose(total, eq.wage_hat[:, 0], rtol=1e-9)


@given(cases({"specific": False}))
def test_factor_shares_follow_wages_with_elasticity_kappa(case):
    """Share of sector j in factor income, change factor = (w_hat / Phi_hat)^kappa."""
    economy, shock = case
    kappa = economy.factor_mobility[0]
    if math.isinf(kappa):
        return
    eq = solve(economy, shock, tolerance=TIGHT)
    used = economy.factor_income > 0
    total = eq.factor_income_cf.sum(axis=1) / economy.factor_income.sum(axis=1)
    hat = np.where(used, eq.factor_income_cf / np.where(used, economy.factor_income, 1), 1)
    wanted = (eq.wage_hat / total[:, None]) ** kappa
    np.testing.assert_allclose((hat / total[:, None])[used], wanted[used], rtol=1e-8)


@given(SEEDS, st.integers(2, 4), st.integers(1, 4), st.sampled_from(MOBILITIES), st.booleans())
def test_real_income_is_home_shares_and_factor_shares(seed, countries, sectors, mobility, nested):
    """Galle, Rodriguez-Clare and Yi (2023), no inputs or tariffs, balanced trade:

    real income hat = prod_j home_share_hat^(-alpha/M) factor_share_hat^(-alpha/kappa), where M,
    the elasticity of home against foreign, is theta but in nested demand.
    """
    economy = build_economy(
        seed=seed,
        countries=countries,
        sectors=sectors,
        mobility=mobility,
        inputs=False,
        tariffs=False,
        nested=nested,
    )
    economy = economy.rebased(solve(economy, Shock(trade_deficit_cf="balanced"), tolerance=1e-12))
    random = np.random.default_rng(seed)
    iceberg = np.exp(random.normal(0, 0.3, economy.trade_flow.shape))
    iceberg[np.arange(countries), np.arange(countries)] = 1.0
    eq = solve(economy, Shock(iceberg_hat=iceberg), tolerance=TIGHT)
    home = np.einsum("nnj->nj", eq.trade_share_cf) / np.einsum("nnj->nj", economy.trade_share)
    share_cf = eq.factor_income_cf / eq.factor_income_cf.sum(axis=1, keepdims=True)
    share = economy.factor_income / economy.factor_income.sum(axis=1, keepdims=True)
    parts = home ** (-1 / economy.macro_elasticity_by_sector) * (share_cf / share) ** (
        -1 / mobility
    )
    wanted = np.prod(parts**economy.consumption_share, axis=1)
    np.testing.assert_allclose(eq.real_income_hat, wanted, rtol=1e-8)


def mirror_world(mobility, theta, own, weight=0.5):
    """Two countries that mirror each other, two sectors, no inputs: wages cannot move apart."""
    flow = np.empty((2, 2, 2))
    for n in range(2):
        flow[n, n], flow[n, 1 - n] = own, 1 - own
    flow *= np.array([weight, 1 - weight])
    return Economy.calibrate(
        importers=("A", "B"),
        sectors=("X", "Y"),
        trade_flow=flow,
        tariff_rate=0.0,
        input_share=np.zeros((2, 2, 2)),
        trade_elasticity=theta,
        factor_mobility=mobility,
    )


@pytest.mark.parametrize("mobility", MOBILITIES)
@pytest.mark.parametrize("rate", [0.1, 1.0, 10.0])
def test_a_mirrored_tariff_war_has_a_closed_form(mobility, rate):
    theta, own, weight = 4.0, 0.7, 0.5
    economy = mirror_world(mobility, theta, own)
    tariff = np.zeros((2, 2, 2))
    tariff[0, 1], tariff[1, 0] = rate, rate
    eq = solve(economy, Shock(tariff_rate_cf=tariff), tolerance=TIGHT)
    spread = own + (1 - own) * (1 + rate) ** -theta
    price, foreign = spread ** (-1 / theta), (1 - own) * (1 + rate) ** -theta / spread
    income = 1 / (1 - foreign * rate / (1 + rate))
    np.testing.assert_allclose(eq.wage_hat, 1.0, rtol=1e-9)
    np.testing.assert_allclose(eq.price_index_hat, price, rtol=1e-9)
    np.testing.assert_allclose(eq.real_income_hat, income / price, rtol=1e-9)
    np.testing.assert_allclose(
        eq.trade_flow_cf[0, 1], weight * income * foreign / (1 + rate), rtol=1e-9
    )


@pytest.mark.parametrize("theta", [0.5, 2.0, 8.0, 20.0])
def test_two_countries_one_sector_against_a_scalar_equation(theta):
    """Relative wage from the one trade-balance equation that is left, by bisection."""
    home_share = np.array([0.8, 0.6])
    income = np.array([2.0, 1.0])
    flow = np.zeros((2, 2, 1))
    for n in range(2):
        flow[n, n, 0], flow[n, 1 - n, 0] = (
            home_share[n] * income[n],
            (1 - home_share[n]) * income[n],
        )
    economy = Economy.calibrate(
        importers=("A", "B"),
        sectors=("X",),
        trade_flow=flow,
        tariff_rate=0.0,
        input_share=np.zeros((2, 1, 1)),
        trade_elasticity=theta,
    )
    rate = 0.5
    tariff = np.zeros((2, 2, 1))
    tariff[0, 1] = rate
    eq = solve(economy, Shock(tariff_rate_cf=tariff, trade_deficit_cf="balanced"), tolerance=TIGHT)

    def imports(log_wage):
        """Customs value of what each buys from the other at relative wage A / B."""
        wage = np.exp(np.array([log_wage, 0.0]))
        base = np.array([flow[0].sum() - (1 - home_share[0]) * income[0] + flow[1, 0, 0], 0.0])
        base[1] = flow[:, 1, 0].sum()
        bought = np.empty(2)
        for n, wall in ((0, 1 + rate), (1, 1.0)):
            offer = (1 - home_share[n]) * (wage[1 - n] * wall) ** -theta
            share = offer / (offer + home_share[n] * wage[n] ** -theta)
            bought[n] = share * base[n] * wage[n] / (wall - share * (wall - 1))
        return bought[0] - bought[1]

    relative = math.exp(brentq(imports, -3, 3, xtol=1e-14))
    assert eq.wage_hat[0, 0] / eq.wage_hat[1, 0] == pytest.approx(relative, rel=1e-8)


@given(cases({"mobility": math.inf, "specific": False, "critical": 1}, {"tariff_limit": 1.5}))
def test_all_factors_specific_is_kappa_one(case):
    economy, shock = case
    fixed = recalibrated(economy, specific_factor=np.ones(economy.gross_output.shape, dtype=bool))
    stuck = recalibrated(economy, factor_mobility=1.0)
    one, other = solve(fixed, shock, tolerance=TIGHT), solve(stuck, shock, tolerance=TIGHT)
    np.testing.assert_allclose(one.real_income_hat, other.real_income_hat, rtol=1e-8)
    used = economy.factor_income > 0
    np.testing.assert_allclose(one.wage_hat[used], other.wage_hat[used], rtol=1e-7)


@given(cases({"specific": True, "sectors": 4}))
def test_a_specific_factor_keeps_its_supply_and_leaves_the_pool_to_the_others(case):
    economy, shock = case
    eq = solve(economy, shock, tolerance=TIGHT)
    fixed, kappa = economy.specific_factor, economy.factor_mobility[0]
    income = economy.factor_income
    np.testing.assert_allclose(eq.factor_income_cf[fixed], (income * eq.wage_hat)[fixed], rtol=1e-9)
    for n in range(len(economy.importers)):
        pool = ~fixed[n] & (income[n] > 0)
        if not pool.any():
            continue
        total = eq.factor_income_cf[n, pool].sum() / income[n, pool].sum()
        weight, wage = income[n, pool] / income[n, pool].sum(), eq.wage_hat[n, pool]
        power = 1.0 if math.isinf(kappa) else kappa
        assert total == pytest.approx(((weight * wage**power).sum()) ** (1 / power), rel=1e-8)


def test_a_very_large_kappa_is_kappa_inf():
    economy = build_economy(seed=11, countries=3, sectors=3, mobility=1000.0)
    shock = build_shock(economy, seed=1, tariff_limit=1.5)
    free = solve(recalibrated(economy, factor_mobility=math.inf), shock, tolerance=TIGHT)
    near = solve(economy, shock, tolerance=TIGHT)
    np.testing.assert_allclose(near.real_income_hat, free.real_income_hat, rtol=1e-3)


@pytest.mark.parametrize("seed", range(3))
def test_sector_incomes_move_apart_less_as_factors_move_more(seed):
    spread = []
    for mobility in (1.0, 1.5, 3.0, 10.0):
        economy = build_economy(seed=seed, countries=3, sectors=4, mobility=mobility)
        eq = solve(economy, build_shock(economy, seed=seed, tariff_limit=1.5))
        spread.append(np.log(eq.wage_hat).std(axis=1).mean())
    assert spread == sorted(spread, reverse=True)


@given(economies(), st.floats(0.3, 3))
def test_in_autarky_productivity_is_all_that_real_income_knows(economy, factor):
    """No trade, no inputs: Cobb-Douglas demand leaves factors where they are, whatever kappa."""
    countries = len(economy.importers)
    flow = economy.trade_flow * np.eye(countries)[:, :, None]
    closed = recalibrated(
        economy,
        trade_flow=flow,
        tariff_rate=0.0,
        export_tax_rate=0.0,
        input_share=np.zeros_like(economy.input_share),
    )
    productivity = np.ones(economy.gross_output.shape)
    productivity[:, 0] = factor
    eq = solve(closed, Shock(productivity_hat=productivity), tolerance=TIGHT)
    np.testing.assert_allclose(
        eq.real_income_hat, factor ** closed.consumption_share[:, 0], rtol=1e-8
    )
