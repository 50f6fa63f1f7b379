"""What a rule does: acts that start, stop, are set, or match another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sim.engine.rule_conditions import Seen
from sim.policy.language.kinds import Measure
from sim.policy.language.kinds.tariff import TariffMeasure
from sim.policy.language.kinds.tariff_suspension import TariffSuspension
from sim.policy.language.rules import Consequence, Matching
from sim.policy.law.action_log import Action, in_force


def planned_actions(then: Consequence, seen: Seen, day: dt.date) -> tuple[Action, ...]:
    """Actions of a consequence on `day`."""
    actions = [Action(day, "start", name) for name in then.start_ids]
    actions += [Action(day, "stop", name) for name in then.stop]
    actions += [
        Action(day, "set", change.measure, change.field, change.value) for change in then.alter
    ]
    for pair in then.match:
        actions += _matched_actions(pair, seen, day)
    return tuple(actions)


def _matched_actions(pair: Matching, seen: Seen, day: dt.date) -> list[Action]:
    """Raise a tariff to another's points, up to its cap; start it if it is not in force."""
    theirs = points_in_force(seen.measures, pair.other, seen.last_day)
    if theirs is None:
        return []
    wanted = min(theirs + pair.plus_pp, pair.cap_pp)
    if in_force(seen.measures, pair.measure, day) is not None:
        return [Action(day, "set", pair.measure, "rate_pp", wanted, raises=True)]
    return [Action(day, "start", pair.measure), Action(day, "set", pair.measure, "rate_pp", wanted)]


def points_in_force(measures: Iterable[Measure], name: str, day: dt.date) -> float | None:
    """Points of a tariff on `day`, less what is suspended; None if it is not in force."""
    acts = tuple(measures)
    duty = in_force(acts, name, day)
    if not isinstance(duty, TariffMeasure):
        return None
    headline = duty.headline_pp(day)
    taken = sum(
        act.points_pp(headline)
        for act in acts
        if isinstance(act, TariffSuspension) and name in act.suspends and act.in_force(day)
    )
    return max(headline - taken, 0.0)
