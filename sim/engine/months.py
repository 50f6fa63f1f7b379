"""A scenario month by month: its dated law turned into one shock a month, and the path solved.

Months begin where the law of the scenario or of its baseline first departs from that of the
baseline's day, which is the economy that the path starts from.  What acts do by their dates (an
end, a step, a snapback) happens in the path, of the scenario as of its baseline
(`sim.engine.path`).

Within a month tariffs and trade costs weigh each day the same; quantity targets are those of its
`MIDDLE` day.  Values of a month are annual rates, by month of loading
(`sim.model.path.transition`).
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.pace import Pace
from sim.engine.start import Start
from sim.errors import InputError
from sim.model import Shock
from sim.model.path.stocks import StockedPath, solve_on_stocks
from sim.model.path.transition import TransitionPath, solve_path
from sim.model.solve.guide import MonthlyChange
from sim.model.solve.memory import Memory
from sim.policy.law.calendar import mean_rate, periods
from sim.policy.law.dates import months, turning_days
from sim.policy.law.law import Law
from sim.policy.law.nontariff import TargetSpec

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

MIDDLE = 15
"""Day of the month on which quantity targets are read."""

MAX_MONTHS = 240

MEMORY_LENGTH = 144
"""Steps that a path learns from: it is over before more would pay."""

_NEGLIGIBLE = 1e-12


@dataclass(frozen=True, eq=False)
class Month:
    """One month of policy; months under one policy share the shock and the targets."""

    first: dt.date
    end: dt.date
    shock: Shock
    specs: tuple[TargetSpec, ...]


def calendar_months(first: dt.date, count: int) -> tuple[tuple[dt.date, dt.date], ...]:
    """Return `count` months from that of `first`, each as a half-open range.

    Raises
    ------
    InputError
        If `count` is not a number of months from 1 to `MAX_MONTHS`.
    """
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MAX_MONTHS:
        raise InputError(
            f"months is {count!r}.", advice=f"Write a whole number from 1 to {MAX_MONTHS}."
        )
    return months(first, first.replace(day=1) + dt.timedelta(31 * count))[:count]


def first_day(start: Start, law: Law, date: dt.date) -> dt.date:
    """Day, no later than `date`, on which the law departs from the start's; else `date`."""
    for day in turning_days(law.measures):
        if start.day < day <= date and departs(start, law, day):
            return day
    return date


def departs(start: Start, law: Law, day: dt.date) -> bool:
    """Tell whether the law of a day differs from the start's."""
    specs = law.targets(day)
    if start.iceberg_hat(law.trade_cost_hat(day)) is not None:
        return True
    moved = np.abs(law.rate(day) - start.tariff_rate).max() > _NEGLIGIBLE
    return bool(moved) or specs != start.targets


def is_kept(start: Start, law: Law, first: dt.date, count: int) -> bool:
    """Tell whether a law stays that of the start to the end of `count` months from `first`.

    Raises
    ------
    InputError
        If `count` is not a number of months.
    """
    end = calendar_months(first, count)[-1][1]
    turns = (day for day in turning_days(law.measures) if start.day < day < end)
    return not any(departs(start, law, day) for day in turns)


def monthly_policy(start: Start, law: Law, first: dt.date, count: int) -> tuple[Month, ...]:
    """Turn dated measures into `count` months from that of `first`.

    Raises
    ------
    InputError
        If `count` is not a number of months.
    """
    ranges = calendar_months(first, count)
    calendar = periods(law, ranges[0][0], ranges[-1][1])
    policy: list[Month] = []
    for begin, end in ranges:
        specs = law.targets(begin.replace(day=MIDDLE))
        shock = Shock(
            tariff_rate_cf=mean_rate(calendar, begin, end),
            iceberg_hat=_mean_iceberg(start, law, begin, end),
            export_tax_rate_cf=start.baseline.economy.export_tax_rate,
            targets=tuple(start.relative_target(spec) for spec in specs),
        )
        if policy and _is_same(policy[-1].shock, shock) and policy[-1].specs == specs:
            shock = policy[-1].shock
        policy.append(Month(begin, end, shock, specs))
    return tuple(policy)


def _is_same(shock: Shock, other: Shock) -> bool:
    """Tell whether two months stand under one policy."""
    for name in ("tariff_rate_cf", "iceberg_hat"):
        left, right = getattr(shock, name), getattr(other, name)
        if (left is None) != (right is None):
            return False
        if left is not None and not np.allclose(left, right, rtol=0.0, atol=_NEGLIGIBLE):
            return False
    return shock.targets == other.targets


