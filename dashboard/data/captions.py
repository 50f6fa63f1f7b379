"""What is written in the charts of a scenario that is set against another."""

from __future__ import annotations

from dashboard.data.answers import Answer
from dashboard.records import Caption


def against(answer: Answer, other: Answer | None) -> str:
    """Say what a scenario is set against: its baseline, or the second scenario."""
    return f"against “{answer.against if other is None else other.title}”"


def comparison(answer: Answer, other: Answer | None, title: str, unit: str, note: str) -> Caption:
    """Return the caption of a chart that sets a scenario against another."""
    scenario = f"{answer.title_with_levers}, {against(answer, other)}"
    return Caption(title, scenario, unit, answer.source, note)
