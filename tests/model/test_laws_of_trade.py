"""What trade theory says about the answers: directions, closed forms, derivatives, symmetries."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model import Shock, solve
from tests.model.test_properties import TIGHT, raised, recalibrated
from tests.strategies import MOBILITIES, SEEDS, build_economy, cases, economies, traded


def contested(economy):
    """Cross-border flows whose buyer also buys elsewhere."""
    return [cell for cell in traded(economy) if economy.trade_share[cell] < 1 - 1e-9]


def balanced(economy):
    """The economy after its deficits have gone."""
    return economy.rebased(solve(economy, Shock(trade_deficit_cf="balanced"), tolerance=1e-12))


@given(st.data(), st.floats(0.01, 3.0))
def test_a_higher_tariff_on_a_partner_lowers_that_partners_share(data, points):
    economy = balanced(data.draw(economies()))
    cell = data.draw(st.sampled_from(contested(economy)))
    n, i, j = cell
    eq = solve(economy, Shock(tariff_rate_cf=raised(economy, cell, points)), tolerance=TIGHT)
    assert eq.trade_share_cf[cell] < economy.trade_share[cell]
    others = [m for m in range(len(economy.importers)) if m != i]
    assert eq.trade_share_cf[n, others, j].sum() > economy.trade_share[n, others, j].sum()
    assert eq.quantity_hat[cell] < 1


@given(st.data())
def test_the_share_falls_further_as_the_tariff_rises_further(data):
    """At balanced trade: a deficit has to come in over any wall, and its duty is spending too."""
    economy = balanced(data.draw(economies()))
    cell = data.draw(st.sampled_from(contested(economy)))
    share, start = economy.trade_share[cell], None
    for points in (0.1, 0.5, 2.0, 10.0):
        start = solve(economy, Shock(tariff_rate_cf=raised(economy, cell, points)), start=start)
        assert start.trade_share_cf[cell] < share
        share = start.trade_share_cf[cell]


@given(SEEDS, st.floats(0.5, 12.0), st.sampled_from(MOBILITIES), st.integers(2, 5), st.booleans())
def test_one_sector_without_inputs_obeys_the_acr_formula(seed, theta, mobility, countries, nested):
    """Arkolakis, Costinot and Rodriguez-Clare (2012): real income is home_share_hat^(-1/theta).

    With nested demand it is home_share_hat^(-1/M), M the elasticity of home against foreign:
    whatever happens between foreign origins reaches a buyer through the home share.
    """
    economy = build_economy(
        seed=seed,
        countries=countries,
        sectors=1,
        mobility=mobility,
        inputs=False,
        tariffs=False,
        balanced=True,
        theta=(theta, theta),
        nested=nested,
    )
    random = np.random.default_rng(seed)
    iceberg = np.exp(random.normal(0, 0.4, economy.trade_flow.shape))
    iceberg[np.arange(countries), np.arange(countries)] = 1.0
    eq = solve(economy, Shock(iceberg_hat=iceberg), tolerance=TIGHT)
    home = np.arange(countries)
    home_share_hat = (eq.trade_share_cf / economy.trade_share)[home, home, 0]
    wanted = home_share_hat ** (-1 / economy.macro_elasticity_by_sector[0])
    np.testing.assert_allclose(eq.real_income_hat, wanted, rtol=1e-8)


@given(economies(), SEEDS)
def test_a_small_shock_is_linear_up_to_second_order(economy, seed):
    random = np.random.default_rng(seed)
    shape = economy.trade_flow.shape
    direction = random.uniform(-1, 1, shape) * ~np.eye(shape[0], dtype=bool)[:, :, None]

    def log_income(step):
        tariff = (1 + economy.tariff_rate) * np.exp(step * direction) - 1
        return np.log(solve(economy, Shock(tariff_rate_cf=tariff), tolerance=1e-12).real_income_hat)

    slope = (log_income(1e-4) - log_income(-1e-4)) / 2e-4
    for step in (0.02, 0.005):
        assert np.abs(log_income(step) - step * slope).max() < 40 * step**2


@given(SEEDS, st.integers(2, 4), st.integers(1, 3), st.sampled_from(MOBILITIES), st.booleans())
def test_welfare_of_a_small_shock_is_terms_of_trade_plus_volume_of_trade(
    seed, countries, sectors, mobility, specific
):
    """The envelope theorem behind Caliendo and Parro's published measure, at balanced trade."""
    economy = build_economy(
        seed=seed, countries=countries, sectors=sectors, mobility=mobility, specific=specific
    )
    economy = balanced(economy)
    random = np.random.default_rng(seed)
    abroad = ~np.eye(countries, dtype=bool)[:, :, None]
    step = 1e-4
    factor = np.exp(step * random.uniform(-1, 1, economy.trade_flow.shape) * abroad)
    eq = solve(
        economy, Shock(tariff_rate_cf=(1 + economy.tariff_rate) * factor - 1), tolerance=1e-12
    )
    trade = economy.trade_flow * abroad
    cost = np.log(eq.input_cost_hat)
    terms = (trade.sum(axis=0) * cost).sum(axis=1) - (trade * cost[None]).sum(axis=(1, 2))
    volume = economy.tariff_rate * trade * np.log(eq.quantity_hat)
    welfare = (terms + volume.sum(axis=(1, 2))) / economy.income
    np.testing.assert_allclose(np.log(eq.real_income_hat), welfare, rtol=0, atol=50 * step**2)


