"""Laws of tariffs and targets: whatever the measures, these hold."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.policy.language.act import add_months
from sim.policy.language.fields import Coverage
from sim.policy.language.kinds.export_ban import ExportBan
from sim.policy.language.kinds.export_licence import ExportLicence
from sim.policy.language.kinds.purchase_commitment import PurchaseCommitment
from sim.policy.language.kinds.tariff import TariffMeasure
from sim.policy.language.kinds.technology_control import TechnologyControl
from sim.policy.language.kinds.threat import Threat
from sim.policy.language.kinds.trade_cost import TradeCost
from sim.policy.law.nontariff import BAN_QUANTITY_HAT, iceberg_hat, targets
from sim.policy.law.reach import Tables, flows
from sim.policy.law.tariffs import contributions, tariff_rate
from tests.strategies_policy import (
    ASSUMED,
    AUTUMN,
    DAYS,
    LAST,
    POINTS,
    SEEDS,
    SMALL,
    blanket,
    intervals,
    measure_sets,
    random_tables,
    rate,
    suspension,
    tariffs,
)

DAY = dt.timedelta(days=1)


# --- laws ----------------------------------------------------------------------------------------


@given(measure_sets(), DAYS, SEEDS, st.randoms(use_true_random=False))
def test_the_order_of_measures_never_matters(acts, date, seed, random):
    shuffled = list(acts)
    random.shuffle(shuffled)
    assert (rate(acts, date, seed) == rate(shuffled, date, seed)).all()


@given(measure_sets(), DAYS, SEEDS)
def test_rates_are_never_negative(acts, date, seed):
    assert (rate(acts, date, seed) >= 0).all()


@given(measure_sets(), DAYS, SEEDS)
def test_services_and_own_sales_are_never_taxed(acts, date, seed):
    gained = rate(acts, date, seed) - random_tables(seed)[2]
    assert (gained[:, :, SMALL.sectors.index("SERV")] == 0).all()
    assert (gained[np.arange(3), np.arange(3)] == 0).all()


@given(measure_sets(), DAYS, SEEDS)
def test_a_tariff_is_base_plus_the_contribution_of_each_act(acts, date, seed):
    coverage, rates, base, weights = random_tables(seed)
    pieces = contributions(acts, date, Tables(SMALL, coverage, rates, weights))
    assert all((piece >= 0).all() for piece in pieces.values())
    np.testing.assert_allclose(rate(acts, date, seed), base + sum(pieces.values()), atol=1e-12)


@given(tariffs(), DAYS, SEEDS)
def test_expired_or_not_yet_begun_is_absent(act, date, seed):
    inside = act.start <= date and (act.end is None or date < act.end)
    assert act.in_force(date) is inside
    if not inside:
        assert (rate([act], date, seed) == rate([], date, seed)).all()


@given(intervals(), POINTS)
def test_an_interval_holds_its_first_day_and_not_its_end(interval, points):
    start, end = interval
    act = blanket(points=points, start=start, end=end)
    assert act.headline_pp(start) == points
    assert act.headline_pp(start - DAY) == 0
    if end is not None:
        assert act.headline_pp(end - DAY) == points
        assert act.headline_pp(end) == 0


@given(tariffs(), st.integers(1, 500), DAYS, SEEDS)
def test_splitting_an_interval_in_two_changes_nothing(act, after, date, seed):
    middle = act.start + after * DAY
    if act.steps is not None or (act.end is not None and middle >= act.end):
        return
    content = act.model_dump()
    first = TariffMeasure.model_validate({**content, "end": middle})
    second = TariffMeasure.model_validate({**content, "id": "the-rest", "start": middle})
    np.testing.assert_array_equal(rate([first, second], date, seed), rate([act], date, seed))


@given(POINTS, st.floats(0, 1), intervals(), DAYS, SEEDS)
def test_suspending_and_putting_back_is_the_identity(points, share, interval, date, seed):
    start, end = interval
    act = blanket(points=points, start=start, end=end)
    cut = suspension("cut", [act.id], share * points, start, end)
    back = blanket("back", share * points, start=start, end=end)
    np.testing.assert_allclose(
        rate([act, cut, back], date, seed), rate([act], date, seed), atol=1e-12
    )


@given(POINTS, intervals(), DAYS, SEEDS)
def test_a_suspension_of_everything_is_the_absence_of_the_tariff(points, interval, date, seed):
    start, end = interval
    act = blanket(points=points, start=start, end=end)
    whole = suspension("cut", [act.id], points, start, end)
    np.testing.assert_array_equal(rate([act, whole], date, seed), rate([], date, seed))


@given(st.floats(0, 1), SEEDS)
def test_a_stated_average_coverage_is_met_exactly(average, seed):
    act = blanket(points=100.0, coverage=Coverage(default=average, by_sector="reciprocal"))
    coverage, rates, _, weights = random_tables(seed)
    share = contributions([act], LAST, Tables(SMALL, coverage, rates, weights))[act.id]
    chosen = flows(act, SMALL)
    assert (share <= 1 + 1e-12).all()
    assert np.average(share[chosen], weights=weights[chosen]) == pytest.approx(average, abs=1e-12)


@given(SEEDS)
def test_a_list_at_its_own_average_is_left_as_it_is(seed):
    coverage, rates, _, weights = random_tables(seed)
    chosen = flows(blanket(), SMALL)
    own = float(np.average(coverage["reciprocal"][chosen], weights=weights[chosen]))
    moved = blanket(points=100.0, coverage=Coverage(default=own, by_sector="reciprocal"))
    plain = blanket(points=100.0, coverage=Coverage(by_sector="reciprocal"))
    pair = [
        contributions([act], LAST, Tables(SMALL, coverage, rates, weights))[act.id]
        for act in (moved, plain)
    ]
    np.testing.assert_allclose(pair[0], pair[1], atol=1e-12)


@given(st.integers(0, 200), DAYS, SEEDS)
def test_points_and_fractions_are_the_same_rate(points, date, seed):
    in_points = blanket(points=float(points))
    in_fractions = blanket(rate_pp=None, rate=points / 100)
    np.testing.assert_allclose(
        rate([in_points], date, seed), rate([in_fractions], date, seed), atol=1e-12
    )


@given(DAYS, st.integers(0, 120), st.integers(0, 120))
def test_months_add_up(day, first, second):
    assert add_months(day, 0) == day
    assert add_months(day, first).day <= day.day
    if day.day <= 28:
        assert add_months(add_months(day, first), second) == add_months(day, first + second)


# --- stacking and coverage -----------------------------------------------------------------------


def test_the_reciprocal_tariff_leaves_out_goods_under_section_232():
    metal = blanket("metal", 50.0, authority="section-232", coverage=Coverage(by_sector="s232"))
    mutual = blanket("mutual", 10.0, authority="ieepa-reciprocal")
    coverage, rates, _, _ = random_tables(3)
    alone = contributions([mutual], AUTUMN, Tables(SMALL, coverage, rates))["mutual"]
    both = contributions([mutual, metal], AUTUMN, Tables(SMALL, coverage, rates))["mutual"]
    chosen = flows(mutual, SMALL)
    np.testing.assert_allclose(alone[chosen], 0.1)
    np.testing.assert_allclose(both[chosen], 0.1 * (1 - coverage["s232"][chosen]))


def test_a_list_that_is_net_of_section_232_is_not_cut_twice():
    metal = blanket("metal", 50.0, authority="section-232", coverage=Coverage(by_sector="s232"))
    net = Coverage(by_sector="reciprocal")
    mutual = blanket("mutual", 10.0, authority="ieepa-reciprocal", coverage=net)
    coverage, rates, _, _ = random_tables(3)
    both = contributions([mutual, metal], AUTUMN, Tables(SMALL, coverage, rates))["mutual"]
    chosen = flows(mutual, SMALL)
    np.testing.assert_allclose(both[chosen], 0.1 * coverage["reciprocal"][chosen])


def test_a_whole_duty_takes_the_place_of_the_sum():
    coverage, rates, base, _ = random_tables(1)
    acts = [
        blanket(points=40.0),
        blanket("whole", rate_pp=None, total_rate_pp=13.0, sectors=("SOY",)),
    ]
    found = tariff_rate(acts, LAST, SMALL, base, coverage, rates)
    usa, china, soy = 0, 1, SMALL.sectors.index("SOY")
    assert found[usa, china, soy] == pytest.approx(0.13)
    assert found[usa, china, 0] == pytest.approx(base[usa, china, 0] + 0.4)


def test_an_average_coverage_asks_for_weights():
    act = blanket(coverage=Coverage(default=0.5, by_sector="reciprocal"))
    coverage, rates, base, _ = random_tables(1)
    with pytest.raises(ScenarioError, match="Pass weights"):
        tariff_rate([act], LAST, SMALL, base, coverage, rates)


def test_a_list_that_the_baseline_lacks_is_named():
    act = blanket(coverage=Coverage(by_sector="reciprocal"))
    coverage, rates, base, _ = random_tables(1)
    del coverage["reciprocal"]
    with pytest.raises(ScenarioError, match="coverage list 'reciprocal'"):
        tariff_rate([act], LAST, SMALL, base, coverage, rates)


# --- licences, commitments, costs ----------------------------------------------------------------


def licence(**content):
    filled = {"volume_change_pct": -50.0, "start": dt.date(2025, 11, 8), **ASSUMED, **content}
    return ExportLicence(
        id="a-licence",
        kind="export-licence",
        title="a test",
        exporter="CHN",
        importers="all",
        sectors=("C27",),
        **filled,
    )


def test_a_licence_caps_the_sum_of_all_destinations():
    (spec,) = targets([licence(rent_share=0.25)], LAST, SMALL)
    assert spec.target.importers == ("USA", "VNM")
    assert spec.target.exporters == ("CHN",)
    assert (spec.target.kind, spec.target.quantity_hat, spec.target.rent_share) == (
        "cap",
        0.5,
        0.25,
    )
    assert (spec.unit, spec.reference) == ("hat", "baseline")


@given(st.integers(0, 24), DAYS)
def test_a_licence_bites_once_its_start_and_delay_have_passed(months, date):
    bites = bool(targets([licence(delay_months=months)], date, SMALL))
    assert bites is (add_months(dt.date(2025, 11, 8), months) <= date)


def test_a_licence_that_cuts_nothing_sets_no_target():
    assert targets([licence(volume_change_pct=0.0)], LAST, SMALL) == ()


def test_a_ban_leaves_next_to_nothing():
    ban = ExportBan(
        id="a-ban",
        kind="export-ban",
        title="a test",
        exporter="CHN",
        importers=("USA",),
        sectors="all",
        start=dt.date(2025, 1, 1),
        **ASSUMED,
    )
    (spec,) = targets([ban], LAST, SMALL)
    assert spec.target.quantity_hat == BAN_QUANTITY_HAT
    assert spec.target.sectors == ("C26", "C27", "SOY")


def test_a_ban_may_be_about_a_part_of_the_flow():
    ban = ExportBan(
        id="a-ban",
        kind="export-ban",
        title="a test",
        exporter="CHN",
        importers=("USA",),
        sectors=("C27",),
        share=0.04,
        start=dt.date(2025, 1, 1),
        **ASSUMED,
    )
    (spec,) = targets([ban], LAST, SMALL)
    assert spec.target.quantity_hat == pytest.approx(0.96)
    assert targets([ban.model_copy(update={"share": 0.0})], LAST, SMALL) == ()


def test_a_technology_control_is_a_cap_whose_rent_is_lost():
    control = TechnologyControl(
        id="a-control",
        kind="technology-control",
        title="a test",
        exporter="USA",
        importers=("CHN",),
        sectors=("C26",),
        volume_change_pct=-30.0,
        start=dt.date(2025, 1, 1),
        **ASSUMED,
    )
    (spec,) = targets([control], LAST, SMALL)
    assert (spec.target.kind, spec.target.rent_share) == ("cap", 0.0)
    assert spec.target.quantity_hat == pytest.approx(0.7)


def test_a_threat_moves_nothing():
    threat = Threat(
        id="a-threat",
        kind="threat",
        title="a test",
        threatens=("a-tariff",),
        probability=0.5,
        start=dt.date(2025, 1, 1),
        **ASSUMED,
    )
    assert targets([threat], LAST, SMALL) == ()
    assert (rate([threat], LAST) == rate([], LAST)).all()
    assert (iceberg_hat([threat], LAST, SMALL) == 1).all()


def commitment(**content):
    filled = {"mmt": 25.0, "reference_mmt": 26.8, **ASSUMED, **content}
    return PurchaseCommitment(
        id="a-promise",
        kind="purchase-commitment",
        title="a test",
        importer="CHN",
        exporter="USA",
        sectors=("SOY",),
        start=dt.date(2025, 11, 1),
        **filled,
    )


def test_a_promise_is_a_floor_relative_to_2024():
    (spec,) = targets([commitment(fulfilment=0.83)], LAST, SMALL)
    assert spec.target.kind == "floor"
    assert spec.target.quantity_hat == pytest.approx(25 * 0.83 / 26.8)
    assert (spec.unit, spec.reference) == ("mmt", "2024")
    assert spec.details["bought_mmt"] == pytest.approx(25 * 0.83)


def test_a_promise_in_dollars_is_a_floor_relative_to_2024_too():
    in_dollars = {"mmt": None, "reference_mmt": None}
    act = commitment(**in_dollars, usd_bn=17.0, reference_usd_bn=24.65, fulfilment=0.5)
    (spec,) = targets([act], LAST, SMALL)
    assert spec.target.quantity_hat == pytest.approx(17 * 0.5 / 24.65)
    assert spec.reference == "2024"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"usd_bn": 17.0}, "needs one size"),
        ({"mmt": None}, "needs one size"),
        ({"reference_mmt": None}, "mmt without reference_mmt"),
        ({"mmt": None, "usd_bn": 17.0}, "usd_bn without reference_usd_bn"),
    ],
)
def test_a_promise_has_one_size_and_what_it_needs(content, words):
    with pytest.raises(ValueError, match=words):
        commitment(**content)


def test_a_promise_of_nothing_sets_no_target():
    assert targets([commitment(mmt=0.0)], LAST, SMALL) == ()


@given(st.randoms(use_true_random=False), st.lists(st.integers(-50, 100), max_size=4), DAYS)
def test_trade_costs_multiply_in_any_order_and_spare_home_and_services(random, costs, date):
    acts = [
        TradeCost(
            id=f"cost-{number}",
            kind="trade-cost",
            title="a test",
            importers=("USA",),
            exporters="all",
            cost_pct=float(cost),
            start=dt.date(2025, 6, 1),
            **ASSUMED,
        )
        for number, cost in enumerate(costs)
    ]
    shuffled = list(acts)
    random.shuffle(shuffled)
    hat = iceberg_hat(acts, date, SMALL)
    assert (hat == iceberg_hat(shuffled, date, SMALL)).all()
    assert (hat > 0).all()
    assert (hat[np.arange(3), np.arange(3)] == 1).all()
    assert (hat[:, :, SMALL.sectors.index("SERV")] == 1).all()
    if date >= dt.date(2025, 6, 1):
        np.testing.assert_allclose(hat[0, 1, 0], np.prod([1 + cost / 100 for cost in costs]))
