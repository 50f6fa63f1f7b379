"""Published estimates that a scenario is set beside."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from sim.policy.language.fields import Source, Strict, Text, refuse

Finite = Annotated[float, Field(allow_inf_nan=False)]


class Ours(Strict):
    """The number of a run that an estimate is about: a row of the result table."""

    variable: Text
    """Id of a variable, such as imports or consumer_price_index_change."""
    region: Text
    """Region that reports."""
    partner: str | None = None
    """Its counterpart; all where left out."""
    sector: str | None = None
    """Sector, or GOODS; the total where left out."""
    percent: bool = False
    """True: the change of an amount, in percent of its baseline."""
    share: bool = False
    """True: the partner's part of the region's total, in percent."""
    scale: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0
    """What our number is multiplied by to be in the unit of the estimate."""


class Estimate(Strict):
    """A published number, and which of ours it can be set beside, if any."""

    study: Text
    """Who, and when."""
    what: Text
    """What the number is, in plain words."""
    value: Finite | None = None
    """The number; or write low and high."""
    low: Finite | None = None
    """Lower end of a range."""
    high: Finite | None = None
    """Upper end of a range."""
    unit: str = ""
    """Unit of the number."""
    ours: Ours | None = None
    """Our number; null where the model has none."""
    source: Source
    """Where it was read, with its grade."""
    note: str = ""
    """Why the two need not agree."""

    @model_validator(mode="after")
    def _has_number(self) -> Estimate:
        if self.value is None and (self.low is None or self.high is None):
            refuse("the estimate has no number.", "Write value, or low and high.")
        if self.low is not None and self.high is not None and self.low > self.high:
            refuse(f"low {self.low:g} is above high {self.high:g}.", "Swap them.")
        return self
