"""A tariff: a duty on goods of some regions at the border of one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from sim.policy.language.act import Act, LastingAct, listed_before
from sim.policy.language.fields import Coverage, Points, Strict, refuse
from sim.policy.language.messages import Complaint
from sim.policy.language.names import (
    AuthorityId,
    Known,
    Region,
    RegionList,
    Regions,
    Schedule,
    Sectors,
)
from sim.policy.language.traits import Spell, Traits

if TYPE_CHECKING:
    from sim.pair import Pair

RATE_LIMIT = 2.0
"""Largest `rate` as a fraction (200 %); above it someone has written points."""


class RateStep(Strict):
    """A rate that holds from `start` until the next step or the measure's end."""

    start: dt.date
    """First day of the step."""
    announced: dt.date | None = None
    """Day on which it became known; its start, or for the first step the measure's own `announced`,
    where left out."""
    rate_pp: Points | None = None
    """Percentage points."""
    rate_schedule: Schedule = None
    """In place of `rate_pp`: a named table of rates by exporter and sector."""
    coverage: Coverage | None = None
    """What the step reaches, where that differs from the measure's coverage."""

    @model_validator(mode="after")
    def _one_rate(self) -> RateStep:
        if (self.rate_pp is None) == (self.rate_schedule is None):
            refuse(f"the step of {self.start} needs one rate.", "Write rate_pp or rate_schedule.")
        return self


