"""What the numbers rest on: the articles, their contradictions, sources, assumptions, tests."""

from __future__ import annotations

import streamlit as st

from dashboard import data, rests, show, tables

TABS = ("Articles", "Contradictions", "Assumptions", "Against published numbers", "Sources", "Data")


def show_page() -> None:
    """Draw the page."""
    st.header("Evidence", anchor=False)
    st.markdown(INTRODUCTION)
    articles, contradictions, assumptions, validation, sources, baseline = st.tabs(TABS)
    with articles:
        _articles()
    with contradictions:
        show.text_table(rests.contradictions(), "Points on which the five articles disagree.")
    with assumptions:
        st.markdown("Nobody states these. Move the levers to see what hangs on them.")
        show.sources(rests.assumptions(), "Assumptions of all scenarios, with reasons.")
    with validation:
        _validation()
    with sources:
        show.sources(rests.measures(), "Sources of all measures and levers, with grades.")
    with baseline:
        show.text_table(tables.baseline_sources(), "Sources of the baseline tables, with grades.")
        st.markdown(show.GRADES)


def _articles() -> None:
    """One table an article: its facts in our words, and how firmly it states them."""
    st.markdown(FIRMNESS)
    for seed in data.articles():
        st.subheader(f"Article {seed.id}", anchor=False)
        note = f" {show.plain(seed.note)}" if seed.note else ""
        st.markdown(f":small[{show.plain(seed.publisher)}, {seed.date:%Y-%m-%d}.{note}]")
        st.table(rests.facts(seed), hide_index=True, alt=f"Facts of article {seed.id}.")


def _validation() -> None:
    st.markdown(VALIDATION)
    show.text_table(
        rests.validation(), "Numbers of the model beside published ones, with sources and grades."
    )


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
