"""How sure the numbers are: ranges, what they hang on, and what if the scenario breaks down."""

from __future__ import annotations

import streamlit as st

from dashboard import choose, doubts, show


def show_page() -> None:
    """Draw the page."""
    chosen = choose.scenario_and_levers(second=False)
    answer = show.last_answer(chosen.name, chosen.levers)
    if answer is None:
        return
    key = doubts.figure_choice(answer)
    st.subheader("How far the number may be off", anchor=False)
    st.markdown(doubts.ABOUT_RANGES)
    doubts.ranges(answer, key)
    st.subheader("What it hangs on", anchor=False)
    st.markdown(doubts.ABOUT_TORNADO)
    doubts.tornado(chosen, answer, key)
    st.subheader("If it breaks down", anchor=False)
    st.markdown(doubts.ABOUT_TREE)
    doubts.tree(answer)
