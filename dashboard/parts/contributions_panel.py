"""What drives a result: each measure's part in the change, drawn and in words."""

from __future__ import annotations

import streamlit as st

from dashboard import data
from dashboard.charts import bar_chart
from dashboard.data import alt_texts, contributions
from dashboard.parts import controls, vega_chart
from dashboard.parts.markdown import plain

FIGURES = (
    "home_real_income_per_household",
    "partner_real_income_per_household",
    "home_imports_from_partner",
    "home_tariff_on_partner_before",
    "home_tariff_revenue",
    "home_consumer_prices",
    "seller_soybean_income",
)
"""Figures that can be split, by roles of the pair."""

NO_CONTRIBUTIONS = """
There are no parts to tell apart here. This scenario sets the law of one day of history against the
law of another, and on both days dozens of acts are in force that work on each other; the difference
belongs to all of them together. The page *Timeline* shows what was done between the two days.
"""


def draw(answer: data.Answer) -> None:
    """Draw the parts of one figure that the reader chooses, once the reader opens the box.

    They take as long as the answer itself, so that a slider would be half as quick with them.
    """
    with controls.lazy_expander(
        "What drives this: each measure's part", ":material/account_tree:", "contributions-open"
    ) as is_open:
        if is_open:
            _panel(answer)


def _panel(answer: data.Answer) -> None:
    key = _figure(answer)
    try:
        parts = contributions.of(answer)
    except data.NoContributions:
        st.markdown(NO_CONTRIBUTIONS)
        return
    except data.NoAnswer as failure:
        st.warning(str(failure), icon=":material/warning:")
        return
    _chart(parts, key)
    idle = f" Changes nothing here: {'; '.join(map(plain, parts.idle))}." if parts.idle else ""
    st.markdown(f"{parts.method()}{idle}")


def _figure(answer: data.Answer) -> str:
    labels = answer.labels
    return st.selectbox(
        "Figure",
        answer.ids(FIGURES),
        format_func=labels.__getitem__,
        key=f"contributions-figure{answer.widget_suffix}",
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
