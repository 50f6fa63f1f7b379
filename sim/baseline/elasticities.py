"""What is known of the sets of trade elasticities beside their values, which stand in the tables.

Bounds of the sets, the row of the published table that an industry takes its estimate (and its
standard error) from, and what is stated for the carved sectors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FONTAGNE_BOUNDS = (2.0, 12.0)
OTHER_BOUNDS = (1.0, 20.0)
"""Bounds of the other sets: they keep their published spread, short of what no market shows."""

Bounds = tuple[float, float]

CALIENDO_PARRO_ROW: Mapping[str, str] = {
    "A01": "Agriculture",
    "A02": "Agriculture",
    "A03": "Agriculture",
    "B05": "Mining",
    "B06": "Mining",
    "B07": "Mining",
    "B08": "Mining",
    "B09": "Mining",
    "C10T12": "Food",
    "C13T15": "Textile",
    "C16": "Wood",
    "C17_18": "Paper",
    "C19": "Petroleum",
    "C20": "Chemicals",
    "C21": "Chemicals",
    "C22": "Plastic",
    "C23": "Minerals",
    "C24A": "Basic metals",
    "C24B": "Basic metals",
    "C25": "Metal products",
    "C26": "Communication",
    "C27": "Electrical",
    "C28": "Machinery n.e.c.",
    "C29": "Auto",
    "C301": "Other Transport",
    "C302T309": "Other Transport",
    "C31T33": "Other",
}
"""Row of Caliendo and Parro's Table 1 (99 % sample, the one they simulate with)."""


@dataclass(frozen=True)
class SectorParameter:
    """What is stated for a carved sector, in every set."""

    sector: str
    trade_elasticity: float
    input_elasticity: float
    specific_outside: str
    grade: str
    source: str


SECTOR_PARAMETERS: tuple[SectorParameter, ...] = (
    SectorParameter(
        "SOY",
        6.0,
        1.0,
        "",
        "M",
        "China's 25 % of 2018: US exports to it 12.05 -> 3.12 bn USD, elasticity about -6",
    ),
    SectorParameter(
        "SEMI",
        3.0,
        1.0,
        "",
        "M",
        "designs are tied to a foundry: below the electronics average",
    ),
    SectorParameter(
        "RARE",
        2.0,
        0.15,
        "CHN",
        "M",
        "short run: input substitution 0.1-0.2 (facts 4.4); sourcing set so that the cut of May "
        "2025 gives prices outside China about six times those inside",
    ),
)
