"""Event trees in time: a scenario that may break down in any month, each branch solved once.

In every month, given that it has held so far, a scenario breaks down with probability `hazard`; the
law of another scenario then holds (`sim.policy.language.collapse`).  Branch m is the collapse in
month m; in the last branch the scenario holds to the end of the path.  All branches share the path
before their collapse, and their values do not depend on the hazard: another hazard only weighs
them anew.

Nobody in the model foresees the collapse; what a threat does beforehand is the uncertainty wedge of
a `threat` measure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.baseline.defaults import ELASTICITIES
from sim.engine.months import Month
from sim.engine.pace import split_levers
from sim.engine.runs import world_of
from sim.engine.world import World
from sim.errors import InputError, ScenarioError
from sim.outputs.pick import Quantity, check_quantities
from sim.policy.library.loader import ResolvedScenario
from sim.study.executor import SerialExecutor, default_jobs, local_executor
from sim.study.progress import Progress, Watch
from sim.study.trees.branches import (
    Fork,
    SolvedBranch,
    TreeTask,
    empty,
    extended,
    into_of,
    readings,
    solve_forks,
    tree_task,
    warm,
)
from sim.study.trees.tree_results import HOLDS, CollapseTree, TreeBranch, as_change, probabilities

Array = NDArray[np.float64]

HEADLINE = (
    "real_income_change|USA",
    "real_income_change|CHN",
    "equivalent_variation_change|USA",
    "equivalent_variation_change|CHN",
    "imports_change|USA|CHN|GOODS",
    "exports_change|USA|CHN|GOODS",
    "tariff_revenue_change|USA",
    "effective_tariff_rate_before_substitution_change|USA|CHN",
    "real_factor_income_change|USA|TOTAL|SOY",
)
"""What a tree reports where nothing is asked for, as far as the baseline holds it."""

WORTH_WORKERS = 100
"""Months to be solved below which starting processes takes longer than it saves."""

PARTS = 3
"""Portions of branches that each worker is handed, one after the other."""


def collapse_tree(  # noqa: PLR0913  the question of a study; all but the scenario are named
    name: str | Path,
    *,
    months: int = 36,
    hazard: float | None = None,
    into: str | Path | None = None,
    levers: Mapping[str, float] | None = None,
    elasticities: str = ELASTICITIES,
    quantities: Sequence[str | Quantity] = HEADLINE,
    last: int | None = None,
    executor: Executor | None = None,
    jobs: int | None = None,
    watch: Watch | None = None,
    folder: Path | None = None,
    baseline: Path | None = None,
) -> CollapseTree:
    """Solve a scenario that may break down in every month, and weigh the branches.

    Parameters
    ----------
    hazard
        Probability of a collapse in a month, given none before; the scenario's own if None.
    into
        Scenario whose law holds after a collapse; that of the scenario's ``collapse`` if None.
    levers
        Of the scenario, and of the path; those that `into` has too apply there as well.
    quantities
        Labels such as ``imports|USA|CHN|GOODS``; changes against the baseline are reported.
    last
        Months in which it may break down: the rest of the probability holds.  All if None.
    executor, jobs
        Where branches run; worker processes where there are enough of them, by default.
    watch
        Called with the `Progress` after every branch.
    baseline
        Folder of own tables, as in `sim.run`; the embedded ones if None.

    Raises
    ------
    InputError
        If the scenario, a lever or a number cannot be used, or nothing says what follows.
    NotConverged
        If a month has no solution (`Failure` where a branch runs in a process of its own).

    Examples
    --------
    >>> from sim.study import collapse_tree
    >>> tree = collapse_tree("truce-extension", months=3, levers={"months": 36}, hazard=0.5)
    >>> [round(branch.probability, 3) for branch in tree.branches]
    [0.5, 0.25, 0.125, 0.125]
    """
    count = _branches(months, last)
    question = TreeQuestion(name, levers or {}, world_of(elasticities, folder, baseline), into)
    wanted = _wanted(quantities, question.world)
    chance = float(_hazard(question.read()[0], hazard))
    chances = chance, probabilities(chance, count)
    with _pool(executor, jobs, count * months) as where:
        task, policy, values = _solved_branches(question, wanted, (months, count), where, watch)
    notes = _notes(task, hazard, count, months)
    return _tree(task, policy, values, chances, notes)


def _wanted(quantities: Sequence[str | Quantity], world: World) -> tuple[Quantity, ...]:
    """Changes that are asked for; of the usual ones those that the baseline has."""
    wanted = tuple(dict.fromkeys(as_change(quantity) for quantity in quantities))
    if quantities is not HEADLINE:
        return wanted
    return tuple(each for each in wanted if world.baseline.lacks.isdisjoint(each))


def _solved_branches(
    question: TreeQuestion,
    quantities: tuple[Quantity, ...],
    size: tuple[int, int],
    where: tuple[Executor, int],
    watch: Watch | None,
) -> tuple[TreeTask, tuple[Month, ...], Array]:
    """Solve the baseline and all branches; `size` is the months and the branches that collapse."""
    pool, workers = where
    # Workers import numpy and the model while this process solves the baseline.
    ready = [pool.submit(warm) for _ in range(workers if workers > 1 else 0)]
    task = question.task(quantities, size[0])
    policy = task.policy(size[0])
    values = _values(task, policy, size[1], where, watch)
    for future in ready:
        future.result()
    return task, policy, values


def _tree(
    task: TreeTask,
    policy: Sequence[Month],
    values: Array,
    chances: tuple[float, Array],
    notes: tuple[str, ...],
) -> CollapseTree:
    """Put the branches together; `chances` are the hazard and the probabilities."""
    dates = tuple(f"{month.first:%Y-%m}" for month in policy)
    return CollapseTree(
        scenario=task.scenario.id,
        into=task.into.id,
        hazard=chances[0],
        duration=task.duration,
        months=dates,
        branches=_named(dates, chances[1]),
        values={key: values[:, position] for position, key in enumerate(task.quantities)},
        labels=_labels(task),
        notes=notes,
    )


def _branches(months: int, last: int | None) -> int:
    """Months in which it may break down."""
    count = months if last is None else last
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise InputError(f"{count!r} branches.", advice="Write a whole number from 1.")
    return min(count, months)


def _named(dates: Sequence[str], chances: Array) -> tuple[TreeBranch, ...]:
    """Branches by the month of their collapse, with their probabilities."""
    *broken, held = chances.tolist()
    named = [TreeBranch(dates[month], month + 1, chance) for month, chance in enumerate(broken)]
    return (*named, TreeBranch(HOLDS, None, held))


@contextmanager
def _pool(executor: Executor | None, jobs: int | None, size: int) -> Iterator[tuple[Executor, int]]:
    """Give where the branches run, and the number of workers as far as it is known."""
    if executor is not None:
        yield executor, 1 if isinstance(executor, SerialExecutor) else default_jobs()
        return
    wanted = jobs if jobs is not None else (default_jobs() if size >= WORTH_WORKERS else 1)
    with local_executor(wanted, size) as pool:
        yield pool


@dataclass(frozen=True)
class TreeQuestion:
    """What a tree is asked for: two scenarios, levers, elasticities."""

    name: str | Path
    levers: Mapping[str, float]
    world: World
    into: str | Path | None = None

    def read(self) -> tuple[ResolvedScenario, ResolvedScenario]:
        """Read the scenario and what it breaks down into.

        Raises
        ------
        InputError
            If one of them or a lever cannot be used.
        """
        own, _ = split_levers(self.levers)
        scenario = self.world.scenario(self.name, own)
        after = into_of(self.world, self.name, scenario, self.into)
        for chosen in (scenario, after):
            if chosen.rules:
                raise ScenarioError(
                    f"'{chosen.id}' has rules, which event trees do not follow.",
                    advice="Run its path instead: truce run NAME --months 36.",
                )
        return scenario, after

    def task(self, quantities: tuple[Quantity, ...], months: int) -> TreeTask:
        """Solve the baseline of both; errors as `read`, and unknown quantities.

        Parameters
        ----------
        months
            Length of the branches.
        """
        scenario, after = self.read()
        check_quantities(self.world.baseline.economy, quantities)
        _, pace = split_levers(self.levers)
        return tree_task(self.world, self.name, scenario, after, pace, quantities, months)


def _hazard(scenario: ResolvedScenario, asked: float | None) -> float:
    """Return the hazard asked for, or else the scenario's own."""
    if asked is not None:
        return asked
    if scenario.collapse is None:
        raise InputError(
            f"'{scenario.id}' states no hazard.", advice="Write --hazard 0.02, or hazard=0.02."
        )
    return scenario.collapse.hazard


