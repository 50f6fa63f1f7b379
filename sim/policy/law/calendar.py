"""Tariffs through time: the rate of any day, month or range; it changes only where an act does.

A calendar is cut at the days on which some measure begins, ends or steps.  Between two such days
nothing moves, so that a year of days costs no more than its breakpoints.  Intervals are half-open;
the mean over a range weighs each period by its days, and so adds up exactly over parts.
"""

from __future__ import annotations

import bisect
import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.policy.law.dates import turning_days
from sim.policy.law.law import Law

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Period:
    """Days `start` to the day before `end`, on which no rate changes.

    Parameters
    ----------
    rate
        Tariff, fraction of customs value, [n, i, j].
    """

    start: dt.date
    end: dt.date
    rate: Array

    @property
    def days(self) -> int:
        """Length."""
        return (self.end - self.start).days


def periods(law: Law, first: dt.date, end: dt.date) -> tuple[Period, ...]:
    """Cut [`first`, `end`) at the measures' days; one rate a period.

    Raises
    ------
    InputError
        If the range holds no day.
    """
    if end <= first:
        raise InputError(f"the range {first} to {end} holds no day.", advice="Write a later end.")
    inside = [day for day in turning_days(law.measures) if first < day < end]
    cuts = [first, *inside, end]
    return tuple(Period(start, stop, law.rate(start)) for start, stop in itertools.pairwise(cuts))


def mean_rate(calendar: Sequence[Period], first: dt.date, end: dt.date) -> Array:
    """Mean tariff over [`first`, `end`), each day weighing the same, [n, i, j].

    Parameters
    ----------
    calendar
        As `periods` returns it; it must hold the whole range.
    """
    inside = _within(calendar, first, end)
    total = sum((period.days * period.rate for period in inside), np.zeros_like(inside[0].rate))
    return np.asarray(total / (end - first).days)


def _within(calendar: Sequence[Period], first: dt.date, end: dt.date) -> list[Period]:
    """Periods of `calendar` cut to [`first`, `end`)."""
    if not calendar or end <= first or first < calendar[0].start or end > calendar[-1].end:
        held = f"{calendar[0].start} to {calendar[-1].end}" if calendar else "nothing"
        raise InputError(f"the calendar holds {held}, not {first} to {end}.")
    place = bisect.bisect_right([period.start for period in calendar], first) - 1
    cut = []
    for period in calendar[place:]:
        if period.start >= end:
            break
        cut.append(Period(max(period.start, first), min(period.end, end), period.rate))
    return cut
