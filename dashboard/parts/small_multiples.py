"""Small multiples: one chart a figure, one bar a pinned scenario."""

from __future__ import annotations

import streamlit as st

from dashboard import data
from dashboard.charts import bar_chart
from dashboard.data import alt_texts, comparison
from dashboard.data.pins import Pin, PinnedAnswers
from dashboard.parts import controls, vega_chart
from dashboard.parts.text_table import text_table

DEFAULT = (
    "us_real_income_per_household",
    "cn_real_income_per_household",
    "us_imports_from_china",
    "us_tariff_on_china_before",
    "us_tariff_revenue",
    "us_soybean_income",
)
"""Figures drawn unless the reader chooses others."""

MOST = 12
"""Figures that are drawn at most."""


def figure_choice() -> list[str]:
    """Let the reader choose the figures."""
    labels = data.figure_labels()
    with st.expander("Figures to draw", icon=":material/checklist:"):
        chosen = st.pills(
            "Figures",
            list(labels),
            selection_mode="multi",
            default=[key for key in DEFAULT if key in labels],
            format_func=labels.__getitem__,
            key="figures-shown",
            persist_state="session",
            label_visibility="collapsed",
        )
    return list(chosen)[:MOST]


def draw(answers: PinnedAnswers, reference: Pin | None, figures: list[str]) -> None:
    """Draw the chosen figures in a grid."""
    scheme = controls.colour_scheme()
    with st.grid("auto", min_column_width=330, key="multiples"):
        for key, (bars, caption) in comparison.panels(answers, reference, figures).items():
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
            rows = comparison.table(answers, reference)
            text_table(rows, "All headline figures of the pinned scenarios.")
