"""A scenario of the reader's own: change measures in a table, or bring a file."""

from __future__ import annotations

import streamlit as st

from dashboard import choose, data, measures, pinned, shelf, workshop


def show_page() -> None:
    """Draw the page."""
    st.header("Build a scenario", anchor=False)
    st.markdown(INTRODUCTION)
    chosen = choose.scenario_and_levers(second=False)
    with st.container(border=True, key="workshop"):
        _workshop(chosen)
    left, right = st.columns(2)
    with left:
        st.subheader("Bring a file", anchor=False)
        workshop.upload()
    with right:
        st.subheader("Yours in this session", anchor=False)
        workshop.saved()
        if not shelf.current().own:
            st.markdown("Nothing saved yet. What you save lives as long as this session.")
        pinned.undo_button()
    with st.expander("Codes of countries and sectors", icon=":material/key:"):
        st.markdown(_codes(data.regions()) + "\n\n" + _codes(data.sectors()))


def _workshop(chosen: choose.Chosen) -> None:
    """Draw the table, what is wrong with it, and what to do with it."""
    rows = workshop.edited(chosen.name, chosen.levers)
    title = st.text_input(
        "Name of your scenario",
        f"{chosen.plan.title}, changed"[: shelf.NAME_LENGTH],
        max_chars=shelf.NAME_LENGTH,
        key=f"title-{chosen.name}",
    )
    title = " ".join(title.split()) or "My scenario"
    draft = measures.draft(rows, workshop.base_of(chosen.name), chosen.levers, title)
    found = workshop.problems(draft, rows)
    workshop.show_problems(found)
    with st.container(horizontal=True, key="workshop-tools"):
        _buttons(draft, title, is_broken=bool(found))


def _buttons(draft: measures.Draft, title: str, *, is_broken: bool) -> None:
    workshop.present_button("Save and show", title, draft.text, "save", is_broken=is_broken)
    if st.button("Save and pin", icon=":material/push_pin:", disabled=is_broken, key="save-pin"):
        shelf.pin(shelf.save(title, draft.text), (), title)
        st.toast("Saved and pinned: see the page Compare.", icon=":material/push_pin:")
    st.download_button("Download (YAML)", draft.text, f"{measures.slug(title)}.yaml",
                       "application/yaml", icon=":material/download:", on_click="ignore",
                       disabled=is_broken, key="draft-yaml")  # fmt: skip
    can = workshop.can_step_back()
    st.button("Undo edit", icon=":material/undo:", on_click=workshop.step_back, disabled=not can,
              key="step-back")  # fmt: skip
    st.button("Start again", icon=":material/restart_alt:", on_click=workshop.start_again,
              disabled=not can, key="start-again")  # fmt: skip


def _codes(labels: dict[str, str]) -> str:
    return " · ".join(f"`{code}` {label}" for code, label in labels.items())


INTRODUCTION = """
Start from a scenario, change a number or a date, switch a measure off, or add a row at the end.
Changed and new measures count as assumptions of yours.
"""
