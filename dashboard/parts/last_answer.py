"""The answer that a page shows; where the model has none, the last one that it had."""

from __future__ import annotations

import streamlit as st

from dashboard import data
from dashboard.parts.markdown import plain
from dashboard.parts.scenario_picker import BASELINE, ScenarioChoice


def last_answer(
    name: str, levers: data.LeverValues, like: data.Answer | None = None
) -> data.Answer | None:
    """Solve; where that fails, say so and return the last answer that there was, if any.

    Parameters
    ----------
    like
        The answer whose pair of regions this one is told of; its own pair if None.
    """
    last: dict[str, data.Answer] = st.session_state.setdefault("last", {})
    key = name if like is None else f"{name}{like.widget_suffix}"
    try:
        last[key] = (
            data.answer(name, levers) if like is None else data.answer_about(name, levers, like)
        )
    except data.NoAnswer as failure:
        kept = last.get(key)
        below = "" if kept is None else f" Shown below: the last answer, {kept.levers_text}."
        st.warning(f"{failure}{below}", icon=":material/warning:")
    return last.get(key)


def of_choice(choice: ScenarioChoice) -> data.Answer | None:
    """Return the answer of the chosen scenario; say first if it is of a day nobody asked for."""
    answer = last_answer(choice.name, choice.levers)
    if answer is not None:
        warn_of_day(answer)
    return answer


def warn_of_day(answer: data.Answer, title: str = "") -> None:
    """Say that an answer is of a day on which none of the scenario's own measures is in force."""
    if answer.notice:
        start = f"{title}: " if title else ""
        st.warning(plain(f"{start}{answer.notice}."), icon=":material/event_busy:")


def of_second(
    choice: ScenarioChoice, levers: data.LeverValues, first: data.Answer
) -> data.Answer | None:
    """Return the second scenario's answer with the levers that it shares, or None without one.

    It is told of the pair of regions that the first one is about.
    """
    if choice.second == BASELINE:
        return None
    shared = data.shared_levers(levers, choice.description, choice.second)
    return last_answer(choice.second, shared, first)
