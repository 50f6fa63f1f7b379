"""A scenario solved month by month: its law, its rules, and the path without promises to buy.

A path's changes are against the path of the scenario's baseline in the same months: acts of the
baseline that begin or end on the way, such as a truce that runs out, are in both and cancel.  Where
the baseline is the economy of 2024 or the law of a fixed day, it stays as it is.  Where the
scenario means that something does not happen, changes are against its counterpart's path.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property

from sim.engine.border.licences import Licensed, queued
from sim.engine.border.solved_months import SolvedMonths
from sim.engine.months import (
    Month,
    are_apart,
    monthly_policy,
    solve_months,
    turns,
    without_floors,
)
from sim.engine.pace import Pace
from sim.engine.path_with_rules import Firing, solve_ruled
from sim.engine.solved import outcome_of, scenario_warnings
from sim.engine.start import Start
from sim.engine.target_outcomes import target_outcomes
from sim.model import Equilibrium
from sim.model.path.transition import TransitionPath
from sim.outputs.outcome import Outcome, TargetOutcome
from sim.pair import Pair
from sim.policy.law.law import Law
from sim.policy.library.loader import ResolvedScenario


@dataclass(frozen=True, eq=False)
class SolvedPath:
    """The months of a scenario, and how they came about."""

    scenario: ResolvedScenario
    law: Law
    legal: tuple[Month, ...]
    """Months of law, before queues of licences."""
    months: SolvedMonths
    """With outcomes against the economy that the path starts from."""
    firings: tuple[Firing, ...]
    """What rules did."""
    baseline: SolvedPath | None = None
    """The path of the baseline in the same months; None where it stays as it starts."""
    counterpart: SolvedPath | None = None
    """What changes are against where the scenario means that something does not happen."""

    @property
    def against_baseline(self) -> SolvedPath:
        """The same with changes against the baseline, whatever it prevents."""
        return replace(self, counterpart=None)

    @property
    def reference(self) -> SolvedPath | None:
        """What changes are against; None is the economy that the path starts from."""
        return self.counterpart or self.baseline

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What each month reports."""
        own = self.months.outcomes
        if self.reference is None:
            return tuple(own)
        others = self.reference.months.outcomes
        return tuple(
            outcome.measured_against(other) for outcome, other in zip(own, others, strict=True)
        )

    @property
    def turns(self) -> tuple[str, ...]:
        """Months that stand under another law than the one before."""
        return tuple(f"{self.legal[t].first:%Y-%m}" for t in turns(self.legal))

    @cached_property
    def apart(self) -> tuple[str, ...]:
        """Months that stand under another law than those that changes are against."""
        if self.reference is None:
            return ()
        pairs = zip(self.legal, self.reference.legal, strict=True)
        return tuple(f"{month.first:%Y-%m}" for month, other in pairs if are_apart(month, other))

    @property
    def against_words(self) -> str:
        """What changes are against, and when the law of that changes."""
        if self.reference is None:
            return f"the law of {self.months.start.day}, kept"
        title = self.months.start.title
        if self.counterpart is not None:
            title = self.counterpart.scenario.title
        turns = self.reference.turns
        changes = f", whose law changes in {', '.join(turns)}" if turns else ""
        return f"the path of “{title}” in the same months{changes}"

    @property
    def warnings(self) -> tuple[str, ...]:
        """Own measures that change nothing on the scenario's date."""
        return scenario_warnings(self.law, self.scenario)


def solve_scenario_path(  # noqa: PLR0913  what a path is solved from
    start: Start,
    scenario: ResolvedScenario,
    law: Law,
    first: dt.date,
    count: int,
    pace: Pace,
    pair: Pair,
    baseline: SolvedPath | None = None,
) -> SolvedPath:
    """Solve `count` months of a scenario, from that of the day `first`, on a given start.

    Parameters
    ----------
    baseline
        Path of the baseline in the same months, if it moves; rules watch changes against it.

    Raises
    ------
    InputError
        If `count` is not a number of months, or a rule watches what no path reports.
    NotConverged
        If a month has no solution.
    """

    def outcome(month: Month, equilibrium: Equilibrium, free: Equilibrium) -> Outcome:
        targets: tuple[TargetOutcome, ...] = target_outcomes(start, equilibrium, month.specs, free)
        return outcome_of(start, scenario, month.first, equilibrium, targets, pair)

    def observe(position: int, month: Month, equilibrium: Equilibrium) -> Outcome:
        # What became of floors hangs on a path without them, which is solved once all law is known.
        seen = outcome(month, equilibrium, equilibrium)
        if baseline is None:
            return seen
        return seen.measured_against(baseline.months.outcomes[position])

    firings: tuple[Firing, ...] = ()
    policy: tuple[Month, ...]
    licensed: tuple[Licensed, ...]
    if scenario.rules:
        ruled = solve_ruled(start, scenario, law, first, count, pace, observe)
        legal, policy, licensed, path = ruled.law, ruled.policy, ruled.licensed, ruled.path
        firings = ruled.firings
    else:
        legal = monthly_policy(start, law, first, count)
        policy, licensed = queued(start, scenario.measures, legal, pace)
        path = solve_months(start, policy, pace)
    free = _free_path(start, policy, pace, path)
    outcomes = [
        outcome(month, equilibrium, unbound)
        for month, equilibrium, unbound in zip(policy, path.months, free.months, strict=True)
    ]
    months = SolvedMonths(start, law, policy, licensed, path, free, outcomes, pace, pair)
    return SolvedPath(scenario, law, legal, months, firings, baseline)


def _free_path(
    start: Start, policy: tuple[Month, ...], pace: Pace, path: TransitionPath
) -> TransitionPath:
    """The path if nobody had to buy anything; `path` itself where nobody has to."""
    floorless = without_floors(policy)
    is_bound = any(a.shock is not b.shock for a, b in zip(policy, floorless, strict=True))
    return solve_months(start, floorless, pace) if is_bound else path
