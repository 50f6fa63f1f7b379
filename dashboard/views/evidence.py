"""What the numbers rest on: the articles, their contradictions, sources, assumptions, tests."""

from __future__ import annotations

import streamlit as st

from dashboard import data
from dashboard.data import source_rows, text_tables
from dashboard.parts import answer_cards, backtest_panel


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
    for seed in data.articles():
        st.subheader(f"Article {seed.id}", anchor=False)
        note = f" {answer_cards.plain(seed.note)}" if seed.note else ""
        st.markdown(f":small[{answer_cards.plain(seed.publisher)}, {seed.date:%Y-%m-%d}.{note}]")
        st.table(source_rows.facts(seed), hide_index=True, alt=f"Facts of article {seed.id}.")


def _contradictions() -> None:
    answer_cards.text_table(
        source_rows.contradictions(), "Points on which the five articles disagree."
    )


def _assumptions() -> None:
    st.markdown("Nobody states these. Move the levers to see what hangs on them.")
    answer_cards.sources(source_rows.assumptions(), "Assumptions of all scenarios, with reasons.")


def _sources() -> None:
    answer_cards.sources(source_rows.measures(), "Sources of all measures and levers, with grades.")


def _data() -> None:
    answer_cards.text_table(
        text_tables.baseline_sources(), "Sources of the baseline tables, with grades."
    )
    st.markdown(answer_cards.GRADES)


def _validation() -> None:
    st.markdown(VALIDATION)
    answer_cards.text_table(
        source_rows.validation(),
        "Numbers of the model beside published ones, with sources and grades.",
    )


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
