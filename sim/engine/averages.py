"""Average tariffs through time: the calendar of a scenario on the trade flows of 2024.

One measure of many, and labelled so: the statutory duty after exemptions, in percent of the customs
value of goods imports of 2024.  Headlines, collected duties and averages by other weights differ.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.outputs.pair_names import DEFAULT_NAMES, PairNames, pair_names
from sim.pair import Pair
from sim.policy.law.dates import DAY, months, turning_days
from sim.policy.law.law import BASE, Law

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = [
    "LABEL",
    "TODAY",
    "AverageRates",
    "average_names",
    "averages_of",
    "day_of",
    "flow_share",
    "range_of",
]

TODAY = "baseline-today"
"""Scenario that holds every enacted act."""

LABEL = "statutory duty after exemptions, % of 2024 customs value"

_WHEN = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")


@dataclass(frozen=True, eq=False)
class AverageRates:
    """Average tariffs of each period in which nothing changes, percent.

    Parameters
    ----------
    starts
        First day of each period; the last period ends before `end`.
    rate_pct
        By name (`average_names`): one average a period.
    part_pct
        By name, then by authority: the parts of the average; empty if not asked for.
    """

    starts: tuple[dt.date, ...]
    end: dt.date
    rate_pct: Mapping[str, Array]
    part_pct: Mapping[str, Mapping[str, Array]]
    names: PairNames = DEFAULT_NAMES
    """What the two of the pair are called."""

    @property
    def both(self) -> tuple[str, ...]:
        """Names of the averages of the pair on each other, home's first."""
        return tuple(average_names(self.names.pair))[:2]

    def on(self, day: dt.date, pair: str = "us_on_china") -> float:
        """Average of one day."""
        return float(self.rate_pct[pair][self._place(day)])

    def mean(self, first: dt.date, end: dt.date, pair: str = "us_on_china") -> float:
        """Mean over [`first`, `end`), each day weighing the same."""
        return float(self._days_in(first, end) @ self.rate_pct[pair] / (end - first).days)

    def daily(self) -> list[dict[str, Any]]:
        """One row a day: ``date, us_on_china_pct, china_on_us_pct``."""
        rows = []
        stops = (*self.starts[1:], self.end)
        for place, (start, stop) in enumerate(zip(self.starts, stops, strict=True)):
            values = self._row(lambda series, position=place: float(series[position]))
            for shift in range((stop - start).days):
                rows.append({"date": (start + shift * DAY).isoformat(), **values})
        return rows

    def monthly(self) -> list[dict[str, Any]]:
        """One row a month: ``month, us_on_china_pct, china_on_us_pct``; means of its days."""
        rows = []
        for first, after in months(self.starts[0], self.end):
            start, stop = max(first, self.starts[0]), min(after, self.end)
            days = self._days_in(start, stop) / (stop - start).days
            values = self._row(lambda series, share=days: float(share @ series))
            rows.append({"month": f"{first:%Y-%m}", **values})
        return rows

    def _row(self, value: Any) -> dict[str, Any]:  # noqa: ANN401  series -> number
        row: dict[str, Any] = {
            f"{pair}_pct": round(value(self.rate_pct[pair]), 4) for pair in self.both
        }
        for pair, parts in self.part_pct.items():
            row[f"{pair}_by_authority"] = {
                name: round(value(series), 4) for name, series in parts.items()
            }
        return row

    def _place(self, day: dt.date) -> int:
        if not self.starts[0] <= day < self.end:
            raise InputError(f"{day} is not within {self.starts[0]} to {self.end}.")
        return int(np.searchsorted(_numbers(self.starts), day.toordinal(), side="right")) - 1

    def _days_in(self, first: dt.date, end: dt.date) -> Array:
        """Days of [`first`, `end`) that fall into each period."""
        begins = np.maximum(_numbers(self.starts), first.toordinal())
        ends = np.minimum(_numbers((*self.starts[1:], self.end)), end.toordinal())
        return np.asarray(np.maximum(ends - begins, 0.0))


def _numbers(days: Sequence[dt.date]) -> Array:
    return np.array([float(day.toordinal()) for day in days])