class TariffMeasure(LastingAct):
    """A duty that adds to the others (or, with `total_rate_pp`, stands for all of them)."""

    traits: ClassVar[Traits] = Traits(
        label="Tariff",
        order=10,
        unit="points",
        amount_fields=("rate_pp", "total_rate_pp"),
        by="importer",
        on="exporters",
        length=("duration_months", 0),
        in_new={"authority": "hypothetical", "coverage": {"default": 1.0}},
        parts=(
            ("Coverage: what part of a flow a tariff reaches", Coverage),
            ("Step of a tariff", RateStep),
        ),
        added_later=frozenset({"duration_months"}),
        only_words={"steps": {"__all__": {"announced"}}},
    )

    kind: Literal["tariff"]
    authority: AuthorityId
    """Legal basis; the names and how they stack are in stacking.yaml."""
    importer: Region
    """Region that imposes it."""
    exporters: Regions
    """Regions that sell: all, or a list of codes."""
    exporters_except: RegionList = ()
    """Regions left out of exporters: all."""
    sectors: Sectors = "all"
    """Goods: all, or a list of sector codes."""
    coverage: Coverage
    """Part of the flow's customs value that it reaches."""
    rate_pp: Points | None = None
    """Percentage points of customs value."""
    rate: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    """The same as a fraction."""
    steps: tuple[RateStep, ...] | None = None
    """Rates that follow each other, each from its start."""
    rate_schedule: Schedule = None
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
    def _steps_ascend(cls, steps: tuple[RateStep, ...] | None) -> tuple[RateStep, ...] | None:
        if steps is not None and not steps:
            refuse("no step.", "Write [{start: 2025-02-04, rate_pp: 10}].")
        for earlier, later in zip(steps or (), (steps or ())[1:], strict=False):
            if later.start <= earlier.start:
                refuse(
                    f"the step of {later.start} does not come after that of {earlier.start}.",
                    "RateSteps overlap: write each start once, in order.",
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

    def _steps_fit(self, steps: tuple[RateStep, ...]) -> None:
        if steps[0].start != self.start:
            refuse(
                f"the first step starts on {steps[0].start}, the measure on {self.start}.",
                "Leave start out: the first step sets it.",
            )
        if self.end is not None and steps[-1].start >= self.end:
            refuse(f"the step of {steps[-1].start} starts after the end {self.end}.", "Remove it.")

    def step_on(self, day: dt.date) -> RateStep | None:
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

    # --- when ------------------------------------------------------------------------------------

    def shifted(self, days: int) -> Self:
        """Return the measure with all its dates moved by so many days, those of its steps too."""
        moved = super().shifted(days)
        if self.steps is None:
            return moved
        move = dt.timedelta(days)
        steps = tuple(step.model_copy(update={"start": step.start + move}) for step in self.steps)
        return moved.model_copy(update={"steps": steps})

    def within(self, first: dt.date, end: dt.date | None) -> Self:
        """Return the part of the measure from `first` to the day before `end`."""
        part = super().within(first, end)
        if self.steps is None:
            return part
        begun = [step for step in self.steps if step.start <= first][-1:]
        held = [step.model_copy(update={"start": first}) for step in begun]
        later = (
            step for step in self.steps if step.start > first and (end is None or step.start < end)
        )
        return part.model_copy(update={"steps": (*held, *later)})

    # --- who and how much ------------------------------------------------------------------------

    def concerns(self, pair: Pair) -> bool:
        """Tell whether it is on goods of one of two countries."""
        if self.exporters == "all":
            return not set(self.exporters_except) & set(pair.codes)
        return bool(set(self.exporters) & set(pair.codes))

    @property
    def legal_basis(self) -> str | None:
        """Id of the authority."""
        return self.authority

    def amount(self, day: dt.date) -> float | None:
        """Rate on `day` in points before coverage; None for schedules.

        Before the first step that of the first one, as a rate without steps is told on any day.
        """
        if self.steps is not None:
            return (self.step_on(day) or self.steps[0]).rate_pp
        return 100.0 * self.rate if self.rate is not None else super().amount(day)

    @property
    def amount_unit(self) -> str:
        """Points of its own, or of all duties together."""
        return super().amount_unit if self.total_rate_pp is None else "points in all"

    @property
    def size(self) -> str:
        """Its rate in a few words."""
        if self.total_rate_pp is not None:
            return f"{self.total_rate_pp:g} percent in all"
        return points_in_words(100 * self.rate if self.rate is not None else self.rate_pp)

    def spells(self) -> tuple[Spell, ...]:
        """Stretches of time with one rate each."""
        if self.steps is None:
            return super().spells()
        ends = [*(step.start for step in self.steps[1:]), self.end_day]
        return tuple(
            Spell(step.start, end, points_in_words(step.rate_pp))
            for step, end in zip(self.steps, ends, strict=True)
        )

    @classmethod
    def with_amount(cls, content: Mapping[str, Any], amount: float) -> dict[str, Any]:
        """Return the content with one rate in points, in place of steps, a table or a fraction."""
        others = ("rate", "steps", "rate_schedule")
        kept = {key: value for key, value in content.items() if key not in others}
        return super().with_amount(kept, amount)

    @classmethod
    def with_start(
        cls, content: Mapping[str, Any], start: dt.date, amount: float | None
    ) -> dict[str, Any]:
        """Return the content with one rate, or one table of rates, from `start` on.

        `amount` is the rate in force, None where a table holds: then it is that of the last step
        with a table.
        """
        steps = content.get("steps")
        if not steps:
            return super().with_start(content, start, amount)
        if amount is not None:
            return super().with_start(cls.with_amount(content, amount), start, amount)
        tables = [step for step in steps if step.get("rate_schedule") is not None]
        begun = [step for step in tables if step["start"] <= start] or tables[:1]
        flat = {key: value for key, value in content.items() if key != "steps"}
        kept = {key: begun[-1][key] for key in ("rate_schedule", "coverage") if key in begun[-1]}
        return super().with_start({**flat, **kept}, start, amount)

    # --- what is wrong with it -------------------------------------------------------------------

    def problems(self, known: Known) -> Iterator[Complaint]:
        """Complain of unknown names, and of a duty on oneself."""
        yield from super().problems(known)
        if self.importer in self.exporters:
            yield f"{self.importer} would tax itself.", ("exporters",), "Remove it from the list."

    def problems_beside(self, others: Mapping[str, Act]) -> Iterator[Complaint]:
        """Complain of two measures that both state the whole duty of a flow."""
        if self.total_rate_pp is None:
            return
        for other in listed_before(others, self):
            if isinstance(other, TariffMeasure) and self._states_the_same_total(other):
                yield (
                    f"'{other.id}' and '{self.id}' both set the whole duty of the same flow.",
                    ("total_rate_pp",),
                    "Disable one.",
                )

    def _states_the_same_total(self, other: TariffMeasure) -> bool:
        return (
            other.total_rate_pp is not None
            and other.importer == self.importer
            and _meet(other.exporters, self.exporters)
            and _meet(other.sectors, self.sectors)
            and self.overlaps(other)
        )


def points_in_words(points: float | None) -> str:
    """Write points as a change of a rate; None is a rate by list of goods."""
    if points is None:
        return "rates by list of goods"
    return f"{points:+g} percentage points" if points else "0 percentage points"


def _meet(first: tuple[str, ...] | str, second: tuple[str, ...] | str) -> bool:
    return first == "all" or second == "all" or bool(set(first) & set(second))
