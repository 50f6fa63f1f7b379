"""Measures as rows of a table that a reader can change, and back to a scenario file."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.data import reader_files, reproduction
from dashboard.data.catalog import READER_FILES, LeverValues, inherited, parsed, resolved
from sim.pair import DEFAULT_PAIR
from sim.policy.language.kinds import KINDS, Measure
from sim.policy.library.loader import ResolvedScenario

Row = dict[str, Any]
Content = dict[str, Any]

ID, KEEP, TITLE, KIND = "id", "Use", "Measure", "Kind"
BY, ON, SECTORS = "By", "On", "Sectors"
AMOUNT, UNIT, REACHES, FROM, UNTIL = "Amount", "Unit", "Reaches", "From", "Until"

LABELS = tuple(measure.traits.label for measure in KINDS.values())
"""Names of the kinds, in the order of the list to choose from."""

REASON = "Entered by the reader."


class RowRefused(Exception):
    """A row that cannot become a measure; the text says why."""


@dataclass(frozen=True)
class StartingScenario:
    """The scenario that the table starts from; `parent` is the shipped one that a file extends."""

    name: str
    parent: str | None


def starting_scenario(name: str) -> StartingScenario:
    """Return where a changed `name` starts from: itself, or what a reader's scenario extends."""
    if name not in READER_FILES:
        return StartingScenario(name, name)
    content = parsed(READER_FILES[name].read_text(encoding="utf-8"))
    return StartingScenario(name, content.get("extends"))


def rows(name: str, levers: LeverValues) -> list[Row]:
    """Rows of a scenario: its own measures first, then those in force already."""
    scenario = resolved(name, levers)
    from_baseline = inherited(name)
    order = sorted(
        scenario.measures, key=lambda measure: (measure.id in from_baseline, measure.title)
    )
    return [row(measure, scenario.date) for measure in order]


