"""The measure kinds: one legal act, commitment or assumption each, dated and sourced."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from sim.policy.fields import (
    Codes,
    Coverage,
    Id,
    Points,
    Share,
    Source,
    Step,
    Strict,
    Text,
    refuse,
)

Status = Literal["threatened", "announced", "in-force", "suspended", "lapsed", "void"]
Months = Annotated[int, Field(ge=1, le=120)]

RATE_LIMIT = 2.0
"""Largest `rate` as a fraction (200 %); above it someone has written points."""


def add_months(day: dt.date, months: int) -> dt.date:
    """Same day of a later month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in range(day.day, 27, -1):
        try:
            return dt.date(year, month + 1, last)
        except ValueError:
            continue
    return dt.date(year, month + 1, day.day)


class _Measure(Strict):
    """One legal act, commitment or assumption, dated and sourced."""

    id: Id
    title: Text
    start: dt.date
    """First day in force."""
    end: dt.date | None = None
    """First day no longer in force; null is open."""
    status: Status
    """Legal status as of `as_of`; it labels, and never changes what a listed measure does."""
    as_of: dt.date | None = None
    sources: tuple[Source, ...] = ()
    assumed: bool = False
    """True where no act or article stands behind it; needs `reason`."""
    reason: str = ""
    note: str = ""

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

    @model_validator(mode="after")
    def _is_sourced(self) -> _Measure:
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
        """Tell whether `day` lies in the half-open interval of the measure."""
        return self.first_day <= day and (self.end_day is None or day < self.end_day)


class TariffMeasure(_Measure):
    """A duty that adds to the others (or, with `total_rate_pp`, stands for all of them)."""

    kind: Literal["tariff"]
    authority: Id
    """Legal basis; the names and how they stack are in stacking.yaml."""
    importer: str
    exporters: Codes
    exporters_except: tuple[str, ...] = ()
    sectors: Codes = "all"
    coverage: Coverage
    rate_pp: Points | None = None
    """Percentage points of customs value."""
    rate: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    """The same as a fraction."""
    steps: tuple[Step, ...] | None = None
    rate_schedule: str | None = None
    """Named table of rates by exporter and sector."""
    total_rate_pp: Points | None = None
    """The whole duty, all authorities together, in place of their sum."""

    @field_validator("rate")
    @classmethod
    def _is_fraction(cls, rate: float | None) -> float | None:
        if rate is not None and rate > RATE_LIMIT:
            refuse(
                f"found rate: {rate:g}, and a rate is a fraction of customs value.",
                f"For {rate:g} percent write rate_pp: {rate:g} or rate: {rate / 100:g}.",
            )
        return rate

    @field_validator("steps")
    @classmethod
    def _steps_ascend(cls, steps: tuple[Step, ...] | None) -> tuple[Step, ...] | None:
        if steps is not None and not steps:
            refuse("no step.", "Write [{start: 2025-02-04, rate_pp: 10}].")
        for earlier, later in zip(steps or (), (steps or ())[1:], strict=False):
            if later.start <= earlier.start:
                refuse(
                    f"the step of {later.start} does not come after that of {earlier.start}.",
                    "Steps overlap: write each start once, in order.",
                )
        return steps

    @model_validator(mode="after")
    def _one_rate(self) -> TariffMeasure:
        forms = ("rate_pp", "rate", "steps", "rate_schedule", "total_rate_pp")
        given = [name for name in forms if getattr(self, name) is not None]
        if len(given) != 1:
            refuse(
                f"found {' and '.join(given) or 'no rate'}.", f"Write one of {', '.join(forms)}."
            )
        if self.steps is not None:
            self._steps_fit(self.steps)
        return self

    def _steps_fit(self, steps: tuple[Step, ...]) -> None:
        if steps[0].start != self.start:
            refuse(
                f"the first step starts on {steps[0].start}, the measure on {self.start}.",
                "Leave start out: the first step sets it.",
            )
        if self.end is not None and steps[-1].start >= self.end:
            refuse(f"the step of {steps[-1].start} starts after the end {self.end}.", "Remove it.")

    def headline_pp(self, day: dt.date) -> float:
        """Rate in points on `day` before coverage; 0 for schedules and when not in force."""
        if not self.in_force(day):
            return 0.0
        if self.steps is not None:
            return next(s.rate_pp for s in reversed(self.steps) if s.start <= day)
        if self.rate is not None:
            return 100.0 * self.rate
        return self.rate_pp or 0.0

    @property
    def turning_days(self) -> tuple[dt.date, ...]:
        """Days on which the rate changes, from the start on."""
        return (self.start, *(step.start for step in (self.steps or ())[1:]))


