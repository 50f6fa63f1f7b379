"""What a build changes in a table so that the model can hold it: every cell, with its place.

Changes up to `sim.model.repairs.ROUNDING` of the sector's output are rounding and are not named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.baseline.build.aggregate import Aggregation, membership
from sim.baseline.build.io_table import Array, IntArray, WorldTable
from sim.errors import BaselineError
from sim.model.repairs import LEAST_VALUE_ADDED, ROUNDING, Repair, by_kind, readable, repair_flow

LEAST_PCT = 100 * LEAST_VALUE_ADDED

STORED_DIGITS = 4
"""Significant digits of the numbers in SOURCES.yaml."""

REASONS = {
    "negative flow": "A flow below zero (stocks run down) is set to zero.",
    "own sales": (
        "Own sales, and with them output and inputs, are raised where final demand or own sales "
        "would fall below the least that the model can hold."
    ),
    "value added": (
        "Purchases of inputs shrink in proportion where they would leave less value added than "
        f"{LEAST_PCT:g} % of output; final demand takes the rest."
    ),
}
"""Kind of repair -> what is done."""

ADVICE = {
    "negative flow": "Write numbers that sum to 0 or more",
    "own sales": "Write purchases of industries that sum to no more than what is supplied",
    "value added": f"Write inputs that leave at least {LEAST_PCT:g} % of output",
}
"""Kind of repair -> what to write instead."""


def flow_repairs(summed: WorldTable) -> tuple[Repair, ...]:
    """Name the negative flows of a table, which are set to zero."""
    return repair_flow(summed.flow, summed.regions, summed.sectors)[1]


def own_sales_repairs(wished: Array, table: WorldTable) -> tuple[Repair, ...]:
    """Name the own sales of a table that stand above those wished, [n, j]."""
    raised = table.own_sales - wished
    cells = np.argwhere(raised > ROUNDING * np.maximum(table.output, np.abs(wished)))
    return tuple(
        Repair(
            "own sales",
            table.regions[n],
            table.sectors[j],
            float(wished[n, j]),
            float(table.own_sales[n, j]),
        )
        for n, j in cells
    )


def value_added_repairs(table: WorldTable, paid: Array) -> tuple[Repair, ...]:
    """Name the value added that is raised to its least, where sectors pay `paid`, [n, j]."""
    before, after = table.output - paid, LEAST_VALUE_ADDED * table.output
    cells = np.argwhere(after - before > ROUNDING * np.maximum(table.output, paid))
    return tuple(
        Repair(
            "value added",
            table.regions[n],
            table.sectors[j],
            float(before[n, j]),
            float(after[n, j]),
        )
        for n, j in cells
    )


def in_codes_of_file(
    repairs: Sequence[Repair], raw: WorldTable, aggregation: Aggregation
) -> tuple[Repair, ...]:
    """Add to each repair the row and columns of the file that it comes from.

    Where a cell sums several of the file, the one that is lowest is named.
    """
    if not repairs:
        return ()
    region, sector = (
        {
            group.code: np.flatnonzero(row)
            for group, row in zip(groups, membership(groups, codes, aggregation.file), strict=True)
        }
        for groups, codes in (
            (aggregation.regions, raw.regions),
            (aggregation.parent_groups, raw.sectors),
        )
    )
    return tuple(replace(each, source=_source(each, raw, region, sector)) for each in repairs)


def _source(
    repair: Repair, raw: WorldTable, region: dict[str, IntArray], sector: dict[str, IntArray]
) -> str:
    buyers, sectors = region[repair.region], sector[repair.sector]
    if repair.exporter is not None:
        sellers = region[repair.exporter]
        block = raw.flow[np.ix_(buyers, sellers, sectors)]
        n, i, j = np.unravel_index(int(block.argmin()), block.shape)
        row = f"{raw.regions[sellers[i]]}_{raw.sectors[sectors[j]]}"
        return f"row {row}, columns {raw.regions[buyers[n]]}_*"
    value = raw.value_added if repair.kind == "value added" else raw.final_demand
    block = value[np.ix_(buyers, sectors)]
    n, j = np.unravel_index(int(block.argmin()), block.shape)
    code, industry = raw.regions[buyers[n]], raw.sectors[sectors[j]]
    if repair.kind == "value added":
        return f"column {code}_{industry}"
    return f"rows *_{industry}, columns {code}_*"


def refuse(repairs: Sequence[Repair], file: Path) -> None:
    """Refuse a table that needs repairs, naming the largest.

    Raises
    ------
    BaselineError
        If there is one.
    """
    if not repairs:
        return
    first = next(cells[0] for cells in by_kind(repairs).values())
    others = len(repairs) - 1
    where = f" ({first.source})" if first.source else ""
    more = f" {others} more {'cell' if others == 1 else 'cells'} would change." if others else ""
    raise BaselineError(
        f"{first.place}{where}: {readable(first.before)} would be set to "
        f"{readable(first.after)}.{more}",
        advice=f"{ADVICE[first.kind]}, or build without --strict.",
        file=file,
    )


def as_records(repairs: Sequence[Repair]) -> list[dict[str, Any]]:
    """Return repairs by kind for SOURCES.yaml: what is done, how many cells, sum, every cell."""
    return [
        {
            "kind": kind,
            "done": REASONS[kind],
            "cells": len(cells),
            "total_mn": _stored(sum(abs(each.amount) for each in cells)),
            "changed": [str(each) for each in cells],
        }
        for kind, cells in by_kind(repairs).items()
    ]


def _stored(value: float) -> float:
    return float(f"{value:.{STORED_DIGITS}g}")