def _values(
    task: TreeTask,
    policy: tuple[Month, ...],
    count: int,
    where: tuple[Executor, int],
    watch: Watch | None,
) -> Array:
    """Solve the path that holds, then all that branch off it; [branch, quantity, t]."""
    progress = Progress(count + 1)
    stem = extended(task, empty(task), policy)
    held = readings(task, stem, policy)
    _tell(progress, 1, watch)
    values = np.repeat(held[None], count + 1, axis=0)
    # The first branch is solved here, while workers start; all others begin where it leads.
    task = task.prepared(policy)
    months = task.broken(policy, 0)
    first = extended(task, empty(task), months)
    values[0] = readings(task, first, months)
    _tell(progress, 1, watch)
    task = task.guided(first)
    with _submitted(task, policy, stem, range(1, count), where) as futures:
        for future in futures:
            for collapse, numbers in future.result():
                values[collapse, :, collapse:] = numbers
                _tell(progress, 1, watch)
    return values


@contextmanager
def _submitted(
    task: TreeTask,
    policy: tuple[Month, ...],
    stem: SolvedBranch,
    collapses: range,
    where: tuple[Executor, int],
) -> Iterator[Iterable[Future[list[tuple[int, Array]]]]]:
    """Hand the branches out, the longest first; give them as they are done."""
    pool, workers = where
    if workers == 1:
        forks = (Fork(collapse, stem.last_of(collapse)) for collapse in collapses)
        yield (pool.submit(solve_forks, task, policy, [fork]) for fork in forks)
        return
    sent, parts = task.portable(), min(len(collapses), PARTS * workers)
    shares = (
        [Fork(collapse, stem.last_of(collapse)) for collapse in collapses[part::parts]]
        for part in range(parts)
    )
    futures = [pool.submit(solve_forks, sent, policy, forks) for forks in shares]
    try:
        yield as_completed(futures)
    finally:
        for future in futures:
            future.cancel()


