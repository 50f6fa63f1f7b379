"""Optimal tariffs of one importer (as in Ossa 2014), on the real model.

A search solves one economy hundreds of times; the solver's memory of earlier solves makes that
quick.  One rate is found without gradients (Brent's method), rates by sector with finite
differences (L-BFGS-B).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, NotConverged
from sim.model import Economy, Equilibrium, Shock, solve
from sim.model.solve.memory import Memory

Array = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

HIGHEST = 3.0
"""Largest rate that is searched, a fraction."""

RATE_TOLERANCE = 1e-4
STEP = 1e-3
"""Step of finite differences, a fraction of customs value."""

SERVICES = "SERV"

Objective = Callable[[Equilibrium], float]


@dataclass(frozen=True, eq=False)
class Optimum:
    """The best tariff of one importer against what the others do.

    Parameters
    ----------
    rate
        Fraction, one number or [j] (nan where it sets none).
    value, value_at_zero, value_now
        The objective at the optimum, at free trade on these flows, and at today's rates.
    solves
        Times that the model was solved.
    """

    importer: str
    rate: Array
    value: float
    value_at_zero: float
    value_now: float
    solves: int


@dataclass(eq=False)
class Setter:
    """One importer that sets its tariffs on the goods of some exporters.

    Parameters
    ----------
    exporters, sectors
        Whose goods and which; None: all foreign goods.
    """

    economy: Economy
    importer: str
    exporters: Sequence[str] | None = None
    sectors: Sequence[str] | None = None
    memory: Memory = field(default_factory=Memory)
    solves: int = 0

    def __post_init__(self) -> None:
        regions, goods = np.array(self.economy.importers), np.array(self.economy.sectors)
        self.position = _index(self.economy.importers, self.importer)
        for code in self.exporters or ():
            _index(self.economy.importers, code)
        for code in self.sectors or ():
            _index(self.economy.sectors, code)
        chosen = np.isin(regions, regions if self.exporters is None else list(self.exporters))
        kinds = np.isin(goods, list(self.sectors)) if self.sectors else goods != SERVICES
        chosen = chosen & (regions != self.importer)
        self.mask: BoolArray = chosen[:, None] & kinds

    def tariff(self, rate: Array | float, others: Array) -> Array:
        """Return `others` with this importer's rates in place, [n, i, j]."""
        tariff = np.array(others)
        rates = np.broadcast_to(rate, self.mask.shape)
        tariff[self.position] = np.where(self.mask, rates, tariff[self.position])
        return tariff

    def value(self, rate: Array | float, others: Array, objective: Objective | None) -> float:
        """Return the objective at a rate; minus infinity where the model does not solve."""
        return self.value_of(self.tariff(rate, others), objective)

    def value_of(self, tariff: Array, objective: Objective | None) -> float:
        """Return the objective under a whole tariff schedule, [n, i, j]."""
        self.solves += 1
        try:
            answer = solve(self.economy, Shock(tariff_rate_cf=tariff), memory=self.memory)
        except NotConverged:
            return -np.inf
        if objective is not None:
            return objective(answer)
        return float(answer.real_income_hat[self.position])


def _index(known: tuple[str, ...], code: str) -> int:
    if code not in known:
        raise InputError(f"unknown code {code!r}.", advice=f"Known: {', '.join(known)}.")
    return known.index(code)


def optimal_tariff(
    setter: Setter,
    *,
    by_sector: bool = False,
    others: Array | None = None,
    objective: Objective | None = None,
) -> Optimum:
    """Return the rate, or the rates by sector, that serve the setter best.

    Parameters
    ----------
    others
        Everybody's tariffs, [n, i, j]; those of the economy if None.
    objective
        Number to maximise; the setter's real income (relative to the economy's) if None.
    """
    tariff = setter.economy.tariff_rate if others is None else others
    before = setter.solves
    rate = _uniform(setter, tariff, objective)
    if by_sector:
        rate = _by_sector(setter, tariff, objective, float(rate))
    return Optimum(
        importer=setter.importer,
        rate=rate,
        value=setter.value(np.nan_to_num(rate), tariff, objective),
        value_at_zero=setter.value(0.0, tariff, objective),
        value_now=setter.value_of(tariff, objective),
        solves=setter.solves - before,
    )


def _uniform(setter: Setter, others: Array, objective: Objective | None) -> Array:
    minimum = _optimize().minimize_scalar(
        lambda rate: -setter.value(float(rate), others, objective),
        bounds=(0.0, HIGHEST),
        method="bounded",
        options={"xatol": RATE_TOLERANCE},
    )
    return np.asarray(float(minimum.x))


def _by_sector(setter: Setter, others: Array, objective: Objective | None, start: float) -> Array:
    """Rates by sector, from the best single rate on; nan where nothing is taxed."""
    taxed = np.flatnonzero(setter.mask.any(axis=0))

    def loss(rates: Array) -> float:
        full = np.zeros(setter.mask.shape[1])
        full[taxed] = rates
        return -setter.value(full, others, objective)

    minimum = _optimize().minimize(
        loss,
        np.full(len(taxed), start),
        method="L-BFGS-B",
        bounds=[(0.0, HIGHEST)] * len(taxed),
        options={"eps": STEP, "ftol": 1e-12, "gtol": 1e-8, "maxiter": 40},
    )
    rate = np.full(setter.mask.shape[1], np.nan)
    rate[taxed] = minimum.x
    return rate


def _optimize() -> Any:  # noqa: ANN401  scipy ships no types
    return import_module("scipy.optimize")
