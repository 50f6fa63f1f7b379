"""How sure an answer is, in a sentence: its range, its weakest source, what is assumed."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard import data
from dashboard.data import text_tables, uncertainty

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

RANGED = ("us_real_income_per_household", "cn_real_income_per_household")


def sentences(plan: data.Plan, answer: data.Answer, other: data.Answer | None = None) -> list[str]:
    """Return how sure the answer is: one short sentence a point, plain text."""
    told = [_range(answer, other), _weakest(plan.own), _assumed(plan, answer.levers)]
    return [text for text in told if text]


def _range(answer: data.Answer, other: data.Answer | None) -> str:
    known = uncertainty.ranges(answer.name, answer.levers)
    parts = []
    for key in RANGED:
        figure = answer.figures.get(key)
        if figure is None or key not in known or data.is_still(figure):
            continue
        low, high = (data.with_unit(end, figure.change_unit, sign=True) for end in known[key])
        parts.append(f"{figure.label} {low} to {high}")
    if parts:
        return f"{RANGE}: {'; '.join(parts)}."
    if known:
        return "" if other is None else _worth_range(answer, other)
    return "No range is stored for it: the page Uncertainty shows what it hangs on."


def _worth_range(answer: data.Answer, other: data.Answer) -> str:
    """Return the range of what does not happen, where the scenario keeps things as they are."""
    known = uncertainty.ranges(other.name, other.levers)
    figure = answer.figures.get(RANGED[0])
    if figure is None or RANGED[0] not in known:
        return ""
    low, high = (data.with_unit(-end, figure.change_unit, sign=True)
                 for end in reversed(known[RANGED[0]]))  # fmt: skip
    return f"{RANGE}, against “{other.title}”: {figure.label} {low} to {high}."


def _weakest(own: Sequence[data.Evidence]) -> str:
    """Name the lowest grade among the sources of the scenario's own measures and levers."""
    grades = [one.grade for one in own if one.grade in GRADES]
    if not grades:
        return ""
    worst = max(grades, key=GRADES.index)
    return f"Its weakest source has grade {worst} ({MEANING[worst]})."


def _assumed(plan: data.Plan, levers: data.LeverValues) -> str:
    """Name what nobody states."""
    every = text_tables.assumed(plan, levers)
    texts = every[:MOST]
    if len(every) > MOST:
        texts.append(f"{len(every) - MOST} more, listed under “What this rests on”")
    measures = sum(one.kind == "assumption" and not _is_lever(one) for one in plan.own)
    if measures:
        texts.append(f"{measures} of its measures" if measures > 1 else "one of its measures")
    return f"Assumed: {'; '.join(texts)}." if texts else ""


def _is_lever(one: data.Evidence) -> bool:
    return one.what.startswith("Lever: ")


def month(worth: dict[str, data.Figure]) -> str:
    """Say what a year's worth is in a month; empty where it is nothing."""
    parts = []
    for key, whom in (("us_gain", "the US"), ("us_real_income_per_household", "a US household"),
                      ("cn_gain", "China")):  # fmt: skip
        figure = worth.get(key)
        if figure is not None and not data.is_still(figure):
            amount = data.with_unit(figure.change / 12, figure.change_unit, sign=True)
            parts.append(f"{amount} for {whom}")
    return f"A month of it is worth {', '.join(parts)}." if parts else ""
