"""Exclusions, switches, dated steps and the base year: what acts of different days do together."""

import datetime as dt

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.policy.language.fields import Coverage
from sim.policy.language.kinds.tariff import RateStep, TariffMeasure
from sim.policy.law.reach import Tables, flows
from sim.policy.law.tariffs import base_year_share, contributions
from tests.strategies_policy import (
    AUTUMN,
    DAYS,
    LAST,
    POINTS,
    SEEDS,
    SMALL,
    blanket,
    exclusion,
    random_tables,
    rate,
    tariffs,
)

# --- exclusions, switches, dated steps ------------------------------------------------------------


@given(POINTS, st.floats(0, 1), st.floats(0, 1), DAYS, SEEDS)
def test_exclusions_add_up_and_never_go_below_nothing(points, first, second, date, seed):
    act = blanket(points=points)
    start = dt.date(2025, 1, 1)
    acts = [exclusion("one", [act.id], first, start, None)]
    acts.append(exclusion("two", (), second, start, None, authorities=("hypothetical",)))
    left = max(1.0 - first - second, 0.0)
    shrunk = blanket(points=points, coverage=Coverage(default=left))
    np.testing.assert_allclose(
        rate([act, *acts], date, seed), rate([shrunk], date, seed), atol=1e-12
    )


@given(tariffs(), DAYS, SEEDS)
def test_an_exclusion_of_everything_is_the_absence_of_the_tariff(act, date, seed):
    whole = exclusion("void", (), 1.0, dt.date(2024, 1, 1), None, authorities=(act.authority,))
    np.testing.assert_array_equal(rate([act, whole], date, seed), rate([], date, seed))


@given(tariffs(), DAYS, SEEDS)
def test_a_measure_switched_off_is_absent_and_switched_on_is_there(act, date, seed):
    content = act.model_dump()
    off, on = (TariffMeasure.model_validate({**content, "switch": k}) for k in (0, 1))
    assert (rate([off], date, seed) == rate([], date, seed)).all()
    assert (rate([on], date, seed) == rate([act], date, seed)).all()


def test_a_step_may_have_its_own_list_and_its_own_schedule():
    steps = (
        RateStep(start=dt.date(2025, 2, 1), rate_pp=10.0),
        RateStep(start=dt.date(2025, 4, 1), rate_pp=20.0, coverage=Coverage(default=0.5)),
        RateStep(start=dt.date(2025, 6, 1), rate_schedule="s232-october-2025"),
    )
    act = blanket(rate_pp=None, steps=steps)
    coverage, rates, _, _ = random_tables(5)
    chosen = flows(act, SMALL)
    for day, expected in (
        (dt.date(2025, 3, 1), 0.1),
        (dt.date(2025, 5, 1), 0.1),
        (dt.date(2025, 7, 1), rates["s232-october-2025"][chosen]),
    ):
        found = contributions([act], day, Tables(SMALL, coverage, rates))[act.id]
        np.testing.assert_allclose(found[chosen], expected)


def test_goods_left_to_section_232_are_those_of_the_regime():
    labour = blanket("labour", 10.0, authority="section-301-forced-labour")
    coverage, rates, _, _ = random_tables(4)
    chosen = flows(labour, SMALL)
    for act, name in (("metal", "s232"), ("us-section-232-metals-2026", "s232-2026-04")):
        metal = blanket(act, None, authority="section-232", rate_schedule="s232-metals-2026-04-06")
        found = contributions([metal, labour], LAST, Tables(SMALL, coverage, rates))["labour"]
        np.testing.assert_allclose(found[chosen], 0.1 * (1 - coverage[name][chosen]))


# --- the base year -------------------------------------------------------------------------------


def test_an_act_of_before_2024_adds_nothing_later_and_leaves_before_its_start():
    act = blanket(points=10.0, start=dt.date(2018, 7, 6))
    none = rate([], AUTUMN)
    np.testing.assert_allclose(rate([act], AUTUMN), none, atol=1e-12)
    lower = rate([act], dt.date(2018, 7, 5))
    chosen = flows(act, SMALL)
    np.testing.assert_allclose(lower[chosen], np.maximum(none[chosen] - 0.1, 0), atol=1e-12)
    np.testing.assert_array_equal(lower[~chosen], none[~chosen])


def test_an_act_of_late_2024_is_in_the_base_by_its_days():
    act = blanket(points=36.6, start=dt.date(2024, 9, 27))
    coverage, rates, _, _ = random_tables(0)
    share = base_year_share([act], Tables(SMALL, coverage, rates))
    np.testing.assert_allclose(share[flows(act, SMALL)], 0.366 * 96 / 366)


def test_an_act_that_was_never_applied_is_not_in_the_base():
    act = blanket(points=15.0, start=dt.date(2019, 12, 15), never_applied=True)
    coverage, rates, _, _ = random_tables(0)
    assert not base_year_share([act], Tables(SMALL, coverage, rates)).any()
    gained = rate([act], AUTUMN) - rate([], AUTUMN)
    np.testing.assert_allclose(gained[flows(act, SMALL)], 0.15)
