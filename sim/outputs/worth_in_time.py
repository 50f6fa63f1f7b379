"""What it is worth, month by month, that something does not happen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.outputs.headline import figure_keys, in_figure_units
from sim.outputs.pair_names import PairNames, pair_names
from sim.outputs.range_words import HEAD
from sim.outputs.results import RunResult
from sim.outputs.variables import USD, USD_BN
from sim.outputs.words import with_unit

HOUSEHOLD, REVENUE = "home_real_income_per_household", "home_tariff_revenue"

MONTHS_A_YEAR = 12

SMALL = 0.005
"""Amounts of a month below which nothing is said, in the unit shown."""


@dataclass(frozen=True)
class WorthInTime:
    """Monthly amounts against the counterpart's path.

    Parameters
    ----------
    months
        Months such as ``2025-11``.
    household, revenue
        Real income per household, USD, and tariff revenue, bn USD, of each month.
    apart
        Number of months in which the two laws differ; they come first.
    """

    months: tuple[str, ...]
    household: tuple[float, ...]
    revenue: tuple[float, ...]
    apart: int
    names: PairNames

    @classmethod
    def of_changes(
        cls,
        months: Sequence[str],
        changes: Mapping[str, Sequence[float]],
        apart: Sequence[str],
        names: PairNames,
    ) -> WorthInTime | None:
        """Take the amounts from changes at annual rates, by figure id; None without them.

        Parameters
        ----------
        apart
            Months in which the two laws differ.
        """
        keys = names.id_of(HOUSEHOLD), names.id_of(REVENUE)
        if not apart or any(key not in changes for key in keys):
            return None
        household, revenue = (
            tuple(change / MONTHS_A_YEAR for change in changes[key]) for key in keys
        )
        return cls(tuple(months), household, revenue, list(months).index(apart[-1]) + 1, names)

    @property
    def while_apart(self) -> float:
        """Sum per household over the months in which the laws differ, USD."""
        return sum(self.household[: self.apart])

    @property
    def after(self) -> float:
        """Sum per household over the later months of the path, USD."""
        return sum(self.household[self.apart :])

    def sentences(self, ends: tuple[float, float] | None = None) -> list[str]:
        """Say what it is worth in time.

        Parameters
        ----------
        ends
            Range of `while_apart`, 5 to 95 %.
        """
        return [text for text in (self._household(ends), self._revenue()) if text]

    def _household(self, ends: tuple[float, float] | None) -> str:
        if all(abs(amount) < SMALL for amount in self.household):
            return ""
        first, last = self.household[0], self.household[self.apart - 1]
        whom = _household_of(self.names)
        between = "" if ends is None else f" ({HEAD}: {_usd(ends[0])} to {_usd(ends[1])})"
        text = (
            f"In {_named(self.months[0])} it is worth {_usd(first)} to {whom}, in "
            f"{_named(self.months[self.apart - 1])} {_usd(last)}; {_usd(self.while_apart)} in all "
            f"over the {self.apart} months in which the laws differ{between}"
        )
        later = len(self.months) - self.apart
        if later and abs(self.after) >= SMALL:
            text += f", and {_usd(self.after)} more in the {later} months after, as trade adjusts"
        return f"{text}."

    def _revenue(self) -> str:
        """Say how revenue moves, and why where its sign turns."""
        first, later = self.revenue[0], max(self.revenue, key=abs)
        turned = [amount for amount in self.revenue if amount * first < 0 and abs(amount) >= SMALL]
        if abs(first) < SMALL:
            return ""
        owner = self.names.home.owner
        if not turned:
            return f"{owner} tariff revenue moves by {_bn(later)} in the month that moves it most."
        turn = next(t for t, amount in enumerate(self.revenue) if amount in turned)
        return (
            f"{owner} tariff revenue moves by {_bn(first)} in the first month and by "
            f"{_bn(self.revenue[turn])} in {_named(self.months[turn])}: at first buyers would "
            "still pay the higher duty, later they would have turned to other sellers."
        )


def worth_in_time(result: RunResult) -> WorthInTime | None:
    """Return what a path is worth; None where its changes are not against a counterpart."""
    if not result.is_path or not result.prevented:
        return None
    names, keys = pair_names(result.pair, result.manifest.get("labels")), figure_keys(result.pair)
    runs = [result.at(month) for month in range(1, len(result.dates) + 1)]
    changes = {}
    for figure in map(names.id_of, (HOUSEHOLD, REVENUE)):
        amounts = [amount for run in runs if (amount := run.find(*keys[figure])) is not None]
        if len(amounts) == len(runs):
            changes[figure] = [in_figure_units(figure, value, result.pair) for value in amounts]
    months = [f"{date:%Y-%m}" for date in result.dates]
    return WorthInTime.of_changes(months, changes, result.manifest["path"]["apart"], names)


def _household_of(names: PairNames) -> str:
    home = names.home
    is_adjective = home.owner == home.title
    return f"a {home.owner} household" if is_adjective else f"a household of {home.noun}"


def _named(month: str) -> str:
    return f"{dt.date.fromisoformat(f'{month}-01'):%B %Y}"


def _usd(amount: float) -> str:
    return with_unit(amount, USD, sign=amount < 0)


def _bn(amount: float) -> str:
    return with_unit(amount, USD_BN, sign=True)
