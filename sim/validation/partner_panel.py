"""Our average American tariff on each partner beside a tracker's panel of countries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import Field, model_validator

from sim.engine.averages import TODAY
from sim.engine.partner_averages import partner_averages
from sim.engine.runs import world_of
from sim.policy.language.fields import Strict, Text, refuse
from sim.policy.language.reading import read_model
from sim.validation.trackers import TrackerSource

DATA = Path(__file__).with_name("partner_panel.yaml")

MEDIAN_GOAL_PP, WORST_GOAL_PP = 0.25, 1.7
"""Agreement that is asked for on every day of the panel, points."""

MOST_PARTNERS = 20
"""Half of the regions."""

SMALL_PP = 0.5
"""Largest gap, in points, that needs no explanation."""


class PanelDay(Strict):
    """What the tracker adds for each partner on a day, points."""

    day: dt.date
    what: Text
    added_pp: dict[str, float]
    leaves_out: tuple[str, ...] = ()
    """Measures of ours that the tracker's version does not hold yet."""


class Panel(Strict):
    """Readings by partner; levels are what was collected in 2024 plus what is added, percent."""

    source: TrackerSource
    collected_2024_pct: dict[str, float]
    days: tuple[PanelDay, ...]
    causes: dict[str, Text] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _has_levels(self) -> Panel:
        lacking = {code for day in self.days for code in day.added_pp} - set(
            self.collected_2024_pct
        )
        if lacking:
            refuse(f"no duty collected in 2024 for {sorted(lacking)}.", "Add it.")
        return self


@dataclass(frozen=True)
class PanelGap:
    """Our average on a partner and the tracker's, percent."""

    partner: str
    label: str
    ours: float
    theirs: float
    cause: str
    """Empty where the gap needs none, or where none is known."""

    @property
    def difference(self) -> float:
        """Our number less theirs, points."""
        return self.ours - self.theirs

    @property
    def is_explained(self) -> bool:
        """Whether the gap is small or has a cause."""
        return abs(self.difference) <= SMALL_PP or bool(self.cause)


@dataclass(frozen=True)
class PanelAgreement:
    """How far apart the two are on a day."""

    day: dt.date
    what: str
    gaps: tuple[PanelGap, ...]

    @property
    def median_pp(self) -> float:
        """Median size of the gaps, points."""
        return float(np.median([abs(gap.difference) for gap in self.gaps]))

    @property
    def worst(self) -> PanelGap:
        """The largest gap."""
        return max(self.gaps, key=lambda gap: abs(gap.difference))

    @property
    def is_met(self) -> bool:
        """Whether median and worst gap are within what is asked for."""
        within = abs(self.worst.difference) <= WORST_GOAL_PP
        return within and (self.median_pp <= MEDIAN_GOAL_PP or not self.is_whole)

    @property
    def is_whole(self) -> bool:
        """Whether the day has most partners, so that a median says something."""
        return len(self.gaps) >= MOST_PARTNERS


def read_panel(path: Path = DATA) -> Panel:
    """Read the panel.

    Raises
    ------
    ScenarioError
        If the file is broken.
    """
    return read_model(path, Panel)


def panel_agreements(
    panel: Panel | None = None, scenario: str = TODAY
) -> tuple[PanelAgreement, ...]:
    """Compare every day of the panel with a scenario's law, partner by partner.

    Parameters
    ----------
    panel
        The embedded one by default.
    scenario
        Whose measures are ours; all enacted acts by default.
    """
    table = panel or read_panel()
    return tuple(_agreement(day, table, scenario) for day in table.days)


def _agreement(day: PanelDay, table: Panel, scenario: str) -> PanelAgreement:
    world = world_of()
    chosen = world.scenario(scenario)
    law = world.law(chosen)
    kept = [measure for measure in law.measures if measure.id not in day.leaves_out]
    home, labels = world.pair_of(chosen).home, world.baseline.region_labels
    averages = partner_averages(law.with_measures(kept), day.day, home, labels)
    ours = {average.partner: average.rate_pct for average in averages}
    gaps = (
        PanelGap(
            partner=code,
            label=labels[code],
            ours=ours[code],
            theirs=table.collected_2024_pct[code] + added,
            cause="",
        )
        for code, added in day.added_pp.items()
    )
    return PanelAgreement(day.day, day.what, tuple(_explained(gaps, table.causes)))


def _explained(gaps: Iterable[PanelGap], causes: dict[str, str]) -> Iterable[PanelGap]:
    for gap in gaps:
        needed = abs(gap.difference) > SMALL_PP
        cause = causes.get(gap.partner, "") if needed else ""
        yield PanelGap(gap.partner, gap.label, gap.ours, gap.theirs, cause)
