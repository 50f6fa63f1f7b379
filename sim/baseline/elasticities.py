"""What is known of the sets of trade elasticities beside their values, which stand in the tables.

Bounds of the sets, the row of the published table that an industry takes its estimate (and its
standard error) from, what is stated for the carved sectors, and how home competes with foreign.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.model.arrays import Array

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
        15.0,
        1.0,
        "",
        "X",
        "beans of two origins are near one good: the half-years after China's duties of 2018 and "
        "2025 imply 17 and 15 (truce validate backtest), whole years with months before the duty 6",
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

OTHER_SECTORS = "all others"


@dataclass(frozen=True)
class MacroElasticity:
    """How easily buyers in a sector replace foreign goods by their own country's, in every set."""

    sector: str
    """Code; `OTHER_SECTORS` stands for all that have no entry."""
    value: float | None
    """M, an elasticity of substitution less 1; above theta it counts as theta.  None is theta:
    one tier, all origins compete alike."""
    grade: str
    source: str


MACRO_ELASTICITIES: tuple[MacroElasticity, ...] = (
    MacroElasticity(
        "SOY",
        None,
        "M",
        "a crusher takes beans of any origin, its own country's among them",
    ),
    MacroElasticity(
        "RARE",
        None,
        "M",
        "theta is set so that the cut of May 2025 gives the prices that were reported, home and "
        "foreign magnets alike",
    ),
    MacroElasticity(
        OTHER_SECTORS,
        0.5,
        "M",
        "an elasticity of substitution of 1.5 between home and foreign, chosen within what is "
        "estimated: 1.05 to 3 by Feenstra, Luck, Obstfeld and Russ (2018), 1.19, against 2.53 "
        "between origins, by Fajgelbaum and others (2020); nobody states it by sector",
    ),
)
"""Entry by entry; the last one is that of `OTHER_SECTORS`."""


def macro_elasticities(
    trade_elasticity: Array, sectors: Sequence[str], others: float | None = None
) -> Array:
    """Return M, [j], by the table: at most theta, and theta in sectors with one tier.

    Parameters
    ----------
    trade_elasticity
        theta, [j].
    others
        In place of the table's value for sectors that have no entry of their own.
    """
    stated = {entry.sector: entry.value for entry in MACRO_ELASTICITIES}
    otherwise = stated.pop(OTHER_SECTORS) if others is None else others
    values = [stated.get(sector, otherwise) for sector in sectors]
    wanted = np.array([np.inf if value is None else value for value in values])
    return np.asarray(np.minimum(wanted, trade_elasticity))
