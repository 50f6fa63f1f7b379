"""A scenario solved month by month: its law, its rules, and the path without promises to buy."""

from __future__ import annotations

from dataclasses import dataclass

from sim.engine.border.licences import Licensed, queued
from sim.engine.border.solved_months import SolvedMonths
from sim.engine.months import Month, months_of_law, solve_months, without_floors
from sim.engine.pace import Pace
from sim.engine.path_with_rules import Firing, solve_ruled
from sim.engine.solved import outcome_of, scenario_warnings
from sim.engine.start import Start
from sim.engine.target_outcomes import target_outcomes
from sim.model import Equilibrium
from sim.model.path.transition import TransitionPath
from sim.outputs.table import Outcome, TargetOutcome
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
    firings: tuple[Firing, ...]
    """What rules did."""

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What each month reports."""
        return tuple(self.months.outcomes)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Own measures that change nothing on the scenario's date."""
        return scenario_warnings(self.law, self.scenario)


def solve_scenario_path(
    start: Start, scenario: ResolvedScenario, law: Law, count: int, pace: Pace, pair: Pair
) -> SolvedPath:
    """Solve `count` months of a scenario on a given start.

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

    def observe(month: Month, equilibrium: Equilibrium) -> Outcome:
        # What became of floors hangs on a path without them, which is solved once all law is known.
        return outcome(month, equilibrium, equilibrium)

    firings: tuple[Firing, ...] = ()
    policy: tuple[Month, ...]
    licensed: tuple[Licensed, ...]
    if scenario.rules:
        ruled = solve_ruled(start, scenario, law, count, pace, observe)
        legal, policy, licensed, path = ruled.law, ruled.policy, ruled.licensed, ruled.path
        firings = ruled.firings
    else:
        legal = months_of_law(start, law, scenario.date, count)
        policy, licensed = queued(start, scenario.measures, legal, pace)
        path = solve_months(start, policy, pace)
    free = _free_path(start, policy, pace, path)
    outcomes = [
        outcome(month, equilibrium, unbound)
        for month, equilibrium, unbound in zip(policy, path.months, free.months, strict=True)
    ]
    months = SolvedMonths(start, law, policy, licensed, path, free, outcomes, pace, pair)
    return SolvedPath(scenario, law, legal, months, firings)


def _free_path(
    start: Start, policy: tuple[Month, ...], pace: Pace, path: TransitionPath
) -> TransitionPath:
    """The path if nobody had to buy anything; `path` itself where nobody has to."""
    floorless = without_floors(policy)
    is_bound = any(a.shock is not b.shock for a, b in zip(policy, floorless, strict=True))
    return solve_months(start, floorless, pace) if is_bound else path
