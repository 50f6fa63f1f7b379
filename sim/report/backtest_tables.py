"""The backtests as titled tables of words, which a terminal and a page both print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sim.report import backtest_words as words
from sim.validation.backtest.cross_episode import YEARS, Ways
from sim.validation.backtest.imports import LAGGED, NO_CHANGE, PATH, STATIC, Backtest
from sim.validation.backtest.lists import DIVERTED_PCT, ByList
from sim.validation.backtest.others import Growth, Partner
from sim.validation.backtest.soybeans import SHIPPED
from sim.validation.backtest.suite import Findings
from sim.validation.elasticity import LITERATURE, ByHorizon

Row = tuple[str, ...]

MODELS = (PATH, STATIC, LAGGED, NO_CHANGE)
SHORT = (PATH, STATIC, "lagged", NO_CHANGE)
"""Heads of the columns: lagged is the static model, a month at sea later."""


@dataclass(frozen=True)
class Grid:
    """A table: the first column holds words, the others numbers."""

    head: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Section:
    """A title, what to know, and tables."""

    title: str
    text: tuple[str, ...] = ()
    grids: tuple[Grid, ...] = ()
    picture: str = ""
    """Name of the drawing, without its ending; empty if none."""


def backtest_sections(found: Findings) -> Iterator[Section]:
    """Everything in order: summary, months, quarters, lists, soybeans, ways, the others."""
    yield Section("Backtests", (words.ABOUT,), (_summary(found),))
    for one in found.monthly:
        yield _single(one)
    yield _single(found.quarters, words.QUARTERS)
    lists = (_listed(found), *_lists(found.lists))
    yield Section("By list of Section 301", (words.LISTED, words.LISTS), lists)
    yield _soybeans(found)
    ways = tuple(grid for one in found.ways for grid in _ways(one))
    yield Section("The other way round", (words.WAYS,), ways)
    yield Section(
        "Why all others are missed in 2025",
        (words.ALL_OTHERS, words.GROWTH),
        (_partners(found.partners), _growth(found.growth)),
    )


def title(one: Backtest) -> str:
    """Name an episode, a partner, and what the comparison is."""
    trade = one.partner if "beans" in one.partner else f"US imports from {one.partner}"
    return f"{one.episode.name}, {trade} ({one.episode.role})"


def number(value: float) -> str:
    """One digit; no minus before a zero."""
    return f"{value:.1f}".replace("-0.0", "0.0") if abs(value) < 0.05 else f"{value:.1f}"


def _summary(found: Findings) -> Grid:
    rows = []
    for one in found.compared:
        alike = one.correlation(PATH)
        name = f"{one.episode.name}: {one.partner}"
        kind = one.episode.role.partition(":")[0]
        errors = (number(one.error(each)) if each in one.model else "" for each in MODELS)
        rows.append((name, *errors, "" if alike is None else f"{alike:.2f}", kind))
    head = ("mean absolute error, points", *SHORT, "correlation of the path", "role")
    return Grid(head, tuple(rows))


def _single(one: Backtest, text: str = "") -> Section:
    shown = (PATH, STATIC, LAGGED)
    rows = tuple(
        (name, number(one.actual[at]), *(number(one.model[model][at]) for model in shown))
        for at, name in enumerate(one.months)
    )
    notes = tuple(note for note in (text, one.verdict, words.note(one)) if note)
    picture = f"backtest-{one.episode.name}-{one.partner}".lower().replace(" ", "-")
    return Section(title(one), notes, (Grid(("%", "actual", *shown), rows),), picture)


def _listed(found: Findings) -> Grid:
    shown = (PATH, STATIC, NO_CHANGE)
    rows = tuple(
        (one.partner, number(one.actual[0]), *(number(one.model[each][0]) for each in shown))
        for one in found.listed
    )
    gained = (number(DIVERTED_PCT), *(number(found.diverted[each]) for each in (PATH, STATIC)), "")
    rows = (*rows, ("of China's loss gained by others", *gained))
    return Grid(("first half of 2019 over 2018, %", "actual", *shown), rows)


def _lists(found: ByList) -> Iterator[Grid]:
    for model, values in ((PATH, found.path), (STATIC, found.static)):
        rows = []
        for name, changes in values.items():
            worth = found.worth_bn.get(name, sum(found.worth_bn.values()))
            rows.append((name, f"{worth:.0f}", *(number(one) for one in changes[2:])))
        yield Grid((f"{model}, % over the start", "bn USD", *found.quarters[2:]), tuple(rows))


def _soybeans(found: Findings) -> Section:
    rows = []
    for one in (*found.soybeans, *found.tonnes):
        for at, name in enumerate(one.months):
            shown = (number(one.model[model][at]) for model in (PATH, STATIC))
            kind = "calibration" if name.startswith("2018") else "test"
            measure = "tonnes" if "2025" in name or "tonnes" in one.episode.name else "USD"
            rows.append((f"{one.partner}, {name}", measure, kind, number(one.actual[at]), *shown))
    table = Grid(
        ("% over 2017 (2025: over 2024)", "of", "role", "actual", PATH, STATIC), tuple(rows)
    )
    rates = _errors("zeta of soybeans", found.soy_rates)
    steeper = _errors("trade elasticity", {6.0: found.soy_rates[SHIPPED], **found.soy_elasticities})
    return Section(
        "Soybeans to China",
        (words.SOYBEANS, words.SOY_FAILS, words.soy_elasticity()),
        (table, rates, steeper),
        "backtest-soybeans",
    )


def _errors(name: str, errors: Mapping[float, Mapping[str, float]]) -> Grid:
    episodes = tuple(next(iter(errors.values())))
    rows = tuple(
        (f"{value:g}", *(number(found[episode]) for episode in episodes))
        for value, found in errors.items()
    )
    return Grid((f"{name}: error, points", *episodes), rows)


def _ways(found: Ways) -> Iterator[Grid]:
    rows = tuple(
        (
            f"{found.elasticities}: {one.chosen_on}",
            one.judged_on,
            f"{one.rate:g}",
            *(number(each) for each in (one.error_there, one.error, one.static, one.no_change)),
        )
        for one in found.ways
    )
    head = ("chosen on", "judged on", "zeta", "error there", "error judged", STATIC, NO_CHANGE)
    yield Grid(head, rows)
    tried = tuple(
        (f"{rate:g}", *(number(errors[year]) for year in YEARS))
        for rate, errors in found.errors.items()
    )
    yield Grid((f"{found.elasticities}, zeta: error, points", *YEARS), tried)


def _partners(found: Sequence[Partner]) -> Grid:
    rows = tuple(
        (
            one.partner,
            f"{one.share_2024:.0f}",
            *(
                number(value)
                for value in (
                    one.actual_before,
                    one.path_before,
                    one.error_before,
                    one.actual_after,
                    one.path_after,
                    one.error_after,
                    one.path_error,
                    one.no_change_error,
                )
            ),
        )
        for one in found
    )
    head = (
        "%",
        "share 2024",
        "actual Jan-Mar",
        PATH,
        "adds, points",
        "actual from April",
        PATH,
        "adds, points",
        "error of the path",
        "of no change",
    )
    return Grid(head, rows)


def _growth(found: Sequence[Growth]) -> Grid:
    rows = tuple(
        (
            f"{one.episode}: {one.partner}",
            *(number(v) for v in (one.growth, one.path, one.with_growth, one.no_change)),
        )
        for one in found
    )
    head = ("error, points", "growth before, %", PATH, "path and growth", NO_CHANGE)
    return Grid(head, rows)


def elasticity_section(tables: Sequence[ByHorizon]) -> Section:
    """Elasticities by horizon, and the literature beside them."""
    horizons = tables[0].horizons
    rows: list[Row] = []
    for one in tables:
        rows.append((one.elasticities, *(f"-{value:.2f}" for value in one.goods_by_goods)))
        if one.all_at_once is not None:
            shown = (f"-{value:.2f}" for value in one.all_at_once)
            rows.append((f"{one.elasticities}, all at once", *shown))
    months = tuple(f"{months} mo." for months in horizons)
    studies = tuple(
        (each.study, each.horizon, _span(each.value), each.grade) for each in LITERATURE
    )
    sources = "; ".join(f"{each.study}, {each.horizon}: {each.what}" for each in LITERATURE)
    return Section(
        "Elasticity of trade by horizon",
        (words.ELASTICITY, f"{sources}."),
        (
            Grid(("elasticity of the value without duty", *months), tuple(rows)),
            Grid(("study", "horizon", "elasticity", "grade"), studies),
        ),
    )


def _span(value: tuple[float, float]) -> str:
    """One number, or from one to the other."""
    return " to ".join(f"{one:.2f}" for one in dict.fromkeys(value))
