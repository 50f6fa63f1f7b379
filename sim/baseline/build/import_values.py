"""US import lines of 2024: customs value and duty by region and sector of the model."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.baseline.build.aggregate import Aggregation
from sim.baseline.build.io_table import Array
from sim.errors import BaselineError

IntArray = NDArray[np.intp]

EUROPEAN_UNION = "0003"
"""Census code of the European Union as one partner; its members are never added to it."""

HONG_KONG = "HKG"
"""Left out: ICIO counts Hong Kong's re-exports at their origin (5.9 bn USD, half special lines)."""

SPECIAL = "special"
"""Chapters 98 and 99: returned goods, low-value parcels; no commodity of their own."""

ELECTRICITY = "D"
"""Counted as a service in ICIO; its 2.3 bn USD of US imports stay at the 2022 table."""

CARVED_PREFIXES: Mapping[str, tuple[str, ...]] = {
    "SOY": ("1201",),
    "RARE:C20": ("280530", "2846"),
    "RARE:C27": ("850511",),
    "SEMI": ("8541", "8542"),
}
"""Harmonized System prefixes of the carved sectors; of RARE by the parent it is taken from."""

COUNTRIES = Path("lines", "lists_tradewartracker", "CensusCountryMapping_FRBAtl_short.csv")

SOLAR_CELLS = ("854142", "854143")

SHIPS_CHAPTER = "89"


@dataclass(frozen=True, eq=False)
class UsImports:
    """US imports for consumption, 2024.

    Parameters
    ----------
    sectors
        The sectors of the model, with RARE split by parent (``RARE:C20``, ``RARE:C27``).
    value, duty
        Customs value and calculated duty, USD mn, [i, sector]; zero for regions without lines.
    listed
        True for regions whose partners are in the lines, [i].
    special_value, special_duty
        Chapters 98-99, [i]; spread over the other sectors (`spread_special`).
    left_out_value
        Hong Kong and electricity: in the world total, in no flow here.
    """

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    value: Array
    duty: Array
    listed: NDArray[np.bool_]
    special_value: Array
    special_duty: Array
    left_out_value: float

    def column(self, sector: str) -> int:
        """Return the position of a sector."""
        return self.sectors.index(sector)

    def spread_special(self) -> UsImports:
        """Spread chapters 98-99 over a partner's sectors by value, carved sectors left alone."""
        carved = np.array([code.split(":")[0] in {"SOY", "RARE", "SEMI"} for code in self.sectors])
        base = np.where(carved, 0.0, self.value)
        total = base.sum(axis=1, keepdims=True)
        share = np.divide(base, total, out=np.zeros_like(base), where=total > 0)
        return replace(
            self,
            value=self.value + share * self.special_value[:, None],
            duty=self.duty + share * self.special_duty[:, None],
            special_value=np.zeros_like(self.special_value),
            special_duty=np.zeros_like(self.special_duty),
        )


def read_us_imports(data_dir: Path, aggregation: Aggregation) -> UsImports:
    """Sum the ten-digit lines over the regions and sectors of the model.

    Raises
    ------
    BaselineError
        If a file is absent or a commodity code has no sector.
    """
    lines = _read(data_dir / "lines" / "us_imports_2024_hs10.parquet")
    sectors = _line_sectors(data_dir, aggregation)
    partner_region = _partner_regions(data_dir, aggregation)
    columns = _columns(aggregation)
    codes = _strings(lines["hs10"])
    column_of = np.array([columns.index(_sector_of(code, sectors)) for code in codes])
    column = column_of[_positions(lines["hs10"], codes)]
    partners = _strings(lines["census_country"])
    rows = np.array([partner_region.get(code, -1) for code in partners])
    row = rows[_positions(lines["census_country"], partners)]
    value = _sum(row, column, lines["imports_usd"], (len(aggregation.regions), len(columns)))
    duty = _sum(row, column, lines["duty_usd"], value.shape)
    special, electricity = columns.index(SPECIAL), columns.index(ELECTRICITY)
    keep = slice(0, electricity)
    return UsImports(
        regions=aggregation.region_codes,
        sectors=tuple(columns[keep]),
        value=value[:, keep],
        duty=duty[:, keep],
        listed=np.isin(np.arange(len(aggregation.regions)), rows),
        special_value=value[:, special],
        special_duty=duty[:, special],
        left_out_value=float(value[:, electricity].sum() + _hong_kong(lines, data_dir)),
    )


