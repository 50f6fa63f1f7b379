"""Up to six pinned scenarios side by side, against their baselines or against one of them."""

from __future__ import annotations

import streamlit as st

from dashboard.data import comparison_rows
from dashboard.data import pins as pin_rows
from dashboard.data.pins import Pin
from dashboard.parts import (
    controls,
    last_answer,
    notices,
    pin_cards,
    session_scenarios,
    small_multiples,
)

OWN_BASELINE = "baseline"


def show_page() -> None:
    """Draw the page."""
    st.header("Compare scenarios", anchor=False)
    pins = pin_cards.from_address()
    notices.show()
    pin_cards.toolbar()
    if not pins:
        pins = pin_rows.suggested()
        st.info(
            "Nothing is pinned yet, so these are the scenarios of the articles. "
            "Pin your own on the page Scenario, with the levers where you left them.",
            icon=":material/push_pin:",
        )
    reference = _reference(pins)
    answers = pin_cards.answers(pins)
    if not answers:
        return
    for pin, answer in answers:
        last_answer.warn_of_day(answer, pin.label)
    figures_by_pin = comparison_rows.figures_on_cards(answers, reference)
    pin_cards.cards(pins, figures_by_pin, can_change=bool(session_scenarios.current().pins))
    figures = small_multiples.figure_choice(answers)
    small_multiples.draw(answers, reference, figures)
    small_multiples.table(answers, reference)


def _reference(pins: tuple[Pin, ...]) -> Pin | None:
    """Let the reader choose what the differences are against."""
    by_key = {pin_rows.written([pin]): pin for pin in pins}
    options = {OWN_BASELINE: "Each scenario's own baseline or counterpart"}
    options |= {key: pin.label for key, pin in by_key.items()}
    key = controls.select_box("Difference to", options, "reference", "reference", OWN_BASELINE)
    return by_key.get(key)
