"""What every measure has: an id, dates, a legal status, sources; and what a kind may add to it.

A kind of measure is one file in ``kinds/`` with one subclass of `Act`.  The methods here have
neutral answers; a kind overrides those that it has something to say to.  Nothing outside of its
file needs to know a new kind.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from sim.policy.language.fields import Id, Source, Strict, Text, refuse
from sim.policy.language.messages import Complaint
from sim.policy.language.names import Known, unknown_names
from sim.policy.language.traits import Spell, Traits

if TYPE_CHECKING:
    from sim.pair import Pair
    from sim.policy.axes import Axes
    from sim.policy.language.effects import RealCost, TargetSpec
    from sim.policy.language.stacking import Authority

Status = Literal["threatened", "announced", "in-force", "suspended", "lapsed", "void"]
Months = Annotated[int, Field(ge=1, le=120)]


def add_months(day: dt.date, months: int) -> dt.date:
    """Same day of a later month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in range(day.day, 27, -1):
        try:
            return dt.date(year, month + 1, last)
        except ValueError:
            continue
    return dt.date(year, month + 1, day.day)


class Act(Strict):
    """One legal act, commitment or assumption, dated and sourced."""

    traits: ClassVar[Traits]
    """Facts of the kind: its words, its unit, its fields for lists, forms and charts."""

    kind: str
    id: Id
    """Name of the file without .yaml."""
    title: Text
    """A few words for lists and reports."""
    start: dt.date
    """First day in force."""
    end: dt.date | None = None
    """First day no longer in force; null is open."""
    announced: dt.date | None = None
    """Day on which it became known, where that was before its start; from then on importers may
    buy ahead of it.  Absent: known on its first day, a surprise."""
    status: Status
    """Legal status as of `as_of`; it labels, and never changes what a listed measure does."""
    as_of: dt.date | None = None
    """Day up to which the sources of the status were read, which is not the day of writing."""
    sources: tuple[Source, ...] = ()
    """Facts of articles, and public pages with their grades."""
    assumed: bool = False
    """True where no act or article stands behind it; needs `reason`."""
    reason: str = ""
    """Why it is assumed."""
    switch: Annotated[int, Field(ge=0, le=1)] | None = None
    """1 on, 0 off, for what is not established (memory, unknown, planned); a lever moves it.
    Absent: an established fact, in force by its dates alone."""
    note: str = ""
    """Anything else that a reader should know."""

    @model_validator(mode="before")
    @classmethod
    def _start_of_steps(cls, content: Any) -> Any:  # noqa: ANN401  unvalidated input
        steps = content.get("steps") if isinstance(content, dict) else None
        if isinstance(steps, (tuple, list)) and steps and "start" not in content:
            first = steps[0]
            start = first.get("start") if isinstance(first, dict) else None
            return {**content, "start": start}
        return content

    @field_validator("end")
    @classmethod
    def _ends_later(cls, end: dt.date | None, info: Any) -> dt.date | None:  # noqa: ANN401
        start = info.data.get("start")
        if end is not None and start is not None and end <= start:
            refuse(f"the measure ends on {end}, not after its start {start}.", "Write a later day.")
        return end

    @field_validator("announced")
    @classmethod
    def _known_before(cls, day: dt.date | None, info: Any) -> dt.date | None:  # noqa: ANN401
        start = info.data.get("start")
        if day is not None and start is not None and day > start:
            refuse(f"announced on {day}, after its start {start}.", "Write an earlier day.")
        return day

    @model_validator(mode="after")
    def _is_sourced(self) -> Act:
        if self.assumed and not self.reason:
            refuse("an assumption without a reason.", "Add reason: ...")
        if not self.sources and not self.assumed:
            refuse("no source.", "Add sources: [...], or assumed: true with a reason.")
        return self

    # --- when ------------------------------------------------------------------------------------

    @property
    def first_day(self) -> dt.date:
        """First day in force."""
        return self.start

    @property
    def end_day(self) -> dt.date | None:
        """First day no longer in force, or None."""
        return self.end

    def in_force(self, day: dt.date) -> bool:
        """Tell whether `day` lies in the half-open interval; never if switched off."""
        if self.switch == 0:
            return False
        return self.first_day <= day and (self.end_day is None or day < self.end_day)

    @property
    def turning_days(self) -> tuple[dt.date, ...]:
        """Days on which it begins or its size changes."""
        return (self.first_day,)

    def shifted(self, days: int) -> Self:
        """Return the measure with all its dates moved by so many days."""
        move = dt.timedelta(days)
        end = None if self.end is None else self.end + move
        return self.model_copy(update={"start": self.start + move, "end": end})

    def begun(self, day: dt.date) -> Self:
        """Return the measure with `day` as its first day in force, as long as it was."""
        return self.shifted((day - self.start).days)

    def within(self, first: dt.date, end: dt.date | None) -> Self:
        """Return the part of the measure from `first` to the day before `end`."""
        update: dict[str, Any] = {"start": first, "end": end}
        if self.traits.length is not None:
            field, empty = self.traits.length
            update[field] = empty
        return self.model_copy(update=update)

    def undated(self) -> dict[str, Any]:
        """Everything that the measure states but when it holds."""
        length = () if self.traits.length is None else self.traits.length[:1]
        return self.model_dump(exclude={"start", "end", *length})

    # --- who and how much ------------------------------------------------------------------------

    def actors(
        self,
        others: Mapping[str, Act],
        authorities: Mapping[str, Authority],
    ) -> frozenset[str]:
        """Regions that act; none where the measure does not name any.

        Parameters
        ----------
        others
            All measures of the scenario by id.
        authorities
            Legal bases by id.
        """
        codes = () if self.traits.by is None else getattr(self, self.traits.by)
        if isinstance(codes, str):
            return frozenset() if codes == "all" else frozenset({codes})
        return frozenset(codes)

    def concerns(self, pair: Pair) -> bool:
        """Tell whether it is about the trade of two countries with each other."""
        return True

    @property
    def legal_basis(self) -> str | None:
        """Id of the authority of a duty; None for other kinds."""
        return None

    def amount(self, day: dt.date) -> float | None:
        """Size on `day` in the unit of the kind; None where no single number tells it."""
        amounts = (getattr(self, field) for field in self.traits.amount_fields)
        return next((float(amount) for amount in amounts if amount is not None), None)

    @property
    def amount_unit(self) -> str:
        """Unit of `amount`, which may depend on the form in which the size is stated."""
        return self.traits.unit

    @property
    def size(self) -> str:
        """Its size in a few words, such as ``25 percent of the flow``."""
        return ""

    def spells(self) -> tuple[Spell, ...]:
        """Stretches of time on which its size is one, in order."""
        return (Spell(self.first_day, self.end_day, self.size),)

    # --- as a form writes it ---------------------------------------------------------------------

    @classmethod
    def is_list(cls, field: str) -> bool:
        """Tell whether a field holds a list of codes or ids."""
        return "tuple[" in str(cls.model_fields[field].annotation)

    @classmethod
    def with_amount(cls, content: Mapping[str, Any], amount: float) -> dict[str, Any]:
        """Return the content of a measure with another amount, in the form that it has."""
        fields = cls.traits.amount_fields
        given = (field for field in fields if content.get(field) is not None)
        return {**content, next(given, fields[0]): amount}

    @classmethod
    def with_start(
        cls,
        content: Mapping[str, Any],
        start: dt.date,
        amount: float | None,  # for kinds whose amount has dates of its own
    ) -> dict[str, Any]:
        """Return the content of a measure that is in force from `start` with one `amount`."""
        return {**content, "start": start}

    @classmethod
    def with_end(cls, content: Mapping[str, Any], end: dt.date | None) -> dict[str, Any]:
        """Return the content of a measure that ends on `end`, in place of a stated length."""
        length = () if cls.traits.length is None else cls.traits.length[:1]
        return {**{key: value for key, value in content.items() if key not in length}, "end": end}

    # --- what it does ----------------------------------------------------------------------------

    def quantity_target(self, axes: Axes) -> TargetSpec | None:
        """Quantity target that it sets while in force, or None."""
        return None

    def real_cost(self) -> RealCost | None:
        """Real trade cost that it adds while in force, or None."""
        return None

    def points_off(self, duty: Act, headline_pp: float) -> float:
        """Points that it takes off a duty of `headline_pp` while in force."""
        return 0.0

    def lets_out_of(self, duty: Act) -> bool:
        """Tell whether it lets goods out of a duty."""
        return False

    def takes_all_of(self, duty: Act) -> bool:
        """Tell whether it leaves nothing of a duty while in force."""
        return False

    @property
    def changes_nothing(self) -> bool:
        """Tell whether it says something that cannot change a number, whatever its dates."""
        return False

    def numbers(self) -> dict[str, Any]:
        """What can change a number, in plain form, for the digest of a scenario."""
        fields = type(self).model_fields
        later = self.traits.added_later
        content = self.model_dump(mode="json", exclude={**ONLY_WORDS, **self.traits.only_words})
        return {
            key: value
            for key, value in content.items()
            if key not in later or getattr(self, key) != fields[key].default
        }

    # --- what is wrong with it -------------------------------------------------------------------

    def problems(self, known: Known) -> Iterator[Complaint]:
        """Complain of what the schema cannot see: names that do not exist."""
        yield from unknown_names(self, known)

    def problems_beside(self, others: Mapping[str, Act]) -> Iterator[Complaint]:
        """Complain of what does not fit the other measures of a scenario.

        Parameters
        ----------
        others
            All measures of the scenario by id, this one among them; what two of them do to each
            other, the later one complains of.
        """
        yield from ()

    def overlaps(self, other: Act) -> bool:
        """Tell whether there is a day on which both may be in force."""
        far = dt.date.max
        start = max(self.first_day, other.first_day)
        return start < min(self.end_day or far, other.end_day or far)


ONLY_WORDS: Mapping[str, Any] = dict.fromkeys(
    ("title", "note", "reason", "sources", "status", "as_of", "announced"), True
)
"""Fields of every measure that say something and change no equilibrium.

The day of an announcement moves what is bought ahead around a path, and no equilibrium.
"""


def listed_before(others: Mapping[str, Act], measure: Act) -> Iterator[Act]:
    """Measures that stand before `measure` among the measures of a scenario."""
    for other in others.values():
        if other is measure:
            return
        yield other


class LastingAct(Act):
    """An act that may be given a length in place of an end."""

    duration_months: Annotated[int, Field(ge=0, le=120)] = 0
    """Length in months, in place of `end`; 0 is open, or until `end`."""

    @model_validator(mode="after")
    def _one_end(self) -> LastingAct:
        if self.duration_months and self.end is not None:
            refuse("both duration_months and end.", "Write one of them.")
        return self

    @property
    def end_day(self) -> dt.date | None:
        """First day no longer in force, or None."""
        if not self.duration_months:
            return self.end
        return add_months(self.start, self.duration_months)
