"""An inspection: goods wait at an importer's border, and each day of waiting costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from sim.policy.language.act import Act
from sim.policy.language.effects import RealCost
from sim.policy.language.messages import Complaint
from sim.policy.language.names import Known, Region, Regions, Sectors
from sim.policy.language.traits import Traits

COST_OF_A_DAY_PCT = 0.7
"""Real cost of a day of waiting, percent of the value shipped; a figure for the test."""


class Inspection(Act):
    """Checks that hold goods at the border for some days."""

    traits: ClassVar[Traits] = Traits(
        label="Customs inspection",
        heading="Inspections",
        order=85,
        unit="days",
        amount_fields=("days",),
        by="importer",
        on="exporters",
    )

    kind: Literal["inspection"]
    importer: Region
    """Region that inspects."""
    exporters: Regions
    """Regions whose goods wait: all, or a list of codes."""
    sectors: Sectors = "all"
    """Goods: all, or a list of sector codes."""
    days: Annotated[float, Field(ge=0, le=60, allow_inf_nan=False)]
    """Days at the border."""

    @property
    def size(self) -> str:
        """How long goods wait."""
        return f"{self.days:g} days at the border"

    def real_cost(self) -> RealCost:
        """Cost of the days on the flows that wait."""
        cost_pct = COST_OF_A_DAY_PCT * self.days
        return RealCost(cost_pct, (self.importer,), self.exporters, self.sectors)

    def problems(self, known: Known) -> Iterator[Complaint]:
        """Complain of unknown names, and of a region that inspects itself."""
        yield from super().problems(known)
        if self.importer in self.exporters:
            yield f"{self.importer} would inspect itself.", ("exporters",), "Remove it."
