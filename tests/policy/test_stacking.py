"""What a duty yields follows from the measures in force, flow by flow as in a slow oracle."""

from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.runs import world_of
from sim.policy.language.fields import Coverage
from sim.policy.language.kinds.exclusion import Exclusion
from sim.policy.language.kinds.tariff import TariffMeasure
from sim.policy.language.stacking import Stacking
from sim.policy.law.law import BASE, Law
from sim.policy.law.tariffs import tariff_rate
from sim.policy.library.cards import scenario_folder
from sim.policy.library.folders import read_stacking
from tests.oracle_stacking import Oracle
from tests.strategies_policy import (
    ASSUMED,
    COVERAGES,
    DAYS,
    POINTS,
    RATES,
    ROOT,
    SEEDS,
    SMALL,
    blanket,
    exclusion,
    intervals,
    random_tables,
    suspension,
)

SHIPPED = read_stacking(scenario_folder())
CHAIN = Stacking.model_validate(
    {
        "authorities": {
            "section-232": {"title": "a", "actor": "USA"},
            "section-122": {"title": "b", "actor": "USA", "yields_to": ("section-232",)},
            "hypothetical": {
                "title": "c",
                "actor": "any",
                "yields_to": ("section-122", "section-232"),
                "already_net": ("reciprocal",),
            },
        }
    }
)
"""A basis without a list, and one that yields to two."""

AUTHORITIES = (
    "section-232",
    "ieepa-reciprocal",
    "section-301-forced-labour",
    "section-122",
    "hypothetical",
)
IDS = (
    "us-section-232-metals-2026",
    "us-section-232-metals-2025",
    "us-section-232-autos-2025",
    "own-a",
    "own-b",
    "own-c",
)
"""Ids that stacking.yaml gives lists to, and others."""

WIDER = st.one_of(
    COVERAGES,
    st.sampled_from(["s232-autos", "s232-2026-04", "forced-labour-2026"]).map(
        lambda name: Coverage(by_sector=name)
    ),
    st.just(Coverage(by_sector="reciprocal", complement=True)),
)
SECTORS = st.sampled_from(["all", ("C26",), ("C27", "SOY")])
EXPORTERS = st.sampled_from(["all", ("CHN",), ("CHN", "VNM")])


@st.composite
def duties(draw, name):
    """A duty of the United States, by a rate, by a schedule, or for all others."""
    start, end = draw(intervals())
    form = draw(st.sampled_from(["rate_pp", "rate_pp", "rate_schedule", "total_rate_pp"]))
    size = draw(st.sampled_from(sorted(RATES)) if form == "rate_schedule" else POINTS)
    return TariffMeasure(
        id=name,
        kind="tariff",
        title="drawn",
        authority=draw(st.sampled_from(AUTHORITIES[: 4 if form == "total_rate_pp" else None])),
        importer=draw(st.sampled_from(["USA", "USA", "USA", "CHN"])),
        exporters=draw(st.sampled_from(["all", ("VNM",)])),
        sectors=draw(SECTORS),
        coverage=draw(WIDER),
        start=start,
        end=end,
        **{form: size},
        **ASSUMED,
    )


@st.composite
def exclusions(draw, name, of):
    """An exclusion of a part of the flows of some regions and sectors."""
    return Exclusion(
        id=name,
        kind="exclusion",
        title="drawn",
        excludes=tuple(of),
        exporters=draw(EXPORTERS),
        sectors=draw(SECTORS),
        coverage=draw(WIDER),
        of=draw(st.sampled_from(["reached", "flow"])),
        start=dt.date(2025, 1, 1),
        **ASSUMED,
    )


@st.composite
def stacks(draw):
    """Up to five duties with suspensions of and exclusions from some of them."""
    acts = []
    for name in draw(st.lists(st.sampled_from(IDS), min_size=1, max_size=5, unique=True)):
        acts.append(draw(duties(name)))
        if acts[-1].rate_pp is not None and draw(st.booleans()):
            acts.append(suspension(f"less-{name}", [name], draw(POINTS), *draw(intervals())))
        if draw(st.booleans()):
            acts.append(draw(exclusions(f"out-of-{name}", [name])))
    return acts


