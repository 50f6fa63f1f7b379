"""Every act since 2018: dated, stacked, sourced, and what its average is on each day.

The trackers are the Budget Lab at Yale (statutory rate, weights of 2024), tradewartracker (TWT: the
10.87 % collected in 2024 plus its add-on) and PIIE (weights of China's exports to the world, so a
different measure).  Figures: facts.md, sections 2.3 and 4.6.
"""

from __future__ import annotations

import datetime as dt
import random

import numpy as np
import pytest
from ruamel.yaml import YAML

from sim.engine.runs import world_of
from sim.engine.start import axes_of
from sim.outputs import metrics
from sim.policy.language.act import Act
from sim.policy.language.kinds.exclusion import Exclusion
from sim.policy.language.kinds.tariff import TariffMeasure
from sim.policy.language.kinds.tariff_suspension import TariffSuspension
from sim.policy.law.dates import turning_days
from sim.policy.law.reach import Tables
from sim.policy.law.tariffs import base_year_share, contributions, tariff_rate
from tests.strategies_policy import ROOT

BUNDLE = world_of().baseline
AXES = axes_of(BUNDLE)
ECONOMY = BUNDLE.economy
WEIGHTS = metrics.customs_value(ECONOMY.trade_flow, BUNDLE.customs_factor)
TABLES = Tables(AXES, BUNDLE.coverage, BUNDLE.rates, WEIGHTS)
HISTORY = world_of().scenario("history")
USA, CHN = (AXES.regions.index(code) for code in ("USA", "CHN"))
GOODS = np.array([code not in AXES.services for code in AXES.sectors])
MEASURES = ROOT / "scenarios" / "measures"
DAY = dt.timedelta(days=1)

# date, ours within 2 points of: Yale level, TWT level; None where a tracker has no figure
TRACKERS = [
    ("2025-01-01", 11.82, 10.87),
    ("2025-03-12", None, 31.17),
    ("2025-04-03", None, 31.47),
    ("2025-04-21", 116.5, None),
    ("2025-05-02", 116.5, None),
    ("2025-05-14", 40.4, 37.97),
    ("2025-06-04", None, 39.37),
    ("2025-08-07", None, 41.97),
    ("2025-10-14", None, 41.87),
    ("2025-10-29", 42.06, 41.87),
    ("2025-11-10", 32.2, 33.07),
    ("2026-02-20", None, 15.67),
    ("2026-02-24", None, 21.67),
    ("2026-04-06", None, 21.17),
    ("2026-07-01", 23.7, 21.17),
    ("2026-07-24", 27.2, 22.77),
    ("2026-08-19", 27.2, 22.77),
]

PARTS = 0.038
"""Part of Chinese goods that are car parts (our lists)."""

BATTERIES = 0.031
"""Part of Chinese goods that are lithium batteries not made for cars."""

# date, tracker level, what the tracker does otherwise, and the points that it is worth;
# 0.873 and 0.643 are TWT's own coverage with and without electronics
CAUSES = [
    ("2025-02-04", 30.87, "TWT: both fentanyl steps on 4 February; law: 10, then 20", 10.0),
    ("2025-04-05", 61.17, "TWT: 34 points from 5 April; law: 10 until 9 April", 24 * 0.873),
    ("2025-04-09", 104.77, "TWT: car parts out from 3 April; law: 3 May", -84 * PARTS),
    ("2025-04-10", 123.07, "TWT: 105 points, law 125; parts", -20 * 0.873 - 125 * PARTS),
    ("2025-04-11", 98.97, "TWT: 105 points, law 125; parts", -20 * 0.643 - 125 * PARTS),
    ("2025-05-03", 109.1, "Yale: all lithium batteries are car parts", -125 * BATTERIES),
    (
        "2025-11-14",
        29.77,
        "TWT matches its November list at eight digits, that of August at ten",
        -2.1,
    ),
]


day_of = dt.date.fromisoformat


def rate_on(day: dt.date, measures=HISTORY.measures):
    """Tariffs of a day, [n, i, j]."""
    return tariff_rate(
        measures,
        day,
        AXES,
        ECONOMY.tariff_rate,
        BUNDLE.coverage,
        BUNDLE.rates,
        weights=WEIGHTS,
        stacking=HISTORY.stacking,
    )


