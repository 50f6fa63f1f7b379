"""Draws of trade elasticities from published standard errors.

Source: Caliendo and Parro (2015), Table 1, the 99 % sample, which the set ``caliendo_parro2015``
takes its values from (data/elasticities; grade A).  It is the only available set with a published
error for every sector.  Around another set, such as the default, its *relative* errors are
borrowed (grade X): a draw multiplies each elasticity by a log-normal factor with mean 1.
Industries of one row of the table share a draw.  Errors above half of the estimate count as a half
(the table has rows that differ from nothing by less than one error), and draws stay within 1 to 20,
as the sets do.  The rare-earth elasticity, which nobody has estimated, is held fixed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.baseline.elasticities import CALIENDO_PARRO_ROW, OTHER_BOUNDS

Array = NDArray[np.float64]

PUBLISHED: Mapping[str, tuple[float, float]] = {
    "Agriculture": (9.11, 2.01),
    "Mining": (13.53, 3.67),
    "Food": (2.62, 0.61),
    "Textile": (8.10, 1.28),
    "Wood": (11.50, 2.87),
    "Paper": (16.52, 2.65),
    "Petroleum": (64.85, 15.61),
    "Chemicals": (3.13, 1.78),
    "Plastic": (1.67, 2.23),
    "Minerals": (2.41, 1.60),
    "Basic metals": (3.28, 2.51),
    "Metal products": (6.99, 2.12),
    "Machinery n.e.c.": (1.45, 2.80),
    "Electrical": (12.91, 1.64),
    "Communication": (3.95, 1.77),
    "Auto": (1.84, 0.92),
    "Other Transport": (0.39, 1.08),
    "Other": (3.98, 1.08),
    "Aggregate elasticity": (4.49, 0.39),
}
"""theta and its standard error by row of the table."""

LARGEST_ERROR = 0.5
"""Largest relative error that is drawn from."""

SUMMED: Mapping[str, str] = {
    "A02_03": "Agriculture",
    "B05_06": "Mining",
    "B07_09": "Mining",
    "SOY": "Agriculture",
    "SEMI": "Communication",
    "SERV": "Aggregate elasticity",
}
"""Row of the model's own sectors; the others are single industries."""

HELD = frozenset({"RARE"})

_ROWS = tuple(PUBLISHED)


def row_of(sector: str) -> str | None:
    """Return the row of the table that a sector's error is from; None where it is held fixed.

    A sector that the table does not know takes the error of its aggregate.
    """
    if sector in HELD:
        return None
    return SUMMED.get(sector) or CALIENDO_PARRO_ROW.get(sector, "Aggregate elasticity")


def relative_error(row: str) -> float:
    """Return the standard error divided by the estimate, at most `LARGEST_ERROR`."""
    theta, error = PUBLISHED[row]
    return min(error / theta, LARGEST_ERROR)


def drawn(theta: Array, sectors: Sequence[str], number: int, seed: int = 0) -> Array:
    """Return draw `number` of the elasticities around `theta`, [j]; the same for the same seed."""
    normal = np.random.default_rng([seed, number]).standard_normal(len(_ROWS))
    factor = np.ones(len(sectors))
    for position, sector in enumerate(sectors):
        row = row_of(sector)
        if row is not None:
            spread = np.sqrt(np.log1p(relative_error(row) ** 2))
            factor[position] = np.exp(spread * normal[_ROWS.index(row)] - spread**2 / 2.0)
    low, high = np.minimum(OTHER_BOUNDS[0], theta), np.maximum(OTHER_BOUNDS[1], theta)
    return np.asarray(np.clip(theta * factor, low, high))