@given(stacks(), DAYS, SEEDS, st.sampled_from([SHIPPED, CHAIN]))
def test_the_stack_is_that_of_the_oracle(acts, day, seed, rules):
    if rules is CHAIN:
        known = sorted(CHAIN.authorities)
        acts = [
            act.model_copy(update={"authority": known[len(act.authority) % 3]})
            if isinstance(act, TariffMeasure)
            else act
            for act in acts
        ]
    coverage, rates, base, weights = tables = random_tables(seed)
    found = tariff_rate(acts, day, SMALL, base, coverage, rates, weights=weights, stacking=rules)
    oracle = Oracle(acts, day, SMALL, tables, rules)
    cells = itertools.product(SMALL.regions, SMALL.regions, SMALL.sectors)
    expected = np.array([oracle.tariff(*flow) for flow in cells]).reshape(SMALL.shape)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


@given(stacks(), DAYS, SEEDS)
def test_acts_that_shape_a_stack_are_effective(acts, day, seed):
    coverage, rates, base, weights = random_tables(seed)
    law = Law(tuple(acts), SMALL, base, coverage, rates, weights)
    effective = law.effective(day)
    for act in acts:
        without = law.with_measures(other for other in acts if other is not act)
        if np.abs(law.rate(day) - without.rate(day)).max() > 1e-9:
            assert act.id in effective


# --- single cases ---------------------------------------------------------------------------------


LAW = world_of().law(world_of().scenario("history"))
AUTUMN_2026 = dt.date(2026, 9, 18)


def points_in(acts, sector, day=AUTUMN_2026, exporter="CHN"):
    """Points that the acts add on goods of a sector, with the shipped tables."""
    parts = LAW.with_measures(acts).by_authority(day)
    row, column = (LAW.axes.regions.index(code) for code in ("USA", exporter))
    place = LAW.axes.sectors.index(sector)
    return 100 * sum(part[row, column, place] for name, part in parts.items() if name != BASE)


def listed(name, sector, exporter="CHN"):
    row, column = (LAW.axes.regions.index(code) for code in ("USA", exporter))
    return LAW.coverage[name][row, column, LAW.axes.sectors.index(sector)]


def metals(points=50.0, **content):
    return blanket("own-232", points, authority="section-232", **content)


def shipped(*names):
    acts = {act.id: act for act in LAW.measures}
    return [acts[name] for name in names]


def test_a_file_with_a_metals_duty_of_its_own_pays_75_points():
    scenario = world_of().scenario(str(ROOT / "tests/cases/stacking/own-metals-duty.yaml"))
    assert points_in(scenario.measures, "C25", scenario.date) == pytest.approx(75.0)


def test_all_goods_of_a_sector_under_section_232_leave_nothing_to_forced_labour():
    labour = blanket("own-labour", 12.5, authority="section-301-forced-labour")
    assert points_in([metals(100.0), labour], "C21") == pytest.approx(100.0)


@pytest.mark.parametrize("coverage", [Coverage(default=1.0), Coverage(by_sector="reciprocal")])
def test_the_larger_of_own_section_232_and_the_reciprocal_tariff_holds(coverage):
    mutual = blanket("own-mutual", 10.0, authority="ieepa-reciprocal", coverage=coverage)
    assert points_in([metals(25.0, sectors=("C26",)), mutual], "C26") == pytest.approx(25.0)
    if coverage.default:
        assert points_in([mutual], "C26") == pytest.approx(10.0)


@pytest.mark.parametrize(
    "authority",
    [name for name, rule in SHIPPED.authorities.items() if "section-232" in rule.yields_to],
)
def test_every_yielding_duty_pays_on_what_is_no_metal(authority):
    other = blanket("own-other", 10.0, authority=authority)
    derivative = metals(coverage=Coverage(default=0.35))
    assert points_in([derivative, other], "C28") == pytest.approx(0.35 * 50 + 0.65 * 10)


