"""Measures moved in time: begun on another day, ended early; an act keeps its own length."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from sim.policy.language.kinds import Measure


def shifted(measure: Measure, days: int) -> Measure:
    """Return `measure` with all its dates moved by so many days."""
    return measure.shifted(days)


def begun(measure: Measure, day: dt.date) -> Measure:
    """Return `measure` with `day` as its first day in force, as long as it was."""
    return measure.begun(day)


def ended(measure: Measure, day: dt.date) -> Measure | None:
    """Return `measure` cut off on `day`; None if it would never have been in force.

    A measure that is over by then stays as it is.
    """
    if measure.end_day is not None and measure.end_day <= day:
        return measure
    if measure.first_day >= day:
        return None
    return measure.within(measure.first_day, day)


def after_collapse(
    before: Iterable[Measure], into: Iterable[Measure], anchor: dt.date, day: dt.date
) -> tuple[Measure, ...]:
    """Return the measures that hold from `day` on, if what held `before` turns `into` something.

    Parameters
    ----------
    anchor
        Day on which `into` departs from its baseline.
    day
        Day of the collapse.

    Notes
    -----
    A measure that is in force before, and that `into` has too but for its dates, goes on by its own
    calendar.  Any other that begins on `anchor` or later begins as many days after the collapse.
    """
    ours = {measure.id: measure for measure in before}
    return tuple(_following(measure, ours.get(measure.id), anchor, day) for measure in into)


def _following(measure: Measure, ours: Measure | None, anchor: dt.date, day: dt.date) -> Measure:
    if ours is not None and ours.undated() == measure.undated() and ours.in_force(day):
        return ours
    if ours == measure or measure.first_day < anchor:
        return measure
    return shifted(measure, (day - anchor).days)


def onwards(measure: Measure, day: dt.date, changes: Mapping[str, Any]) -> Measure:
    """Return the part of `measure` from `day` on, with other numbers and its own end."""
    rest = measure.within(max(day, measure.first_day), measure.end_day)
    return rest.model_copy(update=changes)
