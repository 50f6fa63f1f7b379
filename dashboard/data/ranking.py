"""Who gains and who loses: the changes that an answer holds, picked, sorted and written as text."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from dashboard.data.answers import Answer, against_baseline
from dashboard.data.ranking_views import RankingView
from dashboard.records import Bar, Caption
from sim.outputs.words import with_unit

MOST = 10
"""Bars of a ranking."""

SMALLEST = 5e-4
"""Changes below this number of bn USD or percent are called none."""

FAR = 4.0
"""A bar is cut where its number is so many times that of the second longest ..."""

CUT_AT = 1.5
"""... and then ends at so many times the second longest."""


def bars(view: RankingView, answer: Answer, other: Answer | None) -> list[Bar]:
    """Return who gains and who loses most, best first.

    One bar that is far longer than all others is cut, and says so: services are that large.
    """
    series = _series(view, answer, other)
    labels = list(answer.changes[view.id])
    if not labels:
        return []
    sizes = {label: max(abs(values[label]) for values in series.values()) for label in labels}
    # Who gains most and who loses most is drawn, also where ten others move more the other way.
    ends = {pick(labels, key=series[name].__getitem__) for name in series for pick in (max, min)}
    order = sorted(labels, key=lambda label: (label not in ends, -sizes[label]))[:MOST]
    shown = [label for label in order if sizes[label] > SMALLEST]
    moving = [
        name for name, values in series.items() if any(_or_zero(values[label]) for label in shown)
    ]
    limit = _limit(sorted((sizes[label] for label in shown), reverse=True))
    shown.sort(key=lambda label: [-series[name][label] for name in moving])
    return [
        _bar(label, name, series[name][label], view, limit) for label in shown for name in moving
    ]


def _limit(sizes: Sequence[float]) -> float:
    """Return where bars end, of sizes from the largest on; infinity where none is cut."""
    is_far = len(sizes) > 1 and sizes[0] > FAR * sizes[1]
    return CUT_AT * sizes[1] if is_far else math.inf


def _bar(label: str, series: str, change: float, view: RankingView, limit: float) -> Bar:
    value = _or_zero(change)
    text = with_unit(value, view.unit, sign=True) if value else "no change"
    return Bar(
        label, series, value, text, math.copysign(limit, value) if abs(value) > limit else None
    )


def note(view: RankingView, answer: Answer, other: Answer | None) -> str:
    """Say which bar is cut, and that nobody moves in a comparison."""
    shown = bars(view, answer, other)
    moving = {bar.series for bar in shown}
    texts = [f"No change {name}." for name in _series(view, answer, other) if name not in moving]
    cut = dict.fromkeys(bar.label for bar in shown if bar.end is not None)
    texts += [
        f"The bar of {label} is cut: its number is right, its length is not." for label in cut
    ]
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


def _or_zero(value: float) -> float:
    return 0.0 if abs(value) < SMALLEST else value
