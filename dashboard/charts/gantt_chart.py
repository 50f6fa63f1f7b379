"""Acts as bars through time, by authority: rows, chart, words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.charts import bar_chart, line_chart
from dashboard.data import acts

Spec = dict[str, Any]

STATUSES: Mapping[str, tuple[str, str, str]] = {
    "in-force": ("In force", "#0072B2", "#56B4E9"),
    "announced": ("Announced", "#009E73", "#3CC59A"),
    "suspended": ("Suspended", "#E69F00", "#F2C14E"),
    "threatened": ("Threatened", "#D55E00", "#F0883E"),
    "lapsed": ("Run out", "#7A7A7A", "#B0B0B0"),
    "void": ("Void", "#CC79A7", "#E29BC3"),
}
"""Legal status: its word, and its colour on light and on dark."""

KINDS: Mapping[str, str] = {
    "tariff-suspension": "The truce and other suspensions",
    "exclusion": "Exemptions and rulings",
    "export-licence": "Export licences",
    "export-ban": "Export bans",
    "technology-control": "Controls on technology",
    "purchase-commitment": "Promises to buy",
    "trade-cost": "Port fees and other costs",
    "threat": "Threats",
}
"""Headings of measures that are no duties."""

SIDES: Mapping[str, str] = {"USA": "United States", "CHN": "China"}
OTHERS = "Others, or on others"

EVERYONE = [*SIDES.values(), OTHERS]

ROW, HEAD, BAR = 30, 34, 9
"""Heights in pixels: of an act with its title, of a heading, of a bar."""


@dataclass(frozen=True)
class Row:
    """One act under its heading."""

    side: str
    heading: str
    act: acts.Act


def side_of(act: acts.Act) -> str:
    """Return who imposes an act, in words; duties on or of third countries stand apart."""
    return SIDES.get(act.by, OTHERS) if act.is_between else OTHERS


def rows(
    found: Sequence[acts.Act],
    sides: Sequence[str],
    window: tuple[dt.date, dt.date],
    *,
    all_of_them: bool,
) -> list[Row]:
    """Return the acts of `sides` that move within the window, by side, heading and first day.

    Parameters
    ----------
    all_of_them
        Also those that hold throughout the window unchanged.
    """
    first, last = window
    kept = []
    for act in found:
        side = side_of(act)
        ends = act.end or dt.date.max
        touches = act.start < last and ends > first
        days = [one.start for one in act.spells] + ([act.end] if act.end else [])
        if side in sides and touches and (all_of_them or any(first <= day < last for day in days)):
            kept.append(Row(side, _heading(act), act))
    order = EVERYONE
    begins: dict[tuple[str, str], dt.date] = {}
    for row in kept:
        begins.setdefault((row.side, row.heading), row.act.start)
    return sorted(
        kept,
        key=lambda row: (order.index(row.side), begins[row.side, row.heading], row.heading),
    )


def _heading(act: acts.Act) -> str:
    return act.basis.partition(", tariffs on")[0] or KINDS.get(act.kind, act.kind)


def draw(
    found: Sequence[Row],
    caption: bar_chart.Caption,
    window: tuple[dt.date, dt.date],
    scheme: str = "light",
) -> Spec:
    """Return the bars; each act's title stands above its bar, so that a phone shows both."""
    ink = bar_chart.INK.get(scheme, bar_chart.INK["light"])
    title = bar_chart.title_block(caption, ink)
    places, heads, bottom = _places(found)
    bars = [bar for row in found for bar in _bars(row, places[row.act.id], window)]
    labels = [
        {"y": places[row.act.id] - BAR - 4, "text": row.act.title + _mark(row.act)} for row in found
    ]
    return {
        "$schema": bar_chart.SCHEMA,
        "title": title,
        "height": 15 * (len(title["text"]) + len(title["subtitle"])) + 90 + bottom,
        "data": {"values": bars},
        "encoding": {"x": _axis(ink, window), "y": _row("y", bottom)},
        "layer": [
            _drawn(ink, found, scheme),
            _texts(labels, ink, bold=False),
            _texts(heads, ink, bold=True),
        ],
    }


def _mark(act: acts.Act) -> str:
    return "" if act.is_on else " (switched off here)"


def _places(found: Sequence[Row]) -> tuple[dict[str, int], list[Spec], int]:
    """Return the height of each act's bar, the headings with theirs, and the whole."""
    places, heads, at, last = {}, [], 0, ("", "")
    for row in found:
        if (row.side, row.heading) != last:
            last = (row.side, row.heading)
            at += HEAD
            heads.append({"y": at - 12, "text": f"{row.side}: {row.heading}"})
        at += ROW
        places[row.act.id] = at - BAR
    return places, heads, max(at, ROW)


