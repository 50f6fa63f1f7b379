"""What would each side do: payoff matrices of actions, their equilibria, and what keeps a truce."""

from __future__ import annotations

from collections.abc import Mapping
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
    Equilibrium,
    best_responses,
    nash_equilibria,
    patience,
    pure_equilibria,
)
from sim.study.point import Runner
from sim.study.sweeps.spec import GameStudy, Player, scenario_at, study_from

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Game:
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
    def equilibria(self) -> list[Equilibrium]:
        """Nash equilibria, mixed ones too."""
        return nash_equilibria(self.payoffs[0], self.payoffs[1])

    def payoff(self, player: str, row: str, column: str) -> float:
        """Return what `player` gets from a pair of actions."""
        at = self.actions[0].index(row), self.actions[1].index(column)
        return float(self.payoffs[(self.players.index(player), *at)])

    def thresholds(self) -> dict[str, float]:
        """Discount factor from which each side keeps the truce, by player.

        Against reverting for ever to the pure Nash equilibrium that is worst for the player; empty
        where no truce is named or there is no pure equilibrium.  Units of time are those between
        two decisions.
        """
        pairs = pure_equilibria(self.payoffs[0], self.payoffs[1])
        if self.truce is None or not pairs:
            return {}
        row, column = self.truce
        found = {}
        for at, name in enumerate(self.players):
            payoff = self.payoffs[at]
            against = payoff[:, column] if at == 0 else payoff[row, :]
            punishment = min(float(payoff[pair]) for pair in pairs)
            kept = float(payoff[self.truce])
            found[name] = patience(kept, float(against.max()), punishment)
        return found


def game(
    study: str | Path | Mapping[str, Any] | GameStudy,
    *,
    executor: Executor | None = None,
    folder: Path | None = None,
) -> Game:
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
    place = scenario_at(chosen.scenario, base)
    names = tuple(chosen.players)
    sides = tuple(chosen.players.values())
    check_game(chosen, base, folder)
    pairs = list(product(sides[0].actions.values(), sides[1].actions.values()))
    tasks = [_Task(str(place), folder, chosen, {**row, **column}) for row, column in pairs]
    if executor is None:
        values = [_payoffs(task) for task in tasks]
    else:
        values = list(executor.map(_payoffs, tasks))
    shape = len(sides[0].actions), len(sides[1].actions), 2
    actions = (tuple(sides[0].actions), tuple(sides[1].actions))
    truce = None
    if chosen.truce is not None:
        truce = actions[0].index(chosen.truce[0]), actions[1].index(chosen.truce[1])
    return Game(
        title=chosen.title,
        players=(names[0], names[1]),
        actions=actions,
        units=(sides[0].unit, sides[1].unit),
        payoffs=np.array(values).reshape(shape).transpose(2, 0, 1),
        truce=truce,
    )


def _game_study(study: str | Path | Mapping[str, Any] | GameStudy) -> tuple[GameStudy, Path]:
    return study_from(study, GameStudy, ("is no game.", "Run it with `truce sweep FILE`."))


@dataclass(frozen=True)
class _Task:
    place: str
    folder: Path | None
    study: GameStudy
    levers: Mapping[str, float]


_RUNNERS: dict[tuple[str, Path | None], Runner] = {}


def _runner(place: str, folder: Path | None) -> Runner:
    path = Path(place) if place.endswith((".yaml", ".yml")) else place
    return _RUNNERS.setdefault((place, folder), Runner(path, folder))


def _payoffs(task: _Task) -> tuple[float, ...]:
    """What both sides get from one pair of actions."""
    sides = tuple(task.study.players.values())
    quantities = [goal.quantity for side in sides for goal in side.objective]
    runner = _runner(task.place, task.folder)
    levers = {**task.study.levers, **task.levers}
    values = runner.values(levers, quantities, task.study.elasticities)
    return tuple(_objective(side, values) for side in sides)


def _objective(side: Player, values: Mapping[Quantity, float]) -> float:
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