@given(cases(shock={"tariff_limit": 1.5}))
def test_welfare_is_continuous_in_theta(case):
    economy, shock = case
    theta = np.asarray(economy.trade_elasticity)
    near = recalibrated(economy, trade_elasticity=theta * (1 + 1e-6))
    gap = solve(near, shock).real_income_hat / solve(economy, shock).real_income_hat - 1
    assert np.abs(gap).max() < 1e-4


@given(SEEDS, st.integers(2, 4), st.integers(1, 3), st.sampled_from(MOBILITIES), st.floats(0.05, 1))
def test_lerner_an_import_tariff_is_an_export_tax(seed, countries, sectors, mobility, rate):
    """At balanced trade a uniform import tariff and a uniform export tax are the same policy."""
    economy = build_economy(
        seed=seed, countries=countries, sectors=sectors, mobility=mobility, zero_share=0.3
    )
    economy = balanced(economy)
    tariff, tax = np.array(economy.tariff_rate), np.array(economy.export_tax_rate)
    tariff[0, 1:] = (1 + tariff[0, 1:]) * (1 + rate) - 1
    tax[1:, 0] = (1 + tax[1:, 0]) * (1 + rate) - 1
    imports = solve(economy, Shock(tariff_rate_cf=tariff), tolerance=TIGHT)
    exports = solve(economy, Shock(export_tax_rate_cf=tax), tolerance=TIGHT)
    np.testing.assert_allclose(imports.real_income_hat, exports.real_income_hat, rtol=1e-8)
    np.testing.assert_allclose(imports.quantity_hat, exports.quantity_hat, rtol=1e-7)


@given(st.data(), st.floats(0.5, 2.0))
def test_an_iceberg_shock_at_home_and_a_productivity_shock_are_the_same(data, factor):
    """Goods that cost more to make everywhere cost as if all of them melted on the way."""
    economy = data.draw(economies())
    i = data.draw(st.integers(0, len(economy.importers) - 1))
    j = data.draw(st.integers(0, len(economy.sectors) - 1))
    iceberg, productivity = np.ones(economy.trade_flow.shape), np.ones(economy.gross_output.shape)
    iceberg[:, i, j] = factor
    productivity[i, j] = 1 / factor
    one = solve(economy, Shock(iceberg_hat=iceberg), tolerance=TIGHT)
    other = solve(economy, Shock(productivity_hat=productivity), tolerance=TIGHT)
    np.testing.assert_allclose(one.real_income_hat, other.real_income_hat, rtol=1e-8)
    np.testing.assert_allclose(one.trade_flow_cf, other.trade_flow_cf, rtol=1e-7, atol=1e-12)


@given(economies(inputs=False, critical=0), st.floats(0.2, 5.0))
def test_growth_everywhere_raises_every_real_income_by_as_much(economy, factor):
    better = np.full(economy.gross_output.shape, factor)
    eq = solve(economy, Shock(productivity_hat=better), tolerance=TIGHT)
    np.testing.assert_allclose(eq.real_income_hat, factor, rtol=1e-8)
    np.testing.assert_allclose(eq.trade_flow_cf, economy.trade_flow, rtol=1e-8)


@given(SEEDS, st.sampled_from(MOBILITIES))
def test_a_world_that_rises_in_price_only_by_cost_gains_from_free_trade_in_sum(seed, mobility):
    """Abolishing all tariffs raises world real income at baseline prices."""
    economy = build_economy(seed=seed, countries=3, sectors=3, mobility=mobility, balanced=True)
    economy = balanced(economy)
    eq = solve(economy, Shock(tariff_rate_cf=np.zeros(economy.trade_flow.shape)), tolerance=TIGHT)
    assert (economy.income * (eq.real_income_hat - 1)).sum() > 0


def test_the_names_of_the_public_api_do_not_change():
    import sim.model

    assert {"Economy", "Equilibrium", "QuantityTarget", "Shock", "solve"} <= set(sim.model.__all__)
    answers = {"real_income_hat", "wage_hat", "price_index_hat", "trade_flow_cf", "income_cf"}
    answers |= {"tariff_revenue_cf", "shadow_rate", "residual", "iterations"}
    for name in answers:
        assert name in sim.model.Equilibrium.__dataclass_fields__


@pytest.mark.parametrize("field", ["tariff_rate_cf", "iceberg_hat"])
def test_the_order_of_two_shocks_does_not_matter(field):
    economy = build_economy(seed=3, countries=3, sectors=2, mobility=1.5, critical=1)
    random = np.random.default_rng(1)
    abroad = ~np.eye(3, dtype=bool)[:, :, None]
    first, second = (1 + 0.3 * abroad * random.random((3, 3, 2)) for _ in range(2))

    def answer(*steps):
        world, income = economy, np.ones(3)
        for factor in steps:
            change = factor if field == "iceberg_hat" else (1 + world.tariff_rate) * factor - 1
            eq = solve(world, Shock(**{field: change}), tolerance=TIGHT)
            world, income = world.rebased(eq), income * eq.real_income_hat
        return income

    np.testing.assert_allclose(answer(first, second), answer(second, first), rtol=1e-8)
