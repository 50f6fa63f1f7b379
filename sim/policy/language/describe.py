"""The scenario language in words: a reference written from the models themselves."""

from __future__ import annotations

import datetime as dt
import re
import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.policy.language.collapse import Collapse
from sim.policy.language.estimates import Estimate, Ours
from sim.policy.language.fields import Source
from sim.policy.language.kinds import KINDS
from sim.policy.language.rules import (
    ActCondition,
    Alteration,
    Consequence,
    Matching,
    OutcomeCondition,
    PurchaseCondition,
    Rule,
)
from sim.policy.language.schema import FactRef, Lever, Scenario, Statement

HEAD = """\
# The scenario language

Written from the models: `truce schema --markdown > docs/scenario-language.md`; a test keeps the two
the same. Files are YAML 1.2, UTF-8, at most 256 kB and ten levels deep, without aliases and tags.
Every unknown key is an error with file, line and the nearest known name. Rates are percentage
points where the key ends in `_pp`, percent where it ends in `_pct`, else fractions. Dates are days;
an interval holds its `start` and not its `end`.

Editors that read `# yaml-language-server: $schema=schema.json`, the first line of every shipped
file, complete and check keys while one types; `truce check FILE` says the rest.
"""

PARTS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("Source: where a number comes from", Source),
    *(part for measure in KINDS.values() for part in measure.traits.parts),
    ("Lever", Lever),
    ("Rule", Rule),
    ("Condition of a rule: `kind: outcome`", OutcomeCondition),
    ("Condition of a rule: `kind: purchases`", PurchaseCondition),
    ("Condition of a rule: `kind: act`", ActCondition),
    ("Consequence of a rule", Consequence),
    ("Alteration of a number", Alteration),
    ("Matching of a tariff", Matching),
    ("Collapse", Collapse),
    ("Fact that a scenario rests on", FactRef),
    ("Number that an article states", Statement),
    ("Published estimate", Estimate),
    ("Our number beside an estimate", Ours),
)

_NAMES: dict[Any, str] = {
    FactRef: "fact",
    Statement: "stated number",
    Ours: "our number",
    OutcomeCondition: "condition",
    PurchaseCondition: "condition",
    ActCondition: "condition",
    Any: "record",
}
_WORDS: dict[Any, str] = {
    str: "text",
    float: "number",
    int: "whole number",
    bool: "true or false",
    dt.date: "day",
}


def language_markdown() -> str:
    """Reference of scenario files, measure kinds and their parts, as Markdown."""
    blocks = [HEAD, *_section("## Scenario", Scenario), "## Measures"]
    for kind, measure in KINDS.items():
        blocks += _section(f"### `{kind}`", measure)
    blocks.append("## Parts")
    for title, part in PARTS:
        blocks += _section(f"### {title}", part)
    return "\n\n".join(block.strip("\n") for block in blocks) + "\n"


def _section(title: str, model: type[BaseModel]) -> Iterator[str]:
    yield title
    yield (model.__doc__ or "").strip().replace("\n    ", "\n")
    yield "\n".join(["| key | holds | default | meaning |", "|---|---|---|---|", *_rows(model)])


def _rows(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        if name == "kind":
            continue
        meaning = " ".join((field.description or "").split()).replace("|", "\\|")
        yield f"| `{name}` | {_words(field.annotation)} | {_default(field)} | {meaning} |"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    empty = value is None or value in ("", ()) or value == {}
    return "" if empty else f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _words(annotation: Any) -> str:  # noqa: ANN401  any type
    """Name a type as a writer of YAML would."""
    if annotation in _WORDS:
        return _WORDS[annotation]
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _words(inside[0])
    if origin is Literal:
        return " or ".join(f"`{value}`" for value in inside)
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(_words(part) for part in inside if part is not type(None)))
    if origin is tuple:
        return f"list of {_words(inside[0])}"
    if origin is dict:
        return "record" if inside[1] is Any else f"{_words(inside[1])} by key"
    name = getattr(annotation, "__name__", str(annotation))
    return _NAMES.get(annotation) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
