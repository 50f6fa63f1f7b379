"""Results: one long table and a manifest, saved and loaded as one folder."""

from __future__ import annotations

import datetime as dt
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.errors import InputError
from sim.outputs.table import COLUMNS, GOODS, TOTAL
from sim.outputs.variables import CHANGE, VARIABLES
from sim.pair import DEFAULT_PAIR, Pair

TABLE_FILE, MANIFEST_FILE, SCENARIO_FILE = "table.parquet", "manifest.json", "scenario.json"

_OF_A_MONTH = ("residual", "iterations", "method", "targets")
"""Entries of the manifest that each month of a path has its own of."""

_KEY = ("variable", "region", "partner", "sector")


@dataclass(frozen=True, eq=False)
class RunResult:
    """What a run gives back.

    Parameters
    ----------
    table
        Columns `sim.outputs.table.COLUMNS`; one row a number.  `region` reports, `partner` is its
        counterpart; null where not applicable, ``TOTAL`` for sums.
    manifest
        How the numbers came about: version, digests, elasticity set, levers, residual, sources.
    scenario
        The resolved scenario, as plain data.
    """

    table: pa.Table
    manifest: Mapping[str, Any]
    scenario: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Id of the scenario."""
        return str(self.manifest["scenario"])

    @property
    def title(self) -> str:
        """Title of the scenario."""
        return str(self.manifest.get("title", self.id))

    @property
    def pair(self) -> Pair:
        """The two regions that the run is about: the manifest's, else the default pair."""
        codes = self.manifest.get("pair")
        return DEFAULT_PAIR if codes is None else Pair(*codes)

    @property
    def prevented(self) -> str:
        """Why changes are against a counterpart; empty where they are against the baseline."""
        if "against_digest" not in self.manifest:
            return ""
        return str(self.manifest["counterpart_reason"]).strip()

    @cached_property
    def dates(self) -> tuple[dt.date, ...]:
        """Dates of the table in order: one in a static run, the first of each month in a path."""
        days = self.table["date"].unique().to_pylist()
        return tuple(sorted(day for day in days if day is not None))

    @property
    def is_path(self) -> bool:
        """Tell whether the run is a path of months."""
        return "path" in self.manifest

    def at(self, month: int) -> RunResult:
        """Return one month of a path, counted from 1, as a result of its own.

        Raises
        ------
        InputError
            If the path has no such month.
        """
        if not self.is_path or not 1 <= month <= len(self.dates):
            held = f"months 1 to {len(self.dates)}" if self.is_path else "no months: it is static"
            raise InputError(f"{self.id} has no month {month}.", advice=f"It has {held}.")
        rows = self.table["date"].to_numpy() == np.datetime64(self.dates[month - 1], "D")
        entry = self.manifest["path"]["months"][month - 1]
        manifest = {key: self.manifest[key] for key in self.manifest if key != "path"}
        manifest |= {"date": entry["month"], **{key: entry[key] for key in _OF_A_MONTH}}
        return RunResult(self.table.filter(pa.array(rows)), manifest, self.scenario)

    def value(
        self,
        variable: str,
        region: str | None = None,
        partner: str | None = None,
        sector: str | None = None,
    ) -> float:
        """Return one number; a `partner` or `sector` that is not given means the total.

        Raises
        ------
        InputError
            If the table has no such row.
        """
        number = self.find(variable, region, partner, sector)
        if number is None:
            raise InputError(
                f"{self.id} has no {_row_words(variable, region, partner, sector)}.",
                advice=self._known(variable),
            )
        return number

    def find(
        self,
        variable: str,
        region: str | None = None,
        partner: str | None = None,
        sector: str | None = None,
    ) -> float | None:
        """Like `value`, but None where the table has no such row."""
        if variable not in VARIABLES:
            raise InputError(f"unknown variable {variable!r}.", advice=self._known(variable))
        row = self._keys.row((variable, region or TOTAL, partner or TOTAL, sector or TOTAL))
        return None if row is None else self._number(row)

    def baseline_value(
        self,
        variable: str,
        region: str | None = None,
        partner: str | None = None,
        sector: str | None = None,
    ) -> float:
        """Return the baseline level: the value less its change (not for indices)."""
        level = self.value(variable, region, partner, sector)
        return level - self.value(variable + CHANGE, region, partner, sector)

    def percent_change(
        self,
        variable: str,
        region: str | None = None,
        partner: str | None = None,
        sector: str | None = None,
    ) -> float:
        """Return the change of an amount in percent of its baseline; 0 where that is nothing."""
        base = self.baseline_value(variable, region, partner, sector)
        change = self.value(variable + CHANGE, region, partner, sector)
        return 100.0 * change / base if base else 0.0

    def select(
        self,
        variable: str | None = None,
        region: str | None = None,
        partner: str | None = None,
        sector: str | None = None,
    ) -> pa.Table:
        """Return the rows that match all given columns."""
        mask = np.ones(self.table.num_rows, dtype=bool)
        for column, word in zip(_KEY, (variable, region, partner, sector), strict=True):
            if word is not None:
                mask &= self._keys.codes[column] == self._keys.code(column, word)
        return self.table.filter(pa.array(mask))

    def breakdown(
        self,
        variable: str,
        along: str,
        *,
        region: str | None = None,
        partner: str | None = None,
        sector: str | None = None,
    ) -> dict[str, float]:
        """Return the numbers of a variable along `along` (region, partner or sector), no sums."""
        keys = self._keys
        fixed = {"variable": variable, "region": region, "partner": partner, "sector": sector}
        mask = keys.codes[along] >= 0
        for summed in (TOTAL, GOODS):
            mask &= keys.codes[along] != keys.code(along, summed)
        for column, word in fixed.items():
            if column != along:
                mask &= keys.totals(column) == keys.code(column, word or TOTAL)
        names = keys.words[along]
        return {names[keys.codes[along][row]]: self._number(row) for row in np.flatnonzero(mask)}

    def label(self, code: str) -> str:
        """Return the name of a region or sector code, for readers."""
        labels: Mapping[str, str] = self.manifest.get("labels", {})
        return labels.get(code, code)

    def save(self, folder: str | Path) -> Path:
        """Write the three files into `folder`, each whole or not at all; returns the folder."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / SCENARIO_FILE, _json_bytes(self.scenario))
        _write(folder / TABLE_FILE, _parquet_bytes(self.table))
        # The manifest comes last: a folder that has one is complete.
        _write(folder / MANIFEST_FILE, _json_bytes(self.manifest))
        return folder

    @classmethod
    def load(cls, folder: str | Path) -> RunResult:
        """Read what `save` wrote.

        Raises
        ------
        InputError
            If a file is missing or cannot be read.
        """
        folder = Path(folder)
        try:
            manifest = json.loads((folder / MANIFEST_FILE).read_bytes())
            scenario = json.loads((folder / SCENARIO_FILE).read_bytes())
            table = pq.read_table(folder / TABLE_FILE)
        except (OSError, ValueError, pa.ArrowException) as error:
            raise InputError(
                f"no complete result in this folder ({type(error).__name__}).",
                advice="Write one with `truce run NAME --out DIR`.",
                file=folder,
            ) from error
        if tuple(table.column_names) != COLUMNS:
            raise InputError(
                f"columns are {', '.join(table.column_names)}.",
                advice=f"They must be {', '.join(COLUMNS)}.",
                file=folder / TABLE_FILE,
            )
        return cls(table, manifest, scenario)

    @cached_property
    def _values(self) -> NDArray[np.float64]:
        return np.asarray(self.table["value"].to_numpy())

    @cached_property
    def _keys(self) -> _Keys:
        if len(self.dates) > 1:
            raise InputError(
                f"{self.id} is a path of {len(self.dates)} months.",
                advice="Choose one: result.at(12).",
            )
        return _Keys(self.table)

    def _number(self, row: int | np.intp) -> float:
        return float(self._values[row])

    def _known(self, variable: str) -> str:
        if variable not in VARIABLES:
            names = [name for name in VARIABLES if not name.endswith(CHANGE)]
            return f"Known: {', '.join(names)}; each also with {CHANGE!r}."
        rows = self.select(variable)
        if not rows.num_rows:
            return f"It reports no {variable}."
        first = {name: rows[name][0].as_py() for name in _KEY}
        return f"A row that it has: {_row_words(**first)}."


class _Keys:
    """The key columns as integers, so that a row is found without comparing words."""

    def __init__(self, table: pa.Table) -> None:
        self.words: dict[str, list[str]] = {}
        self.codes: dict[str, NDArray[np.int64]] = {}
        for name in _KEY:
            column: Any = table[name].cast(pa.string()).dictionary_encode().combine_chunks()
            self.words[name] = column.dictionary.to_pylist()
            codes = column.indices.fill_null(-1).to_numpy(zero_copy_only=False)
            self.codes[name] = codes.astype(np.int64)
        keys = self._packed([self.totals(name) for name in _KEY])
        self._order = np.argsort(keys, kind="stable")
        self._sorted = keys[self._order]

    def code(self, column: str, word: str) -> int:
        """Code of a word; one that is not in the column has a code that no row has."""
        words = self.words[column]
        if word in words:
            return words.index(word)
        return len(words) + (word != TOTAL)

    def totals(self, column: str) -> NDArray[np.int64]:
        """Codes of a column in which null counts as total."""
        codes = self.codes[column]
        return np.where(codes < 0, self.code(column, TOTAL), codes)

    def row(self, key: tuple[str, str, str, str]) -> int | None:
        """Row of (variable, region, partner, sector), or None."""
        parts = [np.array(self.code(name, word)) for name, word in zip(_KEY, key, strict=True)]
        wanted = int(self._packed(parts))
        position = int(np.searchsorted(self._sorted, wanted))
        is_known = position < len(self._sorted) and self._sorted[position] == wanted
        return int(self._order[position]) if is_known else None

    def _packed(self, parts: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
        packed = np.zeros_like(parts[0])
        for name, codes in zip(_KEY, parts, strict=True):
            packed = packed * (len(self.words[name]) + 2) + codes
        return packed


def _row_words(
    variable: str, region: str | None, partner: str | None = None, sector: str | None = None
) -> str:
    codes = [code for code in (region, partner, sector) if code]
    return f"{variable} for {', '.join(codes)}" if codes else variable


def _json_bytes(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False, default=str) + "\n").encode()


def _parquet_bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue().to_pybytes()


def _write(path: Path, content: bytes) -> None:
    """Write to a temporary name in the same folder, then rename: readers never see half a file."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
