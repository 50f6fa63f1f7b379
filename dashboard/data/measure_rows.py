"""Measures as rows of a table that a reader can change, and back to a scenario file."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard import data
from dashboard.data import reproduction

Row = dict[str, Any]
Content = dict[str, Any]

ID, KEEP, TITLE, KIND = "id", "Use", "Measure", "Kind"
BY, ON, SECTORS = "By", "On", "Sectors"
AMOUNT, UNIT, REACHES, FROM, UNTIL = "Amount", "Unit", "Reaches", "From", "Until"

LABELS = tuple(measure.traits.label for measure in data.KINDS.values())
"""Names of the kinds, in the order of the list to choose from."""

REASON = "Entered by the reader."


class Refused(Exception):
    """A row that cannot become a measure; the text says why."""


def row(measure: data.Measure, day: dt.date) -> Row:
    """Return a measure as a row; what has no single number is left empty."""
    content = measure.model_dump()
    traits = measure.traits
    coverage = content.get("coverage") or {}
    return {
        ID: measure.id,
        KEEP: True,
        TITLE: measure.title,
        KIND: traits.label,
        BY: _cell(content, traits.by),
        ON: _cell(content, traits.on),
        SECTORS: _cell(content, "sectors"),
        AMOUNT: measure.amount(day),
        UNIT: traits.unit,
        REACHES: coverage.get("default"),
        FROM: measure.start,
        UNTIL: measure.end,
    }


def _cell(content: Mapping[str, Any], field: str | None) -> str:
    """A field's code or list of codes as text; empty where the kind has no such field."""
    codes = "" if field is None else content.get(field, "")
    return codes if isinstance(codes, str) else ", ".join(codes)


def _codes(text: str) -> str | list[str]:
    words = re.split(r"[,;\s]+", (text or "").strip())
    return "all" if words in (["all"], [""]) else words


def content_of(edited: Row, measure: data.Measure | None, day: dt.date) -> Content:
    """Return the measure that a row stands for; `measure` is what the row was made from.

    Raises
    ------
    Refused
        If the row lacks something.
    """
    label = str(edited.get(KIND))
    kind = next((kind for kind, one in data.KINDS.items() if one.traits.label == label), None)
    if kind is None:
        raise Refused("choose a kind.")
    if measure is None or measure.kind != kind:
        return _new(edited, kind, day)
    before = row(measure, day)
    changed = [key for key, value in before.items() if key != UNIT and edited.get(key) != value]
    content = measure.model_dump(exclude_defaults=True)
    for key in changed:
        content = _changed(content, kind, key, edited[key], before)
    return content | {"assumed": True, "reason": REASON} if changed else content


def _changed(content: Content, kind: str, key: str, value: Any, before: Row) -> Content:  # noqa: ANN401
    """Return the content of a measure with one changed cell."""
    measure = data.KINDS[kind]
    if key == FROM:
        return measure.with_start(content, value, before[AMOUNT])
    if key == UNTIL:
        return measure.with_end(content, value)
    if key == REACHES:
        return {**content, "coverage": {**content.get("coverage", {}), "default": value}}
    if key != AMOUNT:
        return {**content, **_plain_field(kind, key, value)}
    if not measure.traits.amount_fields:
        raise Refused("a measure of this kind has no amount: leave it empty.")
    return measure.with_amount(content, value)


def _plain_field(kind: str, key: str, value: Any) -> Content:  # noqa: ANN401  a cell
    measure = data.KINDS[kind]
    fields = {TITLE: "title", BY: measure.traits.by, ON: measure.traits.on, SECTORS: "sectors"}
    field = fields.get(key)
    if field is None:
        return {}
    return {field: _codes(value) if measure.is_list(field) else value}


def _new(edited: Row, kind: str, day: dt.date) -> Content:
    measure = data.KINDS[kind]
    traits = measure.traits
    if traits.not_new:
        raise Refused(traits.not_new)
    title = " ".join(str(edited.get(TITLE) or traits.label).split())
    content: Content = {"id": slug(title), "kind": kind, "title": title, "status": "announced"}
    content |= {"assumed": True, "reason": REASON, "start": edited.get(FROM) or day}
    if edited.get(UNTIL):
        content["end"] = edited[UNTIL]
    if traits.amount_fields:
        if edited.get(AMOUNT) is None:
            raise Refused(f"write an amount, in {traits.unit}.")
        content[traits.amount_fields[0]] = float(edited[AMOUNT])
    content |= _places(edited, kind)
    content |= traits.in_new
    if "coverage" in content and edited.get(REACHES) is not None:
        content["coverage"] = {"default": float(edited[REACHES])}
    return content