def _bars(row: Row, y: int, window: tuple[dt.date, dt.date]) -> list[Spec]:
    act = row.act
    first, last = window
    bars = []
    for spell in act.spells:
        start, end = max(spell.start, first), min(spell.end or dt.date.max, last)
        if start < end:
            until = "open" if spell.end is None else f"{spell.end - dt.timedelta(days=1)}"
            bars.append(
                {
                    "y": y - BAR / 2,
                    "y2": y + BAR / 2,
                    "start": start.isoformat(),
                    "end": end.isoformat(),
                    "title": act.title + _mark(act),
                    "size": spell.size,
                    "days": f"{spell.start} to {until}",
                    "basis": act.basis or row.heading,
                    "status": STATUSES[act.status][0],
                    "as_of": "" if act.as_of is None else f"{act.as_of}",
                    "source": act.source,
                    "ended_by": act.ended_by or "its own dates, if at all",
                    "grade": act.grade or "none: assumed",
                    "opacity": 1.0 if act.is_on else 0.45,
                }
            )
    return bars


def _axis(ink: str, window: tuple[dt.date, dt.date]) -> Spec:
    days = [{"expr": f"utc({day.year}, {day.month - 1}, {day.day})"} for day in window]
    axis = {"labelColor": ink, "format": "%b %Y", "tickCount": 5, "labelFlush": True,
            "labelOverlap": True, "orient": "top"}  # fmt: skip
    scale = {"type": "utc", "domain": days}
    return {"field": "start", "type": "temporal", "title": None, "scale": scale, "axis": axis}


def _row(field: str, bottom: int) -> Spec:
    scale = {"domain": [0, bottom], "reverse": True, "nice": False, "zero": False}
    return {"field": field, "type": "quantitative", "axis": None, "scale": scale}


def _drawn(ink: str, found: Sequence[Row], scheme: str) -> Spec:
    shown = {row.act.status for row in found}
    known = {key: words for key, words in STATUSES.items() if key in shown}
    domain = [words[0] for words in known.values()]
    colours = [words[2 if scheme == "dark" else 1] for words in known.values()]
    names = {"title": "What", "size": "Size", "days": "In force", "basis": "Legal basis",
             "status": "Status", "as_of": "Status as of", "ended_by": "Ended by",
             "source": "Source", "grade": "Grade of the source"}  # fmt: skip
    legend = {"orient": "top", "columns": 3, "labelColor": ink, "title": None}
    return {
        "mark": {"type": "rect", "clip": True, "cornerRadius": 2, "strokeWidth": 0},
        "encoding": {
            "x2": {"field": "end"},
            "y2": {"field": "y2"},
            "opacity": {"field": "opacity", "type": "quantitative", "scale": None},
            "color": {
                "field": "status",
                "type": "nominal",
                "scale": {"domain": domain, "range": colours},
                "legend": legend,
            },
            "tooltip": [{"field": key, "type": "nominal", "title": word}
                        for key, word in names.items()],
        },
    }  # fmt: skip


def _texts(rows_: list[Spec], ink: str, *, bold: bool) -> Spec:
    return {
        "data": {"values": rows_},
        "mark": {
            "type": "text",
            "align": "left",
            "baseline": "middle",
            "color": ink,
            "fontSize": 12 if bold else 11,
            "fontWeight": "bold" if bold else "normal",
            "limit": {"expr": "width"},
        },
        "encoding": {
            "x": {"value": 0},
            "y": {"field": "y", "type": "quantitative"},
            "text": {"field": "text", "type": "nominal"},
        },
    }


def finding(found: Sequence[Row], caption: bar_chart.Caption) -> str:
    """Say what the bars show: how many acts whose, and the latest to begin."""
    if not found:
        return f"{caption.title}: no act begins, ends or changes."
    counts = {side: sum(row.side == side for row in found) for side in EVERYONE}
    words = ", ".join(f"{count} of {side}" for side, count in counts.items() if count)
    latest = max(found, key=lambda row: row.act.start).act
    return (
        f"Bars through time. {caption.title}, {caption.unit}: {len(found)} acts ({words}); "
        f"the latest to begin is “{latest.title}” on {latest.start}."
    )


def averages(
    rates: Mapping[str, Sequence[acts.Period]], window: tuple[dt.date, dt.date]
) -> list[line_chart.Line]:
    """Return the average tariffs within the window as stepped lines, to its last day."""
    first, last = window
    found = []
    for pair, periods in rates.items():
        inside = [one for one in periods if one.start < last and one.end > first]
        points = [(max(one.start, first).isoformat(), one.percent) for one in inside]
        points.append((last.isoformat(), inside[-1].percent))
        told = tuple((day, value, f"{value:.1f} %") for day, value in points)
        found.append(line_chart.Line(acts.PAIRS[pair], told))
    return found


def table(found: Sequence[Row]) -> list[dict[str, str]]:
    """Return the acts as rows of text."""
    return [
        {
            "Who": row.side,
            "What": row.act.title + _mark(row.act),
            "Legal basis": row.act.basis or row.heading,
            "Size": "; ".join(f"{one.size} from {one.start}" for one in row.act.spells),
            "From": f"{row.act.start}",
            "To": "open" if row.act.end is None else f"{row.act.end}",
            "Ended by": row.act.ended_by,
            "Status": STATUSES[row.act.status][0],
            "Source": row.act.source,
            "Grade": row.act.grade,
        }
        for row in found
    ]
