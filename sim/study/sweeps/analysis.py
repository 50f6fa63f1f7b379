"""Bands, Sobol indices and tornados of a sweep, from its runs alone, without regressions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import InputError
from sim.outputs.pick import Quantity
from sim.study.sweeps.sweep_results import SweepResult

Array = NDArray[np.float64]

BAND = (0.05, 0.25, 0.5, 0.75, 0.95)

RESAMPLES = 200
"""Bootstrap samples behind the error of an index."""


@dataclass(frozen=True)
class Band:
    """How a number spreads over the runs that succeeded."""

    scenario: str
    quantity: Quantity
    mean: float
    quantiles: tuple[float, ...]
    """At `BAND`."""
    runs: int

    @property
    def low(self) -> float:
        """The value below which 5 % of runs lie."""
        return self.quantiles[0]

    @property
    def high(self) -> float:
        """The value above which 5 % of runs lie."""
        return self.quantiles[-1]


def bands(result: SweepResult) -> list[Band]:
    """Return the band of every scenario and number; left out where no run has it."""
    return [
        Band(scenario, quantity, float(known.mean()), quantiles(known), len(known))
        for scenario in result.scenarios
        for quantity in result.quantities
        if len(known := _known(result.values(quantity, scenario)))
    ]


def quantiles(values: ArrayLike, levels: tuple[float, ...] = BAND) -> tuple[float, ...]:
    """Return quantiles, linear between neighbours."""
    return tuple(float(value) for value in np.quantile(np.asarray(values, dtype=float), levels))


def _known(values: Array) -> Array:
    return values[np.isfinite(values)]


@dataclass(frozen=True, eq=False)
class Indices:
    """Sobol indices of one number.

    Parameters
    ----------
    first
        Part of the variance that an input explains alone, [input].
    total
        Part that vanishes if the input is held, its interactions with others included, [input].
    first_error, total_error
        Bootstrap standard errors, [input].
    """

    scenario: str
    quantity: Quantity
    names: tuple[str, ...]
    first: Array
    total: Array
    first_error: Array
    total_error: Array


def sobol_indices(first: ArrayLike, second: ArrayLike, mixed: ArrayLike) -> tuple[Array, Array]:
    """Return first-order and total indices.

    Saltelli et al. (2010), Table 2: (b) for the first order, (f), Jansen's, for the total.  The
    same as `scipy.stats.sobol_indices`, which a test compares with.  SciPy's takes only samples of
    a power of two, but a study may have any number of runs and those that failed are left out; it
    fails on a single input; its bootstrap cannot be seeded, so that a report would print other
    errors each time; and importing it takes longer than the analysis.

    Parameters
    ----------
    first, second
        The function on the samples A and B, [runs].
    mixed
        The function on A with one column from B, [input, runs].
    """
    a, b = (np.asarray(values, dtype=float) for values in (first, second))
    ab = np.asarray(mixed, dtype=float)
    variance = np.concatenate([a, b]).var()
    if not variance > 0:
        return np.zeros(len(ab)), np.zeros(len(ab))
    # Values are taken around the mean: the expectation is the same and the noise far smaller.
    centre = np.concatenate([a, b]).mean()
    first_order = ((b - centre) * (ab - a)).mean(axis=1) / variance
    total = 0.5 * ((a - ab) ** 2).mean(axis=1) / variance
    return first_order, total


def indices_of(result: SweepResult) -> list[Indices]:
    """Return the Sobol indices of every scenario and number of a Saltelli design.

    Rows in which any run failed are left out.

    Raises
    ------
    InputError
        If the design is another.
    """
    if result.study.design.kind != "saltelli":
        raise InputError(
            f"a {result.study.design.kind} design has no Sobol indices.",
            advice="Write design: {kind: saltelli, runs: 256}.",
        )
    return [
        _indices(result, scenario, quantity)
        for scenario in result.scenarios
        for quantity in result.quantities
    ]


def _indices(result: SweepResult, scenario: str, quantity: Quantity) -> Indices:
    names = tuple(result.study.vary)
    block = result.values(quantity, scenario).reshape(2 + len(names), -1)
    block = block[:, np.isfinite(block).all(axis=0)]
    first, total = _split_indices(block)
    count = block.shape[1]
    draws = np.random.default_rng(result.study.design.seed).integers(0, count, (RESAMPLES, count))
    resampled = np.array([_split_indices(block[:, draw]) for draw in draws])
    errors = resampled.std(axis=0)
    return Indices(scenario, quantity, names, first, total, errors[0], errors[1])


def _split_indices(block: Array) -> tuple[Array, Array]:
    return sobol_indices(block[0], block[1], block[2:])


@dataclass(frozen=True)
class Swing:
    """How far one input, moved alone, moves one number."""

    name: str
    low_value: float | str
    high_value: float | str
    """What the input is set to; the name of a set of elasticities."""
    at_low: float
    at_high: float

    @property
    def width(self) -> float:
        """How far the number moves."""
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True)
class Tornado:
    """Swings of one number, widest first, around its value with everything as it is."""

    scenario: str
    quantity: Quantity
    centre: float
    swings: tuple[Swing, ...]


def tornados(result: SweepResult) -> Iterator[Tornado]:
    """Yield the tornado of every scenario and number.

    Raises
    ------
    InputError
        If the design is another.
    """
    if result.study.design.kind != "tornado":
        raise InputError(
            f"a {result.study.design.kind} design has no tornado.",
            advice="Write design: {kind: tornado}.",
        )
    for scenario in result.scenarios:
        for quantity in result.quantities:
            yield _tornado(result, scenario, quantity)


def _tornado(result: SweepResult, scenario: str, quantity: Quantity) -> Tornado:
    values = result.values(quantity, scenario)
    swings = []
    for column, name in enumerate(result.study.vary):
        low, high = 1 + 2 * column, 2 + 2 * column
        inputs = result.inputs[name]
        ends = [inputs[row].as_py() for row in (low, high)]
        swings.append(Swing(name, ends[0], ends[1], float(values[low]), float(values[high])))
    swings.sort(key=lambda swing: -swing.width if np.isfinite(swing.width) else np.inf)
    return Tornado(scenario, quantity, float(values[0]), tuple(swings))
