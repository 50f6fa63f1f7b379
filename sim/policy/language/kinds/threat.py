"""A threat: a measure that may come, and how likely that is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from sim.policy.language.act import Act, LastingAct, Months
from sim.policy.language.effects import RealCost
from sim.policy.language.fields import Id, Share, refuse
from sim.policy.language.names import Region, Regions, Sectors
from sim.policy.language.traits import Traits

if TYPE_CHECKING:
    from sim.policy.language.stacking import Authority


class Threat(LastingAct):
    """A measure that may come: what it would be, how likely, and until when.

    A threat moves no rate and no quantity.  In a path importers buy ahead of a threatened measure
    that is in the scenario, if the odds make it worth while.  With an `uncertainty_wedge` it also
    works like a real trade cost on the flows that it hangs over, of wedge times probability times
    points: an assumption, off unless somebody turns it on.  At a wedge of 1 trade is held back as
    by the expected tariff.
    """

    traits: ClassVar[Traits] = Traits(
        label="Threat",
        heading="Threats",
        order=90,
        on="threatens",
        length=("duration_months", 0),
        is_record=True,
        added_later=frozenset(
            {
                "duration_months",
                "uncertainty_wedge",
                "threatened_pp",
                "on_importers",
                "on_exporters",
                "on_sectors",
            }
        ),
        only_words={"by": True},
    )

    kind: Literal["threat"]
    threatens: tuple[Id, ...] = Field(min_length=1)
    """Ids of the measures that would come; they need not be in the scenario."""
    by: Region | None = None
    """Region that makes the threat; needed only where neither the measures that it threatens nor
    `on_importers` tell."""
    probability: Share
    """That they come within the horizon; an assumption unless a source states it."""
    horizon_months: Months = 12
    """Months within which it may come."""
    uncertainty_wedge: Annotated[float, Field(ge=0, le=5, allow_inf_nan=False)] = 0.0
    """Trade cost for each point of the expected tariff; 0 is off."""
    threatened_pp: Annotated[float, Field(gt=0, le=200, allow_inf_nan=False)] | None = None
    """Points that would come, on average over the flows; needed for a wedge."""
    on_importers: Regions = ()
    """Regions that would impose it; needed for a wedge."""
    on_exporters: Regions = ()
    """Regions whose sales it hangs over; needed for a wedge."""
    on_sectors: Sectors = "all"
    """Goods that it hangs over: all, or a list of sector codes."""

    @model_validator(mode="after")
    def _states_its_flows(self) -> Threat:
        if self.uncertainty_wedge and not self.states_a_wedge:
            refuse(
                "an uncertainty wedge without its flows.",
                "Add threatened_pp, on_importers and on_exporters.",
            )
        return self

    @property
    def states_a_wedge(self) -> bool:
        """Tell whether it says what a wedge would be made of."""
        return bool(self.threatened_pp and self.on_importers and self.on_exporters)

    @property
    def cost_pct(self) -> float:
        """Trade cost that the threat works like, percent of the value shipped."""
        return self.uncertainty_wedge * self.probability * (self.threatened_pp or 0.0)

    def actors(
        self, others: Mapping[str, Act], authorities: Mapping[str, Authority]
    ) -> frozenset[str]:
        """Regions that threaten: stated, or those whose measures would come."""
        if self.by is not None:
            return frozenset({self.by})
        if self.on_importers and self.on_importers != "all":
            return frozenset(self.on_importers)
        would_come = (others[name] for name in self.threatens if name in others)
        return frozenset[str]().union(*(act.actors(others, authorities) for act in would_come))

    @property
    def size(self) -> str:
        """How likely it is."""
        return f"probability {self.probability:g}"

    def real_cost(self) -> RealCost | None:
        """Cost that it works like, on the flows that it hangs over; none without a wedge."""
        if not self.cost_pct:
            return None
        return RealCost(self.cost_pct, self.on_importers, self.on_exporters, self.on_sectors)

    @property
    def changes_nothing(self) -> bool:
        """Tell whether it states what its wedge would be made of, and has none."""
        return self.states_a_wedge and not self.cost_pct
