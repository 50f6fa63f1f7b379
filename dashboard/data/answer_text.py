"""The answer in sentences: what a scenario is worth, what it does, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.data import reliability_sentence
from dashboard.data.answers import Answer, differences, worth_text
from dashboard.data.catalog import ScenarioDescription

SENTENCES = 6
"""How many sentences stand above the fold."""


@dataclass(frozen=True)
class AnswerText:
    """Sentences about an answer, plain text."""

    worth: str
    """What the measure is worth where it prevents another; empty where it prevents none."""
    worth_of_a_month: str
    worth_details: str
    sentences: tuple[str, ...]
    more: tuple[str, ...]
    reliability: str


def text_of(answer: Answer, other: Answer | None, description: ScenarioDescription) -> AnswerText:
    """Return the answer in sentences.

    What it is worth is said only where `other` is what would happen without it.
    """
    worth = month = details = ""
    if other is not None and other.name == description.counterpart and description.reason:
        first, stop, details = worth_text(answer, other, description.reason).partition(". ")
        worth = f"{first}{stop.strip()}"
        month = reliability_sentence.worth_of_a_month(differences(answer, other), answer.names)
    return AnswerText(
        worth,
        month,
        details,
        tuple(answer.sentences[:SENTENCES]),
        tuple(answer.sentences[SENTENCES:]),
        " ".join(reliability_sentence.sentences(description, answer, other)),
    )
