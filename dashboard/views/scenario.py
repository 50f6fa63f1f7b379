"""The first page: choose a scenario, move its levers, read what it does."""

from __future__ import annotations

import streamlit as st

from dashboard import data
from dashboard.parts import (
    answer_cards,
    contributions_panel,
    navigation,
    path_panel,
    pin_cards,
    question_list,
    scenario_picker,
)


def show_page() -> None:
    """Draw the page: the answer for the long run first, the path when the levers rest."""
    chosen = scenario_picker.scenario_and_levers()
    name, plan = chosen.name, chosen.plan
    answer, other = answer_cards.last_answer(name, chosen.levers), None
    if answer is None:
        return
    path, other_path = path_panel.ask(answer), None
    if chosen.second != scenario_picker.BASELINE:
        other = answer_cards.last_answer(
            chosen.second, data.shared(chosen.levers, plan, chosen.second)
        )
        other_path = path_panel.ask(other)
    question_list.draw()
    st.subheader(plan.question, anchor=False)
    st.markdown(plan.summary)
    reason = plan.reason if chosen.second == plan.counterpart else ""
    answer_cards.words(answer, other, reason, plan)
    slots = answer_cards.figures(answer, other)
    answer_cards.table(answer, other)
    _tools(answer)
    place = st.container(key="path")
    left, right = st.columns(2)
    with left:
        _ranking("sectors", answer, other)
    with right:
        _ranking("countries", answer, other)
    contributions_panel.draw(answer, other)
    answer_cards.evidence(plan, answer.levers)
    answer_cards.reproduce(answer)
    if path is not None:
        path_panel.draw(path, other_path, slots, place)


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


def _ranking(group: str, answer: data.Answer, other: data.Answer | None) -> None:
    """Draw who gains and loses in a group; the reader chooses by what."""
    st.subheader(f"{group.capitalize()} that gain and lose", anchor=False)
    views = data.VIEWS[group]
    answer_cards.ranking_chart(views[answer_cards.one_of("Show", views, group)], answer, other)
