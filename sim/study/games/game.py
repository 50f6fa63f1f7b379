"""What each side would do: payoffs of actions, their equilibria, and what keeps a truce."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.outputs.pick import Quantity
from sim.study.games.matrix import (
    NashEquilibrium,
    best_responses,
    nash_equilibria,
    patience,
    pure_equilibria,
)
from sim.study.point import Runner
from sim.study.spec import GameStudy, PlayerSpec, scenario_at, study_from

Array = NDArray[np.float64]


@dataclass(frozen=True)
class TruceTerms:
    """What a player compares when it decides whether to keep the truce; in its own units.

    Parameters
    ----------
    kept
        What each round of the truce gives.
    action, once
        Its best other action while the other side keeps the truce, and what that gives.
    fallback, after
        The pure equilibrium that is worst for it, to which play reverts for ever, and what each
        round of that gives.
    threshold
        Least weight of a round, relative to the one before, with which it keeps the truce: 0 where
        leaving it pays nothing at once, 1 or more where it keeps it with no weight below 1.
    """

    kept: float
    action: str
    once: float
    fallback: tuple[str, str]
    after: float
    threshold: float

    @property
    def limit(self) -> float:
        """Greatest weight with which it keeps the truce: below 1 where what follows is better."""
        if self.once > self.kept or self.after <= self.kept:
            return 1.0
        return (self.kept - self.once) / (self.after - self.once)


@dataclass(frozen=True, eq=False)
class BimatrixGame:
    """A solved game between two sides.

    Parameters
    ----------
    players
        Names: the row player, then the column player.
    actions
        Of each.
    payoffs
        [player, row action, column action], in the units of their objectives.
    """

    title: str
    players: tuple[str, str]
    actions: tuple[tuple[str, ...], tuple[str, ...]]
    units: tuple[str, str]
    payoffs: Array
    truce: tuple[int, int] | None = None

    @property
    def best_responses(self) -> tuple[list[tuple[int, ...]], list[tuple[int, ...]]]:
        """Best actions of each player against each action of the other."""
        return best_responses(self.payoffs[0]), best_responses(self.payoffs[1].T)

    @property
    def pure(self) -> list[tuple[str, str]]:
        """Pure Nash equilibria, by names of actions."""
        pairs = pure_equilibria(self.payoffs[0], self.payoffs[1])
        return [(self.actions[0][i], self.actions[1][j]) for i, j in pairs]

    @cached_property
    def equilibria(self) -> list[NashEquilibrium]:
        """Nash equilibria, mixed ones too."""
        return nash_equilibria(self.payoffs[0], self.payoffs[1])

    def payoff(self, player: str, row: str, column: str) -> float:
        """Return what `player` gets from a pair of actions."""
        pair = self.actions[0].index(row), self.actions[1].index(column)
        return float(self.payoffs[(self.players.index(player), *pair)])

    def thresholds(self) -> dict[str, float]:
        """Discount factor from which each side keeps the truce, by player; see `truce_terms`."""
        return {name: terms.threshold for name, terms in self.truce_terms().items()}

    def truce_terms(self) -> dict[str, TruceTerms]:
        """What each side compares when it decides whether to keep the truce, by player.

        Whoever leaves it faces for ever the pure Nash equilibrium that is worst for it.  Empty
        where no truce is named or there is no pure equilibrium; without a side that has but one
        action.  A round is the time between two decisions.
        """
        pairs = pure_equilibria(self.payoffs[0], self.payoffs[1])
        if self.truce is None or not pairs:
            return {}
        return {
            name: self._terms(position, pairs)
            for position, name in enumerate(self.players)
            if len(self.actions[position]) > 1
        }

    def _terms(self, player: int, pairs: Sequence[tuple[int, int]]) -> TruceTerms:
        assert self.truce is not None
        payoff = self.payoffs[player]
        alone = np.array(payoff[:, self.truce[1]] if player == 0 else payoff[self.truce[0]])
        kept = float(alone[self.truce[player]])
        alone[self.truce[player]] = -np.inf
        best = int(alone.argmax())
        worst = min(pairs, key=lambda pair: float(payoff[pair]))
        after = float(payoff[worst])
        return TruceTerms(
            kept=kept,
            action=self.actions[player][best],
            once=float(alone[best]),
            fallback=(self.actions[0][worst[0]], self.actions[1][worst[1]]),
            after=after,
            threshold=patience(kept, float(alone[best]), after),
        )


def game(
    study: str | Path | Mapping[str, Any] | GameStudy,
    *,
    executor: Executor | None = None,
    folder: Path | None = None,
) -> BimatrixGame:
    """Run every pair of actions and return the game.

    Parameters
    ----------
    study
        Path of a game file (see scenarios/studies), or its content.
    executor
        Where pairs run; here if None.
    folder
        Folder of scenarios; the shipped one if None.

    Raises
    ------
    InputError
        If the file cannot be used.
    NotConverged
        If a pair of actions has no equilibrium.

    Examples
    --------
    >>> from sim.study import game
    >>> side = {"hold": {}, "reimpose": {"us_suspended": 0.0}}
    >>> other = {"hold": {}, "reimpose": {"cn_suspended": 0.0}}
    >>> truce = game(
    ...     {
    ...         "title": "The truce",
    ...         "question": "Who gains by ending it?",
    ...         "scenario": "truce-extension",
    ...         "players": {
    ...             "USA": {
    ...                 "actions": side,
    ...                 "objective": [{"variable": "real_income_change", "region": "USA"}],
    ...             },
    ...             "CHN": {
    ...                 "actions": other,
    ...                 "objective": [{"variable": "real_income_change", "region": "CHN"}],
    ...             },
    ...         },
    ...     }
    ... )
    >>> truce.payoff("CHN", "reimpose", "hold") < truce.payoff("CHN", "hold", "hold")
    True
    """
    chosen, base = _game_study(study)
    check_game(chosen, base, folder)
    tasks = _tasks(chosen, str(scenario_at(chosen.scenario, base)), folder)
    payoffs = map(_payoffs, tasks) if executor is None else executor.map(_payoffs, tasks)
    return _solved_game(chosen, list(payoffs))


def _game_study(study: str | Path | Mapping[str, Any] | GameStudy) -> tuple[GameStudy, Path]:
    return study_from(study, GameStudy, ("is not a game.", "Run it with `truce sweep FILE`."))


def _tasks(study: GameStudy, place: str, folder: Path | None) -> list[_Task]:
    """One task for every pair of actions, row by row."""
    row_player, column_player = study.players.values()
    pairs = product(row_player.actions.values(), column_player.actions.values())
    return [_Task(place, folder, study, {**row, **column}) for row, column in pairs]


def _solved_game(study: GameStudy, payoffs: Sequence[tuple[float, ...]]) -> BimatrixGame:
    """Put the payoffs of all pairs of actions, row by row, into matrices."""
    row_name, column_name = study.players
    row_player, column_player = study.players.values()
    row_actions, column_actions = tuple(row_player.actions), tuple(column_player.actions)
    truce = None
    if study.truce is not None:
        truce = row_actions.index(study.truce[0]), column_actions.index(study.truce[1])
    shape = len(row_actions), len(column_actions), 2
    return BimatrixGame(
        title=study.title,
        players=(row_name, column_name),
        actions=(row_actions, column_actions),
        units=(row_player.unit, column_player.unit),
        payoffs=np.array(payoffs).reshape(shape).transpose(2, 0, 1),
        truce=truce,
    )


@dataclass(frozen=True)
class _Task:
    """One pair of actions: what a worker needs to know of it."""

    place: str
    folder: Path | None
    study: GameStudy
    levers: Mapping[str, float]


_RUNNERS: dict[tuple[str, Path | None], Runner] = {}


def _runner(place: str, folder: Path | None) -> Runner:
    path = Path(place) if place.endswith((".yaml", ".yml")) else place
    return _RUNNERS.setdefault((place, folder), Runner(path, folder, against="baseline"))


def _payoffs(task: _Task) -> tuple[float, ...]:
    """What both sides get from one pair of actions."""
    sides = tuple(task.study.players.values())
    quantities = [goal.quantity for side in sides for goal in side.objective]
    runner = _runner(task.place, task.folder)
    levers = {**task.study.levers, **task.levers}
    values = runner.values(levers, quantities, task.study.elasticities)
    return tuple(_objective(side, values) for side in sides)


def _objective(side: PlayerSpec, values: Mapping[Quantity, float]) -> float:
    return sum(goal.weight * values[goal.quantity] for goal in side.objective)


def check_game(study: GameStudy, base: Path, folder: Path | None = None) -> None:
    """Refuse unknown levers and numbers, and levers that both sides move.

    Raises
    ------
    InputError
        At the first problem.
    """
    place = scenario_at(study.scenario, base)
    runner = _runner(str(place), folder)
    sides = tuple(study.players.values())
    moved = [{lever for action in side.actions.values() for lever in action} for side in sides]
    both = moved[0] & moved[1]
    if both:
        raise InputError(
            f"both sides move '{min(both)}'.",
            advice="A lever belongs to one side.",
            field="players",
        )
    quantities = [goal.quantity for side in sides for goal in side.objective]
    runner.check([*study.levers, *moved[0], *moved[1]], quantities)
