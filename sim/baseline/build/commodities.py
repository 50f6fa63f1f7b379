"""Codes of US import lines -> industries, carved sectors and regions.

Every line of chapters 01-97 has one GTAP sector (Budget Lab crosswalk), every GTAP sector one ICIO
industry, and three sectors are carved out by HS code.  Chapters 98-99 (returned American goods,
low-value estimates: 3.8 % of value, nearly free of duty) name no product.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet

from sim.baseline.build.labels import longest_prefix
from sim.baseline.build.raw_files import csv_rows, data_file
from sim.errors import BaselineError

SECTORS_FILE = "lines/hs10_gtap.parquet"
INDUSTRY_FILE = "us_imports_2024_by_country_gtap.csv"
COUNTRY_FILE = "lines/lists_tradewartracker/CensusCountryMapping_FRBAtl_short.csv"

EU_TOTAL = "0003"
"""Census code of the European Union as one partner; its members are not added to it."""

SPREAD = "spread"
"""Industry of chapters 98-99, whose value is spread over the partner's other lines."""

ELECTRICITY = "D"
"""Counted as a service in ICIO; its 2.3 bn USD of US imports stay at the 2022 table."""

CARVED_PREFIXES: Mapping[str, str] = {
    "1201": "SOY",
    "280530": "RARE:C20",
    "2846": "RARE:C20",
    "850511": "RARE:C27",
    "8541": "SEMI",
    "854142": "",
    "854143": "",
    "8542": "SEMI",
}
"""Carved part of a Harmonized System prefix, the longest wins; solar cells are not chips."""

CARVED_PARENT: Mapping[str, str] = {
    "SOY": "A01",
    "RARE:C20": "C20",
    "RARE:C27": "C27",
    "SEMI": "C26",
}
"""ICIO industry that a carved part is taken from."""

SHIPS_CHAPTER = "89"


def carved_part(hs10: str) -> str | None:
    """Return the carved part of a commodity code, such as ``SOY`` or ``RARE:C20``, or None."""
    return longest_prefix(hs10, CARVED_PREFIXES) or None


def sector_of_part(part: str) -> str:
    """Return the carved sector that a part belongs to; other sectors are their own."""
    return part.split(":")[0]


@cache
def gtap_of_hs10(data_dir: Path) -> Mapping[str, str]:
    """Return the GTAP sector of each HS10 code, "unmapped" for chapters 98-99."""
    table = parquet.read_table(data_file(data_dir, SECTORS_FILE)).to_pydict()
    pairs = zip(table["hs10"], table["gtap"], strict=True)
    return {code: (gtap or "unmapped").lower() for code, gtap in pairs}


@cache
def line_industry(data_dir: Path) -> Mapping[str, str]:
    """Return the ICIO industry or carved part of every HS10 code (`SPREAD` for chapters 98-99).

    Raises
    ------
    BaselineError
        A code has no GTAP sector or a GTAP sector no industry.
    """
    industry = {row["gtap"].lower(): row["icio"] for row in csv_rows(data_dir, INDUSTRY_FILE)}
    return {
        code: carved_part(code) or _industry(code, gtap, industry)
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


def line_part(data_dir: Path, sectors: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the model sector of every HS10 code, rare earths by the parent they are taken from.

    Parameters
    ----------
    data_dir
        Folder of raw tables.
    sectors
        Model sector to ICIO industries; carved sectors (SOY, RARE, SEMI) with an empty list.

    Returns
    -------
    mapping
        HS10 code to model sector or carved part.  `SPREAD` for chapters 98-99; `ELECTRICITY`,
        which ICIO counts as a service.  The parts of a carved sector that `sectors` lacks fall
        back on their parents.
    """
    home = {code: name for name, codes in sectors.items() for code in codes}
    carved = {sector_of_part(part) for part in CARVED_PARENT}
    rest = next((n for n, codes in sectors.items() if not codes and n not in carved), None)
    industries = line_industry(data_dir)
    for industry in sorted(set(industries.values()) - set(CARVED_PARENT) - {SPREAD, ELECTRICITY}):
        if home.setdefault(industry, rest or "") == "":
            raise BaselineError(
                f"no sector of the aggregation takes the industry {industry}.",
                advice="Add it to the members of one sector.",
            )
    home |= {SPREAD: SPREAD, ELECTRICITY: ELECTRICITY}
    for part, parent in CARVED_PARENT.items():
        home[part] = part if sector_of_part(part) in sectors else home[parent]
    return {code: home[industry] for code, industry in industries.items()}


def line_sector(data_dir: Path, sectors: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the model sector of every HS10 code, the parts of a carved sector together."""
    return {code: sector_of_part(part) for code, part in line_part(data_dir, sectors).items()}


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


def hs6_industry(data_dir: Path) -> dict[str, str]:
    """Return the industry of each HS6 code: the one most of its HS10 codes belong to."""
    votes: dict[str, Counter[str]] = {}
    for code, industry in line_industry(data_dir).items():
        votes.setdefault(code[:6], Counter())[industry] += 1
    return {code: count.most_common(1)[0][0] for code, count in votes.items()}


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
