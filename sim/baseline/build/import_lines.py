"""US import lines of 2024 (HS10 by partner), mapped to the model's regions and sectors.

Every line of chapters 01-97 has one GTAP sector (Budget Lab crosswalk), every GTAP sector one ICIO
industry, and three sectors are carved out by HS code.  Chapters 98-99 (returned American goods,
low-value estimates: 3.8 % of value, nearly free of duty) name no product: their value and duty are
spread over the same partner's other lines in proportion.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from csv import DictReader
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.parquet as parquet
from numpy.typing import NDArray

from sim.errors import BaselineError

FloatArray: TypeAlias = NDArray[np.float64]
BoolArray: TypeAlias = NDArray[np.bool_]

IMPORTS_FILE = "lines/us_imports_2024_hs10.parquet"
SECTORS_FILE = "lines/hs10_gtap.parquet"
INDUSTRY_FILE = "us_imports_2024_by_country_gtap.csv"
COUNTRY_FILE = "lines/lists_tradewartracker/CensusCountryMapping_FRBAtl_short.csv"

EU_TOTAL = "0003"
HONG_KONG = "5820"
# Slovakia is also inside the EU total; ICIO counts Hong Kong's re-exports at their origin.
LEFT_OUT = ("4359", HONG_KONG)

SPREAD = "spread"
"""Industry of chapters 98-99, whose value is spread over the partner's other lines."""
ELECTRICITY = "D"

# The longest prefix wins: solar cells and modules (8541.42, 8541.43) stay in electronics.
CARVED_PREFIXES: Mapping[str, str] = {
    "1201": "SOY",
    "280530": "RARE",
    "2846": "RARE",
    "850511": "RARE",
    "8541": "SEMI",
    "854142": "C26",
    "854143": "C26",
    "8542": "SEMI",
}
CARVED_PARENT: Mapping[str, str] = {"SOY": "A01", "RARE": "C27", "SEMI": "C26"}
SHIPS_CHAPTER = "89"


@dataclass(frozen=True, eq=False)
class Labels:
    """One label a line, stored as distinct names and the position of each line's name.

    Attributes
    ----------
    names
        Distinct labels.
    position
        Index into `names`, one per line.
    """

    names: tuple[str, ...]
    position: NDArray[np.int64]

    def number(self, table: Mapping[str, float], default: float = 0.0) -> FloatArray:
        """Return the number of each line's label."""
        return np.array([table.get(name, default) for name in self.names], float)[self.position]

    def among(self, wanted: Collection[str]) -> BoolArray:
        """Return for each line whether its label is one of `wanted`."""
        return np.array([name in wanted for name in self.names], bool)[self.position]

    def starts_with(self, prefixes: Iterable[str]) -> BoolArray:
        """Return for each line whether its label starts with one of `prefixes`."""
        known = dict.fromkeys(prefixes, "")
        found = [longest_prefix(name, known) is not None for name in self.names]
        return np.array(found, bool)[self.position]

    def mapped(self, table: Mapping[str, str]) -> Labels:
        """Return other labels looked up by name; unknown names raise BaselineError."""
        unknown = [name for name in self.names if name not in table]
        if unknown:
            raise BaselineError(
                f"the imports of 2024 hold the unknown code {', '.join(unknown[:5])}.",
                advice="Add it to the table that maps these codes.",
            )
        names = sorted({table[name] for name in self.names})
        at = {name: k for k, name in enumerate(names)}
        lookup = np.array([at[table[name]] for name in self.names], np.int64)
        return Labels(tuple(names), lookup[self.position])

    def where(self, kept: BoolArray) -> Labels:
        """Return the labels of the lines kept."""
        return Labels(self.names, self.position[kept])


@dataclass(frozen=True, eq=False)
class Lines:
    """US imports for consumption in 2024, one element per partner and HS10 code.

    Attributes
    ----------
    partner
        Census country code; "0003" is the European Union.
    region, sector, gtap
        Model region, model sector, GTAP sector in lower case.
    hs10
        Ten-digit code.
    imports_usd, duty_usd
        Customs value and calculated duty, USD, with chapters 98-99 spread over the partner's other
        lines.
    named_value_share
        Share of all value on lines that name their own product (the rest is spread).
    """

    partner: Labels
    region: Labels
    sector: Labels
    gtap: Labels
    hs10: Labels
    imports_usd: FloatArray
    duty_usd: FloatArray
    named_value_share: float

    def __len__(self) -> int:
        """Return the number of lines."""
        return len(self.imports_usd)

    @property
    def collected_rate(self) -> FloatArray:
        """Duty collected in 2024 as a share of customs value."""
        paid = np.zeros(len(self))
        return np.divide(self.duty_usd, self.imports_usd, out=paid, where=self.imports_usd > 0)


