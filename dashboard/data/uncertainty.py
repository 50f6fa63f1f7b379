"""How sure the numbers are: stored ranges, what they depend on, and what may end a scenario."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dashboard.data import formatting
from dashboard.data.answers import Answer, NoAnswer, answer, figure_labels, result
from dashboard.data.catalog import LeverValues, ScenarioDescription, cards, resolved
from dashboard.records import Caption, Line, RangeBar, ShadedBand
from sim.baseline.load import elasticity_sets
from sim.engine.pace import PACE_LEVERS
from sim.outputs.words import change_text
from sim.policy.library.levers import LeverState
from sim.study.sweeps.ranges import STORED, ranges_of

Range = tuple[float, float]

SETS = "elasticities"
"""Name under which a tornado varies the set of trade elasticities."""

OTHER_SETS = ("caliendo_parro2015", "uniform4")
"""The published sets that a tornado goes to: the first ones used for such models, and none."""

FIRST_FIGURE = "us_real_income_per_household"
"""Figure that is shown first."""

_FIRST = ("articles", "packages", "counterparts")
"""Groups of scenarios whose ranges are shown beside the chosen one's."""

_MOBILITY = {"min": 1.0, "max": 10.0, "scale": "log"}


def figure_choice(shown: Answer) -> tuple[dict[str, str], int]:
    """Return the figures that the page can be about, with labels, and which comes first."""
    labels = {key: label for key, label in figure_labels().items() if key in shown.figures}
    return labels, list(labels).index(FIRST_FIGURE) if FIRST_FIGURE in labels else 0


def caption(shown: Answer, title: str, scenario: str, key: str) -> Caption:
    """Return what is written in a chart about a figure's change."""
    unit = f"Change, {formatting.unit_a_year(shown.figures[key].change_unit)}"
    return Caption(title, scenario, unit, shown.source.rpartition("; ")[0])


def _text(shown: Answer, key: str, value: float) -> str:
    """Return a change of a figure with its unit."""
    return formatting.change(value, shown.figures[key].change_unit)


# Stored ranges


def ranges(name: str, levers: LeverValues = ()) -> Mapping[str, Range]:
    """Return the stored 5 to 95 % range of each headline figure's change; empty if none is."""
    try:
        return ranges_of(result(name, levers))
    except NoAnswer:
        return {}


def range_bars(shown: Answer, figure: str, *, is_whole_library: bool = False) -> list[RangeBar]:
    """Return a figure's change and its range: of the shown scenario, and of others."""
    return [
        RangeBar(
            title,
            low,
            high,
            _text(shown, figure, low),
            _text(shown, figure, high),
            centre,
            _text(shown, figure, centre),
        )
        for title, (centre, (low, high)) in _all_ranges(
            figure, shown.name, is_whole_library=is_whole_library
        ).items()
    ]


def _all_ranges(
    figure: str, chosen: str, *, is_whole_library: bool
) -> dict[str, tuple[float, Range]]:
    """Return a figure's change and its range by title: of the chosen scenario, and of others.

    The others are those of the articles with their counterparts, or the whole library.
    """
    ranges_by_title = {}
    order = sorted(cards().items(), key=lambda pair: pair[0] != chosen)
    for name, card in order:
        is_shown = is_whole_library or name == chosen or card.group in _FIRST
        ends = ranges(name).get(figure) if is_shown and name in _ranged() else None
        if ends is not None:
            ranges_by_title[card.title] = (answer(name).figures[figure].change, ends)
    return ranges_by_title


@lru_cache(maxsize=1)
def _ranged() -> frozenset[str]:
    """Ids of the scenarios that ranges are stored for: only those are worth solving for them."""
    if not STORED.is_file():
        return frozenset()
    return frozenset(json.loads(STORED.read_text(encoding="utf-8"))["scenarios"])


def range_table(shown: Answer, ranges_by_figure: Mapping[str, Range]) -> list[dict[str, str]]:
    """Return every range of a scenario as text, and whether its sign is sure."""
    return [
        {
            "Figure": shown.figures[key].label,
            "Change": change_text(shown.figures[key]),
            "5 % below": _text(shown, key, low),
            "95 % below": _text(shown, key, high),
            "Direction": "not sure" if low < 0 < high else "sure within the range",
        }
        for key, (low, high) in ranges_by_figure.items()
        if key in shown.figures
    ]


# Tornado


