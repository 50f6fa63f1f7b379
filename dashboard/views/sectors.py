"""What it does to each sector of a country: a table to sort."""

from __future__ import annotations

import streamlit as st

from dashboard import data
from dashboard.data import sector_rows
from dashboard.parts import answer_cards, path_panel, scenario_picker, sector_table


def show_page() -> None:
    """Draw the page."""
    chosen = scenario_picker.scenario_and_levers(second=False)
    answer = answer_cards.last_answer(chosen.name, chosen.levers)
    if answer is None:
        return
    labels = data.regions()
    region = scenario_picker.choice("Country", labels, "region", "region", "USA")
    result = data.result(answer.name, answer.levers)
    rows = sector_rows.rows(result, region)
    st.subheader(f"Sectors: {labels[region]}", anchor=False)
    st.markdown(
        f"{answer_cards.plain(answer.title)}, {answer_cards.plain(answer.levers_text)}: changes against "
        f"“{answer_cards.plain(answer.against)}”, a year, in the long run. "
        "Amounts are bn USD. Click a column's head to sort by it."
    )
    place, wait = st.empty(), st.empty()
    sector_table.draw(place, rows, region, labels[region])
    st.markdown(
        "Bars: changes of output, prices paid and income, in percent, on one scale; "
        "they are cut at the edge. *To* and *From*: exposure, as shares of the sector's exports "
        "and imports in the baseline.  \n"
        f":small[Source: {answer_cards.plain(answer.source)}]"
    )
    if region in sector_rows.RIVALS and (path := path_panel.ask(answer)) is not None:
        track = path_panel.arrived(path, lambda: wait.markdown(":small[The months are coming …]"))
        wait.empty()
        if track is not None:
            sector_rows.with_months(rows, result, track, region)
            sector_table.draw(place, rows, region, labels[region])
