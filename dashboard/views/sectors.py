"""What it does to each sector of a country: a table to sort."""

from __future__ import annotations

import streamlit as st

from dashboard import choose, data, sector_table, sectoral, show, tracks


def show_page() -> None:
    """Draw the page."""
    chosen = choose.scenario_and_levers(second=False)
    answer = show.last_answer(chosen.name, chosen.levers)
    if answer is None:
        return
    labels = data.regions()
    region = choose.choice("Country", labels, "region", "region", "USA")
    result = data.result(answer.name, answer.levers)
    rows = sectoral.rows(result, region)
    st.subheader(f"Sectors: {labels[region]}", anchor=False)
    st.markdown(
        f"{show.plain(answer.title)}, {show.plain(answer.levers_text)}: changes against "
        f"“{show.plain(answer.against)}”, a year, in the long run. "
        "Amounts are bn USD. Click a column's head to sort by it."
    )
    place, wait = st.empty(), st.empty()
    sector_table.draw(place, rows, region, labels[region])
    st.markdown(
        "Bars: changes of output, prices paid and income, in percent, on one scale; "
        "they are cut at the edge. *To* and *From*: exposure, as shares of the sector's exports "
        "and imports in the baseline.  \n"
        f":small[Source: {show.plain(answer.source)}]"
    )
    if region in sectoral.RIVALS and (path := tracks.ask(answer)) is not None:
        track = tracks.arrived(path, lambda: wait.markdown(":small[The months are coming …]"))
        wait.empty()
        if track is not None:
            sectoral.with_months(rows, result, track, region)
            sector_table.draw(place, rows, region, labels[region])
