"""The path over months as lines and texts: from the worker's series to what a page draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.data import formatting, stored_ranges
from dashboard.data.answers import Answer
from dashboard.records import Caption, Line
from sim.outputs.headline import Figure
from sim.outputs.worth_in_time import WorthInTime

FIGURES = (
    "home_imports_from_partner",
    "home_real_income_per_household",
    "home_consumer_prices",
    "home_tariff_revenue",
    "home_tariff_on_partner_before",
    "partner_real_income_per_household",
    "seller_soybean_income",
    "home_exports_to_partner",
    "rare_earth_price_gap",
)
"""Figures whose path can be chosen, by roles of the pair, where the scenario has them."""

MOST_TURNS = 6
"""Months of changes of the law that are named."""

Series = Mapping[str, Any]
"""A `PathSeries` of the worker as plain data."""


def figure_choice(answer: Answer) -> dict[str, str]:
    """Return the figures whose path can be chosen, with their labels."""
    return {key: answer.figures[key].label for key in answer.ids(FIGURES)}


def line(title: str, series: Series, key: str, figure: Figure) -> Line:
    """Return the path of a figure in the scenario of that title."""
    values = zip(series["months"], series["figures"][key], strict=True)
    points = tuple((month, value, _text(value, figure)) for month, value in values)
    return Line(title, points)


def caption(answer: Answer, series: Series, key: str) -> Caption:
    """Return what is written in the chart of a figure's path."""
    figure = answer.figures[key]
    return Caption(
        f"{figure.label}: month by month",
        f"Change against {series['against']}",
        f"{formatting.unit_a_year(figure.change_unit)}, annual rates by month of loading",
        answer.source,
        note(figure, series),
    )


def note(figure: Figure, series: Series) -> str:
    """Say what the long run is, and when the law changes on the way."""
    texts = [f"Long run, law of the scenario's day kept: {_text(figure.change, figure)}."]
    if series["turns"]:
        shown = series["turns"][:MOST_TURNS]
        rest = " and later" if len(series["turns"]) > len(shown) else ""
        texts.append(
            f"Its law changes in {', '.join(shown)}{rest}; what changes alike in the law that it "
            "is set against does not move the line."
        )
    return " ".join(texts)


def worth(answer: Answer, series: Series) -> list[str]:
    """Say what it is worth month by month that something does not happen; empty for others."""
    if not answer.headline.prevented:
        return []
    months = [month[:7] for month in series["months"]]
    in_time = WorthInTime.of_changes(months, series["figures"], series["apart"], answer.names)
    if in_time is None:
        return []
    return in_time.sentences(stored_ranges.worth_range(answer, series["apart"]))


def sparkline_text(figure: Figure, values: Sequence[float], months: Sequence[str]) -> str:
    """Say where a path begins and ends."""
    first, last = (_text(value, figure) for value in (values[0], values[-1]))
    return (
        f"{figure.label}, change by month: {first} in {months[0][:7]}, {last} in {months[-1][:7]}"
    )


def _text(value: float, figure: Figure) -> str:
    return formatting.change(value, figure.change_unit)