class TariffSuspension(_Measure):
    """Takes points off other measures for a time: the truce."""

    kind: Literal["tariff-suspension"]
    suspends: tuple[Id, ...] = Field(min_length=1)
    """Ids of the tariffs."""
    suspended_pp: Points | None = None
    """Points taken off."""
    remaining_pp: Points | None = None
    """Or: points that remain."""
    months: Months | None = None
    """Length, in place of `end`."""

    @model_validator(mode="after")
    def _one_form(self) -> TariffSuspension:
        if (self.suspended_pp is None) == (self.remaining_pp is None):
            refuse("a suspension needs one size.", "Write suspended_pp or remaining_pp.")
        if self.months is not None and self.end is not None:
            refuse("both months and end.", "Write one of them.")
        return self

    @property
    def end_day(self) -> dt.date | None:
        """First day no longer in force, or None."""
        return self.end if self.months is None else add_months(self.start, self.months)

    def points_pp(self, headline_pp: float) -> float:
        """Points taken off a tariff whose headline is `headline_pp`."""
        if self.suspended_pp is not None:
            return self.suspended_pp
        return headline_pp - (self.remaining_pp or 0.0)


class ExportLicence(_Measure):
    """A licence that cuts the exporter's total volume to a set of buyers."""

    kind: Literal["export-licence"]
    exporter: str
    importers: Codes
    sectors: Codes
    volume_change_pct: Annotated[float, Field(ge=-99.99, le=0, allow_inf_nan=False)]
    """Change of the summed quantity; 0 is no cap."""
    rent_share: Share = 1.0
    """Part of the price gap that the exporter keeps; the rest is burnt in queues."""
    delay_months: Annotated[int, Field(ge=0, le=120)] = 0
    """Months by which the start is put off."""

    @property
    def first_day(self) -> dt.date:
        """First day in force, after the delay."""
        return add_months(self.start, self.delay_months)

    @property
    def end_day(self) -> dt.date | None:
        """First day no longer in force, moved by the delay like the start."""
        return None if self.end is None else add_months(self.end, self.delay_months)


class ExportBan(_Measure):
    """A ban on an exporter's sales to a set of buyers."""

    kind: Literal["export-ban"]
    exporter: str
    importers: Codes
    sectors: Codes


class Comparator(Strict):
    """A tonnage that a commitment is set beside."""

    label: Text
    mmt: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    source: Source


class PurchaseCommitment(_Measure):
    """A promise to buy at least so many million tonnes a year."""

    kind: Literal["purchase-commitment"]
    importer: str
    exporter: str
    sectors: Codes
    mmt: Annotated[float, Field(ge=0, le=500, allow_inf_nan=False)]
    """Million tonnes a year."""
    fulfilment: Annotated[float, Field(ge=0, le=1.5, allow_inf_nan=False)] = 1.0
    """Part of the promise that is bought."""
    price_usd_t: Annotated[float, Field(gt=0, le=10000, allow_inf_nan=False)]
    """Price for stating the value; the floor is on quantity."""
    reference_mmt: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    """Tonnage of the same flow in 2024."""
    comparators: tuple[Comparator, ...] = ()


class TradeCost(_Measure):
    """A real cost of trading (port fees, checks): burns resources and pays nobody."""

    kind: Literal["trade-cost"]
    importers: Codes
    exporters: Codes
    sectors: Codes = "all"
    cost_pct: Annotated[float, Field(gt=-100, le=1000, allow_inf_nan=False)]
    """Change of the real trade cost, percent of the value shipped."""


Measure = (
    TariffMeasure | TariffSuspension | ExportLicence | ExportBan | PurchaseCommitment | TradeCost
)
KINDS: dict[str, type[Measure]] = {
    "tariff": TariffMeasure,
    "tariff-suspension": TariffSuspension,
    "export-licence": ExportLicence,
    "export-ban": ExportBan,
    "purchase-commitment": PurchaseCommitment,
    "trade-cost": TradeCost,
}
