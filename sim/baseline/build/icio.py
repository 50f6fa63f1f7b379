"""Reader of the official OECD ICIO file (``YYYY_SML.csv``).

Layout as published: the first column holds row labels ``ISO_SECTOR``; the other columns are
``ISO_SECTOR`` (purchases of industries), then final demand ``ISO_HFCE``, ``ISO_NPISH``,
``ISO_GGFC``, ``ISO_GFCF``, ``ISO_INVNT`` and ``ISO_DPABR``, then ``OUT``.  After the industry rows
come ``TLS`` (taxes less subsidies), ``VA`` and ``OUT``.  Money is USD mn at basic prices.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from sim.baseline.build.aggregate import Aggregation, aggregate
from sim.baseline.build.imports2024 import settle
from sim.baseline.build.io_table import Array, WorldTable
from sim.baseline.build.repaired import flow_repairs, own_sales_repairs
from sim.errors import BaselineError
from sim.model.repairs import Repair

FINAL_DEMAND = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR")
"""Final-demand columns of the 2023 and later editions."""

OLDER_NAMES = {"P33": "DPABR", "NPI": "NPISH", "TOTAL": "OUT", "VALU": "VA", "OUTPUT": "OUT"}
"""Names in earlier editions."""

TAXES, VALUE_ADDED, OUTPUT = "TLS", "VA", "OUT"

OUTPUT_TOLERANCE = 1e-4
"""Largest gap between a row's sum and its output, relative to the larger: rounding."""


@dataclass(frozen=True)
class _IcioColumns:
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
class _IcioTable:
    """The table as it fills up, row by row."""

    path: Path
    columns: _IcioColumns
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
        is not a number, output that is negative or not the sum of its row.
    """
    if not path.is_file():
        raise BaselineError(
            "there is no such file.", advice="Give the ICIO CSV as published.", file=path
        )
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = csv.reader(handle)
        header = [OLDER_NAMES.get(name.strip(), name.strip()) for name in next(rows, [])]
        columns = _read_header(path, header)
        shape = (len(columns.region), len(columns.sector))
        icio = _IcioTable(
            path,
            columns,
            np.zeros((shape[0], shape[0], shape[1])),
            np.zeros((shape[0], shape[1], shape[1])),
        )
        for line, row in enumerate(rows, start=2):
            if row:
                _read_row(icio, header, line, row)
    _check_rows(icio)
    return WorldTable(columns.region, columns.sector, icio.flow, icio.use)


def _read_header(path: Path, header: list[str]) -> _IcioColumns:
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
    listed = set(pairs)
    for region, code in product(regions, (*sectors, *FINAL_DEMAND)):
        if (region, code) not in listed:
            raise BaselineError(
                f"column '{region}_{code}' is missing.",
                advice=f"Every economy has every industry and {', '.join(FINAL_DEMAND)}.",
                file=path,
                line=1,
            )
    user = [sectors.index(code) if code in sectors else -1 for _, code in pairs]
    return _IcioColumns(
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


def _read_row(icio: _IcioTable, header: list[str], line: int, row: list[str]) -> None:
    label = OLDER_NAMES.get(row[0].strip(), row[0].strip())
    if label in icio.seen:
        icio.fail(line, f"row {label!r} stands twice, first in line {icio.seen[label]}.")
    icio.seen[label] = line
    if len(row) != len(header):
        icio.fail(line, f"{len(row)} cells, the header has {len(header)}.")
    if label in (TAXES, VALUE_ADDED, OUTPUT):
        row = _without_blanks(icio.columns, row)
    values = _numbers(icio, header, line, row)
    if label in (TAXES, VALUE_ADDED, OUTPUT):
        return
    seller, sector = _row_position(icio, line, label)
    _check_output(icio, line, label, values)
    columns = icio.columns
    sold = np.bincount(columns.buyer, weights=values[:-1], minlength=len(columns.region))
    icio.flow[:, seller, sector] = sold
    industry = columns.user >= 0
    np.add.at(
        icio.use[:, sector],
        (columns.buyer[industry], columns.user[industry]),
        values[:-1][industry],
    )


def _without_blanks(columns: _IcioColumns, row: list[str]) -> list[str]:
    """Write 0 in blank cells of final demand and of output, where these rows have no number."""
    is_final = [False, *(columns.user < 0), True]
    return [
        "0" if final and not cell.strip() else cell
        for cell, final in zip(row, is_final, strict=True)
    ]


def _numbers(icio: _IcioTable, header: list[str], line: int, row: list[str]) -> Array:
    try:
        values = np.array(row[1:], dtype=float)
    except ValueError:
        values = np.full(len(row) - 1, np.nan)
        for column, cell in enumerate(row[1:]):
            values[column] = _number(cell)
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        column = int(bad[0]) + 1
        icio.fail(
            line,
            f"column {header[column]!r} holds {row[column]!r}.",
            "Write a number, 0 if there is none.",
        )
    return values


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return float("nan")


def _row_position(icio: _IcioTable, line: int, label: str) -> tuple[int, int]:
    region, code = _split(icio.path, line, label)
    columns = icio.columns
    if region not in columns.region or code not in columns.sector:
        icio.fail(
            line,
            f"unknown code {label!r}: no such column.",
            "Rows and columns name the same economies and industries.",
        )
    return columns.region.index(region), columns.sector.index(code)


def _check_output(icio: _IcioTable, line: int, label: str, values: Array) -> None:
    output, total = float(values[-1]), float(values[:-1].sum())
    if output < 0:
        icio.fail(line, f"output of {label} is {output:g}.", "Output is never negative.")
    if abs(output - total) > OUTPUT_TOLERANCE * max(abs(output), abs(total), 1.0):
        icio.fail(
            line,
            f"output of {label} is {output:g}, its row sums to {total:g}.",
            "Purchases and final demand sum to output.",
        )


def _check_rows(icio: _IcioTable) -> None:
    columns, last = icio.columns, max(icio.seen.values(), default=1)
    wanted: Iterator[str] = (
        f"{region}_{code}" for region in columns.region for code in columns.sector
    )
    for label in (*wanted, VALUE_ADDED, OUTPUT):
        if label not in icio.seen:
            icio.fail(last, f"row {label!r} is missing.", "Every column has its row.")


def model_table(table: WorldTable, aggregation: Aggregation) -> WorldTable:
    """Sum a table over an aggregation and remove what the model cannot hold.

    Stocks run down can make a small flow or a final demand negative: such flows become zero, and
    where industries use more than is supplied, the sector's own sales and output grow by the gap.
    No other cell is touched.
    """
    summed = aggregate(table, aggregation)
    flow = np.maximum(summed.flow, 0.0)
    n = np.arange(len(summed.regions))
    if (flow == summed.flow).all() and (summed.final_demand >= 0).all():
        return summed
    reference = summed.with_flow(flow)
    return settle(reference, flow, flow[n, n], least_own_share=0.0)


def model_table_repairs(
    table: WorldTable, aggregation: Aggregation, fitted: WorldTable
) -> tuple[Repair, ...]:
    """Name the cells in which `fitted`, the model's table, differs from the sums of the file."""
    summed = aggregate(table, aggregation)
    return (
        *flow_repairs(summed),
        *own_sales_repairs(np.maximum(summed.own_sales, 0.0), fitted),
    )
