"""Rows to charts: pure functions, every chart with title, unit and source inside the picture.

The charts are Vega-Lite as plain data, what Altair would write: building and checking the same
chart through Altair's classes takes 50 ms on every move of a slider.  The tests check them there.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

LABEL_WIDTH = 24
"""Characters of a bar's label before it breaks into a second line."""

TITLE_WIDTH, SUBTITLE_WIDTH, SERIES_WIDTH = 40, 60, 26
"""Characters of a line of title, subtitle and legend; narrow enough for a phone."""

BAR, GAP, GROUP = 14, 14, 32
"""Heights in pixels: a bar, the gap between groups, the least of a group (two lines of label)."""

INK = {"light": "#1B2530", "dark": "#E8EDF2"}
"""Colour of text in the picture; as `textColor` in .streamlit/config.toml."""

BREAK = "|"
"""Stands for a new line in labels; the pictures split there."""

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
"""Names the format; nothing is fetched from there."""

Spec = dict[str, Any]


@dataclass(frozen=True)
class Bar:
    """One bar: who, against what, how much; `text` is the number with its unit."""

    label: str
    series: str
    value: float
    text: str

    @property
    def number(self) -> str:
        """The number alone, for the picture, which names the unit once."""
        return self.text.partition(" ")[0]


@dataclass(frozen=True)
class Caption:
    """What is written in the picture; `note` says what is left out of it."""

    title: str
    scenario: str
    unit: str
    source: str
    note: str = ""
    series: tuple[str, ...] = ()
    """All series, drawn or not, so that each keeps its colour."""


def ranking(bars: Sequence[Bar], caption: Caption, scheme: str = "light") -> Spec:
    """Return horizontal bars, one group a label and one colour a series, in the order given."""
    ink = INK.get(scheme, INK["light"])
    series = _series(bar.series for bar in bars)
    order = list(dict.fromkeys(_broken(bar.label) for bar in bars))
    title = title_block(caption, ink)
    return {
        "$schema": SCHEMA,
        "title": title,
        "height": _height(title, series, len(order)),
        "data": {"values": [_row(bar) for bar in bars]},
        "encoding": {
            "y": {**_field("label"), "sort": order, "axis": labels(ink)},
            "yOffset": {"field": "series", "type": "nominal", "sort": series},
            "x": {
                **_field("value", "quantitative"),
                "scale": {"domain": _domain(bars)},
                "axis": {"labelColor": ink, "tickCount": 5, "format": ",~f", "labelBound": True},
            },
            "tooltip": [
                {**_field("name"), "title": "Who"},
                {**_field("against"), "title": "Change"},
                {**_field("text"), "title": "Amount"},
            ],
        },
        "layer": [
            _drawn(_series(caption.series) or series, legend(ink, series)),
            _numbers(ink, positive=True),
            _numbers(ink, positive=False),
        ],
    }


