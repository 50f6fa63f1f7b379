"""What every measure has: an id, dates, a legal status, sources, and perhaps a switch."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from sim.policy.language.fields import Id, Source, Strict, Text, refuse

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
    """Day as of which the status is known."""
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
