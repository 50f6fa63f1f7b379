"""Why the path misses imports from all other countries in 2025: by partner, and with growth.

The model has no growth, gold, medicines bought ahead, or data centres.  Two things can be measured
with the data at hand: which partners make the error, before and after the tariffs of April, and
what becomes of it if trade goes on growing as in the year before the episode.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.baseline.defaults import ELASTICITIES
from sim.engine.pace import Pace
from sim.validation.backtest.data import (
    CANADA,
    CHINA,
    EUROPE,
    MEXICO,
    OTHERS,
    REST,
    monthly_imports,
)
from sim.validation.backtest.imports import (
    EPISODES,
    NO_CHANGE,
    PATH,
    Backtest,
    Run,
    compared,
    run_window,
)

FRONT = ("2025-01", "2025-02", "2025-03")
"""Months before the tariffs on all countries, in which goods were bought ahead."""


@dataclass(frozen=True)
class Partner:
    """Mean yearly changes of a partner's trade, percent, and its part of the error, points."""

    partner: str
    share_2024: float
    """Of US imports from all others, percent."""
    actual_before: float
    path_before: float
    actual_after: float
    path_after: float
    error_before: float
    """What it adds to the change of all others over the path's, points: partners sum to it."""
    error_after: float
    path_error: float
    """Mean absolute error from April on, points of the partner's own trade."""
    no_change_error: float


@dataclass(frozen=True)
class Growth:
    """Mean absolute errors on an episode with and without growth, points."""

    episode: str
    partner: str
    growth: float
    """Of this trade in the year before the episode, percent."""
    path: float
    with_growth: float
    no_change: float


def partners(*, elasticities: str = ELASTICITIES, pace: Pace | None = None) -> tuple[Partner, ...]:
    """Split the error on all others in 2025-26 by partner; the last row is the whole."""
    run = run_window(EPISODES[0].window, elasticities, pace)
    return tuple(_partner(run, name) for name in (CANADA, MEXICO, EUROPE, REST, OTHERS))


def _partner(run: Run, name: str) -> Partner:
    backtest = compared(run, EPISODES[0], name)
    before = [position for position, month in enumerate(backtest.months) if month in FRONT]
    after = [position for position, month in enumerate(backtest.months) if month not in FRONT]
    table = monthly_imports()
    total = sum(table[2024, month][OTHERS] for month in range(1, 13))
    own = sum(table[2024, month][name] for month in range(1, 13))
    return Partner(
        name,
        100.0 * own / total,
        float(backtest.actual[before].mean()),
        float(backtest.model[PATH][before].mean()),
        float(backtest.actual[after].mean()),
        float(backtest.model[PATH][after].mean()),
        _part(backtest, before, name),
        _part(backtest, after, name),
        *(
            float(np.abs(backtest.model[model] - backtest.actual)[after].mean())
            for model in (PATH, NO_CHANGE)
        ),
    )


def _part(backtest: Backtest, chosen: Sequence[int], name: str) -> float:
    """Mean error of a partner in points of the change of all others."""
    table = monthly_imports()
    months = [
        (int(backtest.months[position][:4]) - 1, int(backtest.months[position][5:]))
        for position in chosen
    ]
    weight = np.array([table[month][name] / table[month][OTHERS] for month in months])
    gap = (backtest.actual - backtest.model[PATH])[list(chosen)]
    return float((gap * weight).mean())


def with_growth(
    *, elasticities: str = ELASTICITIES, pace: Pace | None = None
) -> tuple[Growth, ...]:
    """Lay the path on the growth of the year before the episode, which was known beforehand."""
    errors = []
    for episode in EPISODES:
        run = run_window(episode.window, elasticities, pace)
        for name in (CHINA, OTHERS):
            errors.append(_growth(compared(run, episode, name), episode.judged[0].year - 1))
    return tuple(errors)


def _growth(backtest: Backtest, year: int) -> Growth:
    table = monthly_imports()
    now, before = (
        sum(table[one_year, month][backtest.partner] for month in range(1, 13))
        for one_year in (year, year - 1)
    )
    grown = now / before * (100.0 + backtest.model[PATH]) - 100.0
    error = float(np.abs(grown - backtest.actual).mean())
    return Growth(
        backtest.episode.name,
        backtest.partner,
        100.0 * (now / before - 1.0),
        backtest.error(PATH),
        error,
        backtest.error(NO_CHANGE),
    )