def average(rate, importer=USA, exporter=CHN):
    """Average over the customs values of 2024, percent; of all partners if `exporter` is None."""
    weight = WEIGHTS[importer] * GOODS
    weight[importer] = 0.0
    chosen = slice(None) if exporter is None else exporter
    return 100 * float((rate[importer][chosen] * weight[chosen]).sum() / weight[chosen].sum())


def acts() -> list[Act]:
    """All shipped measures, read without their scenarios."""
    from sim.policy.library.folders import Library

    library = Library()
    return [library.measure(path.stem)[0] for path in sorted(MEASURES.glob("*.yaml"))]


# --- against the trackers ------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "yale", "twt"), TRACKERS)
def test_the_average_on_china_is_within_two_points_of_a_tracker(day, yale, twt):
    found = average(rate_on(day_of(day)))
    assert min(abs(found - level) for level in (yale, twt) if level is not None) <= 2.0


@pytest.mark.parametrize(("day", "level", "cause", "points"), CAUSES)
def test_larger_differences_have_a_known_cause_of_that_size(day, level, cause, points):
    found = average(rate_on(day_of(day)))
    assert abs(found - level) > 2.0, "no cause is needed any more"
    assert abs(found + points - level) <= 2.0, cause


@pytest.mark.parametrize(
    ("day", "twt"),
    [
        ("2025-04-11", 22.6),
        ("2025-05-14", 14.3),
        ("2025-06-04", 15.3),
        ("2025-10-29", 17.9),
        ("2025-11-14", 14.8),
        ("2026-02-20", 6.2),
        ("2026-02-24", 10.0),
        ("2026-04-06", 10.8),
        ("2026-07-24", 11.4),
        ("2026-08-19", 11.6),
    ],
)
def test_the_american_average_is_close_to_the_tracker(day, twt):
    assert average(rate_on(day_of(day)), exporter=None) == pytest.approx(twt, abs=1.5)


@pytest.mark.parametrize(
    ("region", "points"),
    [("VNM", 10.3), ("IND", 9.7), ("BRA", 17.8), ("MEX", 7.7), ("CAN", 5.8), ("CHN", 11.9)],
)
def test_other_partners_of_july_2026_are_close_to_the_tracker(region, points):
    exporter = AXES.regions.index(region)
    added = rate_on(day_of("2026-07-24")) - ECONOMY.tariff_rate
    assert average(added, exporter=exporter) == pytest.approx(points, abs=1.0)


def test_the_step_of_a_law_is_seen_on_its_day_and_not_before():
    for day, low, high in (
        ("2025-02-04", 9.9, 10.1),  # fentanyl
        ("2025-03-04", 9.9, 10.1),
        ("2025-05-14", -80.0, -70.0),  # Geneva
        ("2025-11-10", -10.1, -9.9),  # fentanyl halved
        ("2026-02-20", -20.0, -14.0),  # the ruling
        ("2026-02-24", 5.5, 6.5),  # Section 122
        ("2026-07-24", 0.8, 2.2),  # forced labour for Section 122
    ):
        step = average(rate_on(day_of(day)) - rate_on(day_of(day) - DAY))
        assert low <= step <= high, day


def test_the_threat_moves_the_average_by_its_coverage():
    threat = world_of().scenario("tariff-100")
    baseline = world_of().scenario("baseline-2025-10")
    moved = rate_on(threat.date, threat.measures) - rate_on(baseline.date, baseline.measures)
    assert average(moved) == pytest.approx(63.6, abs=1e-6)


def test_china_s_steps_move_as_in_the_chart_of_piie():
    # PIIE: 7.2 to 18.3 by September 2018, 21.1 in December 2019, 20.9 after Phase One; its weights
    # are China's imports from the world, so only changes are compared, and loosely
    level = {
        day: average(rate_on(day_of(day)), CHN, USA)
        for day in ("2018-07-05", "2018-09-24", "2019-12-31", "2020-02-14")
    }
    start = level["2018-07-05"]
    assert level["2018-09-24"] - start == pytest.approx(11.1, abs=1.5)
    assert level["2019-12-31"] - start == pytest.approx(13.9, abs=1.5)
    assert level["2020-02-14"] - level["2019-12-31"] == pytest.approx(-0.2, abs=0.3)


