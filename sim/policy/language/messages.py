"""From a validator's complaint to one readable line: what was found, what to write."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile
from typing import Any

from pydantic import BaseModel, ValidationError

from sim.errors import ScenarioError
from sim.policy.language.yamlio import Document, Key

KNOWN_LIMIT = 14
"""Longest list of known names that a message spells out."""

FEW = 6
"""Longest such list beside a suggestion."""

_EXPECTED: Mapping[str, tuple[str, str]] = {
    "float_type": ("not a number", "Write a number such as 25 or 0.25, without quotes or %."),
    "int_type": ("not a whole number", "Write a whole number such as 12."),
    "int_from_float": ("not a whole number", "Write a whole number such as 12."),
    "bool_type": ("neither true nor false", "Write true or false."),
    "string_type": ("not text", "Write it in quotes."),
    "date_type": ("not a date", "Write year-month-day without quotes, such as 2025-11-01."),
    "date_from_datetime_inexact": ("not a date", "Write year-month-day such as 2025-11-01."),
    "tuple_type": ("not a list", "Write a list such as [a, b]."),
    "dict_type": ("not a mapping", "Write lines such as 'key: value' below it."),
    "model_type": ("not a mapping", "Write lines such as 'key: value' below it."),
    "finite_number": ("not finite", "Write a finite number."),
    "string_pattern_mismatch": ("not a valid id", "Write lower-case letters, digits and hyphens."),
    "string_too_short": ("empty", "Write some words."),
    "string_too_long": ("too long", "Shorten it."),
    "too_short": ("empty", "List at least one."),
}
_BOUNDS: Mapping[str, tuple[str, str]] = {
    "greater_than_equal": ("ge", "at least"),
    "greater_than": ("gt", "more than"),
    "less_than_equal": ("le", "at most"),
    "less_than": ("lt", "less than"),
}
_UNITS: Mapping[str, str] = {
    "rate_pct": "Write rate_pp: 25 (points) or rate: 0.25 (fraction).",
    "tariff": "Write rate_pp: 25 (points) or rate: 0.25 (fraction).",
}


Complaint = tuple[str, tuple[Key, ...], str]
"""Problem, place inside the record, advice."""


class BrokenFile(ScenarioError):
    """The first problem of a file; ``others`` holds the rest."""

    def __init__(self, errors: Sequence[ScenarioError]) -> None:
        first, *others = errors
        self.others = tuple(others)
        super().__init__(
            first.problem,
            advice=first.advice,
            file=first.file,
            line=first.line,
            field=first.field,
        )


def as_written(value: Any) -> str:  # noqa: ANN401  anything a file can hold
    """Show a value as the user wrote it, shortened."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:g}"
    text = repr(list(value)) if isinstance(value, tuple) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def nearest(name: str, known: Iterable[str], noun: str = "") -> str:
    """Advice naming the known word nearest to `name`, and the known words if they are few."""
    names = sorted(known)
    close = _closest(name, names)
    advice = [f"Did you mean '{close}'?"] if close else []
    if len(names) <= (FEW if close else KNOWN_LIMIT) or not close:
        more = f" and {len(names) - KNOWN_LIMIT} more" if len(names) > KNOWN_LIMIT else ""
        listed = ", ".join(names[:KNOWN_LIMIT]) or "none yet"
        advice.append(f"Known{f' {noun}' if noun else ''}: {listed}{more}.")
    return " ".join(advice)


def _closest(name: str, names: list[str]) -> str | None:
    """The most similar name; of equally similar ones that with the longest common beginning."""
    folded = {candidate.lower(): candidate for candidate in names}
    word = name.lower()

    def likeness(candidate: str) -> tuple[float, int]:
        ratio = difflib.SequenceMatcher(None, word, candidate).ratio()
        alike = takewhile(lambda pair: pair[0] == pair[1], zip(word, candidate, strict=False))
        return ratio, len(list(alike))

    close = difflib.get_close_matches(word, folded, n=5, cutoff=0.5)
    return folded[max(close, key=likeness)] if close else None


