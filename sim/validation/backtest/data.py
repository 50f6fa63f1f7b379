"""What happened, in embedded tables: imports by month and by goods, soybeans by month and year.

The tables are a few kilobytes beside this module, with their sources in ``SOURCES.yaml``, so that
a backtest needs no raw data.  `sim.validation.backtest.embed_imports` writes the table of imports
anew from the raw file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import pyarrow.parquet as pq
from pydantic import Field, model_validator

from sim.policy.language.fields import Grade, Strict, Text, refuse
from sim.policy.language.reading import read_model

TABLES = Path(__file__).with_name("tables")
IMPORTS = "us_imports.parquet"
GOODS = "us_imports_goods.parquet"
SOYBEANS = "soybean_exports.parquet"

CHINA, OTHERS = "China", "all others"
CANADA, MEXICO, EUROPE, REST = "Canada", "Mexico", "European Union", "the rest"
PARTNERS = (CHINA, OTHERS, CANADA, MEXICO, EUROPE, REST)

SINGLE_PARTNERS: Mapping[str, str] = {
    CHINA: "CHN",
    MEXICO: "MEX",
    EUROPE: "EU27",
    CANADA: "CAN",
    "Japan": "JPN",
    "South Korea": "KOR",
    "Vietnam": "VNM",
    "India": "IND",
    "United Kingdom": "GBR",
    "Thailand": "THA",
    "Taiwan": "TWN",
    "Brazil": "BRA",
    "Indonesia": "IDN",
    "Malaysia": "MYS",
    "Switzerland": "CHE",
    "Singapore": "SGP",
    "Israel": "ISR",
    "Australia": "AUS",
}
"""Partners of the table by goods, and the region of the model that each is."""

EVERYBODY = "all countries"

COMPARED_GOODS = "goods compared"
OIL, CONFOUNDED = "oil, gas and fuels", "metals, chemicals, electronics"
NAICS_LEFT_OUT: Mapping[str, tuple[str, ...]] = {
    OIL: ("211", "324"),
    CONFOUNDED: ("331", "325", "334"),
}
"""Groups of goods by NAICS; `COMPARED_GOODS` are all others."""

GOODS_OF_SECTOR: Mapping[str, tuple[str, ...]] = {
    "Food, drink and tobacco": ("C10T12",),
    "Textiles, clothing and leather": ("C13T15",),
    "Wood": ("C16",),
    "Paper and printing": ("C17_18",),
    "Rubber and plastics": ("C22",),
    "Glass, ceramics and cement": ("C23",),
    "Metal products": ("C25",),
    "Electrical equipment": ("C27",),
    "Machinery": ("C28",),
    "Cars and other transport equipment": ("C29", "C301", "C302T309"),
    "Furniture, toys and other goods": ("C31T33",),
}
"""Manufactured goods outside `NAICS_LEFT_OUT`, and the sectors of the model that they are."""

USA, BRAZIL = "United States", "Brazil"
SELLERS = (USA, BRAZIL)

Month = tuple[int, int]
Table = Mapping[Month, Mapping[str, float]]


class TableSource(Strict):
    """Where a table came from."""

    title: Text
    address: Text
    date: dt.date
    grade: Grade
    note: str = ""


class Tonnage(Strict):
    """Soybeans that Chinese customs counted from a country, million tonnes."""

    seller: Text
    source: Text
    first: dt.date
    end: dt.date
    """Half-open."""
    mmt: float = Field(ge=0)

    @model_validator(mode="after")
    def _sound(self) -> Tonnage:
        if self.seller not in SELLERS:
            refuse(f"seller is '{self.seller}'.", f"Write one of {', '.join(SELLERS)}.")
        if self.end <= self.first:
            refuse(f"{self.end} is not after {self.first}.", "Swap them.")
        return self


class Listed(Strict):
    """US imports from China of goods on lists 1 to 3 over some months, bn USD."""

    source: Text
    first: dt.date
    end: dt.date
    """Half-open."""
    bn_usd: float = Field(gt=0)


class Sources(Strict):
    """``SOURCES.yaml``: sources by name, and the tables that fit in it."""

    sources: dict[str, TableSource]
    listed_goods: tuple[Listed, ...] = ()
    soybean_tonnes: tuple[Tonnage, ...]

    @model_validator(mode="after")
    def _sourced(self) -> Sources:
        listed = [entry.source for entry in self.listed_goods]
        for name in [*listed, *(entry.source for entry in self.soybean_tonnes)]:
            if name not in self.sources:
                refuse(f"'{name}' is not a source.", "Add it under sources.")
        return self


@lru_cache(maxsize=1)
def read_sources() -> Sources:
    """Read ``SOURCES.yaml``.

    Raises
    ------
    ScenarioError
        If the file is broken.
    """
    return read_model(TABLES / "SOURCES.yaml", Sources)


@lru_cache(maxsize=1)
def monthly_imports() -> Table:
    """US goods imports by month and partner, USD bn; general imports, customs value."""
    return _read(IMPORTS, {partner: partner for partner in PARTNERS})


@lru_cache(maxsize=1)
def imports_of_goods() -> Mapping[tuple[str, str], Mapping[Month, float]]:
    """US imports by (partner, goods) and month, USD mn; for consumption, customs value.

    January 2017 to November 2025.  Every partner has `COMPARED_GOODS`, `OIL` and `CONFOUNDED`,
    which add up to all goods; `EVERYBODY` has `GOODS_OF_SECTOR` too.
    """
    table = pq.read_table(TABLES / GOODS).to_pydict()
    known: dict[tuple[str, str], dict[Month, float]] = {}
    rows = zip(table["partner"], table["goods"], table["month"], table["usd_mn"], strict=True)
    for partner, goods, month, value in rows:
        known.setdefault((partner, goods), {})[month_of(month)] = float(value)
    return known


@lru_cache(maxsize=1)
def soybean_exports() -> Table:
    """Soybean exports to China by month of loading and seller, USD mn.

    December 2016 to December 2020, and December 2022 to October 2024.
    """
    return _read(SOYBEANS, {USA: "usa_usd_mn", BRAZIL: "brazil_usd_mn"})


def _read(name: str, columns: Mapping[str, str]) -> Table:
    table = pq.read_table(TABLES / name)
    months = [month_of(str(text)) for text in table.column("month").to_pylist()]
    values = {key: table.column(column).to_pylist() for key, column in columns.items()}
    return {
        month: {key: float(column[row] or 0.0) for key, column in values.items()}
        for row, month in enumerate(months)
    }


def month_of(text: str) -> Month:
    """Return the month of a date such as 2025-03 or 2025-03-01."""
    return int(text[:4]), int(text[5:7])
