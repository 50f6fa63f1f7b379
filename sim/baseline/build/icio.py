"""Reader of the official OECD ICIO file (``YYYY_SML.csv``).

Layout as published: the first column holds row labels ``ISO_SECTOR``; the other columns are
``ISO_SECTOR`` (purchases of industries), then final demand ``ISO_HFCE``, ``ISO_NPISH``,
``ISO_GGFC``, ``ISO_GFCF``, ``ISO_INVNT`` and ``ISO_DPABR``, then ``OUT``.  After the industry rows
come ``TLS`` (taxes less subsidies), ``VA`` and ``OUT``.  Money is USD mn at basic prices.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from sim.baseline.build.aggregate import Aggregation, aggregate
from sim.baseline.build.imports2024 import settle
from sim.baseline.table import Array, WorldTable
from sim.errors import BaselineError
from sim.model.economy import Economy

FINAL_DEMAND = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR")
"""Final-demand columns of the 2023 and later editions."""

OLDER_NAMES = {"P33": "DPABR", "NPI": "NPISH", "TOTAL": "OUT", "VALU": "VA", "OUTPUT": "OUT"}
"""Names in earlier editions."""

TAXES, VALUE_ADDED, OUTPUT = "TLS", "VA", "OUT"

OUTPUT_TOLERANCE = 1e-4
"""Largest gap between a row's sum and its output, relative to the larger: rounding."""


@dataclass(frozen=True)
class _Columns:
    """Where each column of the file goes.

    Parameters
    ----------
    region, sector
        Codes in order of first appearance.
    buyer
        Region of every column between the label and output.
    user
        Sector of every column, -1 for final demand.
    """

    region: tuple[str, ...]
    sector: tuple[str, ...]
    buyer: NDArray[np.intp]
    user: NDArray[np.intp]


@dataclass
class _Reading:
    """The table as it fills up, row by row."""

    path: Path
    columns: _Columns
    flow: Array
    use: Array
    output: dict[tuple[int, int], float] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)

    def fail(self, line: int, problem: str, advice: str = "") -> NoReturn:
        raise BaselineError(problem, advice=advice, file=self.path, line=line)


def read_icio_csv(path: Path) -> WorldTable:
    """Read the official file into the axes of the model.

    Parameters
    ----------
    path
        The CSV as published.

    Returns
    -------
    WorldTable
        All economies and industries of the file; value added includes taxes less subsidies.

    Raises
    ------
    BaselineError
        If the file is missing, or malformed: a column or row absent, twice or unknown, a cell that
        is no number, output that is negative or not the sum of its row.
    """
    if not path.is_file():
        raise BaselineError("no such file.", advice="Give the ICIO CSV as published.", file=path)
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = csv.reader(handle)
        header = [OLDER_NAMES.get(name.strip(), name.strip()) for name in next(rows, [])]
        columns = _read_header(path, header)
        shape = (len(columns.region), len(columns.sector))
        reading = _Reading(
            path,
            columns,
            np.zeros((shape[0], shape[0], shape[1])),
            np.zeros((shape[0], shape[1], shape[1])),
        )
        for line, row in enumerate(rows, start=2):
            if row:
                _read_row(reading, header, line, row)
    _check_rows(reading)
    return WorldTable(columns.region, columns.sector, reading.flow, reading.use)


def _read_header(path: Path, header: list[str]) -> _Columns:
    if len(header) < 3 or header[-1] != OUTPUT:
        raise BaselineError(
            f"the last column is {header[-1]!r}." if header else "the file is empty.",
            advice=f"An ICIO file ends with the column {OUTPUT}.",
            file=path,
            line=1,
        )
    names = header[1:-1]
    pairs = [_split(path, 1, name) for name in names]
    twice = next((pair for pair, times in Counter(pairs).items() if times > 1), None)
    if twice:
        raise BaselineError(f"column '{'_'.join(twice)}' stands twice.", file=path, line=1)
    regions = tuple(dict.fromkeys(region for region, _ in pairs))
    sectors = tuple(dict.fromkeys(code for _, code in pairs if code not in FINAL_DEMAND))
    found = set(pairs)
    for region, code in product(regions, (*sectors, *FINAL_DEMAND)):
        if (region, code) not in found:
            raise BaselineError(
                f"column '{region}_{code}' is missing.",
                advice=f"Every economy has every industry and {', '.join(FINAL_DEMAND)}.",
                file=path,
                line=1,
            )
    user = [sectors.index(code) if code in sectors else -1 for _, code in pairs]
    return _Columns(
        regions, sectors, np.array([regions.index(r) for r, _ in pairs]), np.array(user)
    )


