"""A start for the next solve from those just done nearby: saves passes, changes no answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.model import Economy, Equilibrium

Array = NDArray[np.float64]

KEPT = 40
"""Answers that a guess rests on."""

_STATE = ("wage_hat", "price_index_hat", "expenditure_cf")


class Guess:
    """Interpolates the unknowns over lever values: cubic radial functions with a linear tail."""

    def __init__(self) -> None:
        self._economy: Economy | None = None
        self._last: Equilibrium | None = None
        self._levers: list[Array] = []
        self._states: list[Array] = []

    def learn(self, levers: Array, answer: Equilibrium) -> None:
        """Remember an answer; those on another economy are dropped."""
        if self._economy is not answer.economy:
            self._economy, self._levers, self._states = answer.economy, [], []
        self._levers = [*self._levers[-KEPT + 1 :], levers]
        self._states = [*self._states[-KEPT + 1 :], _logs(answer)]
        self._last = answer

    def start(self, economy: Economy, levers: Array) -> Equilibrium | None:
        """Return where the answer should be; None if nothing is known of this economy."""
        if self._last is None or self._economy is not economy:
            return None
        weights = _weights(np.array(self._levers), levers)
        guess = np.exp(weights @ np.array(self._states)).reshape(3, *self._last.wage_hat.shape)
        spending = np.where(self._last.expenditure_cf > 0, guess[2], 0.0)
        return replace(
            self._last, wage_hat=guess[0], price_index_hat=guess[1], expenditure_cf=spending
        )


def _logs(answer: Equilibrium) -> Array:
    parts = [np.asarray(getattr(answer, name)) for name in _STATE]
    return np.concatenate([np.log(np.where(part > 0, part, 1.0)).ravel() for part in parts])


def _weights(known: Array, wanted: Array) -> Array:
    """Weights of known points for a value at `wanted`; the nearest alone while they are few."""
    scale = np.ptp(known, axis=0)
    moving = scale > 0
    points, place = known[:, moving] / scale[moving], wanted[moving] / scale[moving]
    gap = np.linalg.norm(points - place, axis=1)
    count, size = points.shape
    if count <= size + 1:
        nearest = np.zeros(count)
        nearest[int(gap.argmin())] = 1.0
        return nearest
    between = np.linalg.norm(points[:, None] - points[None], axis=2)
    tail = np.column_stack([np.ones(count), points])
    system = np.block([[between**3, tail], [tail.T, np.zeros((size + 1, size + 1))]])
    right = np.concatenate([gap**3, [1.0], place])
    # Points may lie on a line: the least of the solutions does.
    weights: Array = np.linalg.lstsq(system, right, rcond=1e-12)[0][:count]
    return weights
