"""Questions that people ask, each with its answer and a way to the page that shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dashboard import data
from dashboard.data import reliability_sentence, uncertainty
from dashboard.parts import answer_cards, navigation

HOUSEHOLD = "us_real_income_per_household"
TARIFF, TRUCE = "tariff-100", "truce-extension"
MOST = 3
"""Gainers that are named."""


@dataclass(frozen=True)
class Question:
    """What people ask, who answers it, and where that is shown."""

    id: str
    asks: str
    says: Callable[[], str]
    scenario: str
    page: str
    button: str


def draw() -> None:
    """Draw the questions, closed until the reader opens them; only then are they answered."""
    box = st.expander("Questions people ask", icon=":material/help:", key="questions",
                      on_change="rerun")  # fmt: skip
    if not box.open:
        return
    with box:
        for one in QUESTIONS:
            with st.container(horizontal=True, vertical_alignment="center", key=f"ask-{one.id}"):
                st.markdown(f"**{one.asks}**  \n{answer_cards.plain(_said(one))}")
                is_clicked = st.button(one.button, key=f"show-{one.id}", on_click=_choose,
                                       args=(one.scenario,))  # fmt: skip
            if is_clicked and one.page != "scenario" and navigation.knows(one.page):
                navigation.go(one.page)


def _choose(scenario: str) -> None:
    st.session_state["scenario"] = scenario


def _said(one: Question) -> str:
    try:
        return one.says()
    except data.NoAnswer as failure:
        return str(failure)


def household_cost() -> str:
    """Say what the tariff costs an American household."""
    figure = data.answer(TARIFF).figures[HOUSEHOLD]
    amount = data.with_unit(abs(figure.change), figure.change_unit)
    verb = "loses" if figure.change < 0 else "gains"
    return f"In the long run the average American household {verb} {amount} a year{_span()}."


def _span() -> str:
    known = uncertainty.ranges(TARIFF).get(HOUSEHOLD)
    if known is None:
        return ""
    low, high = (data.with_unit(abs(end), "USD") for end in sorted(known, key=abs))
    return f" ({low} to {high} with 90 %)"


def gainers() -> str:
    """Say who sells more to the United States instead of China."""
    sales = data.answer(TARIFF).changes["us-sales"]
    best = sorted(sales, key=lambda label: -sales[label])[:MOST]
    words = ", ".join(f"{label} ({data.with_unit(sales[label], 'USD bn', sign=True)} a year)"
                      for label in best)  # fmt: skip
    return f"Those who sell more to the United States: {words}."


def truce_month() -> str:
    """Say what a month of the truce is worth."""
    plan = data.plan(TRUCE)
    if plan.counterpart is None:
        return "It keeps things as they are."
    worth = data.differences(data.answer(TRUCE), data.answer(plan.counterpart))
    against = data.plan(plan.counterpart).title
    return f"{reliability_sentence.month(worth)} Without it, “{against}”."


def sureness() -> str:
    """Say how sure the tariff's cost is."""
    return " ".join(reliability_sentence.sentences(data.plan(TARIFF), data.answer(TARIFF)))


QUESTIONS = (
    Question("cost", "What would the 100 % tariff cost an American household?",
             household_cost, TARIFF, "scenario", "Show the cost"),
    Question("gain", "Who gains from diverted trade?", gainers, TARIFF, "map",
             "Show who gains"),
    Question("truce", "What is the truce worth a month?", truce_month, TRUCE, "scenario",
             "Show the truce"),
    Question("sure", "How sure are we?", sureness, TARIFF, "uncertainty", "Show the ranges"),
)  # fmt: skip
