"""A run beside the published estimates that its scenario names."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.outputs.words import number

if TYPE_CHECKING:
    from sim.outputs.results import RunResult


@dataclass(frozen=True)
class Published:
    """One published number and ours; `ours` is None where the model has no such number."""

    study: str
    what: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    ours: float | None
    grade: str
    address: str
    note: str

    @property
    def shown(self) -> str:
        """The published number as text; a range with its ends."""
        if self.value is not None:
            return number(self.value, sign=True)
        return f"{number(self.low or 0.0, sign=True)} to {number(self.high or 0.0, sign=True)}"


def published(result: RunResult) -> tuple[Published, ...]:
    """Return the estimates of the run's scenario, each with our number.

    Raises
    ------
    InputError
        If an estimate names a variable that the results do not have.
    """
    return tuple(_published(result, entry) for entry in result.manifest.get("compare_with", ()))


def published_summary(estimate: Published) -> dict[str, Any]:
    """Return an estimate as plain data."""
    return {**dataclasses.asdict(estimate), "shown": estimate.shown}


def _published(result: RunResult, entry: Mapping[str, Any]) -> Published:
    source = entry["source"]
    return Published(
        study=entry["study"],
        what=entry["what"],
        value=entry["value"],
        low=entry["low"],
        high=entry["high"],
        unit=entry["unit"],
        ours=_ours(result, entry["ours"]),
        grade=source["grade"] or "",
        address=source["address"] or "",
        note=entry["note"],
    )


def _ours(result: RunResult, row: Mapping[str, Any] | None) -> float | None:
    if row is None:
        return None
    key = (row["variable"], row["region"], row["partner"], row["sector"])
    level = result.find(*key)
    if level is None:
        return None
    value = result.percent_change(*key) if row["percent"] else level
    if row["share"]:
        whole = result.value(row["variable"], row["region"], None, row["sector"])
        value = 100.0 * value / whole if whole else 0.0
    return float(row["scale"]) * value