def averages_of(
    law: Law, first: dt.date, end: dt.date, names: PairNames, *, by_authority: bool = False
) -> AverageRates:
    """Average the tariffs of a law over [`first`, `end`).

    Parameters
    ----------
    names
        The pair and what its two are called.
    by_authority
        Also give the parts by legal basis.

    Raises
    ------
    InputError
        If the range holds no day.
    """
    if end <= first:
        raise InputError(f"the range {first} to {end} holds no day.", advice="Write a later end.")
    starts = (first, *(day for day in turning_days(law.measures) if first < day < end))
    flows = average_names(names.pair)
    flow_shares = {name: flow_share(law, *codes)[0] for name, codes in flows.items()}
    if not by_authority:
        rates = [law.rate(day) for day in starts]
        return AverageRates(starts, end, _averages(rates, flow_shares), {}, names)
    pieces = [law.by_authority(day) for day in starts]
    rates = [sum(parts.values(), np.zeros(law.axes.shape)) for parts in pieces]
    parts = {name: _parts(pieces, flow_shares[name]) for name in tuple(flows)[:2]}
    return AverageRates(starts, end, _averages(rates, flow_shares), parts, names)


def average_names(pair: Pair) -> dict[str, tuple[str, str | None]]:
    """Importer and exporter (None: all) of each average, by its name.

    >>> list(average_names(Pair("CAN", "USA")))
    ['can_on_usa', 'usa_on_can', 'can_on_world']
    """
    names = pair_names(pair)
    # The default pair's are us_on_china and china_on_us: those of headline figures.
    home, partner = names.home.place, names.partner.place
    return {
        f"{home}_on_{partner}": (pair.home, pair.partner),
        f"{partner}_on_{home}": (pair.partner, pair.home),
        f"{home}_on_world": (pair.home, None),
    }


def _averages(rates: Sequence[Array], flow_shares: Mapping[str, Array]) -> dict[str, Array]:
    return {
        pair: np.array([100.0 * float(np.vdot(share, rate)) for rate in rates])
        for pair, share in flow_shares.items()
    }


def _parts(pieces: Sequence[Mapping[str, Array]], share: Array) -> dict[str, Array]:
    """Averages by authority; those that never reach the pair are left out."""
    names = sorted({name for parts in pieces for name in parts} - {BASE})
    averages = {
        name: np.array(
            [100.0 * float(np.vdot(share, p[name])) if name in p else 0.0 for p in pieces]
        )
        for name in (BASE, *names)
    }
    return {name: series for name, series in averages.items() if name == BASE or series.any()}


def flow_share(law: Law, importer: str, exporter: str | None) -> tuple[Array, float]:
    """Share of each goods flow in what `importer` buys from `exporter` (None: abroad), [n, i, j].

    Also their sum, the customs value of those goods, in the unit of the law's weights.  Where
    nothing is bought every share is 0.
    """
    regions = np.array(law.axes.regions)
    goods = ~np.isin(np.array(law.axes.sectors), list(law.axes.services))
    sellers = regions != importer if exporter is None else regions == exporter
    chosen = (regions == importer)[:, None, None] & sellers[None, :, None] & goods
    value = np.where(chosen, law.weights, 0.0)
    total = float(value.sum())
    return (value / total if total else value), total


def range_of(first: str, last: str) -> tuple[dt.date, dt.date]:
    """Read two months or days, both inclusive, as a half-open range.

    Raises
    ------
    InputError
        If one is no month such as 2018-01 and no day such as 2018-01-31, or the order is wrong.
    """
    start, _ = _bounds(first)
    _, end = _bounds(last)
    if end <= start:
        raise InputError(f"{last} lies before {first}.", advice="Write the earlier one first.")
    return start, end


def day_of(text: str) -> dt.date:
    """Read a day.

    Raises
    ------
    InputError
        If it is none.
    """
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise InputError(f"{text!r} is no day.", advice="Write 2026-07-24.") from None


def _bounds(text: str) -> tuple[dt.date, dt.date]:
    """First day of a month or day, and the first day after it."""
    matched = _WHEN.fullmatch(text.strip())
    try:
        if matched is None:
            raise ValueError
        year, month, day = (int(part or 1) for part in matched.groups())
        start = dt.date(year, month, day)
    except ValueError:
        raise InputError(
            f"{text!r} is no month and no day.", advice="Write 2018-01 or 2018-01-31."
        ) from None
    if matched.group(3):
        return start, start + DAY
    return months(start, start + DAY)[0]
