"""An export licence: an exporter licenses its sales to a set of buyers, and so limits them."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from sim.policy.language.fields import Share, Strict
from sim.policy.language.traits import Traits
from sim.policy.language.volume_limit import VolumeLimit


class Queue(Strict):
    """How licences are handled in time; what is left out is the model's (`truce assumptions`)."""

    lag_months: Annotated[float, Field(ge=0, le=12, allow_inf_nan=False)] | None = None
    """Months from an application to the decision."""
    approval_first: Share | None = None
    """Part of the applications that is approved when the rule is new."""
    approval: Share | None = None
    """Part that is approved once the rule has settled."""
    ramp_months: Annotated[float, Field(ge=0, le=36, allow_inf_nan=False)] | None = None
    """Months from the one to the other."""
    validity_months: Annotated[int, Field(ge=1, le=36)] | None = None
    """Months for which a licence is valid."""
    refile: Share | None = None
    """Part of what is refused that is filed again."""
    uncovered: Share | None = None
    """Part of the trade that needs no licence."""
    grace_months: Annotated[float, Field(ge=0, le=2, allow_inf_nan=False)] | None = None
    """Months of trade that still leave on declarations from before the rule."""


class ExportLicence(VolumeLimit):
    """A licence that cuts the exporter's total volume to a set of buyers."""

    traits: ClassVar[Traits] = Traits(
        label="Export licence",
        heading="Export licences",
        order=40,
        unit="% of volume",
        amount_fields=("volume_change_pct",),
        by="exporter",
        on="importers",
        parts=(("Queue of an export licence", Queue),),
        added_later=frozenset({"queue"}),
    )

    kind: Literal["export-licence"]
    queue: Queue | None = None
    """In a path, the cap of each month comes out of this queue of applications, in place of
    `volume_change_pct`, which is what a static run takes; where that is 0 there is no cap."""
