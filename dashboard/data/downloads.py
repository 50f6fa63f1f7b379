"""Files to download: results, rows of tables, and scenarios."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from dashboard.data import acts, calendar_rows, reader_files, reproduction
from dashboard.data.answers import result
from dashboard.data.catalog import LeverValues, resolved


def csv(name: str, levers: LeverValues) -> bytes:
    """Return the whole result table as CSV."""
    return _csv(result(name, levers).table)


def rows_csv(rows: Sequence[Mapping[str, object]]) -> bytes:
    """Return rows as CSV."""
    return _csv(pa.Table.from_pylist([dict(row) for row in rows]))


def _csv(table: pa.Table) -> bytes:
    """Return a table as CSV, with the mark by which Excel knows UTF-8."""
    sink = io.BytesIO()
    sink.write(b"\xef\xbb\xbf")
    pyarrow.csv.write_csv(table, sink)
    return sink.getvalue()


def averages_csv(name: str) -> bytes:
    """Return the average tariffs of a calendar as CSV, one row a period and pair."""
    return rows_csv(calendar_rows.average_rows(acts.averages(name)))


def parquet(name: str, levers: LeverValues) -> bytes:
    """Return the whole result table as Parquet."""
    sink = pa.BufferOutputStream()
    pyarrow.parquet.write_table(result(name, levers).table, sink, compression="zstd")
    return sink.getvalue().to_pybytes()


def scenario_yaml(name: str, levers: LeverValues) -> str:
    """Return the scenario with these levers as a file that `truce run` reads."""
    return reproduction.scenario_file(resolved(name, levers), reader_files.content_of(name))
