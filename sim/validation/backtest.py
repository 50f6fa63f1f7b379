"""Does the path track what happened?  Monthly US imports from China, 2019 and 2025.

The acts of the calendar (scenario ``history``), by their dates, are fed to the path and to the
static model; the yearly change of US goods imports at customs value, by month of arrival, is set
beside the census.  There is no trend, season, front-loading or any other shock in it: a
yearly change of the model is the effect of tariffs alone.

2025 chose the re-sourcing rate, so that it is calibration; nothing was tuned on 2019.
"""

from __future__ import annotations

import csv
import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.model import solve
from sim.monthly import CALIBRATED, Month, monthly_policy, solve_months
from sim.policy.transition import Pace, read_pace
from sim.staging import (
    DEFAULT_ELASTICITIES,
    Start,
    axes_of,
    bundle_of,
    read_scenario,
    start_of,
)

Array = NDArray[np.float64]

CALENDAR = "history"
MONTHLY_FILE = Path("monthly") / "us_imports_by_partner_2002_2026.csv"
REPOSITORY = Path(__file__).resolve().parents[2]

CHINA, OTHERS = "China", "all others"
PATH, STATIC, LAGGED, NO_CHANGE = "path", "static", "static, lagged", "no change"

GOAL_PP = 4.0
"""Mean absolute error that a path is to stay below, points."""


@dataclass(frozen=True)
class Episode:
    """A stretch of months that is told beforehand by the calendar alone."""

    name: str
    role: str
    """Calibration, or test."""
    law: dt.date | None
    """Day whose law the path starts from; None is the economy of 2024."""
    first: dt.date
    """First month of the path."""
    judged: tuple[dt.date, dt.date]
    """Months compared, half-open."""


EPISODES = (
    Episode(
        "2025",
        "calibration: the re-sourcing rate was chosen on these months",
        None,
        CALIBRATED,
        (dt.date(2025, 1, 1), dt.date(2026, 1, 1)),
    ),
    Episode(
        "2019",
        "test: nothing was tuned on these months",
        dt.date(2018, 1, 15),
        dt.date(2018, 1, 1),
        (dt.date(2019, 1, 1), dt.date(2020, 1, 1)),
    ),
)


@dataclass(frozen=True, eq=False)
class Backtest:
    """Yearly changes of US goods imports from `partner`, percent, [month].

    Parameters
    ----------
    model
        By name: the path, the static model with and without transit, no change.
    """

    episode: Episode
    partner: str
    months: tuple[str, ...]
    actual: Array
    model: Mapping[str, Array]

    def error(self, name: str) -> float:
        """Mean absolute error, points."""
        return float(np.abs(self.model[name] - self.actual).mean())

    def correlation(self, name: str) -> float | None:
        """Correlation with what happened; None for a model that never moves."""
        values = self.model[name]
        return float(np.corrcoef(values, self.actual)[0, 1]) if values.std() > 0 else None

    @property
    def verdict(self) -> str:
        """Say in a sentence whether the path is good enough, and better than the references."""
        own = self.error(PATH)
        best = min((NO_CHANGE, STATIC, LAGGED), key=self.error)
        met = f"within the goal of {GOAL_PP:g}" if own <= GOAL_PP else f"misses {GOAL_PP:g} points"
        word = "better than" if own < self.error(best) else "FAILS: no better than"
        return (
            f"The path errs by {own:.1f} points, {met}; {word} “{best}” ({self.error(best):.1f})."
        )


def monthly_imports(folder: Path | None = None) -> dict[tuple[int, int], dict[str, float]]:
    """Read US goods imports by month, USD bn, from China and from all others.

    Parameters
    ----------
    folder
        Raw data; by default ``TRUCE_DATA``, or ``../shared/data`` beside the repository.

    Raises
    ------
    InputError
        If the file is not there.
    """
    given = os.environ.get("TRUCE_DATA")
    place = folder or (Path(given) if given else REPOSITORY.parent / "shared" / "data")
    path = place / MONTHLY_FILE
    if not path.is_file():
        raise InputError(
            "the monthly imports are not there.",
            advice="The backtest needs the raw data: set TRUCE_DATA to its folder.",
            file=path,
        )
    with path.open(encoding="utf-8") as file:
        return {
            (int(row["date"][:4]), int(row["date"][5:7])): {
                CHINA: float(row["m_china"]) / 1e3,
                OTHERS: (float(row["m_world"]) - float(row["m_china"])) / 1e3,
            }
            for row in csv.DictReader(file)
        }


