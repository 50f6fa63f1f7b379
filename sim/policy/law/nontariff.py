"""Licences, bans, commitments and trade costs to quantity targets and iceberg costs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sim.policy.axes import Axes
from sim.policy.language.schema import (
    ExportBan,
    ExportLicence,
    Measure,
    PurchaseCommitment,
    TechnologyControl,
    Threat,
    TradeCost,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.model.shock import QuantityTarget

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


def targets(measures: Iterable[Measure], date: dt.date, axes: Axes) -> tuple[TargetSpec, ...]:
    """Quantity targets in force on `date`, in the order of measure ids.

    A licence or control without a cut, a commitment to buy nothing and a ban on nothing set no
    target.
    """
    specs = (
        _target(measure, axes)
        for measure in sorted(measures, key=lambda one: one.id)
        if measure.in_force(date)
    )
    return tuple(spec for spec in specs if spec is not None)


def _target(measure: Measure, axes: Axes) -> TargetSpec | None:
    if isinstance(measure, ExportBan):
        if measure.share == 0:
            return None
        return _cap(measure, max(1.0 - measure.share, BAN_QUANTITY_HAT), 1.0, axes)
    if isinstance(measure, (ExportLicence, TechnologyControl)) and measure.volume_change_pct < 0:
        quantity_hat = max(1.0 + measure.volume_change_pct / 100.0, BAN_QUANTITY_HAT)
        return _cap(measure, quantity_hat, measure.rent_share, axes)
    if isinstance(measure, PurchaseCommitment) and measure.quantity_hat > 0:
        return _floor(measure, axes)
    return None


def _cap(
    measure: ExportBan | ExportLicence | TechnologyControl,
    quantity_hat: float,
    rent_share: float,
    axes: Axes,
) -> TargetSpec:
    from sim.model.shock import QuantityTarget  # numpy and the model only where needed

    target = QuantityTarget(
        importers=_others(measure.importers, measure.exporter, axes),
        exporters=(measure.exporter,),
        sectors=_goods(measure.sectors, axes),
        kind="cap",
        quantity_hat=quantity_hat,
        rent_share=rent_share,
    )
    details = {"volume_change_pct": 100.0 * (quantity_hat - 1.0), "rent_share": rent_share}
    return TargetSpec(measure.id, target, "hat", "baseline", details)


def _floor(measure: PurchaseCommitment, axes: Axes) -> TargetSpec:
    from sim.model.shock import QuantityTarget

    target = QuantityTarget(
        importers=(measure.importer,),
        exporters=(measure.exporter,),
        sectors=_goods(measure.sectors, axes),
        kind="floor",
        quantity_hat=measure.quantity_hat,
    )
    if measure.usd_bn is not None:
        return TargetSpec(measure.id, target, "hat", "2024", _promised_value(measure))
    return TargetSpec(measure.id, target, "mmt", "2024", _promised_tonnes(measure))


def _promised_tonnes(measure: PurchaseCommitment) -> dict[str, Any]:
    bought = (measure.mmt or 0.0) * measure.fulfilment
    return {
        "promised_mmt": measure.mmt,
        "fulfilment": measure.fulfilment,
        "bought_mmt": bought,
        "reference_mmt": measure.reference_mmt,
        "price_usd_t": measure.price_usd_t,
        "value_usd_mn": bought * (measure.price_usd_t or 0.0),
        "comparators": tuple((one.label, one.mmt) for one in measure.comparators),
    }


def _promised_value(measure: PurchaseCommitment) -> dict[str, Any]:
    return {
        "promised_usd_bn": measure.usd_bn,
        "fulfilment": measure.fulfilment,
        "reference_usd_bn": measure.reference_usd_bn,
        "value_usd_mn": 1000.0 * (measure.usd_bn or 0.0) * measure.fulfilment,
    }


def _others(codes: tuple[str, ...] | str, exporter: str, axes: Axes) -> tuple[str, ...]:
    chosen = axes.regions if codes == "all" else codes
    return tuple(code for code in chosen if code != exporter)


def _goods(codes: tuple[str, ...] | str, axes: Axes) -> tuple[str, ...]:
    if codes == "all":
        return tuple(code for code in axes.sectors if code not in axes.services)
    return tuple(codes)


def iceberg_hat(measures: Iterable[Measure], date: dt.date, axes: Axes) -> NDArray[np.float64]:
    """Change factor of the real trade cost on `date`, [n, i, j]; costs multiply; home is 1."""
    import numpy as np

    regions, sectors = np.array(axes.regions), np.array(axes.sectors)
    hat = np.ones(axes.shape)
    foreign = ~np.eye(len(regions), dtype=bool)
    for measure in sorted(measures, key=lambda one: one.id):
        if isinstance(measure, (TradeCost, Threat)) and measure.cost_pct and measure.in_force(date):
            pairs = np.ones_like(foreign)
            if measure.importers != "all":
                pairs &= np.isin(regions, measure.importers)[:, None]
            if measure.exporters != "all":
                pairs &= np.isin(regions, measure.exporters)[None, :]
            goods = np.isin(sectors, _goods(measure.sectors, axes))
            chosen = (pairs & foreign)[:, :, None] & goods
            hat = np.where(chosen, hat * (1.0 + measure.cost_pct / 100.0), hat)
    return hat
