"""The average tariff on each partner beside the tracker's panel, as a titled table of words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.outputs.words import decimals
from sim.report.backtest_grids import Grid, Row, Section
from sim.validation.partner_panel import (
    MEDIAN_GOAL_PP,
    SMALL_PP,
    WORST_GOAL_PP,
    Panel,
    PanelAgreement,
    PanelGap,
)

TITLE = "Average American tariff on each partner beside the tracker's panel of countries"


def panel_section(agreements: Sequence[PanelAgreement], panel: Panel) -> Section:
    """Return the median and the worst gap of each day, then every partner of the whole days."""
    about = (
        f"Source: {panel.source.title} ({panel.source.address}). Ours less theirs, points of the "
        "statutory duty at the trade weights of 2024; theirs is what was collected in 2024 plus "
        f"what the tracker adds. Asked for: a median of at most {MEDIAN_GOAL_PP:g} points where "
        f"most partners are there, none above {WORST_GOAL_PP:g}."
    )
    days = [_day(agreement) for agreement in agreements]
    head = ("day", "partners", "median gap", "largest gap", "of", "met")
    whole = [agreement for agreement in agreements if agreement.is_whole]
    return Section(TITLE, (about, *_legend(agreements)), (Grid(head, tuple(days)), _grid(whole)))


def _legend(agreements: Sequence[PanelAgreement]) -> list[str]:
    return [f"{_letter(k)}: {each.day}. {each.what}." for k, each in enumerate(agreements)]


def _letter(place: int) -> str:
    return "ABCDEFGH"[place]


def _day(agreement: PanelAgreement) -> Row:
    worst = agreement.worst
    return (
        agreement.day.isoformat(),
        f"{len(agreement.gaps)}",
        decimals(agreement.median_pp, 2),
        decimals(worst.difference, 2, sign=True),
        worst.label,
        "yes" if agreement.is_met else "no",
    )


def _grid(agreements: Sequence[PanelAgreement]) -> Grid:
    """One row a partner, one column a day, and the cause of a gap above `SMALL_PP`."""
    by_partner: dict[str, list[PanelGap]] = {}
    for agreement in agreements:
        for gap in agreement.gaps:
            by_partner.setdefault(gap.partner, []).append(gap)
    heads = [_letter(place) for place in range(len(agreements))]
    head = ("partner", *heads, f"cause above {SMALL_PP:g} points")
    return Grid(head, tuple(_partner(gaps) for gaps in by_partner.values()))


def _partner(gaps: Sequence[PanelGap]) -> Row:
    cause = next((gap.cause for gap in gaps if gap.cause), "")
    return (gaps[0].label, *(decimals(gap.difference, 2, sign=True) for gap in gaps), cause)


def panel_summary(agreements: Sequence[PanelAgreement]) -> list[dict[str, Any]]:
    """Return the same as plain data."""
    return [
        {
            "date": agreement.day.isoformat(),
            "what": agreement.what,
            "median_pp": round(agreement.median_pp, 3),
            "worst_pp": round(agreement.worst.difference, 3),
            "worst_partner": agreement.worst.partner,
            "met": agreement.is_met,
            "partners": [
                {
                    "partner": gap.partner,
                    "ours_pct": round(gap.ours, 2),
                    "theirs_pct": round(gap.theirs, 2),
                    "difference_pp": round(gap.difference, 2),
                    "cause": gap.cause,
                }
                for gap in agreement.gaps
            ],
        }
        for agreement in agreements
    ]
