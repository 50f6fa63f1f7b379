"""The log of what rules do to a scenario, turned into dated measures.

The answer depends on the set of actions and not on the order in which they were found: on one day
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
class Action:
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
        """Place among all actions, whoever found them first."""
        return self.day, _ORDER[self.verb], self.measure, self.field, self.value, self.raises

    @property
    def words(self) -> str:
        """The action in words, such as ``starts cn-mirror on 2026-01-01``."""
        if self.verb == "set":
            return f"sets {self.measure}.{self.field} to {self.value:g} from {self.day}"
        verb = {"start": "starts", "stop": "stops"}[self.verb]
        return f"{verb} {self.measure} on {self.day}"


def enacted(
    measures: Iterable[Measure], held: Iterable[Measure], actions: Iterable[Action]
) -> tuple[Measure, ...]:
    """Return the measures of a scenario after all `actions`, each with its dates.

    A measure that begins twice, or whose numbers change, stands there once for each stretch of
    time, under the same id; its stretches do not overlap.

    Parameters
    ----------
    held
        Measures that are in force only when an action starts them.
    """
    listed = {measure.id: measure for measure in measures}
    texts = listed | {measure.id: measure for measure in held}
    stretches = {name: [listed[name]] if name in listed else [] for name in texts}
    for action in sorted(set(actions), key=lambda action: action.order):
        name = action.measure
        stretches[name] = _after(stretches[name], action, texts[name])
    return tuple(stretch for name in sorted(stretches) for stretch in stretches[name])


def _after(stretches: list[Measure], action: Action, text: Measure) -> list[Measure]:
    """Stretches of a measure after one action; `text` is the measure as it is written."""
    if action.verb == "stop":
        kept = (ended(stretch, action.day) for stretch in stretches)
        return [stretch for stretch in kept if stretch is not None]
    if action.verb == "set":
        return [part for stretch in stretches for part in _set(stretch, action)]
    if any(stretch.in_force(action.day) for stretch in stretches):
        return stretches
    earlier = [stretch for stretch in stretches if stretch.first_day < action.day]
    return [*earlier, begun(text, action.day)]


def _set(stretch: Measure, action: Action) -> list[Measure]:
    """Cut a stretch in two where a number changes within it."""
    field, value = action.field, action.value
    current = getattr(stretch, field)
    is_over = stretch.end_day is not None and stretch.end_day <= action.day
    is_higher = action.raises and current is not None and current > value
    if is_over or current == value or is_higher:
        return [stretch]
    rest = onwards(stretch, action.day, {field: as_field(stretch, field, value)})
    before = ended(stretch, action.day)
    return [rest] if before is None else [before, rest]


def in_force(measures: Iterable[Measure], name: str, day: dt.date) -> Measure | None:
    """Return the stretch of a measure that is in force on `day`, or None."""
    stretches = (measure for measure in measures if measure.id == name)
    return next((stretch for stretch in stretches if stretch.in_force(day)), None)
