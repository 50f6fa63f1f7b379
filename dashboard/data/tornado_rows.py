"""The tornado: which inputs are moved, and how far each swings a figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.data import own_baseline
from dashboard.data.answers import Answer
from dashboard.data.captions import change_of, of_figure
from dashboard.data.catalog import LeverValues, ScenarioDescription
from dashboard.records import Caption, RangeBar
from sim.engine.pace import PACE_LEVERS
from sim.policy.library.levers import LeverState

SETS = "elasticities"
"""Name under which a tornado varies the set of trade elasticities."""

OTHER_SETS = ("caliendo_parro2015", "uniform4")
"""The published sets that a tornado goes to: the first ones used for such models, and none."""

_MOBILITY = {"min": 1.0, "max": 10.0, "scale": "log"}


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
    others = [name for name in OTHER_SETS if name in own_baseline.elasticity_sets_in_use()]
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
        (value, change_of(*about, value)) for value in (swing["at_low"], swing["at_high"])
    )
    (low, low_text), (high, high_text) = sorted([at_low, at_high])
    return RangeBar(
        _input_text(state, swing),
        low,
        high,
        low_text,
        high_text,
        centre,
        change_of(*about, centre),
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
    return of_figure(shown, title, f"{shown.title_with_levers}, against “{shown.against}”", key)
