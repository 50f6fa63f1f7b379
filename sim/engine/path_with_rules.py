"""A path with rules: solved month by month, and what follows from each month is law in the next.

After a month is solved all rules look at the months so far and at the law as it stands; what they
find goes into the action log together (`sim.policy.law.action_log`), and the law of the months to
come is made anew.  So nothing happens at once, and the order of rules is irrelevant.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.engine.border.licences import Licensed, queued
from sim.engine.months import Month, Schedule, monthly_policy
from sim.engine.pace import Pace
from sim.engine.rule_actions import planned_actions
from sim.engine.rule_conditions import Seen, act_since, is_met, watched_value, watched_words
from sim.engine.start import Start
from sim.model import Equilibrium
from sim.model.path.transition import TransitionPath
from sim.outputs.outcome import Outcome
from sim.policy.language.kinds import Measure
from sim.policy.language.rules import ActCondition, Rule
from sim.policy.law.action_log import Action, enacted
from sim.policy.law.law import Law
from sim.policy.library.loader import ResolvedScenario

SAME = 1e-12
"""Rates that differ by less are the same."""

Observe = Callable[[int, Month, Equilibrium], Outcome]
"""Turns a solved month, with its position from 0, into what it reports."""


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
    actions: tuple[Action, ...]

    @property
    def words(self) -> str:
        """One sentence."""
        seen = "" if self.value is None else f" {self.value:.4g}"
        return f"{self.month}: {self.title} ({self.saw}{seen}); {self.done}."

    @property
    def done(self) -> str:
        """What it did, in words."""
        return ", ".join(action.words for action in self.actions)


@dataclass(frozen=True, eq=False)
class Ruled:
    """A path and the law that rules have made of it."""

    law: tuple[Month, ...]
    policy: tuple[Month, ...]
    """The law, with what queues of licences let through."""
    licensed: tuple[Licensed, ...]
    path: TransitionPath
    firings: tuple[Firing, ...]
    measures: tuple[Measure, ...]
    """With their dates, as the rules have left them."""


def solve_ruled(  # noqa: PLR0913  what a path is solved from
    start: Start,
    scenario: ResolvedScenario,
    law: Law,
    first: dt.date,
    count: int,
    pace: Pace,
    observe: Observe,
) -> Ruled:
    """Solve `count` months, from that of the day `first`, of a scenario that has rules.

    Parameters
    ----------
    law
        Of the scenario before any rule has acted.
    observe
        Turns a solved month into an outcome; targets may be left out.

    Raises
    ------
    InputError
        If `count` is not a number of months, or a rule watches a number that no path reports.
    NotConverged
        If a month has no solution.
    """
    measures = enacted(scenario.measures, scenario.held, ())
    legal = monthly_policy(start, law, first, count)
    policy, licensed = queued(start, scenario.measures, legal, pace)
    schedule = Schedule(start, pace)
    firings: list[Firing] = []
    outcomes: list[Outcome] = []
    path: TransitionPath | None = None
    for position in range(count):
        path = schedule.through(policy[position : position + 1], path)
        outcomes.append(observe(position, policy[position], path.months[-1]))
        seen = Seen(start, law.axes, policy[: position + 1], tuple(outcomes), measures)
        new = fired(scenario, seen, firings)
        if not new:
            continue
        firings += new
        measures = enacted(scenario.measures, scenario.held, _actions(firings))
        left = count - position - 1
        if left:
            rest = monthly_policy(start, law.with_measures(measures), policy[position].end, left)
            rest = _joined(legal[position], rest)
            legal = (*legal[: position + 1], *rest)
            policy = (*policy[: position + 1], *queued(start, measures, rest, pace)[0])
            licensed = queued(start, measures, legal, pace)[1]
    if path is None:
        path = schedule.through(policy)
    return Ruled(legal, policy, licensed, path, tuple(firings), measures)


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
    shared = (
        replace(month, shock=last.shock) if month.shock is first.shock else month for month in rest
    )
    return tuple(shared)


def _actions(firings: Iterable[Firing]) -> list[Action]:
    return [action for firing in firings for action in firing.actions]


def fired(scenario: ResolvedScenario, seen: Seen, earlier: Sequence[Firing]) -> list[Firing]:
    """Return what rules do at the end of a month; all look at the same months and the same law."""
    known = {firing.rule for firing in earlier}
    actions = _actions(earlier)
    now = enacted(scenario.measures, scenario.held, actions)
    firings = []
    for rule in sorted(scenario.rules, key=lambda rule: rule.id):
        if rule.id in known and not rule.repeat:
            continue
        firing = _firing(rule, seen)
        if firing is None:
            continue
        after = enacted(scenario.measures, scenario.held, [*actions, *firing.actions])
        if after != now:
            firings.append(firing)
    return firings


def _firing(rule: Rule, seen: Seen) -> Firing | None:
    """What a rule would do now, or None if its condition does not hold."""
    day = seen.months[-1].end + dt.timedelta(rule.after_days)
    when, value = rule.when, None
    if isinstance(when, ActCondition):
        since = act_since(when, seen)
        if since is None:
            return None
        day = max(seen.months[-1].end, since + dt.timedelta(rule.after_days))
        saw = f"{when.measure} {when.state.replace('-', ' ')} since {since}"
    else:
        values = [watched_value(when, seen, -back) for back in range(1, when.months + 1)]
        if not is_met(when, values):
            return None
        value, saw = values[0], watched_words(when)
    actions = planned_actions(rule.then, seen, day)
    if not actions:
        return None
    return Firing(rule.id, rule.title, f"{seen.months[-1].first:%Y-%m}", saw, value, actions)


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
    actions = [
        {
            "day": action.day.isoformat(),
            "verb": action.verb,
            "measure": action.measure,
            **({"field": action.field, "value": action.value} if action.verb == "set" else {}),
        }
        for action in firing.actions
    ]
    return {
        "rule": firing.rule,
        "title": firing.title,
        "month": firing.month,
        "saw": firing.saw,
        "value": firing.value,
        "actions": actions,
        "words": firing.words,
    }
