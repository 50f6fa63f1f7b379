"""What a scenario is based on: what an article states, what is law or data, what is assumed."""

from __future__ import annotations

import streamlit as st

from dashboard import data
from dashboard.data import text_tables
from dashboard.parts.controls import lazy_expander
from dashboard.parts.text_table import badge, sources_table


def draw(description: data.ScenarioDescription, levers: data.LeverValues) -> None:
    """Draw statements and assumptions, and the sources in boxes that the reader opens."""
    st.subheader("What this rests on", anchor=False)
    stated = "; ".join(description.stated) or "no number of this scenario"
    st.markdown(f"{badge('article')} states: {stated}.")
    if texts := text_tables.assumed(description, levers):
        st.markdown(f"{badge('assumption')} nobody states: {'; '.join(texts)}.")
    with lazy_expander(
        "This scenario's measures and levers: sources", ":material/fact_check:", "own-sources"
    ) as is_open:
        if is_open:
            sources_table(description.own, f"Sources of {description.title}, with grades.")
    if description.inherited:
        with lazy_expander(
            f"In force already: {description.baseline_title}",
            ":material/gavel:",
            "inherited-sources",
        ) as is_open:
            if is_open:
                alt = f"Sources of {description.baseline_title}, with grades."
                sources_table(description.inherited, alt)
