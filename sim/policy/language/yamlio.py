"""YAML text to plain values, with the line of every value.

A strict part of YAML 1.2 is read: no aliases (they can blow up), no tags, no duplicate keys, no
numbers with leading zeros (HS codes are text), no dates that do not exist.  ``NO`` is Norway's
text, not ``False``.  Sequences become tuples.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from sim.errors import ScenarioError

SIZE_LIMIT = 256 * 1024
"""Largest file, in bytes; the largest shipped one has under 10 kB."""

DEPTH_LIMIT = 10
"""Deepest nesting; a scenario needs five."""

Key = str | int
Scalar = str | int | float | bool | dt.date | None

_CONSTANTS: Mapping[str, bool | float | None] = {
    "": None,
    "~": None,
    "null": None,
    "true": True,
    "false": False,
    ".inf": float("inf"),
    "+.inf": float("inf"),
}
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9_]+|0[xob][0-9a-fA-F_]+")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")


@dataclass(frozen=True)
class Document:
    """A file's content and where each value stands.

    Parameters
    ----------
    file
        Name shown to the user.
    content
        Plain dicts, tuples and scalars.
    lines
        Line of each value by its path of keys and indices, from 1.
    """

    file: str
    content: dict[str, Any]
    lines: Mapping[tuple[Key, ...], int]

    def line(self, path: Iterable[Key] = ()) -> int:
        """Line of the value at `path`, or of the nearest thing around it."""
        keys = tuple(path)
        while keys not in self.lines and keys:
            keys = keys[:-1]
        return self.lines.get(keys, 1)

    def error(self, problem: str, path: Iterable[Key] = (), advice: str = "") -> ScenarioError:
        """Build the error for the value at `path`."""
        keys = tuple(path)
        return ScenarioError(
            problem, advice=advice, file=self.file, line=self.line(keys), field=dotted(keys)
        )


def dotted(path: Iterable[Key]) -> str | None:
    """Write a path as ``levers.us_rate.min`` or ``measures[2].rate_pp``."""
    text = ""
    for key in path:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else key
    return text or None


def read_document(path: Path) -> Document:
    """Read a file.

    Raises
    ------
    ScenarioError
        If it is absent, too large, not UTF-8, not YAML, or holds what this dialect refuses.
    """
    return parse_document(_text(path), shown(path))


def shown(path: Path) -> str:
    """Name of a file as the user would type it here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _text(path: Path) -> str:
    file = shown(path)
    try:
        size = path.stat().st_size
        if size > SIZE_LIMIT:
            raise ScenarioError(
                f"the file has {size} bytes.", advice=f"At most {SIZE_LIMIT} are read.", file=file
            )
        raw = path.read_bytes()
    except OSError as cause:
        raise ScenarioError(
            f"cannot be read ({cause.strerror}).", advice="Check the name.", file=file
        ) from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        line = raw.count(b"\n", 0, cause.start) + 1
        raise ScenarioError(
            f"byte 0x{raw[cause.start]:02x} is not UTF-8.",
            advice="Save the file as UTF-8.",
            file=file,
            line=line,
        ) from None


def parse_document(text: str, file: str) -> Document:
    """Read YAML text; `file` is the name for errors, which are as in `read_document`."""
    builder = _Builder(file)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            builder.take(event)
    except MarkedYAMLError as cause:
        mark = cause.problem_mark or cause.context_mark
        raise ScenarioError(
            f"not valid YAML: {cause.problem or cause.context}.",
            advice="Check quotes, colons and indentation around this line.",
            file=file,
            line=None if mark is None else mark.line + 1,
        ) from None
    except YAMLError as cause:
        raise ScenarioError(
            f"not valid YAML: {str(cause).splitlines()[0]}.",
            advice="Remove control characters.",
            file=file,
        ) from None
    if not isinstance(builder.root, dict):
        raise ScenarioError(
            "the file holds no keys.", advice="Write lines such as 'title: ...'.", file=file, line=1
        )
    return Document(file, builder.root, builder.lines)


