"""US imports from China in 2018 and 2019 by quarter: the total beside the census, and by list.

Inside a sector goods on one list of Section 301 stand beside goods on another and goods on none;
the model knows the sector's mean duty only.  Here each list follows the model's own rule of
re-sourcing by itself (`sim.model.demand.staggered`): its goods pay their list's dated duty and
whatever else the sector pays, the costs of every supplier and what is spent on the sector are those
of the solved month, and spending is spread over goods as before (Cobb-Douglas, as in the model).

    pi_l    = China's static share where its goods pay the duty on list l, by the demand system of
              the economy (`sim.model.demand`), with one tier or two
    lam_l,t = (1 - zeta) lam_l,t-1 + zeta pi_l
    value_l = spending * lam_l / (1 + duty on list l)

No table of imports by list and quarter of those years is in the raw data.  What is known of the
first half of 2019 is the sum of lists 1 to 3 (UNCTAD), and by the census that of all other goods:
`lists_backtests`.  Lists hold the goods on which the duty was collected
in 2024, at the trade of 2024 under the law of January 2018.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.baseline.defaults import ELASTICITIES
from sim.engine.pace import Pace, read_pace
from sim.engine.runs import world_of
from sim.model import Equilibrium
from sim.model.demand import demand_system
from sim.policy.language.kinds.tariff import TariffMeasure
from sim.policy.law.dates import DAY
from sim.validation.backtest.data import CHINA, OTHERS, monthly_imports, read_sources
from sim.validation.backtest.imports import (
    CALENDAR,
    NO_CHANGE,
    PATH,
    STATIC,
    TEST,
    WAR,
    Backtest,
    Episode,
    Run,
    imports,
    lagged,
    run_window,
)

Array = NDArray[np.float64]

EPISODE = Episode("2018-19 by quarter", TEST, WAR, (dt.date(2018, 1, 1), dt.date(2020, 1, 1)))

HALF = Episode("2019-H1 by list", TEST, WAR, (dt.date(2019, 1, 1), dt.date(2019, 7, 1)))

LISTS = {
    "list 1": "us-section-301-list-1",
    "list 2": "us-section-301-list-2",
    "list 3": "us-section-301-list-3",
    "list 4A": "us-section-301-list-4a",
}
"""Name -> measure; the table of the same name holds its goods."""

IN_FORCE = ("list 1", "list 2", "list 3")
"""Lists with a duty in the first half of 2019."""

LISTED_GOODS, OTHER_GOODS = "goods on lists 1 to 3", "other goods"

UNLISTED, ALL_GOODS = "on no list", "all goods"

QUARTERS = tuple(f"{year}-Q{number}" for year in (2018, 2019) for number in (1, 2, 3, 4))


@dataclass(frozen=True, eq=False)
class ByList:
    """Changes of US imports from China over the start by list and quarter of arrival, percent.

    Parameters
    ----------
    worth_bn
        Customs value of the list's goods where the path starts, bn USD a year, by name.
    path, static
        [quarter] by name; ``all goods`` is their sum.
    """

    quarters: tuple[str, ...]
    worth_bn: Mapping[str, float]
    path: Mapping[str, Array]
    static: Mapping[str, Array]

    def worth(self, name: str) -> float:
        """Return the customs value of a list's goods, or of all goods, bn USD a year."""
        return sum(self.worth_bn.values()) if name == ALL_GOODS else self.worth_bn[name]

    def half_year(self, changes: Mapping[str, Array], names: Sequence[str]) -> Array:
        """Change of lists together, first half of 2019 over that of 2018, percent, [1]."""
        levels = sum(self.worth_bn[name] * (1.0 + changes[name] / 100.0) for name in names)
        now, before = (
            sum(np.asarray(levels)[self.quarters.index(f"{year}-Q{number}")] for number in (1, 2))
            for year in (2019, 2018)
        )
        return np.array([100.0 * (now / before - 1.0)])


