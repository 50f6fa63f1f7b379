"""Small multiples: one chart a figure, one bar a pinned scenario."""

from __future__ import annotations

import streamlit as st

from dashboard.charts import bar_chart
from dashboard.data import alt_texts, comparison_rows
from dashboard.data.pins import Pin, PinnedAnswers
from dashboard.parts import controls, vega_chart
from dashboard.parts.text_table import text_table

MOST = 12
"""Figures that are drawn at most."""


def figure_choice(answers: PinnedAnswers) -> list[str]:
    """Let the reader choose the figures; says so where the scenarios share none."""
    note = comparison_rows.note_on_pairs(answers)
    if note:
        st.info(note, icon=":material/info:")
    labels = comparison_rows.labels(answers)
    if not labels:
        return []
    with st.expander("Figures to draw", icon=":material/checklist:"):
        chosen = st.pills(
            "Figures",
            list(labels),
            selection_mode="multi",
            default=comparison_rows.drawn_first(answers),
            format_func=labels.__getitem__,
            key=f"figures-shown{comparison_rows.widget_suffix(answers)}",
            persist_state="session",
            label_visibility="collapsed",
        )
    return list(chosen)[:MOST]


def draw(answers: PinnedAnswers, reference: Pin | None, figures: list[str]) -> None:
    """Draw the chosen figures in a grid."""
    scheme = controls.colour_scheme()
    with st.grid("auto", min_column_width=330, key="multiples"):
        for key, (bars, caption) in comparison_rows.panels(answers, reference, figures).items():
            vega_chart.draw(
                bar_chart.panel(bars, caption, scheme),
                alt_texts.panel(bars, caption),
                f"multiple-{key}",
            )


def table(answers: PinnedAnswers, reference: Pin | None) -> None:
    """Show every figure of every pin, in text."""
    with controls.lazy_expander(
        "All figures", ":material/table_chart:", "all-multiples"
    ) as is_open:
        if is_open:
            rows = comparison_rows.table(answers, reference)
            text_table(rows, "All headline figures of the pinned scenarios.")
