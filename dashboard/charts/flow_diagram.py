"""Who replaces whom: flows that a measure moves from some partners to others."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.charts import bar_chart

LEFT, RIGHT = 3, 8
"""Most partners that are named on each side; the rest are summed."""

SMALLEST = 0.002
"""Part of the whole below which a partner is not named."""

LOSS, GAIN, BALANCE = "#D55E00", "#0072B2", "#8A8F98"
"""Vermilion and blue of the charts, and a grey: readable on light and dark."""


@dataclass(frozen=True)
class Words:
    """How the sides are called: less from, more from, and what does not balance."""

    other_less: str
    other_more: str
    less_in_all: str
    more_in_all: str


@dataclass(frozen=True)
class Sides:
    """Partners that trade less and that trade more, with amounts; both sides have one sum."""

    less: Mapping[str, float]
    more: Mapping[str, float]

    @property
    def total(self) -> float:
        """Amount that moves."""
        return sum(self.less.values())


def sides(changes: Mapping[str, float], words: Words) -> Sides:
    """Split changes by partner into two sides of one sum, the small ones added up."""
    size = max(sum(abs(value) for value in changes.values()), 1e-9)
    less = _named({k: -v for k, v in changes.items() if v < 0}, LEFT, words.other_less, size)
    more = _named({k: v for k, v in changes.items() if v > 0}, RIGHT, words.other_more, size)
    gap = sum(less.values()) - sum(more.values())
    if gap > SMALLEST * size:
        more[words.less_in_all] = gap
    elif gap < -SMALLEST * size:
        less[words.more_in_all] = -gap
    return Sides(less, more)


def _named(amounts: Mapping[str, float], most: int, other: str, size: float) -> dict[str, float]:
    order = sorted(amounts, key=lambda name: -amounts[name])
    named = [name for name in order[:most] if amounts[name] > SMALLEST * size]
    rest = sum(amounts[name] for name in order if name not in named)
    kept = {name: amounts[name] for name in named}
    return kept | ({other: rest} if rest > SMALLEST * size else {})


def spec(
    both: Sides, words: Words, caption: bar_chart.Caption, scheme: str = "light"
) -> bar_chart.Spec:
    """Return the Sankey for ECharts: left who trades less, right who trades more."""
    ink = bar_chart.INK.get(scheme, bar_chart.INK["light"])
    grey = {words.less_in_all, words.more_in_all}
    nodes = [_node(f"{name} ", name, value, grey, LOSS, ink) for name, value in both.less.items()]
    nodes += [_node(name, name, value, grey, GAIN, ink) for name, value in both.more.items()]
    links = [
        {"source": f"{left} ", "target": right, "value": round(less * more / both.total, 3)}
        for left, less in both.less.items()
        for right, more in both.more.items()
    ]
    below = [caption.scenario, caption.unit, caption.note, f"Source: {caption.source}"]
    lines = [line for text in below for line in textwrap.wrap(text, bar_chart.SUBTITLE_WIDTH)]
    top = 72 + 15 * len(lines)
    return {
        "title": {
            "text": "\n".join(textwrap.wrap(caption.title, bar_chart.TITLE_WIDTH)),
            "subtext": "\n".join(lines),
            "left": 0,
            "padding": 0,
            "itemGap": 6,
            "textStyle": {"color": ink, "fontSize": 15, "lineHeight": 19, "fontWeight": "bold"},
            "subtextStyle": {"color": ink, "fontSize": 11, "lineHeight": 15},
        },
        "tooltip": {"trigger": "item", "valueFormatter": "%.1f bn USD"},
        "series": [
            {
                "type": "sankey",
                "data": nodes,
                "links": links,
                "top": top,
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


def height(both: Sides, caption: bar_chart.Caption) -> int:
    """Height in pixels that gives every partner its line."""
    notes = len(caption.note) // bar_chart.SUBTITLE_WIDTH + 5
    return 90 + 15 * notes + 44 * max(len(both.less), len(both.more), 4)


def _node(
    key: str, name: str, value: float, grey: Sequence[str] | set[str], colour: str, ink: str
) -> bar_chart.Spec:
    label = "\n".join(textwrap.wrap(f"{name} {value:.1f}", 22))
    return {
        "name": key,
        "itemStyle": {"color": BALANCE if name in grey else colour, "borderWidth": 0},
        "label": {
            "formatter": label,
            "color": ink,
            "fontSize": 12,
            "lineHeight": 14,
            "position": "right",
            "textBorderWidth": 0,
        },
    }


def finding(both: Sides, caption: bar_chart.Caption) -> str:
    """Return what the Sankey shows, in words."""
    if not both.total:
        return f"Flow diagram. {caption.title}: nothing moves."
    less = ", ".join(f"{name} {value:.1f}" for name, value in both.less.items())
    more = ", ".join(f"{name} {value:.1f}" for name, value in both.more.items())
    return f"Flow diagram. {caption.title}, {caption.unit}: from {less}, to {more}."
