"""Anderson acceleration of a fixed point (Walker and Ni 2011, type II).

The textbook method of `scipy.optimize.anderson`, kept here because the library's bookkeeping took
half of a 10 ms solve, and because a solve must stop on the gaps of the equations and not on the
length of a preconditioned step.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.model.arrays import Array

HISTORY = 5
"""Earlier passes that are mixed."""

RIDGE = 1e-14
"""Weight that keeps the mixing defined when earlier passes are nearly parallel."""

BLOW_UP = 1e3
"""A gap that grows by this factor over the best drops the history."""


def accelerate(
    step: Callable[[Array], tuple[Array, float]], start: Array, *, goal: float, max_passes: int
) -> Array | None:
    """Follow `step` from `start` until its gap is at most `goal`; return the best point seen.

    Parameters
    ----------
    step
        Gives the step to take from a point, and the gap there.
    goal, max_passes
        Gap to reach, and passes to spend on it.

    Returns
    -------
    The point with the smallest gap, or ``None`` if no gap was finite.
    """
    turns, jumps = np.empty((2, HISTORY, start.size))
    gram = np.empty((HISTORY, HISTORY))
    point, best, best_gap = start, None, np.inf
    count = 0
    last_point = last_step = start
    for _ in range(max_passes):
        direction, gap = step(point)
        if not np.isfinite(gap) or not np.isfinite(direction).all():
            break
        if gap < best_gap:
            best, best_gap = point, gap
        if gap <= goal:
            break
        if gap > BLOW_UP * best_gap:
            count = 0
        elif last_step is not start:
            slot = count % HISTORY
            np.subtract(direction, last_step, out=turns[slot])
            np.subtract(point, last_point, out=jumps[slot])
            jumps[slot] += turns[slot]
            count += 1
            filled = min(count, HISTORY)
            gram[slot, :filled] = gram[:filled, slot] = turns[:filled] @ turns[slot]
        last_point, last_step = point, direction
        point = point + direction
        used = min(count, HISTORY)
        if used:
            weights = _weights(gram[:used, :used], turns[:used] @ direction)
            point -= weights @ jumps[:used]
    return best


def _weights(gram: Array, along: Array) -> Array:
    """Weights of earlier passes that would have cancelled the step, by least squares.

    `gram` holds the products of the turns with each other, `along` those with the step.
    """
    scale = 1.0 / np.sqrt(np.maximum(gram.diagonal(), 1e-300))
    normal = gram * scale * scale[:, None]
    normal.flat[:: len(gram) + 1] += RIDGE
    return np.asarray(np.linalg.solve(normal, along * scale) * scale)
