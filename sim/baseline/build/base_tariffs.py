"""Tariffs of January 2025: US as collected in 2024, China on the US by rule, others WITS."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.baseline.build.commodities import sector_of_part
from sim.baseline.build.import_values import UsImports
from sim.baseline.build.io_table import Array
from sim.errors import BaselineError

WITS_REGION: Mapping[str, str] = {
    "United States": "USA",
    "China": "CHN",
    "EuropeanUnion --- EuropeanUnion": "EU27",
    "Japan": "JPN",
    "Canada": "CAN",
    "Mexico": "MEX",
    "Brazil": "BRA",
    "United Kingdom": "GBR",
    "India": "IND",
    "RestOfTheWorld --- RestOfTheWorld": "REST",
}

WITS_GROUP: Mapping[str, str] = {
    "A01": "Food",
    "A02_03": "Food",
    "C10T12": "Food",
    "SOY": "Food",
    "B05_06": "Energy",
    "C19": "Energy",
    "B07_09": "Mining",
    "C13T15": "Textiles",
    "C16": "Construction",
    "C23": "Construction",
    "C17_18": "Paper",
    "C20": "Chemical",
    "C21": "Chemical",
    "C22": "Chemical",
    "C24A": "Metal",
    "C24B": "Metal",
    "C25": "Metal",
    "RARE": "Metal",
}
"""Product group of a sector; goods not named are manufactures, services pay nothing."""

DUTY_FREE_REPORTERS = ("SGP",)
"""Free ports: no tariff on goods, whatever the average of the rest of the world (grade M)."""

SOYBEANS_FREE = ("EU27", "JPN", "MEX", "TWN", "IDN", "VNM", "THA", "EGY", "TUR", "GBR", "MYS")

SOYBEAN_RATES: Mapping[str, float] = dict.fromkeys(SOYBEANS_FREE, 0.0) | {"CHN": 0.03}
"""Soybean tariffs known to be far from the food average (China's MFN rate A, the zeros M)."""

WAVE5_SECTORS: Mapping[str, tuple[int, ...]] = {
    "A01": (1,),
    "A02_03": (1, 2),
    "B05_06": (3,),
    "B07_09": (4, 5),
    "C10T12": (6,),
    "C13T15": (7,),
    "C16": (8,),
    "C17_18": (9,),
    "C19": (10,),
    "C20": (11,),
    "C21": (12,),
    "C22": (13,),
    "C23": (14,),
    "C24A": (15,),
    "C24B": (15,),
    "RARE": (15,),
    "C25": (16,),
    "C26": (17,),
    "SEMI": (17,),
    "C27": (18,),
    "C28": (19,),
    "C29": (20,),
    "C301": (21,),
    "C302T309": (21,),
    "C31T33": (22,),
}
"""Rows of the 2018-19 retaliation table (22 goods sectors, D01T02 first); means where several."""


@dataclass(frozen=True)
class RetaliationKept:
    """How much of China's 2018-19 surcharge was still paid in January 2025 (grade M).

    Phase One halved the steps of September 2019 in February 2020, and from March 2020 importers
    got yearly waivers, for purchases under Phase One nearly always.  No public table gives the
    duty collected on US goods, so the rule is: farm goods, food, fuels and aircraft keep
    `waived`, everything else keeps `other`; soybeans pay the MFN rate alone.
    """

    waived: float = 0.10
    other: float = 0.60
    waived_sectors: tuple[str, ...] = ("A01", "A02_03", "C10T12", "B05_06", "C19", "C302T309")
    exempt_sectors: tuple[str, ...] = ("SOY", "SEMI", "C21")

    def share(self, sector: str) -> float:
        """Return the part of the surcharge that is still paid in a sector."""
        if sector in self.exempt_sectors:
            return 0.0
        return self.waived if sector in self.waived_sectors else self.other


def january_2025(
    data_dir: Path,
    imports: UsImports,
    regions: Sequence[str],
    sectors: Sequence[str],
    kept: RetaliationKept | None = None,
) -> Array:
    """Return the tariffs of January 2025, fraction of customs value, [n, i, j]."""
    rate = wits_rates(
        data_dir / "wits_tariffs_2023" / "tariffs_wits_ahs_2023_10regions.csv", regions, sectors
    )
    usa, china = regions.index("USA"), regions.index("CHN")
    rate[usa] = us_rates(imports, sectors)
    kept = kept or RetaliationKept()
    surcharge = read_wave5(data_dir / "war2018" / "tariff_China.csv")
    for j, sector in enumerate(sectors):
        rows = WAVE5_SECTORS.get(sector)
        if rows:
            mean = sum(surcharge[row] for row in rows) / len(rows)
            rate[china, usa, j] += kept.share(sector) * mean
    n = np.arange(len(regions))
    rate[n, n] = 0.0
    rate[:, :, [j for j, sector in enumerate(sectors) if not is_good(sector)]] = 0.0
    return rate


def is_good(sector: str) -> bool:
    """Tell goods from services."""
    return sector != "SERV"


def us_rates(imports: UsImports, sectors: Sequence[str]) -> Array:
    """Duty over customs value of 2024, [i, j]; partners without lines take the rest's rate."""
    value = np.zeros((len(imports.regions), len(sectors)))
    duty = np.zeros_like(value)
    for column, code in enumerate(imports.sectors):
        j = list(sectors).index(sector_of_part(code))
        value[:, j] += imports.value[:, column]
        duty[:, j] += imports.duty[:, column]
    rest = imports.regions.index("ROW")
    missing = value == 0
    rate = np.divide(duty, value, out=np.zeros_like(value), where=~missing)
    return np.where(missing, rate[rest], rate)


def wits_rates(path: Path, regions: Sequence[str], sectors: Sequence[str]) -> Array:
    """Return applied weighted tariffs of 2023 by product group, [n, i, j]."""
    table = _read_wits(path)
    known = set(WITS_REGION.values())
    rate = np.zeros((len(regions), len(regions), len(sectors)))
    for n, importer in enumerate(regions):
        if importer in DUTY_FREE_REPORTERS:
            continue
        for i, exporter in enumerate(regions):
            reporter, partner = (c if c in known else "REST" for c in (importer, exporter))
            for j, sector in enumerate(sectors):
                group = WITS_GROUP.get(sector, "Manufacture")
                rate[n, i, j] = table.get((reporter, partner, group), 0.0)
    _known_products(rate, regions, sectors)
    return rate


def _known_products(rate: Array, regions: Sequence[str], sectors: Sequence[str]) -> None:
    """Overwrite carved sectors whose tariff is far from their group's average."""
    if "SEMI" in sectors:
        # Information Technology Agreement: chips enter free nearly everywhere
        rate[:, :, list(sectors).index("SEMI")] = 0.0
    if "SOY" in sectors:
        for code, value in SOYBEAN_RATES.items():
            rate[list(regions).index(code), :, list(sectors).index("SOY")] = value


def _read_wits(path: Path) -> dict[tuple[str, str, str], float]:
    if not path.is_file():
        raise BaselineError("missing.", advice="Give the folder of raw data.", file=path)
    table = {}
    with path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            reporter = WITS_REGION[row["Reporter Name"].strip()]
            partner = WITS_REGION[row["Partner Name"].strip()]
            table[reporter, partner, row["Product"]] = float(row["Weighted Average"]) / 100
    return table


def read_wave5(path: Path) -> dict[int, float]:
    """Read the fifth-wave surcharges by row number."""
    if not path.is_file():
        raise BaselineError("missing.", advice="Give the folder of raw data.", file=path)
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return {
            int(row["indcode"]): float(row["China_tariff_wave5"]) for row in csv.DictReader(handle)
        }
