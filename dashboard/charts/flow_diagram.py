"""Flows that a measure moves from some partners to others, as a Sankey diagram for ECharts."""

from __future__ import annotations

import textwrap

from dashboard.charts import chart_layout
from dashboard.charts.chart_layout import Spec
from dashboard.records import Caption, FlowSides

LOSS, GAIN, BALANCE = "#D55E00", "#0072B2", "#8A8F98"
"""Vermilion and blue of the charts, and a grey: readable on light and dark."""


def sankey(sides: FlowSides, caption: Caption, scheme: str = "light") -> Spec:
    """Return the diagram: left who trades less, right who trades more."""
    ink = chart_layout.ink(scheme)
    nodes = [_node(_left_key(name), name, sides, LOSS, ink) for name in sides.less]
    nodes += [_node(name, name, sides, GAIN, ink) for name in sides.more]
    links = [
        {"source": _left_key(seller), "target": buyer, "value": amount}
        for seller, buyer, amount in sides.ribbons
    ]
    return {
        "title": _title(caption, ink),
        "tooltip": {"trigger": "item", "valueFormatter": "%.4g bn USD"},
        "series": [
            {
                "type": "sankey",
                "data": nodes,
                "links": links,
                "top": 72 + chart_layout.LINE * len(chart_layout.subtitle_lines(caption)),
                "left": 4,
                "right": 170,
                "bottom": 12,
                "nodeGap": 10,
                "nodeWidth": 12,
                "draggable": False,
                "layoutIterations": 0,
                "lineStyle": {"color": "gradient", "opacity": 0.35},
                "emphasis": {"focus": "adjacency"},
            }
        ],
    }


def height(sides: FlowSides, caption: Caption) -> int:
    """Height in pixels that gives every partner its line."""
    notes = len(caption.note) // chart_layout.SUBTITLE_WIDTH + 5
    return (
        90
        + chart_layout.LINE * notes
        + 44 * chart_layout.largest(len(sides.less), len(sides.more), 4)
    )


def _left_key(name: str) -> str:
    """Return the key of a node on the left: ECharts wants keys that stand on one side only."""
    return f"{name} "


def _title(caption: Caption, ink: str) -> Spec:
    return {
        "text": "\n".join(chart_layout.title_lines(caption)),
        "subtext": "\n".join(chart_layout.subtitle_lines(caption)),
        "left": 0,
        "padding": 0,
        "itemGap": 6,
        "textStyle": {"color": ink, "fontSize": 15, "lineHeight": 19, "fontWeight": "bold"},
        "subtextStyle": {"color": ink, "fontSize": 11, "lineHeight": 15},
    }


def _node(key: str, name: str, sides: FlowSides, colour: str, ink: str) -> Spec:
    return {
        "name": key,
        "itemStyle": {"color": BALANCE if name in sides.balances else colour, "borderWidth": 0},
        "label": {
            "formatter": "\n".join(textwrap.wrap(f"{name} {sides.texts[name]}", 22)),
            "color": ink,
            "fontSize": 12,
            "lineHeight": 14,
            "position": "right",
            "textBorderWidth": 0,
        },
    }
