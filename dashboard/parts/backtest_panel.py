"""The model against what happened: months that are known, what it says of them, and naive rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.charts import bar_chart, line_chart
from dashboard.data import long_tasks
from dashboard.parts import answer_cards, uncertainty_panel, vega_chart

SERIES: Mapping[str, str] = {
    "actual": "What happened",
    "model": "Model, month by month",
    "static": "Model, long run at once",
    "no_change": "Naive: no change",
}

ABOUT = """
Each series starts from a base year and knows only the law of each month: no trade figure of the
months shown goes in, but for those marked *calibration*, on which the pace was set.
"""

Row = Mapping[str, Any]


@st.fragment
def draw() -> None:
    """Draw one comparison that the reader chooses; they are worked out once for all."""
    st.markdown(ABOUT)
    rows = uncertainty_panel.waited(
        long_tasks.ask_backtests(), "Running the months that are known …"
    )
    if not rows:
        return
    names = list(dict.fromkeys(row["series"] for row in rows))
    roles = {row["series"]: row["role"] for row in rows}
    chosen = st.selectbox("Series", names, format_func=lambda name: f"{name} ({roles[name]})",
                          key="series", persist_state="session")  # fmt: skip
    mine = [row for row in rows if row["series"] == chosen]
    drawn = series(mine)
    caption = bar_chart.Caption(
        f"Against what happened: {chosen}",
        f"Role: {roles[chosen]}",
        "Change over the base year, percent",
        "Truce, sim.validation; trade statistics as listed in docs/validation.md",
    )
    vega_chart.vega(
        line_chart.draw(drawn, caption, answer_cards.scheme()),
        line_chart.finding(drawn, caption),
        "hindsight",
    )
    st.markdown(errors(mine))
    with st.expander("The same as a table", icon=":material/table_chart:"):
        answer_cards.text_table(table(mine), line_chart.finding(drawn, caption))


def series(rows: Sequence[Row]) -> list[line_chart.Line]:
    """Return one line for what happened and one for each rule."""
    return [
        line_chart.Line(
            name,
            tuple((f"{row['month']}-01", row[key], f"{row[key]:+.1f} %") for row in rows),
        )
        for key, name in SERIES.items()
    ]


def errors(rows: Sequence[Row]) -> str:
    """Say how far each rule is from what happened, on average."""
    words = [
        f"{name.lower()} {sum(abs(row[key] - row['actual']) for row in rows) / len(rows):.1f}"
        for key, name in SERIES.items()
        if key != "actual"
    ]
    return f"Mean distance from what happened, in points: {'; '.join(words)}."


def table(rows: Sequence[Row]) -> list[dict[str, str]]:
    """Return the rows as text."""
    return [
        {"Period": str(row["period"])}
        | {name: f"{row[key]:+.1f} %" for key, name in SERIES.items()}
        for row in rows
    ]
