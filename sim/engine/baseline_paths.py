"""Paths of baselines by their own calendar: what the changes of a path are against."""

from __future__ import annotations

import datetime as dt

from sim.engine.kept import keep_latest
from sim.engine.months import is_kept
from sim.engine.pace import Pace
from sim.engine.path import SolvedPath, solve_scenario_path
from sim.engine.start import Start
from sim.pair import Pair

MAX_PATHS = 4
"""Paths that are kept: some 3 MB a month each."""


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
