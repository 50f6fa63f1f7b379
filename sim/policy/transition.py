"""How fast the model moves: the parameters of the transition, typed, with sources and grades."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from pydantic import Field, ValidationError, model_validator

from sim.errors import InputError
from sim.policy.fields import Basis, Source, Strict, Text, refuse
from sim.policy.messages import BrokenFile, errors_of
from sim.policy.yamlio import read_document

DATA = Path(__file__).with_name("transition.yaml")


class Assumption(Strict):
    """A number of the model that somebody had to choose."""

    label: Text
    value: float = Field(allow_inf_nan=False)
    unit: Text
    min: float = Field(allow_inf_nan=False)
    max: float = Field(allow_inf_nan=False)
    basis: Basis
    """What the value rests on."""
    source: Source | None = None
    """None only for what is assumed."""
    note: str = ""

    @model_validator(mode="after")
    def _sound(self) -> Assumption:
        if not self.min <= self.value <= self.max:
            refuse(f"{self.value:g} lies outside {self.min:g} to {self.max:g}.", "Widen the range.")
        if (self.source is None) != (self.basis == "assumption"):
            refuse("a source and a basis that disagree.", "Give a source, or basis: assumption.")
        return self

    @property
    def grade(self) -> str:
        """Grade of the source; empty for what is assumed."""
        return "" if self.source is None else str(self.source.grade or "")

    def moved(self, name: str, value: float) -> Assumption:
        """Return the same with another value.

        Raises
        ------
        InputError
            If it lies out of range.
        """
        if not math.isfinite(value) or not self.min <= value <= self.max:
            raise InputError(
                f"{name} is {value:g}.",
                advice=f"Write a number from {self.min:g} to {self.max:g} ({self.unit}).",
            )
        return self.model_copy(update={"value": float(value)})


class Pace(Strict):
    """The parameters of the transition."""

    resourcing: Assumption
    reallocation: Assumption
    transit_months: Assumption

    @model_validator(mode="after")
    def _whole(self) -> Pace:
        if not self.transit_months.value.is_integer():
            refuse("transit_months is no whole number.", "Write 0, 1, 2, ...")
        return self

    def entries(self) -> dict[str, Assumption]:
        """By name, in the order of the file's schema."""
        return {name: getattr(self, name) for name in type(self).model_fields}

    def moved(self, values: Mapping[str, float]) -> Pace:
        """Return the same with other values, by name.

        Raises
        ------
        InputError
            If one lies out of range, or is no whole number of months.
        """
        changed = {
            name: one.moved(name, values[name])
            for name, one in self.entries().items()
            if name in values
        }
        months = changed.get("transit_months", self.transit_months).value
        if not months.is_integer():
            raise InputError(f"transit_months is {months:g}.", advice="Write 0, 1, 2, ...")
        return self.model_copy(update=changed)


PACE_LEVERS = tuple(Pace.model_fields)
"""Names that ``--set`` knows when a path is run."""


@lru_cache(maxsize=8)
def read_pace(path: Path = DATA) -> Pace:
    """Read the parameters.

    Raises
    ------
    ScenarioError
        If the file is broken.
    """
    document = read_document(path)
    try:
        return Pace.model_validate(document.content)
    except ValidationError as failure:
        raise BrokenFile(errors_of(failure, document, Pace)) from None
