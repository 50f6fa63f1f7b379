"""Measures other than duties: licences, bans, controls, promises, costs, threats."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.policy.language.act import Act, LastingAct, Months, add_months
from sim.policy.language.fields import Codes, Id, Share, Source, Strict, Text, refuse


class _VolumeLimit(Act):
    """A limit on an exporter's summed quantity, relative to the scenario's own baseline."""

    exporter: str
    """Region that sells."""
    importers: Codes
    """Regions that buy: all, or a list of codes."""
    sectors: Codes
    """Goods: all, or a list of sector codes."""
    volume_change_pct: Annotated[float, Field(ge=-99.99, le=0, allow_inf_nan=False)]
    """Change of the summed quantity; 0 is no cap."""
    rent_share: Share = 1.0
    """Part of the price gap that the exporter keeps; the rest is burnt in queues."""
    delay_months: Annotated[int, Field(ge=0, le=120)] = 0
    """Months by which the start is put off."""

    @property
    def first_day(self) -> dt.date:
        """First day in force, after the delay."""
        return add_months(self.start, self.delay_months)

    @property
    def end_day(self) -> dt.date | None:
        """First day no longer in force, moved by the delay like the start."""
        return None if self.end is None else add_months(self.end, self.delay_months)


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


class ExportLicence(_VolumeLimit):
    """A licence that cuts the exporter's total volume to a set of buyers."""

    kind: Literal["export-licence"]
    queue: Queue | None = None
    """In a path, the cap of each month comes out of this queue of applications, in place of
    `volume_change_pct`, which is what a static run takes; where that is 0 there is no cap."""


class TechnologyControl(_VolumeLimit):
    """A control on technology: a cap on the carved flow that holds it (chips: SEMI).

    What a control does beyond that flow (design software, services, sales of foreign subsidiaries)
    is not in the model.  The rent is lost by default: nobody sells the licence.
    """

    kind: Literal["technology-control"]
    rent_share: Share = 0.0
    """Part of the price gap that the exporter keeps; the rest is lost."""


class ExportBan(LastingAct):
    """A ban on an exporter's sales to a set of buyers."""

    kind: Literal["export-ban"]
    exporter: str
    """Region that sells."""
    importers: Codes
    """Regions that buy: all, or a list of codes."""
    sectors: Codes
    """Goods: all, or a list of sector codes."""
    share: Share = 1.0
    """Part of the flow that is banned: a few metals of a whole sector, say."""


class Comparator(Strict):
    """A tonnage that a commitment is set beside."""

    label: Text
    """What the tonnage is."""
    mmt: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    """Million tonnes."""
    source: Source
    """Where it was read."""


class PurchaseCommitment(Act):
    """A promise to buy at least so many tonnes, or dollars at the prices of 2024, a year."""

    kind: Literal["purchase-commitment"]
    importer: str
    """Region that buys."""
    exporter: str
    """Region that sells."""
    sectors: Codes
    """Goods: all, or a list of sector codes."""
    mmt: Annotated[float, Field(ge=0, le=500, allow_inf_nan=False)] | None = None
    """Million tonnes a year; needs `reference_mmt` and `price_usd_t`."""
    usd_bn: Annotated[float, Field(ge=0, le=5000, allow_inf_nan=False)] | None = None
    """Or: bn USD a year at the prices of 2024; needs `reference_usd_bn`."""
    fulfilment: Annotated[float, Field(ge=0, le=1.5, allow_inf_nan=False)] = 1.0
    """Part of the promise that is bought."""
    price_usd_t: Annotated[float, Field(gt=0, le=10000, allow_inf_nan=False)] | None = None
    """Price for stating the value; the floor is on quantity."""
    reference_mmt: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    """Tonnage of the same flow in 2024."""
    reference_usd_bn: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    """Value of the same flow in 2024, bn USD."""
    comparators: tuple[Comparator, ...] = ()
    """Tonnages to set it beside."""

    @model_validator(mode="after")
    def _one_size(self) -> PurchaseCommitment:
        if (self.mmt is None) == (self.usd_bn is None):
            refuse("a commitment needs one size.", "Write mmt or usd_bn.")
        tonnes = (("reference_mmt", self.reference_mmt), ("price_usd_t", self.price_usd_t))
        dollars = (("reference_usd_bn", self.reference_usd_bn),)
        needed, size = (tonnes, "mmt") if self.mmt is not None else (dollars, "usd_bn")
        for name, value in needed:
            if value is None:
                refuse(f"{size} without {name}.", f"Add a line '{name}: ...'.")
        return self

    @property
    def quantity_hat(self) -> float:
        """What is bought, relative to 2024."""
        promised = (self.mmt or 0.0) / (self.reference_mmt or 1.0)
        if self.usd_bn is not None:
            promised = self.usd_bn / (self.reference_usd_bn or 1.0)
        return promised * self.fulfilment


class TradeCost(Act):
    """A real cost of trading (port fees, checks): burns resources and pays nobody."""

    kind: Literal["trade-cost"]
    importers: Codes
    """Regions that buy: all, or a list of codes."""
    exporters: Codes
    """Regions that sell: all, or a list of codes."""
    sectors: Codes = "all"
    """Goods: all, or a list of sector codes."""
    cost_pct: Annotated[float, Field(gt=-100, le=1000, allow_inf_nan=False)]
    """Change of the real trade cost, percent of the value shipped."""


class Threat(LastingAct):
    """A measure that may come: what it would be, how likely, and until when.

    A threat moves no rate and no quantity.  In a path importers buy ahead of a threatened measure
    that is in the scenario, if the odds make it worth while.  With an `uncertainty_wedge` it also
    works like a real trade cost on the flows that it hangs over, of wedge times probability times
    points: an assumption, off unless somebody turns it on.  At a wedge of 1 trade is held back as
    by the expected tariff.
    """

    kind: Literal["threat"]
    threatens: tuple[Id, ...] = Field(min_length=1)
    """Ids of the measures that would come; they need not be in the scenario."""
    probability: Share
    """That they come within the horizon; an assumption unless a source states it."""
    horizon_months: Months = 12
    """Months within which it may come."""
    uncertainty_wedge: Annotated[float, Field(ge=0, le=5, allow_inf_nan=False)] = 0.0
    """Trade cost for each point of the expected tariff; 0 is off."""
    threatened_pp: Annotated[float, Field(gt=0, le=200, allow_inf_nan=False)] | None = None
    """Points that would come, on average over the flows; needed for a wedge."""
    on_importers: Codes = ()
    """Regions that would impose it; needed for a wedge."""
    on_exporters: Codes = ()
    """Regions whose sales it hangs over; needed for a wedge."""
    on_sectors: Codes = "all"
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

    @property
    def importers(self) -> tuple[str, ...] | str:
        """Regions that would impose it, as a trade cost has them."""
        return self.on_importers

    @property
    def exporters(self) -> tuple[str, ...] | str:
        """Regions whose sales it hangs over."""
        return self.on_exporters

    @property
    def sectors(self) -> tuple[str, ...] | str:
        """Goods that it hangs over."""
        return self.on_sectors
