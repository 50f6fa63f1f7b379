"""The branches of an event tree: what a worker is handed, and how it solves its share.

A branch needs of the path before its collapse only the last month: the state of a path is what one
month hands to the next.  So a worker gets one month and no more, and hands back a few numbers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.border import queued
from sim.engine.months import Course, Month, first_day, monthly_policy, without_floors
from sim.engine.pace import Pace
from sim.engine.runs import outcome_of
from sim.engine.start import Start, beside, read_scenario, target_outcomes
from sim.errors import NotConverged, ScenarioError
from sim.model import Path as SolvedPath
from sim.model.solve.guide import Step, steps_of
from sim.outputs.pick import Quantity, pick
from sim.outputs.table import TargetOutcome
from sim.policy.axes import Axes
from sim.policy.language.kinds import Measure
from sim.policy.law.dating import after_collapse
from sim.policy.library.loader import ResolvedScenario
from sim.study.failures import Failure
from sim.study.point import TARGET_VARIABLES

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Work:
    """Two scenarios on one start, and what is wanted of their paths."""

    start: Start
    axes: Axes
    scenario: ResolvedScenario
    into: ResolvedScenario
    pace: Pace
    quantities: tuple[Quantity, ...]
    duration: int = 0
    """Months that a collapse lasts; 0 is for good."""
    by_calendar: tuple[Month, ...] = ()
    """Months under the law of `into`, where it is the same whenever the collapse comes."""
    guide: tuple[Step, ...] = ()
    """What the months after a collapse did in the first branch: the others start from there."""

    def portable(self) -> Work:
        """Return the same without views of mappings, which do not travel between processes."""
        bundle = self.start.bundle
        views: dict[str, Any] = {
            one.name: dict(getattr(bundle, one.name))
            for one in fields(bundle)
            if isinstance(getattr(bundle, one.name), MappingProxyType)
        }
        if self.by_calendar:
            # No law is left to be made: its tables stay at home.
            views |= {"coverage": {"all": bundle.coverage["all"]}, "rates": {}}
        return replace(self, start=replace(self.start, bundle=replace(bundle, **views)))

    def policy(self, months: int) -> tuple[Month, ...]:
        """Months of the scenario while it holds."""
        return self._law(self.scenario, first_day(self.start, self.axes, self.scenario), months)

    def _law(self, scenario: ResolvedScenario, first: dt.date, months: int) -> tuple[Month, ...]:
        """Months of a law, with what queues of licences let through."""
        law = monthly_policy(self.start, self.axes, scenario, first, months)
        return queued(self.start, scenario, law, self.pace)[0]

    def broken(self, policy: Sequence[Month], collapse: int) -> tuple[Month, ...]:
        """Return the months from month `collapse`, counted from 0, in which it breaks down."""
        day = policy[collapse].first
        left = len(policy) - collapse
        count = min(self.duration or left, left)
        after = self.by_calendar[collapse : collapse + count]
        if not after:
            held = replace(self.into, measures=self._held(day))
            after = self._law(held, day, count)
        return (*after, *policy[collapse + count :])

    def guided(self, first: Solved) -> Work:
        """Return the same with the months of the first branch to start from."""
        return replace(self, guide=steps_of(self.start.economy, first.path.months))

    def _held(self, day: dt.date) -> tuple[Measure, ...]:
        """Measures in force after a collapse on `day`."""
        anchor = first_day(self.start, self.axes, self.into)
        return after_collapse(self.scenario.measures, self.into.measures, anchor, day)

    def prepared(self, policy: Sequence[Month]) -> Work:
        """Return the same with the law after a collapse, if it is that of the calendar alone."""
        first = policy[0].first
        always = self._held(first)
        if any(self._held(month.first) != always for month in policy[1:]):
            return self
        into = replace(self.into, measures=always)
        return replace(self, by_calendar=self._law(into, first, len(policy)))

    @property
    def needs_free(self) -> bool:
        """Tell whether a number is set beside the same path without purchase floors."""
        wanted = tuple(TARGET_VARIABLES)
        return any(quantity.variable.startswith(wanted) for quantity in self.quantities)


@dataclass(frozen=True, eq=False)
class Solved:
    """A path, and the same if nobody had to buy anything where that is asked for."""

    path: SolvedPath
    free: SolvedPath

    def last_of(self, length: int) -> Solved:
        """Return the state after `length` months, and no more of the months than the last."""
        same = self.free is self.path
        path = _last(self.path, length)
        return Solved(path, path if same else _last(self.free, length))


@dataclass(frozen=True, eq=False)
class Fork:
    """A branch to be solved: the month of its collapse, from 0, and where it branches off."""

    collapse: int
    stem: Solved


def _last(path: SolvedPath, length: int) -> SolvedPath:
    first = max(length - 1, 0)
    end = path.until(length)
    return replace(end, months=end.months[first:], states=end.states[first:])


def warm() -> None:
    """Do nothing: what matters is that a worker has imported this module."""


def empty(work: Work) -> Solved:
    """Return a path without months."""
    path = Course(work.start, work.pace).through(())
    return Solved(path, path)


def extended(
    work: Work, stem: Solved, policy: Sequence[Month], *, guide: Sequence[Step] = ()
) -> Solved:
    """Solve the months of `policy` after those of `stem`.

    Raises
    ------
    NotConverged
        If a month has no solution.
    """
    path = Course(work.start, work.pace).through(policy, stem.path, guide=guide)
    if not work.needs_free:
        return Solved(path, path)
    floorless = without_floors(policy)
    same = all(a.shock is b.shock for a, b in zip(policy, floorless, strict=True))
    if same and stem.free is stem.path:
        return Solved(path, path)
    return Solved(path, Course(work.start, work.pace).through(floorless, stem.free))


def readings(work: Work, solved: Solved, policy: Sequence[Month]) -> Array:
    """Return the wanted numbers of the last months of a path, those of `policy`, [quantity, t]."""
    count = len(policy)
    pairs = zip(policy, solved.path.months[-count:], solved.free.months[-count:], strict=True)
    rows = []
    for month, equilibrium, free in pairs:
        found: tuple[TargetOutcome, ...] = ()
        if work.needs_free:
            found = target_outcomes(work.start, equilibrium, month.specs, free)
        scenario = replace(work.scenario, date=month.first)
        picked = pick(outcome_of(work.start, scenario, equilibrium, found), work.quantities)
        rows.append([picked[quantity] for quantity in work.quantities])
    return np.array(rows).T


def solve_forks(
    work: Work, policy: Sequence[Month], forks: Sequence[Fork]
) -> list[tuple[int, Array]]:
    """Solve branches; each is the month of its collapse and its numbers from then on.

    Raises
    ------
    Failure
        If a month has no solution; it says in which branch.
    """
    found = []
    for fork in forks:
        months = work.broken(policy, fork.collapse)
        try:
            solved = extended(work, fork.stem, months, guide=work.guide)
            numbers = readings(work, solved, months)
        except NotConverged as error:
            # Errors with several arguments do not travel between processes: send the words.
            words = f"collapse in {policy[fork.collapse].first:%Y-%m}: {error}"
            raise Failure(words, NotConverged.exit_code) from None
        found.append((fork.collapse, numbers))
    return found


def into_of(
    name: str | Path,
    scenario: ResolvedScenario,
    into: str | Path | None,
    axes: Axes,
    folder: Path | None,
) -> ResolvedScenario:
    """Read the scenario whose law follows a collapse, with the levers that both have.

    Raises
    ------
    ScenarioError
        If nothing says which it is, or the two have different baselines.
    """
    target = into
    if target is None and scenario.collapse is not None:
        target = beside(name, scenario.collapse.into)
    if target is None:
        raise ScenarioError(
            f"'{scenario.id}' does not say what it breaks down into.",
            advice="Name a scenario: --into truce-lapse, or a block 'collapse:' in the file.",
        )
    known = {lever.id for lever in read_scenario(target, axes, folder).levers}
    # A lever that stands where it always does is left alone: the two may have other defaults.
    shared = {
        lever.id: lever.value
        for lever in scenario.levers
        if lever.id in known and lever.value != lever.default
    }
    after = read_scenario(target, axes, folder, shared)
    ours = (scenario.baseline, scenario.baseline_date)
    if (after.baseline, after.baseline_date) != ours:
        raise ScenarioError(
            f"'{after.id}' is measured against '{after.baseline}', '{scenario.id}' against "
            f"'{scenario.baseline}'.",
            advice="A scenario breaks down into one with the same baseline.",
        )
    return after
