"""What earlier solves learnt: it shortens later ones, and never changes an answer.

Every pass of a solve shows how the gaps answered to one move.  Kept from a few solves, these pairs
span the slow directions of the fixed point; along them later solves take the whole way at once
(deflation), and only the fast rest is left to Anderson acceleration.  Five hundred pairs, of which
the strongest directions are used, take the passes of a solve from thirty to six or seven.  The
answer is accepted on the residual of the equilibrium conditions, as ever.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.model.arrays import Array

CAPACITY = 500
"""Pairs that are kept: more show no new direction."""

DIRECTIONS = 144
"""Directions that are used, the strongest first: more cost as much in a pass as they save."""

GROWTH = 1.5
"""Pairs are worked into directions when they are this many times as many as the last time."""

SMALLEST = 1e-4
"""Singular value, relative to the largest, below which a direction is noise."""

StepFunction = Callable[[Array], tuple[Array, float]]
Single = NDArray[np.float32]


class Memory:
    """Pairs of (move, answer) of earlier solves on one economy or on its neighbours.

    One a worker: it is not shared between threads.  It stops learning once it holds `capacity`
    pairs, so that later solves do not depend on each other.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.capacity = capacity
        self._moves: list[Array] = []
        self._turns: list[Array] = []
        self._digested = 0
        self._basis: Single | None = None
        self._jumps: Single | None = None

    @property
    def is_full(self) -> bool:
        """Whether it has stopped learning."""
        return len(self._moves) >= self.capacity

    def improved(self, step: StepFunction) -> StepFunction:
        """Return `step` with what is known put to use; learn from it while there is room."""
        self._digest()
        last: list[Array] = []

        def better(point: Array) -> tuple[Array, float]:
            direction, gap = step(point)
            if not self.is_full:
                self._learn(last, point, direction)
                last[:] = [point.copy(), direction.copy()]
            return self._deflated(direction), gap

        return better

    def _learn(self, last: list[Array], point: Array, direction: Array) -> None:
        """Keep the move from the last point and what the gaps answered."""
        fits = not self._moves or self._moves[0].size == point.size
        if last and fits and np.isfinite(direction).all():
            self._moves.append(point - last[0])
            self._turns.append(direction - last[1])

    def _digest(self) -> None:
        """Work the pairs into directions."""
        count = len(self._moves)
        is_due = count >= GROWTH * self._digested or self.is_full
        if count == self._digested or not is_due:
            return
        self._digested = len(self._moves)
        turns, moves = np.array(self._turns).T, np.array(self._moves).T
        size = np.linalg.norm(turns, axis=0)
        size[size == 0] = 1.0
        turns /= size
        # Singular vectors by way of the small matrix of products: the rest is noise anyhow.
        squares, right = np.linalg.eigh(turns.T @ turns)
        order = np.argsort(squares)[::-1][:DIRECTIONS]
        order = order[squares[order] > SMALLEST**2 * squares[order[0]]]
        strength = np.sqrt(squares[order])
        left = turns @ right[:, order] / strength
        jumps = (moves / size) @ right[:, order] / strength + left
        self._basis = np.ascontiguousarray(left.T, dtype=np.float32)
        self._jumps = np.ascontiguousarray(jumps.T, dtype=np.float32)

    def _deflated(self, direction: Array) -> Array:
        """Take the whole way along the known directions."""
        if self._basis is None or self._jumps is None or self._basis.shape[1] != direction.size:
            return direction
        weights = self._basis @ direction.astype(np.float32)
        return np.asarray(direction - weights @ self._jumps)
