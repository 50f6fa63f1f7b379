"""How sure the numbers are, on the page: ranges, tornado, event tree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard import data
from dashboard.charts import bar_chart, line_chart, range_bars
from dashboard.data import formatting, uncertainty
from dashboard.parts import answer_cards, scenario_picker, vega_chart
from dashboard.worker import pool

ABOUT_RANGES = """
The middle nine tenths of two hundred runs, in which the trade elasticities vary with their
published errors and the mobility of workers and capital between 1.05 and 4. What no published error
describes (the model's form, the law to come) is not in them.
"""

ABOUT_TORNADO = """
One input at a time goes to the 5 % and the 95 % point of its range; all others stay as they are. A
wide bar is an input that the answer hangs on.
"""

ABOUT_TREE = """
In every month, given that it has held so far, the scenario breaks down with the chance that you
set, and another law holds from then on. Nobody in the model foresees it.
"""

POLL = 0.1


def figure_choice(answer: data.Answer) -> str:
    """Let the reader choose the figure that all of the page is about."""
    labels = data.figure_labels()
    options = [key for key in labels if key in answer.figures]
    start = "us_real_income_per_household"
    return st.selectbox(
        "Figure", options, options.index(start) if start in options else 0,
        format_func=labels.__getitem__, key="doubted", persist_state="session",
    )  # fmt: skip


def told(answer: data.Answer, key: str, value: float) -> str:
    """Return a change of a figure with its unit."""
    return answer_cards.amount(value, answer.figures[key].change_unit)


def caption(answer: data.Answer, title: str, scenario: str, key: str) -> bar_chart.Caption:
    """Return what is written in a picture about a figure's change."""
    figure = answer.figures[key]
    unit = f"Change, {formatting.yearly(figure.change_unit)}"
    return bar_chart.Caption(title, scenario, unit, answer.source.rpartition("; ")[0])


def ranges(answer: data.Answer, key: str) -> None:
    """Draw a figure's range in all scenarios that have one, and all ranges of this scenario."""
    mine = uncertainty.ranges(answer.name, answer.levers)
    if not mine:
        st.info(
            "No range is stored for this scenario with these levers: ranges are worked out "
            "beforehand, for the scenarios below with all levers at their defaults. "
            "The tornado further down works for every scenario.",
            icon=":material/info:",
        )
    is_whole = st.toggle("All scenarios of the library", key="whole-library")
    found = uncertainty.all_ranges(key, answer.name, is_whole_library=is_whole)
    rows = [
        range_bars.Span(
            title, *ends, *(told(answer, key, end) for end in ends), centre,
            told(answer, key, centre),
        )
        for title, (centre, ends) in found.items()
    ]  # fmt: skip
    if rows:
        about = caption(answer, f"How sure: {answer.figures[key].label}",
                        "5 to 95 % of 200 runs; point: the number itself", key)  # fmt: skip
        vega_chart.vega(
            range_bars.ranges(rows, about, answer_cards.scheme()),
            range_bars.ranges_finding(rows, about),
            "ranges",
        )
    else:
        st.markdown("No range is stored for this figure.")
    if mine:
        with st.expander(f"All ranges of “{answer.title}”", icon=":material/table_chart:"):
            answer_cards.text_table(
                table(answer, mine), f"Ranges of the figures of {answer.title}."
            )


def table(answer: data.Answer, known: Mapping[str, uncertainty.Range]) -> list[dict[str, str]]:
    """Return every range of a scenario as text, and whether its sign is sure."""
    return [
        {
            "Figure": answer.figures[key].label,
            "Change": data.change_text(answer.figures[key]),
            "5 % below": told(answer, key, low),
            "95 % below": told(answer, key, high),
            "Direction": "not sure" if low < 0 < high else "sure within the range",
        }
        for key, (low, high) in known.items()
        if key in answer.figures
    ]


def waited(job: pool.Job, text: str) -> Any:  # noqa: ANN401  plain data, or None
    """Show how far a job is until it ends; say what went wrong, if something did."""
    place = st.empty()
    while not job.wait(POLL):
        place.progress(min(job.part, 1.0), text)
    place.empty()
    if job.error:
        st.warning(f"It has no answer: {job.error}", icon=":material/warning:")
    return job.answer


@st.fragment
def tornado(chosen: scenario_picker.Chosen, answer: data.Answer, key: str) -> None:
    """Work out, when asked, what the figure hangs on, and draw it."""
    asked = (answer.name, answer.levers)
    moved = uncertainty.inputs(chosen.plan, answer.levers)
    if st.button(f"Work it out ({1 + 2 * len(moved)} runs)", icon=":material/play_arrow:",
                 key="tornado-start"):  # fmt: skip
        st.session_state["tornado-asked"] = asked
    if st.session_state.get("tornado-asked") != asked:
        st.markdown(":small[Takes a few seconds; the levers that you moved stay where they are.]")
        return
    found = waited(
        uncertainty.ask_tornado(chosen.plan, answer.levers), "Moving one input at a time …"
    )
    if not found:
        return
    rows = _swings(found.get(key), chosen.plan, answer, key)
    if not rows:
        st.markdown("Nothing moves this figure.")
        return
    about = caption(answer, f"What it hangs on: {answer.figures[key].label}",
                    f"{answer_cards.titled(answer)}, against “{answer.against}”", key)  # fmt: skip
    vega_chart.vega(
        range_bars.tornado(rows, about, answer_cards.scheme()),
        range_bars.tornado_finding(rows, about),
        "tornado",
    )


def _swings(
    found: Mapping[str, Any] | None, plan: data.Plan, answer: data.Answer, key: str
) -> list[range_bars.Span]:
    """Return the swings as rows, widest first; inputs that do nothing are left out."""
    if found is None:
        return []
    states = {one.id: one for one in plan.levers}
    centre = found["centre"]
    rows = []
    for one in found["swings"]:
        ends = one["at_low"], one["at_high"]
        texts = [told(answer, key, end) for end in ends]
        if texts[0] == texts[1] == told(answer, key, centre):
            continue
        label = _input(states.get(one["name"]), one)
        rows.append(range_bars.Span(label, *ends, *texts, centre, told(answer, key, centre)))
    return rows


def _input(state: data.LeverState | None, swing: Mapping[str, Any]) -> str:
    """Name an input and its two ends."""
    if state is None:
        return f"Trade elasticities: {swing['low']} to {swing['high']}".replace("_", " ")
    return f"{state.label}: {swing['low']:.3g} to {swing['high']:.3g} {state.unit}".strip()


@st.fragment
def tree(answer: data.Answer) -> None:
    """Let the reader set the chance of a collapse, and draw what is to be expected then."""
    known = uncertainty.collapse_of(answer.name, answer.levers)
    if known is None:
        st.info(
            "This scenario does not say what it breaks down into, so it has no event tree. "
            "Scenarios that can end early, such as the extended truce, have one.",
            icon=":material/info:",
        )
        return
    hazard = st.slider(
        "Chance of a collapse in a month, %", 0.0, 10.0, 100 * known.hazard, 0.5, format="%g %%",
        key=f"hazard.{answer.name}", persist_state="session",
    )  # fmt: skip
    asked = (answer.name, answer.levers)
    if st.button("Work the tree out", icon=":material/play_arrow:", key="tree-start"):
        st.session_state["tree-asked"] = asked
    if st.session_state.get("tree-asked") != asked:
        st.markdown(f":small[It would break down into “{answer_cards.plain(known.into)}”. Takes some ten "
                    "seconds the first time; other chances then come at once.]")  # fmt: skip
        return
    found = waited(
        uncertainty.ask_tree(*asked, hazard / 100), "Solving one path a month of collapse …"
    )
    if found:
        _branches(found, answer)


def _branches(found: Mapping[str, Any], answer: data.Answer) -> None:
    """Draw one figure over the branches: what to expect, the band, and what if it holds."""
    labels = data.figure_labels()
    key = st.selectbox("Figure over the branches", list(found["figures"]),
                       format_func=labels.__getitem__, key="tree-figure")  # fmt: skip
    one, months = found["figures"][key], found["months"]
    drawn = [
        line_chart.Line(name, tuple((f"{month}-01", value, told(answer, key, value))
                               for month, value in zip(months, values, strict=True)))
        for name, values in (("Expected", one["expected"]), ("If it holds", one["holds"]))
    ]  # fmt: skip
    about = caption(answer, f"If it may break down: {answer.figures[key].label}",
                    f"{answer.title}, {100 * found['hazard']:g} % a month", key)  # fmt: skip
    about = answer_cards.with_words(about, about.title, f"{about.unit}, annual rates; band: 10 to 90 %",
                            f"Breaks down into “{found['into']}”.")  # fmt: skip
    band = line_chart.Band(tuple((f"{month}-01", low, high) for month, low, high in
                            zip(months, one["low"], one["high"], strict=True)))  # fmt: skip
    vega_chart.vega(
        line_chart.draw(drawn, about, answer_cards.scheme(), band=band),
        line_chart.finding(drawn, about),
        "tree",
    )
    held = found["probability_holds"]
    st.markdown(
        f"It holds for all {len(months)} months with a probability of {100 * held:.0f} %. "
        f"The path as a whole is worse than the baseline with {100 * one['worse']:.0f} %.  \n"
        + "  \n".join(answer_cards.plain(note) for note in found["notes"])
    )
