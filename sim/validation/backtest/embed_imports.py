"""Write the embedded tables of monthly imports anew from the raw files.

``python -m sim.validation.backtest.embed_imports FOLDER`` reads the folder of raw data.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim.errors import InputError
from sim.validation.backtest.data import (
    CANADA,
    CHINA,
    COMPARED_GOODS,
    EUROPE,
    EVERYBODY,
    GOODS,
    IMPORTS,
    MEXICO,
    NAICS_LEFT_OUT,
    OTHERS,
    PARTNERS,
    REST,
    SINGLE_PARTNERS,
    TABLES,
    Month,
    month_of,
)

MONTHLY_FILE = Path("monthly") / "us_imports_by_partner_2002_2026.csv"
GOODS_FILE = Path("monthly") / "us_imports_duty_naics3_partner_monthly_2017_2025.parquet"
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


NAMES: Mapping[str, str] = {
    EUROPE: "EUROPEAN UNION",
    "South Korea": "KOREA, SOUTH",
    EVERYBODY: "TOTAL FOR ALL COUNTRIES",
}
"""Partners that the raw file names otherwise than in capitals."""

ALL_NAICS = "00"

NAICS_OF_SECTOR: Mapping[str, tuple[str, ...]] = {
    "Food, drink and tobacco": ("311", "312"),
    "Textiles, clothing and leather": ("313", "314", "315", "316"),
    "Wood": ("321",),
    "Paper and printing": ("322", "323"),
    "Rubber and plastics": ("326",),
    "Glass, ceramics and cement": ("327",),
    "Metal products": ("332",),
    "Electrical equipment": ("335",),
    "Machinery": ("333",),
    "Cars and other transport equipment": ("336",),
    "Furniture, toys and other goods": ("337", "339"),
}

GoodsTable = dict[tuple[str, str], dict[str, float]]


def raw_goods(folder: Path) -> GoodsTable:
    """Read the raw file by goods: USD mn by (partner, goods) and month such as 2025-03.

    Raises
    ------
    InputError
        If it is not there.
    """
    path = folder / GOODS_FILE
    if not path.is_file():
        raise InputError(
            "the monthly imports by goods are not there.",
            advice="Name the folder of raw data; the backtest itself needs none.",
            file=path,
        )
    content = pq.read_table(path).to_pydict()
    raw: dict[str, dict[str, dict[str, float]]] = {}
    rows = zip(*(content[name] for name in ("partner", "naics3", "time", "imports")), strict=True)
    for partner, naics, month, value in rows:
        raw.setdefault(partner, {}).setdefault(naics, {})[month] = value / 1e6
    goods: GoodsTable = {}
    for name in (*SINGLE_PARTNERS, EVERYBODY):
        goods |= _goods_of(name, raw[NAMES.get(name, name.upper())])
    for kind in (COMPARED_GOODS, *NAICS_LEFT_OUT):
        everybody, china = goods[EVERYBODY, kind], goods[CHINA, kind]
        goods[OTHERS, kind] = {month: everybody[month] - china[month] for month in everybody}
    return goods


def _goods_of(name: str, by_naics: Mapping[str, Mapping[str, float]]) -> GoodsTable:
    """Sum one partner's NAICS groups; months without trade are zero."""
    months = tuple(by_naics[ALL_NAICS])

    def total(codes: Iterable[str]) -> dict[str, float]:
        groups = [by_naics.get(code, {}) for code in codes]
        return {month: sum(group.get(month, 0.0) for group in groups) for month in months}

    parts = {kind: total(codes) for kind, codes in NAICS_LEFT_OUT.items()}
    left = {
        month: by_naics[ALL_NAICS][month] - sum(part[month] for part in parts.values())
        for month in months
    }
    table = {(name, COMPARED_GOODS): left} | {(name, kind): part for kind, part in parts.items()}
    if name == EVERYBODY:
        table |= {(name, goods): total(codes) for goods, codes in NAICS_OF_SECTOR.items()}
    return table


def embed_goods(folder: Path, out: Path = TABLES) -> Path:
    """Write the embedded table of imports by goods from the raw file; return where it is.

    Raises
    ------
    InputError
        If the raw file is not there.
    """
    rows = [
        (partner, goods, month, round(value, 3))
        for (partner, goods), values in raw_goods(folder).items()
        for month, value in sorted(values.items())
    ]
    names = ("partner", "goods", "month", "usd_mn")
    columns = {
        name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)
    }
    pq.write_table(pa.table(columns), out / GOODS, compression="zstd")
    return out / GOODS


if __name__ == "__main__":
    embed_imports(Path(sys.argv[1]))
    embed_goods(Path(sys.argv[1]))
