"""A path with rules: solved month by month, and what follows from each month is law in the next.

After a month is solved all rules look at the months so far and at the law as it stands; what they
find goes into the docket together (`sim.policy.law.action_log`), and the law of the months to come
is made anew.  So nothing happens at once, and the order of rules is irrelevant.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.engine.border import Licensed, queued
from sim.engine.months import Course, Month, first_day, monthly_policy
from sim.engine.pace import Pace
from sim.engine.start import Start, quantity_hat
from sim.errors import InputError
from sim.model import Equilibrium
from sim.model.path.transition import Path
from sim.outputs.pick import Quantity, pick
from sim.outputs.table import TOTAL, Outcome
from sim.policy.axes import Axes
from sim.policy.language.measures import (
    Measure,
    PurchaseCommitment,
    TariffMeasure,
    TariffSuspension,
)
from sim.policy.language.rules import (
    ActCondition,
    Consequence,
    Matching,
    OutcomeCondition,
    PurchaseCondition,
    Rule,
)
from sim.policy.law.action_log import Deed, enacted, in_force
from sim.policy.law.dates import DAY
from sim.policy.law.nontariff import TargetSpec, targets
from sim.policy.library.loader import ResolvedScenario

SAME = 1e-12
"""Rates that differ by less are the same."""

Observe = Callable[[Month, Equilibrium], Outcome]
"""Turns a solved month into what it reports."""


@dataclass(frozen=True)
class Firing:
    """A rule that acted: in which month it saw what, and what it did."""

    rule: str
    title: str
    month: str
    """Month whose end it was."""
    saw: str
    """What it watches, in words."""
    value: float | None
    """What it saw, in the unit of `saw`; None for an act."""
    deeds: tuple[Deed, ...]

    @property
    def words(self) -> str:
        """One sentence."""
        seen = "" if self.value is None else f" {self.value:.4g}"
        return f"{self.month}: {self.title} ({self.saw}{seen}); {self.done}."

    @property
    def done(self) -> str:
        """What it did, in words."""
        return ", ".join(deed.words for deed in self.deeds)


@dataclass(frozen=True, eq=False)
class Ruled:
    """A path and the law that rules have made of it."""

    law: tuple[Month, ...]
    policy: tuple[Month, ...]
    """The law, with what queues of licences let through."""
    licensed: tuple[Licensed, ...]
    path: Path
    firings: tuple[Firing, ...]
    measures: tuple[Measure, ...]
    """With their dates, as the rules have left them."""


@dataclass(frozen=True, eq=False)
class _Seen:
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


def solve_ruled(
    start: Start,
    axes: Axes,
    scenario: ResolvedScenario,
    count: int,
    pace: Pace,
    observe: Observe,
) -> Ruled:
    """Solve `count` months of a scenario that has rules.

    Parameters
    ----------
    observe
        Turns a solved month into an outcome; targets may be left out.

    Raises
    ------
    InputError
        If `count` is no number of months, or a rule watches a number that no path reports.
    NotConverged
        If a month has no solution.
    """
    first = first_day(start, axes, scenario)
    measures = enacted(scenario.measures, scenario.held, ())
    law = monthly_policy(start, axes, scenario, first, count)
    policy, licensed = queued(start, scenario, law, pace)
    course = Course(start, pace)
    firings: list[Firing] = []
    outcomes: list[Outcome] = []
    path: Path | None = None
    for at in range(count):
        path = course.through(policy[at : at + 1], path)
        outcomes.append(observe(policy[at], path.months[-1]))
        seen = _Seen(start, axes, policy[: at + 1], tuple(outcomes), measures)
        new = fired(scenario, seen, firings)
        if not new:
            continue
        firings += new
        measures = enacted(scenario.measures, scenario.held, _deeds(firings))
        if at + 1 < count:
            changed = replace(scenario, measures=measures)
            rest = monthly_policy(start, axes, changed, policy[at].end, count - at - 1)
            rest = _joined(law[at], rest)
            law = (*law[: at + 1], *rest)
            policy = (*policy[: at + 1], *queued(start, changed, rest, pace)[0])
            licensed = queued(start, changed, law, pace)[1]
    if path is None:
        path = course.through(policy)
    return Ruled(law, policy, licensed, path, tuple(firings), measures)


def _joined(last: Month, rest: Sequence[Month]) -> tuple[Month, ...]:
    """Let the months under the law of `last` share its shock: a later act is no change yet."""
    first = rest[0]
    if first.specs != last.specs or first.shock.targets != last.shock.targets:
        return tuple(rest)
    for name in ("tariff_rate_cf", "iceberg_hat"):
        now, before = getattr(first.shock, name), getattr(last.shock, name)
        if (now is None) != (before is None):
            return tuple(rest)
        if now is not None and not np.allclose(now, before, rtol=0.0, atol=SAME):
            return tuple(rest)
    shared = (replace(one, shock=last.shock) if one.shock is first.shock else one for one in rest)
    return tuple(shared)


def _deeds(firings: Iterable[Firing]) -> list[Deed]:
    return [deed for firing in firings for deed in firing.deeds]


def fired(scenario: ResolvedScenario, seen: _Seen, earlier: Sequence[Firing]) -> list[Firing]:
    """Return what rules do at the end of a month; all look at the same months and the same law."""
    known = {firing.rule for firing in earlier}
    deeds = _deeds(earlier)
    now = enacted(scenario.measures, scenario.held, deeds)
    found = []
    for rule in sorted(scenario.rules, key=lambda one: one.id):
        if rule.id in known and not rule.repeat:
            continue
        firing = _firing(rule, seen)
        if firing is None:
            continue
        after = enacted(scenario.measures, scenario.held, [*deeds, *firing.deeds])
        if after != now:
            found.append(firing)
    return found


def _firing(rule: Rule, seen: _Seen) -> Firing | None:
    """What a rule would do now, or None if its condition does not hold."""
    day = seen.months[-1].end + dt.timedelta(rule.after_days)
    when, value = rule.when, None
    if isinstance(when, ActCondition):
        since = _since(when, seen)
        if since is None:
            return None
        day = max(seen.months[-1].end, since + dt.timedelta(rule.after_days))
        saw = f"{when.measure} {when.state.replace('-', ' ')} since {since}"
    else:
        values = [_value(when, seen, -back) for back in range(1, when.months + 1)]
        if not _met(when, values):
            return None
        value, saw = values[0], _watched(when)
    deeds = _planned(rule.then, seen, day)
    if not deeds:
        return None
    return Firing(rule.id, rule.title, f"{seen.months[-1].first:%Y-%m}", saw, value, deeds)


def _met(when: OutcomeCondition | PurchaseCondition, values: Sequence[float | None]) -> bool:
    limit = when.threshold if isinstance(when, OutcomeCondition) else when.threshold_pct
    sign = 1.0 if when.comparison == "above" else -1.0
    return all(value is not None and sign * (value - limit) > 0 for value in values)


def _watched(when: OutcomeCondition | PurchaseCondition) -> str:
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


def _value(when: OutcomeCondition | PurchaseCondition, seen: _Seen, at: int) -> float | None:
    if isinstance(when, PurchaseCondition):
        return _purchases(when, seen, at)
    return _outcome(when, seen, at)


def _outcome(when: OutcomeCondition, seen: _Seen, at: int) -> float | None:
    """Number of a month, counted from the last as -1; None before the path began."""
    if -at > len(seen.outcomes):
        return None
    key = _quantity(when)
    value = pick(seen.outcomes[at], [key])[key]
    if np.isnan(value):
        raise InputError(
            f"a rule watches {key.label}, which no path reports.",
            advice="Leave the partner or the sector out, or take another variable.",
        )
    return value


def _purchases(when: PurchaseCondition, seen: _Seen, at: int) -> float | None:
    """Percent of the promise bought in a month; None where nothing was promised then."""
    if -at > len(seen.outcomes):
        return None
    month = seen.months[at]
    promise = in_force(seen.measures, when.commitment, month.end - DAY)
    if not isinstance(promise, PurchaseCommitment):
        return None
    whole = promise.model_copy(update={"fulfilment": 1.0})
    (spec,) = targets((whole,), whole.first_day, seen.axes) or (None,)
    return None if spec is None else 100.0 * _bought(seen, spec, at) / spec.target.quantity_hat


def _bought(seen: _Seen, spec: TargetSpec, at: int) -> float:
    """Quantity of a flow in a month over that of 2024."""
    before = seen.start.equilibrium
    moved = 1.0 if before is None else quantity_hat(before, spec.target)
    return moved * quantity_hat(seen.outcomes[at].equilibrium, spec.target)


def _since(when: ActCondition, seen: _Seen) -> dt.date | None:
    """Day since which a measure has been in force, or over; None if it is not."""
    days = [month.end - DAY for month in seen.months[-when.months :]]
    if len(days) < when.months:
        return None
    stretches = [one for one in seen.measures if one.id == when.measure and one.switch != 0]
    if when.state == "in-force":
        if not all(any(one.in_force(day) for one in stretches) for day in days):
            return None
        return _begun(stretches, seen.last_day)
    ends = [one.end_day for one in stretches if one.end_day is not None]
    over = [end for end in ends if end <= days[0]]
    if not over or any(one.in_force(day) for one in stretches for day in days):
        return None
    return max(over)


def _begun(stretches: Sequence[Measure], day: dt.date) -> dt.date:
    """First day of the time in force that `day` lies in; stretches that touch are one."""
    first = next(one.first_day for one in stretches if one.in_force(day))
    while True:
        earlier = [one.first_day for one in stretches if one.end_day == first]
        if not earlier:
            return first
        first = min(earlier)


def _planned(then: Consequence, seen: _Seen, day: dt.date) -> tuple[Deed, ...]:
    """Deeds of a consequence on `day`."""
    deeds = [Deed(day, "start", name) for name in then.start_ids]
    deeds += [Deed(day, "stop", name) for name in then.stop]
    deeds += [Deed(day, "set", one.measure, one.field, one.value) for one in then.alter]
    for pair in then.match:
        deeds += _matched(pair, seen, day)
    return tuple(deeds)


def _matched(pair: Matching, seen: _Seen, day: dt.date) -> list[Deed]:
    """Raise a tariff to another's points, up to its cap; start it if it is not in force."""
    theirs = points_in_force(seen.measures, pair.other, seen.last_day)
    if theirs is None:
        return []
    wanted = min(theirs + pair.plus_pp, pair.cap_pp)
    if in_force(seen.measures, pair.measure, day) is not None:
        return [Deed(day, "set", pair.measure, "rate_pp", wanted, raises=True)]
    return [Deed(day, "start", pair.measure), Deed(day, "set", pair.measure, "rate_pp", wanted)]


