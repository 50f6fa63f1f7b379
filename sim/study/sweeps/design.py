"""Designs: the points that a study runs, and their order.

Every input is a map from u in [0, 1) to its value, so that all samples are made in the unit cube.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.study.spec import RUNS_LIMIT, Design, Study, Vary

Array = NDArray[np.float64]
Index = NDArray[np.int64]

TORNADO_ENDS = (0.05, 0.95)
"""Quantiles of an input that a tornado moves it to."""

DEFAULT_POINT = np.nan
"""Marks an input that is left as the scenario has it."""


@dataclass(frozen=True, eq=False)
class Points:
    """Rows of a design.

    Parameters
    ----------
    names
        Inputs, one a column.
    unit
        Coordinates in the unit cube, [row, input]; they tell which rows are near each other.
    values
        What each input is set to, [row, input]; sets and draws by number, nan as in the scenario.
    """

    names: tuple[str, ...]
    unit: Array
    values: Array

    def __len__(self) -> int:
        return len(self.values)


def points_of(study: Study) -> Points:
    """Return the rows of a study's design; the same for the same study."""
    names, ways = tuple(study.vary), tuple(study.vary.values())
    unit = _unit(study.design, ways)
    values = np.empty_like(unit)
    for column, way in enumerate(ways):
        values[:, column] = value_at(way, unit[:, column])
    return Points(names, unit, values)


def _unit(design: Design, ways: Sequence[Vary]) -> Array:
    count = run_count(design, ways)
    if count > RUNS_LIMIT:
        raise InputError(f"the design has {count} runs.", advice=f"At most {RUNS_LIMIT}.")
    if design.kind == "grid":
        mesh = np.meshgrid(*[_grid_axis(way) for way in ways], indexing="ij")
        return np.stack([axis.ravel() for axis in mesh], axis=1)
    if design.kind == "tornado":
        return _tornado(len(ways))
    base, size = design.runs or 0, len(ways)
    if design.kind == "saltelli":
        return saltelli(base, size, design.seed)
    return _sample(design.kind, base, size, design.seed)


def run_count(design: Design, ways: Sequence[Vary]) -> int:
    """Count the rows of a design without making it."""
    if design.kind == "grid":
        return prod(levels(way) for way in ways)
    if design.kind == "tornado":
        return 1 + 2 * len(ways)
    return (design.runs or 0) * (2 + len(ways) if design.kind == "saltelli" else 1)


def levels(way: Vary) -> int:
    """Count the values that an input takes in a grid."""
    if way.draws is not None:
        return way.draws
    listed = way.values or way.sets
    return way.points if listed is None else len(listed)


def _grid_axis(way: Vary) -> Array:
    """Coordinates of an input in a grid; the ends of a range are included."""
    count = levels(way)
    if way.min is not None and way.max is not None and way.mean is None:
        return np.linspace(0.0, 1.0, count)
    return np.asarray((np.arange(count) + 0.5) / count)


def _sample(kind: str, count: int, size: int, seed: int) -> Array:
    qmc: Any = import_module("scipy.stats.qmc")
    if kind == "latin-hypercube":
        return np.asarray(qmc.LatinHypercube(size, rng=seed).random(count))
    powers = max(count - 1, 0).bit_length()
    # A Sobol sample is balanced in powers of two: the first `count` points of the next one.
    sample: Array = np.asarray(qmc.Sobol(size, rng=seed).random_base2(powers))
    return np.asarray(sample[:count])


def saltelli(count: int, size: int, seed: int) -> Array:
    """Return A, B and, for each input, A with that column from B: [count * (2 + size), size]."""
    both = _sample("sobol", count, 2 * size, seed)
    first, second = both[:, :size], both[:, size:]
    mixed = []
    for column in range(size):
        swapped = first.copy()
        swapped[:, column] = second[:, column]
        mixed.append(swapped)
    return np.concatenate([first, second, *mixed])


def _tornado(size: int) -> Array:
    """One row with no input moved (nan), then each input alone at its low and its high end."""
    rows = np.full((1 + 2 * size, size), np.nan)
    for column in range(size):
        rows[1 + 2 * column, column], rows[2 + 2 * column, column] = TORNADO_ENDS
    return rows


def value_at(way: Vary, unit: Array) -> Array:
    """Return what an input is at `unit` in [0, 1); nan stays nan."""
    known = np.isfinite(unit)
    result = np.full(unit.shape, DEFAULT_POINT)
    result[known] = _quantile(way, unit[known])
    return result


def _quantile(way: Vary, unit: Array) -> Array:
    listed = (
        way.values if way.sets is None else tuple(float(number) for number in range(len(way.sets)))
    )
    if way.draws is not None:
        return np.minimum(np.floor(unit * way.draws), way.draws - 1.0)
    if listed is not None:
        chosen = np.minimum((unit * len(listed)).astype(int), len(listed) - 1)
        return np.asarray(np.array(listed)[chosen])
    if way.mean is not None and way.sd is not None:
        return _normal(way, unit)
    low, high = float(way.min or 0.0), float(way.max or 0.0)
    if way.mode is not None:
        return _triangular(low, way.mode, high, unit)
    if way.scale == "log":
        return np.asarray(low * (high / low) ** unit)
    return low + (high - low) * unit


def _normal(way: Vary, unit: Array) -> Array:
    special: Any = import_module("scipy.special")
    mean, sd = float(way.mean or 0.0), float(way.sd or 1.0)
    ends = [
        edge if bound is None else float(special.ndtr((bound - mean) / sd))
        for bound, edge in ((way.min, 0.0), (way.max, 1.0))
    ]
    inside = ends[0] + (ends[1] - ends[0]) * np.clip(unit, 1e-12, 1.0 - 1e-12)
    return np.asarray(mean + sd * special.ndtri(inside))


def _triangular(low: float, mode: float, high: float, unit: Array) -> Array:
    turn = (mode - low) / (high - low)
    rising = low + np.sqrt(unit * (high - low) * (mode - low))
    falling = high - np.sqrt((1.0 - unit) * (high - low) * (high - mode))
    return np.where(unit < turn, rising, falling)


def chunks_of(points: Points, size: int, first: frozenset[str]) -> list[Index]:
    """Divide rows into chunks of neighbours, so that earlier solves help later ones.

    Rows are halved along the inputs named `first` (those that change the economy) and then along
    whichever input spreads most, until at most `size` are left.
    """
    unit = np.where(np.isfinite(points.unit), points.unit, 0.5)
    columns = [column for column, name in enumerate(points.names) if name in first]
    done: list[Index] = []
    waiting = [np.arange(len(points))]
    while waiting:
        rows = waiting.pop()
        if len(rows) <= size:
            done.append(rows)
            continue
        spread = np.ptp(unit[rows], axis=0)
        moving = [column for column in columns if spread[column] > 0]
        axis = moving[0] if moving else int(spread.argmax())
        rows = rows[np.argsort(unit[rows, axis], kind="stable")]
        middle = size * max(1, round(len(rows) / size / 2))
        waiting += [rows[middle:], rows[:middle]]
    return done
