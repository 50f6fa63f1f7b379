"""Coverage and rate tables: the share of a flow that a list takes, and what schedules add to it.

`build_coverage` reads the raw HS10 lines and lists and returns two long tables.  Shares are shares
of the 2024 customs value of US imports for consumption (for China's lists: of US exports to
China).  A cell without trade in 2024 takes the share of all partners together in that sector, so
that a small model flow is not left untaxed by accident.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from sim.baseline.build.cells import SERVICES, UNITED_STATES, CellAverage, ratio
from sim.baseline.build.commodities import group_members
from sim.baseline.build.dated_lists import dated_lists, dated_rates
from sim.baseline.build.import_lines import us_lines
from sim.baseline.build.labels import FloatArray
from sim.baseline.build.retaliation_2018 import china_2018
from sim.baseline.build.retaliation_2025 import china_shares
from sim.baseline.build.us_acts import Acts
from sim.baseline.build.us_law_2025 import ACTIONS, Treatment, law, partner_rates, treatment

CHINA = "CHN"
ACTION_LISTS: Mapping[str, str] = {
    "autos": "s232-autos",
    "wood": "s232-wood",
    "copper": "s232-copper",
    "metals": "s232-steel-aluminium",
}
RECIPROCAL_RATES = "us-reciprocal-2025-08-07"
COUNTRY_RATES = "us-ieepa-world-2025-10"
SECTION_232_RATES = "s232-october-2025"
SIGNIFICANT_DIGITS = 12
SMALLEST = 1e-12

Row = tuple[str, str, str, str, float]


def build_coverage(
    data_dir: Path,
    regions: Mapping[str, Any] | Sequence[Any],
    sectors: Mapping[str, Any] | Sequence[Any],
) -> tuple[pa.Table, pa.Table]:
    """Return the coverage table and the rate table.

    Parameters
    ----------
    data_dir
        Folder of raw tables.
    regions
        Model regions in array order with their ISO3 members: the `regions` entry of
        aggregation.yaml, a plain mapping, or the groups of a loaded aggregation.
    sectors
        Model sectors in array order with their ICIO industries, in the same forms.

    Returns
    -------
    coverage
        Columns list, importer, exporter, sector, share (0 to 1); non-zero rows only, in fixed
        order.
    rates
        Columns schedule, importer, exporter, sector, rate (fraction); non-zero rows only, in fixed
        order. `us-reciprocal-2025-08-07` holds on the part that the list `reciprocal` covers; the
        other two hold on the whole flow.  `us-ieepa-world-2025-10` is every country action but
        China's: the same country rates times coverage, plus fentanyl on Canada and Mexico and
        Brazil's 40 %.  Use one of the two, not both.

    Raises
    ------
    BaselineError
        A raw file is missing, or a code is unknown.
    """
    region_of, sector_of = group_members(regions), group_members(sectors)
    lines = us_lines(data_dir, region_of, sector_of)
    treated = treatment(data_dir, lines)
    average = CellAverage(lines, list(region_of), list(sector_of))
    american = _american_lists(treated, average)
    rates = _rates(treated, average, american["reciprocal"], partner_rates(data_dir))
    acts = Acts(data_dir, lines, treated)
    american |= dated_lists(acts, average, american["reciprocal"])
    rates |= dated_rates(acts, average)
    american |= _freed(rates)
    lists, schedules = china_2018(data_dir, average.regions, average.sectors)
    shares = {**china_shares(data_dir, sector_of), **lists}
    everything = dict.fromkeys(_goods(average), 1.0)
    return (
        _table(
            _american_rows(american, average)
            + _chinese_rows({**shares, "cn-all": everything}, average.sectors),
            ("list", "importer", "exporter", "sector", "share"),
        ),
        _table(
            _american_rows(rates, average) + _chinese_rows(schedules, average.sectors),
            ("schedule", "importer", "exporter", "sector", "rate"),
        ),
    )


def _freed(rates: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Part of the emergency duties of October 2025 on the world that later acts took away."""
    before = rates[COUNTRY_RATES]
    return {
        f"ieepa-world-freed-{day[:7]}": np.clip(
            1.0 - ratio(rates[f"us-ieepa-world-{day}"], before), 0.0, 1.0
        )
        * (before > 0)
        for day in ("2025-11-14", "2026-02-07")
    }


def _goods(average: CellAverage) -> list[str]:
    return [sector for sector in average.sectors if sector != SERVICES]


def _american_lists(treated: Treatment, average: CellAverage) -> dict[str, FloatArray]:
    """Return each list's share of American imports, shape [region, sector]."""
    lists = {ACTION_LISTS[name]: average(treated.section_232_share[name]) for name in ACTIONS}
    taken = treated.any_section_232_share
    lists["s232"] = average(taken)
    lists["reciprocal"] = average(treated.reciprocal_share)
    lists["reciprocal-exempt"] = average(np.where(treated.exempt, 1.0 - taken, 0.0))
    lists["usmca-free"] = average(treated.usmca_share, fill=False)
    lists["all"] = average.traded_goods.astype(np.float64)
    return {name: np.minimum(share, 1.0) for name, share in lists.items()}


def _rates(
    treated: Treatment,
    average: CellAverage,
    reciprocal: FloatArray,
    rate_of_partner: Mapping[str, float],
) -> dict[str, FloatArray]:
    """Return each schedule, shape [region, sector]; cells without lines have the plain rate."""
    country = average(treated.country_increment * treated.reciprocal_share, fill=False)
    default = law()["country_rates"]["default"]
    plain = np.array([[rate_of_partner.get(region, default)] for region in average.regions])
    on_covered = np.where(average.value > 0, ratio(country, reciprocal), plain)
    on_covered *= average.traded_goods
    on_whole = on_covered * reciprocal + average(treated.extra_increment, fill=False)
    on_whole[[region == CHINA for region in average.regions]] = 0.0
    return {
        RECIPROCAL_RATES: on_covered,
        COUNTRY_RATES: on_whole,
        SECTION_232_RATES: average(treated.section_232_increment),
    }


def _american_rows(tables: Mapping[str, FloatArray], average: CellAverage) -> list[Row]:
    return [
        (name, UNITED_STATES, region, sector, float(number))
        for name in sorted(tables)
        for region, row in zip(average.regions, tables[name], strict=True)
        for sector, number in zip(average.sectors, row, strict=True)
    ]


def _chinese_rows(tables: Mapping[str, Mapping[str, float]], sectors: Sequence[str]) -> list[Row]:
    return [
        (name, CHINA, UNITED_STATES, sector, cells[sector])
        for name, cells in sorted(tables.items())
        for sector in sectors
        if sector in cells
    ]


def _table(rows: Sequence[Row], columns: Sequence[str]) -> pa.Table:
    """Arrow table of the non-zero rows, rounded so that a rebuild gives the same content."""
    kept = [row for row in rows if abs(row[4]) > SMALLEST]
    text = [pa.array([row[k] for row in kept], pa.string()) for k in range(4)]
    numbers = [float(f"{row[4]:.{SIGNIFICANT_DIGITS}g}") for row in kept]
    return pa.table([*text, pa.array(numbers, pa.float64())], names=list(columns))
