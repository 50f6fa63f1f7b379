"""How sure the numbers are: ranges, what they hang on, and what if the scenario breaks down."""

from __future__ import annotations

import streamlit as st

from dashboard.parts import answer_cards, scenario_picker, uncertainty_panel


def show_page() -> None:
    """Draw the page."""
    chosen = scenario_picker.scenario_and_levers(second=False)
    answer = answer_cards.last_answer(chosen.name, chosen.levers)
    if answer is None:
        return
    key = uncertainty_panel.figure_choice(answer)
    st.subheader("How far the number may be off", anchor=False)
    st.markdown(uncertainty_panel.ABOUT_RANGES)
    uncertainty_panel.ranges(answer, key)
    st.subheader("What it hangs on", anchor=False)
    st.markdown(uncertainty_panel.ABOUT_TORNADO)
    uncertainty_panel.tornado(chosen, answer, key)
    st.subheader("If it breaks down", anchor=False)
    st.markdown(uncertainty_panel.ABOUT_TREE)
    uncertainty_panel.tree(answer)
