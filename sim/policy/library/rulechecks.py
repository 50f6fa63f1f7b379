"""What the schema of rules cannot see: measures, variables and regions that do not exist."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from sim.errors import ScenarioError
from sim.policy.axes import Axes
from sim.policy.language.kinds.purchase_commitment import PurchaseCommitment
from sim.policy.language.kinds.tariff import TariffMeasure
from sim.policy.language.messages import Complaint, errors_of, nearest
from sim.policy.language.rules import ActCondition, OutcomeCondition, PurchaseCondition, Rule
from sim.policy.language.yamlio import Key
from sim.policy.library.checks import Placed, unknown_fact
from sim.policy.library.folders import Library

GROUPS = ("GOODS", "TOTAL")
"""What stands for several sectors in a result."""


def rule_problems(
    rules: Mapping[str, Placed], measures: Mapping[str, Placed], axes: Axes, library: Library
) -> list[ScenarioError]:
    """Names in rules that nothing has; `measures` holds those that rules start too."""
    problems = []
    for placed in rules.values():
        rule: Any = placed.measure
        if rule.id in measures:
            problems.append(placed.error(f"'{rule.id}' is a measure too.", ("id",), "Rename it."))
        for problem, place, advice in (
            *_of_condition(rule, measures, axes),
            *_of_consequence(rule, measures),
            *_of_sources(rule, library),
        ):
            problems.append(placed.error(problem, place, advice))
    return problems


def _of_condition(rule: Rule, measures: Mapping[str, Placed], axes: Axes) -> Iterator[Complaint]:
    when = rule.when
    if isinstance(when, OutcomeCondition):
        yield from _of_outcome(when, axes)
    elif isinstance(when, ActCondition):
        yield from _absent(when.measure, ("when", "measure"), measures)
    elif isinstance(when, PurchaseCondition):
        known = [
            key for key, other in measures.items() if isinstance(other.measure, PurchaseCommitment)
        ]
        if when.commitment not in known:
            words = f"'{when.commitment}' is not a purchase-commitment of the scenario."
            yield words, ("when", "commitment"), nearest(when.commitment, known)


def _of_outcome(when: OutcomeCondition, axes: Axes) -> Iterator[Complaint]:
    units = dict(axes.variables)
    if units and when.variable not in units:
        advice = nearest(when.variable, units)
        yield f"unknown variable '{when.variable}'.", ("when", "variable"), advice
    elif units and when.unit != units[when.variable]:
        words = f"found '{when.unit}', and {when.variable} is in {units[when.variable]}."
        yield words, ("when", "unit"), f"Write unit: {units[when.variable]}, and mean it."
    for name, code, known in (
        ("region", when.region, axes.regions),
        ("partner", when.partner, axes.regions),
        ("sector", when.sector, (*axes.sectors, *GROUPS)),
    ):
        if code is not None and code not in known:
            yield f"unknown {name} '{code}'.", ("when", name), nearest(code, known)


def _of_consequence(rule: Rule, measures: Mapping[str, Placed]) -> Iterator[Complaint]:
    then = rule.then
    for position, name in enumerate(then.stop):
        yield from _absent(name, ("then", "stop", position), measures)
    for position, change in enumerate(then.alter):
        path = ("then", "alter", position)
        if change.measure not in measures:
            yield from _absent(change.measure, (*path, "measure"), measures)
        else:
            yield from _of_field(change.field, change.value, measures[change.measure], path)
    for position, pair in enumerate(then.match):
        for role, name in (("measure", pair.measure), ("other", pair.other)):
            path = ("then", "match", position)
            yield from _no_tariff(name, (*path, role), measures, role == "measure")


def _of_field(
    field: str, value: float, placed: Placed, path: tuple[Key, ...]
) -> Iterator[Complaint]:
    """Problems of setting a number of a measure."""
    measure = placed.measure
    numbers = [
        name
        for name in type(measure).model_fields
        if isinstance(getattr(measure, name), (int, float))
        and not isinstance(getattr(measure, name), bool)
    ]
    if field not in numbers:
        words = f"'{field}' is not a number of '{measure.id}'."
        yield words, (*path, "field"), nearest(field, numbers)
        return
    try:
        type(measure).model_validate(
            {**measure.model_dump(), field: as_field(measure, field, value)}
        )
    except ValidationError as failure:
        first = errors_of(failure, placed.document, type(measure))[0]
        yield first.problem, (*path, "value"), first.advice


def as_field(measure: object, field: str, value: float) -> float | int:
    """Return `value` in the type of the number that stands there."""
    whole = isinstance(getattr(measure, field), int) and float(value).is_integer()
    return int(value) if whole else value


def _absent(name: str, path: tuple[Key, ...], measures: Collection[str]) -> Iterator[Complaint]:
    if name not in measures:
        yield f"measure '{name}' is not in the scenario.", path, nearest(name, measures)


def _no_tariff(
    name: str, path: tuple[Key, ...], measures: Mapping[str, Placed], follows: bool
) -> Iterator[Complaint]:
    tariffs = {
        key: other for key, other in measures.items() if isinstance(other.measure, TariffMeasure)
    }
    if name not in tariffs:
        yield f"'{name}' is not a tariff of the scenario.", path, nearest(name, tariffs)
    elif follows and getattr(tariffs[name].measure, "rate_pp", None) is None:
        yield f"'{name}' has no rate_pp to raise.", path, "Name a tariff stated in rate_pp."


def _of_sources(rule: Rule, library: Library) -> Iterator[Complaint]:
    for position, source in enumerate(rule.sources):
        for problem, field, advice in unknown_fact(source.seed, source.fact, library):
            yield problem, ("sources", position, field), advice