# --- the round trip ------------------------------------------------------------------------------


def in_base_year():
    """Mean contribution of all acts over 2024."""
    return base_year_share(HISTORY.measures, TABLES, HISTORY.stacking)


def test_rates_before_2018_plus_every_act_are_the_rates_collected_in_2024():
    before = rate_on(dt.date(2017, 12, 31))
    difference = before + in_base_year() - ECONOMY.tariff_rate
    assert (difference >= -1e-12).all()  # only where an act collected more than the cell's mean
    assert average(difference) < 0.02
    assert average(difference, CHN, USA) < 1e-9


def test_rates_before_2018_plus_every_act_are_today_s_rates():
    today = dt.date(2026, 11, 22)
    pieces = contributions(HISTORY.measures, today, TABLES, HISTORY.stacking)
    built = rate_on(dt.date(2017, 12, 31)) + sum(pieces.values())
    assert average(built - rate_on(today)) == pytest.approx(0, abs=0.02)
    assert average(built - rate_on(today), CHN, USA) == pytest.approx(0, abs=1e-9)


def test_before_2018_china_paid_the_ordinary_duty():
    before = rate_on(dt.date(2017, 12, 31))
    schedule = BUNDLE.rates["us-pre-2018"]
    assert average(before) == pytest.approx(average(schedule), abs=0.05)
    assert average(before) == pytest.approx(2.6, abs=0.2)  # MFN by HS8 on the same lines: 2.60
    ordinary = BUNDLE.rates["cn-pre-2018"][CHN, USA]
    np.testing.assert_allclose(before[CHN, USA], ordinary, atol=1e-7)


def test_before_2018_nothing_is_negative_and_services_are_free():
    before = rate_on(dt.date(2017, 12, 31))
    assert (before >= 0).all()
    assert not before[:, :, ~GOODS].any()


def test_the_separate_acts_of_section_232_are_the_summary_of_october_2025():
    names = ("metals-2025-08-18", "autos-2025-09-16", "copper-2025-08-01", "wood-2025-10-14")
    total = sum(BUNDLE.rates[f"s232-{name}"] for name in names)
    np.testing.assert_allclose(total, BUNDLE.rates["s232-october-2025"], atol=1e-9)


@pytest.mark.parametrize(
    ("scenario", "percent"),
    [
        ("baseline-2025-10", 41.851353),
        ("tariff-100", 105.451353),
        ("truce-lapse", 56.498024),
        ("kuala-lumpur-package", 31.851353),
    ],
)
def test_the_numbers_of_the_first_scenarios_stay(scenario, percent):
    found = world_of().scenario(scenario)
    assert average(rate_on(found.date, found.measures)) == pytest.approx(percent, abs=1e-6)


# --- stacking ------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_the_acts_never_changes_a_rate(seed):
    shuffled = list(HISTORY.measures)
    random.Random(seed).shuffle(shuffled)
    for day in ("2019-07-01", "2025-04-20", "2025-10-26", "2026-03-01", "2026-11-22"):
        assert (rate_on(day_of(day), shuffled) == rate_on(day_of(day))).all()


def test_rates_are_never_negative_on_any_day_on_which_something_changes():
    for day in turning_days(HISTORY.measures):
        assert (rate_on(day) >= 0).all(), day


def test_suspending_and_putting_back_each_tariff_is_the_identity():
    day = day_of("2025-10-26")
    for act in HISTORY.measures:
        if not isinstance(act, TariffMeasure) or not act.headline_pp(day):
            continue
        others = [
            one
            for one in HISTORY.measures
            if not (isinstance(one, TariffSuspension) and act.id in one.suspends)
        ]
        points = act.headline_pp(day)
        common = {"start": day - DAY, "status": "in-force", "assumed": True, "reason": "a test"}
        cut = TariffSuspension(
            id="cut",
            kind="tariff-suspension",
            title="t",
            suspends=(act.id,),
            suspended_pp=points,
            **common,
        )
        content = {**act.model_dump(), "id": "back", "steps": None, "rate_pp": points, "rate": None}
        content |= {"coverage": act.coverage_on(day), "start": day - DAY, "end": None}
        back = TariffMeasure.model_validate(content)
        np.testing.assert_allclose(
            rate_on(day, [*others, cut, back]), rate_on(day, others), atol=1e-12
        )


