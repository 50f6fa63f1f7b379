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

from sim.engine.months import Month
from sim.engine.pace import PACE_LEVERS, read_pace
from sim.engine.start import (
    DEFAULT_ELASTICITIES,
    assumed_bundle,
    axes_of,
    beside,
    bundle_of,
    read_scenario,
    start_of,
)
from sim.errors import InputError, ScenarioError
from sim.outputs.pick import Quantity, check_quantities
from sim.policy.library.loader import ResolvedScenario
from sim.study.executor import SerialExecutor, default_jobs, local_executor
from sim.study.progress import Progress, Watch
from sim.study.trees.branches import (
    Fork,
    Solved,
    Work,
    empty,
    extended,
    into_of,
    readings,
    solve_forks,
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
"""What a tree reports where nothing is asked for."""

WORTH_WORKERS = 100
"""Months to be solved below which starting processes takes longer than it saves."""

PARTS = 3
"""Portions of branches that each worker is handed, one after the other."""


def collapse_tree(  # noqa: PLR0913  the brief of a study; all but the scenario are named
    name: str | Path,
    *,
    months: int = 36,
    hazard: float | None = None,
    into: str | Path | None = None,
    levers: Mapping[str, float] | None = None,
    elasticities: str = DEFAULT_ELASTICITIES,
    quantities: Sequence[str | Quantity] = HEADLINE,
    last: int | None = None,
    executor: Executor | None = None,
    jobs: int | None = None,
    watch: Watch | None = None,
    folder: Path | None = None,
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
    wanted = tuple(dict.fromkeys(as_change(quantity) for quantity in quantities))
    count = _branches(months, last)
    brief = Brief(name, levers or {}, into, elasticities, folder)
    chance = _hazard(brief.read()[0], hazard)
    chances = probabilities(chance, count)
    with _pool(executor, jobs, count * months) as (pool, workers):
        # Workers import numpy and the model while this process solves the baseline.
        ready = [pool.submit(warm) for _ in range(workers if workers > 1 else 0)]
        work = brief.work(wanted)
        policy = work.policy(months)
        values = _values(work, policy, count, (pool, workers), watch)
        for future in ready:
            future.result()
    notes = _notes(work, hazard, count, months)
    return _tree(work, policy, values, (float(chance), chances), notes)


def _tree(
    work: Work,
    policy: Sequence[Month],
    values: Array,
    chances: tuple[float, Array],
    notes: tuple[str, ...],
) -> CollapseTree:
    """Put the branches together; `chances` are the hazard and the probabilities."""
    dates = tuple(f"{month.first:%Y-%m}" for month in policy)
    return CollapseTree(
        scenario=work.scenario.id,
        into=work.into.id,
        hazard=chances[0],
        duration=work.duration,
        months=dates,
        branches=_named(dates, chances[1]),
        values={key: values[:, position] for position, key in enumerate(work.quantities)},
        labels=_labels(work),
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
    named = [TreeBranch(dates[at], at + 1, chance) for at, chance in enumerate(broken)]
    return (*named, TreeBranch(HOLDS, None, held))


@contextmanager
def _pool(executor: Executor | None, jobs: int | None, size: int) -> Iterator[tuple[Executor, int]]:
    """Give where the branches run, and the number of workers as far as it is known."""
    if executor is not None:
        yield executor, 1 if isinstance(executor, SerialExecutor) else default_jobs()
        return
    wanted = jobs if jobs is not None else (default_jobs() if size >= WORTH_WORKERS else 1)
    with local_executor(wanted, size) as found:
        yield found


@dataclass(frozen=True)
class Brief:
    """What a tree is asked for: two scenarios, levers, elasticities."""

    name: str | Path
    levers: Mapping[str, float]
    into: str | Path | None = None
    elasticities: str = DEFAULT_ELASTICITIES
    folder: Path | None = None

    def read(self) -> tuple[ResolvedScenario, ResolvedScenario]:
        """Read the scenario and what it breaks down into.

        Raises
        ------
        InputError
            If one of them or a lever cannot be used.
        """
        axes = axes_of(bundle_of(self.elasticities))
        own = {key: value for key, value in self.levers.items() if key not in PACE_LEVERS}
        scenario = read_scenario(self.name, axes, self.folder, own)
        after = into_of(self.name, scenario, self.into, axes, self.folder)
        for one in (scenario, after):
            if one.rules:
                raise ScenarioError(
                    f"'{one.id}' has rules, which event trees do not follow.",
                    advice="Run its path instead: truce run NAME --months 36.",
                )
        return scenario, after

    def work(self, quantities: tuple[Quantity, ...]) -> Work:
        """Solve the baseline of both; errors as `read`, and unknown quantities."""
        scenario, after = self.read()
        pace = {key: value for key, value in self.levers.items() if key in PACE_LEVERS}
        bundle = assumed_bundle(self.elasticities, scenario)
        check_quantities(bundle.economy, quantities)
        axes, origin = axes_of(bundle), beside(self.name, scenario.baseline)
        start = start_of(bundle, axes, origin, self.folder, scenario.baseline_date)
        duration = 0 if scenario.collapse is None else scenario.collapse.duration
        return Work(start, axes, scenario, after, read_pace().moved(pace), quantities, duration)


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
    work: Work,
    policy: tuple[Month, ...],
    count: int,
    where: tuple[Executor, int],
    watch: Watch | None,
) -> Array:
    """Solve the path that holds, then all that branch off it; [branch, quantity, t]."""
    progress = Progress(count + 1)
    stem = extended(work, empty(work), policy)
    held = readings(work, stem, policy)
    _tell(progress, 1, watch)
    values = np.repeat(held[None], count + 1, axis=0)
    # The first branch is solved here, while workers start; all others begin where it leads.
    work = work.prepared(policy)
    months = work.broken(policy, 0)
    first = extended(work, empty(work), months)
    values[0] = readings(work, first, months)
    _tell(progress, 1, watch)
    work = work.guided(first)
    with _submitted(work, policy, stem, range(1, count), where) as futures:
        for future in futures:
            for collapse, numbers in future.result():
                values[collapse, :, collapse:] = numbers
                _tell(progress, 1, watch)
    return values


@contextmanager
def _submitted(
    work: Work,
    policy: tuple[Month, ...],
    stem: Solved,
    collapses: range,
    where: tuple[Executor, int],
) -> Iterator[Iterable[Future[list[tuple[int, Array]]]]]:
    """Hand the branches out, the longest first; give them as they are done."""
    pool, workers = where
    if workers == 1:
        one = (Fork(at, stem.last_of(at)) for at in collapses)
        yield (pool.submit(solve_forks, work, policy, [fork]) for fork in one)
        return
    sent, parts = work.portable(), min(len(collapses), PARTS * workers)
    shares = (
        [Fork(at, stem.last_of(at)) for at in collapses[part::parts]] for part in range(parts)
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


def _labels(work: Work) -> dict[str, str]:
    """Titles by role, and what codes stand for."""
    bundle = work.start.bundle
    roles = {
        "scenario": work.scenario.title,
        "into": work.into.title,
        "baseline": work.start.title,
    }
    return {**bundle.region_labels, **bundle.sector_labels, **roles}


def _notes(work: Work, asked: float | None, count: int, months: int) -> tuple[str, ...]:
    """What a reader must know of the numbers."""
    found = []
    block = work.scenario.collapse
    if block is not None and asked is None:
        grade = "" if block.source is None else f", grade {block.source.grade}"
        found.append(f"Hazard: {block.basis}{grade}. {block.note}".strip())
    if count < months:
        found.append(f"The tree is cut after month {count}: from then on it holds for good.")
    found.append("Nobody foresees the collapse: until then trade is that of the plain path.")
    return tuple(found)
