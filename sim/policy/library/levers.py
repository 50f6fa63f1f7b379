"""Levers: the numbers of a scenario that sliders and ``--set`` move."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from sim.errors import ScenarioError
from sim.policy.language.fields import Basis, Grade, Source
from sim.policy.language.messages import as_written, errors_of, nearest
from sim.policy.language.schema import Lever
from sim.policy.language.yamlio import Document
from sim.policy.library.checks import Placed

MODEL_PATHS = frozenset(
    {"model.factor_mobility", "model.macro_elasticity", "model.rare_earth_substitution"}
)
"""Assumptions of the model that a lever may move."""


@dataclass(frozen=True)
class LeverState:
    """A lever and its value in a run.

    ``basis`` says what the default rests on: article, law, data, report, model or assumption.
    """

    id: str
    label: str
    unit: str
    group: str
    min: float
    max: float
    step: float
    options: tuple[float, ...]
    default: float
    value: float
    paths: tuple[str, ...]
    basis: Basis
    grade: Grade | None
    source: Source | None
    note: str


@dataclass(frozen=True)
class PlacedLever:
    """A lever and where it is written."""

    id: str
    lever: Lever
    document: Document

    def error(self, problem: str, field: str = "", advice: str = "") -> ScenarioError:
        """Build the error for the lever or one of its fields."""
        path = ("levers", self.id, field) if field else ("levers", self.id)
        return self.document.error(problem, path, advice)

    def targets(self) -> list[tuple[str, tuple[str, ...]]]:
        """Measure id and field path of each target."""
        pairs = [path.partition(".") for path in self.lever.paths]
        return [(owner, tuple(field.split("."))) for owner, _, field in pairs]

    def is_anchored(self, measures: Mapping[str, Placed]) -> bool:
        """Tell whether all its measures are in the set."""
        return all(
            f"{owner}.{'.'.join(field)}" in MODEL_PATHS or owner in measures
            for owner, field in self.targets()
        )


def lever_problems(
    levers: Mapping[str, PlacedLever], measures: Mapping[str, Placed]
) -> list[ScenarioError]:
    """Levers whose path leads nowhere, or to a number that another lever moves."""
    errors = []
    owners: dict[str, str] = {}
    for lever in levers.values():
        for path in lever.lever.paths:
            if path in owners:
                words = f"'{path}' is moved by '{owners[path]}' too."
                errors.append(lever.error(words, "path", "Keep one lever."))
            owners[path] = lever.id
        try:
            _default(lever, measures)
        except ScenarioError as error:
            errors.append(error)
    return errors


def _default(placed: PlacedLever, measures: Mapping[str, Placed]) -> float:
    """Value of the lever where the user sets none."""
    current = [_current(placed, owner, field, measures) for owner, field in placed.targets()]
    value = placed.lever.default if placed.lever.default is not None else current[0]
    if value is None:
        raise placed.error("has no value to start from.", "", "Add default: ...")
    if not placed.lever.min <= value <= placed.lever.max:
        raise placed.error(
            f"the measure's own {value:g} lies outside {placed.lever.min:g} to "
            f"{placed.lever.max:g}.",
            "",
            "Widen min and max.",
        )
    return float(value)


def _current(
    placed: PlacedLever, owner: str, field: tuple[str, ...], measures: Mapping[str, Placed]
) -> float | None:
    """Number that stands at a path now; None for the model's own."""
    if owner == "model":
        if f"model.{'.'.join(field)}" not in MODEL_PATHS:
            advice = nearest(".".join(("model", *field)), MODEL_PATHS)
            raise placed.error(f"unknown path 'model.{'.'.join(field)}'.", "path", advice)
        return None
    if owner not in measures:
        raise placed.error(
            f"measure '{owner}' is not in the scenario.", "path", nearest(owner, measures)
        )
    value: Any = measures[owner].measure
    for name in field:
        known = _names(value)
        if name not in known:
            raise placed.error(
                f"measure '{owner}' has no field '{'.'.join(field)}'.", "path", nearest(name, known)
            )
        value = _inside(value, name)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise placed.error(
            f"'{owner}.{'.'.join(field)}' is {as_written(value)}, which is not a number.",
            "path",
            "Point to a number.",
        )
    return value


def _names(value: Any) -> list[str]:  # noqa: ANN401  a record, a mapping or a leaf
    if isinstance(value, dict):
        return list(value)
    if isinstance(value, tuple):
        return [str(position) for position in range(len(value))]
    return list(getattr(type(value), "model_fields", ()))


