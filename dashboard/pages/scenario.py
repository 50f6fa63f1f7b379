"""The first page: choose a scenario, move its levers, read what it does."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard import choose, data, show


def show_page() -> None:
    """Draw the page."""
    cards = data.cards()
    name, second = _scenarios({key: card.title for key, card in cards.items()})
    plan = data.plan(name)
    with st.sidebar:
        st.subheader("Levers", anchor=False)
        levers = choose.levers(name, plan.levers)
    choose.show_notices()
    answer, other = show.last_answer(name, levers), None
    if answer is None:
        return
    if second != choose.BASELINE:
        other = show.last_answer(second, data.shared(levers, plan, second))
    st.subheader(cards[name].question, anchor=False)
    st.markdown(cards[name].summary)
    show.words(answer, other, plan.reason if second == plan.counterpart else "")
    show.figures(answer, other)
    show.table(answer, other)
    left, right = st.columns(2)
    with left:
        _ranking("sectors", answer, other)
    with right:
        _ranking("countries", answer, other)
    show.evidence(plan, answer.levers)
    show.reproduce(answer)


def _scenarios(titles: Mapping[str, str]) -> tuple[str, str]:
    """Choose the scenario and the one to compare it with."""
    left, right = st.columns(2)
    with left:
        first = next(iter(titles))
        name = choose.choice("Scenario", titles, choose.SCENARIO, choose.SCENARIO, first)
    plan = data.plan(name)
    seconds = {choose.BASELINE: f"Its baseline only: {plan.against}"}
    seconds |= data.comparable(name)
    with right:
        second = choose.choice(
            "Compare with",
            seconds,
            choose.VERSUS,
            f"{name}.{choose.VERSUS}",
            plan.counterpart or choose.BASELINE,
        )
    st.markdown(":small[The levers are in the side panel; on a phone, » at the top opens it.]")
    return name, second


def _ranking(group: str, answer: data.Answer, other: data.Answer | None) -> None:
    """Draw who gains and loses in a group; the reader chooses by what."""
    st.subheader(f"{group.capitalize()} that gain and lose", anchor=False)
    views = data.VIEWS[group]
    chosen = st.segmented_control(
        "Show",
        list(views),
        default=next(iter(views)),
        format_func=lambda view: views[view].label,
        required=True,
        key=group,
        label_visibility="collapsed",
    )
    show.ranking(views[chosen], answer, other)
