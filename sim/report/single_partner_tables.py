"""The backtest by single partner and by sector as tables."""

from __future__ import annotations

from collections.abc import Sequence

from sim.report import backtest_words as words
from sim.report.backtest_grids import Grid, Row, Section, number
from sim.validation.backtest.imports import NO_CHANGE, PATH, STATIC, Backtest
from sim.validation.backtest.single_partners import (
    BY_SECTOR,
    PATH_AND_TREND,
    TREND,
    ByPartner,
    SinglePartners,
)

CHANGES = (PATH, STATIC, TREND, PATH_AND_TREND)
ERRORS = (PATH, STATIC, NO_CHANGE, TREND, PATH_AND_TREND)


def single_partners_section(single: SinglePartners) -> Section:
    """Medians and means first, then each partner and sector."""
    by_partner = tuple(
        _changes(f"{entry.episode.name}, %", (*entry.partners, *entry.whole))
        for entry in single.episodes
    )
    by_sector = _changes(f"{BY_SECTOR.name}, all countries, %", single.sectors)
    return Section(
        "Single partners and sectors, without what other things moved",
        (words.SINGLE_PARTNERS, words.single_partners(single)),
        (_errors(single), *by_partner, by_sector),
    )


def _errors(single: SinglePartners) -> Grid:
    rows = [_medians(entry) for entry in single.episodes]
    for backtest in single.monthly:
        rows.append(
            (
                f"{backtest.episode.name}, {backtest.partner} by month, mean",
                *(_error_of(backtest, name) for name in ERRORS),
                "",
            )
        )
    shown = (number(single.sector_error(name)) for name in ERRORS)
    rows.append((f"{BY_SECTOR.name}, eleven sectors, mean", *shown, ""))
    head = ("error, points", *ERRORS, "path below two thirds of no change")
    return Grid(head, tuple(rows))


def _medians(entry: ByPartner) -> Row:
    errors = (number(entry.median_error(name)) for name in ERRORS)
    told = f"{entry.told} of {len(entry.partners)}"
    return (f"{entry.episode.name}, single partners, median", *errors, told)


def _error_of(backtest: Backtest, name: str) -> str:
    return number(backtest.error(name)) if name in backtest.model else ""


def _changes(head: str, backtests: Sequence[Backtest]) -> Grid:
    rows = tuple(
        (
            backtest.partner,
            number(backtest.actual[0]),
            *(number(backtest.model[name][0]) for name in CHANGES),
        )
        for backtest in backtests
    )
    return Grid((head, "actual", *CHANGES), rows)
