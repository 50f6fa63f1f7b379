"""An exclusion: goods are let out of duties, by a product list, a waiver or a court's ruling."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import model_validator

from sim.policy.language.act import Act
from sim.policy.language.fields import Coverage, Id, refuse
from sim.policy.language.kinds.tariff import TariffMeasure
from sim.policy.language.messages import Complaint, nearest
from sim.policy.language.names import AuthorityIds, Regions, Sectors
from sim.policy.language.traits import Traits

if TYPE_CHECKING:
    from sim.policy.language.stacking import Authority


class Exclusion(Act):
    """Lets goods out of other duties: a product list, a waiver, a court's ruling.

    The share let out comes off the share of the flow that a duty reaches, not below 0; several
    exclusions add up.
    """

    traits: ClassVar[Traits] = Traits(
        label="Exclusion from tariffs",
        heading="Exemptions and rulings",
        order=30,
        on="excludes",
        in_new={"coverage": {"default": 1.0}},
    )

    kind: Literal["exclusion"]
    excludes: tuple[Id, ...] = ()
    """Ids of the tariffs."""
    authorities: AuthorityIds = ()
    """Or: legal bases (names of stacking.yaml), all duties of which are meant."""
    coverage: Coverage
    """Part of the flow's customs value that is let out; {default: 1} is all of it."""
    exporters: Regions = "all"
    """Regions that sell: all, or a list of codes."""
    sectors: Sectors = "all"
    """Goods: all, or a list of sector codes."""

    @model_validator(mode="after")
    def _excludes_something(self) -> Exclusion:
        if not self.excludes and not self.authorities:
            refuse("the exclusion names no tariff.", "Write excludes: [...] or authorities: [...].")
        return self

    # --- who and how much ------------------------------------------------------------------------

    def actors(
        self, others: Mapping[str, Act], authorities: Mapping[str, Authority]
    ) -> frozenset[str]:
        """Regions that levy the tariffs, as far as the scenario or the legal bases tell."""
        duties = (others[name] for name in self.excludes if name in others)
        levying = (duty.actors(others, authorities) for duty in duties)
        bases = {authorities[name].actor for name in self.authorities if name in authorities}
        return frozenset(bases).union(*levying)

    @property
    def size(self) -> str:
        """What it does, in a few words."""
        return "goods let out of duties"

    # --- what it does ----------------------------------------------------------------------------

    def lets_out_of(self, duty: Act) -> bool:
        """Tell whether goods leave `duty`."""
        return duty.id in self.excludes or duty.legal_basis in self.authorities

    def takes_all_of(self, duty: Act) -> bool:
        """Tell whether all goods of all regions leave a duty."""
        is_whole = self.coverage.default == 1 and self.coverage.by_sector is None
        return (
            is_whole
            and self.exporters == "all"
            and self.sectors == "all"
            and self.lets_out_of(duty)
        )

    # --- what is wrong with it -------------------------------------------------------------------

    def problems_beside(self, others: Mapping[str, Act]) -> Iterator[Complaint]:
        """Complain of names that are not those of tariffs of the scenario."""
        tariffs = {key for key, other in others.items() if isinstance(other, TariffMeasure)}
        for position, name in enumerate(self.excludes):
            if name not in tariffs:
                yield (
                    f"takes goods out of '{name}', which is not a tariff of the scenario.",
                    ("excludes", position),
                    nearest(name, tariffs),
                )
