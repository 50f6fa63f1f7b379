"""Our average tariffs beside those of public trackers, day by day, with the cause of each gap."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, model_validator

from sim.engine.averages import TODAY, AverageRates
from sim.engine.runs import average_rates
from sim.policy.language.fields import Grade, Strict, Text, refuse
from sim.policy.language.reading import read_model
from sim.policy.law.dates import DAY

DATA = Path(__file__).with_name("trackers.yaml")

SERIES = ("us_on_china", "china_on_us", "us_on_world")
"""Averages that are compared, in the order of the tables."""

TOLERANCE_PP = 2.0
"""Largest gap, in points, that needs no explanation."""

OTHER_WEIGHTS = frozenset({"piie"})
"""Trackers that weigh by other trade than ours; shown, but not expected to agree."""


class TrackerSource(Strict):
    """Where a tracker's numbers were read."""

    title: Text
    address: Text
    date: dt.date
    grade: Grade


class TrackerReading(Strict):
    """The number of a tracker for a day, percent."""

    day: dt.date
    tracker: Text
    value: float
    about: str = ""
    """Set where the number is another measure, such as a sum of headline rates."""
    no_target: str = ""
    """Why nobody should expect to meet it, where the tracker itself is known to be off."""
    corrected: float | None = None
    """The value without a known fault of the tracker, percent."""
    correction: str = ""
    """That fault."""
    note: str = ""

    @model_validator(mode="after")
    def _says_why(self) -> TrackerReading:
        if (self.corrected is None) != (not self.correction):
            refuse("a corrected value and its correction belong together.", "Write both.")
        return self

    @property
    def target(self) -> float:
        """The value to compare with, percent."""
        return self.value if self.corrected is None else self.corrected

    @property
    def left_out(self) -> str:
        """Why it is not compared; empty where it is."""
        return f"another measure: {self.about}" if self.about else self.no_target


class Cause(Strict):
    """Why a gap of more than `TOLERANCE_PP` is there, and how large it may be."""

    series: Text
    tracker: Text
    first: dt.date
    last: dt.date
    """Last day, inclusive."""
    largest_pp: float = Field(gt=0)
    """Largest gap that the cause can explain."""
    cause: Text
    is_partial: bool = False
    """True where part of the gap is not understood."""

    @model_validator(mode="after")
    def _in_order(self) -> Cause:
        if self.last < self.first:
            refuse(f"{self.last} lies before {self.first}.", "Swap them.")
        return self


class Trackers(Strict):
    """All readings, sources and causes."""

    sources: dict[str, TrackerSource]
    us_on_china: tuple[TrackerReading, ...]
    china_on_us: tuple[TrackerReading, ...]
    us_on_world: tuple[TrackerReading, ...] = ()
    causes: tuple[Cause, ...] = ()

    @model_validator(mode="after")
    def _sourced(self) -> Trackers:
        for reading in (*self.us_on_china, *self.china_on_us, *self.us_on_world):
            if reading.tracker not in self.sources:
                refuse(f"tracker '{reading.tracker}' has no source.", "Add it under sources.")
        return self


@dataclass(frozen=True)
class Gap:
    """A tracker's number and ours, percent; `cause` is empty where they agree."""

    series: str
    day: dt.date
    tracker: str
    ours: float
    theirs: float
    cause: str
    grade: str
    is_compared: bool
    note: str
    is_partial: bool = False
    """True where the cause explains only a part."""
    corrected: float | None = None
    """Theirs without a known fault of the tracker, percent."""
    correction: str = ""
    """That fault."""

    @property
    def difference(self) -> float:
        """Our number less theirs, corrected where it can be, points."""
        return self.ours - (self.theirs if self.corrected is None else self.corrected)

    @property
    def is_explained(self) -> bool:
        """Whether the gap is small, has a known cause, or is not a target."""
        small = abs(self.difference) <= TOLERANCE_PP
        return small or not self.is_compared or bool(self.cause)


@dataclass(frozen=True)
class Agreement:
    """How many readings of some trackers agree with ours, and what is known of the others."""

    readings: int
    within: int
    """Differ by no more than `TOLERANCE_PP`."""
    explained: int
    """Differ by more, for a known cause."""
    partly_explained: int
    """Differ by more, for a cause that explains only a part."""

    @property
    def unexplained(self) -> int:
        """Readings that differ by more for no known cause."""
        return self.readings - self.within - self.explained - self.partly_explained


def agreement(gaps: Iterable[Gap], *, other_weights: bool = False) -> Agreement:
    """Count the readings that are compared.

    Parameters
    ----------
    other_weights
        Of the trackers that weigh by other trade than ours, in place of those that weigh alike.
    """
    compared = [
        gap for gap in gaps if gap.is_compared and (gap.tracker in OTHER_WEIGHTS) == other_weights
    ]
    within = sum(abs(gap.difference) <= TOLERANCE_PP for gap in compared)
    partial = sum(gap.is_partial for gap in compared)
    known = sum(gap.is_explained for gap in compared)
    return Agreement(len(compared), within, known - within - partial, partial)


def read_trackers(path: Path = DATA) -> Trackers:
    """Read the table of readings and causes.

    Raises
    ------
    ScenarioError
        If the file is broken.
    """
    return read_model(path, Trackers)


def tracker_gaps(trackers: Trackers | None = None, scenario: str = TODAY) -> tuple[Gap, ...]:
    """Compare every reading with the history of acts, in the order of days.

    Parameters
    ----------
    trackers
        The embedded table by default.
    scenario
        Whose measures are ours; all enacted acts by default.
    """
    table = trackers or read_trackers()
    readings = [(series, reading) for series in SERIES for reading in getattr(table, series)]
    days = [reading.day for _, reading in readings]
    averages = average_rates(min(days), max(days) + DAY, scenario=scenario)
    gaps = [_gap(series, reading, averages, table) for series, reading in readings]
    return tuple(sorted(gaps, key=lambda gap: (SERIES.index(gap.series), gap.day, gap.tracker)))


def _gap(series: str, reading: TrackerReading, averages: AverageRates, table: Trackers) -> Gap:
    ours = averages.on(reading.day, series)
    size = abs(ours - reading.target)
    cause = None if size <= TOLERANCE_PP else _cause(series, reading, size, table.causes)
    words = "" if cause is None else cause.cause
    return Gap(
        series=series,
        day=reading.day,
        tracker=reading.tracker,
        ours=ours,
        theirs=reading.value,
        cause=reading.left_out or words,
        grade=table.sources[reading.tracker].grade,
        is_compared=not reading.left_out,
        note=reading.note,
        is_partial=cause is not None and cause.is_partial,
        corrected=reading.corrected,
        correction=reading.correction,
    )


def _cause(
    series: str, reading: TrackerReading, size: float, causes: Iterable[Cause]
) -> Cause | None:
    fitting = (
        cause
        for cause in causes
        if (cause.series, cause.tracker) == (series, reading.tracker)
        and cause.first <= reading.day <= cause.last
        and size <= cause.largest_pp
    )
    return next(fitting, None)
