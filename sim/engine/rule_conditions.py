"""What rules look at, and whether their conditions hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.engine.months import Month
from sim.engine.start import Start, target_quantity_hat
from sim.errors import InputError
from sim.outputs.outcome import Outcome
from sim.outputs.pick import Quantity, pick
from sim.outputs.table import TOTAL
from sim.policy.axes import Axes
from sim.policy.language.kinds import Measure
from sim.policy.language.kinds.purchase_commitment import PurchaseCommitment
from sim.policy.language.rules import ActCondition, OutcomeCondition, PurchaseCondition
from sim.policy.law.action_log import in_force
from sim.policy.law.dates import DAY
from sim.policy.law.nontariff import TargetSpec, targets


@dataclass(frozen=True, eq=False)
class Seen:
    """What rules may look at: the months so far and the law."""

    start: Start
    axes: Axes
    months: tuple[Month, ...]
    outcomes: tuple[Outcome, ...]
    measures: tuple[Measure, ...]

    @property
    def last_day(self) -> dt.date:
        """Last day of the month that is over."""
        return self.months[-1].end - DAY


def is_met(when: OutcomeCondition | PurchaseCondition, values: Sequence[float | None]) -> bool:
    """Tell whether all watched values lie beyond the threshold."""
    limit = when.threshold if isinstance(when, OutcomeCondition) else when.threshold_pct
    sign = 1.0 if when.comparison == "above" else -1.0
    return all(value is not None and sign * (value - limit) > 0 for value in values)


def watched_words(when: OutcomeCondition | PurchaseCondition) -> str:
    """What a condition watches, and against what, in words."""
    row = "" if when.months == 1 else f", {when.months} months in a row"
    if isinstance(when, PurchaseCondition):
        return (
            f"purchases of {when.commitment} {when.comparison} {when.threshold_pct:g} % of the "
            f"promise{row}; percent bought:"
        )
    label, limit = _quantity(when).label, f"{when.threshold:g} {when.unit}"
    return f"{label} {when.comparison} {limit}{row}; {when.unit}:"


def _quantity(when: OutcomeCondition) -> Quantity:
    return Quantity(when.variable, when.region, when.partner or TOTAL, when.sector or TOTAL)


def watched_value(
    when: OutcomeCondition | PurchaseCondition, seen: Seen, back: int
) -> float | None:
    """Value of a month, counted from the last as -1; None where there is none."""
    if isinstance(when, PurchaseCondition):
        return _percent_bought(when, seen, back)
    return _outcome_value(when, seen, back)


def _outcome_value(when: OutcomeCondition, seen: Seen, back: int) -> float | None:
    """Number of a month, counted from the last as -1; None before the path began."""
    if -back > len(seen.outcomes):
        return None
    key = _quantity(when)
    value = pick(seen.outcomes[back], [key])[key]
    if np.isnan(value):
        raise InputError(
            f"a rule watches {key.label}, which no path reports.",
            advice="Leave the partner or the sector out, or take another variable.",
        )
    return value


def _percent_bought(when: PurchaseCondition, seen: Seen, back: int) -> float | None:
    """Percent of the promise bought in a month; None where nothing was promised then."""
    if -back > len(seen.outcomes):
        return None
    month = seen.months[back]
    promise = in_force(seen.measures, when.commitment, month.end - DAY)
    if not isinstance(promise, PurchaseCommitment):
        return None
    whole = promise.model_copy(update={"fulfilment": 1.0})
    (spec,) = targets((whole,), whole.first_day, seen.axes) or (None,)
    return None if spec is None else 100.0 * _bought(seen, spec, back) / spec.target.quantity_hat


def _bought(seen: Seen, spec: TargetSpec, back: int) -> float:
    """Quantity of a flow in a month over that of 2024."""
    before = seen.start.equilibrium
    moved = 1.0 if before is None else target_quantity_hat(before, spec.target)
    return moved * target_quantity_hat(seen.outcomes[back].since_start, spec.target)


def act_since(when: ActCondition, seen: Seen) -> dt.date | None:
    """Day since which a measure has been in force, or over; None if it is not."""
    days = [month.end - DAY for month in seen.months[-when.months :]]
    if len(days) < when.months:
        return None
    stretches = [act for act in seen.measures if act.id == when.measure and act.switch != 0]
    if when.state == "in-force":
        return _in_force_since(stretches, days)
    return _over_since(stretches, days)


def _in_force_since(stretches: Sequence[Measure], days: Sequence[dt.date]) -> dt.date | None:
    """First day of the time in force that the last of `days` lies in, if all lie in some."""
    if not all(any(act.in_force(day) for act in stretches) for day in days):
        return None
    first = next(act.first_day for act in stretches if act.in_force(days[-1]))
    while earlier := [act.first_day for act in stretches if act.end_day == first]:
        first = min(earlier)  # stretches that touch are one
    return first


def _over_since(stretches: Sequence[Measure], days: Sequence[dt.date]) -> dt.date | None:
    """Last end before `days`, if the measure has ended and is in force on none of them."""
    ends = [act.end_day for act in stretches if act.end_day is not None]
    over = [end for end in ends if end <= days[0]]
    if not over or any(act.in_force(day) for act in stretches for day in days):
        return None
    return max(over)
