"""Pinned scenarios side by side: bars of each figure, and a table of all figures."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.data import formatting
from dashboard.data.answers import differences, figure_labels
from dashboard.data.pins import Pin, PinnedAnswers
from dashboard.records import Bar, Caption
from sim.outputs.headline import Figure
from sim.outputs.words import change_text, is_still, with_unit


def panels(
    answers: PinnedAnswers, reference: Pin | None, figures: list[str]
) -> dict[str, tuple[list[Bar], Caption]]:
    """Return bars and caption of each figure that some pinned scenario has."""
    bars = {key: _bars(answers, reference, key) for key in figures}
    return {key: (bars[key], _caption(answers, reference, key)) for key in figures if bars[key]}


def _caption(answers: PinnedAnswers, reference: Pin | None, key: str) -> Caption:
    against = "each scenario's own baseline" if reference is None else f"“{reference.label}”"
    return Caption(
        figure_labels()[key],
        f"Change against {against}",
        f"Change, {formatting.unit_a_year(_unit(answers, reference, key))}",
        answers[0][1].source.rpartition("; ")[0],
        "",
        tuple(dict.fromkeys(pin.label for pin, _ in answers)),
    )


def _unit(answers: PinnedAnswers, reference: Pin | None, key: str) -> str:
    """Return the unit of a figure's change, from the last scenario that has the figure."""
    figures = (changes(answers, reference, pin).get(key) for pin, _ in reversed(answers))
    return next(figure.change_unit for figure in figures if figure is not None)


def _bars(answers: PinnedAnswers, reference: Pin | None, key: str) -> list[Bar]:
    figures = [(pin, changes(answers, reference, pin).get(key)) for pin, _ in answers]
    return [_bar(pin, figure) for pin, figure in figures if figure is not None]


def _bar(pin: Pin, figure: Figure) -> Bar:
    text = with_unit(figure.change, figure.change_unit, sign=True)
    is_nothing = is_still(figure) or not text.strip("+-0., " + figure.change_unit)
    if is_nothing:
        return Bar(pin.label, pin.label, 0.0, "")
    return Bar(pin.label, pin.label, figure.change, text)


def changes(answers: PinnedAnswers, reference: Pin | None, pin: Pin) -> Mapping[str, Figure]:
    """Figures of a pin against its baseline, or less those of the reference."""
    by_pin = dict(answers)
    mine = by_pin[pin]
    if reference is None or reference not in by_pin:
        return mine.figures
    return differences(mine, by_pin[reference])


def table(answers: PinnedAnswers, reference: Pin | None) -> list[dict[str, str]]:
    """Return every figure of every pin, in text."""
    rows = []
    for key, label in figure_labels().items():
        row = {"Figure": label}
        for position, (pin, _) in enumerate(answers, start=1):
            figure = changes(answers, reference, pin).get(key)
            row[f"{position}. {pin.label}"] = "" if figure is None else change_text(figure)
        if any(text for name, text in row.items() if name != "Figure"):
            rows.append(row)
    return rows
