"""Where a reader changes measures: the table, what is wrong with it, and files in and out."""

from __future__ import annotations

import re
from dataclasses import dataclass

import streamlit as st

from dashboard import data
from dashboard.data import downloads, measure_rows
from dashboard.parts import answer_cards, navigation, scenario_picker, session_scenarios

STATE = "workshop"
_FIELD = re.compile(r"measures\[(\d+)\]\.?(.*)")


@dataclass(frozen=True)
class Base:
    """The scenario that the table starts from; `parent` is the shipped one that a file extends."""

    name: str
    parent: str | None


def base_of(name: str) -> Base:
    """Return where a changed `name` starts from: itself, or what a reader's scenario extends."""
    if name not in data.PLACES:
        return Base(name, name)
    return Base(name, data.parsed(data.PLACES[name].read_text(encoding="utf-8")).get("extends"))


def edited(name: str, levers: data.LeverValues) -> list[measure_rows.Row]:
    """Draw the table and return it as the reader has changed it."""
    state = _state(name, levers)
    rows = st.data_editor(
        state["rows"],
        num_rows="dynamic",
        hide_index=True,
        column_order=_ORDER,
        column_config=_columns(),
        disabled=[measure_rows.UNIT],
        key=f"measures-{state['revision']}",
        alt="Measures of the scenario, one a row, to change, switch off or add.",
    )
    if rows != state["now"]:
        state["past"].append(state["now"])
        state["now"] = rows
    return rows


def _state(name: str, levers: data.LeverValues) -> dict:
    """Return what the table starts from; it starts anew with another scenario or lever."""
    state = st.session_state.get(STATE)
    if state is None or state["of"] != (name, levers):
        old = -1 if state is None else state["revision"]
        state = {"of": (name, levers), "rows": _rows(name, levers), "revision": old + 1}
        state |= {"now": state["rows"], "past": []}
        st.session_state[STATE] = state
    return state


def _rows(name: str, levers: data.LeverValues) -> list[measure_rows.Row]:
    """Rows of a scenario: its own measures first, then those in force already."""
    scenario = data.resolved(name, levers)
    below = data.inherited(name)
    order = sorted(scenario.measures, key=lambda one: (one.id in below, one.title))
    return [measure_rows.row(one, scenario.date) for one in order]


def step_back() -> None:
    """Take the last change of the table back."""
    state = st.session_state.get(STATE)
    if state and state["past"]:
        rows = state["past"].pop()
        state |= {"rows": rows, "now": rows, "revision": state["revision"] + 1}


def start_again() -> None:
    """Forget all changes of the table."""
    state = st.session_state.pop(STATE, None)
    if state:
        rows = _rows(*state["of"])
        past = [*state["past"], state["now"]]
        st.session_state[STATE] = state | {
            "rows": rows, "now": rows, "past": past, "revision": state["revision"] + 1
        }  # fmt: skip


def can_step_back() -> bool:
    """Tell whether the table was changed."""
    return bool(st.session_state.get(STATE, {}).get("past"))


_ORDER = [
    measure_rows.KEEP, measure_rows.TITLE, measure_rows.AMOUNT, measure_rows.UNIT, measure_rows.FROM, measure_rows.UNTIL,
    measure_rows.KIND, measure_rows.BY, measure_rows.ON, measure_rows.SECTORS, measure_rows.REACHES,
]  # fmt: skip


