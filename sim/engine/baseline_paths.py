"""Baselines by their own calendar: what the changes of a scenario or a path are against."""

from __future__ import annotations

import datetime as dt

from sim.engine.kept import keep_latest
from sim.engine.months import departs, is_kept
from sim.engine.pace import Pace
from sim.engine.path import SolvedPath, solve_scenario_path
from sim.engine.solved import SolvedScenario
from sim.engine.start import Start
from sim.model import solve
from sim.pair import Pair

MAX_DAYS = 16
"""Later days of baselines that are kept."""

MAX_PATHS = 4
"""Paths that are kept: some 3 MB a month each."""


class BaselineDays:
    """Solves a baseline under its law of a later day once for all scenarios of that day."""

    def __init__(self) -> None:
        self._solved: dict[object, SolvedScenario | None] = {}

    def solved(self, start: Start, day: dt.date, pair: Pair) -> SolvedScenario | None:
        """Return the baseline under its law of `day`; None where that is the law of the start.

        So it is also for the economy of 2024 and for the law of a fixed day, which are kept.

        Raises
        ------
        NotConverged
            If there is no equilibrium.
        """
        if not start.goes_on or start.scenario is None:
            return None
        key = (start.scenario.digest, start.day, start.baseline, day, pair)
        if key not in self._solved:
            keep_latest(self._solved, key, _solved_day(start, day, pair), MAX_DAYS)
        return self._solved[key]


def _solved_day(start: Start, day: dt.date, pair: Pair) -> SolvedScenario | None:
    assert start.scenario is not None
    law = start.own_law
    if not departs(start, law, day):
        return None
    wedges = law.on(day)
    equilibrium = solve(start.economy, start.shock(wedges))
    return SolvedScenario(start, start.scenario, law, wedges.targets, equilibrium, pair)


class BaselinePaths:
    """Solves the path of a baseline once for all scenarios that are measured against it."""

    def __init__(self) -> None:
        self._paths: dict[object, SolvedPath | None] = {}

    def path(
        self, start: Start, first: dt.date, months: int, pace: Pace, pair: Pair
    ) -> SolvedPath | None:
        """Return `months` months from that of `first`; None where the baseline stays as it starts.

        It does where its law does not change in these months, and where the start is the economy of
        2024 or the law of a fixed day, which is kept.

        Raises
        ------
        InputError
            If `months` is not a number of months.
        NotConverged
            If a month has no solution.
        """
        if not start.goes_on or start.scenario is None:
            return None
        values = tuple(assumption.value for assumption in pace.entries().values())
        key = (start.scenario.digest, start.day, start.baseline, first, months, values, pair)
        if key not in self._paths:
            solved = _solved(start, first, months, pace, pair)
            keep_latest(self._paths, key, solved, MAX_PATHS)
        return self._paths[key]


def _solved(start: Start, first: dt.date, months: int, pace: Pace, pair: Pair) -> SolvedPath | None:
    assert start.scenario is not None
    law = start.own_law
    if is_kept(start, law, first, months):
        return None
    return solve_scenario_path(start, start.scenario, law, first, months, pace, pair)
