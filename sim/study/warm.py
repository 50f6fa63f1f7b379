"""A start for the next solve from those just done nearby: saves passes, changes no answer."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.model import Economy, Equilibrium

Array = NDArray[np.float64]

KEPT = 120
"""Answers that a guess rests on."""

RENEWED = 4
"""A guess takes new answers in when there are a part as large as one in so many of them."""

_STATE = ("wage_hat", "price_index_hat", "expenditure_cf")


class Guess:
    """Interpolates the unknowns over lever values, from the last answers on one economy."""

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._last: Equilibrium | None = None
        self._levers: deque[Array] = deque(maxlen=KEPT)
        self._states: deque[Array] = deque(maxlen=KEPT)
        self._new = 0
        self._surface: Surface | None = None

    def learn(self, levers: Array, answer: Equilibrium) -> None:
        """Remember an answer; those on another economy are dropped."""
        if self._last is None or self._last.economy is not answer.economy:
            self._forget()
        self._levers.append(levers)
        self._states.append(_logs(answer))
        self._new += 1
        self._last = answer

    def start(self, economy: Economy, levers: Array) -> Equilibrium | None:
        """Return where the answer should be; None if nothing is known of this economy."""
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
    """Cubic radial functions with a linear tail through known points.

    Parameters
    ----------
    points
        Lever values, [k, l]; those that do not move are left out.
    values
        What is known at them, [k, m].
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
            # Points may lie on a line: the least of the solutions does.
            self._inverse = np.linalg.pinv(system, rcond=1e-12)[:count]

    def at(self, place: Array) -> Array:
        """Return the values at a place, [m]; those of the nearest point while points are few."""
        wanted = place[self._moving] / self._scale
        gap = np.linalg.norm(self._points - wanted, axis=1)
        if self._inverse is None:
            nearest: Array = self._values[int(gap.argmin())]
            return nearest
        weights = self._inverse @ np.concatenate([gap**3, [1.0], wanted])
        return np.asarray(weights @ self._values)
