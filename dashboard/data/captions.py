"""What is written in charts: of one figure, and of a scenario that is set against another."""

from __future__ import annotations

from dashboard.data import formatting
from dashboard.data.answers import Answer
from dashboard.records import Caption


def against(answer: Answer, other: Answer | None) -> str:
    """Say what a scenario is set against: its baseline, or the second scenario."""
    return f"against “{answer.against if other is None else other.title}”"


def comparison(answer: Answer, other: Answer | None, title: str, unit: str, note: str) -> Caption:
    """Return the caption of a chart that sets a scenario against another."""
    scenario = f"{answer.title_with_levers}, {against(answer, other)}"
    return Caption(title, scenario, unit, answer.source, note)


def of_figure(shown: Answer, title: str, scenario: str, key: str) -> Caption:
    """Return the caption of a chart about a figure's change."""
    unit = f"Change, {formatting.unit_a_year(shown.figures[key].change_unit)}"
    return Caption(title, scenario, unit, shown.source.rpartition("; ")[0])


def change_of(shown: Answer, key: str, value: float) -> str:
    """Return a change of a figure with its unit."""
    return formatting.change(value, shown.figures[key].change_unit)
