"""Stocks between the border and use: buying ahead of a rise.

Accounting around a path, not part of its equilibrium: what is used follows from
`sim.model.path.transition`, what arrives differs from it by the change of stocks.  In every month

    arrivals = use + stock at the end - stock at the beginning,        stocks >= 0.

Living on a stock when supply stops is `sim.model.path.stocks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sim.errors import EconomyError
from sim.model.arrays import Array, sealed

CARRYING_COST = 0.015
"""Cost of holding goods for a month, fraction of their value; an assumption (interest, storage and
wear of 15 to 20 % a year are usual figures)."""


@dataclass(frozen=True, eq=False)
class Stocks:
    """Flows of goods by month, all [t, ...] in the unit of the use they were made from."""

    use: Array
    arrivals: Array
    stock: Array
    """At the end of each month, above what is normally held; 0 before the first."""


def buy_ahead(
    use: ArrayLike,
    saving: ArrayLike,
    *,
    cover: Mapping[int, float],
    pace: float = 1.0,
    release: float = 1.0,
    carrying_cost: float = CARRYING_COST,
) -> Stocks:
    """Return what arrives when importers buy before a rise and run down after it.

    A class of importers can hold m months of its use.  As long as what it expects to save exceeds
    the cost of holding goods for m months, (1+h)^m - 1, it wants that stock, else none.  Nobody
    knows the day of the rise, so nobody waits for the last month; but goods, ships and sheds are
    scarce, so that only a part of the stock that is missing arrives in a month.  A stock that is no
    longer wanted is used up bit by bit.

    Parameters
    ----------
    use
        Quantity used, or value at the prices of the baseline, [t, ...], >= 0.
    saving
        What buying now is expected to save against buying later, as a fraction of the cost now,
        belief included, [t, ...] or [t].
    cover
        Months of use that a class can hold -> its share of use; what is left of 1 holds nothing.
    pace
        Part of a missing stock that arrives in a month, in [0, 1].
    release
        Part of a stock too many that is used up in a month, in [0, 1].
    carrying_cost
        Fraction of the value a month.

    Raises
    ------
    EconomyError
        If shapes or values do not fit.
    """
    used = np.asarray(use, dtype=float)
    saved = np.asarray(saving, dtype=float)
    if saved.ndim == 1:
        saved = saved.reshape(saved.shape + (1,) * (used.ndim - 1))
    _check_buying(used, saved, cover)
    for name, value in (("pace", pace), ("release", release)):
        _check_part(name, value)
    if not carrying_cost >= 0:
        raise EconomyError(f"carrying_cost is {carrying_cost:g}.", advice="Write 0 or more.")
    wanted = np.zeros(used.shape)
    for months, share in cover.items():
        wanted += share * months * used * (saved > (1.0 + carrying_cost) ** months - 1.0)
    return _towards(used, wanted, pace, release)


def _towards(use: Array, wanted: Array, pace: float, release: float) -> Stocks:
    """Move stocks towards what is wanted, [t, ...]; nobody sends goods back."""
    arrivals, stock = np.empty_like(use), np.empty_like(use)
    held = np.zeros(use.shape[1:])
    for t in range(len(use)):
        gap = wanted[t] - held
        more = np.where(gap > 0, pace, release) * gap
        # A stock falls by what is used at most; rounding must not leave less than nothing.
        after = np.maximum(np.maximum(held + more, held - use[t]), 0.0)
        arrivals[t] = np.maximum(use[t] + after - held, 0.0)
        held = after
        stock[t] = held
    return Stocks(sealed(np.array(use)), sealed(arrivals), sealed(stock))


def _check_buying(use: Array, saving: Array, cover: Mapping[int, float]) -> None:
    if use.ndim == 0 or not (np.isfinite(use) & (use >= 0)).all():
        raise EconomyError("use must hold numbers of at least 0, month by month.")
    if len(saving) != len(use) or not np.isfinite(saving).all():
        raise EconomyError("saving must hold one number for each month of use.")
    for months, share in cover.items():
        if int(months) != months or months < 1:
            raise EconomyError(f"cover holds {months} months.", advice="Write 1, 2, 3, ...")
        _check_part("cover", share)
    _check_part("the sum of cover", sum(cover.values()))


def _check_part(name: str, value: float) -> None:
    if not 0 <= value <= 1 + 1e-12:
        raise EconomyError(f"{name} is {value:g}.", advice="Write a part from 0 to 1.")
