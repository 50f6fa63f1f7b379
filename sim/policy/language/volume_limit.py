"""What licences and controls share: a limit on the quantity that an exporter sells."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import Field

from sim.policy.language.act import Act, add_months
from sim.policy.language.effects import TargetSpec, cap
from sim.policy.language.fields import Share
from sim.policy.language.names import Region, Regions, Sectors

if TYPE_CHECKING:
    from sim.policy.axes import Axes


class VolumeLimit(Act):
    """A limit on an exporter's summed quantity, relative to the scenario's own baseline."""

    exporter: Region
    """Region that sells."""
    importers: Regions
    """Regions that buy: all, or a list of codes."""
    sectors: Sectors
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

    def begun(self, day: dt.date) -> Self:
        """Return the measure with `day` as its first day in force, as long as it was."""
        if not self.delay_months:
            return super().begun(day)
        length = None if self.end_day is None else self.end_day - self.first_day
        return self.within(day, None if length is None else day + length)

    def within(self, first: dt.date, end: dt.date | None) -> Self:
        """Return the part of the measure from `first` to the day before `end`, not put off."""
        return super().within(first, end).model_copy(update={"delay_months": 0})

    def undated(self) -> dict[str, Any]:
        """Everything that the measure states but when it holds."""
        return {key: value for key, value in super().undated().items() if key != "delay_months"}

    @property
    def size(self) -> str:
        """Its cut in a few words."""
        change = self.volume_change_pct
        return f"{change:+g} percent of the volume" if change else "no known cut of the volume"

    def quantity_target(self, axes: Axes) -> TargetSpec | None:
        """Cap on the summed quantity; none without a cut."""
        if self.volume_change_pct >= 0:
            return None
        quantity_hat = 1.0 + self.volume_change_pct / 100.0
        return cap(self, quantity_hat, self.rent_share, axes)