def tornado_inputs(
    description: ScenarioDescription, levers: LeverValues
) -> dict[str, dict[str, object]]:
    """Return what a tornado moves: each lever that the reader left alone, and the elasticities."""
    moved = dict(levers)
    inputs: dict[str, dict[str, object]] = {
        lever.id: {"min": lever.min, "max": lever.max}
        for lever in description.levers
        if lever.id not in moved
        and lever.min < lever.max
        and not _is_of_time(lever.id, lever.paths)
    }
    if "factor_mobility" in inputs:
        inputs["factor_mobility"] = dict(_MOBILITY)
    others = [name for name in OTHER_SETS if name in elasticity_sets()]
    return inputs | ({SETS: {"sets": others}} if len(others) > 1 else {})


def _is_of_time(lever: str, paths: tuple[str, ...]) -> bool:
    """Tell whether a lever moves nothing in the long run: the pace, the odds of a collapse."""
    return lever in PACE_LEVERS or all(path.startswith("collapse.") for path in paths)


def tornado_runs(description: ScenarioDescription, levers: LeverValues) -> int:
    """Return how many runs a tornado takes: one, and two for each input."""
    return 1 + 2 * len(tornado_inputs(description, levers))


def swing_bars(
    swings: Mapping[str, Any] | None,
    description: ScenarioDescription,
    shown: Answer,
    key: str,
) -> list[RangeBar]:
    """Return the swings of a figure, widest first; inputs that change nothing are left out.

    Parameters
    ----------
    swings
        The worker's answer for the figure, or None if it has none.
    """
    if swings is None:
        return []
    states = {state.id: state for state in description.levers}
    bars = [
        _swing_bar(swing, states.get(swing["name"]), swings["centre"], (shown, key))
        for swing in swings["swings"]
    ]
    return [bar for bar in bars if not bar.low_text == bar.high_text == bar.centre_text]


def _swing_bar(
    swing: Mapping[str, Any], state: LeverState | None, centre: float, about: tuple[Answer, str]
) -> RangeBar:
    at_low, at_high = (
        (value, _text(*about, value)) for value in (swing["at_low"], swing["at_high"])
    )
    (low, low_text), (high, high_text) = sorted([at_low, at_high])
    return RangeBar(
        _input_text(state, swing),
        low,
        high,
        low_text,
        high_text,
        centre,
        _text(*about, centre),
        ends_text=f"{at_low[1]} to {at_high[1]}",
    )


def _input_text(state: LeverState | None, swing: Mapping[str, Any]) -> str:
    """Name an input and its two ends."""
    if state is None:
        return f"Trade elasticities: {swing['low']} to {swing['high']}".replace("_", " ")
    return f"{state.label}: {swing['low']:.3g} to {swing['high']:.3g} {state.unit}".strip()


def tornado_caption(shown: Answer, key: str) -> Caption:
    """Return what is written in the chart of a tornado."""
    title = f"What it hangs on: {shown.figures[key].label}"
    return caption(shown, title, f"{shown.title_with_levers}, against “{shown.against}”", key)


# Event tree


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
        (f"{month}-01", value, _text(shown, key, value))
        for month, value in zip(months, values, strict=True)
    )


def tree_band(tree: Mapping[str, Any], key: str) -> ShadedBand:
    """Return the band of a figure that holds 80 % of the probability."""
    figure = tree["figures"][key]
    ends = zip(tree["months"], figure["low"], figure["high"], strict=True)
    return ShadedBand(tuple((f"{month}-01", low, high) for month, low, high in ends))


def tree_caption(tree: Mapping[str, Any], shown: Answer, key: str) -> Caption:
    """Return what is written in the chart of the branches."""
    about = caption(
        shown,
        f"If it may break down: {shown.figures[key].label}",
        f"{shown.title}, {100 * tree['hazard']:g} % a month",
        key,
    )
    unit = f"{about.unit}, annual rates; band: 10 to 90 %"
    note = f"Breaks down into “{tree['into']}”."
    return Caption(about.title, about.scenario, unit, about.source, note)


def tree_probabilities(tree: Mapping[str, Any], key: str) -> tuple[str, str]:
    """Say how probable it is that the scenario holds, and that the whole path is worse."""
    held, worse = tree["probability_holds"], tree["figures"][key]["worse"]
    return (
        f"It holds for all {len(tree['months'])} months with a probability of {100 * held:.0f} %.",
        f"The path as a whole is worse than the baseline with {100 * worse:.0f} %.",
    )
