"""What the model is, what its numbers mean, and what it leaves out."""

from __future__ import annotations

import streamlit as st

from dashboard.data import own_baseline, text_tables
from dashboard.parts import equation_blocks
from dashboard.parts.markdown import plain
from dashboard.parts.text_table import GRADES, text_table


def show_page() -> None:
    """Draw the page."""
    st.header("About the model", anchor=False)
    st.markdown(MODEL)
    st.subheader("The equations", anchor=False)
    equation_blocks.draw()
    st.subheader("What the numbers mean", anchor=False)
    text_table(text_tables.variable_table(), "Every variable: name, unit, definition, sign.")
    st.subheader("What it leaves out", anchor=False)
    st.markdown(LIMITS)
    st.subheader("Data", anchor=False)
    st.markdown(DATA)
    st.markdown(plain(own_baseline.in_words()))
    text_table(text_tables.baseline_sources(), "Sources of the baseline tables, with grades.")
    st.markdown(GRADES)


MODEL = """
Truce solves a general-equilibrium model of world trade: about forty economies buy and sell in
twenty-seven sectors, each sector uses the goods of others as inputs, and buyers turn to other
suppliers when a duty, a licence or a pledge changes what goods cost. Wages, prices, spending and
trade are solved together, so that what one country loses shows up where it is gained.

- **Tariffs** raise what the buyer pays; the duty is the buyer's revenue.
- **Export licences** cap a quantity; scarcity raises the price until the cap holds, and the rent
  goes to those who hold licences, or is lost in queues.
- **Purchase pledges** set a floor; the page shows what subsidy it takes to meet it.
- **Sectors' workers and capital** move between sectors only in part, so that a farm or a plant can
  lose although the country gains. The lever *factor mobility* sets how much.

The numbers are for the long run, in a year's money, against the world of October 2025 unless the
page says otherwise. Month by month, only part of the goods is re-sourced and only part of the
workers and capital chooses its sector again in any month; goods under way still come.
"""

LIMITS = """
- Paths over months have an assumed pace; nobody in them foresees what comes.
- No unemployment, no investment, no exchange-rate policy, no financial markets.
- Services trade moves only through incomes and prices; no measure acts on it.
- Tariffs have no effect on quality, innovation or security, which is often why they are made.
- It is not customs advice: rates are averages over many tariff lines.
"""

DATA = """
What was done to each source, and the digest of each file, stands in
`sim/baseline/tables/SOURCES.yaml`.
"""
