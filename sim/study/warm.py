"""Start values for a solve from earlier solves nearby: fewer iterations, the same answer."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.model import Economy, Equilibrium

Array = NDArray[np.float64]

KEPT = 120
"""Number of earlier answers that a guess is made from."""

RENEWED = 4
"""The interpolation is made anew when at least one in so many of its answers is new."""

_STATE = ("wage_hat", "price_index_hat", "expenditure_cf")


class Guess:
    """Interpolates the unknowns over lever values, from the last answers for one economy."""

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._last: Equilibrium | None = None
        self._levers: deque[Array] = deque(maxlen=KEPT)
        self._states: deque[Array] = deque(maxlen=KEPT)
        self._new = 0
        self._surface: Surface | None = None

    def learn(self, levers: Array, answer: Equilibrium) -> None:
        """Keep an answer; those for another economy are dropped."""
        if self._last is None or self._last.economy is not answer.economy:
            self._forget()
        self._levers.append(levers)
        self._states.append(_logs(answer))
        self._new += 1
        self._last = answer

    def start(self, economy: Economy, levers: Array) -> Equilibrium | None:
        """Return a guess of the answer; None if no answer for this economy is kept."""
        if self._last is None or self._last.economy is not economy:
            return None
        if self._surface is None or RENEWED * self._new >= len(self._levers):
            self._surface = Surface(np.array(self._levers), np.array(self._states))
            self._new = 0
        guess = np.exp(self._surface.at(levers)).reshape(3, *self._last.wage_hat.shape)
        spending = np.where(self._last.expenditure_cf > 0, guess[2], 0.0)
        return replace(
            self._last, wage_hat=guess[0], price_index_hat=guess[1], expenditure_cf=spending
        )


def _logs(answer: Equilibrium) -> Array:
    parts = [np.asarray(getattr(answer, name)) for name in _STATE]
    return np.concatenate([np.log(np.where(part > 0, part, 1.0)).ravel() for part in parts])


class Surface:
    """Interpolation by cubic radial basis functions with a linear tail.

    Parameters
    ----------
    points
        Lever values, [k, l]; levers that have one value in all of them are ignored.
    values
        Values at these points, [k, m].
    """

    def __init__(self, points: Array, values: Array) -> None:
        spread = np.ptp(points, axis=0)
        self._moving = spread > 0
        self._scale = spread[self._moving]
        self._points = points[:, self._moving] / self._scale
        self._values = values
        self._inverse: Array | None = None
        count, size = self._points.shape
        if count > size + 1:
            between = np.linalg.norm(self._points[:, None] - self._points[None], axis=2)
            tail = np.column_stack([np.ones(count), self._points])
            system = np.block([[between**3, tail], [tail.T, np.zeros((size + 1, size + 1))]])
            # Points may lie on a line; any solution serves, and the pseudo-inverse gives the least.
            self._inverse = np.linalg.pinv(system, rcond=1e-12)[:count]

    def at(self, place: Array) -> Array:
        """Return the values at `place`, [m]; of the nearest point where there are too few."""
        wanted = place[self._moving] / self._scale
        gap = np.linalg.norm(self._points - wanted, axis=1)
        if self._inverse is None:
            nearest: Array = self._values[int(gap.argmin())]
            return nearest
        weights = self._inverse @ np.concatenate([gap**3, [1.0], wanted])
        return np.asarray(weights @ self._values)