def test_shipped_duties_with_net_lists_leave_out_own_goods_under_section_232():
    labour = shipped("us-section-301-forced-labour-2026")
    alone = points_in(labour, "C26")
    assert alone == pytest.approx(12.5 * listed("forced-labour-2026", "C26"))
    halved = metals(25.0, sectors=("C26",), coverage=Coverage(default=0.5))
    assert points_in([*labour, halved], "C26") == pytest.approx(12.5 + alone / 2)


def test_an_own_duty_on_the_shipped_list_is_not_left_out_twice():
    labour = shipped("us-section-301-forced-labour-2026")
    raised = metals(coverage=Coverage(by_sector="s232-2026-04"))
    assert points_in([*labour, raised], "C25") == pytest.approx(
        points_in(labour, "C25") + 50 * listed("s232-2026-04", "C25")
    )


def test_two_actions_on_parts_of_a_sector_reach_their_sum():
    parts = [
        blanket(name, 50.0, authority="section-232", coverage=Coverage(default=share))
        for name, share in (("own-a", 0.4), ("own-b", 0.3))
    ]
    mutual = blanket("own-mutual", 10.0, authority="ieepa-reciprocal")
    assert points_in([*parts, mutual], "C28") == pytest.approx(0.7 * 50 + 0.3 * 10)


def test_goods_let_out_of_section_232_pay_the_other_duty():
    mutual = blanket("own-mutual", 10.0, authority="ieepa-reciprocal")
    out = exclusion("out", ["own-232"], 0.4, dt.date(2025, 1, 1), None)
    assert points_in([metals(), mutual, out], "C28") == pytest.approx(0.6 * 50 + 0.4 * 10)


def test_a_duty_that_is_suspended_whole_or_ended_is_yielded_nothing():
    mutual = blanket("own-mutual", 10.0, authority="ieepa-reciprocal")
    off = suspension("off", ["own-232"], 50.0, dt.date(2025, 1, 1), None)
    assert points_in([metals(), mutual, off], "C28") == pytest.approx(10.0)
    assert points_in([metals(end=AUTUMN_2026), mutual], "C28") == pytest.approx(10.0)


def test_duties_on_other_regions_and_sectors_are_yielded_nothing():
    mutual = blanket("own-mutual", 10.0, authority="ieepa-reciprocal")
    elsewhere = metals(exporters=("VNM",)), metals(sectors=("C27",))
    for duty in elsewhere:
        assert points_in([duty, mutual], "C28") == pytest.approx(10.0)


def test_shipped_actions_are_yielded_their_goods_from_their_own_days():
    mutual = blanket("own-mutual", 10.0, authority="ieepa-reciprocal", start=dt.date(2025, 1, 1))

    def kept(day, *names):
        both = points_in([*shipped(*names), mutual], "C29", day)
        return (both - points_in(shipped(*names), "C29", day)) / 10

    old, cars = "us-section-232-metals-2025", "us-section-232-autos-2025"
    steel, car_parts = (listed(f"s232-{name}", "C29") for name in ("steel-aluminium", "autos"))
    assert kept(dt.date(2025, 4, 2), old, cars) == pytest.approx(1)
    assert kept(dt.date(2025, 5, 3), old, cars) == pytest.approx(1 - car_parts)
    assert kept(dt.date(2025, 9, 1), old, cars) == pytest.approx(1 - car_parts - steel)


def test_the_lists_of_single_actions_make_up_the_list_of_all():
    rule = SHIPPED.authorities["section-232"]
    actions = sum(LAW.coverage[name] for name in rule.actions)
    np.testing.assert_allclose(actions, LAW.coverage["s232"], atol=1e-9)


def test_a_duty_yields_only_to_a_basis_that_exists():
    with pytest.raises(ValueError, match="not an authority"):
        Stacking.model_validate(
            {"authorities": {"a": {"title": "a", "actor": "USA", "yields_to": ("b",)}}}
        )
