"""Rules of a scenario: when something happens on the path, an act follows.  Data, never code."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.policy.language.fields import Id, Points, Source, Strict, Text, refuse
from sim.policy.language.kinds import MeasureEntries

Comparison = Literal["below", "above"]
InARow = Annotated[int, Field(ge=1, le=60)]
Finite = Annotated[float, Field(allow_inf_nan=False)]


class OutcomeCondition(Strict):
    """A number that the path reports lies below or above a threshold."""

    kind: Literal["outcome"]
    variable: Text
    """Variable of the result table, such as imports_change."""
    region: Text
    """Region that reports it."""
    partner: Text | None = None
    """Its counterpart; all if left out."""
    sector: Text | None = None
    """Sector code, or GOODS; all if left out."""
    comparison: Comparison
    """Which side of the threshold."""
    threshold: Finite
    """In the variable's own unit; values of a month are annual rates."""
    unit: Text
    """The variable's unit, written out so that nobody errs."""
    months: InARow = 1
    """Months in a row in which it must hold."""


class PurchaseCondition(Strict):
    """What is bought under a commitment, in percent of the promise, lies below or above a share."""

    kind: Literal["purchases"]
    commitment: Id
    """Id of a purchase-commitment of the scenario."""
    comparison: Comparison = "below"
    """Which side of the threshold."""
    threshold_pct: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]
    """Percent of the tonnes or dollars promised, whatever `fulfilment` says."""
    months: InARow = 1
    """Months in a row in which it must hold; two quarters are 6."""


class ActCondition(Strict):
    """A measure is in force, or has come to its end."""

    kind: Literal["act"]
    measure: Id
    """Id of a measure of the scenario, or of one that a rule starts."""
    state: Literal["in-force", "ended"] = "in-force"
    """As on the last day of a month."""
    months: InARow = 1
    """Month ends in a row at which it must be so."""


Condition = Annotated[
    OutcomeCondition | PurchaseCondition | ActCondition, Field(discriminator="kind")
]


class Alteration(Strict):
    """One number of a measure changes."""

    measure: Id
    """Id of a measure of the scenario, or of one that a rule starts."""
    field: Text
    """Name of the number, such as rate_pp; its ending is its unit."""
    value: Finite
    """What it changes to."""


class Matching(Strict):
    """A tariff is raised to another's points, up to a cap; it is started if it is not in force."""

    measure: Id
    """Id of the tariff that follows; stated in rate_pp."""
    other: Id
    """Id of the tariff that is followed: its points in force, less what is suspended."""
    plus_pp: Points = 0.0
    """Points on top of the other's."""
    cap_pp: Points
    """Points that it never exceeds. It is never lowered."""


class Consequence(Strict):
    """What follows. Where two rules set one number on one day, the higher holds; a stop prevails.

    A measure that only `start` names is not in force until then. It begins on the day on which the
    rule acts and keeps its own length; what a stopped measure starts again with is its own text.
    """

    start: MeasureEntries = ()
    """Ids of measures, or measures written out, that begin."""
    stop: tuple[Id, ...] = ()
    """Ids of measures that end."""
    alter: tuple[Alteration, ...] = ()
    """Numbers that change."""
    match: tuple[Matching, ...] = ()
    """Tariffs that follow others."""

    @model_validator(mode="after")
    def _something(self) -> Consequence:
        if not (self.start or self.stop or self.alter or self.match):
            refuse("nothing follows.", "Write start, stop, alter or match.")
        return self

    @property
    def start_ids(self) -> tuple[str, ...]:
        """Ids of what begins."""
        return tuple(
            entry if isinstance(entry, str) else str(entry.get("id")) for entry in self.start
        )


class Rule(Strict):
    """When something happens on the path, an act follows; in months, never in a static run.

    A rule looks at the months that are over, and acts from the first day of the next month on, or
    `after_days` later; an answer to an act counts its days from that act, and comes no sooner than
    the next month. All rules look at the same months at once, so their order is irrelevant.
    """

    id: Id
    """Name, different from those of the measures."""
    title: Text
    """A few words for lists and reports."""
    when: Condition
    """What must have happened."""
    then: Consequence
    """What follows."""
    after_days: Annotated[int, Field(ge=0, le=730)] = 0
    """Days until it follows."""
    repeat: bool = False
    """True: it may act again; else once at most. An act that would change nothing is left out."""
    sources: tuple[Source, ...] = ()
    """Facts of articles, and public pages with their grades."""
    assumed: bool = False
    """True where no act or article stands behind it; needs `reason`."""
    reason: str = ""
    """Why it is assumed."""
    note: str = ""
    """Anything else that a reader should know."""

    @model_validator(mode="after")
    def _is_sourced(self) -> Rule:
        if self.assumed and not self.reason:
            refuse("an assumption without a reason.", "Add reason: ...")
        if not self.sources and not self.assumed:
            refuse("no source.", "Add sources: [...], or assumed: true with a reason.")
        return self
