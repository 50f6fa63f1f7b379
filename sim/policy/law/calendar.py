"""Tariffs through time: the rate of any day, month or range; it changes only where an act does.

A calendar is cut at the days on which some measure begins, ends or steps.  Between two such days
nothing moves, so that a year of days costs no more than its breakpoints.  Intervals are half-open;
the mean over a range weighs each period by its days, and so adds up exactly over parts.
"""

from __future__ import annotations

import bisect
import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.policy.axes import Axes
from sim.policy.language.kinds import Measure
from sim.policy.language.kinds.tariff import TariffMeasure
from sim.policy.language.stacking import Stacking
from sim.policy.law.tariffs import base_year_share, contributions, tariff_rate

Array = NDArray[np.float64]
Tables = Mapping[str, Array]

BASE = "base"
"""Name of what is there before every act: the ordinary duty."""

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, eq=False)
class Law:
    """Measures and the tables that turn them into rates.

    Parameters
    ----------
    base_rate
        Tariff before the measures, fraction, [n, i, j].
    coverage, rates
        Tables of the baseline by name, [n, i, j].
    weights
        Customs values, [n, i, j].
    """

    measures: tuple[Measure, ...]
    axes: Axes
    base_rate: Array
    coverage: Tables
    rates: Tables
    weights: Array
    stacking: Stacking | None = None

    def rate(self, day: dt.date) -> Array:
        """Tariff on `day`, fraction of customs value, [n, i, j]."""
        return tariff_rate(
            self.measures,
            day,
            self.axes,
            self.base_rate,
            self.coverage,
            self.rates,
            weights=self.weights,
            stacking=self.stacking,
            in_base=self._in_base,
        )

    @cached_property
    def _in_base(self) -> Array:
        """What the base rate holds of the measures; the same on every day."""
        return base_year_share(
            self.measures,
            self.axes,
            self.coverage,
            self.rates,
            weights=self.weights,
            stacking=self.stacking,
        )

    def with_measures(self, measures: Iterable[Measure]) -> Law:
        """Return the same with other measures."""
        return replace(self, measures=tuple(measures))

    def by_authority(self, day: dt.date) -> dict[str, Array]:
        """Parts of the tariff of `day` by legal basis, [n, i, j]; they sum to `rate`.

        `BASE` holds the rest: the ordinary duty, and what duties that stand for the whole take
        from or add to the others.
        """
        pieces = contributions(
            self.measures,
            day,
            self.axes,
            self.coverage,
            self.rates,
            weights=self.weights,
            stacking=self.stacking,
        )
        authority = {
            one.id: one.authority for one in self.measures if isinstance(one, TariffMeasure)
        }
        parts: dict[str, Array] = {}
        for name in sorted(pieces):
            key = authority.get(name, name)
            parts[key] = parts[key] + pieces[name] if key in parts else pieces[name]
        rest: Array = self.rate(day) - sum(parts.values(), np.zeros(self.axes.shape))
        return {BASE: rest, **parts}


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


def turning_days(measures: Iterable[Measure]) -> tuple[dt.date, ...]:
    """Days on which some measure begins, ends or steps, in order."""
    days: set[dt.date] = set()
    for measure in measures:
        days |= {measure.first_day, *getattr(measure, "turning_days", ())}
        if measure.end_day is not None:
            days.add(measure.end_day)
    return tuple(sorted(days))


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


def rates_by_day(
    calendar: Sequence[Period], first: dt.date, end: dt.date
) -> Iterator[tuple[dt.date, Array]]:
    """Each day of [`first`, `end`) with its rate; days of one period share one array."""
    for period in _within(calendar, first, end):
        for shift in range(period.days):
            yield period.start + shift * DAY, period.rate


def mean_rate(calendar: Sequence[Period], first: dt.date, end: dt.date) -> Array:
    """Mean tariff over [`first`, `end`), each day weighing the same, [n, i, j].

    Parameters
    ----------
    calendar
        As `periods` returns it; it must hold the whole range.
    """
    inside = _within(calendar, first, end)
    total = sum((one.days * one.rate for one in inside), np.zeros_like(inside[0].rate))
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


def months(first: dt.date, end: dt.date) -> tuple[tuple[dt.date, dt.date], ...]:
    """Calendar months that [`first`, `end`) touches, each as its own half-open range."""
    start, found = first.replace(day=1), []
    while start < end:
        after = (start + 32 * DAY).replace(day=1)
        found.append((start, after))
        start = after
    return tuple(found)
