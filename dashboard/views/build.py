"""A scenario of the reader's own: change measures in a table, or bring a file."""

from __future__ import annotations

import streamlit as st

from dashboard import data
from dashboard.data import measure_rows
from dashboard.parts import measure_editor, pin_cards, scenario_picker, session_scenarios


def show_page() -> None:
    """Draw the page."""
    st.header("Build a scenario", anchor=False)
    st.markdown(INTRODUCTION)
    chosen = scenario_picker.scenario_and_levers(second=False)
    with st.container(border=True, key="workshop"):
        _workshop(chosen)
    left, right = st.columns(2)
    with left:
        st.subheader("Bring a file", anchor=False)
        measure_editor.upload()
    with right:
        st.subheader("Yours in this session", anchor=False)
        measure_editor.saved()
        if not session_scenarios.current().own:
            st.markdown("Nothing saved yet. What you save lives as long as this session.")
        pin_cards.undo_button()
    with st.expander("Codes of countries and sectors", icon=":material/key:"):
        st.markdown(_codes(data.regions()) + "\n\n" + _codes(data.sectors()))


def _workshop(chosen: scenario_picker.Chosen) -> None:
    """Draw the table, what is wrong with it, and what to do with it."""
    rows = measure_editor.edited(chosen.name, chosen.levers)
    title = st.text_input(
        "Name of your scenario",
        f"{chosen.plan.title}, changed"[: session_scenarios.NAME_LENGTH],
        max_chars=session_scenarios.NAME_LENGTH,
        key=f"title-{chosen.name}",
    )
    title = " ".join(title.split()) or "My scenario"
    draft = measure_rows.draft(rows, measure_editor.base_of(chosen.name), chosen.levers, title)
    found = measure_editor.problems(draft, rows)
    measure_editor.show_problems(found)
    with st.container(horizontal=True, key="workshop-tools"):
        _buttons(draft, title, is_broken=bool(found))


def _buttons(draft: measure_rows.Draft, title: str, *, is_broken: bool) -> None:
    measure_editor.present_button("Save and show", title, draft.text, "save", is_broken=is_broken)
    if st.button("Save and pin", icon=":material/push_pin:", disabled=is_broken, key="save-pin"):
        session_scenarios.pin(session_scenarios.save(title, draft.text), (), title)
        st.toast("Saved and pinned: see the page Compare.", icon=":material/push_pin:")
    st.download_button("Download (YAML)", draft.text, f"{measure_rows.slug(title)}.yaml",
                       "application/yaml", icon=":material/download:", on_click="ignore",
                       disabled=is_broken, key="draft-yaml")  # fmt: skip
    can = measure_editor.can_step_back()
    st.button("Undo edit", icon=":material/undo:", on_click=measure_editor.step_back, disabled=not can,
              key="step-back")  # fmt: skip
    st.button("Start again", icon=":material/restart_alt:", on_click=measure_editor.start_again,
              disabled=not can, key="start-again")  # fmt: skip


def _codes(labels: dict[str, str]) -> str:
    return " · ".join(f"`{code}` {label}" for code, label in labels.items())


INTRODUCTION = """
Start from a scenario, change a number or a date, switch a measure off, or add a row at the end.
Changed and new measures count as assumptions of yours.
"""
