"""How sure an answer is, in a sentence: its range, its weakest source, what is assumed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dashboard.data import stored_ranges, text_tables
from dashboard.data.answers import Answer
from dashboard.data.catalog import CitedSource, LeverValues, ScenarioDescription
from sim.outputs.headline import Figure
from sim.outputs.pair_names import PairNames
from sim.outputs.words import is_still, with_unit

GRADES = ("A", "X", "B", "C", "M")
"""From the firmest source to the weakest."""

MEANING = {
    "A": "law or official data",
    "X": "computed from law and data",
    "B": "press, law firm or institute",
    "C": "weak page",
    "M": "memory, unverified",
}

RANGE = "Range, 5 to 95 %, from the errors of elasticities and mobility"

MOST = 3
"""Assumptions that are named; the rest is counted."""

RANGED = ("home_real_income_per_household", "partner_real_income_per_household")
"""Figures whose range is said, by roles of the pair."""


def sentences(
    description: ScenarioDescription, answer: Answer, other: Answer | None = None
) -> list[str]:
    """Return how sure the answer is: one short sentence a point, plain text."""
    texts = [
        _range(answer, other),
        _weakest(description.own),
        _assumed(description, answer.levers),
    ]
    return [text for text in texts if text]


def _range(answer: Answer, other: Answer | None) -> str:
    ranges = stored_ranges.ranges(answer.name, answer.levers)
    parts = []
    for key in answer.ids(RANGED):
        figure = answer.figures[key]
        if key not in ranges or is_still(figure):
            continue
        low, high = (with_unit(end, figure.change_unit, sign=True) for end in ranges[key])
        parts.append(f"{figure.label} {low} to {high}")
    if parts:
        return f"{RANGE}: {'; '.join(parts)}."
    if ranges:
        return "" if other is None else _range_of_difference(answer, other)
    return "No range is stored for it: the page Uncertainty shows what it hangs on."


def _range_of_difference(answer: Answer, other: Answer) -> str:
    """Return the range of what does not happen, where the scenario keeps things as they are."""
    ranges = stored_ranges.ranges(other.name, other.levers)
    key = answer.names.id_of(RANGED[0])
    figure = answer.figures.get(key)
    if figure is None or key not in ranges:
        return ""
    low, high = (with_unit(-end, figure.change_unit, sign=True) for end in reversed(ranges[key]))
    return f"{RANGE}, against “{other.title}”: {figure.label} {low} to {high}."


def _weakest(own: Sequence[CitedSource]) -> str:
    """Name the lowest grade among the sources of the scenario's own measures and levers."""
    grades = [source.grade for source in own if source.grade in GRADES]
    if not grades:
        return ""
    worst = max(grades, key=GRADES.index)
    return f"Its weakest source has grade {worst} ({MEANING[worst]})."


def _assumed(description: ScenarioDescription, levers: LeverValues) -> str:
    """Name what nobody states."""
    assumed = text_tables.assumed(description, levers)
    texts = assumed[:MOST]
    if len(assumed) > MOST:
        texts.append(f"{len(assumed) - MOST} more, listed under “What this rests on”")
    measures = sum(
        source.kind == "assumption" and not _is_lever(source) for source in description.own
    )
    if measures:
        texts.append(f"{measures} of its measures" if measures > 1 else "one of its measures")
    return f"Assumed: {'; '.join(texts)}." if texts else ""


def _is_lever(source: CitedSource) -> bool:
    return source.what.startswith("Lever: ")


def worth_of_a_month(worth: Mapping[str, Figure], names: PairNames) -> str:
    """Say what a year's worth is in a month; empty where it is nothing."""
    parts = []
    for key, whom in (
        ("home_gain", names.home.noun),
        ("home_real_income_per_household", _household_of(names)),
        ("partner_gain", names.partner.noun),
    ):
        figure = worth.get(names.id_of(key))
        if figure is not None and not is_still(figure):
            amount = with_unit(figure.change / 12, figure.change_unit, sign=True)
            parts.append(f"{amount} for {whom}")
    return f"A month of it is worth {', '.join(parts)}." if parts else ""


def _household_of(names: PairNames) -> str:
    home = names.home
    return (
        f"a {home.owner} household" if home.owner == home.title else f"a household of {home.noun}"
    )
