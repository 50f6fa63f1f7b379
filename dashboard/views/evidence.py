"""The evidence behind the numbers: articles, contradictions, sources, assumptions, tests."""

from __future__ import annotations

import streamlit as st

from dashboard.data import evidence_tables, sources, text_tables
from dashboard.parts import backtest_panel
from dashboard.parts.text_table import GRADES, article, sources_table, text_table


def show_page() -> None:
    """Draw the page."""
    st.header("Evidence", anchor=False)
    st.markdown(INTRODUCTION)
    tabs = st.tabs(list(TABS), key="evidence", on_change="rerun")
    for tab, draw in zip(tabs, TABS.values(), strict=True):
        if tab.open:
            with tab:
                draw()


def _articles() -> None:
    """One table an article: its facts in our words, and how firmly it states them."""
    st.markdown(FIRMNESS)
    for seed in sources.articles():
        article(seed)


def _contradictions() -> None:
    text_table(evidence_tables.contradictions(), "Points on which the five articles disagree.")


def _assumptions() -> None:
    st.markdown("Nobody states these. Move the levers to see what hangs on them.")
    sources_table(evidence_tables.assumptions(), "Assumptions of all scenarios, with reasons.")


def _sources() -> None:
    sources_table(evidence_tables.measures(), "Sources of all measures and levers, with grades.")


def _data() -> None:
    text_table(text_tables.baseline_sources(), "Sources of the baseline tables, with grades.")
    st.markdown(GRADES)


def _validation() -> None:
    alt = "Numbers of the model beside published ones, with sources and grades."
    st.markdown(VALIDATION)
    text_table(evidence_tables.validation(), alt)


TABS = {
    "Articles": _articles,
    "Contradictions": _contradictions,
    "Assumptions": _assumptions,
    "Against published numbers": _validation,
    "Against what happened": backtest_panel.draw,
    "Sources": _sources,
    "Data": _data,
}

INTRODUCTION = """
Everything here starts from five press articles of October 2025. What they leave open is taken from
laws and data; what nobody states is assumed, and is called so.
"""

FIRMNESS = """
How firmly an article states a fact runs from *confirmed* and *agreed* over *pledged* and *reported*
to *implied*, *hinted*, *discussed* and *claimed* by one side.
"""

VALIDATION = """
The model's equations reproduce Table 2 of Caliendo and Parro (2015) to every printed digit, with
their data; a second, slower solver finds the same numbers. Below, the scenarios as they are now
beside what others have published. Differences are shown as they are.
"""
