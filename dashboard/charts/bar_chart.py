"""Horizontal bars: a ranking with one colour a series, and small panels among others."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.charts import chart_layout
from dashboard.charts.chart_layout import Spec
from dashboard.records import Bar, Caption

BAR, GAP, GROUP = 14, 14, 32
"""Heights in pixels: a bar, the gap between groups, the least of a group (two lines of label)."""

ROOM, ROOM_A_LETTER = 0.28, 0.04
"""Part of the axis that is kept beside the longest bars for their numbers: at least, a letter."""


def ranking(bars: Sequence[Bar], caption: Caption, scheme: str = "light") -> Spec:
    """Return horizontal bars, one group a label and one colour a series, in the order given."""
    ink = chart_layout.ink(scheme)
    series = chart_layout.legend_names(bar.series for bar in bars)
    order = list(dict.fromkeys(chart_layout.broken(bar.label) for bar in bars))
    group = chart_layout.largest(BAR * len(series) + GAP, GROUP)
    return {
        "$schema": chart_layout.SCHEMA,
        "title": chart_layout.title_block(caption, ink),
        "height": chart_layout.title_height(caption, series) + 55 + group * len(order),
        "data": {"values": [_row(bar) for bar in bars]},
        "encoding": {
            "y": {**_field("label"), "sort": order, "axis": chart_layout.label_axis(ink)},
            "yOffset": {"field": "series", "type": "nominal", "sort": series},
            "x": _amounts(bars, ink, ticks=5),
            "tooltip": [
                {**_field("name"), "title": "Who"},
                {**_field("against"), "title": "Change"},
                {**_field("text"), "title": "Amount"},
            ],
        },
        "layer": [
            _coloured_bars(chart_layout.legend_names(caption.series) or series, ink, series),
            _numbers(ink, positive=True),
            _numbers(ink, positive=False),
        ],
    }


def panel(bars: Sequence[Bar], caption: Caption, scheme: str = "light") -> Spec:
    """Return one small picture among several: a bar a label, a colour a series, no legend."""
    ink = chart_layout.ink(scheme)
    order = [chart_layout.broken(bar.label) for bar in bars]
    named = [chart_layout.broken(name) for name in caption.series]
    series = named or chart_layout.legend_names(bar.series for bar in bars)
    colour = {**_field("drawn"), "scale": {"domain": series}, "legend": None}
    row = chart_layout.row_height(order, least=30, line=14, gap=8)
    return {
        "$schema": chart_layout.SCHEMA,
        "title": chart_layout.title_block(caption, ink),
        "height": chart_layout.title_height(caption) + 50 + row * len(order),
        "data": {
            "values": [{**_row(bar), "drawn": chart_layout.broken(bar.series)} for bar in bars]
        },
        "encoding": {
            "y": {**_field("label"), "sort": order, "axis": chart_layout.label_axis(ink)},
            "x": _amounts(bars, ink, ticks=4),
            "tooltip": [
                {**_field("name"), "title": "What"},
                {**_field("text"), "title": "Amount"},
            ],
        },
        "layer": [
            {"mark": {"type": "bar", "height": 16}, "encoding": {"color": colour}},
            _numbers(ink, positive=True),
            _numbers(ink, positive=False),
        ],
    }


def _field(name: str, kind: str = "nominal") -> Spec:
    return {"field": name, "type": kind, "title": None}


def _amounts(bars: Sequence[Bar], ink: str, *, ticks: int) -> Spec:
    ends = (bar.value if bar.end is None else bar.end for bar in bars)
    longest = chart_layout.largest(0, *(len(bar.number) for bar in bars))
    room = chart_layout.largest(ROOM, ROOM_A_LETTER * longest)
    return {
        **_field("end", "quantitative"),
        "scale": {"domain": chart_layout.bar_domain(ends, room)},
        "axis": {"labelColor": ink, "tickCount": ticks, "format": ",~f", "labelBound": True},
    }


def _coloured_bars(domain: list[str], ink: str, series: list[str]) -> Spec:
    """Return the bars; colours go to all of `domain`, the legend names the drawn `series`."""
    legend = chart_layout.legend(ink, series)
    colour = {**_field("series"), "scale": {"domain": domain}, "legend": legend}
    return {
        "mark": {"type": "bar", "height": {"band": 0.9}},
        "encoding": {"color": colour},
    }


def _row(bar: Bar) -> dict[str, str | float]:
    return {
        "label": chart_layout.broken(bar.label),
        "name": bar.label,
        "series": chart_layout.legend_name(bar.series),
        "against": bar.series,
        "value": bar.value,
        "end": bar.value if bar.end is None else bar.end,
        "text": bar.text,
        "number": bar.number,
    }


def _numbers(ink: str, *, positive: bool) -> Spec:
    """Return the numbers beside the bars of one sign."""
    align, shift, test = ("left", 4, ">= 0") if positive else ("right", -4, "< 0")
    return {
        "transform": [{"filter": f"datum.value {test}"}],
        "mark": {"type": "text", "align": align, "dx": shift, "fontSize": 11, "color": ink},
        "encoding": {"text": {"field": "number", "type": "nominal"}},
    }
