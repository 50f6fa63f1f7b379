"""What the reader looks at: the scenario, what to compare it with, and its levers."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from dashboard import data
from dashboard.parts import baseline_check, controls, lever_sliders, notices, session_scenarios

SCENARIO, VERSUS = "scenario", "versus"
BASELINE = "baseline"
"""Value of ``versus`` that asks for no second scenario."""


@dataclass(frozen=True)
class ScenarioChoice:
    """A scenario, the one to compare it with, and its levers."""

    name: str
    second: str
    levers: data.LeverValues
    description: data.ScenarioDescription


def scenario_and_levers(*, with_second: bool = True) -> ScenarioChoice | None:
    """Draw the choice of scenarios on top and the levers in the side panel.

    Returns None, with a message on the page, where the scenario cannot run on the tables in use.
    """
    titles = session_scenarios.titles()
    left, right = st.columns(2)
    with left:
        name = controls.select_box("Scenario", titles, SCENARIO, SCENARIO, next(iter(titles)))
    if not baseline_check.can_run(name):
        notices.show()
        return None
    description = data.describe(name)
    with right:
        second = _second(name, description) if with_second else BASELINE
    st.markdown(":small[The levers are in the side panel; on a phone, » at the top opens it.]")
    with st.sidebar:
        st.subheader("Levers", anchor=False)
        levers = lever_sliders.sliders(name, description.levers)
    notices.show()
    return ScenarioChoice(name, second, levers, description)


def _second(name: str, description: data.ScenarioDescription) -> str:
    """Let the reader choose a second scenario; the counterpart, where there is one, is the first.

    A scenario that means that something does not happen is against its counterpart anyhow.
    """
    noun = "baseline" if description.counterpart is None else "counterpart"
    others = data.comparable(name)
    others.pop(description.counterpart or "", None)
    options = {BASELINE: f"Its {noun} only: {description.against}"} | others
    key = f"{name}.{VERSUS}"
    if st.query_params.get(VERSUS) == description.counterpart is not None:
        # Addresses of before named the counterpart as the second scenario.
        st.query_params.pop(VERSUS, None)
    return controls.select_box("Compare with", options, VERSUS, key, BASELINE)
