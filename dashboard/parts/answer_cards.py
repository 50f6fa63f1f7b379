"""The answer of a scenario: cards with the headline figures, sentences, and all figures."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import data
from dashboard.charts import sparkline
from dashboard.data import answer_text, figure_cards, ranking, text_tables
from dashboard.parts.controls import lazy_expander
from dashboard.parts.markdown import plain
from dashboard.parts.text_table import text_table

FIRST, SECOND = ":blue[●]", ":orange[■]"
"""Marks of the baseline and the second scenario, in the colours of the charts."""

MARKS = {figure_cards.BASELINE: FIRST, figure_cards.SECOND: SECOND}

NARROW_PERCENT = "\N{NO-BREAK SPACE}%"
"""Keeps a percent sign on the line of its number."""


def sentences(answer: data.Answer, description: data.ScenarioDescription) -> Any:  # noqa: ANN401
    """Write the answer in sentences; first what the measure is worth, if it prevents another.

    Returns the place of what it is worth month by month, to be filled when the path is there.
    """
    text = answer_text.text_of(answer, description)
    month = None
    with st.container(border=True, key="words"):
        if text.worth:
            st.markdown(f"**{plain(text.worth)}** {plain(text.worth_details)}")
            month = st.empty()
        st.markdown(" ".join(text.sentences))
        st.markdown(f"**How sure.** {plain(text.reliability)}")
        if text.more:
            with st.expander("More in words"):
                st.markdown("\n".join(f"- {sentence}" for sentence in text.more))
    return month


def cards(answer: data.Answer, other: data.Answer | None) -> dict[str, Any]:
    """Draw the cards, each against the baseline and, if there is one, the second scenario.

    Returns the places of the sparklines by figure, to be filled when the path is there.
    """
    names = zip(MARKS.values(), ranking.comparison_names(answer, other), strict=False)
    st.markdown("Changes: " + " · ".join(f"{mark} {name}" for mark, name in names))
    with st.grid("auto", min_column_width=180, key="figures"):
        return {card.id: _card(card) for card in figure_cards.cards(answer, other)}


def _card(card: figure_cards.FigureCard) -> Any:  # noqa: ANN401  a place of Streamlit's
    """Draw one card; returns the place of its sparkline."""
    mark = "" if card.number_against is None else f" {MARKS[card.number_against]}"
    with st.container(border=True, key=f"card-{card.id}", height="stretch", gap="xxsmall"):
        st.markdown(f":small[{card.label}]", help=card.definition)
        st.metric(card.label, f"{card.number}{mark}", label_visibility="collapsed")
        for against, text in card.changes:
            st.markdown(f"{MARKS[against]} :small[{text.replace(' %', NARROW_PERCENT)}]")
        place = st.empty()
        place.html(sparkline.BLANK)
    return place


def all_figures(answer: data.Answer, other: data.Answer | None) -> None:
    """Show every headline figure: baseline, scenario, difference."""
    with lazy_expander("All figures", ":material/table_chart:", "all-figures") as is_open:
        if is_open:
            text_table(
                text_tables.figure_table(answer, other),
                f"All headline figures of {answer.title}: baseline, scenario and difference.",
            )
