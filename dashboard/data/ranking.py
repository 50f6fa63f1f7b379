"""Who gains and who loses: the changes that an answer holds, picked, sorted and written as text."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.data.answers import Answer, against_baseline
from dashboard.data.ranking_views import RankingView
from dashboard.records import Bar, Caption
from sim.outputs.words import with_unit

MOST = 10
"""Bars of a ranking."""

SMALL_PART, SMALLEST = 0.002, 5e-4
"""Changes below this part of the largest, or this number of bn USD or percent, are called none."""


def bars(view: RankingView, answer: Answer, other: Answer | None) -> list[Bar]:
    """Return who gains and who loses most, best first.

    Services are no bar: they are so large that nothing else could be seen; `note` has them.
    """
    series = _series(view, answer, other)
    labels = [label for label in answer.changes[view.id] if label != answer.services]
    sizes = {label: max(abs(values[label]) for values in series.values()) for label in labels}
    smallest = max(SMALL_PART * max(sizes.values(), default=0.0), SMALLEST)
    largest = sorted(labels, key=lambda label: -sizes[label])[:MOST]
    shown = [label for label in largest if sizes[label] > smallest]
    moving = [
        name
        for name, values in series.items()
        if any(_or_zero(values[label], smallest) for label in shown)
    ]
    shown.sort(key=lambda label: [-series[name][label] for name in moving])
    return [
        Bar(
            label,
            name,
            _or_zero(series[name][label], smallest),
            _text(series[name][label], view, smallest),
        )
        for label in shown
        for name in moving
    ]


def note(view: RankingView, answer: Answer, other: Answer | None) -> str:
    """Say what the ranking leaves out: services, and a comparison in which nobody moves."""
    series = _series(view, answer, other)
    shown = {bar.series for bar in bars(view, answer, other)}
    texts = [f"No change {name}." for name in series if name not in shown]
    if view.along == "sector" and answer.services in answer.changes[view.id]:
        parts = [
            f"{_text(values[answer.services], view, SMALLEST) or 'no change'} {name}"
            for name, values in series.items()
            if name in shown
        ]
        texts += [f"{answer.services}, not drawn: {'; '.join(parts)}."] if parts else []
    return " ".join(texts)


def caption(view: RankingView, answer: Answer, other: Answer | None) -> Caption:
    """Return what is written in the chart of a ranking."""
    return Caption(
        view.title,
        answer.title_with_levers,
        view.axis,
        answer.source,
        note(view, answer, other),
        comparison_names(answer, other),
    )


def comparison_names(answer: Answer, other: Answer | None) -> tuple[str, ...]:
    """Names of the comparisons: the baseline's, then the second scenario's if there is one."""
    titles = [answer.against] + ([] if other is None else [other.title])
    return tuple(f"against “{title}”" for title in titles)


def _series(
    view: RankingView, answer: Answer, other: Answer | None
) -> dict[str, Mapping[str, float]]:
    """Changes by label, against the baseline and less those of the other scenario."""
    mine = answer.changes[view.id]
    names = comparison_names(answer, other)
    series: dict[str, Mapping[str, float]] = {names[0]: mine}
    if other is not None:
        ours = against_baseline(answer).changes[view.id]
        theirs = against_baseline(other).changes[view.id]
        series[names[1]] = {label: value - theirs.get(label, 0.0) for label, value in ours.items()}
    return series


def _or_zero(value: float, smallest: float) -> float:
    return 0.0 if abs(value) < smallest else value


def _text(value: float, view: RankingView, smallest: float) -> str:
    return with_unit(value, view.unit, sign=True) if _or_zero(value, smallest) else ""