def war_by_quarter(*, elasticities: str = ELASTICITIES, pace: Pace | None = None) -> Backtest:
    """Compare the quarters of 2018 and 2019 with the same quarter a year before, from China."""
    run = run_window(WAR, elasticities, pace)
    months = run.months
    actual = {month: values[CHINA] for month, values in monthly_imports().items()}
    base = imports(run.start, run.start.economy.trade_flow[None], CHINA)[0]
    model = {}
    for name, flows in run.flows.items():
        levels = dict(zip(months, imports(run.start, flows, CHINA).tolist(), strict=True))
        before = {month: base for month in actual if month[0] == 2017}
        # A year's season: each month of the model weighs with the month of 2017.
        seasonal = {m: (before | levels)[m] * actual[2017, m[1]] for m in (before | levels)}
        model[name] = _quarterly(seasonal)
    model[NO_CHANGE] = np.zeros(len(QUARTERS))
    return Backtest(EPISODE, CHINA, QUARTERS, _quarterly(actual), model)


def _quarterly(values: Mapping[tuple[int, int], float]) -> Array:
    """Change of each quarter over the same a year before, percent."""

    def total(year: int, number: int) -> float:
        return sum(values[year, 3 * number - back] for back in (2, 1, 0))

    pairs = [(int(name[:4]), int(name[-1])) for name in QUARTERS]
    return np.array([100.0 * (total(y, q) / total(y - 1, q) - 1.0) for y, q in pairs])


def by_list(*, elasticities: str = ELASTICITIES, pace: Pace | None = None) -> ByList:
    """Work out each list's imports by quarter of arrival."""
    chosen = pace or read_pace()
    run = run_window(WAR, elasticities, chosen)
    market = Market(run)
    duty = list_duties(run)
    share = list_shares(run)
    rate = np.array(chosen.resourcing_by(run.start.economy.sectors))
    ones = np.ones_like(rate)
    count = 3 * len(QUARTERS)
    path = list_levels(market, run.path.months[:count], duty, share, rate)
    static = list_levels(market, run.static[:count], duty, share, ones)
    worth = {name: market.value * share[name] for name in share}
    return ByList(
        QUARTERS,
        {name: float(value.sum()) / 1e3 for name, value in worth.items()},
        _changes(path, worth, run.transit),
        _changes(static, worth, 0),
    )


def lists_backtests(
    *, elasticities: str = ELASTICITIES, pace: Pace | None = None
) -> tuple[Backtest, ...]:
    """Compare goods on lists 1 to 3, and all others, of the first half of 2019 over 2018's."""
    lists = by_list(elasticities=elasticities, pace=pace)
    known = {entry.first.year: entry.bn_usd for entry in read_sources().listed_goods}
    table = monthly_imports()
    half = {year: sum(table[year, month][CHINA] for month in range(1, 7)) for year in known}
    others = tuple(name for name in lists.worth_bn if name not in IN_FORCE)
    ratio = {
        LISTED_GOODS: known[2019] / known[2018],
        OTHER_GOODS: (half[2019] - known[2019]) / (half[2018] - known[2018]),
    }
    return tuple(
        Backtest(
            HALF,
            name,
            ("2019-H1",),
            np.array([100.0 * (ratio[name] - 1.0)]),
            {
                PATH: lists.half_year(lists.path, members),
                STATIC: lists.half_year(lists.static, members),
                NO_CHANGE: np.zeros(1),
            },
        )
        for name, members in ((LISTED_GOODS, IN_FORCE), (OTHER_GOODS, others))
    )


DIVERTED_PCT = 62.0
"""Part of China's loss on lists 1 to 3 that other countries gained (UNCTAD, grade B)."""


def diverted(
    *,
    elasticities: str = ELASTICITIES,
    pace: Pace | None = None,
    macro_elasticity: float | None = None,
) -> dict[str, float]:
    """Part of China's loss in the first half of 2019 that other countries gain, percent.

    Parameters
    ----------
    macro_elasticity
        In place of the baseline's own.
    """
    run = run_window(replace(WAR, macro_elasticity=macro_elasticity), elasticities, pace)
    gained = {}
    for name in (PATH, STATIC):
        moved = []
        for partner in (CHINA, OTHERS):
            value = imports(run.start, run.flows[name], partner)
            moved.append(float(value[12:18].sum() - value[:6].sum()))
        gained[name] = -100.0 * moved[1] / moved[0]
    return gained


def list_duties(run: Run) -> dict[str, Array]:
    """Mean duty of each list in each month of the path, fraction, [t]."""
    acts = {act.id: act for act in world_of().scenario(CALENDAR).measures}
    duties = {}
    for name, measure in LISTS.items():
        act = acts[measure]
        assert isinstance(act, TariffMeasure)  # the four lists are tariffs
        duties[name] = np.array([_mean_duty(act, month.first, month.end) for month in run.policy])
    duties[UNLISTED] = np.zeros(len(run.policy))
    return duties