def _tell(progress: Progress, more: int, watch: Watch | None) -> None:
    progress.done += more
    if watch is not None:
        watch(progress)


def _labels(task: TreeTask) -> dict[str, str]:
    """Titles by role, and what codes stand for."""
    baseline = task.start.baseline
    roles = {
        "scenario": task.scenario.title,
        "into": task.into.title,
        "baseline": task.start.title,
    }
    return {**baseline.region_labels, **baseline.sector_labels, **roles}


def _notes(task: TreeTask, asked: float | None, count: int, months: int) -> tuple[str, ...]:
    """What a reader must know of the numbers."""
    notes = []
    block = task.scenario.collapse
    if block is not None and asked is None:
        grade = "" if block.source is None else f", grade {block.source.grade}"
        notes.append(f"Hazard: {block.basis}{grade}. {block.note}".strip())
    if task.baseline_policy:
        turns = task.baseline_turns
        when = f", whose law changes in {', '.join(turns)}" if turns else ""
        notes.append(
            f"Changes are against the path of “{task.start.title}” in the same months{when}: what "
            "runs out there too is no change."
        )
    if count < months:
        notes.append(f"The tree is cut after month {count}: from then on it holds for good.")
    notes.append("Nobody foresees the collapse: until then trade is that of the plain path.")
    return tuple(notes)