def panel(bars: Sequence[Bar], caption: Caption, scheme: str = "light") -> Spec:
    """Return one small picture among several: a bar a label, a colour a series, no legend."""
    ink = INK.get(scheme, INK["light"])
    order = [_broken(bar.label) for bar in bars]
    series = [_broken(one) for one in caption.series] or _series(bar.series for bar in bars)
    title = title_block(caption, ink)
    lines = len(title["text"]) + len(title["subtitle"])
    most = 1 + max(label.count(BREAK) for label in order)
    colour = {**_field("drawn"), "scale": {"domain": series}, "legend": None}
    return {
        "$schema": SCHEMA,
        "title": title,
        "height": 15 * lines + 50 + max(30, 14 * most + 8) * len(order),
        "data": {"values": [{**_row(bar), "drawn": _broken(bar.series)} for bar in bars]},
        "encoding": {
            "y": {**_field("label"), "sort": order, "axis": labels(ink)},
            "x": {
                **_field("value", "quantitative"),
                "scale": {"domain": _domain(bars)},
                "axis": {"labelColor": ink, "tickCount": 4, "format": ",~f", "labelBound": True},
            },
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


def panel_finding(bars: Sequence[Bar], caption: Caption) -> str:
    """Return what a small picture shows: the highest, the lowest, and all numbers."""
    top, bottom = max(bars, key=_value), min(bars, key=_value)
    words = "; ".join(f"{bar.label} {bar.text or 'no change'}" for bar in bars)
    if top.value == bottom.value:
        return f"Bar chart. {caption.title}, {caption.unit}: the same for all ({words})."
    return (
        f"Bar chart. {caption.title}, {caption.unit}: highest in {top.label}, "
        f"lowest in {bottom.label}; {words}."
    )


def finding(bars: Sequence[Bar], caption: Caption) -> str:
    """Return what the chart shows, in words, for readers who do not see it."""
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


def _field(name: str, kind: str = "nominal") -> Spec:
    return {"field": name, "type": kind, "title": None}


def labels(ink: str) -> Spec:
    """Return an axis of labels that break into lines."""
    return {
        "labelExpr": f"split(datum.label, '{BREAK}')",
        "labelLimit": 190,
        "labelColor": ink,
        "labelOverlap": False,
        "ticks": False,
        "domain": False,
    }


def legend(ink: str, series: list[str]) -> Spec:
    """Return a legend on top, one line a series or more."""
    return {
        "orient": "top",
        "values": series,
        "direction": "vertical",
        "labelExpr": f"split(datum.label, '{BREAK}')",
        "labelLimit": 220,
        "labelColor": ink,
        "symbolStrokeWidth": 0,
    }


def _drawn(domain: list[str], shown: Spec) -> Spec:
    colour = {**_field("series"), "scale": {"domain": domain}, "legend": shown}
    return {
        "mark": {"type": "bar", "height": {"band": 0.9}},
        "encoding": {"color": colour},
    }


def _row(bar: Bar) -> dict[str, str | float]:
    return {
        "label": _broken(bar.label),
        "name": bar.label,
        "series": _series([bar.series])[0],
        "against": bar.series,
        "value": bar.value,
        "text": bar.text,
        "number": bar.number,
    }


def _series(names: Iterable[str]) -> list[str]:
    """Return each name once, broken into lines for the legend."""
    return list(dict.fromkeys(_broken(name, SERIES_WIDTH) for name in names))


def legend_name(name: str) -> str:
    """Return a name broken into lines for the legend."""
    return _broken(name, SERIES_WIDTH)


def label_lines(label: str) -> str:
    """Return a label broken into lines for the axis."""
    return _broken(label)


def _broken(label: str, width: int = LABEL_WIDTH) -> str:
    return BREAK.join(textwrap.wrap(label, width))


def _value(bar: Bar) -> float:
    return bar.value


def _domain(bars: Sequence[Bar]) -> list[float]:
    """Range of the axis: room beside the longest bars for their numbers."""
    values = [0.0, *(bar.value for bar in bars)]
    low, high = min(values), max(values)
    room = 0.28 * (high - low) or 1.0
    return [low - room if low < 0 else 0.0, high + room if high > 0 else 0.0]


def _numbers(ink: str, *, positive: bool) -> Spec:
    """Return the numbers beside the bars of one sign."""
    align, shift, test = ("left", 4, ">= 0") if positive else ("right", -4, "< 0")
    return {
        "transform": [{"filter": f"datum.value {test}"}],
        "mark": {"type": "text", "align": align, "dx": shift, "fontSize": 11, "color": ink},
        "encoding": {"text": {"field": "number", "type": "nominal"}},
    }


def title_block(caption: Caption, ink: str) -> Spec:
    """Return title, scenario, unit, note and source, to be written in the picture."""
    below = [caption.scenario, caption.unit, caption.note, f"Source: {caption.source}"]
    return {
        "text": textwrap.wrap(caption.title, TITLE_WIDTH),
        "subtitle": [line for text in below for line in textwrap.wrap(text, SUBTITLE_WIDTH)],
        "anchor": "start",
        "frame": "bounds",
        "color": ink,
        "subtitleColor": ink,
        "fontSize": 15,
        "subtitleFontSize": 11,
        "offset": 8,
    }


def _height(title: Spec, series: list[str], groups: int) -> int:
    """Height in pixels; Streamlit counts title, legend and axis as part of it."""
    legend = sum(1 + name.count(BREAK) for name in series)
    lines = len(title["text"]) + len(title["subtitle"]) + legend
    return 15 * lines + 55 + max(BAR * len(series) + GAP, GROUP) * groups
