"""Questions that people ask about the US and China, with the simulator's answers in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dashboard.data import path_lines, reliability_sentence, stored_ranges, worker_requests
from dashboard.data.answers import NoAnswer, answer
from dashboard.data.catalog import describe
from sim.outputs.range_words import HEAD
from sim.outputs.words import with_unit

HOUSEHOLD = "us_real_income_per_household"
TARIFF, TRUCE = "tariff-100", "truce-extension"
MOST = 3
"""Gainers that are named."""

POLL = 1.0
"""Seconds between two looks at a worker."""


@dataclass(frozen=True)
class Question:
    """What people ask, who answers it, and where that is shown."""

    id: str
    text: str
    answer: Callable[[], str]
    scenario: str
    page: str
    button: str


def answer_text(question: Question) -> str:
    """Return the answer to a question, or why there is none."""
    try:
        return question.answer()
    except NoAnswer as failure:
        return str(failure)


def household_cost() -> str:
    """Say what the tariff costs an American household."""
    figure = answer(TARIFF).figures[HOUSEHOLD]
    amount = with_unit(abs(figure.change), figure.change_unit)
    verb = "loses" if figure.change < 0 else "gains"
    return f"In the long run the average American household {verb} {amount} a year{_range()}."


def _range() -> str:
    ends = stored_ranges.ranges(TARIFF).get(HOUSEHOLD)
    if ends is None:
        return ""
    low, high = (with_unit(abs(end), "USD") for end in sorted(ends, key=abs))
    return f" ({HEAD}: {low} to {high})"


def gainers() -> str:
    """Say who sells more to the United States instead of China."""
    sales = answer(TARIFF).changes["us-sales"]
    most = sorted(sales, key=lambda label: -sales[label])[:MOST]
    words = ", ".join(
        f"{label} ({with_unit(sales[label], 'USD bn', sign=True)} a year)" for label in most
    )
    return f"Those who sell more to the United States: {words}."


def truce_month() -> str:
    """Say what the truce is worth month by month, on the path."""
    job = worker_requests.ask_path(TRUCE, (), answer(TRUCE).pair)
    while not job.wait(POLL):
        pass
    if job.answer is None:
        return job.error
    worth = path_lines.worth(answer(TRUCE), job.answer)
    if not worth:
        return "It keeps things as they are."
    return f"{' '.join(worth)} Without it, “{answer(TRUCE).against}”."


def reliability() -> str:
    """Say how sure the tariff's cost is."""
    return " ".join(reliability_sentence.sentences(describe(TARIFF), answer(TARIFF)))


QUESTIONS = (
    Question("cost", "What would the 100 % tariff cost an American household?",
             household_cost, TARIFF, "scenario", "Show the cost"),
    Question("gain", "Who gains from diverted trade?", gainers, TARIFF, "map",
             "Show who gains"),
    Question("truce", "What is the truce worth a month?", truce_month, TRUCE, "scenario",
             "Show the truce"),
    Question("sure", "How sure are we?", reliability, TARIFF, "uncertainty", "Show the ranges"),
)  # fmt: skip
