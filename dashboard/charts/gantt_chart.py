"""Acts as bars through time, by authority: a Gantt chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dashboard.charts import chart_layout
from dashboard.charts.chart_layout import Spec
from dashboard.records import CalendarRow, Caption

COLOURS: Mapping[str, tuple[str, str]] = {
    "In force": ("#0072B2", "#56B4E9"),
    "Announced": ("#009E73", "#3CC59A"),
    "Suspended": ("#E69F00", "#F2C14E"),
    "Threatened": ("#D55E00", "#F0883E"),
    "Run out": ("#7A7A7A", "#B0B0B0"),
    "Void": ("#CC79A7", "#E29BC3"),
}
"""Colour of each legal status on light and on dark."""

ROW, HEAD, BAR = 30, 34, 9
"""Heights in pixels: of an act with its title, of a heading, of a bar."""

TOOLTIP = {
    "title": "What",
    "size": "Size",
    "days": "In force",
    "basis": "Legal basis",
    "status": "Status",
    "as_of": "Status as of",
    "ended_by": "Ended by",
    "source": "Source",
    "grade": "Grade of the source",
}


def draw(
    rows: Sequence[CalendarRow],
    caption: Caption,
    window: tuple[str, str],
    scheme: str = "light",
) -> Spec:
    """Return the bars; each act's title stands above its bar, so that a phone shows both.

    Parameters
    ----------
    window
        First day and the day after the last (ISO).
    """
    ink = chart_layout.ink(scheme)
    positions, headings, bottom = row_positions(rows)
    labels = [{"y": positions[row.id] - BAR - 4, "text": row.title} for row in rows]
    return {
        "$schema": chart_layout.SCHEMA,
        "title": chart_layout.title_block(caption, ink),
        "height": chart_layout.title_height(caption) + 90 + bottom,
        "data": {"values": [bar for row in rows for bar in _bars(row, positions[row.id])]},
        "encoding": {"x": _days(ink, window), "y": _height_axis(bottom)},
        "layer": [
            _coloured_bars(ink, rows, scheme),
            _texts(labels, ink, bold=False),
            _texts(headings, ink, bold=True),
        ],
    }


def row_positions(rows: Sequence[CalendarRow]) -> tuple[dict[str, int], list[Spec], int]:
    """Return where each act's bar lies, the headings with their places, and the height of all."""
    positions, headings, bottom, last = {}, [], 0, ("", "")
    for row in rows:
        if (row.side, row.heading) != last:
            last = (row.side, row.heading)
            bottom += HEAD
            headings.append({"y": bottom - 12, "text": f"{row.side}: {row.heading}"})
        bottom += ROW
        positions[row.id] = bottom - BAR
    return positions, headings, chart_layout.largest(bottom, ROW)


def _bars(row: CalendarRow, y: int) -> list[Spec]:
    return [
        {
            "y": y - BAR / 2,
            "y2": y + BAR / 2,
            "start": bar.start,
            "end": bar.end,
            "title": row.title,
            "size": bar.size,
            "days": bar.days,
            "basis": row.basis,
            "status": row.status,
            "as_of": row.as_of,
            "source": row.source,
            "ended_by": row.ended_by or "its own dates, if at all",
            "grade": row.grade or "none: assumed",
            "opacity": 1.0 if row.is_on else 0.45,
        }
        for bar in row.bars
    ]


def _days(ink: str, window: tuple[str, str]) -> Spec:
    axis = {"labelColor": ink, "format": "%b %Y", "tickCount": 5, "labelFlush": True,
            "labelOverlap": True, "orient": "top"}  # fmt: skip
    scale = {"type": "utc", "domain": [chart_layout.utc_day(day) for day in window]}
    return {"field": "start", "type": "temporal", "title": None, "scale": scale, "axis": axis}


def _height_axis(bottom: int) -> Spec:
    scale = {"domain": [0, bottom], "reverse": True, "nice": False, "zero": False}
    return {"field": "y", "type": "quantitative", "axis": None, "scale": scale}


def _coloured_bars(ink: str, rows: Sequence[CalendarRow], scheme: str) -> Spec:
    shown = {row.status for row in rows}
    domain = [status for status in COLOURS if status in shown]
    colours = [COLOURS[status][1 if scheme == "dark" else 0] for status in domain]
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
            "tooltip": [
                {"field": key, "type": "nominal", "title": title} for key, title in TOOLTIP.items()
            ],
        },
    }


def _texts(rows: list[Spec], ink: str, *, bold: bool) -> Spec:
    return {
        "data": {"values": rows},
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
