"""The measure kinds: one legal act, commitment or assumption each, dated and sourced."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from sim.policy.language.act import Act, LastingAct, Months, add_months
from sim.policy.language.controls import (
    Comparator,
    ExportBan,
    ExportLicence,
    PurchaseCommitment,
    Queue,
    TechnologyControl,
    Threat,
    TradeCost,
)
from sim.policy.language.fields import Codes, Coverage, Id, Points, Step, refuse

__all__ = [
    "KINDS",
    "Comparator",
    "Exclusion",
    "ExportBan",
    "ExportLicence",
    "Measure",
    "PurchaseCommitment",
    "Queue",
    "TariffMeasure",
    "TariffSuspension",
    "TechnologyControl",
    "Threat",
    "TradeCost",
    "add_months",
]

RATE_LIMIT = 2.0
"""Largest `rate` as a fraction (200 %); above it someone has written points."""


class TariffMeasure(LastingAct):
    """A duty that adds to the others (or, with `total_rate_pp`, stands for all of them)."""

    kind: Literal["tariff"]
    authority: Id
    """Legal basis; the names and how they stack are in stacking.yaml."""
    importer: str
    """Region that imposes it."""
    exporters: Codes
    """Regions that sell: all, or a list of codes."""
    exporters_except: tuple[str, ...] = ()
    """Regions left out of exporters: all."""
    sectors: Codes = "all"
    """Goods: all, or a list of sector codes."""
    coverage: Coverage
    """Part of the flow's customs value that it reaches."""
    rate_pp: Points | None = None
    """Percentage points of customs value."""
    rate: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    """The same as a fraction."""
    steps: tuple[Step, ...] | None = None
    """Rates that follow each other, each from its start."""
    rate_schedule: str | None = None
    """Named table of rates by exporter and sector."""
    total_rate_pp: Points | None = None
    """The whole duty, all authorities together, in place of their sum."""
    never_applied: bool = False
    """True: dated before 2025 and yet not in the duties collected in 2024."""

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

    def step_on(self, day: dt.date) -> Step | None:
        """The step that holds on `day`; None without steps or before the first."""
        return next((step for step in reversed(self.steps or ()) if step.start <= day), None)

    def coverage_on(self, day: dt.date) -> Coverage:
        """What the duty reaches on `day`: the step's own coverage, else the measure's."""
        step = self.step_on(day)
        return self.coverage if step is None or step.coverage is None else step.coverage

    def schedule_on(self, day: dt.date) -> str | None:
        """Name of the table of rates that holds on `day`, or None for a rate in points."""
        step = self.step_on(day)
        return self.rate_schedule if step is None else step.rate_schedule

    def headline_pp(self, day: dt.date) -> float:
        """Rate in points on `day` before coverage; 0 for schedules and when not in force."""
        if not self.in_force(day):
            return 0.0
        step = self.step_on(day)
        if step is not None:
            return step.rate_pp or 0.0
        if self.rate is not None:
            return 100.0 * self.rate
        return self.rate_pp or 0.0

    @property
    def turning_days(self) -> tuple[dt.date, ...]:
        """Days on which the rate changes, from the start on."""
        return (self.start, *(step.start for step in (self.steps or ())[1:]))


class TariffSuspension(Act):
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


class Exclusion(Act):
    """Lets goods out of other duties: a product list, a waiver, a court's ruling.

    The share let out comes off the share of the flow that a duty reaches, not below 0; several
    exclusions add up.
    """

    kind: Literal["exclusion"]
    excludes: tuple[Id, ...] = ()
    """Ids of the tariffs."""
    authorities: tuple[Id, ...] = ()
    """Or: legal bases (names of stacking.yaml), all duties of which are meant."""
    coverage: Coverage
    """Part of the flow's customs value that is let out; {default: 1} is all of it."""
    exporters: Codes = "all"
    """Regions that sell: all, or a list of codes."""
    sectors: Codes = "all"
    """Goods: all, or a list of sector codes."""

    @model_validator(mode="after")
    def _excludes_something(self) -> Exclusion:
        if not self.excludes and not self.authorities:
            refuse("the exclusion names no tariff.", "Write excludes: [...] or authorities: [...].")
        return self

    def lets_out_of(self, duty: TariffMeasure) -> bool:
        """Tell whether goods leave `duty`."""
        return duty.id in self.excludes or duty.authority in self.authorities


Measure = (
    TariffMeasure
    | TariffSuspension
    | Exclusion
    | ExportLicence
    | ExportBan
    | TechnologyControl
    | PurchaseCommitment
    | TradeCost
    | Threat
)
KINDS: dict[str, type[Measure]] = {
    "tariff": TariffMeasure,
    "tariff-suspension": TariffSuspension,
    "exclusion": Exclusion,
    "export-licence": ExportLicence,
    "export-ban": ExportBan,
    "technology-control": TechnologyControl,
    "purchase-commitment": PurchaseCommitment,
    "trade-cost": TradeCost,
    "threat": Threat,
}