class _Builder:
    """Turns parser events into values, iteratively, so that depth cannot exhaust the stack."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Any = None
        self.lines: dict[tuple[Key, ...], int] = {}
        self._stack: list[tuple[dict[str, Any] | list[Any], tuple[Key, ...]]] = []
        self._key: list[str | None] = []
        self._documents = 0

    def take(self, event: Event) -> None:
        """Add one parser event."""
        if isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise self._error(event, "a second document starts here.", "Write one per file.")
        elif isinstance(event, AliasEvent):
            raise self._error(
                event, f"alias *{event.anchor} is not accepted.", "Write the value out."
            )
        elif isinstance(event, ScalarEvent):
            self._scalar(event)
        elif isinstance(event, (MappingStartEvent, SequenceStartEvent)):
            self._open(event)
        elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            self._close()

    def _error(
        self, event: Event, problem: str, advice: str, path: tuple[Key, ...] = ()
    ) -> ScenarioError:
        return ScenarioError(
            problem,
            advice=advice,
            file=self.file,
            line=event.start_mark.line + 1,
            field=dotted(path),
        )

    def _path(self) -> tuple[Key, ...]:
        """Path of the value that comes next."""
        if not self._stack:
            return ()
        container, path = self._stack[-1]
        if isinstance(container, dict):
            return (*path, self._key[-1] or "")
        return (*path, len(container))

    def _scalar(self, event: ScalarEvent) -> None:
        if self._stack and isinstance(self._stack[-1][0], dict) and self._key[-1] is None:
            self._set_key(event)
            return
        path = self._path()
        if event.tag is not None and not any(event.implicit):
            raise self._error(event, f"tag {event.tag} is not accepted.", "Remove it.", path)
        plain = event.style is None
        self._put(self._plain(event, path) if plain else str(event.value), path, event)

    def _set_key(self, event: ScalarEvent) -> None:
        container, path = self._stack[-1]
        key = str(event.value)
        if key in container:
            first = self.lines[(*path, key)]
            raise self._error(
                event,
                f"'{key}' is written twice, first on line {first}.",
                "Keep one of the two.",
                (*path, key),
            )
        self._key[-1] = key
        self.lines[(*path, key)] = event.start_mark.line + 1

    def _put(self, value: Scalar, path: tuple[Key, ...], event: ScalarEvent) -> None:
        # A block value starts a line below its key; errors point to the key.
        self.lines.setdefault(path, event.start_mark.line + 1)
        if not self._stack:
            self.root = value
            return
        container = self._stack[-1][0]
        if isinstance(container, dict):
            container[str(path[-1])] = value
            self._key[-1] = None
        else:
            container.append(value)

    def _open(self, event: MappingStartEvent | SequenceStartEvent) -> None:
        path = self._path()
        if self._stack and isinstance(self._stack[-1][0], dict) and self._key[-1] is None:
            raise self._error(event, "a key is a list or a mapping.", "Write a word.", path)
        if len(self._stack) >= DEPTH_LIMIT:
            raise self._error(
                event, f"nested deeper than {DEPTH_LIMIT} levels.", "Flatten the file."
            )
        if event.tag is not None:
            raise self._error(event, f"tag {event.tag} is not accepted.", "Remove it.", path)
        self.lines.setdefault(path, event.start_mark.line + 1)
        self._stack.append(({} if isinstance(event, MappingStartEvent) else [], path))
        self._key.append(None)

    def _close(self) -> None:
        container, path = self._stack.pop()
        self._key.pop()
        value = tuple(container) if isinstance(container, list) else container
        if not self._stack:
            self.root = value
            return
        parent = self._stack[-1][0]
        if isinstance(parent, dict):
            parent[str(path[-1])] = value
            self._key[-1] = None
        else:
            parent.append(value)

    def _plain(self, event: ScalarEvent, path: tuple[Key, ...]) -> Scalar:
        """Read an unquoted scalar as YAML 1.2 does, refusing what people write by mistake."""
        text = str(event.value)
        if text.lower() in _CONSTANTS:
            return _CONSTANTS[text.lower()]
        if _INTEGER.fullmatch(text):
            return int(text)
        if _LEADING_ZERO.fullmatch(text):
            raise self._error(
                event,
                f"found {text}, a number with a leading zero.",
                f'Codes are text: write "{text}" in quotes.',
                path,
            )
        if _DECIMAL.fullmatch(text):
            return float(text)
        if _DATE.fullmatch(text):
            return self._date(event, text, path)
        return text

    def _date(self, event: ScalarEvent, text: str, path: tuple[Key, ...]) -> dt.date:
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            raise self._error(
                event,
                f"{text} is not a date that exists.",
                "Write year-month-day with two digits each, such as 2025-02-28.",
                path,
            ) from None
