"""The answer in sentences: what a scenario is worth, what it does, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.data import reliability_sentence
from dashboard.data.answers import Answer
from dashboard.data.catalog import ScenarioDescription
from sim.outputs.words import worth_of

SENTENCES = 6
"""How many sentences stand above the fold."""


@dataclass(frozen=True)
class AnswerText:
    """Sentences about an answer, plain text."""

    worth: str
    """What the measure is worth where it prevents another; empty where it prevents none."""
    worth_details: str
    sentences: tuple[str, ...]
    more: tuple[str, ...]
    reliability: str


def text_of(answer: Answer, description: ScenarioDescription) -> AnswerText:
    """Return the answer in sentences."""
    worth, details, told = "", "", answer.sentences
    if answer.headline.prevented:
        first, stop, details = worth_of(answer.headline).partition(". ")
        worth = f"{first}{stop.strip()}"
        told = answer.sentences[1:]
    return AnswerText(
        worth,
        details,
        tuple(told[:SENTENCES]),
        tuple(told[SENTENCES:]),
        " ".join(reliability_sentence.sentences(description, answer)),
    )
