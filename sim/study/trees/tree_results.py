"""What an event tree in time found: values by branch and month, weighed by the hazard."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.errors import InputError
from sim.outputs.pick import Quantity
from sim.outputs.variables import CHANGE, PERCENT, POINTS, VARIABLES, better_sign

Array = NDArray[np.float64]

HOLDS = "holds"
"""Name of the branch in which the scenario never breaks down."""

BAND = (0.1, 0.5, 0.9)

NOISE = {PERCENT: 1e-6, POINTS: 1e-6, "USD mn": 1.0, "USD": 1e-3}
"""Changes smaller than this are rounding of the solver, by unit; elsewhere `OTHER_NOISE`."""

OTHER_NOISE = 1e-6


def as_change(quantity: str | Quantity) -> Quantity:
    """Return the key of a change: ``real_income|USA`` stands for ``real_income_change|USA``."""
    key = Quantity(*quantity.split("|")) if isinstance(quantity, str) else quantity
    if key.variable in VARIABLES and not key.variable.endswith(CHANGE):
        return key._replace(variable=key.variable + CHANGE)
    return key


def probabilities(hazard: float, last: int) -> Array:
    """Return the probability of a collapse in each of `last` months, then that of none.

    Raises
    ------
    InputError
        If `hazard` is not a probability.

    Examples
    --------
    >>> probabilities(0.5, 2).tolist()
    [0.5, 0.25, 0.25]
    """
    if isinstance(hazard, bool) or not isinstance(hazard, (int, float)) or not 0 <= hazard <= 1:
        raise InputError(f"the hazard is {hazard!r}.", advice="Write a probability from 0 to 1.")
    # The product is what is left of 1 before each month; the last entry is what holds for good.
    left = np.concatenate([[1.0], np.cumprod(np.full(last, 1.0 - hazard))])
    return np.concatenate([left[:-1] - left[1:], left[-1:]])


@dataclass(frozen=True)
class TreeBranch:
    """One branch: the month of the collapse, counted from 1, or None where the scenario holds."""

    name: str
    month: int | None
    probability: float


@dataclass(frozen=True, eq=False)
class CollapseTree:
    """Paths of a scenario that may break down.

    Parameters
    ----------
    scenario, into
        Ids of the scenario and of the one whose law holds after a collapse.
    hazard
        Probability of a collapse in a month, given none before.
    duration
        Months that a collapse lasts; 0 is for good.
    months
        Months of the path, such as ``2025-12``.
    branches
        By month of collapse; the last is that in which the scenario holds.
    values
        Change against the baseline by quantity, [branch, t]; annual rates, as in a path.
    labels
        Titles of the scenario, of `into` and of the baseline, by their role.
    """

    scenario: str
    into: str
    hazard: float
    duration: int
    months: tuple[str, ...]
    branches: tuple[TreeBranch, ...]
    values: Mapping[Quantity, Array]
    labels: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    """What a reader must know: where the hazard comes from, what it leaves out."""

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """What the tree reports, in the order asked for."""
        return tuple(self.values)

    @cached_property
    def probability(self) -> Array:
        """Probability of each branch; they sum to 1."""
        return np.array([branch.probability for branch in self.branches])

    def of(self, quantity: str | Quantity) -> Array:
        """Changes of a quantity, [branch, t].

        Raises
        ------
        InputError
            If the tree does not report it.
        """
        key = as_change(quantity)
        if key not in self.values:
            known = ", ".join(reported.label for reported in self.values)
            raise InputError(f"the tree has no {key.label!r}.", advice=f"It reports {known}.")
        return self.values[key]

    def weighed(self, hazard: float) -> CollapseTree:
        """Return the same branches under another hazard: nothing is solved again.

        Raises
        ------
        InputError
            If `hazard` is not a probability.
        """
        chances = probabilities(hazard, len(self.branches) - 1)
        branches = tuple(
            replace(branch, probability=float(chance))
            for branch, chance in zip(self.branches, chances, strict=True)
        )
        return replace(self, hazard=float(hazard), branches=branches)

    def expected(self, quantity: str | Quantity) -> Array:
        """Mean over the branches, [t]."""
        return np.asarray(self.probability @ self.of(quantity))

    def band(self, quantity: str | Quantity, chances: Sequence[float] = BAND) -> Array:
        """Weighted quantiles over the branches, [len(chances), t].

        A quantile is the least value that is not exceeded with that probability; values of
        branches that cannot happen do not count.
        """
        return quantiles(self.of(quantity), self.probability, chances)

    def worse(self, quantity: str | Quantity) -> Array:
        """Probability of being worse off than in the baseline, [t].

        Worse is less, or more where `sim.outputs.variables.LOWER_IS_BETTER`.
        """
        return np.asarray(self.probability @ self._is_worse(quantity, self.of(quantity)))

    def overall(self, quantity: str | Quantity, discount: float = 0.0) -> Array:
        """Mean change over the path in each branch, [branch].

        Parameters
        ----------
        discount
            Rate a year at which later months count less.
        """
        if not 0 <= discount < np.inf:
            raise InputError(f"the discount is {discount!r}.", advice="Write a rate such as 0.03.")
        weights = (1.0 + discount) ** (-np.arange(len(self.months)) / 12.0)
        return np.asarray(self.of(quantity) @ weights / weights.sum())

    def overall_worse(self, quantity: str | Quantity, discount: float = 0.0) -> float:
        """Probability that the path as a whole is worse than the baseline."""
        mean = self.overall(quantity, discount)
        return float(self.probability @ self._is_worse(quantity, mean))

    def _is_worse(self, quantity: str | Quantity, change: Array) -> Array:
        variable = as_change(quantity).variable
        noise = NOISE.get(VARIABLES[variable].unit, OTHER_NOISE)
        return np.asarray(better_sign(variable) * change < -noise, dtype=float)

    def table(self) -> pa.Table:
        """Return every number in a row: branch, probability, month, quantity, value."""
        branches, months = len(self.branches), len(self.months)
        parts = [self._rows(key, values) for key, values in self.values.items()]
        assert all(part.num_rows == branches * months for part in parts)
        return pa.concat_tables(parts)

    def _rows(self, key: Quantity, values: Array) -> pa.Table:
        count = len(self.months)
        rows = len(self.branches) * count
        return pa.table(
            {
                "scenario": [self.scenario] * rows,
                "into": [self.into] * rows,
                "branch": [branch.name for branch in self.branches for _ in range(count)],
                "collapse": pa.array(
                    [branch.month for branch in self.branches for _ in range(count)], pa.int32()
                ),
                "probability": np.repeat(self.probability, count),
                "month": [*self.months] * len(self.branches),
                **{name: [word] * rows for name, word in zip(key._fields, key, strict=True)},
                "unit": [VARIABLES[key.variable].unit] * rows,
                "value": values.ravel(),
            }
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the tree as plain data: what ``--json`` prints."""
        content = {
            "scenario": self.scenario,
            "into": self.into,
            "hazard": self.hazard,
            "duration": self.duration,
            "labels": dict(self.labels),
            "notes": list(self.notes),
            "months": list(self.months),
            "branches": [vars(branch) for branch in self.branches],
            "quantities": {key.label: self._summary(key) for key in self.values},
        }
        return dict(json.loads(json.dumps(content)))

    def _summary(self, key: Quantity) -> dict[str, Any]:
        low, middle, high = self.band(key)
        return {
            "unit": VARIABLES[key.variable].unit,
            "expected": self.expected(key).tolist(),
            "low": low.tolist(),
            "median": middle.tolist(),
            "high": high.tolist(),
            "worse": self.worse(key).tolist(),
            "overall_worse": self.overall_worse(key),
            "branches": self.values[key].tolist(),
        }


def quantiles(values: Array, weights: Array, chances: Sequence[float]) -> Array:
    """Weighted quantiles of `values` [branch, t], [len(chances), t]; see `CollapseTree.band`.

    Raises
    ------
    InputError
        If one of `chances` is not a probability.
    """
    wanted = np.asarray(chances, dtype=float)
    if not ((wanted >= 0) & (wanted <= 1)).all():
        raise InputError(f"quantiles {list(chances)}.", advice="Write numbers from 0 to 1.")
    possible = weights > 0
    values, weights = values[possible], weights[possible]
    order = np.argsort(values, axis=0, kind="stable")
    ranked = np.take_along_axis(values, order, axis=0)
    reached = np.cumsum(weights[order], axis=0)
    # Sums of probabilities are off by rounding; a chance that is met but for it is met.
    met = reached[None] >= wanted[:, None, None] * reached[-1] - 1e-12
    first = met.argmax(axis=1)
    return np.take_along_axis(ranked, first, axis=0)
