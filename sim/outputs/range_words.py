"""What a stored range covers, and the published figure that it does not reach: said beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.outputs.published import published
from sim.outputs.words import with_unit

if TYPE_CHECKING:
    from sim.outputs.results import RunResult

NAME = "parameter range"
"""What the ranges are called: they hold the errors of parameters, not of the model's form."""

HEAD = f"{NAME}, 5 to 95 %"

COVERS = (
    "errors of the trade elasticities, of factor mobility and of how home competes with foreign "
    "alone"
)

PATH_COVERS = (
    "errors of the trade elasticities, of factor mobility, of how home competes with foreign and "
    "of the pace of trade alone"
)
"""What the ranges of paths cover."""

INCOME = "real_income_change"
"""Variable whose published counterparts are set beside a range."""


def coverage(result: RunResult, covers: str = COVERS) -> str:
    """Say what a range covers, what it leaves out, and how far a published figure is from ours."""
    text = f"{NAME.capitalize()}: {covers}; not of measures, data and the form of the model."
    gap = _gap(result)
    return f"{text} {gap}" if gap else text


def _gap(result: RunResult) -> str:
    for estimate, row in zip(
        published(result), result.manifest.get("compare_with", ()), strict=True
    ):
        ours = row["ours"]
        if ours and ours["variable"] == INCOME and estimate.ours is not None and estimate.value:
            return _words(vars(estimate), "")
    beside: Mapping[str, Any] | None = result.manifest.get("baseline_estimate")
    if beside is None:
        return ""
    return _words(beside, f" under “{beside['scenario']}”")


def _words(estimate: Mapping[str, Any], where: str) -> str:
    ours, theirs = (
        with_unit(float(estimate[key]), str(estimate["unit"]), sign=True)
        for key in ("ours", "value")
    )
    return (
        f"Published figures lie further apart: {estimate['what']}{where} is {theirs} at "
        f"{estimate['study']}, and real income {ours} here."
    )
