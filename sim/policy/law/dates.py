"""Days and months: when measures turn, and the months that a stretch of days touches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sim.policy.language.kinds import Measure

DAY = dt.timedelta(days=1)


def turning_days(measures: Iterable[Measure]) -> tuple[dt.date, ...]:
    """Days on which some measure begins, ends or steps, in order."""
    days: set[dt.date] = set()
    for measure in measures:
        days |= {measure.first_day, *measure.turning_days}
        if measure.end_day is not None:
            days.add(measure.end_day)
    return tuple(sorted(days))


def months(first: dt.date, end: dt.date) -> tuple[tuple[dt.date, dt.date], ...]:
    """Calendar months that [`first`, `end`) touches, each as its own half-open range."""
    start, touched = first.replace(day=1), []
    while start < end:
        after = (start + 32 * DAY).replace(day=1)
        touched.append((start, after))
        start = after
    return tuple(touched)