def row(measure: Measure, day: dt.date) -> Row:
    """Return a measure as a row; what has no single number is left empty."""
    content = measure.model_dump()
    traits = measure.traits
    coverage = content.get("coverage") or {}
    amount = measure.amount(day)
    return {
        ID: measure.id,
        KEEP: True,
        TITLE: measure.title,
        KIND: traits.label,
        BY: _cell(content, traits.by),
        ON: _cell(content, traits.on),
        SECTORS: _cell(content, "sectors"),
        AMOUNT: amount,
        UNIT: "" if amount is None else measure.amount_unit,
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


def content_of(edited: Row, measure: Measure | None, day: dt.date) -> Content:
    """Return the measure that a row stands for; `measure` is what the row was made from.

    Raises
    ------
    RowRefused
        If the row lacks something.
    """
    label = str(edited.get(KIND))
    kind = next(
        (kind for kind, measure_kind in KINDS.items() if measure_kind.traits.label == label), None
    )
    if kind is None:
        raise RowRefused("choose a kind.")
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
    measure = KINDS[kind]
    if key == FROM:
        return measure.with_start(content, value, before[AMOUNT])
    if key == UNTIL:
        return measure.with_end(content, value)
    if key == REACHES:
        return {**content, "coverage": {**content.get("coverage", {}), "default": value}}
    if key != AMOUNT:
        return {**content, **_plain_field(kind, key, value)}
    if not measure.traits.amount_fields:
        raise RowRefused("a measure of this kind has no amount: leave it empty.")
    return measure.with_amount(content, value)


def _plain_field(kind: str, key: str, value: Any) -> Content:  # noqa: ANN401  a cell
    measure = KINDS[kind]
    fields = {TITLE: "title", BY: measure.traits.by, ON: measure.traits.on, SECTORS: "sectors"}
    field = fields.get(key)
    if field is None:
        return {}
    return {field: _codes(value) if measure.is_list(field) else value}


def _new(edited: Row, kind: str, day: dt.date) -> Content:
    measure = KINDS[kind]
    traits = measure.traits
    if traits.not_new:
        raise RowRefused(traits.not_new)
    title = " ".join(str(edited.get(TITLE) or traits.label).split())
    content: Content = {"id": slug(title), "kind": kind, "title": title, "status": "announced"}
    content |= {"assumed": True, "reason": REASON, "start": edited.get(FROM) or day}
    if edited.get(UNTIL):
        content["end"] = edited[UNTIL]
    if traits.amount_fields:
        if edited.get(AMOUNT) is None:
            raise RowRefused(f"write an amount, in {traits.unit}.")
        content[traits.amount_fields[0]] = float(edited[AMOUNT])
    content |= _places(edited, kind)
    content |= traits.in_new
    if "coverage" in content and edited.get(REACHES) is not None:
        content["coverage"] = {"default": float(edited[REACHES])}
    return content


def _places(edited: Row, kind: str) -> Content:
    """Who acts, on whom and on what goods, as far as the kind has fields for it."""
    traits = KINDS[kind].traits
    content: Content = {}
    for key, field in ((BY, traits.by), (ON, traits.on)):
        if field is not None:
            if not edited.get(key):
                raise RowRefused(f"fill in “{key}”, such as USA or CHN.")
            content |= _plain_field(kind, key, edited[key])
    if "sectors" in KINDS[kind].model_fields:
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


def draft(rows: Sequence[Row], base: StartingScenario, levers: LeverValues, title: str) -> Draft:
    """Return the scenario file that a changed table stands for; `base` is where it started."""
    scenario = resolved(base.name, levers)
    known = {measure.id: measure for measure in scenario.measures}
    target: dict[str, tuple[int, Content]] = {}
    refused = []
    for position, edited in enumerate(rows):
        if not edited.get(KEEP):
            continue
        try:
            content = content_of(edited, known.get(str(edited.get(ID))), scenario.date)
        except RowRefused as reason:
            refused.append((position, str(reason)))
            continue
        while content["id"] in target:
            content["id"] = f"{content['id'][:70]}-{position + 1}"
        target[content["id"]] = (position, content)
    content, order = _scenario(scenario, base.parent, target, title)
    return Draft(reproduction.to_yaml(content), tuple(order), tuple(refused))


def _scenario(
    scenario: ResolvedScenario,
    parent: str | None,
    target: Mapping[str, tuple[int, Content]],
    title: str,
) -> tuple[Content, list[int]]:
    """Return the file's content and the rows of its own measures, in order."""
    above = () if parent is None else resolved(parent).measures
    pair = DEFAULT_PAIR if parent is None else resolved(parent).pair
    theirs = {measure.id: measure.model_dump(exclude_defaults=True) for measure in above}
    own = [name for name, (_, content) in target.items() if theirs.get(name) != content]
    disabled = [name for name in theirs if name not in target or name in own]
    content: Content = {"title": title, "question": f"What if: {title}?", "date": scenario.date}
    content |= {} if parent is None else {"extends": parent}
    content |= {} if scenario.pair == pair else {"pair": list(scenario.pair.codes)}
    content |= {"disable": disabled} if disabled else {}
    content["measures"] = [target[name][1] for name in own]
    if scenario.baseline is not None:
        content |= reproduction.measured_against(scenario)
    elif parent is not None:
        content["baseline"] = parent  # A changed baseline is measured against it as it was.
    content["levers"] = _levers(scenario, {name: content for name, (_, content) in target.items()})
    return content, [target[name][0] for name in own]


def _levers(scenario: ResolvedScenario, target: Mapping[str, Content]) -> Content:
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
    value: Any = target
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return float(value) if isinstance(value, (int, float)) else otherwise


_FIELD = re.compile(r"measures\[(\d+)\]\.?(.*)")


def problems(draft: Draft, rows: Sequence[Row]) -> list[str]:
    """Everything that is wrong with the table, by row."""
    texts = [f"{_row_name(rows, position)}: {text}" for position, text in draft.refused]
    for problem in reader_files.problems(draft.text):
        match = _FIELD.match(problem.field)
        if match and int(match[1]) < len(draft.rows):
            name = _row_name(rows, draft.rows[int(match[1])])
            texts.append(f"{name}{', ' + match[2] if match[2] else ''}: {problem.text}")
        else:
            texts.append(f"{problem.field}: {problem.text}" if problem.field else problem.text)
    return texts


def _row_name(rows: Sequence[Row], position: int) -> str:
    title = rows[position].get(TITLE) or "new measure"
    return f"Row {position + 1} ({title})"
