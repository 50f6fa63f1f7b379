"""Stored 5 to 95 % ranges: of the shown scenario's figures, and of others beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache

from dashboard.data import own_baseline
from dashboard.data.answers import Answer, NoAnswer, answer, result, result_of
from dashboard.data.captions import change_of
from dashboard.data.catalog import LeverValues, cards
from dashboard.records import RangeBar
from sim.outputs.range_words import HEAD, coverage
from sim.outputs.words import change_text
from sim.study.sweeps.ranges import STORED, ranges_of, worth_range_of

Range = tuple[float, float]

__all__ = [
    "HEAD",
    "Range",
    "coverage_of",
    "figure_choice",
    "has_library",
    "range_bars",
    "range_table",
    "ranges",
    "why_none",
    "worth_range",
]

FIRST_FIGURE = "home_real_income_per_household"
"""Figure that is shown first, by roles of the pair."""

_FIRST = ("articles", "packages", "counterparts")
"""Groups of scenarios whose ranges are shown beside the chosen one's."""


def figure_choice(shown: Answer) -> tuple[dict[str, str], int]:
    """Return the figures that the page can be about, with labels, and which comes first."""
    labels, first = shown.labels, shown.names.id_of(FIRST_FIGURE)
    return labels, list(labels).index(first) if first in labels else 0


def has_library(shown: Answer) -> bool:
    """Tell whether ranges are stored for scenarios about the same pair, on the tables in use."""
    return shown.pair.is_default and not own_baseline.is_in_use()


def why_none(shown: Answer) -> str:
    """Say why a scenario has no stored range."""
    works = "The tornado further down works for every scenario."
    if own_baseline.is_in_use():
        return f"No range is stored for tables of your own. {works}"
    if not shown.pair.is_default:
        about = shown.names.text("{home.noun} and {partner.noun}")
        return (
            "No range is stored for this scenario: ranges are worked out beforehand, for scenarios "
            f"about the United States and China, and this one is about {about}. {works}"
        )
    return (
        "No range is stored for this scenario with these levers: ranges are worked out "
        "beforehand, for the scenarios below with all levers at their defaults. "
        f"{works}"
    )


def ranges(name: str, levers: LeverValues = ()) -> Mapping[str, Range]:
    """Return the stored 5 to 95 % range of each headline figure's change; empty if none is."""
    try:
        return ranges_of(result(name, levers))
    except NoAnswer:
        return {}


def coverage_of(shown: Answer) -> str:
    """Say what the ranges cover, and the published figure that lies outside them."""
    return coverage(result_of(shown))


def worth_range(shown: Answer, apart: Sequence[str]) -> Range | None:
    """Return the stored range of what it is worth per household over the months `apart`."""
    return worth_range_of(result_of(shown), apart)


def range_bars(shown: Answer, figure: str, *, is_whole_library: bool = False) -> list[RangeBar]:
    """Return a figure's change and its range: of the shown scenario, and of others."""
    return [
        RangeBar(
            title,
            low,
            high,
            change_of(shown, figure, low),
            change_of(shown, figure, high),
            centre,
            change_of(shown, figure, centre),
        )
        for title, (centre, (low, high)) in _all_ranges(
            figure, shown.name, is_whole_library=is_whole_library
        ).items()
    ]


def _all_ranges(
    figure: str, chosen: str, *, is_whole_library: bool
) -> dict[str, tuple[float, Range]]:
    """Return a figure's change and its range by title: of the chosen scenario, and of others.

    The others are those of the articles with their counterparts, or the whole library.
    """
    ranges_by_title: dict[str, tuple[float, Range]] = {}
    if own_baseline.is_in_use():
        return ranges_by_title
    order = sorted(cards().items(), key=lambda pair: pair[0] != chosen)
    for name, card in order:
        is_shown = is_whole_library or name == chosen or card.group in _FIRST
        ends = ranges(name).get(figure) if is_shown and name in _ranged() else None
        if ends is not None:
            ranges_by_title[card.title] = (answer(name).figures[figure].change, ends)
    return ranges_by_title


@lru_cache(maxsize=1)
def _ranged() -> frozenset[str]:
    """Ids of the scenarios that ranges are stored for: only those are worth solving for them."""
    if not STORED.is_file():
        return frozenset()
    return frozenset(json.loads(STORED.read_text(encoding="utf-8"))["scenarios"])


def range_table(shown: Answer, ranges_by_figure: Mapping[str, Range]) -> list[dict[str, str]]:
    """Return every range of a scenario as text, and whether its sign is sure."""
    return [
        {
            "Figure": shown.figures[key].label,
            "Change": change_text(shown.figures[key]),
            "5 % below": change_of(shown, key, low),
            "95 % below": change_of(shown, key, high),
            "Direction": "not sure" if low < 0 < high else "sure within the range",
        }
        for key, (low, high) in ranges_by_figure.items()
        if key in shown.figures
    ]
