"""The path over months on the page: asked for first, drawn last, when the levers rest."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard import data
from dashboard.charts import bar_chart, line_chart, sparkline
from dashboard.data import formatting
from dashboard.parts import answer_cards, vega_chart
from dashboard.worker import pool

FIGURES = (
    "us_imports_from_china",
    "us_real_income_per_household",
    "us_tariff_revenue",
    "us_tariff_on_china_before",
    "cn_real_income_per_household",
    "us_soybean_income",
    "us_exports_to_china",
    "rare_earth_price_gap",
)
"""Figures whose path can be chosen, where the scenario has them."""

POLL = 0.05
"""Seconds between two looks at a worker."""

COLOURS = {"light": "#0072B2", "dark": "#56B4E9"}

HEIGHT = 420
"""Pixels that are kept for the chart until it is there."""

Slots = Mapping[str, Any]
Track = Mapping[str, Any]


@dataclass
class Path:
    """A scenario on its way: its answer for the long run, and the job of its months."""

    answer: data.Answer
    job: pool.Job | None = None

    def ask(self) -> pool.Job:
        """Ask for the months."""
        self.job = data.ask_track(self.answer.name, self.answer.levers)
        return self.job


def ask(answer: data.Answer | None) -> Path | None:
    """Ask for the path of an answer, if there is one.

    The very first is asked for when it is waited for: workers that start would slow the page down.
    """
    if answer is None:
        return None
    path = Path(answer)
    if data.has_workers():
        path.ask()
    return path


def arrived(path: Path, waiting: Callable[[], object]) -> Track | None:
    """Wait for the months of a path and return them, or None if there is no answer.

    A reader who moves on interrupts it: each call of `waiting`, which draws a placeholder, is a
    point at which a new run may begin.
    """
    while True:
        job = path.job or path.ask()
        while not job.wait(POLL):
            waiting()
        if job.error != pool.DROPPED:
            return job.answer
        # The page was so slow that the workers took the reader for gone.
        path.job = None


def draw(path: Path, other: Path | None, slots: Slots, place: Any) -> None:  # noqa: ANN401
    """Draw the chart into `place` and the sparklines into `slots`."""
    with place:
        _chart(path, other)
    track = None if path.job is None else path.job.answer
    if track is None:
        return
    colour = COLOURS.get(answer_cards.scheme(), COLOURS["light"])
    for key, slot in slots.items():
        values = track["figures"].get(key)
        if values is not None:
            figure = path.answer.figures[key]
            slot.html(sparkline.columns(values, said(figure, values, track["months"]), colour))


def said(figure: data.Figure, values: Sequence[float], months: Sequence[str]) -> str:
    """Say where a path begins and ends."""
    first, last = (_text(value, figure) for value in (values[0], values[-1]))
    return (
        f"{figure.label}, change by month: {first} in {months[0][:7]}, {last} in {months[-1][:7]}"
    )


@st.fragment
def _chart(path: Path, other: Path | None) -> None:
    """Draw the path of one figure that the reader chooses; nothing else is drawn again."""
    labels = data.figure_labels()
    options = [key for key in FIGURES if key in path.answer.figures and key in labels]
    key = st.selectbox("Figure, month by month", options, format_func=labels.__getitem__,
                       key="path-figure", persist_state="session")  # fmt: skip
    place = st.empty()
    found = [
        (one.answer, track)
        for one in (path, other)
        if one is not None and (track := arrived(one, lambda: place.skeleton(HEIGHT))) is not None
    ]
    if path.job is None or path.job.answer is None:
        error = "" if path.job is None else path.job.error
        place.warning(f"No path over months: {error}", icon=":material/warning:")
        return
    drawn = [_line(answer, track, key) for answer, track in found if key in track["figures"]]
    if not drawn:
        place.markdown("This figure has no path here.")
        return
    figure = path.answer.figures[key]
    caption = bar_chart.Caption(
        f"{figure.label}: month by month",
        f"Change against “{path.answer.against}”",
        f"{formatting.yearly(figure.change_unit)}, annual rates by month of loading",
        path.answer.source,
        note(figure, found[0][1]),
    )
    with place.container():
        vega_chart.vega(
            line_chart.draw(drawn, caption, answer_cards.scheme()),
            line_chart.finding(drawn, caption),
            "path",
        )


def _line(answer: data.Answer, track: Mapping[str, Any], key: str) -> line_chart.Line:
    figure = answer.figures[key]
    values = zip(track["months"], track["figures"][key], strict=True)
    points = tuple((month, value, _text(value, figure)) for month, value in values)
    return line_chart.Line(answer.title, points)


def _text(value: float, figure: data.Figure) -> str:
    return answer_cards.amount(value, figure.change_unit)


def note(figure: data.Figure, track: Mapping[str, Any]) -> str:
    """Say what the long run is, and when the law changes on the way."""
    texts = [f"Long run, law of the scenario's day kept: {_text(figure.change, figure)}."]
    if track["turns"]:
        shown = [*itertools.islice(track["turns"], 6)]
        rest = " and later" if len(track["turns"]) > len(shown) else ""
        texts.append(f"By its dates the law changes in {', '.join(shown)}{rest}: "
                     "what runs out then, the truce for one, moves the line too.")  # fmt: skip
    return " ".join(texts)