def _inside(value: Any, name: str) -> Any:  # noqa: ANN401  a record, a mapping or a list
    """Return what stands under a name, or at a place of a list counted from 0."""
    if isinstance(value, tuple):
        return value[int(name)]
    return value[name] if isinstance(value, dict) else getattr(value, name)


def default_states(
    levers: Mapping[str, PlacedLever], measures: Mapping[str, Placed]
) -> tuple[LeverState, ...]:
    """Levers at their defaults; `ScenarioError` if one has none, or one out of its range."""
    return tuple(_state(placed, _default(placed, measures)) for placed in levers.values())


def with_model_levers(
    model_levers: Mapping[str, PlacedLever],
    states: tuple[LeverState, ...],
    values: Mapping[str, float],
) -> tuple[Mapping[str, float], tuple[LeverState, ...]]:
    """Return the values of levers, and the defaults of the levers of the model that are among them.

    Where a lever of the scenario (`states`) moves the same assumption under another name, the value
    is that one's.

    Raises
    ------
    ScenarioError
        If both are set, or the scenario's lever moves something else too.
    """
    own_values, lent = dict(values), {}
    for name, placed in model_levers.items():
        if name not in values:
            continue
        paths = placed.lever.paths
        owner = next((state for state in states if set(state.paths) & set(paths)), None)
        if owner is None:
            lent[name] = placed
        elif owner.id in values or owner.paths != paths:
            raise ScenarioError(
                f"lever '{name}' is moved by '{owner.id}' too.", advice=f"Set '{owner.id}'."
            )
        else:
            own_values[owner.id] = own_values.pop(name)
    return own_values, default_states(lent, {})


def states_at(
    levers: Mapping[str, PlacedLever],
    defaults: tuple[LeverState, ...],
    values: Mapping[str, float],
) -> tuple[LeverState, ...]:
    """Levers with the user's `values`; `defaults` are the states of all or of some of `levers`.

    Raises
    ------
    ScenarioError
        If a lever is unknown, or a value is not a number or out of range.
    """
    for name in values:
        if name not in levers:
            raise ScenarioError(
                f"the scenario has no lever '{name}'.", advice=nearest(name, levers, "levers")
            )
    return tuple(
        replace(state, value=_in_range(levers[state.id], values[state.id]))
        if state.id in values
        else state
        for state in defaults
    )


def _state(placed: PlacedLever, default: float) -> LeverState:
    lever = placed.lever
    return LeverState(
        id=placed.id,
        label=lever.label,
        unit=lever.unit,
        group=lever.group,
        min=lever.min,
        max=lever.max,
        step=lever.step,
        options=lever.options,
        default=default,
        value=default,
        paths=lever.paths,
        basis=lever.basis,
        grade=None if lever.source is None else lever.source.grade,
        source=lever.source,
        note=lever.note,
    )


def _in_range(placed: PlacedLever, value: float) -> float:
    lever = placed.lever
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value) or not lever.min <= value <= lever.max:
        unit = f" ({lever.unit})" if lever.unit else ""
        raise placed.error(
            f"{lever.label} is {as_written(value)}.",
            "",
            f"Write a number from {lever.min:g} to {lever.max:g}{unit}.",
        )
    return float(value)


def moved(
    measures: Mapping[str, Placed],
    levers: Mapping[str, PlacedLever],
    states: tuple[LeverState, ...],
) -> dict[str, Placed]:
    """Measures with every lever at its value; validated again."""
    result = dict(measures)
    for state in states:
        placed = levers[state.id]
        for owner, field in placed.targets():
            # A measure that stays where it is stays the same object: a sweep counts on it.
            if owner != "model" and _current(placed, owner, field, result) != state.value:
                result[owner] = _moved(placed, result[owner], field, state.value)
    return result


def _moved(placed: PlacedLever, target: Placed, field: tuple[str, ...], value: float) -> Placed:
    content = target.measure.model_dump()
    inner = content
    for name in field[:-1]:
        inner = _inside(inner, name)
    if isinstance(inner[field[-1]], int) and float(value).is_integer():
        value = int(value)
    inner[field[-1]] = value
    try:
        return replace(target, measure=type(target.measure).model_validate(content))
    except ValidationError as failure:
        first = errors_of(failure, target.document, type(target.measure), target.place)[0]
        raise placed.error(first.problem, "", first.advice) from None
