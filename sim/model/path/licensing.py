"""Export licences as a queue: applications, decisions after a lag, licences that run out.

Exporters apply for what they would ship, month after month.  After a lag an application is
approved or refused; what is refused may be filed again; an approved volume can be shipped until its
licence runs out.  Nothing gets lost:

    filed = approved + refused + pending,        approved = shipped + expired + valid (all summed).

The queue is open-loop: it takes the trade of the baseline for what exporters want to ship, and says
what may be shipped.  Units are months of that trade as far as it needs a licence; ``supply_hat`` is
relative to all of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sim.errors import EconomyError
from sim.model.arrays import Array, sealed


@dataclass(frozen=True, eq=False)
class LicenceQueue:
    """What happened to the applications in each month, [t]."""

    filed: Array
    approved: Array
    refused: Array
    pending: Array
    """Filed and not decided at the end of the month."""
    shipped: Array
    """Under licences."""
    expired: Array
    valid: Array
    """Approved and not shipped at the end of the month."""
    supply_hat: Array
    """All that is shipped, with and without licence, relative to the baseline."""


def approvals(months: int, *, first: float, settled: float, ramp: float) -> Array:
    """Part approved of what is decided in each month: from `first` to `settled` in `ramp` months.

    Month 0 is the first of the rule.
    """
    since = np.arange(months, dtype=float)
    grown = np.minimum(since / ramp, 1.0) if ramp > 0 else np.ones(months)
    return np.asarray(first + (settled - first) * grown)


def licence_queue(  # noqa: PLR0913  the parameters of a queue, each of which is named
    months: int,
    *,
    lag: float,
    approval: ArrayLike,
    validity: int,
    refile: float = 0.0,
    uncovered: float = 0.0,
    before: float = 0.0,
    grace: float = 0.0,
) -> LicenceQueue:
    """Run the queue from the first month of the rule.

    Parameters
    ----------
    months
        Number of months.
    lag
        Months from filing to decision; of 2.25, three quarters of the applications take 2 and a
        quarter 3.
    approval
        Part of what is decided in a month that is approved, a scalar or [t].
    validity
        Months in which an approved volume can be shipped, that of the decision included, >= 1.
    refile
        Part of what is refused that is filed again in the next month.
    uncovered
        Part of the trade that needs no licence.
    before
        Part of the first month that lies before the rule.
    grace
        Months of trade that still leave on declarations from before the rule.

    Raises
    ------
    EconomyError
        If a parameter is out of range.
    """
    approved_part = np.broadcast_to(np.asarray(approval, dtype=float), (months,))
    _check(approved_part, lag, validity, grace)
    for name, value in (("refile", refile), ("uncovered", uncovered), ("before", before)):
        if not 0 <= value <= 1:
            raise EconomyError(f"{name} is {value:g}.", advice="Write a part from 0 to 1.")
    free = np.clip(before + grace - np.arange(months), 0.0, 1.0)
    filed, decided, refused = (np.zeros(months) for _ in range(3))
    for t in range(months):
        again = refile * refused[t - 1] if t else 0.0
        filed[t] = again + (1.0 - before if t == 0 else 1.0)
        decided[t] = _decided(filed, t, lag)
        refused[t] = (1.0 - approved_part[t]) * decided[t]
    approved = decided - refused
    shipped, expired, valid = _shipped(approved, 1.0 - free, validity)
    supply = uncovered + (1.0 - uncovered) * np.minimum(free + shipped, 1.0)
    pending = np.maximum(np.cumsum(filed) - np.cumsum(decided), 0.0)
    columns = (filed, approved, refused, pending, shipped, expired, valid, supply)
    return LicenceQueue(*(sealed(column) for column in columns))


def _decided(filed: Array, month: int, lag: float) -> float:
    """Applications decided in a month: those filed `lag` months before, in two parts."""
    whole_months = math.floor(lag)
    late_part = lag - whole_months
    filed_in = month - whole_months
    sooner = filed[filed_in] if filed_in >= 0 else 0.0
    later = filed[filed_in - 1] if filed_in >= 1 else 0.0
    return float((1.0 - late_part) * sooner + late_part * later)


def _shipped(approved: Array, wanted: Array, validity: int) -> tuple[Array, Array, Array]:
    """Ship what is wanted from the oldest licences; return shipped, expired and still valid."""
    shipped, expired, valid = (np.zeros_like(approved) for _ in range(3))
    licences = np.zeros(validity)  # by age, the newest first
    for t, volume in enumerate(approved):
        if t:
            expired[t] = licences[-1]
            licences = np.concatenate([[0.0], licences[:-1]])
        licences[0] += volume
        for age in range(validity - 1, -1, -1):
            taken = min(licences[age], wanted[t] - shipped[t])
            licences[age] -= taken
            shipped[t] += taken
        valid[t] = licences.sum()
    return shipped, expired, valid


def _check(approval: Array, lag: float, validity: int, grace: float) -> None:
    if not ((approval >= 0) & (approval <= 1)).all():
        raise EconomyError(
            "approval holds values that are not parts.", advice="Write parts from 0 to 1."
        )
    if not (math.isfinite(lag) and lag >= 0 and math.isfinite(grace) and grace >= 0):
        raise EconomyError(
            f"lag is {lag:g} and grace {grace:g}.", advice="Write months, 0 or more."
        )
    if int(validity) != validity or validity < 1:
        raise EconomyError(f"validity is {validity:g}.", advice="Write 1, 2, 3, ... months.")
