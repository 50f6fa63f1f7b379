"""What a scenario file may hold: measures, levers, scenarios; strict, frozen, no extras."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, field_validator, model_validator

from sim.policy.language.collapse import Collapse
from sim.policy.language.estimates import Estimate
from sim.policy.language.fields import (
    Basis,
    Id,
    Source,
    Strict,
    Text,
    TwoCodes,
    refuse,
)
from sim.policy.language.kinds import AnyMeasure, MeasureEntries
from sim.policy.language.rules import Rule

Finite = Annotated[float, Field(allow_inf_nan=False)]


class Lever(Strict):
    """A number that a slider or ``--set`` moves."""

    path: str | tuple[str, ...]
    """``<measure id>.<field>``, ``model.factor_mobility``, ``collapse.hazard`` or
    ``<rule id>.when.months``; places in lists count from 0; several move together."""
    label: Text
    """Words beside the slider."""
    min: Finite
    """Smallest value."""
    max: Finite
    """Largest value."""
    step: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0
    """Distance of the slider's marks."""
    default: Finite | None = None
    """Value in this scenario; the measure's own where left out."""
    unit: str = ""
    """Unit of the value."""
    group: Text = "measures"
    """Heading above the sliders."""
    options: tuple[Finite, ...] = ()
    """Values worth a button."""
    source: Source | None = None
    """Of the default value."""
    assumed: bool = False
    """True where nobody states the default value."""
    note: str = ""
    """What the value means, or why it is assumed."""

    @model_validator(mode="after")
    def _range(self) -> Lever:
        if self.min >= self.max:
            refuse(f"min {self.min:g} is not below max {self.max:g}.", "Swap them.")
        for value in (*self.options, *(() if self.default is None else (self.default,))):
            if not self.min <= value <= self.max:
                refuse(
                    f"{value:g} lies outside {self.min:g} to {self.max:g}.", "Widen min and max."
                )
        if not self.paths:
            refuse("the lever moves nothing.", "Write path: <measure id>.<field>.")
        return self

    @property
    def paths(self) -> tuple[str, ...]:
        """All paths, as a tuple."""
        return (self.path,) if isinstance(self.path, str) else self.path

    @property
    def basis(self) -> Basis:
        """What the default value rests on."""
        return "assumption" if self.source is None or self.assumed else self.source.kind


class Statement(Strict):
    """A number of the scenario that an article states."""

    number: Text
    """The number, in words."""
    seed: Annotated[str, Field(pattern=r"^[0-9]{3}$")]
    """Article, by its three digits in quotes."""
    fact: Id
    """Fact of that article."""


class FactRef(Strict):
    """A fact of an article."""

    seed: Annotated[str, Field(pattern=r"^[0-9]{3}$")]
    """Article, by its three digits in quotes."""
    fact: Id
    """Fact of that article."""


class Scenario(Strict):
    """A set of measures: those of `extends` minus `disable`, plus `measures`."""

    id: Id | None = None
    """Name of the file without .yaml; need not be written."""
    title: Text
    """A few words for lists."""
    question: Text
    """In plain words, ending with a question mark."""
    summary: str = ""
    """Two sentences."""
    headline: str = ""
    """What moves, in a few words."""
    group: Text = "yours"
    """Heading in lists; scenarios of the group baselines are measured against 2024."""
    order: int = 100
    """Place in lists."""
    date: dt.date | None = None
    """Day that a static run is evaluated on; inherited, or where all its own measures start later,
    the day on which the last of them does."""
    extends: Id | None = None
    """Scenario whose measures, levers, date, baseline and day of the baseline it takes over."""
    disable: tuple[Id, ...] = ()
    """Ids of inherited measures and rules to leave out."""
    measures: MeasureEntries = ()
    """Ids of measures, or measures written out, to add."""
    pair: TwoCodes | None = None
    """The two countries whose trade the headline figures show, the home country first; those of
    the scenario that it extends where left out, else the United States and China."""
    baseline: Id | None = None
    """Scenario that it is measured against; the one it extends where left out."""
    baseline_date: dt.date | None = None
    """Day on which the baseline is read; where left out, that of the scenario that it extends, if
    the two have the same baseline, else the baseline's own date."""
    counterpart: Id | None = None
    """Scenario that tells what would have been, where the measure is that something is not: changes
    are against it.  It has the same baseline.  Where left out, that of the scenario that it
    extends, if nothing is added or left out."""
    counterpart_reason: str = ""
    """Why the two are set beside each other; needed with a counterpart."""
    levers: dict[str, Lever] = Field(default_factory=dict)
    """Numbers that sliders and --set move, by id."""
    lever_defaults: dict[str, Finite] = Field(default_factory=dict)
    """Other defaults for levers that it takes over."""
    levers_from: tuple[Id, ...] = ()
    """Scenarios whose levers it has too, as far as it holds the measures that they move."""
    rules: tuple[Rule, ...] = ()
    """What follows from what on the path; added to those that it takes over."""
    collapse: Collapse | None = None
    """What holds if it breaks down, and how likely that is; for event trees. Inherited."""
    rests_on: tuple[FactRef, ...] = ()
    """Facts of the articles that the scenario is about; empty where no article is behind it."""
    stated_in_articles: tuple[Statement, ...] = ()
    """Numbers of the scenario that an article states."""
    not_in_articles: tuple[Text, ...] = ()
    """Numbers that matter here and that no article states, in words."""
    compare_with: tuple[Estimate, ...] = ()
    """Published estimates of the same or a like question."""
    note: str = ""
    """Anything else that a reader should know."""

    @field_validator("levers")
    @classmethod
    def _lever_ids(cls, levers: dict[str, Lever]) -> dict[str, Lever]:
        for name in levers:
            if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
                refuse(f"found lever '{name}'.", "Write lower-case letters, digits and _.")
        return levers

    @model_validator(mode="after")
    def _reason(self) -> Scenario:
        if self.counterpart is not None and not self.counterpart_reason:
            refuse("a counterpart without a reason.", "Add counterpart_reason: ...")
        return self


def schema_json() -> dict[str, Any]:
    """JSON Schema of scenario and measure files, for editors."""
    tagged: Any = Annotated[AnyMeasure, Field(discriminator="kind")]
    return TypeAdapter(Scenario | tagged).json_schema()
