"""The law of a day: tariff, trade costs and quantity targets of a set of measures together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.policy.axes import Axes
from sim.policy.language.kinds import Measure
from sim.policy.language.stacking import Stacking
from sim.policy.law.nontariff import TargetSpec, costly_measures, iceberg_hat, targets
from sim.policy.law.reach import NamedTables, Tables
from sim.policy.law.tariffs import DutyStack, base_year_stacks, contributions, duty_stack

Array = NDArray[np.float64]

BASE = "base"
"""Name of what is there before every act: the ordinary duty."""


@dataclass(frozen=True, eq=False)
class LegalWedges:
    """What the law of a day puts between seller and buyer.

    Parameters
    ----------
    tariff_rate
        Fraction of customs value, [n, i, j].
    trade_cost_hat
        Change factor of the real trade cost, [n, i, j]; 1 is none.
    targets
        Quantity targets in the order of measure ids, relative to what each states.
    """

    day: dt.date
    tariff_rate: Array
    trade_cost_hat: Array
    targets: tuple[TargetSpec, ...]


@dataclass(frozen=True, eq=False)
class Law:
    """Measures and the tables that turn them into wedges; what it works out is kept.

    Parameters
    ----------
    base_rate
        Tariff before the measures, fraction, [n, i, j].
    coverage, rates
        Tables of the baseline by name, [n, i, j].
    weights
        Customs values, [n, i, j].
    """

    measures: tuple[Measure, ...]
    axes: Axes
    base_rate: Array
    coverage: NamedTables
    rates: NamedTables
    weights: Array
    stacking: Stacking | None = None
    parts: NamedTables = field(default_factory=dict)
    """As in `sim.policy.law.reach.Tables`."""
    _stacks: dict[dt.date, DutyStack] = field(default_factory=dict, init=False, repr=False)
    _wedges: dict[dt.date, LegalWedges] = field(default_factory=dict, init=False, repr=False)

    def on(self, day: dt.date) -> LegalWedges:
        """Return tariff, trade costs and quantity targets of `day` together.

        Raises
        ------
        ScenarioError
            If a measure needs a list or schedule that the tables do not hold.
        """
        if day not in self._wedges:
            stack = self._stacks[day] = self._stack(day)
            rate = stack.rate(self.base_rate, self._in_base)
            cost, specs = self.trade_cost_hat(day), self.targets(day)
            self._wedges[day] = LegalWedges(day, rate, cost, specs)
        return self._wedges[day]

    def rate(self, day: dt.date) -> Array:
        """Tariff on `day`, fraction of customs value, [n, i, j]."""
        # A calendar asks for some hundred days: only those asked for by `on` are kept.
        if day in self._wedges:
            return self._wedges[day].tariff_rate
        return self._stack(day).rate(self.base_rate, self._in_base)

    def trade_cost_hat(self, day: dt.date) -> Array:
        """Change factor of the real trade cost on `day`, [n, i, j]."""
        return iceberg_hat(self.measures, day, self.axes)

    def targets(self, day: dt.date) -> tuple[TargetSpec, ...]:
        """Quantity targets in force on `day`, in the order of measure ids."""
        return targets(self.measures, day, self.axes)

    def effective(self, day: dt.date) -> frozenset[str]:
        """Ids of the measures without which `day` would look different.

        Read from what `on` worked out for the day: each act's effect on the duties, the costs of
        trade and the quantity targets.
        """
        targeted = {spec.measure_id for spec in self.on(day).targets}
        costly = costly_measures(self.measures, day, self.axes)
        return self._stacks[day].effective(self._effects_in_base) | costly | targeted

    def _stack(self, day: dt.date) -> DutyStack:
        return duty_stack(self.measures, day, self._tables, self.stacking)

    @cached_property
    def _tables(self) -> Tables:
        return Tables(self.axes, self.coverage, self.rates, self.weights, self.parts)

    @cached_property
    def _base_year(self) -> list[tuple[float, DutyStack]]:
        """The duties of 2024, which the base rate holds already."""
        return base_year_stacks(self.measures, self._tables, self.stacking)

    @cached_property
    def _in_base(self) -> Array:
        """What the base rate holds of the measures; the same on every day."""
        mean: Array = np.zeros(self.axes.shape)
        for part, stack in self._base_year:
            for row, piece in stack.pieces.values():
                mean[row] += part * piece
        return mean

    @cached_property
    def _effects_in_base(self) -> dict[tuple[str, int], Array]:
        """What the base rate holds of each act, by act and importer, [i, j]."""
        mean: dict[tuple[str, int], Array] = {}
        for part, stack in self._base_year:
            for act, row, share, points in stack.effects:
                mean[act, row] = mean.get((act, row), 0.0) + part * share * points
        return mean

    def with_measures(self, measures: Iterable[Measure]) -> Law:
        """Return the same tables with other measures."""
        return replace(self, measures=tuple(measures))

    def by_authority(self, day: dt.date) -> dict[str, Array]:
        """Parts of the tariff of `day` by legal basis, [n, i, j]; they sum to `rate`.

        `BASE` holds the rest: the ordinary duty, and what duties that stand for the whole take
        from or add to the others.
        """
        pieces = contributions(self.measures, day, self._tables, self.stacking)
        basis = {measure.id: measure.legal_basis for measure in self.measures}
        parts: dict[str, Array] = {}
        for name in sorted(pieces):
            key = basis.get(name) or name
            parts[key] = parts[key] + pieces[name] if key in parts else pieces[name]
        rest: Array = self.rate(day) - sum(parts.values(), np.zeros(self.axes.shape))
        return {BASE: rest, **parts}
