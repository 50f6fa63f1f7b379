"""Buying ahead beside what happened: American imports around the tariffs of 2025.

The acts of the calendar (scenario ``history``), with the days on which they were announced, are fed
to the path, and the accounts of `sim.engine.border.buying_ahead` are put around it.  What is bought
ahead is set beside the excess of American imports over trend that chose its parameters, and the
yearly changes of imports from China, with and without it, beside the census.  On 2018-19 nothing
was chosen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, StringConstraints

from sim.engine.border.buying_ahead import bought_ahead, expected_savings, storable
from sim.engine.months import MIDDLE, monthly_policy, solve_months
from sim.engine.pace import Pace, read_pace
from sim.engine.runs import world_of
from sim.engine.start import CALIBRATED
from sim.pair import DEFAULT_PAIR
from sim.policy.language.fields import Source, Strict
from sim.policy.language.reading import read_model
from sim.policy.law.dates import months as calendar_months
from sim.validation.backtest.data import CHINA, OTHERS, monthly_imports

Array = NDArray[np.float64]

CALENDAR = "history"
TARGETS = Path(__file__).with_suffix(".yaml")
MonthName = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}$")]


class Targets(Strict):
    """The excess of American goods imports over their trend."""

    excess_usd_bn: dict[MonthName, Annotated[float, Field(allow_inf_nan=False)]]
    """In the month."""
    cumulative_usd_bn: float
    """Summed up to `cumulative_month`."""
    cumulative_month: MonthName
    source: Source


@lru_cache(maxsize=1)
def read_targets() -> Targets:
    """Read what the parameters are fitted to.

    Raises
    ------
    ScenarioError
        If the file is broken.
    """
    return read_model(TARGETS, Targets)


@dataclass(frozen=True)
class Stretch:
    """Months of the calendar around which the accounts are kept."""

    name: str
    role: str
    law: dt.date | None
    """Day whose law the path starts from; None is the economy of 2024."""
    known: dt.date
    """First month of the accounts; before `first` trade is that of the start."""
    first: dt.date
    """First month of the path."""
    end: dt.date
    """First month after it."""
    judged: dt.date
    """First month whose yearly change is compared."""


STRETCHES = (
    Stretch(
        "2025",
        "calibration: stocks were fitted to all imports of December 2024 to March 2025",
        None,
        dt.date(2024, 11, 1),
        CALIBRATED,
        dt.date(2026, 2, 1),
        CALIBRATED,
    ),
    Stretch(
        "2018-19",
        "test: nothing was chosen on these months",
        dt.date(2018, 1, 15),
        dt.date(2018, 1, 1),
        dt.date(2018, 1, 1),
        dt.date(2020, 1, 1),
        dt.date(2019, 1, 1),
    ),
)


@dataclass(frozen=True, eq=False)
class Accounts:
    """American goods imports by month, USD bn at customs value; by partner, [t]."""

    stretch: Stretch
    months: tuple[str, ...]
    use: Mapping[str, Array]
    arrivals: Mapping[str, Array]
    stock: Mapping[str, Array]

    def excess(self, partner: str | None = None) -> Array:
        """Arrivals above use, from a partner or from all, [t]."""
        partners = (CHINA, OTHERS) if partner is None else (partner,)
        return np.asarray(sum(self.arrivals[seller] - self.use[seller] for seller in partners))

    def held(self) -> Array:
        """Stock bought ahead at the end of each month, from all partners, [t]."""
        return np.asarray(self.stock[CHINA] + self.stock[OTHERS])

    def yearly(self, partner: str, *, with_stocks: bool) -> dict[str, float]:
        """Changes over the same month a year before, percent, from `judged` on.

        Before the accounts begin trade is that of the start.
        """
        levels = (self.arrivals if with_stocks else self.use)[partner]
        level_of = dict(zip(self.months, levels.tolist(), strict=True))
        base = float(self.use[partner][0])
        first = f"{self.stretch.judged:%Y-%m}"
        return {
            month: 100.0 * (level_of[month] / level_of.get(_year_before(month), base) - 1.0)
            for month in self.months
            if month >= first
        }


@dataclass(frozen=True, eq=False)
class FrontloadingComparison:
    """Yearly changes of imports from a partner, percent, and their errors in points."""

    stretch: Stretch
    partner: str
    months: tuple[str, ...]
    actual: Array
    without: Array
    with_stocks: Array

    def error(self, *, with_stocks: bool) -> float:
        """Mean absolute error, points."""
        model = self.with_stocks if with_stocks else self.without
        return float(np.abs(model - self.actual).mean())


def accounts(stretch: Stretch, pace: Pace | None = None) -> Accounts:
    """Solve the path of the calendar and keep the accounts of buying ahead around it."""
    chosen = pace or read_pace()
    world = world_of()
    baseline, axes = world.baseline, world.axes
    name = None if stretch.law is None else CALENDAR
    start = world.start_from(baseline, name, stretch.law)
    law = world.law(world.scenario(CALENDAR))
    months = calendar_months(stretch.known, stretch.end)
    before = sum(begin < stretch.first for begin, _ in months)
    policy = monthly_policy(start, law, stretch.first, len(months) - before)
    tariffs = {
        id(month.shock): replace(month.shock, targets=(), iceberg_hat=None, export_tax_rate_cf=None)
        for month in policy
    }
    alone = [replace(month, shock=tariffs[id(month.shock)], specs=()) for month in policy]
    path = solve_months(start, alone, chosen)
    usa = axes.regions.index("USA")
    # A tariff is always there: the calendar sets one.
    rates = [start.tariff_rate] * before + [_rate(month.shock.tariff_rate_cf) for month in alone]
    days = [begin.replace(day=MIDDLE) for begin, _ in months]
    known = expected_savings(law, list(zip(days, rates, strict=True)), [usa], chosen)
    calm = np.broadcast_to(start.economy.trade_flow, (before, *axes.shape))
    flows = np.concatenate([calm, path.arrival_flow])
    use = flows[:, [usa]] * baseline.customs_factor[usa] / 12e3
    savings = np.zeros_like(use) if known is None else known
    kept = bought_ahead(use, savings, storable(axes, [usa], DEFAULT_PAIR, chosen), chosen)
    goods = np.array([code not in axes.services for code in axes.sectors])

    def by_partner(values: Array) -> dict[str, Array]:
        sold = values[:, 0][:, :, goods].sum(axis=2)
        china, own = sold[:, axes.regions.index("CHN")], sold[:, usa]
        return {CHINA: china, OTHERS: sold.sum(axis=1) - china - own}

    return Accounts(
        stretch,
        tuple(f"{begin:%Y-%m}" for begin, _ in months),
        by_partner(kept.use),
        by_partner(kept.arrivals),
        by_partner(kept.stock),
    )


def _rate(tariff: Array | None) -> Array:
    assert tariff is not None
    return tariff


def comparisons(pace: Pace | None = None) -> tuple[FrontloadingComparison, ...]:
    """Set yearly changes with and without buying ahead beside the census.

    Raises
    ------
    InputError
        If the monthly imports are not there.
    """
    census = monthly_imports()
    actual = {f"{year}-{month:02d}": row for (year, month), row in census.items()}
    compared = []
    for stretch in STRETCHES:
        kept = accounts(stretch, pace)
        for partner in (CHINA, OTHERS):
            without = kept.yearly(partner, with_stocks=False)
            stocked = kept.yearly(partner, with_stocks=True)
            happened = [
                100.0 * (actual[month][partner] / actual[_year_before(month)][partner] - 1.0)
                for month in without
            ]
            values = (happened, list(without.values()), list(stocked.values()))
            arrays = (np.array(changes) for changes in values)
            compared.append(FrontloadingComparison(stretch, partner, tuple(without), *arrays))
    return tuple(compared)


def _year_before(month: str) -> str:
    return f"{int(month[:4]) - 1}{month[4:]}"


def frontloading_summary(pace: Pace | None = None) -> dict[str, Any]:
    """Return the fit and the errors as plain data.

    Raises
    ------
    InputError
        If the monthly imports are not there.
    """
    targets, kept = read_targets(), accounts(STRETCHES[0], pace)
    excess, held = kept.excess(), kept.held()
    return {
        "source": targets.source.model_dump(mode="json"),
        "months": [
            {
                "month": month,
                "excess_usd_bn": round(float(excess[t]), 1),
                "from_china_usd_bn": round(float(kept.excess(CHINA)[t]), 1),
                "target_usd_bn": targets.excess_usd_bn.get(month),
                "stock_usd_bn": round(float(held[t]), 1),
            }
            for t, month in enumerate(kept.months)
        ],
        "errors": [
            {
                "stretch": comparison.stretch.name,
                "role": comparison.stretch.role,
                "partner": comparison.partner,
                "without_pp": round(comparison.error(with_stocks=False), 2),
                "with_pp": round(comparison.error(with_stocks=True), 2),
                "months": list(comparison.months),
                "actual_pct": np.round(comparison.actual, 1).tolist(),
                "without_pct": np.round(comparison.without, 1).tolist(),
                "with_pct": np.round(comparison.with_stocks, 1).tolist(),
            }
            for comparison in comparisons(pace)
        ],
    }
