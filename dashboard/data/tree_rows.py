"""The event tree: how a scenario may end early, and a figure over the branches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.data.answers import Answer
from dashboard.data.captions import change_of, of_figure
from dashboard.data.catalog import LeverValues, cards, resolved
from dashboard.records import Caption, Line, ShadedBand
from sim.outputs.variables import better_sign
from sim.outputs.words import chance


@dataclass(frozen=True)
class CollapseRisk:
    """What a scenario breaks down into, and with what chance in a month."""

    into: str
    hazard: float

    @property
    def percent(self) -> float:
        """The chance in a month, in percent."""
        return 100 * self.hazard


def collapse_risk(name: str, levers: LeverValues = ()) -> CollapseRisk | None:
    """Return how a scenario may end early, or None if it does not say."""
    block = getattr(resolved(name, levers), "collapse", None)
    if block is None:
        return None
    titles = cards()
    into = titles[block.into].title if block.into in titles else block.into
    return CollapseRisk(into, float(block.hazard))


def share(percent: float) -> float:
    """Return percent as a fraction."""
    return percent / 100


def tree_lines(tree: Mapping[str, Any], shown: Answer, key: str) -> list[Line]:
    """Return a figure over the branches: what to expect, and what if the scenario holds."""
    figure = tree["figures"][key]
    return [
        Line(name, _points(tree["months"], figure[part], shown, key))
        for name, part in (("Expected", "expected"), ("If it holds", "holds"))
    ]


def _points(
    months: Sequence[str], values: Sequence[float], shown: Answer, key: str
) -> tuple[tuple[str, float, str], ...]:
    return tuple(
        (f"{month}-01", value, change_of(shown, key, value))
        for month, value in zip(months, values, strict=True)
    )


def tree_band(tree: Mapping[str, Any], key: str) -> ShadedBand:
    """Return the band of a figure that holds 80 % of the probability."""
    figure = tree["figures"][key]
    ends = zip(tree["months"], figure["low"], figure["high"], strict=True)
    return ShadedBand(tuple((f"{month}-01", low, high) for month, low, high in ends))


def tree_caption(tree: Mapping[str, Any], shown: Answer, key: str) -> Caption:
    """Return what is written in the chart of the branches."""
    about = of_figure(
        shown,
        f"If it may break down: {shown.figures[key].label}",
        f"{shown.title}; probability of a collapse {100 * tree['hazard']:g} % in each month",
        key,
    )
    unit = f"{about.unit}, annual rates; band: 10 to 90 %"
    note = f"Breaks down into “{tree['into']}”."
    return Caption(about.title, about.scenario, unit, about.source, note)


def tree_probabilities(tree: Mapping[str, Any], shown: Answer, key: str) -> tuple[str, str]:
    """Say how probable it is that the scenario holds, and that the whole path is worse."""
    held, worse = tree["probability_holds"], tree["figures"][key]["worse"]
    figure = shown.figures[key]
    side = "below" if better_sign(figure.variable) > 0 else "above"
    return (
        f"It holds for all {len(tree['months'])} months with a probability of {chance(held)}.",
        f"With a probability of {chance(worse)} the mean of “{figure.label}” over these months is "
        f"{side} that of the baseline, which is counted as worse.",
    )
