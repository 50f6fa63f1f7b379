"""Soybean sales of the United States and Brazil to China, and how far duties explain them.

Two measures of what happened.  Exports to China by month of loading, USD, over the same half-year
of 2017, to the end of 2020; and tonnes that Chinese customs counted, by year for 2018 to 2020 over
2017, and by half-year for 2025 over 2024.  Harvests make the trade seasonal, which the model is
not: its change of a month is laid on that month of a year without a dispute (2017, and 2023), so
that a duty of autumn weighs more on American beans than one of spring.

The half-year from July 2018 chose the re-sourcing rate of soybeans, and the year 2018 the trade
elasticity of the baseline (grade M); 2019, 2020 and 2025 are tests.
The model knows the duties: neither what the state told its buyers (they stopped buying in both
disputes, and took up purchases, partly freed from the duty, from December 2018 on), nor the swine
fever of 2018-20, the promises of Phase One, nor harvests.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.baseline.defaults import ELASTICITIES
from sim.baseline.entry import load_baseline
from sim.engine.pace import SOYBEANS, Pace, read_pace
from sim.model import Equilibrium
from sim.validation.backtest.data import BRAZIL, SELLERS, USA, Month, read_sources, soybean_exports
from sim.validation.backtest.imports import (
    LAGGED,
    NO_CHANGE,
    PATH,
    STATIC,
    TEST,
    TRUCE,
    WAR,
    Backtest,
    Episode,
    Run,
    lagged,
    run_window,
)

Array = NDArray[np.float64]

REGION = {USA: "USA", BRAZIL: "BRA"}
BEANS = {USA: "American beans", BRAZIL: "Brazilian beans"}
BUYER = "CHN"

CALIBRATION = "calibration: the re-sourcing rate of soybeans was chosen on these months"

FIRST_HALF = Episode("soybeans 2018", CALIBRATION, WAR, (dt.date(2018, 7, 1), dt.date(2019, 1, 1)))
AFTERWARDS = Episode("soybeans 2019-20", TEST, WAR, (dt.date(2019, 1, 1), WAR.end))
AGAIN = Episode("soybeans 2025", TEST, TRUCE, (dt.date(2025, 1, 1), dt.date(2026, 1, 1)))
TONNES = Episode(
    "soybean tonnes 2018-20",
    "test, but for 2018",
    WAR,
    (dt.date(2018, 1, 1), WAR.end),
)

SEASON_BEFORE, SEASON_AFTER = 2017, 2023
"""Years without a dispute whose months weigh 2018-20, and 2025."""

SHIPPED = read_pace().resourcing_soybeans.value
RATES = tuple(sorted({read_pace().resourcing.value, 0.2, 0.3, SHIPPED, 0.7, 1.0}))
"""Re-sourcing rates of soybeans that are tried; the lowest is that of all other goods."""


@dataclass(frozen=True)
class ComparedPeriod:
    """A period compared, half-open, with its name and the year that it is set against."""

    name: str
    first: dt.date
    end: dt.date
    against: int

    @property
    def months(self) -> list[Month]:
        """Its calendar months."""
        count = 12 * (self.end.year - self.first.year) + self.end.month - self.first.month
        start = 12 * self.first.year + self.first.month - 1
        return [((start + number) // 12, (start + number) % 12 + 1) for number in range(count)]

    @property
    def base(self) -> ComparedPeriod:
        """The same months of the year that it is set against."""
        back = self.first.year - self.against
        move = {"year": self.against}, {"year": self.end.year - back}
        return replace(self, first=self.first.replace(**move[0]), end=self.end.replace(**move[1]))


def _periods(years: Sequence[int], cuts: Sequence[int], against: int) -> tuple[ComparedPeriod, ...]:
    """Cut years at the beginnings of `cuts` months: (1, 7) are half-years, (1,) whole years."""
    periods = []
    for year in years:
        days = [*(dt.date(year, month, 1) for month in cuts), dt.date(year + 1, 1, 1)]
        for number, (first, end) in enumerate(pairwise(days), start=1):
            name = f"{year}-H{number}" if len(cuts) > 1 else str(year)
            periods.append(ComparedPeriod(name, first, end, against))
    return tuple(periods)


HALVES = _periods((2018, 2019, 2020), (1, 7), 2017)[1:]
YEARS = _periods((2018, 2019, 2020), (1,), 2017)
HALVES_2025 = _periods((2025,), (1, 7), 2024)


def soy_backtests(
    *,
    elasticities: str = ELASTICITIES,
    pace: Pace | None = None,
    soybean_elasticity: float | None = None,
) -> tuple[Backtest, ...]:
    """Compare both sellers in every episode: the calibration first, then the tests.

    Parameters
    ----------
    soybean_elasticity
        In place of the baseline's own.
    """
    war, truce = (
        run_window(replace(window, soybean_elasticity=soybean_elasticity), elasticities, pace)
        for window in (WAR, TRUCE)
    )
    compared = []
    for seller in SELLERS:
        compared += [
            _by_value(war, FIRST_HALF, seller, HALVES[:1]),
            _by_value(war, AFTERWARDS, seller, HALVES[1:]),
            _by_tonnes(truce, AGAIN, seller, HALVES_2025),
        ]
    return tuple(compared)


def soy_tonnes(
    *, elasticities: str = ELASTICITIES, pace: Pace | None = None
) -> tuple[Backtest, ...]:
    """Compare the calendar years 2018 to 2020 in tonnes, for both sellers."""
    war = run_window(WAR, elasticities, pace)
    return tuple(_by_tonnes(war, TONNES, seller, YEARS) for seller in SELLERS)


def soy_errors(
    *,
    elasticities: str = ELASTICITIES,
    rates: Sequence[float] = RATES,
    soybean_elasticity: float | None = None,
) -> dict[float, dict[str, float]]:
    """Mean absolute errors of American beans by re-sourcing rate, then by episode, points."""
    table = {}
    for rate in rates:
        compared = soy_backtests(
            elasticities=elasticities,
            pace=read_pace().moved({"resourcing_soybeans": rate}),
            soybean_elasticity=soybean_elasticity,
        )
        american = [backtest for backtest in compared if backtest.partner == label(USA)]
        table[rate] = {backtest.episode.name: backtest.error(PATH) for backtest in american}
    return table


def label(seller: str) -> str:
    """Name of a seller's trade."""
    return BEANS[seller]


