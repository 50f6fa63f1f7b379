"""A purchase commitment: an importer promises to buy at least so much of an exporter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from sim.policy.language.act import Act
from sim.policy.language.effects import TargetSpec, purchase_floor
from sim.policy.language.fields import Source, Strict, Text, refuse
from sim.policy.language.names import Region, Sectors
from sim.policy.language.traits import Traits

if TYPE_CHECKING:
    from sim.policy.axes import Axes


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

    traits: ClassVar[Traits] = Traits(
        label="Purchase pledge",
        heading="Promises to buy",
        order=70,
        unit="million t a year",
        amount_fields=("mmt", "usd_bn"),
        by="importer",
        on="exporter",
        not_new="change the shipped pledge of soybeans: the tonnes of 2024 are known for it only.",
        parts=(("Comparator of a commitment", Comparator),),
        only_words={"comparators": True},
    )

    kind: Literal["purchase-commitment"]
    importer: Region
    """Region that buys."""
    exporter: Region
    """Region that sells."""
    sectors: Sectors
    """Goods: all, or a list of sector codes."""
    mmt: Annotated[float, Field(ge=0, le=500, allow_inf_nan=False)] | None = None
    """Million tonnes a year; needs `reference_mmt`."""
    usd_bn: Annotated[float, Field(ge=0, le=5000, allow_inf_nan=False)] | None = None
    """Or: bn USD a year at the prices of 2024; needs `reference_usd_bn`."""
    fulfilment: Annotated[float, Field(ge=0, le=1.5, allow_inf_nan=False)] = 1.0
    """Part of the promise that is bought."""
    reference_mmt: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    """Tonnage of the same flow in 2024, by the count (the exporter's) that its value is from."""
    reference_usd_bn: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    """Value of the same flow in 2024, bn USD."""
    comparators: tuple[Comparator, ...] = ()
    """Tonnages to set it beside."""

    @model_validator(mode="after")
    def _one_size(self) -> PurchaseCommitment:
        if (self.mmt is None) == (self.usd_bn is None):
            refuse("a commitment needs one size.", "Write mmt or usd_bn.")
        size = "mmt" if self.mmt is not None else "usd_bn"
        if getattr(self, f"reference_{size}") is None:
            refuse(f"{size} without reference_{size}.", f"Add a line 'reference_{size}: ...'.")
        return self

    @property
    def quantity_hat(self) -> float:
        """What is bought, relative to 2024."""
        promised = (self.mmt or 0.0) / (self.reference_mmt or 1.0)
        if self.usd_bn is not None:
            promised = self.usd_bn / (self.reference_usd_bn or 1.0)
        return promised * self.fulfilment

    @property
    def amount_unit(self) -> str:
        """Tonnes or dollars."""
        return super().amount_unit if self.usd_bn is None else "bn USD a year"

    @property
    def size(self) -> str:
        """What is promised a year."""
        amount = f"{self.usd_bn:g} bn USD" if self.mmt is None else f"{self.mmt:g} million tonnes"
        return f"{amount} a year"

    def quantity_target(self, axes: Axes) -> TargetSpec | None:
        """Floor under what is bought, relative to 2024; none for a promise of nothing."""
        if self.quantity_hat <= 0:
            return None
        floor = purchase_floor(self.importer, self.exporter, self.sectors, self.quantity_hat, axes)
        if self.usd_bn is not None:
            return TargetSpec(self.id, floor, "hat", "2024", self._promised_value())
        return TargetSpec(self.id, floor, "mmt", "2024", self._promised_tonnes())

    def _promised_tonnes(self) -> dict[str, Any]:
        return {
            "promised_mmt": self.mmt,
            "fulfilment": self.fulfilment,
            "bought_mmt": (self.mmt or 0.0) * self.fulfilment,
            "reference_mmt": self.reference_mmt,
            "comparators": tuple(
                (comparator.label, comparator.mmt) for comparator in self.comparators
            ),
        }

    def _promised_value(self) -> dict[str, Any]:
        return {
            "promised_usd_bn": self.usd_bn,
            "fulfilment": self.fulfilment,
            "reference_usd_bn": self.reference_usd_bn,
            "value_usd_mn": 1000.0 * (self.usd_bn or 0.0) * self.fulfilment,
        }
