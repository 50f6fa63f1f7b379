"""Who did what when: the acts as bars, and above them the average tariffs they add up to."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from dashboard.charts import bar_chart, gantt_chart, line_chart
from dashboard.data import acts, downloads
from dashboard.parts import answer_cards, scenario_picker, session_scenarios, vega_chart

WINDOW = (dt.date(2025, 1, 1), dt.date(2027, 1, 1))
MONTH = dt.timedelta(days=30)
SOURCE = "acts and sources in scenarios/measures; customs values of 2024"


def show_page() -> None:
    """Draw the page."""
    st.header("Who did what when", anchor=False)
    titles = session_scenarios.titles()
    name = scenario_picker.choice("Calendar", titles, "calendar", "calendar", acts.ENACTED)
    title = titles[name]
    scenario_picker.show_notices()
    window = _window()
    _averages(name, title, window)
    _acts(name, title, window)


def _window() -> tuple[dt.date, dt.date]:
    first, last = st.slider(
        "From and to", acts.FIRST, acts.LAST, WINDOW, MONTH, format="MMM YYYY", key="window",
        persist_state="session",
    )  # fmt: skip
    return (first, max(last, first + MONTH))


def _averages(name: str, title: str, window: tuple[dt.date, dt.date]) -> None:
    """Draw the average tariffs, which only change where an act does."""
    note = "Other measures of the tariff differ by 5 to 20 points."
    caption = bar_chart.Caption("Average tariffs", title, f"Percent: {acts.MEASURED}", SOURCE, note)
    drawn = gantt_chart.averages(acts.averages(name), window)
    days = (window[0].isoformat(), window[1].isoformat())
    vega_chart.vega(
        line_chart.draw(drawn, caption, answer_cards.scheme(), is_stepped=True, window=days),
        line_chart.finding(drawn, caption),
        "averages",
    )
    answer_cards.download(
        "Averages (CSV)", lambda: downloads.averages_csv(name), "truce-averages.csv"
    )


def _acts(name: str, title: str, window: tuple[dt.date, dt.date]) -> None:
    """Draw the acts by authority; a table below says the same in text."""
    st.subheader("Acts by authority", anchor=False)
    sides = st.pills(
        "Whose acts", gantt_chart.EVERYONE, selection_mode="multi", default=gantt_chart.EVERYONE[:2],
        key="sides", persist_state="session",
    )  # fmt: skip
    all_of_them = st.toggle("Also those that hold unchanged throughout", key="unchanged")
    found = gantt_chart.rows(acts.acts(name), sides, window, all_of_them=all_of_them)
    if not found:
        st.markdown("No act of theirs begins, ends or changes in these months.")
        return
    note = (
        "Colours: legal status, which never changes what a listed act does. Touch a bar for more."
    )
    caption = bar_chart.Caption("Who did what when", title, "Days in force", SOURCE, note)
    vega_chart.vega(
        gantt_chart.draw(found, caption, window, answer_cards.scheme()),
        gantt_chart.finding(found, caption),
        "acts",
    )
    answer_cards.download(
        "Acts (CSV)", lambda: downloads.rows_csv(gantt_chart.table(found)), "truce-acts.csv"
    )
    with answer_cards.lazy(
        "The same as a table", ":material/table_chart:", "acts-table"
    ) as is_open:
        if is_open:
            answer_cards.text_table(gantt_chart.table(found), gantt_chart.finding(found, caption))
