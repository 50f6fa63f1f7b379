"""The first page: choose a scenario, move its levers, read what it does."""

from __future__ import annotations

import streamlit as st

from dashboard import data
from dashboard.parts import (
    answer_cards,
    contributions_panel,
    last_answer,
    navigation,
    path_panel,
    pin_cards,
    question_list,
    ranking_panel,
    reproduce_panel,
    scenario_picker,
    sources_panel,
)


def show_page() -> None:
    """Draw the page: the answer for the long run first, the path when the levers rest."""
    choice = scenario_picker.scenario_and_levers()
    if choice is None:
        return
    description = choice.description
    answer = last_answer.of_choice(choice)
    if answer is None:
        return
    has_second = choice.second != scenario_picker.BASELINE
    # Two paths in one chart are both against the baseline.
    path = path_panel.ask(data.against_baseline(answer) if has_second else answer)
    other = last_answer.of_second(choice, choice.levers, answer)
    other_path = path_panel.ask(None if other is None else data.against_baseline(other))
    question_list.draw()
    st.subheader(description.question, anchor=False)
    st.markdown(description.summary)
    month = answer_cards.sentences(answer, description)
    places = answer_cards.cards(answer, other)
    answer_cards.all_figures(answer, other)
    _tools(answer)
    container = st.container(key="path")
    left, right = st.columns(2)
    with left:
        ranking_panel.draw("sectors", answer, other)
    with right:
        ranking_panel.draw("countries", answer, other)
    contributions_panel.draw(answer)
    sources_panel.draw(description, answer.levers)
    reproduce_panel.draw(answer)
    if path is not None:
        path_panel.draw(path, other_path, places, container, month)


def _tools(answer: data.Answer) -> None:
    """Offer to pin what is shown, or to change its measures."""
    with st.container(horizontal=True, key="tools"):
        pin_cards.pin_button(answer.name, answer.levers)
        is_clicked = st.button(
            "Change its measures",
            icon=":material/edit_note:",
            key="change",
            disabled=not navigation.knows("build"),
        )
        pin_cards.undo_button()
    if is_clicked:
        navigation.go("build")