def _places(edited: Row, kind: str) -> Content:
    """Who acts, on whom and on what goods, as far as the kind has fields for it."""
    traits = data.KINDS[kind].traits
    content: Content = {}
    for key, field in ((BY, traits.by), (ON, traits.on)):
        if field is not None:
            if not edited.get(key):
                raise Refused(f"fill in “{key}”, such as USA or CHN.")
            content |= _plain_field(kind, key, edited[key])
    if "sectors" in data.KINDS[kind].model_fields:
        content |= _plain_field(kind, SECTORS, edited.get(SECTORS) or "all")
    return content


def slug(title: str) -> str:
    """Return an id made from a title."""
    words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60].strip("-")
    return words or "my-measure"


@dataclass(frozen=True)
class Draft:
    """What a table of measures amounts to: a file, its rows in the file's order, what is wrong."""

    text: str
    rows: tuple[int, ...]
    """Row of the table by position in the file's list of measures."""
    refused: tuple[tuple[int, str], ...]


def draft(rows: Sequence[Row], base: Any, levers: data.LeverValues, title: str) -> Draft:  # noqa: ANN401
    """Return the scenario file that a changed table stands for; `base` names its scenario."""
    scenario = data.resolved(base.name, levers)
    known = {measure.id: measure for measure in scenario.measures}
    target: dict[str, tuple[int, Content]] = {}
    refused = []
    for position, edited in enumerate(rows):
        if not edited.get(KEEP):
            continue
        try:
            content = content_of(edited, known.get(str(edited.get(ID))), scenario.date)
        except Refused as reason:
            refused.append((position, str(reason)))
            continue
        while content["id"] in target:
            content["id"] = f"{content['id'][:70]}-{position + 1}"
        target[content["id"]] = (position, content)
    content, order = _scenario(scenario, base.parent, target, title)
    return Draft(reproduction.to_yaml(content), tuple(order), tuple(refused))


def _scenario(
    scenario: Any,  # noqa: ANN401  a resolved scenario
    parent: str | None,
    target: Mapping[str, tuple[int, Content]],
    title: str,
) -> tuple[Content, list[int]]:
    """Return the file's content and the rows of its own measures, in order."""
    above = () if parent is None else data.resolved(parent).measures
    theirs = {measure.id: measure.model_dump(exclude_defaults=True) for measure in above}
    own = [name for name, (_, content) in target.items() if theirs.get(name) != content]
    disabled = [name for name in theirs if name not in target or name in own]
    content: Content = {"title": title, "question": f"What if: {title}?", "date": scenario.date}
    content |= {} if parent is None else {"extends": parent}
    content |= {"disable": disabled} if disabled else {}
    content["measures"] = [target[name][1] for name in own]
    baseline = scenario.baseline or parent
    content |= {"baseline": baseline} if baseline else {}
    if scenario.counterpart:
        content["counterpart"] = scenario.counterpart
        content["counterpart_reason"] = scenario.counterpart_reason
    content["levers"] = _levers(scenario, {name: one for name, (_, one) in target.items()})
    return content, [target[name][0] for name in own]


def _levers(scenario: Any, target: Mapping[str, Content]) -> Content:  # noqa: ANN401
    """Levers whose measures are still there, starting from the numbers in the table."""
    levers: Content = {}
    for state in scenario.levers:
        owners = {path.partition(".")[0] for path in state.paths} - {"model"}
        if owners <= set(target):
            value = _value(target, state.paths[0], state.value)
            lever = reproduction.lever_content(state)
            lever |= {"default": value, "min": min(value, state.min), "max": max(value, state.max)}
            levers[state.id] = lever
    return levers


def _value(target: Mapping[str, Any], path: str, otherwise: float) -> float:
    found: Any = target
    for key in path.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return float(found) if isinstance(found, (int, float)) else otherwise
