"""Readers' own scenarios as files: kept in folders of ours, checked, and read back."""

from __future__ import annotations

import hashlib
import re
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from dashboard.data.catalog import READER_FILES, check, parsed
from sim import InputError
from sim.policy.language.yamlio import SIZE_LIMIT

PREFIX = "own-"
"""Start of the ids of readers' scenarios."""

MOST = 500
"""Readers' scenarios kept at once, all sessions together; the oldest goes first."""


@dataclass(frozen=True)
class FileProblem:
    """Something wrong in a scenario file: `field` is a path such as ``measures[0].rate_pp``."""

    line: int | None
    field: str
    text: str

    def __str__(self) -> str:
        where = ", ".join(filter(None, (self.line and f"line {self.line}", self.field)))
        return f"{where[:1].upper()}{where[1:]}: {self.text}" if where else self.text


@lru_cache(maxsize=1)
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="truce-scenarios-"))


def keep(text: str) -> str:
    """Keep a reader's scenario and return its id, which is made from the content alone.

    The file lies alone in a folder named by us: it can refer to shipped scenarios and measures,
    and to no other file.
    """
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    name = f"{PREFIX}{digest}"
    if name not in READER_FILES:
        if len(READER_FILES) >= MOST:
            READER_FILES.pop(next(iter(READER_FILES))).unlink(missing_ok=True)
        path = _folder() / digest / f"{_own_id(text)}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        READER_FILES[name] = path
    return name


def _own_id(text: str) -> str:
    """Return the id that the text gives itself, which must be the name of its file."""
    try:
        own = parsed(text).get("id")
    except InputError:
        own = None
    is_id = isinstance(own, str) and re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", own)
    return str(own) if is_id else "my-scenario"


def file_name(name: str) -> str:
    """Name under which `name` can be run: its id, or the file of a reader's scenario."""
    return READER_FILES[name].name if name in READER_FILES else name


def content_of(name: str) -> dict[str, Any] | None:
    """Return the content of a reader's scenario, or None for a shipped one."""
    if name not in READER_FILES:
        return None
    return parsed(READER_FILES[name].read_text(encoding="utf-8"))


def decoded(raw: bytes) -> str | None:
    """Return the text of an uploaded file, or None if it is not text; reads no more than allowed.

    One byte more than allowed is kept, by which `problems` knows a file that is too large.
    """
    try:
        return raw[: SIZE_LIMIT + 1].decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def problems(text: str) -> tuple[FileProblem, ...]:
    """Everything that is wrong with a reader's scenario; empty if it can be run."""
    if len(text.encode()) > SIZE_LIMIT:
        return (FileProblem(None, "", f"the file is larger than {SIZE_LIMIT // 1024} kB."),)
    errors = check(READER_FILES[keep(text)])
    return tuple(
        FileProblem(error.line, error.field or "", f"{error.problem} {error.advice}".strip())
        for error in errors
    )
