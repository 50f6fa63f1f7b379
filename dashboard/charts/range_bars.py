"""Ranges as bars: how far a number may lie, and how far each assumption moves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.charts import bar_chart

Spec = dict[str, Any]

ROW, LINE = 44, 14
"""Heights in pixels: the least of a row, and a line of its label."""


@dataclass(frozen=True)
class Span:
    """One row: its label, both ends with their words, and where the number itself is."""

    label: str
    low: float
    high: float
    low_text: str
    high_text: str
    centre: float
    centre_text: str


def ranges(rows: Sequence[Span], caption: bar_chart.Caption, scheme: str = "light") -> Spec:
    """Return each row's range as a thin bar with the number as a point on it."""
    return _chart(rows, caption, scheme, thick=6, has_points=True)


def tornado(rows: Sequence[Span], caption: bar_chart.Caption, scheme: str = "light") -> Spec:
    """Return how far each input moves the number, around where it is now."""
    return _chart(rows, caption, scheme, thick=16, has_points=False)


def _chart(
    rows: Sequence[Span], caption: bar_chart.Caption, scheme: str, *, thick: int, has_points: bool
) -> Spec:
    ink = bar_chart.INK.get(scheme, bar_chart.INK["light"])
    title = bar_chart.title_block(caption, ink)
    middle = [_points()] if has_points else [_rule(rows[0].centre, ink, dashed=True)]
    return {
        "$schema": bar_chart.SCHEMA,
        "title": title,
        "height": 15 * (len(title["text"]) + len(title["subtitle"]))
        + 60
        + _height(rows) * len(rows),
        "data": {"values": [_row(row) for row in rows]},
        "encoding": {
            "y": {
                "field": "label",
                "type": "nominal",
                "title": None,
                "sort": [bar_chart.label_lines(row.label) for row in rows],
                "axis": bar_chart.labels(ink),
            }
        },
        "layer": [
            _rule(0.0, ink, dashed=False),
            _bars(rows, ink, thick),
            *middle,
            _end("low", "right", -9, ink),
            _end("high", "left", 9, ink),
        ],
    }


def _height(rows: Sequence[Span]) -> int:
    """Return the height of a row, all alike: the longest label must fit."""
    most = max(len(bar_chart.label_lines(row.label).split(bar_chart.BREAK)) for row in rows)
    return max(ROW, LINE * most + 10)


def _row(row: Span) -> Spec:
    ends = sorted([(row.low, row.low_text), (row.high, row.high_text)])
    return {
        "label": bar_chart.label_lines(row.label),
        "name": row.label,
        "low": ends[0][0],
        "high": ends[1][0],
        "low_text": ends[0][1],
        "high_text": ends[1][1],
        "low_number": _number(ends[0][1]),
        "high_number": _number(ends[1][1]),
        "centre": row.centre,
        "centre_text": row.centre_text,
    }


def _number(text: str) -> str:
    """Return a number without its unit, which the picture names once."""
    return text.partition(" ")[0] if text[:1] in "+-0123456789" else text


def _bars(rows: Sequence[Span], ink: str, thick: int) -> Spec:
    ends = [0.0, *(value for row in rows for value in (row.low, row.high, row.centre))]
    room = 0.36 * (max(ends) - min(ends)) or 1.0
    domain = [min(ends) - room, max(ends) + room]
    axis = {"labelColor": ink, "tickCount": 4, "format": ",~f", "labelBound": True}
    told = {"name": "What", "low_text": "Lower end", "centre_text": "Now", "high_text": "Upper end"}
    return {
        "mark": {"type": "bar", "height": thick, "color": "#0072B2", "cornerRadius": 2},
        "encoding": {
            "x": {
                "field": "low",
                "type": "quantitative",
                "title": None,
                "scale": {"domain": domain, "nice": False},
                "axis": axis,
            },
            "x2": {"field": "high"},
            "tooltip": [
                {"field": key, "type": "nominal", "title": word} for key, word in told.items()
            ],
        },
    }


def _points() -> Spec:
    return {
        "mark": {"type": "point", "filled": True, "size": 110, "color": "#D55E00", "opacity": 1},
        "encoding": {"x": {"field": "centre", "type": "quantitative"}},
    }


def _rule(at: float, ink: str, *, dashed: bool) -> Spec:
    return {
        "data": {"values": [{"at": at}]},
        "mark": {
            "type": "rule",
            "color": ink,
            "opacity": 0.9 if dashed else 0.35,
            "strokeDash": [4, 3] if dashed else [1, 0],
        },
        "encoding": {
            "x": {"field": "at", "type": "quantitative"},
            "y": {"value": 0},
            "y2": {"value": "height"},
        },
    }


def _end(name: str, align: str, shift: int, ink: str) -> Spec:
    return {
        "mark": {"type": "text", "align": align, "dx": shift, "fontSize": 11, "color": ink},
        "encoding": {
            "x": {"field": name, "type": "quantitative"},
            "text": {"field": f"{name}_number", "type": "nominal"},
        },
    }


def ranges_finding(rows: Sequence[Span], caption: bar_chart.Caption) -> str:
    """Say each range."""
    words = "; ".join(
        f"{row.label} {row.centre_text}, from {row.low_text} to {row.high_text}" for row in rows
    )
    return f"Ranges. {caption.title}, {caption.unit}: {words}."


def tornado_finding(rows: Sequence[Span], caption: bar_chart.Caption) -> str:
    """Say what moves the number most, and least."""
    first, last = rows[0], rows[-1]
    return (
        f"Tornado. {caption.title}, {caption.unit}: now {first.centre_text}; most hangs on "
        f"{first.label} ({first.low_text} to {first.high_text}), least on {last.label} "
        f"({last.low_text} to {last.high_text})."
    )
