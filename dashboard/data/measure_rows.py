"""Measures as rows of a table that a reader can change, and back to a scenario file."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.data import reader_files, reproduction
from dashboard.data.catalog import READER_FILES, LeverValues, inherited, parsed, resolved
from sim.policy.language.schema import Measure
from sim.policy.library.loader import ResolvedScenario

Row = dict[str, Any]
Content = dict[str, Any]

ID, KEEP, TITLE, KIND = "id", "Use", "Measure", "Kind"
BY, ON, SECTORS = "By", "On", "Sectors"
AMOUNT, UNIT, REACHES, FROM, UNTIL = "Amount", "Unit", "Reaches", "From", "Until"

KINDS = {
    "tariff": "Tariff",
    "tariff-suspension": "Suspension of tariffs",
    "export-licence": "Export licence",
    "export-ban": "Export ban",
    "purchase-commitment": "Purchase pledge",
    "trade-cost": "Cost of trading",
    "exclusion": "Exclusion from tariffs",
    "technology-control": "Technology control",
    "threat": "Threat",
}
_KIND_OF = {label: kind for kind, label in KINDS.items()}

UNITS = {
    "tariff": "points",
    "tariff-suspension": "points off",
    "export-licence": "% of volume",
    "export-ban": "",
    "purchase-commitment": "million t a year",
    "trade-cost": "% of value",
    "exclusion": "",
    "technology-control": "% of volume",
    "threat": "",
}

_AMOUNTS: Mapping[str, tuple[str, ...]] = {
    "tariff": ("rate_pp", "total_rate_pp"),
    "tariff-suspension": ("suspended_pp", "remaining_pp"),
    "export-licence": ("volume_change_pct",),
    "export-ban": (),
    "purchase-commitment": ("mmt",),
    "trade-cost": ("cost_pct",),
    "exclusion": (),
    "technology-control": ("volume_change_pct",),
    "threat": (),
}
_PLACES: Mapping[str, tuple[str | None, str]] = {
    "tariff": ("importer", "exporters"),
    "tariff-suspension": (None, "suspends"),
    "export-licence": ("exporter", "importers"),
    "export-ban": ("exporter", "importers"),
    "purchase-commitment": ("importer", "exporter"),
    "trade-cost": ("importers", "exporters"),
    "exclusion": (None, "excludes"),
    "technology-control": ("exporter", "importers"),
    "threat": (None, "threatens"),
}
_MANY = frozenset({"importers", "exporters", "suspends", "excludes", "threatens", "sectors"})

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
    by, on = _PLACES[measure.kind]
    coverage = content.get("coverage") or {}
    return {
        ID: measure.id,
        KEEP: True,
        TITLE: measure.title,
        KIND: KINDS[measure.kind],
        BY: "" if by is None else _written(content[by]),
        ON: _written(content[on]),
        SECTORS: _written(content.get("sectors", "")),
        AMOUNT: _amount(measure, content, day),
        UNIT: UNITS[measure.kind],
        REACHES: coverage.get("default"),
        FROM: measure.start,
        UNTIL: measure.end,
    }


def _amount(measure: Measure, content: Mapping[str, Any], day: dt.date) -> float | None:
    if content.get("steps"):
        return float(measure.headline_pp(day))
    if content.get("rate") is not None:
        return 100.0 * float(content["rate"])
    given = (content[field] for field in _AMOUNTS[measure.kind] if content[field] is not None)
    return next(map(float, given), None)


def _written(codes: str | Sequence[str]) -> str:
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
    kind = _KIND_OF.get(str(edited.get(KIND)))
    if kind is None:
        raise RowRefused("choose a kind.")
    if measure is None or measure.kind != kind:
        return _new(edited, kind, day)
    before = row(measure, day)
    changed = [key for key, value in before.items() if key != UNIT and edited.get(key) != value]
    content = measure.model_dump(exclude_defaults=True)
    for key in changed:
        _change(content, kind, key, edited[key], before)
    return content | {"assumed": True, "reason": REASON} if changed else content


def _change(content: Content, kind: str, key: str, value: Any, before: Row) -> None:  # noqa: ANN401
    """Write one changed cell into a measure."""
    if key in (FROM, AMOUNT) and content.pop("steps", None):
        content["rate_pp"] = before[AMOUNT]
    if key == AMOUNT:
        content.pop("rate", None)
        content[_amount_field(content, kind)] = value
    elif key == REACHES:
        content["coverage"] = {**content["coverage"], "default": value}
    elif key == UNTIL:
        content.pop("months", None)
        content["end"] = value
    else:
        content |= _plain_field(kind, key, value)


def _amount_field(content: Content, kind: str) -> str:
    fields = _AMOUNTS[kind]
    if not fields:
        raise RowRefused("a ban has no amount: leave it empty.")
    return next((field for field in fields if content.get(field) is not None), fields[0])


def _plain_field(kind: str, key: str, value: Any) -> Content:  # noqa: ANN401  a cell
    by, on = _PLACES[kind]
    field = {TITLE: "title", BY: by, ON: on, SECTORS: "sectors", FROM: "start"}.get(key)
    if field is None:
        return {}
    return {field: _codes(value) if field in _MANY else value}


def _new(edited: Row, kind: str, day: dt.date) -> Content:
    if kind == "purchase-commitment":
        raise RowRefused(
            "change the shipped pledge of soybeans: the tonnes of 2024 are known for it only."
        )
    title = " ".join(str(edited.get(TITLE) or KINDS[kind]).split())
    content: Content = {"id": slug(title), "kind": kind, "title": title, "status": "announced"}
    content |= {"assumed": True, "reason": REASON, "start": edited.get(FROM) or day}
    if edited.get(UNTIL):
        content["end"] = edited[UNTIL]
    if _AMOUNTS[kind]:
        if edited.get(AMOUNT) is None:
            raise RowRefused(f"write an amount, in {UNITS[kind]}.")
        content[_AMOUNTS[kind][0]] = float(edited[AMOUNT])
    for key in (BY, ON, *(() if kind == "tariff-suspension" else (SECTORS,))):
        if not edited.get(key) and key != SECTORS and not (key == BY and _PLACES[kind][0] is None):
            raise RowRefused(f"fill in “{key}”, such as USA or CHN.")
        content |= _plain_field(kind, key, edited.get(key) or "all")
    if kind == "tariff":
        reaches = edited.get(REACHES)
        content |= {"authority": "hypothetical"}
        content["coverage"] = {"default": 1.0 if reaches is None else float(reaches)}
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
