"""How the table of sectors looks: its columns, bars and sparklines."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard.data import sector_rows


def draw(
    place: Any,  # noqa: ANN401  of Streamlit's
    rows: list[sector_rows.Row],
    country: str,
    exposure: tuple[str, str],
) -> None:
    """Draw the table into `place`; drawn again, it has the months too.

    Parameters
    ----------
    exposure
        Names of the columns that say how much is sold to the pair, and how much bought from it.
    """
    place.dataframe(
        rows,
        hide_index=True,
        column_config=_columns(rows, exposure),
        column_order=sector_rows.columns(rows),
        height=35 * len(rows) + 38,
        placeholder="",
        alt=sector_rows.alt_text(rows, country),
    )


def _columns(rows: list[sector_rows.Row], exposure: tuple[str, str]) -> dict[str, object]:
    """Say how each column looks."""
    kinds = st.column_config
    edge = sector_rows.edge(rows)
    help_of = sector_rows.HELP
    columns: dict[str, object] = {
        "Sector": kinds.TextColumn(pinned=True, width=172),
        sector_rows.BARS: kinds.BarChartColumn(
            "Bars", y_min=-edge, y_max=edge, width=76, help="Output, prices paid, income: percent"
        ),
    }
    columns[sector_rows.MONTHS] = kinds.LineChartColumn(width=90, help=help_of[sector_rows.MONTHS])
    for name, digits in sector_rows.DIGITS.items():
        # No plus: a zero would have one too.
        columns[name] = kinds.NumberColumn(format=f"%.{digits}f", help=help_of[name], width=74)
    columns[sector_rows.OUTPUT] = kinds.ProgressColumn(
        format=f"%,.{sector_rows.output_digits(rows)}f",
        min_value=0,
        max_value=sector_rows.largest_output(rows),
        help=help_of[sector_rows.OUTPUT],
        width=110,
    )
    for name, flow in zip(exposure, ("exports", "imports"), strict=True):
        columns[name] = kinds.ProgressColumn(
            format="%.1f", min_value=0, max_value=100, width=96,
            help=f"Share of the sector's {flow} in the baseline, percent.",
        )  # fmt: skip
    return columns
