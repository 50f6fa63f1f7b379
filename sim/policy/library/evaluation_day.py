"""The day that a static run is evaluated on, and what to say where no own measure applies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sim.policy.language.kinds import Measure


def evaluation_day(inherited: dt.date | None, own: Iterable[Measure]) -> dt.date | None:
    """Return the day on which a scenario is evaluated that states none.

    It is the inherited one; or, if all its own measures start later, the day on which the last of
    them starts, as the answer would else be that nothing changes.
    """
    days = [measure.first_day for measure in own if _acts(measure)]
    if inherited is None or not days or min(days) <= inherited:
        return inherited
    return max(days)


def day_notice(
    own: Iterable[Measure], day: dt.date, inherited: dt.date | None = None
) -> str | None:
    """Say that no measure of the scenario's own is in force on its day, or that the day was moved.

    Parameters
    ----------
    inherited
        The day that the scenario would have had, where `evaluation_day` has moved it.
    """
    if inherited is not None:
        return (
            f"evaluated on {day}, when the last of its own measures starts: the file states no "
            f"date, and on {inherited}, which it would take over, none of them is in force"
        )
    acting = [measure for measure in own if _acts(measure)]
    if not acting or any(measure.in_force(day) for measure in acting):
        return None
    first = min(measure.first_day for measure in acting)
    ends = [measure.end_day for measure in acting if measure.end_day is not None]
    when = f"the first starts on {first}" if first > day else f"the last ended on {max(ends)}"
    if first <= day < max(measure.first_day for measure in acting):
        when = "some are over, and the others have yet to start"
    return (
        f"none of its own measures is in force on {day}, the day of this answer ({when}): "
        f"what changes here is not their effect"
    )


def _acts(measure: Measure) -> bool:
    """Tell whether a measure does anything: records do not, nor what is switched off."""
    return not measure.traits.is_record and measure.switch != 0
