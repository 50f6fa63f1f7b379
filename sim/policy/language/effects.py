"""What a measure does to the model's wedges: quantity targets and real trade costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from sim.policy.axes import Axes

if TYPE_CHECKING:
    from sim.model.shock import QuantityTarget

CodeList = tuple[str, ...] | str
"""Codes, or ``"all"``."""

BAN_QUANTITY_HAT = 1e-4
"""What is left of a banned flow; the model needs a number above zero."""


@dataclass(frozen=True)
class TargetSpec:
    """A quantity target and what it is relative to.

    Parameters
    ----------
    unit
        ``"hat"``: stated as a change; ``"mmt"``: stated in million tonnes, turned into a hat.
    reference
        Economy that ``target.quantity_hat`` is relative to: the scenario's own baseline (caps) or
        the economy of 2024 (purchase floors).
    details
        The measure's own figures, for reports.
    """

    measure_id: str
    target: QuantityTarget
    unit: Literal["hat", "mmt"]
    reference: Literal["baseline", "2024"]
    details: Mapping[str, Any]


@dataclass(frozen=True)
class RealCost:
    """A real cost of trading some flows, percent of the value shipped; it burns resources."""

    cost_pct: float
    importers: CodeList
    exporters: CodeList
    sectors: CodeList


class Sale(Protocol):
    """A measure on what one exporter sells."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def exporter(self) -> str: ...  # noqa: D102
    @property
    def importers(self) -> CodeList: ...  # noqa: D102
    @property
    def sectors(self) -> CodeList: ...  # noqa: D102


def cap(measure: Sale, quantity_hat: float, rent_share: float, axes: Axes) -> TargetSpec:
    """Return a cap on the summed sales of a measure, relative to the scenario's own baseline.

    Parameters
    ----------
    quantity_hat
        Quantity left, as a factor; not below `BAN_QUANTITY_HAT`.
    rent_share
        Part of the price gap that the exporter keeps.
    """
    # The model brings numpy and scipy, which a list of scenarios does not need.
    from sim.model.shock import QuantityTarget

    left = max(quantity_hat, BAN_QUANTITY_HAT)
    buyers = axes.regions if measure.importers == "all" else measure.importers
    target = QuantityTarget(
        importers=tuple(code for code in buyers if code != measure.exporter),
        exporters=(measure.exporter,),
        sectors=goods(measure.sectors, axes),
        kind="cap",
        quantity_hat=left,
        rent_share=rent_share,
    )
    details = {"volume_change_pct": 100.0 * (left - 1.0), "rent_share": rent_share}
    return TargetSpec(measure.id, target, "hat", "baseline", details)


def purchase_floor(
    importer: str, exporter: str, sectors: CodeList, quantity_hat: float, axes: Axes
) -> QuantityTarget:
    """Return a floor under what one region buys of another, relative to 2024."""
    from sim.model.shock import QuantityTarget  # as in `cap`

    return QuantityTarget(
        importers=(importer,),
        exporters=(exporter,),
        sectors=goods(sectors, axes),
        kind="floor",
        quantity_hat=quantity_hat,
    )


def goods(sectors: CodeList, axes: Axes) -> tuple[str, ...]:
    """Codes of sectors; ``"all"`` means all goods, without services."""
    if sectors == "all":
        return tuple(code for code in axes.sectors if code not in axes.services)
    return tuple(sectors)
