"""How sure the numbers are: stored ranges, what they hang on, what may end them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from dashboard.data import long_tasks
from dashboard.data.answers import NoAnswer, answer, result
from dashboard.data.catalog import ELASTICITIES, LeverValues, Plan, cards, place, resolved
from dashboard.worker import pool
from sim.baseline.load import elasticity_sets
from sim.engine.pace import PACE_LEVERS
from sim.study.sweeps.ranges import STORED, ranges_of

Range = tuple[float, float]

SETS = "elasticities"
"""Name under which a tornado varies the set of trade elasticities."""

OTHER_SETS = ("caliendo_parro2015", "uniform4")
"""The published sets that a tornado goes to: the first ones used for such models, and none."""

_FIRST = ("articles", "packages", "counterparts")
"""Groups of scenarios whose ranges are shown beside the chosen one's."""

_MOBILITY = {"min": 1.0, "max": 10.0, "scale": "log"}


def ranges(name: str, levers: LeverValues = ()) -> Mapping[str, Range]:
    """Return the stored 5 to 95 % range of each headline figure's change; empty if none is."""
    try:
        return ranges_of(result(name, levers))
    except NoAnswer:
        return {}


def all_ranges(
    figure: str, chosen: str, *, is_whole_library: bool = False
) -> dict[str, tuple[float, Range]]:
    """Return a figure's change and its range by title: of the chosen scenario, and of others.

    The others are those of the articles with their counterparts, or the whole library.
    """
    found = {}
    order = sorted(cards().items(), key=lambda pair: pair[0] != chosen)
    for name, card in order:
        is_shown = is_whole_library or name == chosen or card.group in _FIRST
        known = ranges(name).get(figure) if is_shown and name in _ranged() else None
        if known is not None:
            found[card.title] = (answer(name).figures[figure].change, known)
    return found


@lru_cache(maxsize=1)
def _ranged() -> frozenset[str]:
    """Ids of the scenarios that ranges are stored for: only those are worth solving for them."""
    if not STORED.is_file():
        return frozenset()
    return frozenset(json.loads(STORED.read_text(encoding="utf-8"))["scenarios"])


def inputs(chosen: Plan, levers: LeverValues) -> dict[str, dict[str, object]]:
    """Return what a tornado moves: each lever that the reader left alone, and the elasticities."""
    moved = dict(levers)
    found: dict[str, dict[str, object]] = {
        one.id: {"min": one.min, "max": one.max}
        for one in chosen.levers
        if one.id not in moved and one.min < one.max and not _is_of_time(one.id, one.paths)
    }
    if "factor_mobility" in found:
        found["factor_mobility"] = dict(_MOBILITY)
    others = [one for one in OTHER_SETS if one in elasticity_sets()]
    return found | ({SETS: {"sets": others}} if len(others) > 1 else {})


def _is_of_time(lever: str, paths: tuple[str, ...]) -> bool:
    """Tell whether a lever moves nothing in the long run: the pace, the odds of a collapse."""
    return lever in PACE_LEVERS or all(path.startswith("collapse.") for path in paths)


def ask_tornado(chosen: Plan, levers: LeverValues) -> pool.Job:
    """Ask what each input does to every headline figure, moved alone."""
    return long_tasks.crew().ask(
        {
            "do": "tornado",
            "place": str(place(chosen.name)),
            "levers": dict(levers),
            "vary": inputs(chosen, levers),
            "elasticities": ELASTICITIES,
        }
    )


def ask_tree(name: str, levers: LeverValues, hazard: float) -> pool.Job:
    """Ask for the branches of a scenario that may break down in any month."""
    return long_tasks.crew().ask(
        {
            "do": "tree",
            "place": str(place(name)),
            "levers": dict(levers),
            "months": long_tasks.MONTHS,
            "hazard": hazard,
            "elasticities": ELASTICITIES,
        }
    )


@dataclass(frozen=True)
class Collapse:
    """What a scenario breaks down into, and with what chance in a month."""

    into: str
    hazard: float


def collapse_of(name: str, levers: LeverValues = ()) -> Collapse | None:
    """Return how a scenario may end early, or None if it does not say."""
    block = getattr(resolved(name, levers), "collapse", None)
    if block is None:
        return None
    titles = cards()
    into = titles[block.into].title if block.into in titles else block.into
    return Collapse(into, float(block.hazard))
