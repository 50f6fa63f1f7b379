"""Measures that change nothing where they are listed: most often a date or a scope gone wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import numpy as np

from sim.policy.language.kinds import Measure
from sim.policy.language.kinds.threat import Threat
from sim.policy.law.calendar import Law
from sim.policy.law.nontariff import iceberg_hat, targets

SMALLEST_RATE = 1e-9
"""Rates that differ by less are the same."""


def idle_warnings(
    law: Law, day: dt.date, own: Iterable[str], moved: Iterable[str] = ()
) -> tuple[str, ...]:
    """Sentences on the measures of `own` without which `day` would look the same.

    Threats are left out: they are records, and change nothing anywhere.

    Parameters
    ----------
    law
        All measures of the scenario, and the tables.
    own
        Ids that the scenario itself lists; what it inherits is its parent's affair.
    moved
        Ids that a lever moves: at zero they are switches that are off, which is no mistake.
    """
    wanted = frozenset(own) - frozenset(moved)
    return tuple(
        _sentence(measure, day)
        for measure in sorted(law.measures, key=lambda one: one.id)
        if measure.id in wanted
        and not isinstance(measure, Threat)
        and not _matters(measure, law, day)
    )


def _sentence(measure: Measure, day: dt.date) -> str:
    if day < measure.first_day:
        why = f"it starts on {measure.first_day}"
    elif measure.end_day is not None and measure.end_day <= day:
        why = f"it ended on {measure.end_day}"
    else:
        why = "nothing that it touches is traded, or other measures cover it"
    return f"{measure.id} changes nothing on {day}: {why}"


def _matters(measure: Measure, law: Law, day: dt.date) -> bool:
    if not measure.in_force(day):
        return False
    others = tuple(one for one in law.measures if one.id != measure.id)
    if targets((measure,), day, law.axes):
        return True
    cost = iceberg_hat(law.measures, day, law.axes) != iceberg_hat(others, day, law.axes)
    if cost.any():
        return True
    change = np.abs(law.rate(day) - law.with_measures(others).rate(day))
    return bool((change > SMALLEST_RATE).any())
