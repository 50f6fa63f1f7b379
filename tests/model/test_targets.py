"""Caps and floors: met or slack, and each the same as the tax, waste or subsidy it stands for."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import EconomyError
from sim.model import QuantityTarget, Shock, solve
from tests.oracles import slow_solve
from tests.strategies import attainable, build_economy, shocks, target_on, traded

MET = 1e-7
TIGHT = 1e-11


def economy_for(seed, **changes):
    features = {"countries": 3, "sectors": 3, "mobility": 1.5, "critical": 1, "export_taxes": True}
    return build_economy(seed=seed, **(features | changes))


@given(attainable())
def test_targets_are_met_or_slack_with_a_zero_wedge(case):
    eq = solve(case.economy, Shock(targets=case.targets))
    for target, rate, quantity in zip(
        case.targets, eq.shadow_rate, eq.target_quantity_hat, strict=True
    ):
        sign = 1 if target.kind == "cap" else -1
        excess = sign * np.log(quantity / target.quantity_hat)
        assert rate >= 0
        assert excess <= MET
        assert rate <= MET or abs(excess) <= MET


@given(attainable(limit=1))
def test_the_wedge_is_the_one_that_made_the_target(case):
    """One target: a cap one way and a floor the other way can be met by more than one pair."""
    eq = solve(case.economy, Shock(targets=case.targets), tolerance=TIGHT)
    np.testing.assert_allclose(np.log1p(eq.shadow_rate), case.shadow_log, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(eq.real_income_hat, case.answer.real_income_hat, rtol=1e-7)


@given(attainable())
def test_the_quantity_of_a_target_is_the_sum_of_its_flows(case):
    economy = case.economy
    eq = solve(economy, Shock(targets=case.targets))
    base = economy.trade_flow / (1 + economy.export_tax_rate)
    for target, quantity in zip(case.targets, eq.target_quantity_hat, strict=True):
        covered = target.mask(economy)
        total = (base * eq.quantity_hat)[covered].sum() / base[covered].sum()
        assert quantity == pytest.approx(total, rel=1e-12)


@given(attainable(limit=2), st.data())
def test_slack_targets_change_nothing(case, data):
    """Even where a cap and a floor could hold each other up in a second equilibrium."""
    economy = case.economy
    shock = data.draw(shocks(economy, tariff_limit=0.25))
    free = solve(economy, shock, tolerance=TIGHT)
    slack = tuple(
        replace(t, quantity_hat=float(free.quantity_hat[t.mask(economy)].max()) * 1.01)
        if t.kind == "cap"
        else replace(t, quantity_hat=float(free.quantity_hat[t.mask(economy)].min()) * 0.99)
        for t in case.targets
    )
    eq = solve(economy, replace(shock, targets=slack), tolerance=TIGHT)
    np.testing.assert_allclose(eq.shadow_rate, 0.0, rtol=0, atol=1e-9)
    np.testing.assert_allclose(eq.real_income_hat, free.real_income_hat, rtol=1e-9)


@given(attainable(limit=2, countries=3))
@settings(max_examples=10)
def test_an_independent_slow_solver_finds_the_same_wedges(case):
    shock = Shock(targets=case.targets)
    slow = slow_solve(case.economy, shock)
    assert slow.gap < 1e-8
    eq = solve(case.economy, shock, tolerance=1e-10)
    np.testing.assert_allclose(eq.shadow_rate, slow.shadow_rate, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(eq.real_income_hat, slow.real_income_hat, rtol=1e-7)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("quantity", [0.9, 0.3])
def test_a_cap_whose_rent_is_kept_is_an_export_tax(seed, quantity):
    economy = economy_for(seed)
    cell = traded(economy)[seed]
    capped = solve(
        economy, Shock(targets=(target_on(economy, cell, "cap", quantity),)), tolerance=TIGHT
    )
    tax = np.array(economy.export_tax_rate)
    tax[cell] = (1 + tax[cell]) * (1 + capped.shadow_rate[0]) - 1
    taxed = solve(economy, Shock(export_tax_rate_cf=tax), tolerance=TIGHT)
    np.testing.assert_allclose(capped.real_income_hat, taxed.real_income_hat, rtol=1e-9)
    np.testing.assert_allclose(capped.export_tax_rate_cf, tax, rtol=1e-9)
    rent = capped.export_tax_revenue_cf - (
        economy.export_tax_rate / (1 + capped.export_tax_rate_cf) * capped.trade_flow_cf
    ).sum(axis=(0, 2))
    np.testing.assert_allclose(taxed.export_tax_revenue_cf, capped.export_tax_revenue_cf, rtol=1e-8)
    assert capped.licence_rent_cf[cell[1]] == pytest.approx(rent[cell[1]], rel=1e-7)


@pytest.mark.parametrize("seed", range(4))
def test_a_cap_whose_rent_is_burnt_is_an_iceberg_cost(seed):
    economy = economy_for(seed)
    cell = traded(economy)[seed]
    target = target_on(economy, cell, "cap", 0.4, rent_share=0.0)
    capped = solve(economy, Shock(targets=(target,)), tolerance=TIGHT)
    iceberg = np.ones(economy.trade_flow.shape)
    iceberg[cell] = 1 + capped.shadow_rate[0]
    melted = solve(economy, Shock(iceberg_hat=iceberg), tolerance=TIGHT)
    np.testing.assert_allclose(capped.real_income_hat, melted.real_income_hat, rtol=1e-9)
    np.testing.assert_array_equal(capped.licence_rent_cf, 0.0)
    np.testing.assert_allclose(capped.quantity_hat, melted.quantity_hat, rtol=1e-8)


@pytest.mark.parametrize("rent_share", [0.25, 0.6])
def test_a_cap_splits_into_waste_and_tax_by_its_rent_share(rent_share):
    economy = economy_for(1)
    cell = traded(economy)[2]
    target = target_on(economy, cell, "cap", 0.4, rent_share)
    capped = solve(economy, Shock(targets=(target,)), tolerance=TIGHT)
    factor = 1 + capped.shadow_rate[0]
    waste = 1 + (1 - rent_share) * (factor - 1)
    iceberg, tax = np.ones(economy.trade_flow.shape), np.array(economy.export_tax_rate)
    iceberg[cell], tax[cell] = waste, (1 + tax[cell]) * factor / waste - 1
    other = solve(economy, Shock(iceberg_hat=iceberg, export_tax_rate_cf=tax), tolerance=TIGHT)
    np.testing.assert_allclose(capped.real_income_hat, other.real_income_hat, rtol=1e-9)
    # Of what the wedge adds to the factory value, the share `rent_share` is kept.
    delivered = capped.quantity_hat[cell] * economy.trade_flow[cell]
    delivered /= 1 + economy.export_tax_rate[cell]
    wedge = delivered * capped.input_cost_hat[cell[1], cell[2]] * (factor - 1)
    base_tax = 1 + economy.export_tax_rate[cell]
    assert capped.licence_rent_cf[cell[1]] == pytest.approx(rent_share * wedge * base_tax, rel=1e-8)


@pytest.mark.parametrize("seed", range(4))
def test_a_floor_is_an_import_subsidy_that_the_importers_budget_pays(seed):
    economy = economy_for(seed)
    cell = traded(economy)[seed + 1]
    n = cell[0]
    bought = solve(
        economy, Shock(targets=(target_on(economy, cell, "floor", 1.8),)), tolerance=TIGHT
    )
    tariff = np.array(economy.tariff_rate)
    tariff[cell] = (1 + tariff[cell]) / (1 + bought.shadow_rate[0]) - 1
    subsidised = solve(economy, Shock(tariff_rate_cf=tariff), tolerance=TIGHT)
    np.testing.assert_allclose(bought.real_income_hat, subsidised.real_income_hat, rtol=1e-9)
    np.testing.assert_allclose(bought.tariff_rate_cf, tariff, rtol=1e-9, atol=1e-12)
    rates = economy.tariff_rate[n] * bought.trade_flow_cf[n]
    gross = rates.sum()
    assert bought.purchase_subsidy_cf[n] > 0
    net = gross - bought.purchase_subsidy_cf[n]
    assert bought.tariff_revenue_cf[n] == pytest.approx(net, rel=1e-8)
    parts = bought.factor_income_cf.sum(axis=1) + bought.tariff_revenue_cf
    parts += bought.export_tax_revenue_cf + bought.trade_deficit_cf
    np.testing.assert_allclose(bought.income_cf, parts, rtol=1e-10)


def test_a_tighter_cap_has_a_higher_wedge_and_a_higher_floor_a_higher_subsidy():
    economy = economy_for(5)
    for kind, quantities in (("cap", (0.9, 0.6, 0.3, 0.1)), ("floor", (1.1, 1.5, 2.0, 3.0))):
        rates = [
            solve(
                economy, Shock(targets=(target_on(economy, traded(economy)[3], kind, q),))
            ).shadow_rate[0]
            for q in quantities
        ]
        assert rates == sorted(rates)
        assert rates[0] > 0


def test_a_cap_on_all_destinations_is_one_wedge_on_all_of_them():
    economy = economy_for(2)
    cap = QuantityTarget(None, ("C0",), ("S1",), "cap", 0.5)
    eq = solve(economy, Shock(targets=(cap,)), tolerance=TIGHT)
    assert eq.target_quantity_hat[0] == pytest.approx(0.5, rel=MET)
    factor = (1 + eq.export_tax_rate_cf[1:, 0, 1]) / (1 + economy.export_tax_rate[1:, 0, 1])
    np.testing.assert_allclose(factor, 1 + eq.shadow_rate[0], rtol=1e-9)
    assert eq.export_tax_rate_cf[0, 0, 1] == pytest.approx(economy.export_tax_rate[0, 0, 1])


def test_caps_on_one_flow_multiply_and_average_their_rent_shares():
    economy = economy_for(3)
    narrow = QuantityTarget(("C1",), ("C0",), ("S1",), "cap", 0.2, 1.0)
    wide = QuantityTarget(None, ("C0",), ("S1",), "cap", 0.5, 0.0)
    eq = solve(economy, Shock(targets=(narrow, wide)), tolerance=TIGHT)
    np.testing.assert_allclose(eq.target_quantity_hat, [0.2, 0.5], rtol=MET)
    psi = np.log1p(eq.shadow_rate)
    factor, share = np.exp(psi.sum()), psi[0] / psi.sum()
    kept = factor / (1 + (1 - share) * (factor - 1))
    got = (1 + eq.export_tax_rate_cf[1, 0, 1]) / (1 + economy.export_tax_rate[1, 0, 1])
    assert got == pytest.approx(kept, rel=1e-8)


def test_the_order_of_targets_does_not_matter():
    economy = economy_for(4)
    cells = traded(economy)
    chosen = (
        target_on(economy, cells[0], "cap", 0.5),
        target_on(economy, cells[4], "floor", 1.5),
        target_on(economy, cells[8], "cap", 0.7, 0.3),
    )
    one = solve(economy, Shock(targets=chosen), tolerance=TIGHT)
    other = solve(economy, Shock(targets=chosen[::-1]), tolerance=TIGHT)
    np.testing.assert_allclose(one.shadow_rate, other.shadow_rate[::-1], rtol=1e-8)
    np.testing.assert_allclose(one.real_income_hat, other.real_income_hat, rtol=1e-9)


@given(attainable())
def test_rebasing_turns_wedges_into_taxes_that_hold_without_targets(case):
    eq = solve(case.economy, Shock(targets=case.targets), tolerance=TIGHT)
    again = solve(case.economy.rebased(eq), Shock())
    np.testing.assert_allclose(again.real_income_hat, 1.0, rtol=0, atol=1e-8)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("quantity_hat", 0.0, "quantity_hat"),
        ("rent_share", 1.5, "rent_share"),
        ("kind", "quota", "kind"),
    ],
)
def test_a_target_that_means_nothing_is_refused(field, value, words):
    fields = {"kind": "cap", "quantity_hat": 0.5, "rent_share": 1.0} | {field: value}
    with pytest.raises(EconomyError, match=words):
        QuantityTarget(("C0",), ("C1",), ("S0",), **fields)


def test_a_target_on_flows_that_do_not_exist_is_refused():
    economy = economy_for(1)
    with pytest.raises(EconomyError, match="C9"):
        solve(economy, Shock(targets=(QuantityTarget(("C9",), None, None, "cap", 0.5),)))
    home = QuantityTarget(("C0",), ("C0",), None, "cap", 0.5)
    with pytest.raises(EconomyError, match="does not exist"):
        solve(economy, Shock(targets=(home,)))
