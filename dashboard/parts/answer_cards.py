"""The parts of a page that answer: figures, words, charts, evidence, how to reproduce it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import streamlit as st

from dashboard import data
from dashboard.charts import bar_chart, sparkline
from dashboard.data import downloads, ranking, reliability_sentence, reproduction, text_tables
from dashboard.parts import scenario_picker, vega_chart

FIGURES = (
    "us_imports_from_china",
    "us_tariff_on_china_before",
    "us_tariff_revenue",
    "us_soybean_income",
    "us_real_income",
    "us_real_income_per_household",
    "cn_real_income",
    "cn_real_income_per_household",
)
"""What every scenario shows on cards; the rest is in the table below them."""

FIRST, SECOND = ":blue[●]", ":orange[■]"
"""Marks of the baseline and the second scenario, in the colours of the charts."""

NARROW_PERCENT = "\N{NO-BREAK SPACE}%"
"""Keeps a percent sign on the line of its number."""

SENTENCES = 6
"""How many sentences stand above the fold."""


def last_answer(name: str, levers: data.LeverValues) -> data.Answer | None:
    """Solve; where that fails, say so and return the last answer that there was, if any."""
    last: dict[str, data.Answer] = st.session_state.setdefault("last", {})
    try:
        last[name] = data.answer(name, levers)
    except data.NoAnswer as failure:
        kept = last.get(name)
        below = "" if kept is None else f" Shown below: the last answer, {kept.levers_text}."
        st.warning(f"{failure}{below}", icon=":material/warning:")
    return last.get(name)


def two_results(
    chosen: scenario_picker.Chosen,
) -> tuple[data.RunResult, data.RunResult | None, bar_chart.Caption] | None:
    """Return the result tables of what is chosen, and what is written in their pictures."""
    answer, other = last_answer(chosen.name, chosen.levers), None
    if answer is None:
        return None
    if chosen.second != scenario_picker.BASELINE:
        levers = data.shared(answer.levers, chosen.plan, chosen.second)
        other = last_answer(chosen.second, levers)
    against = answer.against if other is None else other.title
    scenario = f"{titled(answer)}, against “{against}”"
    second = None if other is None else data.result(other.name, other.levers)
    caption = bar_chart.Caption("", scenario, "", answer.source)
    return data.result(answer.name, answer.levers), second, caption


def titled(answer: data.Answer) -> str:
    """Title of what is shown, with the levers that are moved."""
    return f"{answer.title}, {answer.levers_text}" if answer.levers else answer.title


def with_words(caption: bar_chart.Caption, title: str, unit: str, note: str) -> bar_chart.Caption:
    """Return the caption with a picture's own words."""
    return replace(caption, title=title, unit=unit, note=note)


def scheme() -> str:
    """Colour scheme that the reader sees: light or dark."""
    return st.context.theme.type or "light"


def one_of(label: str, options: Mapping[str, Any], key: str) -> str:
    """Let the reader choose one of a few; returns its id."""
    return st.segmented_control(
        label,
        list(options),
        default=next(iter(options)),
        format_func=lambda one: options[one].label,
        required=True,
        key=key,
        persist_state="session",
        label_visibility="collapsed",
    )


def figures(answer: data.Answer, other: data.Answer | None) -> dict[str, Any]:
    """Draw the cards, each against the baseline and, if there is one, the second scenario.

    Returns the places of the sparklines by figure, to be filled when the path is there.
    """
    slots = {}
    worth = {} if other is None else data.differences(answer, other)
    names = zip((FIRST, SECOND), ranking.names(answer, other), strict=False)
    st.markdown("Changes: " + " · ".join(f"{mark} {name}" for mark, name in names))
    with st.grid("auto", min_column_width=180, key="figures"):
        for name in FIGURES:
            figure = answer.figures.get(name)
            if figure is not None:
                slots[name] = _card(figure, worth.get(name))
    return slots


def _card(figure: data.Figure, second: data.Figure | None) -> Any:  # noqa: ANN401  a place
    """Draw one figure: its level and changes, or the change that matters where it has no level."""
    changes = {FIRST: data.change_text(figure)}
    if second is not None:
        changes[SECOND] = data.change_text(second)
    big = None if figure.value is None else data.with_unit(figure.value, figure.unit)
    if big is None:
        lead = SECOND if second is not None and data.is_still(figure) else FIRST
        big = f"{changes.pop(lead)} {lead}"
    with st.container(border=True, key=f"card-{figure.id}", height="stretch", gap="xxsmall"):
        st.markdown(f":small[{figure.label}]", help=text_tables.definition(figure))
        st.metric(figure.label, big, label_visibility="collapsed")
        for mark, text in changes.items():
            st.markdown(f"{mark} :small[{text.replace(' %', NARROW_PERCENT)}]")
        slot = st.empty()
        slot.html(sparkline.BLANK)
    return slot


def words(answer: data.Answer, other: data.Answer | None, reason: str, plan: data.Plan) -> None:
    """Write the answer in sentences; first what the measure is worth, where it prevents another."""
    with st.container(border=True, key="words"):
        if other is not None and reason:
            first, stop, rest = data.worth(answer, other, reason).partition(". ")
            month = reliability_sentence.month(data.differences(answer, other))
            st.markdown(f"**{first}{stop.strip()}** **{month}** {rest}".replace(" **** ", " "))
        st.markdown(" ".join(answer.sentences[:SENTENCES]))
        st.markdown(
            f"**How sure.** {plain(' '.join(reliability_sentence.sentences(plan, answer, other)))}"
        )
        if rest := answer.sentences[SENTENCES:]:
            with st.expander("More in words"):
                st.markdown("\n".join(f"- {sentence}" for sentence in rest))


