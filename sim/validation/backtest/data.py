"""What happened, in embedded tables: monthly imports, soybeans by month and by year, monthly gaps.

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
SOYBEANS = "soybean_exports.parquet"

CHINA, OTHERS = "China", "all others"
CANADA, MEXICO, EUROPE, REST = "Canada", "Mexico", "European Union", "the rest"
PARTNERS = (CHINA, OTHERS, CANADA, MEXICO, EUROPE, REST)

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