def errors_of(
    failure: ValidationError,
    document: Document,
    model: type[BaseModel],
    place: tuple[Key, ...] = (),
) -> list[ScenarioError]:
    """Translate every complaint about the part of `document` at `place`."""
    errors = []
    # A misspelt key is missing under its right name too: say what was found first.
    items = sorted(failure.errors(include_url=False), key=lambda item: item["type"] == "missing")
    for item in items:
        path = place + tuple(item["loc"])
        problem, advice = _words(item, model)
        errors.append(document.error(problem, _existing(path, document), advice))
    return errors


def _existing(path: tuple[Key, ...], document: Document) -> tuple[Key, ...]:
    """Drop names that pydantic adds for the branches of a union, which no file holds."""
    kept: tuple[Key, ...] = ()
    for position, key in enumerate(path):
        inside = position == len(path) - 1 and not _is_branch(key)
        if (*kept, key) in document.lines or inside:
            kept = (*kept, key)
    return kept


def _is_branch(key: Key) -> bool:
    return isinstance(key, str) and (
        any(mark in key for mark in "[]") or key in {"str", "tuple", "dict", "float"}
    )


def _words(item: Mapping[str, Any], model: type[BaseModel]) -> tuple[str, str]:
    kind, value, context = item["type"], item.get("input"), item.get("ctx", {})
    name = str(item["loc"][-1]) if item["loc"] else ""
    if kind == "truce":
        return context["problem"], context["advice"]
    if kind == "missing":
        return "is missing.", f"Add a line '{name}: ...'."
    if kind == "extra_forbidden":
        return f"unknown key '{name}'.", _UNITS.get(name) or nearest(name, _fields(item, model))
    if kind in _BOUNDS:
        return f"found {as_written(value)}.", _within(kind, value, context, name)
    if kind in ("literal_error", "union_tag_invalid"):
        return _one_of(value, context)
    if kind == "union_tag_not_found":
        return "kind is missing.", "Add a line 'kind: ...'."
    if kind in _EXPECTED:
        what, advice = _EXPECTED[kind]
        return f"found {as_written(value)}, which is {what}.", advice
    return f"found {as_written(value)}: {item['msg']}.", "Compare with a file in scenarios/."


def _one_of(
    value: Any,  # noqa: ANN401  anything a file can hold
    context: Mapping[str, Any],
) -> tuple[str, str]:
    """Words for a value that is not among the known ones."""
    listed = context.get("expected") or context["expected_tags"]
    known = [word.strip("' ") for word in listed.replace(" or ", ",").split(",")]
    wrong = context.get("tag", value)
    noun = "kind " if "tag" in context else ""
    return f"found {noun}{as_written(wrong)}.", nearest(str(wrong), known)


def _within(
    kind: str,
    value: Any,  # noqa: ANN401  a number, checked by the validator
    context: Mapping[str, Any],
    name: str,
) -> str:
    """Advice for a number out of bounds, with what people usually mean."""
    limit, words = _BOUNDS[kind]
    bound = context[limit]
    advice = f"Write {words} {bound:g}."
    if value < 0 and name.endswith("_pp"):
        advice += " To take points off, write a tariff-suspension."
    if bound == 1 and 1 < value <= 100 and name != "switch":
        advice += f" {value:g} percent is {value / 100:g}."
    return advice


def _fields(item: Mapping[str, Any], model: type[BaseModel]) -> list[str]:
    """Fields of the record that holds the unknown key, found by walking down the annotations."""
    current: type[BaseModel] = model
    for key in item["loc"][:-1]:
        if isinstance(key, str) and key in current.model_fields:
            current = _record(current.model_fields[key].annotation) or current
    return list(current.model_fields)


def _record(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401  any annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    parts = getattr(annotation, "__args__", ())
    return next((record for part in parts if (record := _record(part)) is not None), None)