def backtests(
    folder: Path | None = None,
    *,
    elasticities: str = DEFAULT_ELASTICITIES,
    pace: Pace | None = None,
) -> tuple[Backtest, ...]:
    """Run every episode and compare it with the census, for China and for all others.

    Raises
    ------
    InputError
        If the monthly file is not there.
    """
    actual = monthly_imports(folder)
    found = []
    for episode in EPISODES:
        found += _episode(episode, actual, elasticities, pace or read_pace())
    return tuple(found)


def _episode(
    episode: Episode,
    actual: Mapping[tuple[int, int], Mapping[str, float]],
    elasticities: str,
    pace: Pace,
) -> list[Backtest]:
    bundle = bundle_of(elasticities)
    axes = axes_of(bundle)
    name = None if episode.law is None else CALENDAR
    start = start_of(bundle, axes, name, None, episode.law)
    # Tariffs alone: caps and trade costs of the calendar stay as they are at the start.
    policy = monthly_policy(
        start, axes, read_scenario(CALENDAR, axes, None), episode.first, _length(episode)
    )
    policy = _tariffs_only(policy)
    flows = _flows(start, policy, pace)
    months = [(month.first.year, month.first.month) for month in policy]
    judged = [at for at, month in enumerate(policy) if month.first >= episode.judged[0]]
    found = []
    for partner in (CHINA, OTHERS):
        base = _imports(start, start.economy.trade_flow[None], partner)[0]
        model = {
            word: _yearly(_imports(start, flow, partner), months, base)[judged]
            for word, flow in flows.items()
        }
        model[NO_CHANGE] = np.zeros(len(judged))
        happened = [_change(actual, *months[at], partner) for at in judged]
        names = tuple(f"{months[at][0]}-{months[at][1]:02d}" for at in judged)
        found.append(Backtest(episode, partner, names, np.array(happened), model))
    return found


def _length(episode: Episode) -> int:
    first, end = episode.first, episode.judged[1]
    return 12 * (end.year - first.year) + end.month - first.month


def _tariffs_only(policy: tuple[Month, ...]) -> tuple[Month, ...]:
    kept = {
        id(month.shock): replace(month.shock, targets=(), iceberg_hat=None, export_tax_rate_cf=None)
        for month in policy
    }
    return tuple(replace(month, shock=kept[id(month.shock)]) for month in policy)


def _flows(start: Start, policy: tuple[Month, ...], pace: Pace) -> dict[str, Array]:
    """Flows by month of arrival, [t, n, i, j], of the path and of two static references."""
    answers = {id(month.shock): month.shock for month in policy}
    solved = {key: solve(start.economy, shock).trade_flow_cf for key, shock in answers.items()}
    static = [solved[id(month.shock)] for month in policy]
    lag = int(pace.transit_months.value)
    before = [start.economy.trade_flow] * min(lag, len(static))
    return {
        PATH: solve_months(start, policy, pace).arrival_flow,
        STATIC: np.array(static),
        LAGGED: np.array([*before, *static[: len(static) - len(before)]]),
    }


def _imports(start: Start, flows: Array, partner: str) -> Array:
    """US goods imports at customs value by month, from [t, n, i, j]."""
    regions = start.economy.importers
    usa = regions.index("USA")
    goods = [code != "SERV" for code in start.economy.sectors]
    sellers = [(code == "CHN") == (partner == CHINA) and code != "USA" for code in regions]
    value = flows[:, usa] * start.bundle.customs_factor[usa]
    return np.asarray(value[:, sellers][:, :, goods].sum(axis=(1, 2)))


def _yearly(levels: Array, months: list[tuple[int, int]], base: float) -> Array:
    """Change over the same month a year before, percent; before the path is its start."""
    at = dict(zip(months, levels.tolist(), strict=True))
    return np.array([100.0 * (at[y, m] / at.get((y - 1, m), base) - 1.0) for y, m in months])


def _change(
    actual: Mapping[tuple[int, int], Mapping[str, float]], year: int, month: int, partner: str
) -> float:
    return 100.0 * (actual[year, month][partner] / actual[year - 1, month][partner] - 1.0)
