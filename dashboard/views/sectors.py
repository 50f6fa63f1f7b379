"""What it does to each sector of a country: a table to sort."""

from __future__ import annotations

import streamlit as st

from dashboard import data
from dashboard.data import sector_rows
from dashboard.parts import controls, last_answer, path_panel, scenario_picker, sector_table
from dashboard.parts.markdown import plain


def show_page() -> None:
    """Draw the page."""
    choice = scenario_picker.scenario_and_levers(with_second=False)
    answer = None if choice is None else last_answer.of_choice(choice)
    if answer is None:
        return
    labels = data.regions()
    region = controls.select_box("Country", labels, "region", "region", answer.pair.home)
    result = data.result(answer.name, answer.levers)
    rows = sector_rows.rows(result, region)
    st.subheader(f"Sectors: {labels[region]}", anchor=False)
    st.markdown(
        f"{plain(answer.title)}, {plain(answer.levers_text)}: changes against "
        f"“{plain(answer.against)}”, a year, in the long run. "
        "Amounts are bn USD. Click a column's head to sort by it."
    )
    place, waiting = st.empty(), st.empty()
    exposure = sector_rows.exposure_columns(answer.names, region)
    sector_table.draw(place, rows, labels[region], exposure)
    st.markdown(
        "Bars: changes of output, prices paid (at fixed wages and profits of the country) and "
        "income, in percent, on one scale; they are cut at the edge, and the columns beside them "
        "have the numbers. *To* and *From*: exposure, as shares of the sector's exports and "
        "imports in the baseline.  \n"
        f":small[Source: {plain(answer.source)}]"
    )
    path = path_panel.ask(answer) if sector_rows.has_months(answer, region) else None
    if path is not None:
        text = ":small[The months are coming …]"
        series = path_panel.wait_for(path, lambda: waiting.markdown(text))
        waiting.empty()
        if series is not None:
            sector_rows.add_months(rows, result, series, region)
            sector_table.draw(place, rows, labels[region], exposure)