STOPS = {2018: (-97.4, 3.0, 28.0), 2025: (-93.3, 3.0, 23.0)}
"""The two stops of buying: change of American sales over the half-year after the duty, percent, and
the duty before and after, points."""


def stop_elasticities() -> dict[int, float]:
    """Return the elasticity that each stop of buying implies, by year."""
    return {year: implied_elasticity(*stop) for year, stop in STOPS.items()}


def role_of(period: str) -> str:
    """Return what a compared period served for: the calibration or a test."""
    return "calibration" if period.startswith("2018") else "test"


def measure_of(backtest: Backtest, period: str) -> str:
    """Return what is compared in a period: tonnes, or exports in USD."""
    in_tonnes = period.startswith("2025") or backtest.episode.name == TONNES.name
    return "tonnes" if in_tonnes else "USD"


def own_elasticity(elasticities: str = ELASTICITIES) -> float:
    """Return the baseline's own trade elasticity of soybeans."""
    economy = load_baseline(elasticities)
    return float(economy.trade_elasticity[economy.sectors.index(SOYBEANS)])


def implied_elasticity(actual_pct: float, before_pp: float, after_pp: float) -> float:
    """Elasticity of trade to one plus the tariff that a change of trade implies, positive."""
    step = np.log((100.0 + after_pp) / (100.0 + before_pp))
    return float(-np.log1p(actual_pct / 100.0) / step)


