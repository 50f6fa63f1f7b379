"""Event trees: what a mixture of outcomes with stated probabilities is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.outputs.pick import Quantity
from sim.study.point import Runner

SUM_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Branch:
    """One outcome: how likely it is, and its number."""

    name: str
    probability: float
    value: float


@dataclass(frozen=True)
class EventTree:
    """Outcomes with their numbers."""

    quantity: Quantity
    branches: tuple[Branch, ...]

    @property
    def expected(self) -> float:
        """Sum of probability times value."""
        return sum(branch.probability * branch.value for branch in self.branches)

    @property
    def spread(self) -> float:
        """Standard deviation over the outcomes."""
        mean = self.expected
        parts = (branch.probability * (branch.value - mean) ** 2 for branch in self.branches)
        return float(np.sqrt(sum(parts)))

    @property
    def range(self) -> tuple[float, float]:
        """Least and greatest value of an outcome that can happen."""
        values = [branch.value for branch in self.branches if branch.probability > 0]
        return min(values), max(values)


def event_tree(
    branches: Mapping[str, float | Mapping[str, Any]], quantity: str | Quantity
) -> EventTree:
    """Weigh scenarios by their probabilities: a static event tree.

    Parameters
    ----------
    branches
        Probability of each scenario; or, under any name, ``{"scenario": id, "probability": p,
        "levers": {..}}``, or ``{"probability": p, "branches": {..}}`` with further branches.
    quantity
        Label such as ``real_income_change|USA``; changes are against each scenario's baseline.

    Raises
    ------
    InputError
        If probabilities are not between 0 and 1 or do not sum to 1.

    Examples
    --------
    >>> from sim.study import event_tree
    >>> tree = event_tree(
    ...     {"truce-extension": 0.8, "tariff-100": 0.2}, "real_income_change|USA"
    ... )
    >>> round(tree.expected, 2)
    -0.06
    """
    key = Quantity(*quantity.split("|")) if isinstance(quantity, str) else quantity
    return EventTree(key, tuple(_branches(branches, key, 1.0)))


def _branches(
    branches: Mapping[str, float | Mapping[str, Any]], key: Quantity, weight: float
) -> list[Branch]:
    chances = {name: _probability(name, entry) for name, entry in branches.items()}
    total = sum(chances.values())
    if abs(total - 1.0) > SUM_TOLERANCE:
        raise InputError(
            f"the probabilities of {', '.join(branches)} sum to {total:g}.", advice="Make it 1."
        )
    outcomes: list[Branch] = []
    for name, entry in branches.items():
        content: Mapping[str, Any] = entry if isinstance(entry, Mapping) else {}
        chance = weight * chances[name]
        if "branches" in content:
            outcomes += _branches(content["branches"], key, chance)
            continue
        runner = Runner(content.get("scenario", name), against="baseline")
        levers = content.get("levers", {})
        runner.check(levers, (key,))
        outcomes.append(Branch(name, chance, runner.values(levers, (key,))[key]))
    return outcomes


def _probability(name: str, entry: float | Mapping[str, Any]) -> float:
    chance = entry.get("probability") if isinstance(entry, Mapping) else entry
    if not isinstance(chance, (int, float)) or not 0 <= chance <= 1:
        raise InputError(f"the probability of '{name}' is {chance!r}.", advice="Write 0 to 1.")
    return float(chance)
