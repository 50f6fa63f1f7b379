"""Purchases in time: a season, a purchase before each loading, an arrival after it.

Accounting around a path.  A month of a path is an annual rate by month of loading; the season says
what part of the year's trade is loaded in it.  What is bought in a month is loaded some months
later, what is loaded arrives some months later:

    bought[t] = shipped[t + lead],     arrived[t] = shipped[t - transit].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sim.errors import EconomyError
from sim.model.arrays import Array, sealed

YEAR = 12


@dataclass(frozen=True, eq=False)
class Deliveries:
    """Quantities of each month, [t], in the unit of the annual rates."""

    bought: Array
    shipped: Array
    arrived: Array


def seasonal_shares(shares: ArrayLike, strength: float = 1.0) -> Array:
    """Return shares of the twelve months, from even (`strength` 0) to `shares` (1); they sum to 1.

    Raises
    ------
    EconomyError
        If there are not twelve shares of one year, or `strength` is not a part.
    """
    given = np.asarray(shares, dtype=float)
    if given.shape != (YEAR,) or (given < 0).any() or abs(given.sum() - 1.0) > 1e-9:
        raise EconomyError("shares do not share out a year.", advice="Write twelve parts of 1.")
    if not 0 <= strength <= 1:
        raise EconomyError(f"strength is {strength:g}.", advice="Write a part from 0 to 1.")
    return np.asarray(strength * given + (1.0 - strength) / YEAR)


def deliveries(
    rate: ArrayLike, before: float, season: Array, first_month: int, *, lead: int, transit: int
) -> Deliveries:
    """Spread annual rates over the months and move them to when they are bought and arrive.

    Parameters
    ----------
    rate
        Annual rate of what is loaded in each month, [t], >= 0.
    before
        Annual rate before the first month.  After the last the last one goes on.
    season
        As of `seasonal_shares`, January first.
    first_month
        Calendar month of the first, 1 to 12.
    lead, transit
        Whole months from purchase to loading, and from loading to arrival, >= 0.
    """
    rates = np.asarray(rate, dtype=float)
    if rates.ndim != 1 or not len(rates) or not (np.isfinite(rates) & (rates >= 0)).all():
        raise EconomyError("rate must hold one number of at least 0 a month.")
    if lead < 0 or transit < 0:
        raise EconomyError("lead and transit are months.", advice="Write 0, 1, 2, ...")
    months = np.arange(-transit, len(rates) + lead)
    known = np.concatenate([np.full(transit, before), rates, np.full(lead, rates[-1])])
    loaded = known * season[(first_month - 1 + months) % YEAR]
    count = len(rates)
    return Deliveries(
        bought=sealed(loaded[transit + lead : transit + lead + count].copy()),
        shipped=sealed(loaded[transit : transit + count].copy()),
        arrived=sealed(loaded[:count].copy()),
    )
