"""The path beside what happened: monthly US imports, 2019 and 2025-26.

The acts of the calendar (scenario ``history``), by their dates, are fed to the path and to the
static model; the yearly change of US goods imports at customs value, by month of arrival, is set
beside the census.  There is no trend, season, front-loading or any other shock in it: a
yearly change of the model is the effect of tariffs alone.

The months of 2025 chose the re-sourcing rate, so that they are calibration; nothing was tuned on
2019 or on January 2026.  `sim.validation.backtest.cross_episode` chooses the rate on either episode
and judges it on the other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.baseline.defaults import ELASTICITIES
from sim.baseline.load import Baseline
from sim.engine.model_levers import with_assumptions
from sim.engine.months import Month, monthly_policy, solve_months
from sim.engine.pace import SOYBEANS, Pace, read_pace
from sim.engine.runs import world_of
from sim.engine.start import CALIBRATED, Start
from sim.model import Equilibrium, TransitionPath, solve
from sim.validation.backtest.data import (
    CANADA,
    CHINA,
    EUROPE,
    MEXICO,
    OTHERS,
    REST,
    monthly_imports,
)

Array = NDArray[np.float64]

CALENDAR = "history"

PATH, STATIC, LAGGED, NO_CHANGE = "path", "static", "static, lagged", "no change"
REFERENCES = (STATIC, LAGGED, NO_CHANGE)

GOAL_PP = 4.0
"""Mean absolute error that a path is to stay below, points."""

ABROAD = {CANADA: ("CAN",), MEXICO: ("MEX",), EUROPE: ("EU27",), CHINA: ("CHN",)}
"""Regions of the model behind the named partners of the census."""


@dataclass(frozen=True)
class BacktestWindow:
    """Months of law that a path is solved on; episodes are cut from it."""

    law: dt.date | None
    """Day whose law the path starts from; None is the economy of 2024."""
    first: dt.date
    """First month of the path."""
    end: dt.date
    """The month after the last."""
    soybean_elasticity: float | None = None
    """In place of the baseline's own trade elasticity of soybeans."""
    macro_elasticity: float | None = None
    """In place of the baseline's own, as the lever of scenarios of that name."""

    @property
    def length(self) -> int:
        """Months."""
        return 12 * (self.end.year - self.first.year) + self.end.month - self.first.month


WAR = BacktestWindow(dt.date(2018, 1, 15), dt.date(2018, 1, 1), dt.date(2021, 1, 1))
TRUCE = BacktestWindow(None, CALIBRATED, dt.date(2026, 2, 1))


@dataclass(frozen=True)
class Episode:
    """A stretch of months whose tariffs the calendar gives."""

    name: str
    role: str
    """Calibration, or test."""
    window: BacktestWindow
    judged: tuple[dt.date, dt.date]
    """Months compared, half-open."""

    @property
    def kind(self) -> str:
        """The role in one word: calibration or test."""
        return self.role.partition(":")[0]


TEST = "test: nothing was tuned on these months"

EPISODES = (
    Episode(
        "2025-26",
        "calibration: the re-sourcing rate was chosen on the months of 2025",
        TRUCE,
        (dt.date(2025, 1, 1), dt.date(2026, 2, 1)),
    ),
    Episode("2019", TEST, WAR, (dt.date(2019, 1, 1), dt.date(2020, 1, 1))),
)


