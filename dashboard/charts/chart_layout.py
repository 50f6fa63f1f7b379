"""What the charts share: colours of text, title block, broken labels, and room in pixels.

The charts are Vega-Lite as plain data, what Altair would write: building and checking the same
chart through Altair's classes takes 50 ms on every move of a slider.  The tests check them there.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

from dashboard.records import Caption

Spec = dict[str, Any]

LABEL_WIDTH = 24
"""Characters of a bar's label before it breaks into a second line."""

TITLE_WIDTH, SUBTITLE_WIDTH, SERIES_WIDTH = 40, 60, 26
"""Characters of a line of title, subtitle and legend; narrow enough for a phone."""

LINE = 15
"""Height in pixels of a line of title, subtitle or legend."""

INK = {"light": "#1B2530", "dark": "#E8EDF2"}
"""Colour of text in the picture; as `textColor` in .streamlit/config.toml."""

BREAK = "|"
"""Stands for a new line in labels; the pictures split there."""

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
"""Names the format; nothing is fetched from there."""


def ink(scheme: str) -> str:
    """Return the colour of text in a colour scheme."""
    return INK.get(scheme, INK["light"])


def title_block(caption: Caption, ink: str) -> Spec:
    """Return title, scenario, unit, note and source, to be written in the picture."""
    return {
        "text": title_lines(caption),
        "subtitle": subtitle_lines(caption),
        "anchor": "start",
        "frame": "bounds",
        "color": ink,
        "subtitleColor": ink,
        "fontSize": 15,
        "subtitleFontSize": 11,
        "offset": 8,
    }


def title_lines(caption: Caption) -> list[str]:
    """Return the title, broken into lines."""
    return textwrap.wrap(caption.title, TITLE_WIDTH)


def subtitle_lines(caption: Caption) -> list[str]:
    """Return scenario, unit, note and source, each from a new line on."""
    below = [caption.scenario, caption.unit, caption.note, f"Source: {caption.source}"]
    return [line for text in below for line in textwrap.wrap(text, SUBTITLE_WIDTH)]


def title_height(caption: Caption, series: Sequence[str] = ()) -> int:
    """Height in pixels of the title block, and of the legend of `series` above the chart.

    Streamlit counts title, legend and axis as part of a chart's height.
    """
    legend = sum(line_count(name) for name in series)
    return LINE * (len(title_lines(caption)) + len(subtitle_lines(caption)) + legend)


def line_count(label: str) -> int:
    """Count the lines of a broken label."""
    return 1 + label.count(BREAK)


def most_lines(labels: Iterable[str]) -> int:
    """Count the lines of the longest of some broken labels."""
    return max(map(line_count, labels))


def row_height(labels: Sequence[str], least: int, line: int, gap: int) -> int:
    """Height in pixels of a row, all alike: the longest label must fit."""
    return max(least, line * most_lines(labels) + gap)


def broken(label: str, width: int = LABEL_WIDTH) -> str:
    """Return a label broken into lines for the axis."""
    return BREAK.join(textwrap.wrap(label, width))


def legend_name(name: str) -> str:
    """Return a name broken into lines for the legend."""
    return broken(name, SERIES_WIDTH)


def legend_names(names: Iterable[str]) -> list[str]:
    """Return each name once, broken into lines for the legend."""
    return list(dict.fromkeys(map(legend_name, names)))


def label_axis(ink: str) -> Spec:
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


def bar_domain(values: Iterable[float], room: float) -> list[float]:
    """Return both ends of an axis from zero on, with room for a number beside the longest bars.

    Parameters
    ----------
    room
        Part of the axis that a number takes on a side that has bars.
    """
    ends = [0.0, *values]
    low, high = min(ends), max(ends)
    width = room * (high - low) or 1.0
    return [low - width if low < 0 else 0.0, high + width if high > 0 else 0.0]


def range_domain(values: Iterable[float], room: float) -> list[float]:
    """Return both ends of an axis that contains zero, with room for a number on both sides."""
    ends = [0.0, *values]
    low, high = min(ends), max(ends)
    width = room * (high - low) or 1.0
    return [low - width, high + width]


def utc_day(day: str) -> Spec:
    """Return a day (ISO) as Vega's `utc` writes it, whose months count from 0."""
    year, month, number = map(int, day.split("-"))
    return {"expr": f"utc({year}, {month - 1}, {number})"}


def column_pixels(values: Sequence[float], height: int, least: float) -> list[tuple[float, float]]:
    """Return the upper edge and the height of a column for each value, up or down from zero.

    Parameters
    ----------
    height
        Pixels of the whole, which holds the highest and the lowest value and zero.
    least
        Pixels of a column whose value is as good as zero.
    """
    high, low = max(0.0, *values), min(0.0, *values)
    scale = height / ((high - low) or 1.0)
    return [
        (min(scale * (high - max(value, 0.0)), height - least), max(scale * abs(value), least))
        for value in values
    ]


def largest(*sizes: int) -> int:
    """Return the largest of some sizes in pixels, or of some counts of rows."""
    return max(sizes)
