"""A suspension of tariffs: points are taken off other measures for a time, as in a truce."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, model_validator

from sim.policy.language.act import Act, Months, add_months, listed_before
from sim.policy.language.fields import Id, Points, refuse
from sim.policy.language.kinds.tariff import TariffMeasure, points_in_words
from sim.policy.language.messages import Complaint, nearest
from sim.policy.language.traits import Traits

if TYPE_CHECKING:
    from sim.policy.language.stacking import Authority


class TariffSuspension(Act):
    """Takes points off other measures for a time: the truce."""

    traits: ClassVar[Traits] = Traits(
        label="Suspension of tariffs",
        heading="The truce and other suspensions",
        order=20,
        unit="points off",
        amount_fields=("suspended_pp", "remaining_pp"),
        on="suspends",
        length=("months", None),
    )

    kind: Literal["tariff-suspension"]
    suspends: tuple[Id, ...] = Field(min_length=1)
    """Ids of the tariffs."""
    suspended_pp: Points | None = None
    """Points taken off."""
    remaining_pp: Points | None = None
    """Or: points that remain."""
    months: Months | None = None
    """Length, in place of `end`."""

    @model_validator(mode="after")
    def _one_form(self) -> TariffSuspension:
        if (self.suspended_pp is None) == (self.remaining_pp is None):
            refuse("a suspension needs one size.", "Write suspended_pp or remaining_pp.")
        if self.months is not None and self.end is not None:
            refuse("both months and end.", "Write one of them.")
        return self

    @property
    def end_day(self) -> dt.date | None:
        """First day no longer in force, or None."""
        return self.end if self.months is None else add_months(self.start, self.months)

    def points_pp(self, headline_pp: float) -> float:
        """Points taken off a tariff whose headline is `headline_pp`."""
        if self.suspended_pp is not None:
            return self.suspended_pp
        return headline_pp - (self.remaining_pp or 0.0)

    # --- who and how much ------------------------------------------------------------------------

    def actors(
        self, others: Mapping[str, Act], authorities: Mapping[str, Authority]
    ) -> frozenset[str]:
        """Regions that levy the tariffs: what takes from duties belongs to those who levy them."""
        duties = (others[name] for name in self.suspends if name in others)
        return frozenset[str]().union(*(duty.actors(others, authorities) for duty in duties))

    @property
    def amount_unit(self) -> str:
        """Points taken off, or points that remain."""
        return super().amount_unit if self.remaining_pp is None else "points remain"

    @property
    def size(self) -> str:
        """Points taken off, or left."""
        if self.suspended_pp is None:
            return f"{self.remaining_pp:g} points remain"
        return points_in_words(-self.suspended_pp)

    # --- what it does ----------------------------------------------------------------------------

    def points_off(self, duty: Act, headline_pp: float) -> float:
        """Points that it takes off a duty of `headline_pp` while in force."""
        return self.points_pp(headline_pp) if duty.id in self.suspends else 0.0

    def takes_all_of(self, duty: Act) -> bool:
        """Tell whether it leaves nothing of a duty while in force."""
        return duty.id in self.suspends and self.remaining_pp == 0

    # --- what is wrong with it -------------------------------------------------------------------

    def problems_beside(self, others: Mapping[str, Act]) -> Iterator[Complaint]:
        """Complain of tariffs that are absent, smaller, or suspended twice at once."""
        for position, name in enumerate(self.suspends):
            misfit = self._misfit(name, others)
            if misfit is not None:
                yield misfit[0], ("suspends", position), misfit[1]
        for other in listed_before(others, self):
            if isinstance(other, TariffSuspension) and self.overlaps(other):
                for name in sorted(set(other.suspends) & set(self.suspends))[:1]:
                    yield (
                        f"'{name}' is suspended twice at once, by '{other.id}' and '{self.id}'.",
                        ("suspends",),
                        "Let one end where the other starts, or disable one.",
                    )

    def _misfit(self, name: str, others: Mapping[str, Act]) -> tuple[str, str] | None:
        """Problem and advice if a suspended measure is absent or smaller than the suspension."""
        if name not in others:
            tariffs = [key for key, other in others.items() if isinstance(other, TariffMeasure)]
            return f"suspends '{name}', which the scenario does not hold.", nearest(name, tariffs)
        duty = others[name]
        if not isinstance(duty, TariffMeasure) or duty.rate_schedule or duty.total_rate_pp:
            return (
                f"suspends '{name}', which has no rate in points.",
                "Disable that measure instead.",
            )
        for day in self._days_with(duty):
            headline = duty.headline_pp(day)
            points = self.points_pp(headline)
            if points > headline:
                return (
                    f"suspends {points:g} points of '{name}', which has {headline:g} on {day}.",
                    f"Write at most {headline:g}.",
                )
            if points < 0:
                return (
                    f"leaves {self.remaining_pp:g} points of '{name}', "
                    f"which has {headline:g} on {day}.",
                    "A suspension cannot raise a rate: add a tariff.",
                )
        return None

    def _days_with(self, duty: TariffMeasure) -> list[dt.date]:
        """Days within the suspension on which the duty's rate may differ."""
        days = {self.first_day, *duty.turning_days}
        return sorted(day for day in days if self.in_force(day) and duty.in_force(day))