@dataclass(frozen=True, eq=False)
class Backtest:
    """Changes over the same period of a base year, percent, [period].

    Parameters
    ----------
    partner
        Whose trade it is.
    months
        The periods: months (2025-03), quarters (2018-Q3), halves or years.
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
        if len(values) < 3 or values.std() == 0:
            return None
        return float(np.corrcoef(values, self.actual)[0, 1])

    def within(self, year: str) -> Backtest:
        """Return the same for the periods whose name begins with `year`."""
        chosen = [position for position, name in enumerate(self.months) if name.startswith(year)]
        return replace(
            self,
            months=tuple(self.months[position] for position in chosen),
            actual=self.actual[chosen],
            model={name: values[chosen] for name, values in self.model.items()},
        )

    @property
    def verdict(self) -> str:
        """Say in a sentence whether the path is good enough, and better than the references."""
        own = self.error(PATH)
        best = min((name for name in REFERENCES if name in self.model), key=self.error)
        met = f"within the goal of {GOAL_PP:g}" if own <= GOAL_PP else f"misses {GOAL_PP:g} points"
        word = "better than" if own < self.error(best) else "FAILS: no better than"
        return (
            f"The path errs by {own:.1f} points, {met}; {word} “{best}” ({self.error(best):.1f})."
        )


@dataclass(frozen=True, eq=False)
class Run:
    """A solved window: the path, and the static answer to the law of each month."""

    window: BacktestWindow
    elasticities: str
    start: Start
    policy: tuple[Month, ...]
    path: TransitionPath
    transit: int
    """Months at sea."""

    @property
    def months(self) -> list[tuple[int, int]]:
        """Months of the path."""
        return [(month.first.year, month.first.month) for month in self.policy]

    @property
    def static(self) -> tuple[Equilibrium, ...]:
        """By month of loading; months under one law share their answer."""
        return _static(self.window, self.elasticities)

    @cached_property
    def flows(self) -> dict[str, Array]:
        """Flows by month of arrival, [t, n, i, j], of the path and of two static references."""
        static = np.array([month.trade_flow_cf for month in self.static])
        return {
            PATH: self.path.arrival_flow,
            STATIC: static,
            LAGGED: lagged(static, self.start.economy.trade_flow, self.transit),
        }


def backtests(
    *, elasticities: str = ELASTICITIES, pace: Pace | None = None
) -> tuple[Backtest, ...]:
    """Run every episode and compare it with the census, for China and for all others."""
    return tuple(
        compared(run_window(episode.window, elasticities, pace), episode, partner)
        for episode in EPISODES
        for partner in (CHINA, OTHERS)
    )


def run_window(window: BacktestWindow, elasticities: str, pace: Pace | None = None) -> Run:
    """Solve a window at a pace, the shipped one by default; the last few are kept."""
    chosen = pace or read_pace()
    values = tuple((name, parameter.value) for name, parameter in chosen.entries().items())
    return _run(window, elasticities, values)


@lru_cache(maxsize=2)
def _run(window: BacktestWindow, elasticities: str, values: tuple[tuple[str, float], ...]) -> Run:
    pace = read_pace().moved(dict(values))
    start, policy = _law(window, elasticities)
    path = solve_months(start, policy, pace)
    return Run(window, elasticities, start, policy, path, int(pace.transit_months.value))


@lru_cache(maxsize=8)
def _law(window: BacktestWindow, elasticities: str) -> tuple[Start, tuple[Month, ...]]:
    """Where a window starts, and the tariffs of its months."""
    world = world_of(elasticities)
    baseline = _assumed(world.baseline, window)
    name = None if window.law is None else CALENDAR
    start = world.start_from(baseline, name, window.law)
    law = world.law(world.scenario(CALENDAR))
    return start, _tariffs_only(monthly_policy(start, law, window.first, window.length))


def _assumed(bundle: Baseline, window: BacktestWindow) -> Baseline:
    """Return the baseline at the elasticities that a window puts in place of its own."""
    if window.soybean_elasticity is not None:
        theta = np.array(bundle.economy.trade_elasticity)
        theta[bundle.economy.sectors.index(SOYBEANS)] = window.soybean_elasticity
        name = f"{bundle.elasticity_set}, soybeans {window.soybean_elasticity:g}"
        economy = bundle.economy.with_trade_elasticity(theta)
        bundle = replace(bundle, economy=economy, elasticity_set=name)
    return with_assumptions(bundle, macro_elasticity=window.macro_elasticity)


def _tariffs_only(policy: tuple[Month, ...]) -> tuple[Month, ...]:
    """Leave out caps and trade costs of the calendar: they stay as they are at the start."""
    kept = {
        id(month.shock): replace(month.shock, targets=(), iceberg_hat=None, export_tax_rate_cf=None)
        for month in policy
    }
    return tuple(replace(month, shock=kept[id(month.shock)]) for month in policy)


@lru_cache(maxsize=2)
def _static(window: BacktestWindow, elasticities: str) -> tuple[Equilibrium, ...]:
    """Static answers to the law of each month, which do not depend on the pace."""
    start, policy = _law(window, elasticities)
    shocks = {id(month.shock): month.shock for month in policy}
    solved = {key: solve(start.economy, shock) for key, shock in shocks.items()}
    return tuple(solved[id(month.shock)] for month in policy)


def forget() -> None:
    """Drop the solved windows, which take some hundred megabytes; comparisons are small."""
    _run.cache_clear()
    _static.cache_clear()


def lagged(flows: Array, before: Array, months: int) -> Array:
    """Move flows, [t, ...], `months` later; `before` comes first."""
    first = [before] * min(months, len(flows))
    return np.array([*first, *flows[: len(flows) - len(first)]])


def compared(run: Run, episode: Episode, partner: str) -> Backtest:
    """Set the months of an episode beside the census for a partner."""
    actual = monthly_imports()
    first, end = episode.judged
    chosen = [position for position, month in enumerate(run.policy) if first <= month.first < end]
    base = imports(run.start, run.start.economy.trade_flow[None], partner)[0]
    model = {
        word: yearly(imports(run.start, flow, partner), run.months, base)[chosen]
        for word, flow in run.flows.items()
    }
    model[NO_CHANGE] = np.zeros(len(chosen))
    months = [run.months[position] for position in chosen]
    happened = [
        100.0 * (actual[year, month][partner] / actual[year - 1, month][partner] - 1.0)
        for year, month in months
    ]
    names = tuple(f"{year}-{month:02d}" for year, month in months)
    return Backtest(episode, partner, names, np.array(happened), model)


def imports(start: Start, flows: Array, partner: str) -> Array:
    """US goods imports at customs value by month, from [t, n, i, j]."""
    goods = [code != "SERV" for code in start.economy.sectors]
    return customs_value(start, flows, _sellers(start, partner), goods)


def customs_value(
    start: Start, flows: Array, sellers: Sequence[bool], goods: Sequence[bool]
) -> Array:
    """US imports at customs value by month, from [t, n, i, j], of chosen regions and sectors."""
    usa = start.economy.importers.index("USA")
    value = flows[:, usa] * start.baseline.customs_factor[usa]
    return np.asarray(value[:, list(sellers)][:, :, list(goods)].sum(axis=(1, 2)))


def _sellers(start: Start, partner: str) -> list[bool]:
    """Regions behind a partner of the census."""
    named = {code for codes in ABROAD.values() for code in codes}
    regions = start.economy.importers
    if partner in ABROAD:
        return [code in ABROAD[partner] for code in regions]
    left_out = {REST: {*named, "USA"}, OTHERS: {"CHN", "USA"}}[partner]
    return [code not in left_out for code in regions]


def yearly(levels: Array, months: list[tuple[int, int]], base: float) -> Array:
    """Change over the same month a year before, percent; before the path is its start."""
    level_of = dict(zip(months, levels.tolist(), strict=True))
    return np.array(
        [
            100.0 * (level_of[year, month] / level_of.get((year - 1, month), base) - 1.0)
            for year, month in months
        ]
    )
