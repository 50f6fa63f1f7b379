"""Who did what when: the acts as bars, and above them the average tariffs they add up to."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from dashboard import charts, choose, files, gantt, lines, pictures, shelf, show
from dashboard.data import acts

WINDOW = (dt.date(2025, 1, 1), dt.date(2027, 1, 1))
MONTH = dt.timedelta(days=30)
SOURCE = "acts and sources in scenarios/measures; customs values of 2024"


def show_page() -> None:
    """Draw the page."""
    st.header("Who did what when", anchor=False)
    titles = shelf.titles()
    name = choose.choice("Calendar", titles, "calendar", "calendar", acts.ENACTED)
    title = titles[name]
    choose.show_notices()
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
    caption = charts.Caption("Average tariffs", title, f"Percent: {acts.MEASURED}", SOURCE, note)
    drawn = gantt.averages(acts.averages(name), window)
    days = (window[0].isoformat(), window[1].isoformat())
    pictures.vega(
        lines.draw(drawn, caption, show.scheme(), is_stepped=True, window=days),
        lines.finding(drawn, caption),
        "averages",
    )
    show.download("Averages (CSV)", lambda: files.averages_csv(name), "truce-averages.csv")


def _acts(name: str, title: str, window: tuple[dt.date, dt.date]) -> None:
    """Draw the acts by authority; a table below says the same in text."""
    st.subheader("Acts by authority", anchor=False)
    sides = st.pills(
        "Whose acts", gantt.EVERYONE, selection_mode="multi", default=gantt.EVERYONE[:2],
        key="sides", persist_state="session",
    )  # fmt: skip
    all_of_them = st.toggle("Also those that hold unchanged throughout", key="unchanged")
    found = gantt.rows(acts.acts(name), sides, window, all_of_them=all_of_them)
    if not found:
        st.markdown("No act of theirs begins, ends or changes in these months.")
        return
    note = (
        "Colours: legal status, which never changes what a listed act does. Touch a bar for more."
    )
    caption = charts.Caption("Who did what when", title, "Days in force", SOURCE, note)
    pictures.vega(
        gantt.draw(found, caption, window, show.scheme()), gantt.finding(found, caption), "acts"
    )
    show.download("Acts (CSV)", lambda: files.rows_csv(gantt.table(found)), "truce-acts.csv")
    with show.lazy("The same as a table", ":material/table_chart:", "acts-table") as is_open:
        if is_open:
            show.text_table(gantt.table(found), gantt.finding(found, caption))
