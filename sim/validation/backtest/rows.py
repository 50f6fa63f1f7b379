"""The backtests as plain rows, for charts and tables of any kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from sim.baseline.defaults import ELASTICITIES
from sim.engine.pace import Pace, read_pace
from sim.validation.backtest.imports import NO_CHANGE, PATH, STATIC, Backtest, backtests, forget
from sim.validation.backtest.lists import lists_backtests, war_by_quarter
from sim.validation.backtest.soybeans import soy_backtests, soy_tonnes


def rows(
    *,
    elasticities: str = ELASTICITIES,
    pace: Pace | None = None,
    only: Iterable[str] | None = None,
) -> list[dict[str, Any]]:
    """Return one row for each series and period; changes in percent over the base year.

    Parameters
    ----------
    elasticities
        Set of trade elasticities.
    pace
        How fast the model moves; the shipped assumptions by default.
    only
        Names of series; all by default.

    Returns
    -------
    list of dict
        ``series`` (2025-26: China), ``episode``, ``partner``, ``role`` (calibration or test),
        ``unit`` (%), ``month`` (2025-03: the first month of the period), ``period`` (2025-03,
        2018-Q3, 2025-H2, 2018), ``actual``, ``model``, ``static`` and ``no_change``.  The base is
        the same period a year before; for soybeans of 2018 to 2020 it is that of 2017.  Series by
        half-year have one to four rows.
    """
    chosen_pace = pace or read_pace()
    parameters = tuple((name, parameter.value) for name, parameter in chosen_pace.entries().items())
    all_rows = [
        row for backtest in _compared(elasticities, parameters) for row in rows_of(backtest)
    ]
    chosen = None if only is None else set(only)
    return [row for row in all_rows if chosen is None or row["series"] in chosen]


@lru_cache(maxsize=8)
def _compared(elasticities: str, values: tuple[tuple[str, float], ...]) -> tuple[Backtest, ...]:
    """Every comparison at a pace; kept, because they are small and take seconds."""
    pace = read_pace().moved(dict(values))
    compared = (
        *backtests(elasticities=elasticities, pace=pace),
        war_by_quarter(elasticities=elasticities, pace=pace),
        *lists_backtests(elasticities=elasticities, pace=pace),
        *soy_backtests(elasticities=elasticities, pace=pace),
        *soy_tonnes(elasticities=elasticities, pace=pace),
    )
    forget()
    return compared


def rows_of(backtest: Backtest) -> list[dict[str, Any]]:
    """Return the rows of one comparison."""
    return [
        {
            "series": series_name(backtest),
            "episode": backtest.episode.name,
            "partner": backtest.partner,
            "role": backtest.episode.kind,
            "unit": "%",
            "month": first_month(period),
            "period": period,
            "actual": round(float(backtest.actual[position]), 3),
            "model": round(float(backtest.model[PATH][position]), 3),
            "static": round(float(backtest.model[STATIC][position]), 3),
            "no_change": round(float(backtest.model[NO_CHANGE][position]), 3),
        }
        for position, period in enumerate(backtest.months)
    ]


def series_name(backtest: Backtest) -> str:
    """Name of a comparison: the episode and whose trade it is."""
    return f"{backtest.episode.name}: {backtest.partner}"


def first_month(period: str) -> str:
    """First month of a period: 2018-07 of 2018-Q3 and of 2018-H2, 2018-01 of 2018."""
    year, _, part = period.partition("-")
    months = {"Q": 3, "H": 6}
    if part[:1] in months:
        return f"{year}-{1 + months[part[0]] * (int(part[1]) - 1):02d}"
    return period if part else f"{year}-01"


def series(table: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """Names of the series of `rows`, in their order."""
    return tuple(dict.fromkeys(row["series"] for row in table))
