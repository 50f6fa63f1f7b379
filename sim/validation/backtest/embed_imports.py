"""Write the embedded table of monthly imports anew from the raw file.

``python -m sim.validation.backtest.embed_imports FOLDER`` reads the folder of raw data.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim.errors import InputError
from sim.validation.backtest.data import (
    CANADA,
    CHINA,
    EUROPE,
    IMPORTS,
    MEXICO,
    OTHERS,
    PARTNERS,
    REST,
    TABLES,
    Month,
    month_of,
)

MONTHLY_FILE = Path("monthly") / "us_imports_by_partner_2002_2026.csv"
FIRST_YEAR = 2016
"""First year of the embedded imports: two years before the first act."""


def raw_imports(folder: Path) -> dict[Month, dict[str, float]]:
    """Read the raw file of imports, USD bn.

    Raises
    ------
    InputError
        If it is not there.
    """
    path = folder / MONTHLY_FILE
    if not path.is_file():
        raise InputError(
            "the monthly imports are not there.",
            advice="Name the folder of raw data; the backtest itself needs none.",
            file=path,
        )
    with path.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if int(row["date"][:4]) >= FIRST_YEAR]
    return {month_of(row["date"]): _partners(row) for row in rows}


def _partners(row: Mapping[str, Any]) -> dict[str, float]:
    value = {name: float(row[f"m_{name}"]) / 1e3 for name in ("world", "china", "canada", "mexico")}
    europe = float(row["m_eu"]) / 1e3
    others = value["world"] - value["china"]
    return {
        CHINA: value["china"],
        OTHERS: others,
        CANADA: value["canada"],
        MEXICO: value["mexico"],
        EUROPE: europe,
        REST: others - value["canada"] - value["mexico"] - europe,
    }


def embed_imports(folder: Path, out: Path = TABLES) -> Path:
    """Write the embedded table of imports from the raw file; return where it is.

    Raises
    ------
    InputError
        If the raw file is not there.
    """
    imports = raw_imports(folder)
    columns: dict[str, list[Any]] = {"month": [f"{year}-{month:02d}" for year, month in imports]}
    for partner in PARTNERS:
        columns[partner] = [round(values[partner], 6) for values in imports.values()]
    pq.write_table(pa.table(columns), out / IMPORTS, compression="zstd")
    return out / IMPORTS


if __name__ == "__main__":
    embed_imports(Path(sys.argv[1]))
