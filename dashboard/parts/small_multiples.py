"""Small multiples: one picture a figure, one bar a pinned scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import data
from dashboard.charts import bar_chart
from dashboard.data import formatting
from dashboard.parts import answer_cards, pin_cards, session_scenarios, vega_chart

DEFAULT = (
    "us_real_income_per_household",
    "cn_real_income_per_household",
    "us_imports_from_china",
    "us_tariff_on_china_before",
    "us_tariff_revenue",
    "us_soybean_income",
)
"""Figures drawn unless the reader chooses others."""

MOST = 12


def choice() -> list[str]:
    """Let the reader choose the figures."""
    labels = data.figure_labels()
    with st.expander("Figures to draw", icon=":material/checklist:"):
        chosen = st.pills(
            "Figures",
            list(labels),
            selection_mode="multi",
            default=[key for key in DEFAULT if key in labels],
            format_func=labels.__getitem__,
            key="figures-shown",
            persist_state="session",
            label_visibility="collapsed",
        )
    return list(chosen)[:MOST]


def draw(
    answers: pin_cards.Answers, reference: session_scenarios.Pin | None, figures: Sequence[str]
) -> None:
    """Draw the chosen figures in a grid."""
    names = tuple(dict.fromkeys(one.label for one, _ in answers))
    scheme = st.context.theme.type or "light"
    with st.grid("auto", min_column_width=330, key="multiples"):
        for key in figures:
            bars, unit = _bars(answers, reference, key)
            if not bars:
                continue
            caption = _caption(answers, reference, key, unit, names)
            vega_chart.vega(
                bar_chart.panel(bars, caption, scheme),
                bar_chart.panel_finding(bars, caption),
                f"multiple-{key}",
            )


def _caption(
    answers: pin_cards.Answers,
    reference: session_scenarios.Pin | None,
    key: str,
    unit: str,
    names: tuple[str, ...],
) -> bar_chart.Caption:
    against = "each scenario's own baseline" if reference is None else f"“{reference.label}”"
    return bar_chart.Caption(
        data.figure_labels()[key],
        f"Change against {against}",
        f"Change, {formatting.yearly(unit)}",
        answers[0][1].source.rpartition("; ")[0],
        "",
        names,
    )


def _bars(
    answers: pin_cards.Answers, reference: session_scenarios.Pin | None, key: str
) -> tuple[list[bar_chart.Bar], str]:
    bars, unit = [], ""
    for one, _ in answers:
        figure = changes(answers, reference, one).get(key)
        if figure is None:
            continue
        unit = figure.change_unit
        text = data.with_unit(figure.change, unit, sign=True)
        still = data.is_still(figure) or not text.strip("+-0., " + unit)
        text = "" if still else text
        bars.append(bar_chart.Bar(one.label, one.label, 0.0 if still else figure.change, text))
    return bars, unit


def changes(
    answers: pin_cards.Answers, reference: session_scenarios.Pin | None, one: session_scenarios.Pin
) -> Mapping[str, data.Figure]:
    """Figures of a pin against its baseline, or less those of the reference."""
    by_pin = dict(answers)
    mine = by_pin[one]
    if reference is None or reference not in by_pin:
        return mine.figures
    return data.differences(mine, by_pin[reference])


def table(answers: pin_cards.Answers, reference: session_scenarios.Pin | None) -> None:
    """Show every figure of every pin, in text."""
    with answer_cards.lazy("All figures", ":material/table_chart:", "all-multiples") as is_open:
        if is_open:
            _table(answers, reference)


def _table(answers: pin_cards.Answers, reference: session_scenarios.Pin | None) -> None:
    rows = []
    for key, label in data.figure_labels().items():
        row = {"Figure": label}
        for position, (one, _) in enumerate(answers):
            figure = changes(answers, reference, one).get(key)
            row[f"{position + 1}. {one.label}"] = "" if figure is None else data.change_text(figure)
        if any(text for name, text in row.items() if name != "Figure"):
            rows.append(row)
    answer_cards.text_table(rows, "All headline figures of the pinned scenarios.")
