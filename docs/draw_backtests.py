"""Draw the backtests that docs/validation.md shows, from the rows of `sim.validation`.

``python -m docs.draw_backtests docs/images`` writes one SVG file for each drawing.  Altair
describes the chart; vl-convert, which brings its own renderer, turns it into SVG without a browser.
Places of all marks follow from the numbers alone, not from the fonts of the machine that draws.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert

from sim.validation.backtest.rows import rows

VEGA_LITE = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])
"""Version of the language that Altair writes, as vl-convert wants it."""

WIDTH, HEIGHT = 580, 216
"""Of the plot itself, without axes, title and names of lines."""

PADDING = {"left": 52, "right": 128, "top": 40, "bottom": 44}

LINES = {
    "actual": ("what happened", "#1a1a1a", [1, 0]),
    "model": ("path", "#0b5fa5", [1, 0]),
    "static": ("static model", "#b04a00", [6, 4]),
    "no_change": ("no change", "#6b6b6b", [2, 4]),
}
"""Column -> its name, colour and dashes; told apart by dashes and names, not by colour alone."""

LABEL_GAP = 15
"""Least distance between two names of lines, pixels."""

MOST_PERIODS_NAMED = 8
"""With more periods than that, only every second one is named on the axis."""

IMPORTS = {
    "backtest-2025-26-china": ("2025-26: China", "US imports from China, change over a year"),
    "backtest-2025-26-all-others": (
        "2025-26: all others",
        "US imports from all others, change over a year",
    ),
    "backtest-2019-china": ("2019: China", "US imports from China, change over a year"),
    "backtest-2019-all-others": (
        "2019: all others",
        "US imports from all others, change over a year",
    ),
    "backtest-2018-19-by-quarter-china": (
        "2018-19 by quarter: China",
        "US imports from China by quarter, change over a year",
    ),
}
"""File -> series and title; soybeans join their episodes in one drawing."""

SOYBEANS = "backtest-soybeans"
SOYBEANS_TITLE = "American soybeans to China, over the year before the dispute"
AMERICAN = (
    "soybeans 2018: American beans",
    "soybeans 2019-20: American beans",
    "soybeans 2025: American beans",
)

Rows = Sequence[Mapping[str, Any]]


def charts(table: Rows) -> dict[str, alt.LayerChart]:
    """Return every chart by the name of its file, from the rows of `backtest.rows.rows`."""
    drawn = {
        name: chart([row for row in table if row["series"] == series], title)
        for name, (series, title) in IMPORTS.items()
    }
    drawn[SOYBEANS] = chart([row for row in table if row["series"] in AMERICAN], SOYBEANS_TITLE)
    return drawn


def chart(table: Rows, title: str) -> alt.LayerChart:
    """Draw rows as lines over their periods, in percent, each line named at its end."""
    periods = [row["period"] for row in table]
    low, high = _bounds([row[column] for row in table for column in LINES])
    named = periods if len(periods) <= MOST_PERIODS_NAMED else periods[::2]
    x_axis = alt.Axis(values=named, labelAngle=0, labelOverlap=False, title=None, ticks=False)
    ticks = _ticks(low, high)
    y_axis = alt.Axis(values=ticks, title=None, ticks=False, domain=False)
    x = alt.X("period:O", sort=periods, scale=alt.Scale(type="point", padding=0), axis=x_axis)
    y = alt.Y("value:Q", scale=alt.Scale(domain=[low, high], nice=False), axis=y_axis)
    names, colours, patterns = (list(column) for column in zip(*LINES.values(), strict=True))
    colour = alt.Color("line:N", scale=alt.Scale(domain=names, range=colours), legend=None)
    dashes = alt.StrokeDash("line:N", scale=alt.Scale(domain=names, range=patterns), legend=None)
    lines = alt.Chart(alt.InlineData(_points(table))).mark_line(strokeWidth=2, clip=False)
    labels = alt.Chart(alt.InlineData(_labels(table, low, high))).mark_text(
        align="left", baseline="middle", dx=8
    )
    zero = alt.Chart(alt.InlineData([{"value": 0}])).mark_rule(color="#8a8a8a")
    layers = (
        zero.encode(y=y),
        lines.encode(x=x, y=y, color=colour, strokeDash=dashes, detail="stretch:N"),
        labels.encode(x=x, y=y, text="line:N", color=colour),
    )
    return _framed(alt.layer(*layers), table, title)


def _framed(layers: alt.LayerChart, table: Rows, title: str) -> alt.LayerChart:
    """Add the size, the title and what a reader who does not see the drawing is told."""
    told = "; ".join(f"{row['period']} {row['actual']:.0f} % ({row['model']:.0f})" for row in table)
    heading = alt.TitleParams(f"{title}, %", anchor="start", frame="group", offset=14)
    return (
        layers.properties(
            width=WIDTH,
            height=HEIGHT,
            padding=PADDING,
            autosize=alt.AutoSizeParams(type="none"),
            background="#ffffff",
            title=heading,
            description=f"{title}. What happened, and the path in brackets: {told}.",
        )
        .configure(font="sans-serif")
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=12, labelColor="#333333", gridColor="#e2e2e2", domainColor="#e2e2e2"
        )
        .configure_axisX(grid=False, domain=False, labelPadding=10)
        .configure_axisY(labelPadding=8)
        .configure_text(fontSize=12)
        .configure_title(fontSize=14, fontWeight="normal", color="#333333")
    )


def _points(table: Rows) -> list[dict[str, Any]]:
    """One point for each line and period; a stretch is drawn without a break."""
    return [
        {"period": row["period"], "value": row[column], "line": name, "stretch": stretch}
        for row, stretch in zip(table, _stretches(table), strict=True)
        for column, (name, _, _) in LINES.items()
    ]


def _stretches(table: Rows) -> list[int]:
    """Number the episodes of the rows: no line joins periods more than a year apart."""
    numbers = [0]
    for before, after in pairwise(table):
        numbers.append(numbers[-1] + (_month_number(after) - _month_number(before) > 12))
    return numbers


def _month_number(row: Mapping[str, Any]) -> int:
    year, month = row["month"].split("-")
    return 12 * int(year) + int(month)


def _bounds(values: Sequence[float]) -> tuple[float, float]:
    """Whole tens around the values and zero."""
    return 10.0 * (min(values) // 10), 10.0 * -(-max(*values, 1.0) // 10)


def _ticks(low: float, high: float) -> list[int]:
    """Whole tens, or every second one where the scale is long."""
    step = 20 if high - low > 60 else 10
    return [value for value in range(int(low), int(high) + 1, 10) if value % step == 0]


def _labels(table: Rows, low: float, high: float) -> list[dict[str, Any]]:
    """Names at the ends of the lines, moved apart so that none covers another."""
    last = table[-1]
    gap = LABEL_GAP * (high - low) / HEIGHT
    labels: list[dict[str, Any]] = []
    for column in sorted(LINES, key=lambda column: -last[column]):
        value = min(last[column], labels[-1]["value"] - gap) if labels else last[column]
        labels.append({"period": last["period"], "value": value, "line": LINES[column][0]})
    return labels


def svg(drawn: alt.LayerChart) -> str:
    """Return a chart as SVG that says in words what it shows."""
    spec = drawn.to_dict()
    content = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE)
    # The renderer leaves the description out.
    title, told = escape(spec["title"]["text"]), escape(spec["description"])
    start, rest = content.split(">", 1)
    return f'{start} role="img"><title>{title}</title><desc>{told}</desc>{rest}\n'


def write(folder: Path) -> None:
    """Write all drawings into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, drawn in charts(rows()).items():
        (folder / f"{name}.svg").write_text(svg(drawn), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/images"))
