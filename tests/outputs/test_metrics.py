"""Every metric, recomputed from the flows with plain loops."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from sim.model import Economy, QuantityTarget, Shock, solve
from sim.outputs import metrics
from sim.outputs.outcome import Outcome, TargetOutcome
from sim.outputs.results import RunResult
from sim.outputs.table import result_table
from sim.outputs.tonnes import PricedQuantity, Purchases
from sim.outputs.variables import VARIABLES
from sim.pair import DEFAULT_PAIR

REGIONS = ("USA", "CHN", "VNM")
SECTORS = ("FOOD", "RARE", "CARS", "SERV")
PURCHASES = Purchases(
    in_2024=PricedQuantity.of_value(20.0, 8000.0),
    baseline=PricedQuantity.of_value(16.0, 6400.0),
    without=PricedQuantity.of_value(18.0, 7200.0),
    scenario=PricedQuantity.of_value(25.0, 10500.0),
)


def toy_economy():
    rng = np.random.default_rng(7)
    flow = rng.uniform(1.0, 4.0, (3, 3, 4))
    flow[:, :, 3] *= 0.5
    for n in range(3):
        flow[n, n] *= 20.0
    flow[2, 0, 1] = 0.0
    inputs = rng.uniform(0.02, 0.09, (3, 4, 4))
    tariff = rng.uniform(0.0, 0.2, (3, 3, 4))
    for n in range(3):
        tariff[n, n] = 0.0
    tariff[:, :, 3] = 0.0
    return Economy.calibrate(
        importers=REGIONS,
        sectors=SECTORS,
        trade_flow=flow * 1e4,
        tariff_rate=tariff,
        input_share=inputs,
        trade_elasticity=[4.0, 1.5, 6.0, 3.0],
        input_elasticity=[1.0, 0.15, 1.0, 1.0],
        factor_mobility=1.5,
    )


def solved_toy():
    """A tariff on China, a cap on its exports, a floor on its purchases."""
    economy = toy_economy()
    tariff = economy.tariff_rate.copy()
    tariff[0, 1, :3] += 0.5
    targets = (
        QuantityTarget(None, ("CHN",), ("RARE",), "cap", 0.6, rent_share=0.8),
        QuantityTarget(("CHN",), ("USA",), ("FOOD",), "floor", 1.3),
    )
    return economy, solve(economy, Shock(tariff_rate_cf=tariff, targets=targets))


@pytest.fixture(scope="module")
def solved():
    return solved_toy()


FACTOR = np.linspace(0.8, 1.2, 36).reshape(3, 3, 4)
HOUSEHOLDS = np.array([130.0, 500.0, np.nan])


def toy_outcome(solved, pair=DEFAULT_PAIR):
    economy, equilibrium = solved
    return Outcome(
        scenario="toy",
        date=dt.date(2025, 11, 1),
        economy=economy,
        equilibrium=equilibrium,
        tariff_rate=economy.tariff_rate,
        reference_value=metrics.customs_value(economy.trade_flow, FACTOR),
        customs_factor=FACTOR,
        is_goods=np.array([True, True, True, False]),
        households_mn=HOUSEHOLDS,
        targets=(
            TargetOutcome(
                "licence", "cap", "CHN", "TOTAL", "RARE", equilibrium.shadow_rate[0], 0.6
            ),
            TargetOutcome(
                "purchases", "floor", "CHN", "USA", "FOOD", equilibrium.shadow_rate[1], 1.3,
                pledged=25.0, without=18.0, shortfall=7.0, purchases=PURCHASES,
            ),
        ),
        pair=pair,
    )  # fmt: skip


@pytest.fixture(scope="module")
def result(solved):
    manifest = {"scenario": "toy", "labels": {"USA": "United States"}}
    return RunResult(result_table(toy_outcome(solved)), manifest)


def pairs():
    return [(n, i) for n in range(3) for i in range(3) if n != i]


def near(value):
    return pytest.approx(value, rel=1e-9, abs=1e-9)


def test_imports_and_exports_by_pair_and_sector(solved, result):
    economy, eq = solved
    for n, i in pairs():
        total, total_base = 0.0, 0.0
        for j, sector in enumerate(SECTORS):
            cf, base = (
                flow[n, i, j] * FACTOR[n, i, j] for flow in (eq.trade_flow_cf, economy.trade_flow)
            )
            total, total_base = total + cf, total_base + base
            if n < 2:
                assert result.value("imports", REGIONS[n], REGIONS[i], sector) == near(cf)
                assert result.value("imports_change", REGIONS[n], REGIONS[i], sector) == near(
                    cf - base
                )
            if i < 2:
                assert result.value("exports", REGIONS[i], REGIONS[n], sector) == near(cf)
        assert result.value("imports", REGIONS[n], REGIONS[i]) == near(total)
        assert result.value("exports_change", REGIONS[i], REGIONS[n]) == near(total - total_base)
        assert result.baseline_value("imports", REGIONS[n], REGIONS[i]) == near(total_base)
        assert result.percent_change("imports", REGIONS[n], REGIONS[i]) == near(
            100 * (total / total_base - 1)
        )


def test_goods_are_all_sectors_but_services(solved, result):
    _, eq = solved
    for n, i in pairs():
        if n < 2:
            goods = sum(eq.trade_flow_cf[n, i, j] * FACTOR[n, i, j] for j in range(3))
            assert result.value("imports", REGIONS[n], REGIONS[i], "GOODS") == near(goods)
    by_partner = result.breakdown("imports", "partner", region="USA", sector="GOODS")
    assert sum(by_partner.values()) == near(result.value("imports", "USA", sector="GOODS"))


def test_sums_over_partners_and_sectors(result):
    for region in REGIONS:
        by_partner = sum(result.breakdown("imports", "partner", region=region).values())
        by_sector = sum(result.breakdown("imports", "sector", region=region).values())
        assert by_partner == near(result.value("imports", region))
        assert by_sector == near(result.value("imports", region))


def test_effective_tariff_rates(solved, result):
    economy, eq = solved
    law_cf = eq.shock.tariff_rate_cf
    for n in range(2):
        duty = fixed_duty = base_duty = value = base_value = 0.0
        for i in range(3):
            for j in range(3):  # goods only
                if n == i:
                    continue
                cf, base = (
                    flow[n, i, j] * FACTOR[n, i, j]
                    for flow in (eq.trade_flow_cf, economy.trade_flow)
                )
                duty, value = duty + law_cf[n, i, j] * cf, value + cf
                fixed_duty, base_value = fixed_duty + law_cf[n, i, j] * base, base_value + base
                base_duty += economy.tariff_rate[n, i, j] * base
        before = "effective_tariff_rate_before_substitution"
        assert result.value("effective_tariff_rate", REGIONS[n]) == near(100 * duty / value)
        assert result.value(before, REGIONS[n]) == near(100 * fixed_duty / base_value)
        assert result.value(before + "_change", REGIONS[n]) == near(
            100 * (fixed_duty - base_duty) / base_value
        )
    assert result.value("effective_tariff_rate", "USA", "CHN", "CARS") == near(
        100 * law_cf[0, 1, 2]
    )
    assert result.find("effective_tariff_rate", "USA", "CHN", "SERV") is None or not law_cf[0, 1, 3]


def test_substitution_lowers_the_average_rate(result):
    before = result.value("effective_tariff_rate_before_substitution", "USA")
    assert result.value("effective_tariff_rate", "USA") < before


def test_tariff_revenue(solved, result):
    economy, eq = solved
    for n in range(3):
        revenue, base = 0.0, 0.0
        for i in range(3):
            for j in range(4):
                if n != i:
                    revenue += (
                        eq.shock.tariff_rate_cf[n, i, j]
                        * eq.trade_flow_cf[n, i, j]
                        * FACTOR[n, i, j]
                    )
                    base += (
                        economy.tariff_rate[n, i, j] * economy.trade_flow[n, i, j] * FACTOR[n, i, j]
                    )
        assert result.value("tariff_revenue", REGIONS[n]) == near(revenue)
        assert result.value("tariff_revenue_change", REGIONS[n]) == near(revenue - base)
    shares = result.breakdown("tariff_revenue", "partner", region="USA")
    assert sum(shares.values()) == near(result.value("tariff_revenue", "USA"))


def test_prices(solved, result):
    economy, eq = solved
    for n, region in enumerate(REGIONS):
        log_price = 0.0
        for j, sector in enumerate(SECTORS):
            log_price += economy.consumption_share[n, j] * np.log(eq.price_index_hat[n, j])
            assert result.value("price_index", region, sector=sector) == near(
                100 * eq.price_index_hat[n, j]
            )
        assert result.value("consumer_price_index", region) == near(100 * np.exp(log_price))
        assert result.value("consumer_price_index_change", region) == near(
            100 * np.expm1(log_price)
        )


def test_consumer_prices_at_fixed_wages_and_profits(solved, result):
    economy, eq = solved
    name = "consumer_price_index_at_fixed_factor_income"
    for n, region in enumerate(REGIONS):
        earned, earned_cf = 0.0, 0.0
        for j in range(len(SECTORS)):
            earned += economy.factor_income[n, j]
            earned_cf += eq.factor_income_cf[n, j]
        price = 100 * eq.consumer_price_hat[n] * earned / earned_cf
        assert result.value(name, region) == near(price)
        assert result.value(f"{name}_change", region) == near(price - 100)
        real = result.value("real_factor_income", region) / earned
        assert result.value(name, region) == near(100 / real)


def test_prices_at_fixed_incomes_do_not_depend_on_the_numeraire(solved):
    """Twice as many dollars everywhere: only prices against a numeraire would move."""
    _, eq = solved
    doubled = replace(
        eq,
        consumer_price_hat=2 * eq.consumer_price_hat,
        factor_income_cf=2 * eq.factor_income_cf,
    )
    ours = metrics.consumer_price_at_fixed_factor_income_hat(eq)
    assert metrics.consumer_price_at_fixed_factor_income_hat(doubled) == near(ours)


def test_price_outside_over_inside(solved, result):
    economy, eq = solved
    spending, paid = 0.0, 0.0
    for n in (0, 2):
        spending += economy.expenditure[n, 1]
        paid += economy.expenditure[n, 1] * eq.price_index_hat[n, 1]
    gap = 100 * paid / spending / eq.price_index_hat[1, 1]
    assert result.value("price_outside_over_inside", "CHN", sector="RARE") == near(gap)
    assert gap > 100


def test_real_income_and_equivalent_variation(solved, result):
    economy, eq = solved
    for n, region in enumerate(REGIONS):
        income = (
            sum(eq.factor_income_cf[n])
            + eq.tariff_revenue_cf[n]
            + eq.export_tax_revenue_cf[n]
            + eq.trade_deficit_cf[n]
        )
        hat = income / economy.income[n] / eq.consumer_price_hat[n]
        gain = economy.income[n] * (hat - 1)
        assert result.value("real_income_change", region) == near(100 * (hat - 1))
        assert result.value("equivalent_variation", region) == pytest.approx(gain, rel=1e-7)
        household = result.find("equivalent_variation_per_household", region)
        if np.isnan(HOUSEHOLDS[n]):
            assert household is None
        else:
            assert household == pytest.approx(gain / HOUSEHOLDS[n], rel=1e-7)


def test_real_factor_income_and_output_by_sector(solved, result):
    economy, eq = solved
    for n, region in enumerate(REGIONS):
        for j, sector in enumerate(SECTORS):
            value_added = (
                1 - sum(economy.input_share[n, k, j] for k in range(4))
            ) * economy.gross_output[n, j]
            real = eq.factor_income_cf[n, j] / eq.consumer_price_hat[n]
            volume = eq.gross_output_cf[n, j] / eq.input_cost_hat[n, j]
            assert result.value("real_factor_income_change", region, sector=sector) == near(
                real - value_added
            )
            assert result.value("gross_output", region, sector=sector) == near(volume)
        assert result.value("real_factor_income", region) == near(
            sum(result.breakdown("real_factor_income", "sector", region=region).values())
        )


def border_price(economy, eq, n, i, j):
    if economy.trade_flow[n, i, j] == 0:
        return eq.input_cost_hat[i, j]
    return eq.trade_flow_cf[n, i, j] / (economy.trade_flow[n, i, j] * eq.quantity_hat[n, i, j])


def test_border_price_is_cost_times_export_tax_and_waste(solved):
    economy, eq = solved
    price = metrics.border_price_hat(economy, eq)
    assert price[0, 2] == pytest.approx(eq.input_cost_hat[2], rel=1e-9)
    shadow = 1 + eq.shadow_rate[0]
    assert price[0, 1, 1] == pytest.approx(eq.input_cost_hat[1, 1] * shadow, rel=1e-9)


def test_terms_of_trade(solved, result):
    economy, eq = solved
    for n, region in enumerate(REGIONS):
        sold = sold_now = bought = bought_now = 0.0
        for m in range(3):
            for j in range(4):
                if m != n:
                    sold += economy.trade_flow[m, n, j]
                    sold_now += economy.trade_flow[m, n, j] * border_price(economy, eq, m, n, j)
                    bought += economy.trade_flow[n, m, j]
                    bought_now += economy.trade_flow[n, m, j] * border_price(economy, eq, n, m, j)
        assert result.value("terms_of_trade", region) == near(
            100 * (sold_now / sold) / (bought_now / bought)
        )


def test_border_pass_through(solved, result):
    economy, eq = solved
    price = tariff = 0.0
    for j in range(4):
        change = np.log((1 + eq.shock.tariff_rate_cf[0, 1, j]) / (1 + economy.tariff_rate[0, 1, j]))
        tariff += economy.trade_flow[0, 1, j] * change
        price += economy.trade_flow[0, 1, j] * (change + np.log(border_price(economy, eq, 0, 1, j)))
    assert result.value("border_pass_through", "USA", "CHN") == near(price / tariff)
    assert result.find("border_pass_through", "USA", "VNM") is None


def test_trade_diversion(solved, result):
    economy, eq = solved
    moved = lost = 0.0
    for j in range(3):
        moved += (eq.trade_flow_cf[0, 2, j] - economy.trade_flow[0, 2, j]) * FACTOR[0, 2, j]
        lost -= (eq.trade_flow_cf[0, 1, j] - economy.trade_flow[0, 1, j]) * FACTOR[0, 1, j]
    assert result.value("trade_diversion", "USA", "VNM") == near(moved)
    assert result.value("trade_diversion_share", "USA", "VNM") == near(100 * moved / lost)
    assert result.find("trade_diversion", "USA", "CHN") is None


def test_licence_rent_and_shadow_rate(solved, result):
    _, eq = solved
    shadow = 1 + eq.shadow_rate[0]
    kept = shadow / (1 + 0.2 * (shadow - 1))
    rent = sum(eq.trade_flow_cf[n, 1, 1] * (1 - 1 / kept) for n in (0, 2))
    assert result.value("licence_rent", "CHN") == near(rent)
    assert result.value("licence_rent", "USA") == 0
    assert result.value("shadow_rate", "CHN", sector="RARE") == near(100 * (shadow - 1))


def test_purchases(solved, result):
    _, eq = solved
    rate = 1 + eq.shock.tariff_rate_cf[1, 0, 0]
    paid = rate / (1 + eq.shadow_rate[1])
    subsidy = (rate - paid) * eq.trade_flow_cf[1, 0, 0]
    assert result.value("purchase_subsidy", "CHN") == near(subsidy)
    assert result.value("purchase_shortfall", "CHN", "USA", "FOOD") == near(7.0)
    assert result.value("purchase_quantity", "CHN", "USA", "FOOD") == near(25.0)
    assert result.value("purchase_quantity_change", "CHN", "USA", "FOOD") == near(9.0)
    assert result.value("purchase_price", "CHN", "USA", "FOOD") == near(420.0)
    assert result.value("purchase_price_change", "CHN", "USA", "FOOD") == near(20.0)
    assert result.value("shadow_rate", "CHN", "USA", "FOOD") == near(100 * eq.shadow_rate[1])


def test_first_order_welfare_of_caliendo_and_parro(solved, result):
    economy, eq = solved
    received = eq.input_cost_hat[None] * (1 + eq.export_tax_rate_cf) / (1 + economy.export_tax_rate)
    for n, region in enumerate(REGIONS):
        terms = volume = 0.0
        for m in range(3):
            for j in range(4):
                if m == n:
                    continue
                terms += economy.trade_flow[m, n, j] * (received[m, n, j] - 1)
                terms -= economy.trade_flow[n, m, j] * (received[n, m, j] - 1)
                if economy.trade_flow[n, m, j]:
                    value_hat = eq.trade_flow_cf[n, m, j] / economy.trade_flow[n, m, j]
                    duty = economy.tariff_rate[n, m, j] * economy.trade_flow[n, m, j]
                    volume += duty * (value_hat - received[n, m, j])
        assert result.value("welfare_terms_of_trade", region) == near(
            100 * terms / economy.income[n]
        )
        assert result.value("welfare_volume_of_trade", region) == near(
            100 * volume / economy.income[n]
        )


def test_no_shock_changes_nothing(solved):
    economy, _ = solved
    calm = solve(economy)
    outcome = Outcome(
        "calm", dt.date(2025, 11, 1), economy, calm, economy.tariff_rate,
        metrics.customs_value(economy.trade_flow), np.ones((3, 3, 4)),
        np.array([True, True, True, False]), HOUSEHOLDS,
    )  # fmt: skip
    table = RunResult(result_table(outcome), {"scenario": "calm"})
    changes = [
        row["value"] for row in table.table.to_pylist() if row["variable"].endswith("_change")
    ]
    assert np.abs(changes).max() < 1e-6


BASES_OF_PATHS = (
    "stock_use", "stock_arrivals", "stock_held", "licence_filed", "licence_approved",
    "licence_refused", "licence_pending", "licence_supply", "purchase_committed",
    "purchase_bought", "purchase_shipped", "purchase_arrived", "purchase_fulfilment",
    "purchase_duty_cut", "imports_with_stocks", "stock_bought_ahead",
)  # fmt: skip
OF_PATHS = {name + end for name in BASES_OF_PATHS for end in ("", "_change")}
"""Variables that no static run reports."""


def test_every_variable_is_explained_and_reported(result):
    for name, variable in VARIABLES.items():
        assert variable.id == name
        assert variable.label
        assert variable.definition.endswith(".")
        assert variable.sign
        assert (name.removesuffix("_change") + "_change") in VARIABLES
    reported = set(result.table["variable"].unique().to_pylist())
    # Pass-through compares two changes already.
    assert reported == set(VARIABLES) - OF_PATHS - {"border_pass_through_change"}


def test_table_units_are_those_of_the_registry(result):
    for row in result.table.to_pylist():
        assert row["unit"] == VARIABLES[row["variable"]].unit
        assert np.isfinite(row["value"])