def _by_value(
    run: Run, episode: Episode, seller: str, periods: Sequence[ComparedPeriod]
) -> Backtest:
    """Exports in USD by month of loading."""
    happened = {month: values[seller] for month, values in soybean_exports().items()}
    actual = [_sum(happened, period) / _sum(happened, period.base) for period in periods]
    hats = _hats(run, seller, _value, lag=0)
    return _backtest(episode, seller, periods, actual, _model(hats, periods, happened))


def _by_tonnes(
    run: Run, episode: Episode, seller: str, periods: Sequence[ComparedPeriod]
) -> Backtest:
    """Tonnes by month of arrival; a month before them they were loaded."""
    table = {
        (entry.seller, entry.first, entry.end): entry.mmt for entry in read_sources().soybean_tonnes
    }
    actual = [
        table[seller, period.first, period.end] / table[seller, period.base.first, period.base.end]
        for period in periods
    ]
    season = SEASON_AFTER if episode.window == TRUCE else SEASON_BEFORE
    weight = _arrivals(seller, season, run.transit)
    weights = {(period.against, month): weight[month] for period in periods for month in weight}
    hats = _hats(run, seller, _quantity, lag=run.transit)
    return _backtest(episode, seller, periods, actual, _model(hats, periods, weights))


def _arrivals(seller: str, season: int, transit: int) -> dict[int, float]:
    """Trade that arrives in each month of a year, loaded `transit` months before."""
    loaded = soybean_exports()
    arriving = {}
    for month in range(1, 13):
        years, before = divmod(month - 1 - transit, 12)
        arriving[month] = loaded[season + years, before + 1][seller]
    return arriving


def _value(month: Equilibrium) -> Array:
    return month.trade_flow_cf


def _quantity(month: Equilibrium) -> Array:
    return month.economy.trade_flow * month.quantity_hat


def _hats(
    run: Run, seller: str, measure: Callable[[Equilibrium], Array], lag: int
) -> dict[str, dict[Month, float]]:
    """A seller's trade by month over the start, by model; `lag` months after loading."""
    economy = run.start.economy
    place = (
        economy.importers.index(BUYER),
        economy.importers.index(REGION[seller]),
        economy.sectors.index(SOYBEANS),
    )
    base = economy.trade_flow[place]
    path, static = (
        np.array([measure(month)[place] for month in months]) / base
        for months in (run.path.months, run.static)
    )
    unchanged = np.ones(())
    levels = {
        PATH: lagged(path, unchanged, lag),
        STATIC: static,
        LAGGED: lagged(static, unchanged, run.transit),
    }
    return {
        name: dict(zip(run.months, values.tolist(), strict=True)) for name, values in levels.items()
    }


def _model(
    hats: Mapping[str, Mapping[Month, float]],
    periods: Sequence[ComparedPeriod],
    weight: Mapping[Month, float],
) -> dict[str, Array]:
    """Changes of each period by model, percent."""
    changes = {
        name: np.array([100.0 * (_weighted(hat, period, weight) - 1.0) for period in periods])
        for name, hat in hats.items()
    }
    return changes | {NO_CHANGE: np.zeros(len(periods))}


def _backtest(
    episode: Episode,
    seller: str,
    periods: Sequence[ComparedPeriod],
    actual: Sequence[float],
    model: Mapping[str, Array],
) -> Backtest:
    names = tuple(period.name for period in periods)
    return Backtest(episode, label(seller), names, 100.0 * (np.array(actual) - 1.0), model)


def _weighted(
    hat: Mapping[Month, float],
    period: ComparedPeriod,
    weight: Mapping[Month, float],
) -> float:
    """Mean of the model over a period, each month with its trade of the base year."""
    parts = np.array([weight[period.against, month] for _, month in period.months])
    values = np.array([hat[month] for month in period.months])
    return float((parts * values).sum() / parts.sum())


def _sum(values: Mapping[Month, float], period: ComparedPeriod) -> float:
    return sum(values[month] for month in period.months)
