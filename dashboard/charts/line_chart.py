"""Lines through time: averages, paths, bands; title, unit and source inside."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.charts import chart_layout
from dashboard.charts.chart_layout import Spec
from dashboard.records import Caption, Line, ShadedBand

PLOT = 210
"""Height of the plot in pixels."""

DASHES = ([1, 0], [6, 3], [2, 2], [8, 2, 2, 2])
"""How lines differ where colours do not help."""


def draw(
    lines: Sequence[Line],
    caption: Caption,
    scheme: str = "light",
    *,
    is_stepped: bool = False,
    window: tuple[str, str] | None = None,
    band: ShadedBand | None = None,
) -> Spec:
    """Return lines over days; stepped ones hold their value until the next point."""
    ink = chart_layout.ink(scheme)
    names = [chart_layout.legend_name(line.series) for line in lines]
    rows = [
        {"day": day, "value": value, "text": text, "series": name, "name": line.series}
        for line, name in zip(lines, names, strict=True)
        for day, value, text in line.points
    ]
    return {
        "$schema": chart_layout.SCHEMA,
        "title": chart_layout.title_block(caption, ink),
        "height": chart_layout.title_height(caption) + chart_layout.LINE * len(names) + 70 + PLOT,
        "data": {"values": rows},
        "encoding": {"x": _days(ink, window), "y": _values(ink)},
        "layer": [
            *([] if band is None else [_band(band)]),
            _zero(ink),
            _coloured_lines(names, ink, is_stepped=is_stepped),
            _points(),
        ],
    }


def _days(ink: str, window: tuple[str, str] | None) -> Spec:
    scale: Spec = {"type": "utc"}
    if window is not None:
        scale["domain"] = [chart_layout.utc_day(day) for day in window]
    axis = {"labelColor": ink, "format": "%b %Y", "labelOverlap": True, "tickCount": 5,
            "labelFlush": True, "grid": False}  # fmt: skip
    return {"field": "day", "type": "temporal", "title": None, "scale": scale, "axis": axis}


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


def _coloured_lines(names: list[str], ink: str, *, is_stepped: bool) -> Spec:
    domain = list(dict.fromkeys(names))
    legend = {**chart_layout.legend(ink, domain), "symbolStrokeWidth": 3, "symbolType": "stroke"}
    dashes = [DASHES[position % len(DASHES)] for position in range(len(domain))]
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
    """Return invisible points, large enough to be touched: their tooltip says the number."""
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


def _band(band: ShadedBand) -> Spec:
    rows = [{"day": day, "low": low, "high": high} for day, low, high in band.points]
    return {
        "data": {"values": rows},
        "mark": {"type": "area", "opacity": 0.22, "color": "#0072B2", "line": False},
        "encoding": {
            "y": {"field": "low", "type": "quantitative"},
            "y2": {"field": "high"},
        },
    }
