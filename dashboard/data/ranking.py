"""Who gains and who loses: picks, sorts and words the changes that an answer holds."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard import data
from dashboard.charts import bar_chart

MOST = 10
"""Bars of a ranking."""

TELLING, SMALLEST = 0.002, 5e-4
"""Changes below this part of the largest, or this number of bn USD or percent, are called none."""


def movers(view: data.View, answer: data.Answer, other: data.Answer | None) -> list[bar_chart.Bar]:
    """Return who gains and who loses most, best first.

    Services are no bar: they are so large that nothing else could be seen; `note` has them.
    """
    series = _series(view, answer, other)
    labels = [label for label in answer.changes[view.id] if label != answer.services]
    size = {label: max(abs(values[label]) for values in series.values()) for label in labels}
    telling = max(TELLING * max(size.values(), default=0.0), SMALLEST)
    most = sorted(labels, key=lambda label: -size[label])[:MOST]
    most = [label for label in most if size[label] > telling]
    moving = [
        key for key, values in series.items() if any(_moves(values[x], telling) for x in most)
    ]
    most.sort(key=lambda label: [-series[key][label] for key in moving])
    return [
        bar_chart.Bar(
            label,
            key,
            _moves(series[key][label], telling),
            _text(series[key][label], view, telling),
        )
        for label in most
        for key in moving
    ]


def note(view: data.View, answer: data.Answer, other: data.Answer | None) -> str:
    """Say what the ranking leaves out: services, and a comparison in which nobody moves."""
    series = _series(view, answer, other)
    shown = {bar.series for bar in movers(view, answer, other)}
    texts = [f"No change {key}." for key in series if key not in shown]
    if view.along == "sector":
        parts = [
            f"{_text(values[answer.services], view, SMALLEST) or 'no change'} {key}"
            for key, values in series.items()
            if key in shown
        ]
        texts += [f"{answer.services}, not drawn: {'; '.join(parts)}."] if parts else []
    return " ".join(texts)


def _series(
    view: data.View, answer: data.Answer, other: data.Answer | None
) -> dict[str, Mapping[str, float]]:
    """Changes by label, against the baseline and less those of the other scenario."""
    mine = answer.changes[view.id]
    named = names(answer, other)
    series: dict[str, Mapping[str, float]] = {named[0]: mine}
    if other is not None:
        theirs = other.changes[view.id]
        series[named[1]] = {label: value - theirs.get(label, 0.0) for label, value in mine.items()}
    return series


def names(answer: data.Answer, other: data.Answer | None) -> tuple[str, ...]:
    """Names of the comparisons: the baseline's, then the second scenario's if there is one."""
    titles = [answer.against] + ([] if other is None else [other.title])
    return tuple(f"against “{title}”" for title in titles)


def _moves(value: float, telling: float) -> float:
    return 0.0 if abs(value) < telling else value


def _text(value: float, view: data.View, telling: float) -> str:
    return data.with_unit(value, view.unit, sign=True) if _moves(value, telling) else ""