def points_in_force(measures: Iterable[Measure], name: str, day: dt.date) -> float | None:
    """Points of a tariff on `day`, less what is suspended; None if it is not in force."""
    acts = tuple(measures)
    duty = in_force(acts, name, day)
    if not isinstance(duty, TariffMeasure):
        return None
    headline = duty.headline_pp(day)
    taken = sum(
        one.points_pp(headline)
        for one in acts
        if isinstance(one, TariffSuspension) and name in one.suspends and one.in_force(day)
    )
    return max(headline - taken, 0.0)


def rule_entries(
    scenario: ResolvedScenario, firings: Sequence[Firing] | None = None
) -> dict[str, Any]:
    """Return what the manifest says of the rules of a scenario; nothing if it has none.

    Parameters
    ----------
    firings
        What they did; None in a static run, in which they do nothing.
    """
    if not scenario.rules:
        return {}
    return {
        "rules": {
            "known": [_known(rule) for rule in scenario.rules],
            "static": firings is None,
            "firings": [_entry(firing) for firing in firings or ()],
        }
    }


def _known(rule: Rule) -> dict[str, Any]:
    basis = "assumption" if rule.assumed else "source"
    return {"id": rule.id, "title": rule.title, "basis": basis, "reason": rule.reason}


def _entry(firing: Firing) -> dict[str, Any]:
    deeds = [
        {
            "day": deed.day.isoformat(),
            "verb": deed.verb,
            "measure": deed.measure,
            **({"field": deed.field, "value": deed.value} if deed.verb == "set" else {}),
        }
        for deed in firing.deeds
    ]
    return {
        "rule": firing.rule,
        "title": firing.title,
        "month": firing.month,
        "saw": firing.saw,
        "value": firing.value,
        "deeds": deeds,
        "words": firing.words,
    }
