"""How sure the numbers are, on the page: ranges, tornado, event tree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard import data
from dashboard.charts import line_chart, range_bars
from dashboard.data import (
    alt_texts,
    captions,
    stored_ranges,
    tornado_rows,
    tree_rows,
    worker_requests,
)
from dashboard.parts import controls, job_progress, vega_chart
from dashboard.parts.markdown import plain
from dashboard.parts.text_table import text_table

ABOUT_RANGES = """
The middle nine tenths of two hundred runs, in which the trade elasticities vary with their
published errors, the mobility of workers and capital between 1.05 and 4, and the elasticity between
home and foreign goods between 0.13 and 1.86. What no published error describes (the model's form,
the law to come) is not in them.
"""

ABOUT_TORNADO = """
One input at a time goes to the 5 % and the 95 % point of its range; all others stay as they are. A
wide bar is an input that the answer hangs on.
"""

ABOUT_TREE = """
In every month, given that it has held so far, the scenario breaks down with the chance that you
set, and another law holds from then on. Nobody in the model foresees it.
"""


def figure_choice(answer: data.Answer) -> str:
    """Let the reader choose the figure that all of the page is about."""
    labels, first = stored_ranges.figure_choice(answer)
    return st.selectbox(
        "Figure",
        list(labels),
        first,
        format_func=labels.__getitem__,
        key=f"uncertain-figure{answer.widget_suffix}",
        persist_state="session",
    )


def ranges(answer: data.Answer, key: str) -> None:
    """Draw a figure's range in all scenarios that have one, and all ranges of this scenario."""
    own_ranges = stored_ranges.ranges(answer.name, answer.levers)
    if own_ranges:
        st.markdown(plain(stored_ranges.coverage_of(answer)))
    else:
        st.info(plain(stored_ranges.why_none(answer)), icon=":material/info:")
    if not stored_ranges.has_library(answer):
        return
    is_whole = st.toggle("All scenarios of the library", key="whole-library")
    rows = stored_ranges.range_bars(answer, key, is_whole_library=is_whole)
    if rows:
        title = f"How sure: {answer.figures[key].label}"
        runs = f"{stored_ranges.HEAD.capitalize()}, of 200 runs; point: the number itself"
        caption = captions.of_figure(answer, title, runs, key)
        vega_chart.draw(
            range_bars.ranges(rows, caption, controls.colour_scheme()),
            alt_texts.ranges(rows, caption),
            "ranges",
        )
    else:
        st.markdown("No range is stored for this figure.")
    if own_ranges:
        with st.expander(f"All ranges of “{answer.title}”", icon=":material/table_chart:"):
            table = stored_ranges.range_table(answer, own_ranges)
            text_table(table, f"Ranges of the figures of {answer.title}.")


@st.fragment
def tornado(description: data.ScenarioDescription, answer: data.Answer, key: str) -> None:
    """Work out, when asked, what the figure depends on, and draw it."""
    if not tornado_rows.tornado_inputs(description, answer.levers):
        st.markdown("It has no input that could be moved.")
        return
    asked = (answer.name, answer.levers)
    runs = tornado_rows.tornado_runs(description, answer.levers)
    if st.button(f"Work it out ({runs} runs)", icon=":material/play_arrow:", key="tornado-start"):
        st.session_state["tornado-asked"] = asked
    if st.session_state.get("tornado-asked") != asked:
        st.markdown(":small[Takes a few seconds; the levers that you moved stay where they are.]")
        return
    job = worker_requests.ask_tornado(description, answer.levers)
    swings = job_progress.wait_for(job, "Moving one input at a time …")
    if not swings:
        return
    rows = tornado_rows.swing_bars(swings.get(key), description, answer, key)
    if not rows:
        st.markdown("Nothing moves this figure.")
        return
    caption = tornado_rows.tornado_caption(answer, key)
    vega_chart.draw(
        range_bars.tornado(rows, caption, controls.colour_scheme()),
        alt_texts.tornado(rows, caption),
        "tornado",
    )


@st.fragment
def tree(answer: data.Answer) -> None:
    """Let the reader set the chance of a collapse, and draw what is to be expected then."""
    risk = tree_rows.collapse_risk(answer.name, answer.levers)
    if risk is None:
        st.info(
            "This scenario does not say what it breaks down into, so it has no event tree. "
            "Scenarios that can end early, such as the extended truce, have one.",
            icon=":material/info:",
        )
        return
    percent = st.slider(
        "Chance of a collapse in a month, %", 0.0, 10.0, risk.percent, 0.5, format="%g %%",
        key=f"hazard.{answer.name}", persist_state="session",
    )  # fmt: skip
    asked = (answer.name, answer.levers)
    if st.button("Work the tree out", icon=":material/play_arrow:", key="tree-start"):
        st.session_state["tree-asked"] = asked
    if st.session_state.get("tree-asked") != asked:
        st.markdown(
            f":small[It would break down into “{plain(risk.into)}”. Takes some ten seconds the "
            "first time; other chances then come at once.]"
        )
        return
    job = worker_requests.ask_tree(*asked, tree_rows.share(percent))
    branches = job_progress.wait_for(job, "Solving one path a month of collapse …")
    if branches:
        _branches(branches, answer)


def _branches(branches: Mapping[str, Any], answer: data.Answer) -> None:
    """Draw one figure over the branches: what to expect, the band, and what if it holds."""
    labels = answer.labels
    key = st.selectbox(
        "Figure over the branches",
        list(branches["figures"]),
        format_func=labels.__getitem__,
        key=f"tree-figure{answer.widget_suffix}",
    )
    lines = tree_rows.tree_lines(branches, answer, key)
    band = tree_rows.tree_band(branches, key)
    caption = tree_rows.tree_caption(branches, answer, key)
    vega_chart.draw(
        line_chart.draw(lines, caption, controls.colour_scheme(), band=band),
        alt_texts.lines(lines, caption),
        "tree",
    )
    holds, worse = tree_rows.tree_probabilities(branches, answer, key)
    st.markdown("  \n".join([f"{holds} {worse}", *map(plain, branches["notes"])]))
