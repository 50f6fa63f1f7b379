"""How sure the numbers are: ranges, what they depend on, and what if the scenario breaks down."""

from __future__ import annotations

import streamlit as st

from dashboard.parts import last_answer, scenario_picker, uncertainty_panel


def show_page() -> None:
    """Draw the page."""
    choice = scenario_picker.scenario_and_levers(with_second=False)
    answer = None if choice is None else last_answer.of_choice(choice)
    if choice is None or answer is None:
        return
    key = uncertainty_panel.figure_choice(answer)
    st.subheader("How far the number may be off", anchor=False)
    st.markdown(uncertainty_panel.ABOUT_RANGES)
    uncertainty_panel.ranges(answer, key)
    st.subheader("What it hangs on", anchor=False)
    st.markdown(uncertainty_panel.ABOUT_TORNADO)
    uncertainty_panel.tornado(choice.description, answer, key)
    st.subheader("If it breaks down", anchor=False)
    st.markdown(uncertainty_panel.ABOUT_TREE)
    uncertainty_panel.tree(answer)
