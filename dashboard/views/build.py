"""A scenario of the reader's own: change measures in a table, or bring a file."""

from __future__ import annotations

import streamlit as st

from dashboard import data
from dashboard.parts import measure_editor, pin_cards, reader_scenarios, scenario_picker


def show_page() -> None:
    """Draw the page."""
    st.header("Build a scenario", anchor=False)
    st.markdown(INTRODUCTION)
    choice = scenario_picker.scenario_and_levers(with_second=False)
    if choice is not None:
        with st.container(border=True, key="measure-editor"):
            measure_editor.draw(choice)
    left, right = st.columns(2)
    with left:
        st.subheader("Bring a file", anchor=False)
        reader_scenarios.upload()
    with right:
        st.subheader("Yours in this session", anchor=False)
        reader_scenarios.saved()
        pin_cards.undo_button()
    with st.expander("Codes of countries and sectors", icon=":material/key:"):
        st.markdown(f"{_codes(data.regions())}\n\n{_codes(data.sectors())}")


def _codes(labels: dict[str, str]) -> str:
    return " · ".join(f"`{code}` {label}" for code, label in labels.items())


INTRODUCTION = """
Start from a scenario, change a number or a date, switch a measure off, or add a row at the end.
Changed and new measures count as assumptions of yours.
"""
