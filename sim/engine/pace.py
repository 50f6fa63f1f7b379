"""How fast the model moves, and what happens between the border and use, month by month.

The parameters of paths, typed, with sources and grades; every one is a lever of a path.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from pydantic import Field, model_validator

from sim.errors import InputError
from sim.policy.language.fields import Basis, Share, Source, Strict, Text, refuse
from sim.policy.language.reading import read_model

DATA = Path(__file__).with_name("pace.yaml")

SOYBEANS = "SOY"

OWN_RATES = {SOYBEANS: "resourcing_soybeans", "RARE": "resourcing_rare_earths"}
"""Sectors with a re-sourcing rate of their own, and its parameter."""


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
    is_set: bool = False
    """True where a run moved it; never written in the file."""

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
        return self.model_copy(update={"value": float(value), "is_set": True})


class Season(Strict):
    """How a year's trade falls on its months."""

    label: Text
    shares: tuple[Share, ...] = Field(min_length=12, max_length=12)
    """January to December; they sum to 1."""
    source: Source

    @model_validator(mode="after")
    def _whole_year(self) -> Season:
        if abs(sum(self.shares) - 1.0) > 1e-9:
            refuse(f"shares sum to {sum(self.shares):g}.", "Write twelve parts of 1.")
        return self


WHOLE = ("transit_months", "licence_validity", "purchase_lead", "purchase_transit", "ahead_horizon")
"""Parameters that count whole months."""


class Pace(Strict):
    """The parameters of the transition, and of stocks, licences, purchases and buying ahead."""

    resourcing: Assumption
    reallocation: Assumption
    transit_months: Assumption
    resourcing_soybeans: Assumption
    resourcing_rare_earths: Assumption
    stock_months: Assumption
    stock_refill: Assumption
    licence_lag: Assumption
    licence_approval_first: Assumption
    licence_approval: Assumption
    licence_ramp: Assumption
    licence_validity: Assumption
    licence_refile: Assumption
    licence_uncovered: Assumption
    licence_grace: Assumption
    purchase_lead: Assumption
    purchase_transit: Assumption
    purchase_season: Assumption
    soybean_season: Season
    ahead_belief: Assumption
    ahead_cover_short: Assumption
    ahead_cover_long: Assumption
    ahead_pace: Assumption
    ahead_release: Assumption
    ahead_carrying_cost: Assumption
    ahead_horizon: Assumption
    ahead_perishable: Assumption
    ahead_rivals: Assumption

    @model_validator(mode="after")
    def _whole(self) -> Pace:
        for name in WHOLE:
            if not getattr(self, name).value.is_integer():
                refuse(f"{name} is no whole number.", "Write 0, 1, 2, ...")
        return self

    def resourcing_by(self, sectors: Sequence[str]) -> list[float]:
        """Part of each sector's goods that is re-sourced in a month, [j].

        A sector with a rate of its own is no slower than other goods.
        """
        rate = self.resourcing.value
        own = {sector: max(rate, self.value(name)) for sector, name in OWN_RATES.items()}
        return [own.get(sector, rate) for sector in sectors]

    def entries(self) -> dict[str, Assumption]:
        """By name, in the order of the file's schema."""
        return {name: getattr(self, name) for name in PACE_LEVERS}

    def value(self, name: str) -> float:
        """Value of a parameter by name."""
        return float(getattr(self, name).value)

    def moved(self, values: Mapping[str, float]) -> Pace:
        """Return the same with other values, by name.

        Raises
        ------
        InputError
            If one lies out of range, or is no whole number of months.
        """
        changed = {
            name: parameter.moved(name, values[name])
            for name, parameter in self.entries().items()
            if name in values
        }
        for name in WHOLE:
            months = changed.get(name, getattr(self, name)).value
            if not months.is_integer():
                raise InputError(f"{name} is {months:g}.", advice="Write 0, 1, 2, ...")
        return self.model_copy(update=changed)


PACE_LEVERS = tuple(
    name for name, field in Pace.model_fields.items() if field.annotation is Assumption
)
"""Names that ``--set`` knows when a path is run."""


@lru_cache(maxsize=8)
def read_pace(path: Path = DATA) -> Pace:
    """Read the parameters.

    Raises
    ------
    ScenarioError
        If the file is broken.
    """
    return read_model(path, Pace)


def split_levers(levers: Mapping[str, float]) -> tuple[dict[str, float], Pace]:
    """Split levers into the scenario's own and the pace that the others set."""
    own = {key: value for key, value in levers.items() if key not in PACE_LEVERS}
    moved = {key: value for key, value in levers.items() if key in PACE_LEVERS}
    return own, read_pace().moved(moved)
