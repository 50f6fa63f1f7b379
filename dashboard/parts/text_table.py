"""Tables of plain text, and tables of sources with badges and grades."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import data
from dashboard.parts.markdown import plain

BADGES = {
    "article": (":material/newspaper:", "blue", "Article"),
    "law": (":material/gavel:", "green", "Law"),
    "data": (":material/database:", "green", "Data"),
    "report": (":material/description:", "violet", "Report"),
    "model": (":material/function:", "gray", "Model"),
    "assumption": (":material/help:", "orange", "Assumption"),
}
"""How the kinds of evidence look: icon, colour and word, so that colour is never alone."""

FIRMNESS_COLOURS = {
    "confirmed": "green",
    "agreed": "green",
    "pledged": "blue",
    "reported": "blue",
    "implied": "violet",
    "hinted": "orange",
    "discussed": "orange",
    "claimed": "orange",
}
"""Colours by how firmly an article states a fact; the word stands in the badge."""

GRADES = (
    "Grades: **A** legal text or official data; **B** press, law firm or institute; "
    "**C** weak page; **X** computed from A; **M** from memory, unverified."
)


def text_table(rows: Sequence[Mapping[str, str]], alt: str) -> None:
    """Draw a table of plain text."""
    cells = [{name: plain(text) for name, text in row.items()} for row in rows]
    st.table(cells, hide_index=True, alt=alt)


def sources_table(rows: Sequence[data.CitedSource], alt: str) -> None:
    """Draw sources as a table, with badges and grades."""
    st.table(
        [
            {
                "What": plain(row.what),
                "Kind": badge(row.kind),
                "Grade": row.grade,
                "Source": plain(row.source),
                "Where": plain(row.address),
                "Date": row.date,
            }
            for row in rows
        ],
        hide_index=True,
        alt=alt,
    )
    st.markdown(GRADES)


def article(seed: data.Seed) -> None:
    """Draw one article: its facts in our words, and how firmly it states them."""
    st.subheader(f"Article {seed.id}", anchor=False)
    note = f" {plain(seed.note)}" if seed.note else ""
    st.markdown(f":small[{plain(seed.publisher)}, {seed.date:%Y-%m-%d}.{note}]")
    rows = [
        {
            "What it says, in our words": fact.paraphrase,
            "How firmly": f":{FIRMNESS_COLOURS[fact.firmness]}-badge[{fact.firmness}]",
            "What it gives the model": fact.parameter or "nothing",
        }
        for fact in seed.facts
    ]
    st.table(rows, hide_index=True, alt=f"Facts of article {seed.id}.")


def badge(kind: str) -> str:
    """Return the badge of a kind of evidence."""
    icon, colour, label = BADGES[kind]
    return f":{colour}-badge[{icon} {label}]"
