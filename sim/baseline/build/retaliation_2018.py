"""China's surcharges on American goods of 2018 to 2020, by sector.

No public table gives the lists by tariff line: known are the sum of all surcharges by sector at
the end of 2019 (the fifth wave) and averages by date.  So each step is the same part of that sum
in every sector, soybeans apart.  From March 2020 importers got waivers: what was still paid in
January 2025 is the rule of `base_tariffs.RetaliationKept`, and the rest is one exclusion list.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.baseline.build.base_tariffs import (
    WAVE5_SECTORS,
    RetaliationKept,
    is_good,
    read_wave5,
    wits_rates,
)
from sim.baseline.build.us_acts import history

SURCHARGES = "war2018/tariff_China.csv"
ORDINARY = "wits_tariffs_2023/tariffs_wits_ahs_2023_10regions.csv"
SOYBEANS = "SOY"
EXCLUSIONS = "cn-exclusions-2020"
ORDINARY_SCHEDULE = "cn-pre-2018"

Tables = dict[str, dict[str, float]]


def china_2018(
    data_dir: Path, regions: Sequence[str], sectors: Sequence[str]
) -> tuple[Tables, Tables]:
    """Return lists and schedules: name to {sector: share or rate on American goods}.

    Parameters
    ----------
    data_dir
        Folder of raw tables.
    regions, sectors
        Axes of the model.

    Raises
    ------
    BaselineError
        A raw file is missing.
    """
    wave = read_wave5(data_dir / SURCHARGES)
    rows = {sector: WAVE5_SECTORS[sector] for sector in sectors if sector in WAVE5_SECTORS}
    whole = {sector: sum(wave[row] for row in taken) / len(taken) for sector, taken in rows.items()}
    plan = history()["china_2018"]
    soybeans = plan["soybeans"]
    schedules: Tables = {
        name: {sector: part * rate for sector, rate in whole.items()}
        | ({SOYBEANS: soybeans[name]} if name in soybeans and SOYBEANS in sectors else {})
        for name, part in plan.items()
        if name != "soybeans"
    }
    ordinary = wits_rates(data_dir / ORDINARY, regions, sectors)
    own = ordinary[list(regions).index("CHN"), list(regions).index("USA")]
    schedules[ORDINARY_SCHEDULE] = {
        sector: float(rate) for sector, rate in zip(sectors, own, strict=True) if is_good(sector)
    }
    return {EXCLUSIONS: _waived(sectors)}, schedules


def _waived(sectors: Sequence[str]) -> dict[str, float]:
    """Part of the surcharges after Phase One that was no longer paid in January 2025."""
    plan, kept = history()["china_2018"], RetaliationKept()
    after = sum(plan[name] for name in ("cn-2018-07", "cn-2018-08", "cn-2019-06", "cn-2020-02"))
    return {sector: 1.0 - kept.share(sector) / after for sector in sectors if is_good(sector)}