# Files


def data_file(data_dir: Path, name: str) -> Path:
    """Return the path of a raw file; raise BaselineError when it is absent."""
    path = data_dir / name
    if not path.is_file():
        raise BaselineError(
            "this raw table is missing.",
            advice="Point --data at the folder of raw tables (see its README).",
            file=path,
        )
    return path


def csv_rows(data_dir: Path, name: str) -> list[dict[str, str]]:
    """Return the rows of a raw CSV file that has a header."""
    with data_file(data_dir, name).open(encoding="utf-8-sig", newline="") as handle:
        return list(DictReader(handle))


def longest_prefix(code: str, table: Mapping[str, str]) -> str | None:
    """Return the value of the longest key that `code` starts with, or None."""
    for length in range(len(code), 1, -1):
        if code[:length] in table:
            return table[code[:length]]
    return None


# Codes


@cache
def gtap_of_hs10(data_dir: Path) -> Mapping[str, str]:
    """Return the GTAP sector of each HS10 code, "unmapped" for chapters 98-99."""
    table = parquet.read_table(data_file(data_dir, SECTORS_FILE)).to_pydict()
    pairs = zip(table["hs10"], table["gtap"], strict=True)
    return {code: (gtap or "unmapped").lower() for code, gtap in pairs}


@cache
def line_industry(data_dir: Path) -> Mapping[str, str]:
    """Return the ICIO industry or carved sector of every HS10 code (`SPREAD` for chapters 98-99).

    Raises
    ------
    BaselineError
        A code has no GTAP sector or a GTAP sector no industry.
    """
    industry = {row["gtap"].lower(): row["icio"] for row in csv_rows(data_dir, INDUSTRY_FILE)}
    return {
        code: longest_prefix(code, CARVED_PREFIXES) or _industry(code, gtap, industry)
        for code, gtap in gtap_of_hs10(data_dir).items()
    }


def _industry(code: str, gtap: str, industry: Mapping[str, str]) -> str:
    if code[:2] in {"98", "99"}:
        return SPREAD
    if gtap not in industry or gtap == "unmapped":
        raise BaselineError(
            f"line {code} has the GTAP sector {gtap}, which has no industry.",
            advice=f"Add it to {INDUSTRY_FILE}.",
        )
    joint = {"C30": "C301" if code.startswith(SHIPS_CHAPTER) else "C302T309", "B07_08": "B07"}
    return joint.get(industry[gtap], industry[gtap])


