"""The table of measures that a reader changes, and what is wrong with it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import data
from dashboard.data import measure_rows
from dashboard.data.pins import NAME_LENGTH
from dashboard.parts import navigation, session_scenarios
from dashboard.parts.markdown import plain
from dashboard.parts.scenario_picker import SCENARIO, ScenarioChoice

STATE = "measure-editor"
"""Key of the session state: what the table started from, what it is now, and what it was."""


def draw(choice: ScenarioChoice) -> None:
    """Draw the table, what is wrong with it, and what to do with it."""
    rows = _edited(choice.name, choice.levers)
    title = st.text_input(
        "Name of your scenario",
        f"{choice.description.title}, changed"[:NAME_LENGTH],
        max_chars=NAME_LENGTH,
        key=f"title-{choice.name}",
    )
    title = " ".join(title.split()) or "My scenario"
    base = measure_rows.starting_scenario(choice.name)
    draft = measure_rows.draft(rows, base, choice.levers, title)
    problems = measure_rows.problems(draft, rows)
    show_problems(problems)
    with st.container(horizontal=True, key="measure-editor-tools"):
        _buttons(draft, title, is_broken=bool(problems))


def _buttons(draft: measure_rows.Draft, title: str, *, is_broken: bool) -> None:
    save_button("Save and show", title, draft.text, "save", is_broken=is_broken)
    if st.button("Save and pin", icon=":material/push_pin:", disabled=is_broken, key="save-pin"):
        session_scenarios.pin(session_scenarios.save(title, draft.text), (), title)
        st.toast("Saved and pinned: see the page Compare.", icon=":material/push_pin:")
    st.download_button(
        "Download (YAML)",
        draft.text,
        f"{measure_rows.slug(title)}.yaml",
        "application/yaml",
        icon=":material/download:",
        on_click="ignore",
        disabled=is_broken,
        key="draft-yaml",
    )
    is_unchanged = not _can_step_back()
    st.button("Undo edit", icon=":material/undo:", on_click=_step_back, disabled=is_unchanged,
              key="step-back")  # fmt: skip
    st.button("Start again", icon=":material/restart_alt:", on_click=_start_again,
              disabled=is_unchanged, key="start-again")  # fmt: skip


def _edited(name: str, levers: data.LeverValues) -> list[measure_rows.Row]:
    """Draw the table and return it as the reader has changed it."""
    state = _state(name, levers)
    rows = st.data_editor(
        state["rows"],
        num_rows="dynamic",
        hide_index=True,
        column_order=_ORDER,
        column_config=_columns(),
        disabled=[measure_rows.UNIT],
        placeholder="",
        key=f"measures-{state['revision']}",
        alt="Measures of the scenario, one a row, to change, switch off or add.",
    )
    if rows != state["now"]:
        state["past"].append(state["now"])
        state["now"] = rows
    return rows


def _state(name: str, levers: data.LeverValues) -> dict[str, Any]:
    """Return what the table starts from; it starts anew with another scenario or lever."""
    state = st.session_state.get(STATE)
    if state is None or state["of"] != (name, levers):
        revision = 0 if state is None else state["revision"] + 1
        rows = measure_rows.rows(name, levers)
        state = {"of": (name, levers), "rows": rows, "revision": revision, "now": rows, "past": []}
        st.session_state[STATE] = state
    return state


def _step_back() -> None:
    """Take the last change of the table back."""
    state = st.session_state.get(STATE)
    if state and state["past"]:
        rows = state["past"].pop()
        state |= {"rows": rows, "now": rows, "revision": state["revision"] + 1}


def _start_again() -> None:
    """Forget all changes of the table."""
    state = st.session_state.pop(STATE, None)
    if state:
        rows = measure_rows.rows(*state["of"])
        past = [*state["past"], state["now"]]
        st.session_state[STATE] = state | {
            "rows": rows, "now": rows, "past": past, "revision": state["revision"] + 1
        }  # fmt: skip


def _can_step_back() -> bool:
    """Tell whether the table was changed."""
    return bool(st.session_state.get(STATE, {}).get("past"))


_ORDER = [
    measure_rows.KEEP, measure_rows.TITLE, measure_rows.AMOUNT, measure_rows.UNIT,
    measure_rows.FROM, measure_rows.UNTIL, measure_rows.KIND, measure_rows.BY, measure_rows.ON,
    measure_rows.SECTORS, measure_rows.REACHES,
]  # fmt: skip


NO_AMOUNT = "Empty: rates by country or by list of goods, or a measure without an amount."


def _columns() -> dict[str, object]:
    column = st.column_config
    kinds = list(measure_rows.LABELS)
    codes = "Codes with commas between them, such as USA, CHN, EU27; or all."
    return {
        measure_rows.KEEP: column.CheckboxColumn(default=True, width=58),
        measure_rows.TITLE: column.TextColumn(width=215, max_chars=120),
        measure_rows.KIND: column.SelectboxColumn(options=kinds, width=130),
        measure_rows.BY: column.TextColumn(help="Who acts: one code, such as USA.", width=60),
        measure_rows.ON: column.TextColumn(
            help=f"{codes} Of a suspension: ids of tariffs.", width=90
        ),
        measure_rows.SECTORS: column.TextColumn(help="Codes such as SOY, RARE; or all.", width=80),
        measure_rows.AMOUNT: column.NumberColumn(width=74, help=NO_AMOUNT),
        measure_rows.UNIT: column.TextColumn(width=104),
        measure_rows.REACHES: column.NumberColumn(
            min_value=0, max_value=1, width=70,
            help="Share of the goods' value that a tariff reaches; empty: a list of goods.",
        ),
        measure_rows.FROM: column.DateColumn(width=92),
        measure_rows.UNTIL: column.DateColumn(help="First day no longer in force.", width=92),
    }  # fmt: skip


def show_problems(problems: list[str]) -> None:
    """List what is wrong, or say that nothing is."""
    if not problems:
        st.success("No problem found.", icon=":material/check:")
        return
    lines = "\n".join(f"- {plain(text)}" for text in problems)
    st.error(f"This cannot be run yet:\n{lines}", icon=":material/error:")


def save_button(label: str, title: str, text: str, key: str, *, is_broken: bool = False) -> None:
    """Draw the button that saves a scenario and shows what it does."""
    is_clicked = st.button(
        label,
        icon=":material/play_arrow:",
        on_click=_save,
        args=(title, text),
        disabled=is_broken,
        type="primary",
        key=key,
    )
    if is_clicked and navigation.knows("scenario"):
        navigation.go("scenario")


def _save(title: str, text: str) -> None:
    st.session_state[SCENARIO] = session_scenarios.save(title, text)