def _split(path: Path, line: int, name: str) -> tuple[str, str]:
    """Split ``ISO_SECTOR``; industries may hold further underscores (C17_18)."""
    region, _, code = name.partition("_")
    if not region or not code:
        raise BaselineError(
            f"unknown code {name!r}.",
            advice="Write ISO_SECTOR, for example USA_C26.",
            file=path,
            line=line,
        )
    return region, OLDER_NAMES.get(code, code)


def _read_row(reading: _Reading, header: list[str], line: int, row: list[str]) -> None:
    label = OLDER_NAMES.get(row[0].strip(), row[0].strip())
    if label in reading.seen:
        reading.fail(line, f"row {label!r} stands twice, first in line {reading.seen[label]}.")
    reading.seen[label] = line
    if len(row) != len(header):
        reading.fail(line, f"{len(row)} cells, the header has {len(header)}.")
    values = _numbers(reading, header, line, row)
    if label in (TAXES, VALUE_ADDED, OUTPUT):
        return
    seller, sector = _row_position(reading, line, label)
    _check_output(reading, line, label, values)
    columns = reading.columns
    sold = np.bincount(columns.buyer, weights=values[:-1], minlength=len(columns.region))
    reading.flow[:, seller, sector] = sold
    industry = columns.user >= 0
    np.add.at(
        reading.use[:, sector],
        (columns.buyer[industry], columns.user[industry]),
        values[:-1][industry],
    )


def _numbers(reading: _Reading, header: list[str], line: int, row: list[str]) -> Array:
    try:
        values = np.array(row[1:], dtype=float)
    except ValueError:
        values = np.full(len(row) - 1, np.nan)
        for at, cell in enumerate(row[1:]):
            values[at] = _number(cell)
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        at = int(bad[0]) + 1
        reading.fail(
            line, f"column {header[at]!r} holds {row[at]!r}.", "Write a number, 0 if there is none."
        )
    return values


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return float("nan")


def _row_position(reading: _Reading, line: int, label: str) -> tuple[int, int]:
    region, code = _split(reading.path, line, label)
    columns = reading.columns
    if region not in columns.region or code not in columns.sector:
        reading.fail(
            line,
            f"unknown code {label!r}: no such column.",
            "Rows and columns name the same economies and industries.",
        )
    return columns.region.index(region), columns.sector.index(code)


def _check_output(reading: _Reading, line: int, label: str, values: Array) -> None:
    output, total = float(values[-1]), float(values[:-1].sum())
    if output < 0:
        reading.fail(line, f"output of {label} is {output:g}.", "Output is never negative.")
    if abs(output - total) > OUTPUT_TOLERANCE * max(abs(output), abs(total), 1.0):
        reading.fail(
            line,
            f"output of {label} is {output:g}, its row sums to {total:g}.",
            "Purchases and final demand sum to output.",
        )


def _check_rows(reading: _Reading) -> None:
    columns, last = reading.columns, max(reading.seen.values(), default=1)
    wanted: Iterator[str] = (
        f"{region}_{code}" for region in columns.region for code in columns.sector
    )
    for label in (*wanted, VALUE_ADDED, OUTPUT):
        if label not in reading.seen:
            reading.fail(last, f"row {label!r} is missing.", "Every column has its row.")


def model_table(table: WorldTable, aggregation: Aggregation) -> WorldTable:
    """Sum a table over an aggregation and remove what the model cannot hold.

    Stocks run down can make a small flow or a final demand negative: such flows become zero, and
    where industries use more than is supplied, the sector's own sales and output grow by the gap.
    """
    summed = aggregate(table, aggregation)
    flow = np.maximum(summed.flow, 0.0)
    n = np.arange(len(summed.regions))
    if (flow == summed.flow).all() and (summed.final_demand >= 0).all():
        return summed
    reference = summed.with_flow(flow)
    return settle(reference, flow, flow[n, n])


def economy_from_icio(
    icio_file: Path,
    aggregation: Aggregation,
    *,
    trade_elasticity: float | Sequence[float] = 4.0,
    factor_mobility: float = float("inf"),
) -> Economy:
    """Return an economy without tariffs from the official file.

    Parameters
    ----------
    aggregation
        Regions and sectors; carved sectors are left out, they need facts of their own.
    trade_elasticity
        theta, a number or one a sector.
    factor_mobility
        kappa.

    Raises
    ------
    BaselineError
        If the file is malformed, or the aggregation does not fit it.
    """
    table = model_table(read_icio_csv(icio_file), aggregation)
    output = table.output[:, None, :]
    share = np.divide(table.use, output, out=np.zeros_like(table.use), where=output > 0)
    return Economy.calibrate(
        importers=table.regions,
        sectors=table.sectors,
        trade_flow=table.flow,
        tariff_rate=0.0,
        input_share=share,
        trade_elasticity=trade_elasticity,
        factor_mobility=factor_mobility,
    )
