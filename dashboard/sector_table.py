"""How the table of sectors looks: its columns, bars and sparklines."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import sectoral


def draw(place: Any, rows: list[sectoral.Row], region: str, country: str) -> None:  # noqa: ANN401  a place
    """Draw the table into `place`; drawn again, it has the months too."""
    place.dataframe(
        rows,
        hide_index=True,
        column_config=_columns(rows, region),
        column_order=["Sector", sectoral.BARS, sectoral.MONTHS, *list(rows[0])[2:]],
        height=35 * len(rows) + 38,
        alt=sectoral.finding(rows, country),
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
    columns[sectoral.MONTHS] = kinds.LineChartColumn(width=90, help=help_of[sectoral.MONTHS])
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
