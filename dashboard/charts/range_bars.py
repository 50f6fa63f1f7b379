"""Ranges as bars: how far a number may lie, and how far each assumption moves it."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.charts import chart_layout
from dashboard.charts.chart_layout import Spec
from dashboard.records import Caption, RangeBar

ROW, LINE = 44, 14
"""Heights in pixels: the least of a row, and a line of its label."""

ROOM = 0.36
"""Part of the axis that is kept on both sides for the numbers at the ends."""


def ranges(rows: Sequence[RangeBar], caption: Caption, scheme: str = "light") -> Spec:
    """Return each row's range as a thin bar with the number as a point on it."""
    return _chart(rows, caption, scheme, thickness=6, has_points=True)


def tornado(rows: Sequence[RangeBar], caption: Caption, scheme: str = "light") -> Spec:
    """Return how far each input moves the number, around where it is now."""
    return _chart(rows, caption, scheme, thickness=16, has_points=False)


def _chart(
    rows: Sequence[RangeBar], caption: Caption, scheme: str, *, thickness: int, has_points: bool
) -> Spec:
    ink = chart_layout.ink(scheme)
    middle = [_points()] if has_points else [_rule(rows[0].centre, ink, dashed=True)]
    labels = [chart_layout.broken(row.label) for row in rows]
    row_height = chart_layout.row_height(labels, least=ROW, line=LINE, gap=10)
    return {
        "$schema": chart_layout.SCHEMA,
        "title": chart_layout.title_block(caption, ink),
        "height": chart_layout.title_height(caption) + 60 + row_height * len(rows),
        "data": {"values": [_row(row) for row in rows]},
        "encoding": {
            "y": {
                "field": "label",
                "type": "nominal",
                "title": None,
                "sort": labels,
                "axis": chart_layout.label_axis(ink),
            }
        },
        "layer": [
            _rule(0.0, ink, dashed=False),
            _bars(rows, ink, thickness),
            *middle,
            _end("low", "right", -9, ink),
            _end("high", "left", 9, ink),
        ],
    }


def _row(row: RangeBar) -> Spec:
    return {
        "label": chart_layout.broken(row.label),
        "name": row.label,
        "low": row.low,
        "high": row.high,
        "low_text": row.low_text,
        "high_text": row.high_text,
        "low_number": _number(row.low_text),
        "high_number": _number(row.high_text),
        "centre": row.centre,
        "centre_text": row.centre_text,
    }


def _number(text: str) -> str:
    """Return a number without its unit, which the picture names once."""
    return text.partition(" ")[0] if text[:1] in "+-0123456789" else text


def _bars(rows: Sequence[RangeBar], ink: str, thickness: int) -> Spec:
    ends = (value for row in rows for value in (row.low, row.high, row.centre))
    axis = {"labelColor": ink, "tickCount": 4, "format": ",~f", "labelBound": True}
    titles = {
        "name": "What",
        "low_text": "Lower end",
        "centre_text": "Now",
        "high_text": "Upper end",
    }
    return {
        "mark": {"type": "bar", "height": thickness, "color": "#0072B2", "cornerRadius": 2},
        "encoding": {
            "x": {
                "field": "low",
                "type": "quantitative",
                "title": None,
                "scale": {"domain": chart_layout.range_domain(ends, ROOM), "nice": False},
                "axis": axis,
            },
            "x2": {"field": "high"},
            "tooltip": [
                {"field": key, "type": "nominal", "title": title} for key, title in titles.items()
            ],
        },
    }


def _points() -> Spec:
    return {
        "mark": {"type": "point", "filled": True, "size": 110, "color": "#D55E00", "opacity": 1},
        "encoding": {"x": {"field": "centre", "type": "quantitative"}},
    }


def _rule(value: float, ink: str, *, dashed: bool) -> Spec:
    """Return a vertical line at a value of the axis."""
    return {
        "data": {"values": [{"at": value}]},
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
