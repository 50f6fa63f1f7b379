"""What drives a result: each measure's part in the change, drawn and in words."""

from __future__ import annotations

import streamlit as st

from dashboard import data
from dashboard.charts import bar_chart
from dashboard.data import alt_texts, contributions
from dashboard.parts import controls, vega_chart
from dashboard.parts.markdown import plain

FIGURES = (
    "us_real_income_per_household",
    "cn_real_income_per_household",
    "us_imports_from_china",
    "us_tariff_on_china_before",
    "us_tariff_revenue",
    "us_soybean_income",
)
"""Figures that can be split."""

NO_CONTRIBUTIONS = """
There are no parts to tell apart here. This scenario sets the law of one day of history against the
law of another, and on both days dozens of acts are in force that work on each other; the difference
belongs to all of them together. The page *Timeline* shows what was done between the two days.
"""


def draw(answer: data.Answer, other: data.Answer | None) -> None:
    """Draw the parts of one figure that the reader chooses, once the reader opens the box.

    They take as long as the answer itself, so that a slider would be half as quick with them.
    """
    with controls.lazy_expander(
        "What drives this: each measure's part", ":material/account_tree:", "contributions-open"
    ) as is_open:
        if is_open:
            _panel(answer, other)


def _panel(answer: data.Answer, other: data.Answer | None) -> None:
    key = _figure()
    try:
        parts = contributions.of(answer, other)
    except data.NoContributions:
        st.markdown(NO_CONTRIBUTIONS)
        return
    except data.NoAnswer as failure:
        st.warning(str(failure), icon=":material/warning:")
        return
    _chart(parts, key)
    idle = f" Changes nothing here: {'; '.join(map(plain, parts.idle))}." if parts.idle else ""
    st.markdown(f"{parts.method()}{idle}")


def _figure() -> str:
    labels = data.figure_labels()
    return st.selectbox(
        "Figure",
        [key for key in FIGURES if key in labels],
        format_func=labels.__getitem__,
        key="contributions-figure",
        persist_state="session",
        label_visibility="collapsed",
    )


def _chart(parts: contributions.Contributions, key: str) -> None:
    if not parts.has(key):
        st.markdown("No measure changes anything here.")
        return
    bars, caption = parts.bars(key), parts.caption(key)
    vega_chart.draw(
        bar_chart.panel(bars, caption, controls.colour_scheme()),
        alt_texts.panel(bars, caption),
        "drivers",
    )