def test_both_rules_hold_on_their_days():
    rules = HISTORY.stacking.authorities
    assert rules["section-232"].reaches_given({"us-section-232-metals-2025"}) == "s232"
    assert rules["section-232"].reaches_given({"us-section-232-metals-2026"}) == "s232-2026-04"
    assert rules["ieepa-reciprocal"].yields_to == ("section-232",)
    assert rules["section-301-forced-labour"].yields_to == ("section-232",)
    assert not rules["ieepa-fentanyl"].yields_to
    assert not rules["section-301"].yields_to
    share = BUNDLE.coverage["forced-labour-2026"] + BUNDLE.coverage["s232-2026-04"]
    assert (share <= 1 + 1e-9).all()


def test_metal_content_is_that_of_the_tables():
    law = YAML(typ="safe").load(ROOT / "sim/baseline/build/us_law_2025_10.yaml")["section_232"]
    assert HISTORY.stacking.metal_content == {
        "base-and-chapters-72-73-76": 1.0,
        "other-derivatives": law["metals"]["derivative_content_share"],
        "packed-goods": law["metals"]["packed_goods_content_share"],
        "copper-cable": law["copper"]["cable_content_share"],
    }


def test_the_readme_names_every_authority():
    words = (ROOT / "scenarios" / "README.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in words for name in HISTORY.stacking.authorities)


# --- the files -----------------------------------------------------------------------------------


def test_every_measure_has_status_day_and_source():
    for act in acts():
        assert act.sources or act.assumed, act.id
        assert act.as_of is not None, act.id


def test_what_is_not_established_is_a_switch():
    for act in acts():
        grades = {source.grade for source in act.sources}
        weak = bool(grades) and grades <= {"M"}
        unknown = "grade UNKNOWN" in f"{act.note}{act.reason}"
        if weak or unknown:
            assert act.switch is not None, act.id


def test_every_switch_of_the_history_has_a_lever():
    paths = {path for lever in HISTORY.levers for path in lever.paths}
    for act in HISTORY.measures:
        assert (act.switch is not None) == (f"{act.id}.switch" in paths), act.id


def test_a_switch_that_is_off_is_as_good_as_absent():
    day = dt.date(2026, 12, 1)
    kept = [act for act in HISTORY.measures if act.switch != 0]
    assert len(kept) < len(HISTORY.measures)
    assert (rate_on(day, kept) == rate_on(day)).all()


@pytest.mark.parametrize(
    ("lever", "value", "importer", "exporter", "points"),
    [
        ("switch_cn_truce_2026", 0, CHN, USA, 24.0),
        ("switch_cn_mirror_dropped", 1, CHN, USA, -10.0),
        ("switch_us_replacement_24", 1, USA, CHN, 24 * 0.561),
        ("switch_us_list_4b", 1, USA, CHN, 15 * 0.279),
    ],
)
def test_a_switch_does_what_it_says(lever, value, importer, exporter, points):
    moved = world_of().scenario("history", {lever: value})
    day = dt.date(2026, 11, 22)
    found = average(rate_on(day, moved.measures) - rate_on(day), importer, exporter)
    assert found == pytest.approx(points, abs=0.1)


def test_the_ruling_takes_all_emergency_tariffs_away():
    day = day_of("2026-02-21")
    pieces = contributions(HISTORY.measures, day, TABLES)
    voided = [
        act.id
        for act in HISTORY.measures
        if isinstance(act, TariffMeasure) and act.authority.startswith("ieepa")
    ]
    assert all(not pieces[name].any() for name in voided if name in pieces)
    assert any(isinstance(act, Exclusion) and act.in_force(day) for act in HISTORY.measures)


def test_the_tariffs_of_october_2025_are_those_of_the_calendar():
    """One number: the list of the baseline and the whole calendar are the same law on its day."""
    world = world_of()
    baseline = world.scenario("baseline-2025-10")
    ours = world.law(baseline).rate(baseline.date)
    theirs = world.law(world.scenario("history")).rate(baseline.date)
    assert np.allclose(ours, theirs, rtol=0, atol=1e-9)
