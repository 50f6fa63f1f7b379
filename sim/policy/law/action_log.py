"""Acts that rules add to a scenario, turned into dated measures.

The answer depends on the set of acts and not on the order in which they were found: on one day
measures begin first, then numbers are set, the higher of two last, then measures end.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from sim.policy.language.kinds import Measure
from sim.policy.law.dating import begun, ended, onwards
from sim.policy.library.rulechecks import as_field

Verb = Literal["start", "set", "stop"]
_ORDER: Mapping[Verb, int] = {"start": 0, "set": 1, "stop": 2}


@dataclass(frozen=True)
class Deed:
    """One act on one measure: it begins, ends, or has a number set."""

    day: dt.date
    """First day of the act."""
    verb: Verb
    measure: str
    field: str = ""
    value: float = 0.0
    raises: bool = False
    """True: the number is only ever raised."""

    @property
    def order(self) -> tuple[dt.date, int, str, str, float, bool]:
        """Place among all deeds, whoever found them first."""
        return self.day, _ORDER[self.verb], self.measure, self.field, self.value, self.raises

    @property
    def words(self) -> str:
        """The deed in words, such as ``starts cn-mirror on 2026-01-01``."""
        if self.verb == "set":
            return f"sets {self.measure}.{self.field} to {self.value:g} from {self.day}"
        verb = {"start": "starts", "stop": "stops"}[self.verb]
        return f"{verb} {self.measure} on {self.day}"


def enacted(
    measures: Iterable[Measure], held: Iterable[Measure], deeds: Iterable[Deed]
) -> tuple[Measure, ...]:
    """Return the measures of a scenario after all `deeds`, each with its dates.

    A measure that begins twice, or whose numbers change, stands there once for each stretch of
    time, under the same id; its stretches do not overlap.

    Parameters
    ----------
    held
        Measures that are in force only when a deed starts them.
    """
    listed = {measure.id: measure for measure in measures}
    texts = listed | {measure.id: measure for measure in held}
    stretches = {name: [listed[name]] if name in listed else [] for name in texts}
    for deed in sorted(set(deeds), key=lambda one: one.order):
        stretches[deed.measure] = _after(stretches[deed.measure], deed, texts[deed.measure])
    return tuple(one for name in sorted(stretches) for one in stretches[name])


def _after(stretches: list[Measure], deed: Deed, text: Measure) -> list[Measure]:
    if deed.verb == "stop":
        cut = (ended(one, deed.day) for one in stretches)
        return [one for one in cut if one is not None]
    if deed.verb == "set":
        return [part for one in stretches for part in _set(one, deed)]
    if any(one.in_force(deed.day) for one in stretches):
        return stretches
    earlier = [one for one in stretches if one.first_day < deed.day]
    return [*earlier, begun(text, deed.day)]


def _set(measure: Measure, deed: Deed) -> list[Measure]:
    """Cut a stretch in two where a number changes within it."""
    now = getattr(measure, deed.field)
    over = measure.end_day is not None and measure.end_day <= deed.day
    if over or now == deed.value or (deed.raises and now is not None and now > deed.value):
        return [measure]
    rest = onwards(measure, deed.day, {deed.field: as_field(measure, deed.field, deed.value)})
    before = ended(measure, deed.day)
    return [rest] if before is None else [before, rest]


def in_force(measures: Iterable[Measure], name: str, day: dt.date) -> Measure | None:
    """Return the stretch of a measure that is in force on `day`, or None."""
    return next((one for one in measures if one.id == name and one.in_force(day)), None)
