"""How one path moves from month to month, kept small: a first guess for paths that move alike.

Branches of an event tree go through the same change of law one after the other.  What a month of
one did to wages, prices and spending is nearly what the same month does in the next, so a solve
that starts from there needs half of the passes.  It shortens solves and never changes an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.model.arrays import Array
from sim.model.economy import Economy
from sim.model.equilibrium import Equilibrium

LOOK_BACK = 3
"""Months that a guess is drawn from: with more, what solves leave undone is blown up."""


@dataclass(frozen=True, eq=False)
class MonthlyChange:
    """What one month did: change factors [n, j], and the change of log shadow prices."""

    wage: Array
    price: Array
    spending: Array
    shadow: Array
    is_new_policy: bool
    """Whether the month stands under another policy than the one before."""

    def after(self, earlier: MonthlyChange) -> MonthlyChange:
        """Return both changes as one."""
        shadow = self.shadow
        if earlier.shadow.shape == shadow.shape:
            shadow = shadow + earlier.shadow
        return MonthlyChange(
            wage=self.wage * earlier.wage,
            price=self.price * earlier.price,
            spending=self.spending * earlier.spending,
            shadow=shadow,
            is_new_policy=self.is_new_policy or earlier.is_new_policy,
        )


def monthly_changes(economy: Economy, months: Sequence[Equilibrium]) -> tuple[MonthlyChange, ...]:
    """Return what each of the months of a path from the baseline did."""
    changes = []
    before: Equilibrium | None = None
    for month in months:
        base = np.ones(month.wage_hat.shape)
        wage, price = (base, base) if before is None else (before.wage_hat, before.price_index_hat)
        spending = economy.expenditure if before is None else before.expenditure_cf
        changes.append(
            MonthlyChange(
                wage=month.wage_hat / wage,
                price=month.price_index_hat / price,
                spending=_ratio(month.expenditure_cf, spending),
                shadow=_shadow(month, before),
                is_new_policy=before is None or month.shock is not before.shock,
            )
        )
        before = month
    return tuple(changes)


def _shadow(month: Equilibrium, before: Equilibrium | None) -> Array:
    """Change of the log shadow prices; all of them where there are others than before."""
    now: Array = np.log1p(month.shadow_rate)
    if before is None or before.shadow_rate.shape != now.shape:
        return now
    return np.asarray(now - np.log1p(before.shadow_rate))


def _ratio(value: Array, base: Array) -> Array:
    return np.divide(value, base, out=np.ones_like(base), where=base > 0)


def guesses(
    recent: Sequence[Equilibrium], changes: Sequence[MonthlyChange], *, is_new_policy: bool
) -> list[Equilibrium]:
    """Return where each of the last months leads if it goes on as the guide did.

    The polynomial through them (`System.start`) then follows how a path differs from its guide,
    which is smoother than the path.

    Parameters
    ----------
    recent
        Last months, latest first, as `transition` takes them.
    changes
        What the guide did up to the month to be solved, that month last.

    Returns
    -------
    Points to start from, which are not equilibria; none where the guide changes its law in another
    month.
    """
    if not recent or not changes or changes[-1].is_new_policy != is_new_policy:
        return []
    points, move = [], changes[-1]
    for back, month in enumerate(recent[:LOOK_BACK], start=1):
        points.append(_moved(month, move))
        if back >= len(changes) or changes[-back].is_new_policy:
            break
        move = move.after(changes[-back - 1])
    return points


def _moved(month: Equilibrium, change: MonthlyChange) -> Equilibrium:
    shadow = change.shadow
    if month.shadow_rate.shape == shadow.shape:
        shadow = np.maximum(np.log1p(month.shadow_rate) + shadow, 0.0)
    return replace(
        month,
        wage_hat=month.wage_hat * change.wage,
        price_index_hat=month.price_index_hat * change.price,
        expenditure_cf=month.expenditure_cf * change.spending,
        shadow_rate=np.expm1(shadow),
    )
