"""Files in and out: results and scenarios to download, readers' own scenarios to run."""

from __future__ import annotations

import hashlib
import io
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from dashboard import data
from dashboard.data import acts, reproduction

OWN = "own-"
"""Start of the ids of readers' scenarios."""


def csv(name: str, levers: data.LeverValues) -> bytes:
    """Return the whole result table as CSV, with the mark by which Excel knows UTF-8."""
    sink = io.BytesIO()
    sink.write(b"\xef\xbb\xbf")
    pyarrow.csv.write_csv(data.result(name, levers).table, sink)
    return sink.getvalue()


def rows_csv(rows: Sequence[Mapping[str, object]]) -> bytes:
    """Return rows as CSV, with the mark by which Excel knows UTF-8."""
    sink = io.BytesIO()
    sink.write(b"\xef\xbb\xbf")
    pyarrow.csv.write_csv(pa.Table.from_pylist([dict(row) for row in rows]), sink)
    return sink.getvalue()


def averages_csv(name: str) -> bytes:
    """Return the average tariffs of a calendar as CSV, one row a period and pair."""
    return rows_csv(
        [
            {
                "from": one.start,
                "before": one.end,
                "tariff": acts.PAIRS[pair],
                "percent": one.percent,
            }
            for pair, periods in acts.averages(name).items()
            for one in periods
        ]
    )


def parquet(name: str, levers: data.LeverValues) -> bytes:
    """Return the whole result table as Parquet."""
    sink = pa.BufferOutputStream()
    pyarrow.parquet.write_table(data.result(name, levers).table, sink, compression="zstd")
    return sink.getvalue().to_pybytes()


def scenario_yaml(name: str, levers: data.LeverValues) -> str:
    """Return the scenario with these levers as a file that `truce run` reads."""
    found = data.resolved(name, levers)
    if name not in data.PLACES:
        return reproduction.scenario_yaml(found)
    return reproduction.scenario_yaml(
        found, data.parsed(data.PLACES[name].read_text(encoding="utf-8"))
    )


@dataclass(frozen=True)
class Problem:
    """Something wrong in a scenario file: `field` is a path such as ``measures[0].rate_pp``."""

    line: int | None
    field: str
    text: str

    def __str__(self) -> str:
        place = ", ".join(filter(None, (self.line and f"line {self.line}", self.field)))
        return f"{place[:1].upper()}{place[1:]}: {self.text}" if place else self.text


MOST = 500
"""Readers' scenarios kept at once, all sessions together; the oldest goes first."""


@lru_cache(maxsize=1)
def _own_folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="truce-scenarios-"))


def keep(text: str) -> str:
    """Keep a reader's scenario and return its id, which is made from the content alone.

    The file lies alone in a folder named by us: it can refer to shipped scenarios and measures,
    and to no other file.
    """
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    name = f"{OWN}{digest}"
    if name not in data.PLACES:
        if len(data.PLACES) >= MOST:
            data.PLACES.pop(next(iter(data.PLACES))).unlink(missing_ok=True)
        path = _own_folder() / digest / f"{_file_name(text)}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        data.PLACES[name] = path
    return name


def file_name(name: str) -> str:
    """Name under which `name` can be run: its id, or the file of a reader's scenario."""
    return data.PLACES[name].name if name in data.PLACES else name


def _file_name(text: str) -> str:
    """Return the id that the text gives itself, which must be the name of its file."""
    try:
        own = data.parsed(text).get("id")
    except data.InputError:
        own = None
    is_id = isinstance(own, str) and re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", own)
    return str(own) if is_id else "my-scenario"


def decoded(raw: bytes) -> str | None:
    """Return the text of an uploaded file, or None if it is none; only what may be read is."""
    try:
        return raw[: data.SIZE_LIMIT + 1].decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def problems(text: str) -> tuple[Problem, ...]:
    """Everything that is wrong with a reader's scenario; empty if it can be run."""
    if len(text.encode()) > data.SIZE_LIMIT:
        return (Problem(None, "", f"the file is larger than {data.SIZE_LIMIT // 1024} kB."),)
    found = data.check(data.PLACES[keep(text)])
    return tuple(Problem(one.line, one.field or "", _words(one)) for one in found)


def _words(error: data.InputError) -> str:
    return f"{error.problem} {error.advice}".strip()
