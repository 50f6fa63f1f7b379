"""Several scenarios in the long run side by side."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path

from sim.baseline.defaults import ELASTICITIES
from sim.baseline.load import Baseline
from sim.engine.model_levers import MODEL_LEVERS
from sim.engine.runs import Against, article_scenarios, check_against, static_result, world_of
from sim.errors import ScenarioError
from sim.outputs.comparison import Comparison
from sim.policy.library.loader import ResolvedScenario


def compare(
    names: Iterable[str | Path] = (),
    *,
    levers: Mapping[str, float] | None = None,
    elasticities: str = ELASTICITIES,
    against: Against = "own",
    folder: Path | None = None,
    baseline: Baseline | str | Path | None = None,
) -> Comparison:
    """Run several scenarios (those of the articles if none is named) and set them side by side.

    A lever applies to each scenario that has it.  `against` is as in `run`.

    Raises
    ------
    InputError
        As `run`; also if no scenario has one of the levers.
    """
    check_against(against)
    chosen = list(dict.fromkeys(names)) or article_scenarios(folder)
    world = world_of(elasticities, folder, baseline)
    known = {name: lever_ids(world.scenario(name)) for name in chosen}
    wanted = dict(levers or {})
    check_levers(wanted, known.values())

    results = []
    for name in chosen:
        own = {lever: value for lever, value in wanted.items() if lever in known[name]}
        results.append(static_result(world.solve(name, own), against))
    return Comparison(tuple(results))


def lever_ids(scenario: ResolvedScenario) -> frozenset[str]:
    """Ids of the levers that a scenario has: its own, and those of the model, which all have."""
    return frozenset(lever.id for lever in scenario.levers) | frozenset(MODEL_LEVERS)


def check_levers(wanted: Mapping[str, float], known: Iterable[frozenset[str]]) -> None:
    """Refuse a lever that none of the compared scenarios has.

    Parameters
    ----------
    known
        Lever ids of each scenario.

    Raises
    ------
    ScenarioError
        With the nearest lever that one of them has.
    """
    everywhere = sorted(frozenset().union(*known))
    for lever in wanted:
        if lever not in everywhere:
            near = difflib.get_close_matches(lever, everywhere, n=1)
            hint = f"Did you mean '{near[0]}'? " if near else ""
            raise ScenarioError(
                f"no scenario compared has a lever '{lever}'.",
                advice=f"{hint}Known levers: {', '.join(everywhere)}.",
            )
