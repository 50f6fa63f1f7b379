"""Months are additive under day weighting: a duty of part of a month is that part of a duty."""

import datetime as dt
import itertools
from functools import lru_cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.months import monthly_policy
from sim.engine.runs import world_of
from sim.policy.law.calendar import mean_rate, periods
from sim.policy.law.dates import DAY

DUTY = "us-ieepa-fentanyl-2025"
FIRST = dt.date(2025, 1, 1)


@lru_cache(maxsize=1)
def setting():
    world = world_of()
    scenario = world_of().scenario("history")
    (duty,) = (one for one in scenario.measures if one.id == DUTY)
    flat = duty.model_copy(update={"steps": None, "rate_pp": 10.0, "start": FIRST, "end": None})
    law = world.law(scenario)
    return world.start_from(world.baseline, None), law, flat


def same(one, other):
    return np.abs(one - other).max() < 1e-12


def ordered(one, other):
    return (min(one, other), max(one, other))


@settings(max_examples=10, deadline=None)
@given(begin=st.integers(0, 119), end=st.integers(0, 119))
def test_a_duty_for_part_of_a_month_is_that_part_of_the_duty(begin, end):
    """For random days the tariff of each month is its base and the share of days in force."""
    start, whole, flat = setting()
    first, last = (FIRST + day * DAY for day in ordered(begin, end + 1))
    if first == last:
        last += DAY
    dated = flat.model_copy(update={"start": first, "end": last})
    law = whole.with_measures((dated,))
    none, full = law.rate(first - DAY), law.rate(first)
    policy = monthly_policy(start, law, FIRST, 5)
    for month in policy:
        days = [month.first + at * DAY for at in range((month.end - month.first).days)]
        share = np.mean([first <= day < last for day in days])
        wanted = none + share * (full - none)
        assert same(month.shock.tariff_rate_cf, wanted)


@settings(max_examples=25, deadline=None)
@given(cuts=st.lists(st.integers(1, 364), min_size=1, max_size=4, unique=True))
def test_parts_of_a_year_add_up_to_the_year(cuts):
    """Two half-months, or any parts, weighed by their days are the whole, on the real calendar."""
    calendar, whole = year_2025()
    days = sorted([0, *cuts, 365])
    total = np.zeros_like(whole)
    for begin, end in itertools.pairwise(days):
        total += (end - begin) * mean_rate(calendar, FIRST + begin * DAY, FIRST + end * DAY)
    assert same(total / 365, whole)


@lru_cache(maxsize=1)
def year_2025():
    _, law, _ = setting()
    calendar = periods(law, FIRST, dt.date(2026, 1, 1))
    return calendar, mean_rate(calendar, FIRST, dt.date(2026, 1, 1))


def test_months_of_the_calendar_are_means_of_their_days():
    """A loop over days as the oracle, on the months of 2025 in which most changed."""
    start, law, _ = setting()
    for month in monthly_policy(start, law, FIRST, 12):
        total, count = np.zeros(law.axes.shape), 0
        for shift in range((month.end - month.first).days):
            total, count = total + law.rate(month.first + shift * DAY), count + 1
        assert count == (month.end - month.first).days
        assert same(month.shock.tariff_rate_cf, total / count)
