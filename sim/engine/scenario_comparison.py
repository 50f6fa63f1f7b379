"""Several scenarios in the long run side by side, and what each is worth over its counterpart."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path

from sim.baseline.defaults import ELASTICITIES
from sim.baseline.load import Baseline
from sim.engine.model_levers import MODEL_LEVERS
from sim.engine.runs import Against, article_scenarios, check_against, static_result, world_of
from sim.engine.world import file_beside
from sim.errors import ScenarioError
from sim.outputs.comparison import Comparison, Worth
from sim.outputs.results import RunResult
from sim.policy.library.loader import ResolvedScenario


def compare(
    names: Iterable[str | Path] = (),
    *,
    levers: Mapping[str, float] | None = None,
    elasticities: str = ELASTICITIES,
    against: Against = "baseline",
    folder: Path | None = None,
    baseline: Baseline | str | Path | None = None,
) -> Comparison:
    """Run several scenarios (those of the articles if none is named) and set them side by side.

    A lever applies to each scenario that has it.  A scenario that means that something does not
    happen is also set against its counterpart, in which it does.

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

    runs: dict[Path, RunResult] = {}

    def run_once(name: str | Path) -> RunResult:
        # By file and not by id: files in two places may have the same name.
        key = Path(name)
        if key not in runs:
            ids = known.get(name) or lever_ids(world.scenario(name))
            own = {lever: value for lever, value in wanted.items() if lever in ids}
            runs[key] = static_result(world.solve(name, own), since_2024=against == "2024")
        return runs[key]

    results = {name: run_once(name) for name in chosen}
    worths = []
    for name, result in results.items():
        other = file_beside(name, result.manifest["counterpart"])
        if other is not None:
            reason = str(result.manifest["counterpart_reason"])
            worths.append(Worth(result, run_once(other), reason))
    return Comparison(tuple(results.values()), tuple(worths))


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
