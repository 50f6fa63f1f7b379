"""Up to six pinned scenarios side by side, against their baselines or against one of them."""

from __future__ import annotations

import streamlit as st

from dashboard.parts import pin_cards, scenario_picker, session_scenarios, small_multiples

OWN_BASELINE = "baseline"


def show_page() -> None:
    """Draw the page."""
    st.header("Compare scenarios", anchor=False)
    pins = pin_cards.from_address()
    scenario_picker.show_notices()
    pin_cards.toolbar()
    if not pins:
        pins = pin_cards.suggested()
        st.info(
            "Nothing is pinned yet, so these are the scenarios of the articles. "
            "Pin your own on the page Scenario, with the levers where you left them.",
            icon=":material/push_pin:",
        )
    reference = _reference(pins)
    answers = pin_cards.answers(pins)
    if not answers:
        return
    pin_cards.cards(pins, can_change=bool(session_scenarios.current().pins))
    chosen = small_multiples.choice()
    small_multiples.draw(answers, reference, chosen)
    small_multiples.table(answers, reference)


def _reference(pins: tuple[session_scenarios.Pin, ...]) -> session_scenarios.Pin | None:
    """Choose what the differences are against."""
    options = {OWN_BASELINE: "Each scenario's own baseline"}
    options |= {session_scenarios.written([one]): one.label for one in pins}
    key = scenario_picker.choice("Difference to", options, "reference", "reference", OWN_BASELINE)
    return next((one for one in pins if session_scenarios.written([one]) == key), None)
