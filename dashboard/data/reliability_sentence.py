"""How sure an answer is, in a sentence: its range, its weakest source, what is assumed."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.data import stored_ranges, text_tables
from dashboard.data.answers import Answer, result_of
from dashboard.data.catalog import CitedSource, LeverValues, ScenarioDescription
from sim.outputs.range_words import HEAD, coverage
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

MOST = 3
"""Assumptions that are named; the rest is counted."""

RANGED = ("home_real_income_per_household", "partner_real_income_per_household")
"""Figures whose range is said, by roles of the pair."""


def sentences(description: ScenarioDescription, answer: Answer) -> list[str]:
    """Return how sure the answer is: one short sentence a point, plain text."""
    texts = [
        _range(answer),
        _weakest(description.own),
        _assumed(description, answer.levers),
    ]
    return [text for text in texts if text]


def _range(answer: Answer) -> str:
    ranges = stored_ranges.ranges(answer.name, answer.levers)
    parts = []
    for key in answer.ids(RANGED):
        figure = answer.figures[key]
        if key not in ranges or is_still(figure):
            continue
        low, high = (with_unit(end, figure.change_unit, sign=True) for end in ranges[key])
        parts.append(f"{figure.label} {low} to {high}")
    if parts:
        told = f"{HEAD.capitalize()}: {'; '.join(parts)}."
        return f"{told} {coverage(result_of(answer))}"
    if ranges:
        return ""
    return "No range is stored for it: the page Uncertainty shows what it hangs on."


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
