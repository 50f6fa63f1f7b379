"""Up to six pinned scenarios side by side, against their baselines or against one of them."""

from __future__ import annotations

import streamlit as st

from dashboard import choose, multiples, pinned, shelf

OWN_BASELINE = "baseline"


def show_page() -> None:
    """Draw the page."""
    st.header("Compare scenarios", anchor=False)
    pins = pinned.from_address()
    choose.show_notices()
    pinned.toolbar()
    if not pins:
        pins = pinned.suggested()
        st.info(
            "Nothing is pinned yet, so these are the scenarios of the articles. "
            "Pin your own on the page Scenario, with the levers where you left them.",
            icon=":material/push_pin:",
        )
    reference = _reference(pins)
    answers = pinned.answers(pins)
    if not answers:
        return
    pinned.cards(pins, can_change=bool(shelf.current().pins))
    chosen = multiples.choice()
    multiples.draw(answers, reference, chosen)
    multiples.table(answers, reference)


def _reference(pins: tuple[shelf.Pin, ...]) -> shelf.Pin | None:
    """Choose what the differences are against."""
    options = {OWN_BASELINE: "Each scenario's own baseline"}
    options |= {shelf.written([one]): one.label for one in pins}
    key = choose.choice("Difference to", options, "reference", "reference", OWN_BASELINE)
    return next((one for one in pins if shelf.written([one]) == key), None)
