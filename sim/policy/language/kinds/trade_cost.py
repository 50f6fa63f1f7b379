"""A trade cost: port fees, checks and the like make trading dearer and pay nobody."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from sim.policy.language.act import Act
from sim.policy.language.effects import RealCost
from sim.policy.language.names import Regions, Sectors
from sim.policy.language.traits import Traits


class TradeCost(Act):
    """A real cost of trading (port fees, checks): burns resources and pays nobody."""

    traits: ClassVar[Traits] = Traits(
        label="Cost of trading",
        heading="Port fees and other costs",
        order=80,
        unit="% of value",
        amount_fields=("cost_pct",),
        by="importers",
        on="exporters",
    )

    kind: Literal["trade-cost"]
    importers: Regions
    """Regions that buy: all, or a list of codes."""
    exporters: Regions
    """Regions that sell: all, or a list of codes."""
    sectors: Sectors = "all"
    """Goods: all, or a list of sector codes."""
    cost_pct: Annotated[float, Field(gt=-100, le=1000, allow_inf_nan=False)]
    """Change of the real trade cost, percent of the value shipped."""

    @property
    def size(self) -> str:
        """Its cost in a few words."""
        return f"{self.cost_pct:+g} percent of the value shipped"

    def real_cost(self) -> RealCost | None:
        """Cost on the flows that it names."""
        return RealCost(self.cost_pct, self.importers, self.exporters, self.sectors)
