"""What the reader chooses: the scenario, what to compare it with, and its levers; kept in the URL.

Levers are bound to the address by Streamlit, one parameter ``<scenario>.<lever>`` each, so that
moving one scenario's levers leaves the others alone.  Select boxes would write their labels there;
they are kept by id here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import streamlit as st

from dashboard import data
from dashboard.data import formatting, text_tables
from dashboard.parts import session_scenarios

SCENARIO, VERSUS = "scenario", "versus"
BASELINE = "baseline"
"""Value of ``versus`` that asks for no second scenario."""

OTHERS = frozenset({SCENARIO, VERSUS, "calendar", "pins", "reference", "region", "show"})
"""Parameters of the address that are no lever."""

SHORT_UNIT = 12
"""Longer units stand in the label, not beside the number."""

Levers = tuple[tuple[str, float], ...]


def choice(label: str, options: Mapping[str, str], param: str, key: str, default: str) -> str:
    """Select box over ids, shown by title; starts from the address and is written back to it."""
    if key not in st.session_state:
        asked = _asked(param, default)
        if asked not in options:
            notice(f"The address asks for {param} “{plain(asked)}”, which does not exist here.")
            asked = default
        st.session_state[key] = asked
    elif st.session_state[key] not in options:
        st.session_state[key] = default
    chosen = st.selectbox(
        label, list(options), format_func=options.__getitem__, key=key, persist_state="session"
    )
    if chosen != default:
        st.query_params[param] = chosen
    elif param in st.query_params:
        del st.query_params[param]
    return chosen


def _asked(param: str, default: str) -> str:
    """What the address asks for; asked once, so that it does not bind what is chosen later."""
    read: set[str] = st.session_state.setdefault("read", set())
    is_first = param not in read
    read.add(param)
    return st.query_params.get(param, default) if is_first else default


@dataclass(frozen=True)
class Chosen:
    """What the reader looks at: a scenario, the one to compare it with, and its levers."""

    name: str
    second: str
    levers: Levers
    plan: data.Plan


def scenario_and_levers(*, second: bool = True) -> Chosen:
    """Draw the choice of scenarios on top and the levers in the side panel."""
    titles = session_scenarios.titles()
    left, right = st.columns(2)
    with left:
        name = choice("Scenario", titles, SCENARIO, SCENARIO, next(iter(titles)))
    plan = data.plan(name)
    with right:
        other = _second(name, plan) if second else BASELINE
    st.markdown(":small[The levers are in the side panel; on a phone, » at the top opens it.]")
    with st.sidebar:
        st.subheader("Levers", anchor=False)
        values = levers(name, plan.levers)
    show_notices()
    return Chosen(name, other, values, plan)


def _second(name: str, plan: data.Plan) -> str:
    seconds = {BASELINE: f"Its baseline only: {plan.against}"} | data.comparable(name)
    default = plan.counterpart if plan.counterpart in seconds else BASELINE
    return choice("Compare with", seconds, VERSUS, f"{name}.{VERSUS}", default)


def levers(scenario: str, states: Sequence[data.LeverState]) -> Levers:
    """Draw the sliders by group and return those that are off their default, in order."""
    _bring_back()
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


def _bring_back() -> None:
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
    known = {state.id: state for state in states}
    for param, text in st.query_params.to_dict().items():
        owner, dot, lever = param.rpartition(".")
        if param in OTHERS or (dot and owner != scenario):
            continue
        state = known.get(lever)
        value = formatting.number(text)
        if state is None:
            notice(f"The address names “{plain(param)}”, which is no lever of this scenario.")
        elif value is None or not state.min <= value <= state.max:
            notice(
                f"{state.label}: the address asks for “{plain(text)}”; it must be a number from "
                f"{state.min:g} to {state.max:g} {state.unit}. Shown: {state.default:g}."
            )
        elif not dot:
            st.session_state[_key(scenario, lever)] = value
        if not dot:
            del st.query_params[param]


def plain(text: str) -> str:
    """Cut a forged parameter down to what can be shown: no markup, no links, not long."""
    return re.sub(r"[^\w .,:+-]", "?", text)[:60]