def _mean_duty(act: TariffMeasure, first: dt.date, end: dt.date) -> float:
    """Mean over the days of [first, end) of a duty's rate, fraction."""
    days = [first + number * DAY for number in range((end - first).days)]
    return sum(_rate(act, day) for day in days) / len(days)


def _rate(act: TariffMeasure, day: dt.date) -> float:
    if not act.in_force(day):
        return 0.0
    step = act.step_on(day)
    points = act.rate_pp if step is None else step.rate_pp
    return (points or 0.0) / 100.0


def list_shares(run: Run) -> dict[str, Array]:
    """Part of each sector's imports from China on each list, [j]; with the rest they sum to 1."""
    economy = run.start.economy
    pair = economy.importers.index("USA"), economy.importers.index("CHN")
    tables = run.start.baseline.coverage
    shares = {
        name: np.asarray(tables[measure.removeprefix("us-section-301-").join(("s301-", ""))][pair])
        for name, measure in LISTS.items()
    }
    shares[UNLISTED] = np.maximum(1.0 - sum(shares.values(), np.zeros(len(economy.sectors))), 0.0)
    return shares


class Market:
    """American goods markets at the start of an episode, and China's place in them."""

    def __init__(self, run: Run) -> None:
        economy = run.start.economy
        self.usa, self.china = economy.importers.index("USA"), economy.importers.index("CHN")
        self.tariff = economy.tariff_rate[self.usa]
        self.share = economy.trade_share[self.usa]
        goods = np.array([code != "SERV" for code in economy.sectors])
        factor = run.start.baseline.customs_factor[self.usa, self.china]
        self.value = np.where(goods, economy.trade_flow[self.usa, self.china] * factor, 0.0)
        self.spending = economy.trade_flow[self.usa] * (1.0 + self.tariff)

    def best_share(self, month: Equilibrium, duty: Array) -> Array:
        """Static share of goods that pay `duty`, [j], at the costs of a month."""
        before = month.economy.tariff_rate
        cost_hat = (1.0 + month.tariff_rate_cf) / (1.0 + before)
        cost_hat[self.usa, self.china] = (1.0 + duty) / (1.0 + before[self.usa, self.china])
        _, share = demand_system(month.economy).sourcing(month.input_cost_hat, cost_hat)
        return np.asarray(share[self.usa, self.china])

    def spent(self, month: Equilibrium) -> Array:
        """Spending on each sector over the start, [j]."""
        before = self.spending.sum(axis=0)
        after = month.expenditure_cf[self.usa]
        return np.asarray(np.divide(after, before, out=np.ones_like(after), where=before > 0))


def list_levels(
    market: Market,
    months: Sequence[Equilibrium],
    duty: Mapping[str, Array],
    share: Mapping[str, Array],
    rate: Array,
) -> dict[str, Array]:
    """Imports of each list over the start, [t, j], by month of loading."""
    levels: dict[str, list[Array]] = {name: [] for name in duty}
    held = dict.fromkeys(duty, market.share[market.china])
    base = np.where(held[UNLISTED] > 0, held[UNLISTED], 1.0)
    for position, month in enumerate(months):
        mean = sum((share[name] * duty[name][position] for name in duty), np.zeros_like(base))
        rest = month.tariff_rate_cf[market.usa, market.china] - mean
        for name in duty:
            paid = rest + duty[name][position]
            held[name] = (1.0 - rate) * held[name] + rate * market.best_share(month, paid)
            net = (1.0 + market.tariff[market.china]) / (1.0 + paid)
            levels[name].append(market.spent(month) * held[name] / base * net)
    return {name: np.array(values) for name, values in levels.items()}


def _changes(levels: Mapping[str, Array], worth: Mapping[str, Array], lag: int) -> dict[str, Array]:
    """Mean change of each list by quarter of arrival, percent; and of all goods."""
    money = {name: (values * worth[name]).sum(axis=1) for name, values in levels.items()}
    start = {name: worth[name].sum() for name in levels}
    money[ALL_GOODS] = np.sum(list(money.values()), axis=0)
    start[ALL_GOODS] = sum(start.values())
    return {
        name: 100.0
        * (
            lagged(values, np.asarray(start[name]), lag).reshape(-1, 3).mean(axis=1) / start[name]
            - 1
        )
        for name, values in money.items()
    }
