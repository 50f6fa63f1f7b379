"""Measures that change nothing where they are listed: most often a date or a scope gone wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sim.policy.language.kinds import Measure
from sim.policy.language.kinds.tariff import TariffMeasure
from sim.policy.law.law import Law


def idle_warnings(
    law: Law, day: dt.date, own: Iterable[str], moved: Iterable[str] = ()
) -> tuple[str, ...]:
    """Sentences on the measures of `own` without which `day` would look the same.

    Read from what the law worked out for the day.  Records such as threats are
    left out: they change nothing anywhere.

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
    effective = law.effective(day)
    return tuple(
        _sentence(measure, day)
        for measure in sorted(law.measures, key=lambda measure: measure.id)
        if measure.id in wanted and measure.id not in effective and not measure.traits.is_record
    )


def _sentence(measure: Measure, day: dt.date) -> str:
    if day < measure.first_day:
        why = f"it starts on {measure.first_day}"
    elif measure.end_day is not None and measure.end_day <= day:
        why = f"it ended on {measure.end_day}"
    else:
        why = "nothing that it touches is traded, or other measures cover it"
    return f"{measure.id} changes nothing on {day}: {why}"


def carried_warnings(law: Law, day: dt.date) -> tuple[str, ...]:
    """Sentences on the duties in force on `day` that fall on a part of a sector of the baseline."""
    duties = (
        measure
        for measure in sorted(law.measures, key=lambda measure: measure.id)
        if isinstance(measure, TariffMeasure) and measure.in_force(day)
    )
    return tuple(
        f"{duty.id} names {part}, which this baseline holds inside {whole}: it falls on that part "
        f"of {whole}, as large as in the shipped tables"
        for duty in duties
        for whole, part in law.axes.wholes(duty.sectors).items()
    )
