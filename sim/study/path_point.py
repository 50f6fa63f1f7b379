"""One run of a study that is a path: lever values to the wanted numbers, month by month.

Two kinds of input have no place in a static run: the parameters of the path (`truce assumptions`),
and whether a truce breaks down on the way.  The latter is drawn: `collapse_luck` between 0 and 1 is
the probability that it has broken down by then, so that, with the scenario's own hazard, uniform
luck gives each month its chance.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.baseline.defaults import ELASTICITIES
from sim.engine.months import turns
from sim.engine.pace import PACE_LEVERS, Pace, read_pace
from sim.outputs.pick import Quantity, pick
from sim.policy.library.loader import ResolvedScenario
from sim.study.trees.branches import TreeTask, empty, extended, into_of, readings, tree_task

if TYPE_CHECKING:
    from sim.study.point import Draw, Runner

Array = NDArray[np.float64]

LUCK = "collapse_luck"
"""Input, 0 to 1: in which part of all worlds, ordered by the day of their collapse, this one is."""


def inputs_of_paths(runner: Runner) -> frozenset[str]:
    """Return the inputs that a scenario has only where it is run as a path."""
    can_collapse = runner.template.default.collapse is not None
    return frozenset({*PACE_LEVERS, LUCK} if can_collapse else PACE_LEVERS)


@dataclass(frozen=True, eq=False)
class Followed:
    """Wanted numbers of a path, month by month."""

    values: dict[Quantity, Array]
    """By quantity, [t]; nan where a month has no such number."""
    days: tuple[dt.date, ...]
    turns: tuple[int, ...]
    """Months after the first, from 0, that stand under another law than the one before."""
    apart: tuple[str, ...] = ()
    """Months that stand under another law than those of the counterpart."""
    against: str = ""
    """What changes are against, in words."""


def path_values(
    runner: Runner,
    levers: Mapping[str, float],
    quantities: Iterable[Quantity],
    months: int,
    *,
    elasticities: str = ELASTICITIES,
    draw: Draw | None = None,
) -> dict[Quantity, Array]:
    """Return the wanted numbers of each month, [t]; errors as in `sim.engine.runs.run`.

    Parameters
    ----------
    levers
        Of the scenario and of the path; `LUCK` too.
    """
    chosen = tuple(quantities)
    if LUCK not in levers:
        path = followed(runner, levers, chosen, months, elasticities=elasticities, draw=draw)
        return path.values
    scenario, pace = _set(runner, levers)
    world = runner.world_for(elasticities, draw)
    into = into_of(world, runner.name, scenario, None)
    task = tree_task(world, runner.name, scenario, into, pace, chosen, months)
    return dict(zip(chosen, _with_luck(task, months, levers[LUCK]), strict=True))


def followed(
    runner: Runner,
    levers: Mapping[str, float],
    quantities: Iterable[Quantity],
    months: int,
    *,
    elasticities: str = ELASTICITIES,
    draw: Draw | None = None,
) -> Followed:
    """Run a path and keep the wanted numbers alone: a third quicker than `sim.engine.runs.run`.

    Raises
    ------
    InputError, NotConverged
        As `sim.engine.runs.run`.
    """
    chosen = tuple(quantities)
    scenario, pace = _set(runner, levers)
    world = runner.world_for(elasticities, draw)
    start = runner.start(world, scenario)
    solved = world.path_with(start, scenario, months, pace, runner.counterpart(world, scenario))
    law = solved.legal
    picked = [pick(outcome, chosen) for outcome in solved.outcomes]
    return Followed(
        values={key: np.array([month[key] for month in picked]) for key in chosen},
        days=tuple(month.first for month in law),
        turns=turns(law),
        apart=() if solved.counterpart is None else solved.apart,
        against=solved.against_words,
    )


def _set(runner: Runner, levers: Mapping[str, float]) -> tuple[ResolvedScenario, Pace]:
    """Split levers into those of the path and the scenario's own."""
    pace = read_pace().moved({name: levers[name] for name in PACE_LEVERS if name in levers})
    own = {name: levers[name] for name in levers if name not in PACE_LEVERS and name != LUCK}
    return runner.template.moved(own), pace


def _with_luck(task: TreeTask, months: int, luck: float) -> Array:
    """Solve the one branch that the luck points at, [quantity, t]."""
    policy = task.policy(months)
    hazard = 0.0 if task.scenario.collapse is None else task.scenario.collapse.hazard
    collapse = collapse_month(luck, hazard)
    if collapse is not None and collapse < months:
        policy = (*policy[:collapse], *task.broken(policy, collapse))
    return readings(task, extended(task, empty(task), policy), policy)


def collapse_month(luck: float, hazard: float) -> int | None:
    """Month of a collapse, from 0: the first by whose end its probability exceeds `luck`.

    None where it never comes.
    """
    if hazard >= 1:
        return 0
    if hazard <= 0 or luck >= 1:
        return None
    return int(np.floor(np.log1p(-luck) / np.log1p(-hazard)))
