"""What the reader chooses: the scenario, what to compare it with, and its levers; kept in the URL.

Levers are bound to the address by Streamlit, one parameter ``<scenario>.<lever>`` each, so that
moving one scenario's levers leaves the others alone.  Select boxes would write their labels there;
they are kept by id here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import data

SCENARIO, VERSUS = "scenario", "versus"
BASELINE = "baseline"
"""Value of ``versus`` that asks for no second scenario."""

SHORT_UNIT = 12
"""Longer units stand in the label, not beside the number."""

Levers = tuple[tuple[str, float], ...]


def choice(label: str, options: Mapping[str, str], param: str, key: str, default: str) -> str:
    """Select box over ids, shown by title; starts from the address and is written back to it."""
    if key not in st.session_state:
        is_first_run = not st.session_state.get("checked")
        asked = st.query_params.get(param, default) if is_first_run else default
        if asked not in options:
            notice(f"The address asks for {param} “{_plain(asked)}”, which does not exist here.")
            asked = default
        st.session_state[key] = asked
    elif st.session_state[key] not in options:
        st.session_state[key] = default
    chosen = st.selectbox(label, list(options), format_func=options.__getitem__, key=key)
    if chosen != default:
        st.query_params[param] = chosen
    elif param in st.query_params:
        del st.query_params[param]
    return chosen


def levers(scenario: str, states: Sequence[data.LeverState]) -> Levers:
    """Draw the sliders by group and return those that are off their default, in order."""
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
    return tuple((s.id, values[s.id]) for s in states if values[s.id] != s.default)


def notice(text: str) -> None:
    """Keep a notice until the page shows it."""
    st.session_state.setdefault("notices", []).append(text)


def show_notices() -> None:
    """Show what was kept, once."""
    for text in st.session_state.pop("notices", []):
        st.info(text, icon=":material/info:")


def _key(scenario: str, lever: str) -> str:
    return f"{scenario}.{lever}"


def _assumptions_last(group: str) -> bool:
    return group == "assumptions"


def _slider(scenario: str, state: data.LeverState) -> float:
    is_short = len(state.unit) <= SHORT_UNIT
    unit = state.unit.replace("%", "%%") if is_short else ""
    return st.slider(
        state.label if is_short else f"{state.label} ({state.unit})",
        float(state.min),
        float(state.max),
        float(state.default),
        float(state.step),
        format=f"%g {unit}".strip(),
        key=_key(scenario, state.id),
        help=data.lever_help(state),
        bind="query-params",
    )


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
    known = {state.id: state for state in states}
    for param, text in st.query_params.to_dict().items():
        owner, dot, lever = param.rpartition(".")
        if param in (SCENARIO, VERSUS) or (dot and owner != scenario):
            continue
        state = known.get(lever)
        value = _number(text)
        if state is None:
            notice(f"The address names “{_plain(param)}”, which is no lever of this scenario.")
        elif value is None or not state.min <= value <= state.max:
            notice(
                f"{state.label}: the address asks for “{_plain(text)}”; it must be a number from "
                f"{state.min:g} to {state.max:g} {state.unit}. Shown: {state.default:g}."
            )
        elif not dot:
            st.session_state[_key(scenario, lever)] = value
        if not dot:
            del st.query_params[param]


def _plain(text: str) -> str:
    """Cut a forged parameter down to what can be shown: no markup, no links, not long."""
    return re.sub(r"[^\w .,:+-]", "?", text)[:60]


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
