"""The model against what happened: months that are known, what it says of them, naive rules."""

from __future__ import annotations

import streamlit as st

from dashboard.charts import line_chart
from dashboard.data import alt_texts, backtests, worker_requests
from dashboard.parts import controls, job_progress, vega_chart
from dashboard.parts.text_table import text_table

ABOUT = """
Each series starts from a base year and knows only the law of each month: no trade figure of the
months shown goes in, but for those marked *calibration*, on which the pace was set.
"""


@st.fragment
def draw() -> None:
    """Draw one comparison that the reader chooses; they are worked out once for all."""
    st.markdown(ABOUT)
    rows = job_progress.wait_for(
        worker_requests.ask_backtests(), "Running the months that are known …"
    )
    if not rows:
        return
    roles = backtests.roles(rows)
    chosen = st.selectbox(
        "Series",
        list(roles),
        format_func=lambda name: f"{name} ({roles[name]})",
        key="series",
        persist_state="session",
    )
    shown = backtests.of_series(rows, chosen)
    lines, caption = backtests.lines(shown), backtests.caption(chosen, roles[chosen])
    alt = alt_texts.lines(lines, caption)
    vega_chart.draw(line_chart.draw(lines, caption, controls.colour_scheme()), alt, "backtest")
    st.markdown(backtests.errors(shown))
    with st.expander("The same as a table", icon=":material/table_chart:"):
        text_table(backtests.table(shown), alt)