def _columns(aggregation: Aggregation) -> list[str]:
    parents = [group.code for group in aggregation.parent_groups]
    return [*parents, *CARVED_PREFIXES, ELECTRICITY, SPECIAL]


def _read(path: Path) -> pa.Table:
    if not path.is_file():
        raise BaselineError("missing.", advice="Give the folder of raw data.", file=path)
    return pq.read_table(path)


def _strings(column: pa.ChunkedArray[Any]) -> list[str]:
    return [str(code) for code in pc.unique(column).to_pylist()]


def _positions(column: pa.ChunkedArray[Any], codes: list[str]) -> IntArray:
    return np.asarray(pc.index_in(column, pa.array(codes)), dtype=np.intp)


def _sum(
    row: IntArray, column: IntArray, values: pa.ChunkedArray[Any], shape: tuple[int, int]
) -> Array:
    """Sum into [row, column] in USD mn, leaving out rows below 0."""
    total = np.zeros(shape)
    kept = row >= 0
    np.add.at(total, (row[kept], column[kept]), np.asarray(values)[kept] / 1e6)
    return total


def carved_sector(hs10: str) -> str | None:
    """Return the carved sector (RARE with its parent) of a commodity code, or None."""
    if hs10.startswith(SOLAR_CELLS):
        return None
    for sector, prefixes in CARVED_PREFIXES.items():
        if hs10.startswith(prefixes):
            return sector
    return None


def _sector_of(hs10: str, sector_of_line: Mapping[str, str]) -> str:
    if hs10[:2] in {"98", "99"}:
        return SPECIAL
    sector = carved_sector(hs10) or sector_of_line.get(hs10)
    if sector is None:
        raise BaselineError(f"commodity {hs10} has no sector.", advice="Add it to hs10_gtap.")
    return sector


def _line_sectors(data_dir: Path, aggregation: Aggregation) -> dict[str, str]:
    """Map each commodity code to an uncarved sector of the model by way of its GTAP sector."""
    parent = {ELECTRICITY: ELECTRICITY}
    for group in aggregation.parent_groups:
        parent |= dict.fromkeys(group.members or (), group.code)
    icio = _gtap_to_icio(data_dir / "us_imports_2024_by_country_gtap.csv")
    table = _read(data_dir / "lines" / "hs10_gtap.parquet")
    sectors: dict[str, str] = {}
    for hs10, gtap in zip(table["hs10"].to_pylist(), table["gtap"].to_pylist(), strict=True):
        if gtap:
            sectors[str(hs10)] = parent[_split_code(icio[gtap.lower()], str(hs10))]
    return sectors


def _split_code(icio: str, hs10: str) -> str:
    """Resolve the two joint codes of the map: C30 by chapter, B07_08 to ores."""
    if icio == "C30":
        return "C301" if hs10.startswith(SHIPS_CHAPTER) else "C302T309"
    return "B07" if icio == "B07_08" else icio


def _gtap_to_icio(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as handle:
        return {row["gtap"].lower(): row["icio"] for row in csv.DictReader(handle)}


def _partner_regions(data_dir: Path, aggregation: Aggregation) -> dict[str, int]:
    """Map Census partner codes to regions; members of the EU group are left to code 0003."""
    iso = _census_iso(data_dir / COUNTRIES)
    of_member: dict[str, int] = {}
    rest = 0
    for at, group in enumerate(aggregation.regions):
        of_member |= dict.fromkeys(group.members or (), at)
        rest = at if group.members is None else rest
    union = aggregation.region_codes.index("EU27")
    regions = {EUROPEAN_UNION: union}
    for census, code in iso.items():
        at = of_member.get(code, rest)
        if at != union and code not in {HONG_KONG, "USA"}:
            regions[census] = at
    return regions


def _hong_kong(lines: pa.Table, data_dir: Path) -> float:
    """Customs value of imports from Hong Kong, USD mn."""
    census = next(
        code for code, iso in _census_iso(data_dir / COUNTRIES).items() if iso == HONG_KONG
    )
    mine = np.asarray(pc.equal(lines["census_country"], pa.scalar(census)))
    return float(np.asarray(lines["imports_usd"])[mine].sum() / 1e6)


def _census_iso(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return {row["CTY_CODE"].zfill(4): row["ISO3"] for row in csv.DictReader(handle)}


def year_total(rows: Sequence[Mapping[str, str]], column: str, year: int) -> float:
    """Sum a monthly column over a year."""
    return sum(float(row[column]) for row in rows if row["date"].startswith(f"{year}-"))
