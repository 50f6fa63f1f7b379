"""Measures in force on a day to quantity targets and iceberg costs; each kind says what it does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sim.policy.axes import Axes
from sim.policy.language.effects import BAN_QUANTITY_HAT, RealCost, TargetSpec, goods
from sim.policy.language.kinds import Measure

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["BAN_QUANTITY_HAT", "TargetSpec", "costly_measures", "iceberg_hat", "targets"]


def targets(measures: Iterable[Measure], day: dt.date, axes: Axes) -> tuple[TargetSpec, ...]:
    """Quantity targets in force on `day`, in the order of measure ids.

    A licence or control without a cut, a commitment to buy nothing and a ban on nothing set no
    target.
    """
    specs = (measure.quantity_target(axes) for measure in _in_force(measures, day))
    return tuple(spec for spec in specs if spec is not None)


def iceberg_hat(measures: Iterable[Measure], day: dt.date, axes: Axes) -> NDArray[np.float64]:
    """Change factor of the real trade cost on `day`, [n, i, j]; costs multiply; home is 1."""
    import numpy as np  # only where arrays are asked for: a list of scenarios needs none

    hat = np.ones(axes.shape)
    for measure in _in_force(measures, day):
        cost = measure.real_cost()
        if cost is not None:
            hat = np.where(_flows(cost, axes), hat * (1.0 + cost.cost_pct / 100.0), hat)
    return hat


def costly_measures(measures: Iterable[Measure], day: dt.date, axes: Axes) -> frozenset[str]:
    """Ids of the measures that make some trade dearer or cheaper on `day`."""
    costs = ((measure.id, measure.real_cost()) for measure in _in_force(measures, day))
    return frozenset(
        name
        for name, cost in costs
        if cost is not None and cost.cost_pct and _flows(cost, axes).any()
    )


def _in_force(measures: Iterable[Measure], day: dt.date) -> list[Measure]:
    return [
        measure
        for measure in sorted(measures, key=lambda measure: measure.id)
        if measure.in_force(day)
    ]


def _flows(cost: RealCost, axes: Axes) -> NDArray[np.bool_]:
    """Flows that a cost falls on, never a region's trade with itself, [n, i, j]."""
    import numpy as np  # as in `iceberg_hat`

    regions, sectors = np.array(axes.regions), np.array(axes.sectors)
    pairs = ~np.eye(len(regions), dtype=bool)
    if cost.importers != "all":
        pairs &= np.isin(regions, cost.importers)[:, None]
    if cost.exporters != "all":
        pairs &= np.isin(regions, cost.exporters)[None, :]
    flows: NDArray[np.bool_] = pairs[:, :, None] & np.isin(sectors, goods(cost.sectors, axes))
    return flows
