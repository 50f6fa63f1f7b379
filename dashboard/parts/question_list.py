"""Questions that people ask, each with its answer and a way to the page that shows it."""

from __future__ import annotations

import streamlit as st

from dashboard.data.question_answers import QUESTIONS, Question, answer_text
from dashboard.parts import controls, navigation
from dashboard.parts.markdown import plain


def draw() -> None:
    """Draw the questions, closed until the reader opens them; only then are they answered."""
    with controls.lazy_expander("Questions people ask", ":material/help:", "questions") as is_open:
        if is_open:
            for question in QUESTIONS:
                _question(question)


def _question(question: Question) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"ask-{question.id}"):
        st.markdown(f"**{question.text}**  \n{plain(answer_text(question))}")
        is_clicked = st.button(
            question.button,
            key=f"show-{question.id}",
            on_click=_choose,
            args=(question.scenario,),
        )
    if is_clicked and question.page != "scenario" and navigation.knows(question.page):
        navigation.go(question.page)


def _choose(scenario: str) -> None:
    st.session_state["scenario"] = scenario