def _columns() -> dict[str, object]:
    kinds = st.column_config
    codes = "Codes with commas between them, such as USA, CHN, EU27; or all."
    return {
        measure_rows.KEEP: kinds.CheckboxColumn(default=True, width=58),
        measure_rows.TITLE: kinds.TextColumn(width=215, max_chars=120),
        measure_rows.KIND: kinds.SelectboxColumn(options=list(measure_rows.KINDS.values()), width=130),
        measure_rows.BY: kinds.TextColumn(help="Who acts: one code, such as USA.", width=60),
        measure_rows.ON: kinds.TextColumn(help=f"{codes} Of a suspension: ids of tariffs.", width=90),
        measure_rows.SECTORS: kinds.TextColumn(help="Codes such as SOY, RARE; or all.", width=80),
        measure_rows.AMOUNT: kinds.NumberColumn(width=74, help="Empty: a schedule of many rates."),
        measure_rows.UNIT: kinds.TextColumn(width=104),
        measure_rows.REACHES: kinds.NumberColumn(
            min_value=0, max_value=1, width=70,
            help="Share of the goods' value that a tariff reaches; empty: a list of goods.",
        ),
        measure_rows.FROM: kinds.DateColumn(width=92),
        measure_rows.UNTIL: kinds.DateColumn(help="First day no longer in force.", width=92),
    }  # fmt: skip


def problems(draft: measure_rows.Draft, rows: list[measure_rows.Row]) -> list[str]:
    """Everything that is wrong with the table, by row."""
    found = [f"{_row_name(rows, position)}: {text}" for position, text in draft.refused]
    for one in downloads.problems(draft.text):
        match = _FIELD.match(one.field)
        if match and int(match[1]) < len(draft.rows):
            name = _row_name(rows, draft.rows[int(match[1])])
            found.append(f"{name}{', ' + match[2] if match[2] else ''}: {one.text}")
        else:
            found.append(f"{one.field}: {one.text}" if one.field else one.text)
    return found


def _row_name(rows: list[measure_rows.Row], position: int) -> str:
    title = rows[position].get(measure_rows.TITLE) or "new measure"
    return f"Row {position + 1} ({title})"


def show_problems(found: list[str]) -> None:
    """List what is wrong, or say that nothing is."""
    if not found:
        st.success("No problem found.", icon=":material/check:")
        return
    lines = "\n".join(f"- {answer_cards.plain(text)}" for text in found)
    st.error(f"This cannot be run yet:\n{lines}", icon=":material/error:")


def upload() -> None:
    """Take a scenario file; say with line numbers what is wrong with it."""
    file = st.file_uploader(
        "A scenario file (YAML)",
        type=["yaml", "yml"],
        max_upload_size=1,
        help="It may refer to shipped scenarios and measures; at most 256 kB are read.",
        key="upload",
    )
    if file is None:
        return
    text = downloads.decoded(file.getvalue())
    found = ["The file is no UTF-8 text."] if text is None else downloads.problems(text)
    if found:
        show_problems([str(one) for one in found])
        return
    title = str(data.parsed(text)["title"])
    st.success(f"“{answer_cards.plain(title)}” can be run.", icon=":material/check:")
    present_button("Save and show it", title, text, "show-upload")


def present_button(label: str, title: str, text: str, key: str, *, is_broken: bool = False) -> None:
    """Draw the button that saves a scenario and shows what it does."""
    is_clicked = st.button(
        label,
        icon=":material/play_arrow:",
        on_click=_present,
        args=(title, text),
        disabled=is_broken,
        type="primary",
        key=key,
    )
    if is_clicked and navigation.knows("scenario"):
        navigation.go("scenario")


def _present(title: str, text: str) -> None:
    st.session_state[scenario_picker.SCENARIO] = session_scenarios.save(title, text)


def saved() -> None:
    """List the reader's scenarios, with ways to drop them."""
    for position, one in enumerate(session_scenarios.current().own):
        with st.container(horizontal=True, key=f"own-{position}", vertical_alignment="center"):
            st.markdown(answer_cards.plain(one.title))
            st.download_button(
                "YAML",
                one.text,
                f"{measure_rows.slug(one.title)}.yaml",
                "application/yaml",
                icon=":material/download:",
                on_click="ignore",
                key=f"own-yaml-{position}",
            )
            st.button(
                "Forget",
                icon=":material/delete:",
                on_click=session_scenarios.forget,
                args=(position,),
                key=f"forget-{position}",
            )
