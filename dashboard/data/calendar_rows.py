"""Who did what when, as rows: acts by authority within a window, and the average tariffs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from dashboard.data.acts import CalendarAct, RatePeriod
from dashboard.records import CalendarBar, CalendarRow, Line
from sim.outputs.words import decimals
from sim.policy.language.traits import Spell

STATUSES: Mapping[str, str] = {
    "in-force": "In force",
    "announced": "Announced",
    "suspended": "Suspended",
    "threatened": "Threatened",
    "lapsed": "Run out",
    "void": "Void",
}
"""Legal status in words."""

OTHERS = "Others, or on others"
"""Whose acts stand apart: those of third countries, and duties on them."""

SWITCHED_OFF = " (switched off here)"

MONTH = dt.timedelta(days=30)

Window = tuple[dt.date, dt.date]
"""First day, and the day after the last."""


def window_of(first: dt.date, last: dt.date) -> Window:
    """Return the window that a reader chose; it is a month long at least."""
    return first, max(last, first + MONTH)


def iso_days(window: Window) -> tuple[str, str]:
    """Return both ends of a window as charts write them."""
    return window[0].isoformat(), window[1].isoformat()


def everyone(pair: Mapping[str, str]) -> list[str]:
    """Return all whose acts can be chosen: the two of the pair, then the others.

    Parameters
    ----------
    pair
        Labels by code, as `acts.sides` gives them.
    """
    return [*pair.values(), OTHERS]


def side_of(act: CalendarAct, pair: Mapping[str, str]) -> str:
    """Return who imposes an act, in words; duties on or of third countries stand apart."""
    return pair.get(act.by, OTHERS) if act.is_between else OTHERS


def rows(
    calendar: Sequence[CalendarAct],
    pair: Mapping[str, str],
    sides: Sequence[str],
    window: Window,
    *,
    with_unchanged: bool,
) -> list[CalendarRow]:
    """Return the acts of `sides` that move within the window, by side, heading and first day.

    Parameters
    ----------
    pair
        Labels by code, as `acts.sides` gives them.
    with_unchanged
        Also those that hold throughout the window unchanged.
    """
    kept = [
        act
        for act in calendar
        if side_of(act, pair) in sides
        and _touches(act, window)
        and (with_unchanged or _moves_within(act, window))
    ]
    begins: dict[tuple[str, str], dt.date] = {}
    for act in kept:
        begins.setdefault((side_of(act, pair), heading_of(act)), act.start)
    order = everyone(pair)
    kept.sort(
        key=lambda act: (
            order.index(side_of(act, pair)),
            begins[side_of(act, pair), heading_of(act)],
            heading_of(act),
        )
    )
    return [_row(act, side_of(act, pair), window) for act in kept]


def _touches(act: CalendarAct, window: Window) -> bool:
    first, last = window
    return act.start < last and (act.end or dt.date.max) > first


def _moves_within(act: CalendarAct, window: Window) -> bool:
    """Tell whether an act begins, ends or changes its size within the window."""
    first, last = window
    days = [spell.start for spell in act.spells] + ([act.end] if act.end else [])
    return any(first <= day < last for day in days)


def heading_of(act: CalendarAct) -> str:
    """Return the heading under which an act stands: its legal basis, or its kind."""
    return act.basis.partition(", tariffs on")[0] or act.heading


def _row(act: CalendarAct, side: str, window: Window) -> CalendarRow:
    return CalendarRow(
        id=act.id,
        side=side,
        heading=heading_of(act),
        title=act.title + ("" if act.is_on else SWITCHED_OFF),
        status=STATUSES[act.status],
        basis=act.basis or heading_of(act),
        as_of="" if act.as_of is None else f"{act.as_of}",
        source=act.source,
        grade=act.grade,
        ended_by=act.ended_by,
        is_on=act.is_on,
        start=f"{act.start}",
        end="open" if act.end is None else f"{act.end}",
        sizes="; ".join(f"{spell.size} from {spell.start}" for spell in act.spells),
        bars=tuple(bar for spell in act.spells if (bar := _bar(spell, window)) is not None),
    )


def _bar(spell: Spell, window: Window) -> CalendarBar | None:
    """Return the part of a spell that lies within the window, or None."""
    first, last = window
    start, end = max(spell.start, first), min(spell.end or dt.date.max, last)
    if start >= end:
        return None
    until = "open" if spell.end is None else f"{spell.end - dt.timedelta(days=1)}"
    return CalendarBar(start.isoformat(), end.isoformat(), spell.size, f"{spell.start} to {until}")


def table(rows: Sequence[CalendarRow]) -> list[dict[str, str]]:
    """Return the acts as rows of text."""
    return [
        {
            "Who": row.side,
            "What": row.title,
            "Legal basis": row.basis,
            "Size": row.sizes,
            "From": row.start,
            "To": row.end,
            "Ended by": row.ended_by,
            "Status": row.status,
            "Source": row.source,
            "Grade": row.grade,
        }
        for row in rows
    ]


def average_lines(rates: Mapping[str, Sequence[RatePeriod]], window: Window) -> list[Line]:
    """Return the average tariffs within the window as stepped lines, to its last day."""
    return [Line(label, _points(periods, window)) for label, periods in rates.items()]


def _points(periods: Sequence[RatePeriod], window: Window) -> tuple[tuple[str, float, str], ...]:
    first, last = window
    inside = [period for period in periods if period.start < last and period.end > first]
    points = [(max(period.start, first).isoformat(), period.percent) for period in inside]
    points.append((last.isoformat(), inside[-1].percent))
    return tuple((day, percent, f"{decimals(percent, 1)} %") for day, percent in points)


def average_rows(rates: Mapping[str, Sequence[RatePeriod]]) -> list[dict[str, object]]:
    """Return the average tariffs of a calendar, one row a period and pair."""
    return [
        {
            "from": period.start,
            "before": period.end,
            "tariff": label,
            "percent": period.percent,
        }
        for label, periods in rates.items()
        for period in periods
    ]
