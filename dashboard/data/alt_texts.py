"""What each chart shows, in words, for readers who do not see it: its alternative text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from dashboard.data.calendar_rows import SWITCHED_OFF
from dashboard.records import (
    Bar,
    CalendarRow,
    Caption,
    FlowSides,
    Line,
    MapValues,
    RangeBar,
)

MOST_NAMED = 3
"""Regions that gain or lose most, of a map."""


def ranking(bars: Sequence[Bar], caption: Caption) -> str:
    """Say who gains most and who loses most in the first series."""
    if not bars:
        return f"{caption.title}: nobody moves."
    first = [bar for bar in bars if bar.series == bars[0].series]
    top, bottom = max(first, key=_value), min(first, key=_value)
    parts = []
    if top.value > 0:
        parts.append(f"{top.label} gains most ({top.text})")
    if bottom.value < 0:
        parts.append(f"{bottom.label} loses most ({bottom.text})")
    words = " and ".join(parts) or "nobody moves"
    return f"Bar chart. {caption.title}, {caption.unit}: {words}; {bars[0].series}."


def panel(bars: Sequence[Bar], caption: Caption) -> str:
    """Say what a small chart shows: the highest, the lowest, and all numbers."""
    top, bottom = max(bars, key=_value), min(bars, key=_value)
    words = "; ".join(f"{bar.label} {bar.text}" for bar in bars)
    if top.value == bottom.value:
        return f"Bar chart. {caption.title}, {caption.unit}: the same for all ({words})."
    return (
        f"Bar chart. {caption.title}, {caption.unit}: highest in {top.label}, "
        f"lowest in {bottom.label}; {words}."
    )


def _value(bar: Bar) -> float:
    return bar.value


def lines(shown: Sequence[Line], caption: Caption) -> str:
    """Say where each line begins, ends, and stands highest and lowest."""
    return f"Line chart. {caption.title}, {caption.unit}: {'; '.join(map(_line, shown))}."


def _line(line: Line) -> str:
    first, last = line.points[0], line.points[-1]
    high, low = max(line.points, key=_point_value), min(line.points, key=_point_value)
    if high[1] == low[1]:
        return f"{line.series}: {first[2] or 'no change'} throughout"
    return (
        f"{line.series}: {first[2]} in {first[0][:7]}, {last[2]} in {last[0][:7]}, "
        f"highest {high[2]} in {high[0][:7]}, lowest {low[2]} in {low[0][:7]}"
    )


def _point_value(point: tuple[str, float, str]) -> float:
    return point[1]


def ranges(rows: Sequence[RangeBar], caption: Caption) -> str:
    """Say each range."""
    words = "; ".join(
        f"{row.label} {row.centre_text}, from {row.low_text} to {row.high_text}" for row in rows
    )
    return f"Ranges. {caption.title}, {caption.unit}: {words}."


def tornado(rows: Sequence[RangeBar], caption: Caption) -> str:
    """Say what moves the number most, and least."""
    first, last = rows[0], rows[-1]
    return (
        f"Tornado. {caption.title}, {caption.unit}: now {first.centre_text}; most hangs on "
        f"{first.label} ({first.ends_text}), least on {last.label} ({last.ends_text})."
    )


def world_map(shown: MapValues, caption: Caption) -> str:
    """Say who gains most and who loses most on the map."""
    values = shown.values
    order = sorted(values, key=lambda code: -values[code])
    gaining = [code for code in order if values[code] > 0][:MOST_NAMED]
    losing = [code for code in reversed(order) if values[code] < 0][:MOST_NAMED]
    parts = [
        f"{verb} most: {', '.join(f'{shown.labels[code]} ({shown.texts[code]})' for code in codes)}"
        for verb, codes in (("gaining", gaining), ("losing", losing))
        if codes
    ]
    return f"World map. {caption.title}, {caption.unit}: {'; '.join(parts) or 'no change'}."


def flows(sides: FlowSides, caption: Caption) -> str:
    """Say who trades less and who trades more."""
    if not sides.total:
        return f"Flow diagram. {caption.title}: nothing moves."
    return (
        f"Flow diagram. {caption.title}, {caption.unit}: "
        f"from {_amounts(sides.less, sides)}, to {_amounts(sides.more, sides)}."
    )


def _amounts(names: Iterable[str], sides: FlowSides) -> str:
    return ", ".join(f"{name} {sides.texts[name]}" for name in names)


def calendar(rows: Sequence[CalendarRow], caption: Caption) -> str:
    """Say how many acts are whose, and which of them begins last."""
    if not rows:
        return f"{caption.title}: no act begins, ends or changes."
    counts = Counter(row.side for row in rows)
    words = ", ".join(f"{count} of {side}" for side, count in counts.items())
    latest = max(rows, key=lambda row: row.start)
    title = latest.title.removesuffix(SWITCHED_OFF)
    return (
        f"Bars through time. {caption.title}, {caption.unit}: {len(rows)} acts ({words}); "
        f"the latest to begin is “{title}” on {latest.start}."
    )
