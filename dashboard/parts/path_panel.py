"""The path over months on the page: asked for first, drawn last, when the levers rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard import data
from dashboard.charts import line_chart, sparkline
from dashboard.data import alt_texts, path_lines, worker_requests
from dashboard.parts import controls, vega_chart
from dashboard.parts.markdown import plain
from dashboard.worker import pool

POLL = 0.05
"""Seconds between two looks at a worker."""

HEIGHT = 420
"""Pixels that are kept for the chart until it is there."""

Places = Mapping[str, Any]
"""Places of sparklines by figure."""


@dataclass
class RequestedPath:
    """A path on its way: the scenario's answer for the long run, and the job of its months."""

    answer: data.Answer
    job: pool.Job | None = None

    def ask(self) -> pool.Job:
        """Ask for the months."""
        against = "own" if self.answer.headline.prevented else "baseline"
        self.job = worker_requests.ask_path(
            self.answer.name, self.answer.levers, self.answer.pair, against
        )
        return self.job

    @property
    def series(self) -> path_lines.Series | None:
        """The months, or None if they are not there."""
        return None if self.job is None else self.job.answer

    @property
    def error(self) -> str:
        """What went wrong, or nothing."""
        return "" if self.job is None else self.job.error


def ask(answer: data.Answer | None) -> RequestedPath | None:
    """Ask for the path of an answer, if there is one.

    The very first is asked for when it is waited for: workers that start would slow the page down.
    """
    if answer is None:
        return None
    path = RequestedPath(answer)
    if worker_requests.has_workers():
        path.ask()
    return path


def wait_for(path: RequestedPath, waiting: Callable[[], object]) -> path_lines.Series | None:
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


def draw(
    path: RequestedPath,
    other: RequestedPath | None,
    places: Places,
    container: Any,  # noqa: ANN401  of Streamlit's
    month: Any = None,  # noqa: ANN401  of Streamlit's
) -> None:
    """Draw the chart into `container` and the sparklines into `places`.

    Parameters
    ----------
    month
        Place of what it is worth month by month, where something does not happen.
    """
    with container:
        _chart(path, other)
    series = path.series
    if series is None:
        return
    worth = path_lines.worth(path.answer, series)
    if month is not None and worth:
        month.markdown(f"**Month by month.** {plain(' '.join(worth))}")
    for key, place in places.items():
        values = series["figures"].get(key)
        if values is not None:
            words = path_lines.sparkline_text(path.answer.figures[key], values, series["months"])
            place.html(sparkline.columns(values, words, controls.colour_scheme()))


@st.fragment
def _chart(path: RequestedPath, other: RequestedPath | None) -> None:
    """Draw the path of one figure that the reader chooses; nothing else is drawn again."""
    labels = path_lines.figure_choice(path.answer)
    key = st.selectbox(
        "Figure, month by month",
        list(labels),
        format_func=labels.__getitem__,
        key=f"path-figure{path.answer.widget_suffix}",
        persist_state="session",
    )
    place = st.empty()
    requested = [path] if other is None else [path, other]
    for waited_for in requested:
        wait_for(waited_for, lambda: place.skeleton(HEIGHT))
    if path.series is None:
        place.warning(f"No path over months: {path.error}", icon=":material/warning:")
        return
    lines = [
        path_lines.line(drawn.answer.title, drawn.series, key, path.answer.figures[key])
        for drawn in requested
        if drawn.series is not None and key in drawn.series["figures"]
    ]
    if not lines:
        place.markdown("This figure has no path here.")
        return
    caption = path_lines.caption(path.answer, path.series, key)
    with place.container():
        vega_chart.draw(
            line_chart.draw(lines, caption, controls.colour_scheme()),
            alt_texts.lines(lines, caption),
            "path",
        )
