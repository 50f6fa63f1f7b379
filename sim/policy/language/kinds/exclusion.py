"""An exclusion: goods are let out of duties, by a product list, a waiver or a court's ruling."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

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

    The share let out is a share of what a duty reaches, or with `of: flow` of the whole flow.  It
    comes off the share of the flow that pays, not below 0; several exclusions add up.

    Goods in transit: with `loaded_before` and `entered_before` it lets out goods that were loaded
    before the one day and enter before the other.  `coverage` is then their share of what enters
    on the days in between, on average.
    """

    traits: ClassVar[Traits] = Traits(
        label="Exclusion from tariffs",
        heading="Exemptions and rulings",
        order=30,
        on="excludes",
        in_new={"coverage": {"default": 1.0}},
        added_later=frozenset({"loaded_before", "entered_before"}),
    )

    kind: Literal["exclusion"]
    excludes: tuple[Id, ...] = ()
    """Ids of the tariffs."""
    authorities: AuthorityIds = ()
    """Or: legal bases (names of stacking.yaml), all duties of which are meant."""
    coverage: Coverage
    """Part of the customs value that is let out; {default: 1} is all of it."""
    of: Literal["reached", "flow"] = "reached"
    """What `coverage` is a part of: what the duty reaches, or the whole flow."""
    exporters: Regions = "all"
    """Regions that sell: all, or a list of codes."""
    sectors: Sectors = "all"
    """Goods: all, or a list of sector codes."""
    loaded_before: dt.date | None = None
    """Goods in transit: loaded before this day; also the `start` where that is left out."""
    entered_before: dt.date | None = None
    """Goods in transit: entered before this day, from which on it no longer holds."""

    @model_validator(mode="before")
    @classmethod
    def _start_of_transit(cls, content: Any) -> Any:  # noqa: ANN401  unvalidated input
        if isinstance(content, dict) and content.get("loaded_before") and "start" not in content:
            return {**content, "start": content["loaded_before"]}
        return content

    @model_validator(mode="after")
    def _excludes_something(self) -> Exclusion:
        if not self.excludes and not self.authorities:
            refuse("the exclusion names no tariff.", "Write excludes: [...] or authorities: [...].")
        return self

    @model_validator(mode="after")
    def _days_of_transit(self) -> Exclusion:
        loaded, entered = self.loaded_before, self.entered_before
        if loaded is None and entered is None:
            return self
        if loaded is None or entered is None:
            refuse("goods in transit need two days.", "Write loaded_before and entered_before.")
        if entered <= max(loaded, self.start):
            refuse(
                f"entered_before is {entered}, and goods loaded before {loaded} are let out from "
                f"{self.start} on.",
                "Write a later day.",
            )
        if self.start < loaded:
            refuse(
                f"it starts on {self.start}, and all goods that enter before {loaded} were loaded "
                "before that day.",
                f"Write start: {loaded}, or leave start out.",
            )
        return self

    # --- when ------------------------------------------------------------------------------------

    @property
    def end_day(self) -> dt.date | None:
        """First day no longer in force, or None."""
        days = [day for day in (self.end, self.entered_before) if day is not None]
        return min(days, default=None)

    def shifted(self, days: int) -> Self:
        """Return the measure with all its dates moved by so many days."""
        moved = super().shifted(days)
        if self.loaded_before is None or self.entered_before is None:
            return moved
        move = dt.timedelta(days)
        update = {
            "loaded_before": self.loaded_before + move,
            "entered_before": self.entered_before + move,
        }
        return moved.model_copy(update=update)

    def undated(self) -> dict[str, Any]:
        """Everything that the measure states but when it holds."""
        days = ("loaded_before", "entered_before")
        return {key: value for key, value in super().undated().items() if key not in days}

    @classmethod
    def with_end(cls, content: Mapping[str, Any], end: dt.date | None) -> dict[str, Any]:
        """Return the content of a measure that ends on `end`; goods in transit enter before it."""
        ended = super().with_end(content, end)
        if end is not None and content.get("entered_before") is not None:
            return {**ended, "entered_before": end}
        return ended

    @classmethod
    def with_start(
        cls, content: Mapping[str, Any], start: dt.date, amount: float | None
    ) -> dict[str, Any]:
        """Return the content in force from `start` on; goods in transit are loaded before it."""
        begun = super().with_start(content, start, amount)
        if content.get("loaded_before") is not None:
            return {**begun, "loaded_before": start}
        return begun

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
        if self.loaded_before is not None:
            return f"goods loaded before {self.loaded_before} let out of duties"
        return "goods let out of duties"

    def numbers(self) -> dict[str, Any]:
        """What can change a number, in plain form, for the digest of a scenario.

        A share of the flow was once the only form, and all of either is the same: digests from
        before stay there.
        """
        content = super().numbers()
        if self.of == "flow" or self._is_whole:
            del content["of"]
        return content

    # --- what it does ----------------------------------------------------------------------------

    def lets_out_of(self, duty: Act) -> bool:
        """Tell whether goods leave `duty`."""
        return duty.id in self.excludes or duty.legal_basis in self.authorities

    def takes_all_of(self, duty: Act) -> bool:
        """Tell whether all goods of all regions leave a duty."""
        return (
            self._is_whole
            and self.exporters == "all"
            and self.sectors == "all"
            and self.loaded_before is None
            and self.lets_out_of(duty)
        )

    @property
    def _is_whole(self) -> bool:
        return self.coverage.default == 1 and self.coverage.by_sector is None

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