def turns(policy: Sequence[Month]) -> tuple[int, ...]:
    """Positions of the months after the first that stand under another policy than the one before.

    Months under one policy share the shock.
    """
    later = range(1, len(policy))
    return tuple(t for t in later if policy[t].shock is not policy[t - 1].shock)


def are_apart(month: Month, other: Month) -> bool:
    """Tell whether two months stand under different policies."""
    return not (_is_same(month.shock, other.shock) and month.specs == other.specs)


def _mean_iceberg(start: Start, law: Law, begin: dt.date, end: dt.date) -> Array | None:
    """Trade costs of a month, each day weighing the same; None where nothing moves."""
    inside = [day for day in turning_days(law.measures) if begin < day < end]
    total, moves = np.zeros(law.axes.shape), False
    for first, after in itertools.pairwise([begin, *inside, end]):
        cost = start.iceberg_hat(law.trade_cost_hat(first))
        moves |= cost is not None
        total += (after - first).days * (1.0 if cost is None else cost)
    return total / (end - begin).days if moves else None


def solve_months(start: Start, policy: Sequence[Month], pace: Pace) -> TransitionPath:
    """Solve the path on the economy that the scenario starts from; users live on their stocks.

    Raises
    ------
    NotConverged
        If a month has no solution.
    """
    return Schedule(start, pace).through(policy)


class Schedule:
    """Solves the months of a scenario, all at once or one after the other.

    Parameters
    ----------
    pace
        Of the transition, and of the stocks that users live on.
    """

    def __init__(self, start: Start, pace: Pace) -> None:
        self.start, self.pace = start, pace
        self._pace: dict[str, Any] = {
            "resourcing": pace.resourcing_by(start.economy.sectors),
            "reallocation": pace.reallocation.value,
            "transit_months": pace.transit_months.value,
            "memory": Memory(MEMORY_LENGTH),
        }

    def through(
        self,
        policy: Sequence[Month],
        done: TransitionPath | None = None,
        *,
        guide: Sequence[MonthlyChange] = (),
    ) -> TransitionPath:
        """Solve months after those of a path, and return it with them.

        Parameters
        ----------
        guide
            As in `solve_path`; not followed where users live on stocks.

        Raises
        ------
        NotConverged
            If a month has no solution.
        """
        economy, shocks = self.start.economy, [month.shock for month in policy]
        supply: list[tuple[int, ...]] = [()] * len(policy)
        if self.pace.stock_months.value > 0:
            supply = supply_caps(self.start, policy)
        if not any(supply) and not isinstance(done, StockedPath):
            return solve_path(economy, shocks, start=done, guide=guide, **self._pace)
        return solve_on_stocks(
            economy,
            shocks,
            supply,
            stock_months=self.pace.stock_months.value,
            refill=self.pace.stock_refill.value,
            start=done,
            **self._pace,
        )


def supply_caps(start: Start, policy: Sequence[Month]) -> list[tuple[int, ...]]:
    """Positions, month by month, of the caps on what may be shipped of a critical input.

    Caps that bind the baseline already limit use: their users have no stock left.
    """
    economy = start.economy
    critical = {
        code
        for code, substitution in zip(economy.sectors, economy.input_elasticity, strict=True)
        if substitution != 1.0
    }
    caps = [
        tuple(
            position
            for position, spec in enumerate(month.specs)
            if spec.target.kind == "cap" and critical.issuperset(spec.target.sectors or ("all",))
        )
        for month in policy
    ]
    if not any(caps):
        return caps
    held = {spec.measure_id for spec in start.targets}
    return [
        tuple(position for position in positions if month.specs[position].measure_id not in held)
        for month, positions in zip(policy, caps, strict=True)
    ]


def without_floors(policy: Sequence[Month]) -> tuple[Month, ...]:
    """Return the same months if nobody had to buy anything; `policy` itself if nobody has to."""
    kept: dict[int, Shock] = {}
    for month in policy:
        shock = month.shock
        caps = tuple(target for target in shock.targets if target.kind == "cap")
        free = shock if len(caps) == len(shock.targets) else replace(shock, targets=caps)
        kept.setdefault(id(shock), free)
    return tuple(replace(month, shock=kept[id(month.shock)]) for month in policy)