def ranking_chart(view: data.View, answer: data.Answer, other: data.Answer | None) -> None:
    """Draw who gains and who loses, against the baseline and the second scenario."""
    bars = ranking.movers(view, answer, other)
    note = ranking.note(view, answer, other)
    if not bars:
        st.markdown(f"{view.title}: {note}")
        return
    series = ranking.names(answer, other)
    caption = bar_chart.Caption(view.title, titled(answer), view.axis, answer.source, note, series)
    vega_chart.vega(
        spec=bar_chart.ranking(bars, caption, scheme()),
        alt=bar_chart.finding(bars, caption),
        key=f"chart-{view.id}",
    )


def table(answer: data.Answer, other: data.Answer | None) -> None:
    """Show every headline figure: baseline, scenario, difference."""
    with lazy("All figures", ":material/table_chart:", "all-figures") as is_open:
        if is_open:
            text_table(
                text_tables.figure_table(answer, other),
                f"All headline figures of {answer.title}: baseline, scenario and difference.",
            )


def amount(value: float, unit: str) -> str:
    """Return a change with its unit and sign, or that there is none."""
    text = data.with_unit(value, unit, sign=True)
    return text if any(digit in text.partition(" ")[0] for digit in "123456789") else "no change"


@contextmanager
def lazy(label: str, icon: str, key: str) -> Iterator[bool]:
    """Give a box that the reader opens, and whether it is open: only then is it worth filling."""
    box = st.expander(label, icon=icon, key=key, on_change="rerun")
    with box:
        yield bool(box.open)


def evidence(plan: data.Plan, levers: data.LeverValues) -> None:
    """Show what an article states, what is law or data, and what is assumed."""
    st.subheader("What this rests on", anchor=False)
    stated = "; ".join(plan.stated) or "no number of this scenario"
    st.markdown(f"{_badge('article')} states: {stated}.")
    if texts := text_tables.assumed(plan, levers):
        st.markdown(f"{_badge('assumption')} nobody states: {'; '.join(texts)}.")
    with lazy(
        "This scenario's measures and levers: sources", ":material/fact_check:", "own-sources"
    ) as is_open:
        if is_open:
            sources(plan.own, f"Sources of {plan.title}, with grades.")
    if plan.inherited:
        with lazy(
            f"In force already: {plan.against}", ":material/gavel:", "inherited-sources"
        ) as is_open:
            if is_open:
                sources(plan.inherited, f"Sources of {plan.against}, with grades.")


def sources(rows: Sequence[data.Evidence], alt: str) -> None:
    """Draw sources as a table, with badges and grades."""
    st.table(
        [
            {
                "What": plain(row.what),
                "Kind": _badge(row.kind),
                "Grade": row.grade,
                "Source": plain(row.source),
                "Where": plain(row.address),
                "Date": row.date,
            }
            for row in rows
        ],
        hide_index=True,
        alt=alt,
    )
    st.markdown(GRADES)


def text_table(rows: Sequence[Mapping[str, str]], alt: str) -> None:
    """Draw a table of plain text."""
    cells = [{name: plain(text) for name, text in row.items()} for row in rows]
    st.table(cells, hide_index=True, alt=alt)


def plain(text: str) -> str:
    """Return text that Markdown shows as it is."""
    return re.sub(r"([\\`*_~$<>\[\]|])", r"\\\1", text)


def _badge(kind: str) -> str:
    icon, colour, label = BADGES[kind]
    return f":{colour}-badge[{icon} {label}]"


BADGES = {
    "article": (":material/newspaper:", "blue", "Article"),
    "law": (":material/gavel:", "green", "Law"),
    "data": (":material/database:", "green", "Data"),
    "report": (":material/description:", "violet", "Report"),
    "model": (":material/function:", "gray", "Model"),
    "assumption": (":material/help:", "orange", "Assumption"),
}
"""How the kinds of evidence look: icon, colour and word, so that colour is never alone."""

GRADES = (
    "Grades: **A** legal text or official data; **B** press, law firm or institute; "
    "**C** weak page; **X** computed from A; **M** from memory, unverified."
)


def reproduce(answer: data.Answer) -> None:
    """Show how to get the same numbers elsewhere, and offer them as files."""
    name, levers = answer.name, answer.levers
    st.subheader("Reproduce", anchor=False)
    with st.expander("Command and Python lines", icon=":material/terminal:"):
        file = downloads.file_name(name)
        both = (reproduction.command(file, levers), reproduction.command(file, levers, data.MONTHS))
        st.code("\n".join(both), language="shell", wrap_lines=True)
        st.code(reproduction.python_lines(file, levers), language="python", wrap_lines=True)
    with st.container(horizontal=True, key="downloads"):
        download("Result (CSV)", lambda: downloads.csv(name, levers), f"{name}.csv", key="csv")
        download(
            "Result (Parquet)",
            lambda: downloads.parquet(name, levers),
            f"{name}.parquet",
            "application/vnd.apache.parquet",
            key="parquet",
        )
        download(
            "Scenario (YAML)",
            lambda: downloads.scenario_yaml(name, levers),
            f"{name}.yaml",
            "application/yaml",
            key="yaml",
        )


def download(
    label: str,
    content: Callable[[], bytes | str],
    file: str,
    kind: str = "text/csv",
    key: str = "",
) -> None:
    """Draw a button that writes a file when it is clicked, not before."""
    st.download_button(
        label, content, file, kind, icon=":material/download:", on_click="ignore", key=key or file
    )
