"""The backtests by single partner, by sector and by tiers of demand as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
from sim.validation.backtest.tiers import ONE_TIER, TierErrors

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


def tiers_section(tiers: Sequence[TierErrors], naive: Mapping[str, float]) -> Section:
    """Errors with one tier of demand and with two, by elasticity between home and foreign."""
    heads = tuple(_macro(entry.macro_elasticity) for entry in tiers)
    rows = tuple(
        (name, *(number(entry.errors[name]) for entry in tiers), number(value))
        for name, value in naive.items()
    )
    head = ("mean absolute error, points", *heads, "no change; of gains: actual")
    return Section("One tier of demand, and two", (words.TIERS,), (Grid(head, rows),))


def _macro(value: float) -> str:
    return "one tier" if value == ONE_TIER else f"M {value:g}"


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
