"""Stocks between the border and use: buying ahead of a rise, and living on a stock.

Both functions are accounting around a path, not part of its equilibrium: what is used follows from
`sim.model.transition`, what arrives differs from it by the change of stocks.  In every month

    arrivals = use + stock at the end - stock at the beginning,        stocks >= 0.

`buy_ahead` moves arrivals.  `draw_down` says how much a stop of supply leaves for use, month by
month; put it into the caps of the path, and the stop bites when the stock is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

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
    cost: ArrayLike,
    *,
    announced: ArrayLike,
    cover: Mapping[int, float],
    carrying_cost: float = CARRYING_COST,
    belief: float = 1.0,
) -> Stocks:
    """Return what arrives when importers buy before an announced rise and run down after it.

    A class of importers can hold up to m months of its current use.  In month t it buys ahead for
    month t + d if that is cheaper, carrying cost included, than every later purchase that it
    expects: cost_t (1+h)^d < E_t cost_{t+r} (1+h)^(d-r) for r = 1..d.  It expects this month's cost
    to stay, but for months whose cost has been announced.  What it holds beyond its plan it uses
    before it buys again.

    Parameters
    ----------
    use
        Quantity used, or value at the prices of the baseline, [t, ...], >= 0.
    cost
        Cost to the buyer relative to the baseline, duty included, [t, ...] or [t], > 0.
    announced
        Month (index, may be negative) from which the cost of each month is known, [t]; t itself for
        a change that surprises.
    cover
        Months of use that a class can hold -> its share of use; what is left of 1 holds nothing.
    carrying_cost
        Fraction of the value a month.
    belief
        Part of an announced change that importers count on, in [0, 1].

    Raises
    ------
    EconomyError
        If shapes or values do not fit.
    """
    used = np.asarray(use, dtype=float)
    price = np.asarray(cost, dtype=float)
    if price.ndim == 1:
        price = price.reshape(price.shape + (1,) * (used.ndim - 1))
    known = np.asarray(announced)
    _check_buying(used, price, known, cover)
    _check_part("belief", belief)
    if not carrying_cost >= 0:
        raise EconomyError(f"carrying_cost is {carrying_cost:g}.", advice="Write 0 or more.")
    arrivals = (1.0 - sum(cover.values())) * used
    stock = np.zeros_like(used)
    for months, share in cover.items():
        wanted = _months_ahead(price, known, months, 1.0 + carrying_cost, belief)
        own_arrivals, own_stock = _ordered_up(share * used, wanted)
        arrivals += own_arrivals
        stock += own_stock
    return Stocks(sealed(np.array(used)), sealed(arrivals), sealed(stock))


def _months_ahead(
    price: Array, known: NDArray[np.int64], longest: int, factor: float, belief: float
) -> Array:
    """How many of the next months a class buys for in each month, [t, ...]."""
    months = np.zeros_like(price)
    last = len(price) - 1
    for t in range(len(price)):
        cheapest_later = np.full(price.shape[1:], np.inf)
        for ahead in range(1, longest + 1):
            at = min(t + ahead, last)
            expected = price[t]
            if known[at] <= t:
                expected = (1.0 - belief) * price[t] + belief * price[at]
            cheapest_later = np.minimum(cheapest_later * factor, expected)
            months[t] += price[t] * factor**ahead < cheapest_later
    return months


def _ordered_up(use: Array, wanted: Array) -> tuple[Array, Array]:
    """Buy up to use now plus `wanted` months of it, less what is in stock; [t, ...] each."""
    arrivals, stock = np.empty_like(use), np.empty_like(use)
    held = np.zeros(use.shape[1:])
    for t in range(len(use)):
        arrivals[t] = np.maximum(use[t] * (1.0 + wanted[t]) - held, 0.0)
        # Rounding must not leave less than nothing.
        held = np.maximum(held + arrivals[t] - use[t], 0.0)
        stock[t] = held
    return arrivals, stock


def draw_down(
    supply_hat: ArrayLike, *, stock_months: float, refill: float = 0.0, normal_use: float = 1.0
) -> Stocks:
    """Return what users of a critical input can use when its supply falls, month by month.

    Users go on as before while the stock lasts; then they live on what is supplied.  Supply beyond
    normal use refills the stock.  In a path, cap the quantity at ``use`` in the months in which it
    is below `normal_use`; flows of those months then count what is used, not what is shipped.

    Parameters
    ----------
    supply_hat
        Supply in each month relative to the baseline, [t, ...], >= 0.
    stock_months
        Months of normal use in stock at the start.
    refill
        Part of the gap to a full stock that is bought back in a month if supply exceeds normal use
        by as much, in [0, 1].
    normal_use
        Use without a stop relative to the baseline, > 0.

    Returns
    -------
    Stocks
        ``stock`` counts the whole stock here, from `stock_months` * `normal_use` down.
    """
    supply = np.asarray(supply_hat, dtype=float)
    if supply.ndim == 0 or not (np.isfinite(supply) & (supply >= 0)).all():
        raise EconomyError("supply_hat must hold one number of at least 0 a month.")
    if not (np.isfinite(stock_months) and stock_months >= 0):
        raise EconomyError(
            f"stock_months is {stock_months:g}.", advice="Write months of use, 0 or more."
        )
    _check_part("refill", refill)
    full = stock_months * normal_use
    held = np.full(supply.shape[1:], full)
    use, arrivals, stock = np.empty_like(supply), np.empty_like(supply), np.empty_like(supply)
    for t, offered in enumerate(supply):
        use[t] = np.minimum(normal_use, offered + held)
        spare = np.minimum(np.maximum(offered - normal_use, 0.0), refill * (full - held))
        arrivals[t] = np.minimum(offered, use[t]) + spare
        held = np.maximum(held + arrivals[t] - use[t], 0.0)
        stock[t] = held
    return Stocks(sealed(use), sealed(arrivals), sealed(stock))


def _check_buying(
    use: Array, cost: Array, announced: NDArray[np.int64], cover: Mapping[int, float]
) -> None:
    if use.ndim == 0 or not (np.isfinite(use) & (use >= 0)).all():
        raise EconomyError("use must hold numbers of at least 0, month by month.")
    if len(cost) != len(use) or not (np.isfinite(cost) & (cost > 0)).all():
        raise EconomyError("cost must hold one number above 0 for each month of use.")
    if announced.shape != use.shape[:1] or not (announced <= np.arange(len(use))).all():
        raise EconomyError(
            "announced must name a month for each month of use, the month itself or an earlier one."
        )
    for months, share in cover.items():
        if int(months) != months or months < 1:
            raise EconomyError(f"cover holds {months} months.", advice="Write 1, 2, 3, ...")
        _check_part("cover", share)
    _check_part("the sum of cover", sum(cover.values()))


def _check_part(name: str, value: float) -> None:
    if not 0 <= value <= 1 + 1e-12:
        raise EconomyError(f"{name} is {value:g}.", advice="Write a part from 0 to 1.")
