"""The first page: choose a scenario, move its levers, read what it does."""

from __future__ import annotations

import streamlit as st

from dashboard import choose, data, drivers, pinned, questions, routes, show, tracks


def show_page() -> None:
    """Draw the page: the answer for the long run first, the path when the levers rest."""
    chosen = choose.scenario_and_levers()
    name, plan = chosen.name, chosen.plan
    answer, other = show.last_answer(name, chosen.levers), None
    if answer is None:
        return
    path, other_path = tracks.ask(answer), None
    if chosen.second != choose.BASELINE:
        other = show.last_answer(chosen.second, data.shared(chosen.levers, plan, chosen.second))
        other_path = tracks.ask(other)
    questions.draw()
    st.subheader(plan.question, anchor=False)
    st.markdown(plan.summary)
    reason = plan.reason if chosen.second == plan.counterpart else ""
    show.words(answer, other, reason, plan)
    slots = show.figures(answer, other)
    show.table(answer, other)
    _tools(answer)
    place = st.container(key="path")
    left, right = st.columns(2)
    with left:
        _ranking("sectors", answer, other)
    with right:
        _ranking("countries", answer, other)
    drivers.draw(answer, other)
    show.evidence(plan, answer.levers)
    show.reproduce(answer)
    if path is not None:
        tracks.draw(path, other_path, slots, place)


def _tools(answer: data.Answer) -> None:
    """Offer to pin what is shown, or to change its measures."""
    with st.container(horizontal=True, key="tools"):
        pinned.pin_button(answer.name, answer.levers)
        is_clicked = st.button(
            "Change its measures",
            icon=":material/edit_note:",
            key="change",
            disabled=not routes.knows("build"),
        )
        pinned.undo_button()
    if is_clicked:
        routes.go("build")


def _ranking(group: str, answer: data.Answer, other: data.Answer | None) -> None:
    """Draw who gains and loses in a group; the reader chooses by what."""
    st.subheader(f"{group.capitalize()} that gain and lose", anchor=False)
    views = data.VIEWS[group]
    show.ranking(views[show.one_of("Show", views, group)], answer, other)
