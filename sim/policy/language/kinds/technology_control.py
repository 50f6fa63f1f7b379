"""A technology control: an exporter limits its sales of goods that hold a technology."""

from __future__ import annotations

from typing import ClassVar, Literal

from sim.policy.language.fields import Share
from sim.policy.language.traits import Traits
from sim.policy.language.volume_limit import VolumeLimit


class TechnologyControl(VolumeLimit):
    """A control on technology: a cap on the carved flow that holds it (chips: SEMI).

    What a control does beyond that flow (design software, services, sales of foreign subsidiaries)
    is not in the model.  The rent is lost by default: nobody sells the licence.
    """

    traits: ClassVar[Traits] = Traits(
        label="Technology control",
        heading="Controls on technology",
        order=60,
        unit="% of volume",
        amount_fields=("volume_change_pct",),
        by="exporter",
        on="importers",
    )

    kind: Literal["technology-control"]
    rent_share: Share = 0.0
    """Part of the price gap that the exporter keeps; the rest is lost."""
