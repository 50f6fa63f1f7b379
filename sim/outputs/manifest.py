"""How a result came about: the record that is saved beside its table."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sim.outputs.words import number

if TYPE_CHECKING:
    from sim.model.equilibrium import Equilibrium
    from sim.outputs.outcome import TargetOutcome

MEASURE_KEYS = (
    "id", "kind", "title", "authority", "status", "as_of", "start", "end", "switch",
)  # fmt: skip
LEVER_KEYS = ("id", "label", "unit", "group", "min", "max", "step", "options")
ON_STOCKS = "on_stocks"
"""Key of a target's details that says that its users live on stocks."""
LEVER_VALUES = ("default", "value", "basis", "grade", "note", "paths")


def plain(thing: Any) -> Any:  # noqa: ANN401  any record
    """Turn dataclasses, pydantic records and dates into what JSON can hold."""
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        return {
            field.name: plain(getattr(thing, field.name)) for field in dataclasses.fields(thing)
        }
    if hasattr(thing, "model_dump"):
        return plain(thing.model_dump(mode="json"))
    if isinstance(thing, Mapping):
        return {str(key): plain(value) for key, value in thing.items()}
    if isinstance(thing, (list, tuple, set, frozenset)):
        return [plain(value) for value in thing]
    return thing.isoformat() if isinstance(thing, (dt.date, dt.datetime)) else thing


def scenario_entries(scenario: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the manifest says of a resolved scenario in plain form."""
    return {
        "scenario": scenario["id"],
        "title": scenario["title"],
        "question": scenario["question"],
        "summary": scenario["summary"],
        "date": scenario["date"],
        "scenario_digest": scenario["digest"],
        "counterpart": scenario["counterpart"],
        "counterpart_reason": scenario["counterpart_reason"],
        "measures": [
            {key: measure.get(key) for key in MEASURE_KEYS} for measure in scenario["measures"]
        ],
        "levers": [lever_entry(lever) for lever in scenario["levers"]],
        "stated": [dict(entry) for entry in scenario["stated_in_articles"]],
        "rests_on": [dict(entry) for entry in scenario.get("rests_on", ())],
        "not_stated": list(scenario.get("not_in_articles", ())),
        "compare_with": [dict(entry) for entry in scenario.get("compare_with", ())],
        "sources": [dict(entry) for entry in scenario["sources"]],
    }


def lever_entry(lever: Mapping[str, Any]) -> dict[str, Any]:
    """Return a lever in plain form; `assumed` is true where nobody states its default."""
    entry = {key: lever[key] for key in (*LEVER_KEYS, *LEVER_VALUES)}
    entry["assumed"] = lever["basis"] == "assumption"
    entry["is_set"] = lever["value"] != lever["default"]
    return entry


def solve_entries(
    equilibrium: Equilibrium,
    targets: Iterable[TargetOutcome],
    idle: Iterable[str] = (),
    notice: str | None = None,
) -> dict[str, Any]:
    """Return how the solve went, what became of its quantity targets, and warnings.

    Parameters
    ----------
    idle
        Warnings on measures that change nothing.
    notice
        What must be said before anything else; the first of the warnings.
    """
    outcomes = list(targets)
    first = {} if notice is None else {"notice": notice}
    return {
        "residual": equilibrium.residual,
        "iterations": equilibrium.iterations,
        "method": equilibrium.method,
        "targets": [plain(outcome) for outcome in outcomes],
        **first,
        "warnings": [
            *first.values(),
            *(
                _slack(outcome)
                for outcome in outcomes
                if outcome.shadow_rate <= 0 and not outcome.details.get(ON_STOCKS)
            ),
            *idle,
        ],
    }


def _slack(outcome: TargetOutcome) -> str:
    if outcome.kind == "cap":
        return f"the cap of {outcome.measure_id} does not bind: trade stays below it anyway"
    text = f"the purchases of {outcome.measure_id} are made anyway"
    if outcome.pledged is not None and outcome.without is not None:
        text += f": {number(outcome.without)} against {number(outcome.pledged)} {outcome.unit}"
    return text
