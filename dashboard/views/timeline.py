"""Who did what when: the acts as bars, and above them the average tariffs they add up to."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from dashboard.charts import gantt_chart, line_chart
from dashboard.data import acts, alt_texts, calendar_rows, downloads
from dashboard.data.calendar_rows import MONTH, Window
from dashboard.parts import baseline_check, controls, notices, session_scenarios, vega_chart
from dashboard.parts.text_table import text_table
from dashboard.records import Caption

WINDOW = (dt.date(2025, 1, 1), dt.date(2027, 1, 1))
SOURCE = "acts and sources in scenarios/measures; customs values of 2024"


def show_page() -> None:
    """Draw the page."""
    st.header("Who did what when", anchor=False)
    titles = session_scenarios.titles()
    name = controls.select_box("Calendar", titles, "calendar", "calendar", acts.ENACTED)
    notices.show()
    first, last = st.slider(
        "From and to", acts.FIRST, acts.LAST, WINDOW, MONTH, format="MMM YYYY", key="window",
        persist_state="session",
    )  # fmt: skip
    window = calendar_rows.window_of(first, last)
    if not baseline_check.can_run(name):
        return
    _averages(name, titles[name], window)
    _acts(name, titles[name], window)


def _averages(name: str, title: str, window: Window) -> None:
    """Draw the average tariffs, which only change where an act does."""
    note = "Other measures of the tariff differ by 5 to 20 points."
    caption = Caption("Average tariffs", title, f"Percent: {acts.MEASURED}", SOURCE, note)
    lines = calendar_rows.average_lines(acts.averages(name), window)
    days = calendar_rows.iso_days(window)
    scheme = controls.colour_scheme()
    chart = line_chart.draw(lines, caption, scheme, is_stepped=True, window=days)
    vega_chart.draw(chart, alt_texts.lines(lines, caption), "averages")
    controls.download_button(
        "Averages (CSV)", lambda: downloads.averages_csv(name), "truce-averages.csv"
    )


def _acts(name: str, title: str, window: Window) -> None:
    """Draw the acts by authority; a table below says the same in text."""
    st.subheader("Acts by authority", anchor=False)
    pair = acts.sides(name)
    everyone = calendar_rows.everyone(pair)
    sides = st.pills(
        "Whose acts", everyone, selection_mode="multi", default=list(pair.values()),
        key=f"sides{acts.widget_suffix(name)}", persist_state="session",
    )  # fmt: skip
    with_unchanged = st.toggle("Also those that hold unchanged throughout", key="unchanged")
    rows = calendar_rows.rows(acts.acts(name), pair, sides, window, with_unchanged=with_unchanged)
    if not rows:
        st.markdown("No act of theirs begins, ends or changes in these months.")
        return
    note = (
        "Colours: legal status, which never changes what a listed act does. Touch a bar for more."
    )
    caption = Caption("Who did what when", title, "Days in force", SOURCE, note)
    days, alt = calendar_rows.iso_days(window), alt_texts.calendar(rows, caption)
    vega_chart.draw(gantt_chart.draw(rows, caption, days, controls.colour_scheme()), alt, "acts")
    table = calendar_rows.table(rows)
    controls.download_button("Acts (CSV)", lambda: downloads.rows_csv(table), "truce-acts.csv")
    with controls.lazy_expander(
        "The same as a table", ":material/table_chart:", "acts-table"
    ) as is_open:
        if is_open:
            text_table(table, alt)
