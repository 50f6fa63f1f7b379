"""The rows that `dashboard.data` prepares and `dashboard.charts` draws.

They hold finished numbers and texts: a chart gives them a place, a colour and an axis, and works
nothing out.  Charts and data know these records and not each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

CUT = "(cut)"
"""Stands beside the number of a bar that is shorter than its number."""


@dataclass(frozen=True)
class Caption:
    """What is written in the picture; `note` says what is left out of it."""

    title: str
    scenario: str
    unit: str
    source: str
    note: str = ""
    series: tuple[str, ...] = ()
    """All series, drawn or not, so that each keeps its colour."""


@dataclass(frozen=True)
class Bar:
    """One bar: who, against what, how much; `text` is the number with its unit."""

    label: str
    series: str
    value: float
    text: str
    end: float | None = None
    """Where a bar that is cut ends; None where the bar is as long as its number."""

    @property
    def number(self) -> str:
        """The number alone, for the picture, which names the unit once; marked if it is cut."""
        number = self.text.partition(" ")[0] if self.value else "0"
        return number if self.end is None else f"{number} {CUT}"


@dataclass(frozen=True)
class RangeBar:
    """One range: its label, the lower and the upper end with their texts, and the number itself."""

    label: str
    low: float
    high: float
    low_text: str
    high_text: str
    centre: float
    centre_text: str
    ends_text: str = ""
    """Both ends in words, in the order of the label, which may name the upper one first."""


@dataclass(frozen=True)
class Line:
    """One line: its name, and day (ISO), value and text of each point."""

    series: str
    points: tuple[tuple[str, float, str], ...]


@dataclass(frozen=True)
class ShadedBand:
    """The area between two lines: day (ISO), lower value, upper value."""

    points: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True)
class CalendarBar:
    """Days within the window on which one act has one size; both days in ISO form."""

    start: str
    end: str
    size: str
    days: str


@dataclass(frozen=True)
class CalendarRow:
    """One act under its heading, with what a reader sees of it."""

    id: str
    side: str
    heading: str
    title: str
    """With the remark that the act is switched off, if it is."""
    status: str
    basis: str
    as_of: str
    source: str
    grade: str
    ended_by: str
    """Title of the act that takes all of a duty away for good."""
    is_on: bool
    start: str
    """First day in force."""
    end: str
    """First day no longer in force, or that there is none."""
    sizes: str
    """All sizes, each with its first day."""
    bars: tuple[CalendarBar, ...]


@dataclass(frozen=True)
class MapValues:
    """What a map shows: numbers, texts and names by region, and where its colours end."""

    values: Mapping[str, float]
    texts: Mapping[str, str]
    labels: Mapping[str, str]
    colour_limit: float
    """Size of a change from which on the colour is the strongest."""


@dataclass(frozen=True)
class FlowLabels:
    """Names of what is summed: others on both sides, and the sums that do not balance."""

    other_less: str
    other_more: str
    less_in_all: str
    more_in_all: str


@dataclass(frozen=True)
class FlowSides:
    """Partners that trade less and that trade more, with amounts; both sides have one sum."""

    less: Mapping[str, float]
    more: Mapping[str, float]
    total: float
    """Amount that moves."""
    ribbons: tuple[tuple[str, str, float], ...]
    """From whom, to whom, how much: each side shared out in proportion to the other."""
    balances: frozenset[str]
    """Entries that are no partner but the difference between both sides."""
    texts: Mapping[str, str]
    """The amount of each entry, as text."""
