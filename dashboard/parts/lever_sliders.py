"""The levers of a scenario as sliders, kept in the address.

Streamlit binds each to one parameter ``<scenario>.<lever>``, so that moving one scenario's levers
leaves the others alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

import streamlit as st

from dashboard import data
from dashboard.data import formatting, text_tables
from dashboard.parts import notices
from dashboard.parts.markdown import address_text

NOT_LEVERS = frozenset({"scenario", "versus", "calendar", "pins", "reference", "region", "show"})
"""Parameters of the address that are not levers."""

SHORT_UNIT = 12
"""Longer units stand in the label, not beside the number."""


def sliders(scenario: str, states: Sequence[data.LeverState]) -> data.LeverValues:
    """Draw the sliders by group and return those that are off their default, in order."""
    _restore_after_change_of_page()
    _take_from_address(scenario, states)
    values = {}
    for group in sorted({state.group: None for state in states}, key=_assumptions_last):
        st.markdown(f"**{group[:1].upper()}{group[1:]}**")
        for state in states:
            if state.group == group:
                values[state.id] = _slider(scenario, state)
    st.button(
        "Reset levers",
        icon=":material/restart_alt:",
        on_click=_reset,
        args=(scenario, states),
        disabled=all(values[state.id] == state.default for state in states),
        key="reset",
    )
    return tuple(
        (state.id, values[state.id]) for state in states if values[state.id] != state.default
    )


def _restore_after_change_of_page() -> None:
    """Give sliders their values back after a change of page, which empties the address."""
    path = urlsplit(st.context.url or "").path
    if st.session_state.get("page", path) != path:
        for key, value in st.session_state.get("kept", {}).items():
            if key not in st.query_params:
                st.session_state[key] = value
    st.session_state["page"] = path


def _key(scenario: str, lever: str) -> str:
    return f"{scenario}.{lever}"


def _assumptions_last(group: str) -> bool:
    return group == "assumptions"


def _slider(scenario: str, state: data.LeverState) -> float:
    """Draw one slider."""
    key = _key(scenario, state.id)
    kept: dict[str, float] = st.session_state.setdefault("kept", {})
    is_short = len(state.unit) <= SHORT_UNIT
    unit = state.unit.replace("%", "%%") if is_short else ""
    kept[key] = st.slider(
        state.label if is_short else f"{state.label} ({state.unit})",
        float(state.min),
        float(state.max),
        float(state.default),
        float(state.step),
        format=f"%g {unit}".strip(),
        key=key,
        help=text_tables.lever_help(state),
        bind="query-params",
    )
    if state.options:
        _presets(key, state)
    return kept[key]


def _presets(key: str, state: data.LeverState) -> None:
    """Draw a button for each value that the sources speak of."""
    with st.container(horizontal=True, gap="xsmall", key=f"presets-{state.id}"):
        for value in state.options:
            st.button(
                f"{value:g}",
                key=f"preset-{key}-{value:g}",
                on_click=_set,
                args=(key, float(value)),
                disabled=st.session_state[key] == value,
                help=f"{state.label}: {value:g} {state.unit}",
            )


def _set(key: str, value: float) -> None:
    st.session_state[key] = value


def _reset(scenario: str, states: Sequence[data.LeverState]) -> None:
    for state in states:
        st.session_state[_key(scenario, state.id)] = float(state.default)


def _take_from_address(scenario: str, states: Sequence[data.LeverState]) -> None:
    """Check the address once a scenario; say what it asks for that cannot be had.

    Streamlit itself drops a bad value of a bound parameter.  The short form ``?us_rate=60`` is
    taken for the scenario that is shown.
    """
    checked = st.session_state.setdefault("checked", set())
    if scenario in checked:
        return
    checked.add(scenario)
    by_id = {state.id: state for state in states}
    for param, text in st.query_params.to_dict().items():
        owner, dot, lever = param.rpartition(".")
        if param in NOT_LEVERS or (dot and owner != scenario):
            continue
        value = _asked_value(param, text, by_id.get(lever))
        if not dot:
            if value is not None:
                st.session_state[_key(scenario, lever)] = value
            del st.query_params[param]


def _asked_value(param: str, text: str, state: data.LeverState | None) -> float | None:
    """Return the value that the address asks for, or None with a notice why it cannot be had."""
    value = formatting.finite_number(text)
    if state is None:
        notices.add(
            f"The address names “{address_text(param)}”, which is no lever of this scenario."
        )
        return None
    if value is None or not state.min <= value <= state.max:
        notices.add(
            f"{state.label}: the address asks for “{address_text(text)}”; it must be a number from "
            f"{state.min:g} to {state.max:g} {state.unit}. Shown: {state.default:g}."
        )
        return None
    return value
