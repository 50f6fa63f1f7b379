"""Pinned scenarios side by side: bars of each figure, and a table of all figures."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.data import figure_cards, formatting
from dashboard.data.answers import differences, shared_figures
from dashboard.data.pins import Pin, PinnedAnswers
from dashboard.records import Bar, Caption
from sim.outputs.headline import Figure
from sim.outputs.words import change_text, is_still

FIGURES = (
    "home_real_income_per_household",
    "partner_real_income_per_household",
    "home_imports_from_partner",
    "home_tariff_on_partner_before",
    "home_tariff_revenue",
    "seller_soybean_income",
)
"""Figures drawn unless the reader chooses others, by roles of the pair."""

NOTHING_SHARED = (
    "These scenarios are about different pairs of countries and share no figure, so that no chart "
    "is drawn: each card has its own figures, and the table below has all of them."
)

SOME_SHARED = (
    "These scenarios are about different pairs of countries: a chart shows a figure that at least "
    "two of them share. Each card has its own figures, and the table below has all of them."
)


def labels(answers: PinnedAnswers) -> dict[str, str]:
    """Labels of the figures that can be drawn, by id.

    Where the scenarios are about different pairs, those that stand for the same number in at least
    two of them.
    """
    every = {key: label for _, answer in answers for key, label in answer.labels.items()}
    if is_about_one_pair(answers):
        return every
    return {key: label for key, label in every.items() if _is_shared(answers, key)}


def _is_shared(answers: PinnedAnswers, key: str) -> bool:
    first, *others = (answer for _, answer in answers if key in answer.figures)
    return bool(others) and all(key in shared_figures(first, other) for other in others)


def is_about_one_pair(answers: PinnedAnswers) -> bool:
    """Tell whether all scenarios are about the same pair of regions."""
    return len({answer.pair for _, answer in answers}) == 1


def note_on_pairs(answers: PinnedAnswers) -> str:
    """Say what is drawn where the scenarios are about different pairs; empty if they are not."""
    if is_about_one_pair(answers):
        return ""
    return SOME_SHARED if labels(answers) else NOTHING_SHARED


def drawn_first(answers: PinnedAnswers) -> list[str]:
    """Return the ids of the figures that are drawn unless the reader chooses others."""
    known = labels(answers)
    ids = (key for _, answer in answers for key in answer.ids(FIGURES))
    return [key for key in dict.fromkeys(ids) if key in known]


def widget_suffix(answers: PinnedAnswers) -> str:
    """Return what follows the key of the choice of figures, whose options depend on the pairs."""
    suffixes = "".join(dict.fromkeys(answer.widget_suffix for _, answer in answers))
    return suffixes if is_about_one_pair(answers) else f"{suffixes}-{len(labels(answers))}"


def figures_on_cards(
    answers: PinnedAnswers, reference: Pin | None
) -> dict[Pin, list[tuple[str, str]]]:
    """Return label and change of each scenario's own figures; none if all are about one pair."""
    if is_about_one_pair(answers):
        return {}
    return {pin: _own_figures(answers, reference, pin) for pin, _ in answers}


def _own_figures(answers: PinnedAnswers, reference: Pin | None, pin: Pin) -> list[tuple[str, str]]:
    figures = changes(answers, reference, pin)
    ids = dict(answers)[pin].ids(figure_cards.FIGURES)
    return [(figures[key].label, change_text(figures[key])) for key in ids if key in figures]


def panels(
    answers: PinnedAnswers, reference: Pin | None, figures: list[str]
) -> dict[str, tuple[list[Bar], Caption]]:
    """Return bars and caption of each figure that some pinned scenario has."""
    bars = {key: _bars(answers, reference, key) for key in figures}
    return {key: (bars[key], _caption(answers, reference, key)) for key in figures if bars[key]}


def _caption(answers: PinnedAnswers, reference: Pin | None, key: str) -> Caption:
    against = _starts(answers) if reference is None else f"“{reference.label}”"
    return Caption(
        labels(answers)[key],
        f"Change against {against}",
        f"Change, {formatting.unit_a_year(_unit(answers, reference, key))}",
        answers[0][1].source.rpartition("; ")[0],
        "",
        tuple(dict.fromkeys(pin.label for pin, _ in answers)),
    )


def _starts(answers: PinnedAnswers) -> str:
    """Say what the changes are against; each scenario's label says where it is another."""
    titles = dict.fromkeys(answer.against for _, answer in answers if not answer.headline.prevented)
    plain = " and ".join(f"“{title}”" for title in titles)
    others = [
        f"“{pin.label}” against “{answer.against}”"
        for pin, answer in answers
        if answer.headline.prevented
    ]
    return "; ".join([plain, *others] if plain else others)


def _unit(answers: PinnedAnswers, reference: Pin | None, key: str) -> str:
    """Return the unit of a figure's change, from the last scenario that has the figure."""
    figures = (changes(answers, reference, pin).get(key) for pin, _ in reversed(answers))
    return next(figure.change_unit for figure in figures if figure is not None)


def _bars(answers: PinnedAnswers, reference: Pin | None, key: str) -> list[Bar]:
    figures = [(pin, changes(answers, reference, pin).get(key)) for pin, _ in answers]
    return [_bar(pin, figure) for pin, figure in figures if figure is not None]


def _bar(pin: Pin, figure: Figure) -> Bar:
    text = formatting.change(0.0 if is_still(figure) else figure.change, figure.change_unit)
    value = 0.0 if text == formatting.NO_CHANGE else figure.change
    return Bar(pin.label, pin.label, value, text)


def changes(answers: PinnedAnswers, reference: Pin | None, pin: Pin) -> Mapping[str, Figure]:
    """Figures of a pin against its own reference, or less those of the chosen one."""
    by_pin = dict(answers)
    mine = by_pin[pin]
    if reference is None or reference not in by_pin:
        return mine.figures
    return differences(mine, by_pin[reference])


def table(answers: PinnedAnswers, reference: Pin | None) -> list[dict[str, str]]:
    """Return every figure of every pin, in text."""
    rows = []
    named = ((key, label) for _, answer in answers for key, label in answer.labels.items())
    for key, label in dict.fromkeys(named):
        row = {"Figure": label}
        for position, (pin, answer) in enumerate(answers, start=1):
            figure = changes(answers, reference, pin).get(key)
            if answer.labels.get(key) != label:
                figure = None
            row[f"{position}. {pin.label}"] = "" if figure is None else change_text(figure)
        if any(text for name, text in row.items() if name != "Figure"):
            rows.append(row)
    return rows
