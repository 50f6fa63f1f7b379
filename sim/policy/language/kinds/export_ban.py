"""An export ban: an exporter stops its sales to a set of buyers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from sim.policy.language.act import LastingAct
from sim.policy.language.effects import TargetSpec, cap
from sim.policy.language.fields import Share
from sim.policy.language.names import Region, Regions, Sectors
from sim.policy.language.traits import Traits

if TYPE_CHECKING:
    from sim.policy.axes import Axes


class ExportBan(LastingAct):
    """A ban on an exporter's sales to a set of buyers."""

    traits: ClassVar[Traits] = Traits(
        label="Export ban",
        heading="Export bans",
        order=50,
        by="exporter",
        on="importers",
        length=("duration_months", 0),
        added_later=frozenset({"duration_months"}),
    )

    kind: Literal["export-ban"]
    exporter: Region
    """Region that sells."""
    importers: Regions
    """Regions that buy: all, or a list of codes."""
    sectors: Sectors
    """Goods: all, or a list of sector codes."""
    share: Share = 1.0
    """Part of the flow that is banned: a few metals of a whole sector, say."""

    @property
    def size(self) -> str:
        """Part of the flow that it bans."""
        return f"{100 * self.share:g} percent of the flow"

    def quantity_target(self, axes: Axes) -> TargetSpec | None:
        """Cap on what is left of the flow, its price gap kept by the exporter; none on nothing."""
        if self.share == 0:
            return None
        return cap(self, 1.0 - self.share, 1.0, axes)
