"""The branches of an event tree: what a worker is handed, and how it solves its share.

A branch needs of the path before its collapse only the last month: the state of a path is what one
month hands to the next.  So a worker gets one month and no more, and hands back a few numbers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from sim.engine.border.licences import queued
from sim.engine.counterpart import have_same_baseline, shared_levers
from sim.engine.kept import keep_latest
from sim.engine.months import (
    Month,
    Schedule,
    first_day,
    is_kept,
    monthly_policy,
    turns,
    without_floors,
)
from sim.engine.named_files import Name, file_beside
from sim.engine.pace import Pace
from sim.engine.solved import outcome_of
from sim.engine.start import Start
from sim.engine.target_outcomes import target_outcomes
from sim.engine.world import World
from sim.errors import NotConverged, ScenarioError
from sim.model import TransitionPath
from sim.model.solve.guide import MonthlyChange, monthly_changes
from sim.outputs.outcome import Outcome, TargetOutcome
from sim.outputs.pick import Quantity, pick
from sim.pair import Pair
from sim.policy.language.kinds import Measure
from sim.policy.law.dating import after_collapse
from sim.policy.law.law import Law
from sim.policy.library.loader import ResolvedScenario
from sim.study.failures import Failure
from sim.study.point import needs_targets

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class TreeTask:
    """Two scenarios on one start, and what is wanted of their paths."""

    start: Start
    law: Law
    """Of the scenario; its tables turn every other set of measures into law too."""
    scenario: ResolvedScenario
    into: ResolvedScenario
    pace: Pace
    quantities: tuple[Quantity, ...]
    pair: Pair
    duration: int = 0
    """Months that a collapse lasts; 0 is for good."""
    by_calendar: tuple[Month, ...] = ()
    """Months under the law of `into`, where it is the same whenever the collapse comes."""
    first: dt.date | None = None
    """Day in the first month; where the law departs from the start if None."""
    token: str = ""
    """Name of the task among those that a process has solved baselines of."""
    baseline_policy: tuple[Month, ...] = ()
    """Months of the baseline, where its law changes."""
    guide: tuple[MonthlyChange, ...] = ()
    """What the months after a collapse did in the first branch: the others start from there."""

    def portable(self) -> TreeTask:
        """Return the same without views of mappings, which do not travel between processes."""
        baseline = self.start.baseline
        views: dict[str, Any] = {
            part.name: dict(getattr(baseline, part.name))
            for part in fields(baseline)
            if isinstance(getattr(baseline, part.name), MappingProxyType)
        }
        if self.by_calendar:
            # No law is left to be made: its tables stay at home.
            views |= {"coverage": {}, "rates": {}}
        tables = {"coverage": views["coverage"], "rates": views["rates"]}
        start = replace(self.start, baseline=replace(baseline, **views))
        if start.law is not None:
            start = replace(start, law=replace(start.law, coverage={}, rates={}))
        return replace(self, start=start, law=replace(self.law, **tables))

    def policy(self, months: int) -> tuple[Month, ...]:
        """Months of the scenario while it holds."""
        return self._months(self.scenario.measures, self._first, months)

    @property
    def _first(self) -> dt.date:
        return self.first or first_day(self.start, self.law, self.scenario.date)

    def with_baseline(self, months: int) -> TreeTask:
        """Return the same with the months of the baseline, if its law changes in them."""
        start = self.start
        if start.scenario is None or not start.goes_on:
            return self
        if is_kept(start, start.own_law, self._first, months):
            return self
        policy = self._months(start.scenario.measures, self._first, months)
        return replace(self, baseline_policy=policy, token=uuid4().hex)

    def _months(
        self, measures: Iterable[Measure], first: dt.date, months: int
    ) -> tuple[Month, ...]:
        """Months of a law, with what queues of licences let through."""
        acts = tuple(measures)
        legal = monthly_policy(self.start, self.law.with_measures(acts), first, months)
        return queued(self.start, acts, legal, self.pace)[0]

    def broken(self, policy: Sequence[Month], collapse: int) -> tuple[Month, ...]:
        """Return the months from month `collapse`, counted from 0, in which it breaks down."""
        day = policy[collapse].first
        left = len(policy) - collapse
        count = min(self.duration or left, left)
        after = self.by_calendar[collapse : collapse + count]
        if not after:
            after = self._months(self._held(day), day, count)
        return (*after, *policy[collapse + count :])

    def guided(self, first: SolvedBranch) -> TreeTask:
        """Return the same with the months of the first branch to start from."""
        return replace(self, guide=monthly_changes(self.start.economy, first.path.months))

    def _held(self, day: dt.date) -> tuple[Measure, ...]:
        """Measures in force after a collapse on `day`."""
        law = self.law.with_measures(self.into.measures)
        anchor = first_day(self.start, law, self.into.date)
        return after_collapse(self.scenario.measures, self.into.measures, anchor, day)

    def prepared(self, policy: Sequence[Month]) -> TreeTask:
        """Return the same with the law after a collapse, if it is that of the calendar alone."""
        first = policy[0].first
        always = self._held(first)
        if any(self._held(month.first) != always for month in policy[1:]):
            return self
        return replace(self, by_calendar=self._months(always, first, len(policy)))

    @property
    def baseline_turns(self) -> tuple[str, ...]:
        """Months in which the law of the baseline changes."""
        policy = self.baseline_policy
        return tuple(f"{policy[t].first:%Y-%m}" for t in turns(policy))

    @property
    def needs_free(self) -> bool:
        """Tell whether a number is set beside the same path without purchase floors."""
        return needs_targets(self.quantities)


@dataclass(frozen=True, eq=False)
class SolvedBranch:
    """A path, and the same if nobody had to buy anything where that is asked for."""

    path: TransitionPath
    free: TransitionPath

    def last_of(self, length: int) -> SolvedBranch:
        """Return the state after `length` months, and no more of the months than the last."""
        same = self.free is self.path
        path = _last(self.path, length)
        return SolvedBranch(path, path if same else _last(self.free, length))


@dataclass(frozen=True, eq=False)
class Fork:
    """A branch to be solved: the month of its collapse, from 0, and where it branches off."""

    collapse: int
    stem: SolvedBranch


def _last(path: TransitionPath, length: int) -> TransitionPath:
    first = max(length - 1, 0)
    end = path.until(length)
    return replace(end, months=end.months[first:], states=end.states[first:])


def warm() -> None:
    """Do nothing: what matters is that a worker has imported this module."""


def empty(task: TreeTask) -> SolvedBranch:
    """Return a path without months."""
    path = Schedule(task.start, task.pace).through(())
    return SolvedBranch(path, path)


def extended(
    task: TreeTask,
    stem: SolvedBranch,
    policy: Sequence[Month],
    *,
    guide: Sequence[MonthlyChange] = (),
) -> SolvedBranch:
    """Solve the months of `policy` after those of `stem`.

    Raises
    ------
    NotConverged
        If a month has no solution.
    """
    path = Schedule(task.start, task.pace).through(policy, stem.path, guide=guide)
    if not task.needs_free:
        return SolvedBranch(path, path)
    floorless = without_floors(policy)
    same = all(a.shock is b.shock for a, b in zip(policy, floorless, strict=True))
    if same and stem.free is stem.path:
        return SolvedBranch(path, path)
    return SolvedBranch(path, Schedule(task.start, task.pace).through(floorless, stem.free))


def readings(task: TreeTask, solved: SolvedBranch, policy: Sequence[Month]) -> Array:
    """Return the wanted numbers of the last months of a path, those of `policy`, [quantity, t]."""
    count, references = len(policy), baseline_outcomes(task)
    pairs = zip(policy, solved.path.months[-count:], solved.free.months[-count:], strict=True)
    rows = []
    for month, equilibrium, free in pairs:
        targets: tuple[TargetOutcome, ...] = ()
        if task.needs_free:
            targets = target_outcomes(task.start, equilibrium, month.specs, free)
        outcome = outcome_of(
            task.start, task.scenario, month.first, equilibrium, targets, task.pair
        )
        if month.first in references:
            outcome = outcome.measured_against(references[month.first])
        picked = pick(outcome, task.quantities)
        rows.append([picked[quantity] for quantity in task.quantities])
    return np.array(rows).T


_SOLVED_BASELINES: dict[str, dict[dt.date, Outcome]] = {}
MAX_BASELINES = 2
"""Paths of baselines that a process keeps."""


def baseline_outcomes(task: TreeTask) -> dict[dt.date, Outcome]:
    """Return what the baseline's months report, by their first days; none where it stays.

    A process solves them once: they are too large to travel between processes.
    """
    if not task.baseline_policy:
        return {}
    if task.token not in _SOLVED_BASELINES:
        start, policy = task.start, task.baseline_policy
        assert start.scenario is not None
        solved = extended(task, empty(task), policy)
        outcomes = {}
        for month, equilibrium, free in zip(
            policy, solved.path.months, solved.free.months, strict=True
        ):
            targets = (
                target_outcomes(start, equilibrium, month.specs, free) if task.needs_free else ()
            )
            outcomes[month.first] = outcome_of(
                start, start.scenario, month.first, equilibrium, targets, task.pair
            )
        keep_latest(_SOLVED_BASELINES, task.token, outcomes, MAX_BASELINES)
    return _SOLVED_BASELINES[task.token]


def solve_forks(
    task: TreeTask, policy: Sequence[Month], forks: Sequence[Fork]
) -> list[tuple[int, Array]]:
    """Solve branches; each is the month of its collapse and its numbers from then on.

    Raises
    ------
    Failure
        If a month has no solution; it says in which branch.
    """
    solved_branches = []
    for fork in forks:
        months = task.broken(policy, fork.collapse)
        try:
            solved = extended(task, fork.stem, months, guide=task.guide)
            numbers = readings(task, solved, months)
        except NotConverged as error:
            # Errors with several arguments do not travel between processes: send the words.
            words = f"collapse in {policy[fork.collapse].first:%Y-%m}: {error}"
            raise Failure(words, NotConverged.exit_code) from None
        solved_branches.append((fork.collapse, numbers))
    return solved_branches


def into_of(
    world: World, name: Name, scenario: ResolvedScenario, into: Name | None
) -> ResolvedScenario:
    """Read the scenario whose law follows a collapse, with the levers that both have.

    Raises
    ------
    ScenarioError
        If nothing says which it is, or the two have different baselines.
    """
    target = into
    if target is None and scenario.collapse is not None:
        target = file_beside(name, scenario.collapse.into)
    if target is None:
        raise ScenarioError(
            f"'{scenario.id}' does not say what it breaks down into.",
            advice="Name a scenario: --into truce-lapse, or a block 'collapse:' in the file.",
        )
    after = world.scenario(target, shared_levers(scenario, world.scenario(target)))
    if not have_same_baseline(scenario, after):
        raise ScenarioError(
            f"'{after.id}' is measured against '{after.baseline}', '{scenario.id}' against "
            f"'{scenario.baseline}'.",
            advice="A scenario breaks down into one with the same baseline.",
        )
    return after


def tree_task(  # noqa: PLR0913  what branches are solved from
    world: World,
    name: Name,
    scenario: ResolvedScenario,
    into: ResolvedScenario,
    pace: Pace,
    quantities: tuple[Quantity, ...],
    months: int,
) -> TreeTask:
    """Put together what branches of `months` are solved from: the start is solved here."""
    start = world.start(scenario, beside=name)
    return TreeTask(
        start=start,
        first=world.first_month(start, scenario),
        law=world.law(scenario),
        scenario=scenario,
        into=into,
        pace=pace,
        quantities=quantities,
        pair=world.pair_of(scenario),
        duration=0 if scenario.collapse is None else scenario.collapse.duration,
    ).with_baseline(months)
