"""What drives a result: each measure's part in the change, drawn and said."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from dashboard import data
from dashboard.charts import bar_chart
from dashboard.data import formatting
from dashboard.parts import answer_cards, vega_chart

FIGURES = (
    "us_real_income_per_household",
    "cn_real_income_per_household",
    "us_imports_from_china",
    "us_tariff_on_china_before",
    "us_tariff_revenue",
    "us_soybean_income",
)
PART, WHOLE, OTHERS = "A measure", "All together", "All other measures"
NO_PARTS = """
There are no parts to tell apart here. This scenario sets the law of one day of history against the
law of another, and on both days dozens of acts are in force that work on each other; the difference
belongs to all of them together. The page *Timeline* shows what was done between the two days.
"""

MOST = 12
"""Measures that are drawn; the rest is one bar."""

TELLING = 0.002
"""Part of the largest bar below which a measure is said to do nothing."""


@dataclass(frozen=True)
class Parts:
    """A decomposition, its sign, and what is written in its picture."""

    split: data.Decomposition
    sign: float
    words: str
    source: str

    def bars(self, key: str) -> list[bar_chart.Bar]:
        """Return the parts of a figure, largest first, and the whole."""
        figure = self.split.figures[key]
        amounts = {one.title: self.sign * one.contributions[key] for one in self.split.parts}
        order = sorted(amounts, key=lambda title: -abs(amounts[title]))
        if len(order) > MOST + 1:
            order, rest = order[:MOST], order[MOST:]
            amounts[OTHERS] = sum(amounts[title] for title in rest)
            order.append(OTHERS)
        whole = self.sign * figure.change
        largest = max(abs(value) for value in (*amounts.values(), whole))
        unit = figure.change_unit
        bars = [_bar(self._title(one), PART, amounts[one], unit, largest) for one in order]
        return bars + ([_bar(WHOLE, WHOLE, whole, unit, largest)] if len(bars) > 1 else [])

    def _title(self, title: str) -> str:
        return f"Not happening: {title}" if self.sign < 0 and title != OTHERS else title


def _bar(label: str, series: str, value: float, unit: str, largest: float) -> bar_chart.Bar:
    is_nothing = abs(value) <= TELLING * largest
    text = "" if is_nothing else data.with_unit(value, unit, sign=True)
    return bar_chart.Bar(label, series, 0.0 if is_nothing else value, text)


def draw(answer: data.Answer, other: data.Answer | None) -> None:
    """Draw the parts of one figure that the reader chooses, once the reader opens the box.

    They take as long as the answer itself, so that a slider would be half as quick with them.
    """
    box = st.expander("What drives this: each measure's part", icon=":material/account_tree:",
                      key="drivers-open", on_change="rerun")  # fmt: skip
    if not box.open:
        return
    with box:
        key = _figure()
        try:
            parts = parts_of(answer, other)
        except data.NoParts:
            st.markdown(NO_PARTS)
            return
        except data.NoAnswer as failure:
            st.warning(str(failure), icon=":material/warning:")
            return
        _chart(parts, key)
        st.markdown(note(parts))


def _figure() -> str:
    labels = data.figure_labels()
    return st.selectbox(
        "Figure",
        [key for key in FIGURES if key in labels],
        format_func=labels.__getitem__,
        key="driven",
        persist_state="session",
        label_visibility="collapsed",
    )


def parts_of(answer: data.Answer, other: data.Answer | None) -> Parts:
    """Parts against the baseline; where nothing moves there, what the second one would have done.

    A truce that goes on changes nothing against October 2025: it is worth what does not happen.
    """
    mine = data.drivers(answer.name, answer.levers)
    if mine.parts or other is None:
        return Parts(
            mine, 1.0, f"{answer_cards.titled(answer)}, against “{answer.against}”", answer.source
        )
    theirs = data.drivers(other.name, other.levers)
    words = f"{answer_cards.titled(answer)}, against “{other.title}”: what does not happen"
    return Parts(theirs, -1.0, words, answer.source)


def _chart(parts: Parts, key: str) -> None:
    figure = parts.split.figures.get(key)
    if figure is None or not parts.split.parts:
        st.markdown("No measure changes anything here.")
        return
    bars = parts.bars(key)
    unit = figure.change_unit
    title = f"What drives it: {figure.label}"
    amount = f"Change, {formatting.yearly(unit)}"
    caption = bar_chart.Caption(title, parts.words, amount, parts.source, "", (PART, WHOLE))
    vega_chart.vega(
        spec=bar_chart.panel(bars, caption, answer_cards.scheme()),
        alt=bar_chart.panel_finding(bars, caption),
        key="drivers",
    )


def note(parts: Parts) -> str:
    """Say how the parts were found, and which measures do nothing."""
    texts = [
        "Parts sum to the whole: each is what the measure adds, averaged over all orders in which "
        "the measures can come into force (Shapley values)."
        if parts.split.is_exact
        else "Parts sum to the whole: each is the mean of what the measure adds first and last; "
        "the rest they do only together."
    ]
    if parts.split.idle:
        texts.append(
            f"Changes nothing here: {'; '.join(map(answer_cards.plain, parts.split.idle))}."
        )
    return " ".join(texts)
