"""Headline figures as cards: a large number, and the changes below it."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.data import text_tables
from dashboard.data.answers import Answer, differences
from sim.outputs.headline import Figure
from sim.outputs.words import change_text, is_still, with_unit

FIGURES = (
    "home_imports_from_partner",
    "home_tariff_on_partner_before",
    "home_tariff_revenue",
    "seller_soybean_income",
    "home_consumer_prices",
    "home_real_income",
    "home_real_income_per_household",
    "partner_real_income",
    "partner_real_income_per_household",
)
"""What a scenario shows on cards, by roles of its pair; the rest is in the table below them."""

BASELINE, SECOND = "baseline", "second"
"""What a change is against: the scenario's baseline, or the second scenario."""


@dataclass(frozen=True)
class FigureCard:
    """One card: its level, or the change that matters where the figure has no level."""

    id: str
    label: str
    definition: str
    number: str
    number_against: str | None
    """What the large number is against, if it is a change."""
    changes: tuple[tuple[str, str], ...]
    """What each change below is against, and its text."""


def cards(answer: Answer, other: Answer | None) -> list[FigureCard]:
    """Return the cards of an answer, against its baseline and the second scenario if any."""
    seconds = {} if other is None else differences(answer, other)
    return [_card(answer.figures[name], seconds.get(name)) for name in answer.ids(FIGURES)]


def _card(figure: Figure, second: Figure | None) -> FigureCard:
    changes = {BASELINE: change_text(figure)}
    if second is not None:
        changes[SECOND] = change_text(second)
    if figure.value is None:
        lead = SECOND if second is not None and is_still(figure) else BASELINE
        number = changes.pop(lead)
    else:
        lead, number = None, with_unit(figure.value, figure.unit)
    return FigureCard(
        figure.id,
        figure.label,
        text_tables.definition(figure),
        number,
        lead,
        tuple(changes.items()),
    )