def line_sector(data_dir: Path, sectors: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the model sector of every HS10 code.

    Parameters
    ----------
    data_dir
        Folder of raw tables.
    sectors
        Model sector to ICIO industries; carved sectors (SOY, RARE, SEMI) with an empty list.

    Returns
    -------
    mapping
        HS10 code to model sector.  `SPREAD` for chapters 98-99; `ELECTRICITY`, which ICIO counts
        as a service. A carved sector that `sectors` lacks falls back on its parent.
    """
    home = {code: name for name, codes in sectors.items() for code in codes}
    rest = next((n for n, codes in sectors.items() if not codes and n not in CARVED_PARENT), None)
    industries = line_industry(data_dir)
    for industry in sorted(set(industries.values()) - set(CARVED_PARENT) - {SPREAD, ELECTRICITY}):
        if home.setdefault(industry, rest or "") == "":
            raise BaselineError(
                f"no sector of the aggregation takes the industry {industry}.",
                advice="Add it to the members of one sector.",
            )
    home |= {SPREAD: SPREAD, ELECTRICITY: ELECTRICITY}
    for carved, parent in CARVED_PARENT.items():
        home[carved] = carved if carved in sectors else home[parent]
    return {code: home[industry] for code, industry in industries.items()}


def partner_iso3(data_dir: Path) -> dict[str, str]:
    """Return the ISO3 code of each Census country code; the European Union is EU27."""
    table = {row["CTY_CODE"].zfill(4): row["ISO3"] for row in csv_rows(data_dir, COUNTRY_FILE)}
    return table | {EU_TOTAL: "EU27"}


def partner_region(data_dir: Path, regions: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the model region of each Census country code.

    Parameters
    ----------
    data_dir
        Folder of raw tables.
    regions
        Region to ISO3 members; the region with an empty list takes every country that no other
        names.
    """
    home = {iso3: name for name, listed in regions.items() for iso3 in listed}
    rest = next((name for name, listed in regions.items() if not listed), "ROW")
    union = home.get("DEU", rest)
    codes = partner_iso3(data_dir)
    return {code: home.get(iso3, rest) for code, iso3 in codes.items()} | {EU_TOTAL: union}


# Lines


def us_lines(
    data_dir: Path, regions: Mapping[str, Sequence[str]], sectors: Mapping[str, Sequence[str]]
) -> Lines:
    """Return US goods imports of 2024 by partner and HS10 code with model region and sector.

    Parameters
    ----------
    data_dir
        Folder of raw tables.
    regions
        Region to ISO3 members, empty for the rest.
    sectors
        Model sector to ICIO industries, empty for carved sectors.

    Returns
    -------
    Lines
        About 209,000 lines in file order, none without a sector; Hong Kong and electricity left
        out.

    Raises
    ------
    BaselineError
        A raw file is missing, or a code or a partner is unknown.
    """
    table = parquet.read_table(data_file(data_dir, IMPORTS_FILE))
    table = table.filter(compute.invert(compute.is_in(table["census_country"], pa.array(LEFT_OUT))))
    partner, hs10 = _labels(table["census_country"]), _labels(table["hs10"])
    value = np.asarray(table["imports_usd"], dtype=np.float64)
    duty = np.asarray(table["duty_usd"], dtype=np.float64)
    sector = hs10.mapped(line_sector(data_dir, sectors))
    named = ~sector.among({SPREAD})
    goods = ~sector.among({SPREAD, ELECTRICITY})
    return Lines(
        partner=partner.where(goods),
        region=partner.mapped(partner_region(data_dir, regions)).where(goods),
        sector=sector.where(goods),
        gtap=hs10.mapped(gtap_of_hs10(data_dir)).where(goods),
        hs10=hs10.where(goods),
        imports_usd=_spread(value, partner, named)[goods],
        duty_usd=_spread(duty, partner, named)[goods],
        named_value_share=float(value[named].sum() / value.sum()),
    )


def _labels(column: pa.ChunkedArray[Any]) -> Labels:
    encoded = column.combine_chunks().dictionary_encode()
    position = np.asarray(encoded.indices, dtype=np.int64)
    return Labels(tuple(str(name) for name in encoded.dictionary.to_pylist()), position)


def _spread(amount: FloatArray, partner: Labels, named: BoolArray) -> FloatArray:
    """Scale each partner's named lines so that they carry the partner's whole amount."""
    size = len(partner.names)
    total = np.bincount(partner.position, weights=amount, minlength=size)
    kept = np.bincount(partner.position[named], weights=amount[named], minlength=size)
    factor = np.divide(total, kept, out=np.ones_like(total), where=kept > 0)
    scaled: FloatArray = amount * factor[partner.position]
    return scaled


def hs6_industry(data_dir: Path) -> dict[str, str]:
    """Return the industry of each HS6 code: the one most of its HS10 codes belong to."""
    votes: dict[str, Counter[str]] = {}
    for code, industry in line_industry(data_dir).items():
        votes.setdefault(code[:6], Counter())[industry] += 1
    return {code: count.most_common(1)[0][0] for code, count in votes.items()}


def cell_sums(
    lines: Lines, amount: FloatArray, regions: Sequence[str], sectors: Sequence[str]
) -> FloatArray:
    """Return the sum of `amount` by exporter region and sector, shape [region, sector]."""
    row = lines.region.number({name: k for k, name in enumerate(regions)}).astype(np.int64)
    column = lines.sector.number({name: k for k, name in enumerate(sectors)}).astype(np.int64)
    size = len(regions) * len(sectors)
    flat: FloatArray = np.bincount(
        row * len(sectors) + column, weights=amount, minlength=size
    ).astype(float)
    return flat.reshape(len(regions), len(sectors))


def group_members(groups: Mapping[str, Any] | Sequence[Any]) -> dict[str, list[str]]:
    """Return code to member list for regions or sectors given in any of the usual forms.

    Accepts the `regions` or `sectors` entry of aggregation.yaml, a plain mapping of code to
    members, or a sequence of objects with `code` and `members`.  "rest", None and a missing
    `members` give an empty list.
    """
    if not isinstance(groups, Mapping):
        groups = {group.code: group.members for group in groups}
    members: dict[str, list[str]] = {}
    for code, entry in groups.items():
        listed = entry.get("members") if isinstance(entry, Mapping) else entry
        members[code] = [] if listed in (None, "rest") else [str(name) for name in listed]
    return members
