"""What it does to each sector of a country: a table to sort."""

from __future__ import annotations

import streamlit as st

from dashboard import choose, data, sectoral, show


def show_page() -> None:
    """Draw the page."""
    chosen = choose.scenario_and_levers(second=False)
    answer = show.last_answer(chosen.name, chosen.levers)
    if answer is None:
        return
    labels = data.regions()
    region = choose.choice("Country", labels, "region", "region", "USA")
    rows = sectoral.rows(data.result(answer.name, answer.levers), region)
    st.subheader(f"Sectors: {labels[region]}", anchor=False)
    st.markdown(
        f"{show.plain(answer.title)}, {show.plain(answer.levers_text)}: changes against "
        f"“{show.plain(answer.against)}”, a year, in the long run. "
        "Amounts are bn USD. Click a column's head to sort by it."
    )
    st.dataframe(
        rows,
        hide_index=True,
        column_config=_columns(rows, region),
        height=35 * len(rows) + 38,
        alt=sectoral.finding(rows, labels[region]),
        key="sectors",
    )
    st.markdown(
        "Bars: changes of output, prices paid and income, in percent, on one scale; "
        "they are cut at the edge. *To* and *From*: exposure, as shares of the sector's exports "
        "and imports in the baseline.  \n"
        f":small[Source: {show.plain(answer.source)}]"
    )


def _columns(rows: list[sectoral.Row], region: str) -> dict[str, object]:
    """Say how each column looks."""
    kinds = st.column_config
    edge = sectoral.edge(rows)
    help_of = sectoral.HELP
    columns: dict[str, object] = {
        "Sector": kinds.TextColumn(pinned=True, width=172),
        sectoral.BARS: kinds.BarChartColumn(
            "Bars", y_min=-edge, y_max=edge, width=76, help="Output, prices paid, income: percent"
        ),
    }
    for name in (sectoral.OUTPUT_PCT, sectoral.PRICE_PCT, sectoral.INCOME_PCT, sectoral.INCOME):
        columns[name] = kinds.NumberColumn(format="%+.2f", help=help_of[name], width=74)
    columns[sectoral.OUTPUT] = kinds.ProgressColumn(
        format="%,.0f",
        min_value=0,
        max_value=sectoral.largest_output(rows),
        help=help_of[sectoral.OUTPUT],
        width=110,
    )
    sold, bought = sectoral.exposure_columns(region)
    for name, of in ((sold, "exports"), (bought, "imports")):
        columns[name] = kinds.ProgressColumn(
            format="%.0f", min_value=0, max_value=100, width=96,
            help=f"Share of the sector's {of} in the baseline, percent.",
        )  # fmt: skip
    return columns
