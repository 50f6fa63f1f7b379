"""Lines through time as Vega-Lite: averages, paths, bands; title, unit and source inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.charts import bar_chart

Spec = dict[str, Any]

PLOT = 210
"""Height of the plot in pixels."""

DASHES = ([1, 0], [6, 3], [2, 2], [8, 2, 2, 2])
"""How lines differ where colours do not help."""


@dataclass(frozen=True)
class Line:
    """One line: its name, and day (ISO), value and text of each point."""

    series: str
    points: tuple[tuple[str, float, str], ...]


@dataclass(frozen=True)
class Band:
    """What lies between two lines: day (ISO), low, high."""

    points: tuple[tuple[str, float, float], ...]


def draw(
    lines: Sequence[Line],
    caption: bar_chart.Caption,
    scheme: str = "light",
    *,
    is_stepped: bool = False,
    window: tuple[str, str] | None = None,
    band: Band | None = None,
) -> Spec:
    """Return lines over days; stepped ones hold their value until the next point."""
    ink = bar_chart.INK.get(scheme, bar_chart.INK["light"])
    title = bar_chart.title_block(caption, ink)
    names = [bar_chart.legend_name(line.series) for line in lines]
    rows = [
        {"day": day, "value": value, "text": text, "series": name, "name": line.series}
        for line, name in zip(lines, names, strict=True)
        for day, value, text in line.points
    ]
    return {
        "$schema": bar_chart.SCHEMA,
        "title": title,
        "height": 15 * (len(title["text"]) + len(title["subtitle"]) + len(names)) + 70 + PLOT,
        "data": {"values": rows},
        "encoding": {"x": _days(ink, window), "y": _values(ink)},
        "layer": [
            *([] if band is None else [_band(band)]),
            _zero(ink),
            _drawn(names, ink, is_stepped=is_stepped),
            _points(),
        ],
    }


def _days(ink: str, window: tuple[str, str] | None) -> Spec:
    scale: Spec = {"type": "utc"}
    if window is not None:
        scale["domain"] = [{"expr": f"utc({_parts(day)})"} for day in window]
    axis = {"labelColor": ink, "format": "%b %Y", "labelOverlap": True, "tickCount": 5,
            "labelFlush": True, "grid": False}  # fmt: skip
    return {"field": "day", "type": "temporal", "title": None, "scale": scale, "axis": axis}


def _parts(day: str) -> str:
    """Write a day as the arguments of Vega's `utc`, whose months count from 0."""
    year, month, number = (int(part) for part in day.split("-"))
    return f"{year}, {month - 1}, {number}"


def _values(ink: str) -> Spec:
    axis = {"labelColor": ink, "tickCount": 5, "format": ",~f", "domain": False}
    return {"field": "value", "type": "quantitative", "title": None, "axis": axis,
            "scale": {"zero": True, "nice": True}}  # fmt: skip


def _zero(ink: str) -> Spec:
    return {
        "data": {"values": [{"zero": 0}]},
        "mark": {"type": "rule", "color": ink, "opacity": 0.5},
        "encoding": {
            "x": {"value": 0},
            "x2": {"value": "width"},
            "y": {"field": "zero", "type": "quantitative"},
        },
    }


def _drawn(names: list[str], ink: str, *, is_stepped: bool) -> Spec:
    domain = list(dict.fromkeys(names))
    legend = {**bar_chart.legend(ink, domain), "symbolStrokeWidth": 3, "symbolType": "stroke"}
    dashes = [DASHES[place % len(DASHES)] for place in range(len(domain))]
    nominal = {"field": "series", "type": "nominal", "title": None}
    return {
        "mark": {
            "type": "line",
            "clip": True,
            "strokeWidth": 2.5,
            "interpolate": "step-after" if is_stepped else "linear",
        },
        "encoding": {
            "color": {**nominal, "scale": {"domain": domain}, "legend": legend},
            "strokeDash": {
                **nominal,
                "scale": {"domain": domain, "range": dashes},
                "legend": legend,
            },
        },
    }


def _points() -> Spec:
    """Return points that nobody sees, large enough to be hit: they say the number."""
    return {
        "mark": {"type": "point", "opacity": 0, "size": 200, "clip": True},
        "encoding": {
            "tooltip": [
                {"field": "name", "type": "nominal", "title": "What"},
                {"field": "day", "type": "temporal", "title": "From", "format": "%-d %b %Y"},
                {"field": "text", "type": "nominal", "title": "Amount"},
            ]
        },
    }


def _band(band: Band) -> Spec:
    rows = [{"day": day, "low": low, "high": high} for day, low, high in band.points]
    return {
        "data": {"values": rows},
        "mark": {"type": "area", "opacity": 0.22, "color": "#0072B2", "line": False},
        "encoding": {
            "y": {"field": "low", "type": "quantitative"},
            "y2": {"field": "high"},
        },
    }


def finding(lines: Sequence[Line], caption: bar_chart.Caption) -> str:
    """Say what the lines show: where each begins, ends, and stands highest and lowest."""
    return f"Line chart. {caption.title}, {caption.unit}: {'; '.join(map(_said, lines))}."


def _said(line: Line) -> str:
    first, last = line.points[0], line.points[-1]
    high, low = max(line.points, key=_value), min(line.points, key=_value)
    if high[1] == low[1]:
        return f"{line.series}: {first[2] or 'no change'} throughout"
    return (
        f"{line.series}: {first[2]} in {first[0][:7]}, {last[2]} in {last[0][:7]}, "
        f"highest {high[2]} in {high[0][:7]}, lowest {low[2]} in {low[0][:7]}"
    )


def _value(point: tuple[str, float, str]) -> float:
    return point[1]
