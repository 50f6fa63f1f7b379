"""The path beside US imports from single partners, and by sector, where nothing else moved them.

In 2025 three groups of goods moved for other reasons than tariffs: metals (gold), chemicals with
medicines, and electronics for data centres, NAICS 331, 325 and 334.  Oil, gas and fuels, 211 and
324, move with their prices.  What is left is compared here: the change of a partner's trade over
the same months of the year before, once for 2019 and once for April to November 2025.  A fourth
reference is the partner's own trend: the yearly growth of these goods over the three years before,
or over as many as the table has (2017 to 2018 for 2019).

Partners are those of the census table that are a region of the model and sold at least 10 bn USD
of these goods in 2024; nothing else chose them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.baseline.defaults import ELASTICITIES
from sim.engine.pace import Pace
from sim.validation.backtest.data import (
    CHINA,
    COMPARED_GOODS,
    EVERYBODY,
    GOODS_OF_SECTOR,
    OTHERS,
    SINGLE_PARTNERS,
    imports_of_goods,
)
from sim.validation.backtest.imports import (
    NO_CHANGE,
    PATH,
    STATIC,
    TRUCE,
    WAR,
    Array,
    Backtest,
    Episode,
    Run,
    customs_value,
    run_window,
    yearly,
)

TREND, PATH_AND_TREND = "own trend", "path and trend"

TEST = "test: nothing was tuned on this trade"

EPISODES_BY_PARTNER = (
    Episode("2019", TEST, WAR, (dt.date(2019, 1, 1), dt.date(2020, 1, 1))),
    Episode("April to November 2025", TEST, TRUCE, (dt.date(2025, 4, 1), dt.date(2025, 12, 1))),
)
BY_SECTOR = Episode(
    "April to October 2025", TEST, TRUCE, (dt.date(2025, 4, 1), dt.date(2025, 11, 1))
)

TREND_YEARS = 3
"""Years that a trend is taken over, where the table has them."""

FEWER_ERRORS = 2.0 / 3.0
"""A partner counts as told where the path errs by less than this part of the error of no change."""

SECTORS_LEFT_OUT = frozenset(
    {"C24A", "C24B", "C20", "C21", "RARE", "C26", "SEMI", "B05_06", "C19", "SERV"}
)
"""Model sectors behind the NAICS groups that are left out, services, and rare earths, whose goods
lie in several groups."""


@dataclass(frozen=True)
class ByPartner:
    """Comparisons of one episode; each has one period."""

    episode: Episode
    partners: tuple[Backtest, ...]
    """Partners other than China, largest first."""
    whole: tuple[Backtest, ...]
    """China, and all others together; neither counts as a single partner."""

    def median_error(self, name: str) -> float:
        """Median over partners of the absolute error of a model, points."""
        return float(np.median([backtest.error(name) for backtest in self.partners]))

    @property
    def told(self) -> int:
        """Partners on which the path errs by less than two thirds of no change."""
        return sum(
            backtest.error(PATH) < FEWER_ERRORS * backtest.error(NO_CHANGE)
            for backtest in self.partners
        )


@dataclass(frozen=True)
class SinglePartners:
    """Partners in both episodes, all others month by month, and sectors."""

    episodes: tuple[ByPartner, ...]
    monthly: tuple[Backtest, ...]
    """All others, these goods only, month by month."""
    sectors: tuple[Backtest, ...]
    """Goods of the eleven industries that were not left out, from everybody; one period each."""

    def sector_error(self, name: str) -> float:
        """Mean over sectors of the absolute error of a model, points."""
        return float(np.mean([backtest.error(name) for backtest in self.sectors]))


def single_partners(
    *,
    elasticities: str = ELASTICITIES,
    pace: Pace | None = None,
    macro_elasticity: float | None = None,
) -> SinglePartners:
    """Compare every partner in both episodes, and the eleven sectors in 2025.

    Parameters
    ----------
    macro_elasticity
        In place of the baseline's own.
    """
    runs = {
        window: run_window(replace(window, macro_elasticity=macro_elasticity), elasticities, pace)
        for window in (WAR, TRUCE)
    }
    episodes = tuple(_by_partner(runs[one.window], one) for one in EPISODES_BY_PARTNER)
    monthly = tuple(_monthly(runs[one.window], one) for one in EPISODES_BY_PARTNER)
    run = runs[BY_SECTOR.window]
    sectors = tuple(
        _compared(run, BY_SECTOR, EVERYBODY, goods, members, label=goods)
        for goods, members in GOODS_OF_SECTOR.items()
    )
    return SinglePartners(episodes, monthly, sectors)


def _by_partner(run: Run, episode: Episode) -> ByPartner:
    table = imports_of_goods()
    size = {
        partner: sum(table[partner, COMPARED_GOODS][2024, month] for month in range(1, 13))
        for partner in SINGLE_PARTNERS
    }
    by_size = sorted((name for name in size if name != CHINA), key=lambda name: -size[name])
    kept = _kept_sectors(run)
    partners = tuple(_compared(run, episode, name, COMPARED_GOODS, kept) for name in by_size)
    whole = tuple(_compared(run, episode, name, COMPARED_GOODS, kept) for name in (CHINA, OTHERS))
    return ByPartner(episode, partners, whole)


def _kept_sectors(run: Run) -> tuple[str, ...]:
    return tuple(code for code in run.start.economy.sectors if code not in SECTORS_LEFT_OUT)


def _months(episode: Episode) -> list[tuple[int, int]]:
    (first, end) = episode.judged
    return [(first.year, month) for month in range(first.month, 13) if _before(first, month, end)]


def _before(first: dt.date, month: int, end: dt.date) -> bool:
    return dt.date(first.year, month, 1) < end


def _compared(
    run: Run,
    episode: Episode,
    partner: str,
    goods: str,
    sectors: Sequence[str],
    label: str = "",
) -> Backtest:
    """Change of a whole period over the same months a year before, by model and in fact."""
    months = _months(episode)
    actual = imports_of_goods()[partner, goods]
    model = {
        name: _change(levels, months) for name, levels in _levels(run, partner, sectors).items()
    }
    grown = _trend(actual, months[0][0])
    model[NO_CHANGE] = 0.0
    model[TREND] = grown
    model[PATH_AND_TREND] = (1.0 + grown / 100.0) * (100.0 + model[PATH]) - 100.0
    return Backtest(
        episode,
        label or partner,
        (episode.name,),
        np.array([_change(actual, months)]),
        {name: np.array([value]) for name, value in model.items()},
    )


def _levels(
    run: Run, partner: str, sectors: Sequence[str]
) -> dict[str, Mapping[tuple[int, int], float]]:
    """Customs value by month, the year before the path included, of the path and the static."""
    economy = run.start.economy
    sellers = [code in _regions(run, partner) for code in economy.importers]
    goods = [code in sectors for code in economy.sectors]
    base = float(customs_value(run.start, economy.trade_flow[None], sellers, goods)[0])
    year = run.policy[0].first.year - 1
    before = {(year, month): base for month in range(1, 13)}
    return {
        name: before
        | dict(
            zip(
                run.months,
                customs_value(run.start, run.flows[name], sellers, goods).tolist(),
                strict=True,
            )
        )
        for name in (PATH, STATIC)
    }


def _regions(run: Run, partner: str) -> tuple[str, ...]:
    if partner in SINGLE_PARTNERS:
        return (SINGLE_PARTNERS[partner],)
    left_out = {"USA", "CHN"} if partner == OTHERS else {"USA"}
    return tuple(code for code in run.start.economy.importers if code not in left_out)


def _change(levels: Mapping[tuple[int, int], float], months: Sequence[tuple[int, int]]) -> float:
    """Sum of some months over that of the same months a year before, percent."""
    now = sum(levels[month] for month in months)
    before = sum(levels[year - 1, month] for year, month in months)
    return 100.0 * (now / before - 1.0)


def _trend(actual: Mapping[tuple[int, int], float], year: int) -> float:
    """Mean yearly growth over the years before `year`, percent."""
    first = max(min(known for known, _ in actual), year - 1 - TREND_YEARS)
    last, start = (
        sum(actual[one_year, month] for month in range(1, 13)) for one_year in (year - 1, first)
    )
    return float(100.0 * ((last / start) ** (1.0 / (year - 1 - first)) - 1.0))


def _monthly(run: Run, episode: Episode) -> Backtest:
    """All others month by month, with the goods that are kept."""
    economy, months = run.start.economy, _months(episode)
    actual = imports_of_goods()[OTHERS, COMPARED_GOODS]
    sellers = [code in _regions(run, OTHERS) for code in economy.importers]
    goods = [code in _kept_sectors(run) for code in economy.sectors]
    base = float(customs_value(run.start, economy.trade_flow[None], sellers, goods)[0])
    chosen = [run.months.index(month) for month in months]
    model: dict[str, Array] = {
        name: yearly(customs_value(run.start, flow, sellers, goods), run.months, base)[chosen]
        for name, flow in run.flows.items()
    }
    model[NO_CHANGE] = np.zeros(len(months))
    changes = [_change(actual, [month]) for month in months]
    names = tuple(f"{year}-{month:02d}" for year, month in months)
    return Backtest(episode, OTHERS, names, np.array(changes), model)
