"""China's lists of February and March 2025 as shares of its imports from the United States.

Covered value: US exports of 2024 by HS6 code on each farm list (tradewartracker), press figures
for energy, machinery and cars.  Whole value: for crops other than soybeans what remains of US farm
exports to China after soybeans and food; else the ICIO flow of 2022 scaled by the change of US
goods exports to China, 2022 to 2024.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from sim.baseline.build.commodities import CARVED_PARENT, hs6_industry, sector_of_part
from sim.baseline.build.raw_files import csv_rows, data_file
from sim.baseline.build.us_law_2025 import TWT, law

FARM_LISTS: Mapping[str, str] = {
    "cn-farm-15": f"{TWT}/china-15-percent-US-exports-030425.csv",
    "cn-farm-10": f"{TWT}/china-10-percent-US-exports-030425.csv",
}
# An HS6 code that the US does not import is in no crosswalk: its industry by chapter.
CHAPTER_INDUSTRY: Mapping[str, str] = {"03": "A03", "07": "A01", "16": "C10T12"}
NEGLIGIBLE_SHARE = 1e-3
ICIO_FILE = "icio2022_81x28.npz"


def china_shares(
    data_dir: Path, sectors: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, float]]:
    """Return list name to {sector: share of China's imports from the US that the list covers}.

    Parameters
    ----------
    data_dir
        Folder of raw tables.
    sectors
        Model sector to ICIO industries, empty for carved sectors.

    Returns
    -------
    mapping
        Shares between 0 and 1; sectors below a thousandth are left out.
    """
    whole = _by_sector(_whole_flows(data_dir), sectors)
    lists = {name: _farm_value(data_dir, file) for name, file in FARM_LISTS.items()}
    lists |= _february_lists()
    shares: dict[str, dict[str, float]] = {}
    for name, values in lists.items():
        covered = _by_sector(values, sectors)
        parts = {sector: min(value / whole[sector], 1.0) for sector, value in covered.items()}
        shares[name] = {sector: part for sector, part in parts.items() if part > NEGLIGIBLE_SHARE}
    return shares


def _by_sector(
    values: Mapping[str, float], sectors: Mapping[str, Sequence[str]]
) -> dict[str, float]:
    """Sum values by industry (or carved sector) over the model's sectors."""
    home = {code: name for name, codes in sectors.items() for code in codes}
    home |= {
        part: sector_of_part(part) if sector_of_part(part) in sectors else home[parent]
        for part, parent in CARVED_PARENT.items()
    }
    total: dict[str, float] = {}
    for industry, value in values.items():
        total[home[industry]] = total.get(home[industry], 0.0) + value
    return total


def _farm_value(data_dir: Path, file: str) -> dict[str, float]:
    """US exports of 2024 to China on one list by industry, USD mn."""
    industry_of = hs6_industry(data_dir)
    total: dict[str, float] = {}
    for row in csv_rows(data_dir, file):
        code = row["hs-code"].zfill(6)
        industry = industry_of.get(code) or CHAPTER_INDUSTRY[code[:2]]
        total[industry] = total.get(industry, 0.0) + float(row["exports"]) / 1e6
    return total


def _whole_flows(data_dir: Path) -> dict[str, float]:
    """US exports to China by industry at the level of 2024, USD mn."""
    figures = law()["china"]
    growth = figures["goods_2024"] / figures["goods_2022"]
    with np.load(data_file(data_dir, ICIO_FILE), allow_pickle=False) as icio:
        countries, industries = list(icio["countries"]), list(icio["sectors"])
        exports = icio["X"][:, countries.index("USA"), countries.index("CHN")]
    whole = {
        str(name): growth * float(value) for name, value in zip(industries, exports, strict=True)
    }
    energy = figures["coal_and_lng_2024"] + figures["crude_2024"]
    farm = figures["farm_and_food_2024"] - figures["soybeans_2024"] - whole["C10T12"]
    # Coal, LNG and crude are nearly all of the energy that B05 and B06 sell.
    return whole | {"SOY": figures["soybeans_2024"], "A01": farm, "B05": 0.0, "B06": energy}


def _february_lists() -> dict[str, dict[str, float]]:
    """Covered US exports of 2024 by industry, USD mn; coal is counted with oil and gas."""
    figures = law()["china"]
    return {
        "cn-energy-15": {"B06": figures["coal_and_lng_2024"]},
        "cn-energy-10": {
            "B06": figures["crude_2024"],
            "C28": figures["farm_machinery_2024"],
            "C29": figures["large_cars_2024"],
        },
    }
