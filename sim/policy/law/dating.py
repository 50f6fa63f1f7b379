"""Measures moved in time: begun on another day, ended early; an act keeps its own length."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from sim.policy.language.measures import Measure

LENGTHS = {"months": None, "duration_months": 0}
"""Fields that stand in place of an end, and what they hold where they say nothing."""


def shifted(measure: Measure, days: int) -> Measure:
    """Return `measure` with all its dates moved by so many days."""
    move = dt.timedelta(days)
    changes: dict[str, Any] = {"start": measure.start + move}
    if measure.end is not None:
        changes["end"] = measure.end + move
    steps = getattr(measure, "steps", None)
    if steps is not None:
        changes["steps"] = tuple(
            step.model_copy(update={"start": step.start + move}) for step in steps
        )
    return measure.model_copy(update=changes)


def begun(measure: Measure, day: dt.date) -> Measure:
    """Return `measure` with `day` as its first day in force, as long as it was."""
    if not getattr(measure, "delay_months", 0):
        return shifted(measure, (day - measure.start).days)
    length = None if measure.end_day is None else measure.end_day - measure.first_day
    end = None if length is None else day + length
    return measure.model_copy(update={"start": day, "end": end, "delay_months": 0})


def ended(measure: Measure, day: dt.date) -> Measure | None:
    """Return `measure` cut off on `day`; None if it would never have been in force.

    A measure that is over by then stays as it is.
    """
    if measure.end_day is not None and measure.end_day <= day:
        return measure
    if measure.first_day >= day:
        return None
    changes: dict[str, Any] = {"end": day}
    changes |= {name: empty for name, empty in LENGTHS.items() if hasattr(measure, name)}
    if getattr(measure, "delay_months", 0):
        changes |= {"start": measure.first_day, "delay_months": 0}
    steps = getattr(measure, "steps", None)
    if steps is not None:
        changes["steps"] = tuple(step for step in steps if step.start < day)
    return measure.model_copy(update=changes)


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
    if ours is not None and _undated(ours) == _undated(measure) and ours.in_force(day):
        return ours
    if ours == measure or measure.first_day < anchor:
        return measure
    return shifted(measure, (day - anchor).days)


def _undated(measure: Measure) -> dict[str, Any]:
    """Everything that a measure states but when it holds."""
    return measure.model_dump(exclude={"start", "end", "delay_months", *LENGTHS})


def onwards(measure: Measure, day: dt.date, changes: Mapping[str, Any]) -> Measure:
    """Return the part of `measure` from `day` on, with other numbers and its own end."""
    first = max(day, measure.first_day)
    cut: dict[str, Any] = {"start": first, "end": measure.end_day}
    cut |= {name: empty for name, empty in LENGTHS.items() if hasattr(measure, name)}
    if hasattr(measure, "delay_months"):
        cut["delay_months"] = 0
    steps = getattr(measure, "steps", None)
    if steps is not None:
        last = [step for step in steps if step.start <= first][-1:]
        held = [step.model_copy(update={"start": first}) for step in last]
        cut["steps"] = (*held, *(step for step in steps if step.start > first))
    return measure.model_copy(update={**cut, **changes})
