"""Rows of a path that no equilibrium holds: stocks, licences, purchases, buying ahead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from sim.outputs.table import COLUMNS
from sim.outputs.variables import CHANGE, VARIABLES

Place = tuple[int, str, str, str, str]
"""Month, variable, region, partner and sector of a number."""


@dataclass(frozen=True)
class PathRow:
    """A number of a month of a path, with its difference to the baseline; months count from 0."""

    month: int
    variable: str
    region: str
    partner: str
    sector: str
    level: float
    change: float
    unit: str | None = None
    """None is the registry's."""

    @property
    def place(self) -> Place:
        """Where in the table it stands."""
        return self.month, self.variable, self.region, self.partner, self.sector


def path_row_table(
    scenario: str, dates: Sequence[dt.date], path_rows: Sequence[PathRow]
) -> pa.Table:
    """Return the rows with their companions, in the columns of the result table."""
    rows: list[tuple[Any, ...]] = []
    for row in path_rows:
        key = (scenario, dates[row.month])
        place = (row.region, row.partner, row.sector)
        for name, value in ((row.variable, row.level), (row.variable + CHANGE, row.change)):
            rows.append((*key, name, *place, row.unit or VARIABLES[name].unit, value))
    columns: list[pa.Array[Any]] = []
    for name, values in zip(COLUMNS, zip(*rows, strict=True), strict=True):
        if name == "date":
            columns.append(pa.array(values, pa.date32()))
        elif name == "value":
            columns.append(pa.array(values, pa.float64()))
        else:
            columns.append(pa.array(values, pa.string()).dictionary_encode())
    return pa.table(columns, names=list(COLUMNS))
