"""The backtests as titled tables of words, which a terminal and a page both print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sim.outputs.words import decimals
from sim.report import backtest_words as words
from sim.report.backtest_grids import Grid, Row, Section, number
from sim.report.single_partner_tables import single_partners_section, tiers_section
from sim.validation.backtest.cross_episode import YEARS, RateSearch
from sim.validation.backtest.imports import LAGGED, NO_CHANGE, PATH, STATIC, Backtest
from sim.validation.backtest.lists import DIVERTED_PCT, ByList
from sim.validation.backtest.others import Growth, Partner
from sim.validation.backtest.rows import series_name
from sim.validation.backtest.soybeans import measure_of, role_of
from sim.validation.backtest.suite import Findings
from sim.validation.elasticity import LITERATURE, ByHorizon

MODELS = (PATH, STATIC, LAGGED, NO_CHANGE)
SHORT = (PATH, STATIC, "lagged", NO_CHANGE)
"""Heads of the columns: lagged is the static model, a month at sea later."""


def backtest_sections(findings: Findings) -> Iterator[Section]:
    """Everything in order: summary, months, quarters, lists, soybeans, ways, others, partners."""
    yield Section("Backtests", (words.ABOUT,), (_summary(findings),))
    for backtest in findings.monthly:
        yield _single(backtest)
    yield _single(findings.quarters, words.QUARTERS)
    lists = (_listed(findings), *_lists(findings.lists))
    yield Section("By list of Section 301", (words.LISTED, words.LISTS), lists)
    yield _soybeans(findings)
    ways = tuple(grid for search in findings.ways for grid in _ways(search))
    yield Section("The other way round", (words.WAYS,), ways)
    yield Section(
        "Why all others are missed in 2025",
        (words.ALL_OTHERS, words.GROWTH),
        (_partners(findings.partners), _growth(findings.growth)),
    )
    yield single_partners_section(findings.single)
    yield tiers_section(findings.tiers, findings.naive)


def title(backtest: Backtest) -> str:
    """Name an episode, a partner, and what the comparison is."""
    trade = (
        backtest.partner if "beans" in backtest.partner else f"US imports from {backtest.partner}"
    )
    return f"{backtest.episode.name}, {trade} ({backtest.episode.role})"


def _summary(findings: Findings) -> Grid:
    rows = []
    for backtest in findings.compared:
        correlation = backtest.correlation(PATH)
        errors = (
            number(backtest.error(model)) if model in backtest.model else "" for model in MODELS
        )
        shown = "" if correlation is None else decimals(correlation, 2)
        rows.append((series_name(backtest), *errors, shown, backtest.episode.kind))
    head = ("mean absolute error, points", *SHORT, "correlation of the path", "role")
    return Grid(head, tuple(rows))


def _single(backtest: Backtest, text: str = "") -> Section:
    shown = (PATH, STATIC, LAGGED)
    rows = tuple(
        (
            name,
            number(backtest.actual[position]),
            *(number(backtest.model[model][position]) for model in shown),
        )
        for position, name in enumerate(backtest.months)
    )
    notes = tuple(note for note in (text, backtest.verdict, words.note(backtest)) if note)
    picture = f"backtest-{backtest.episode.name}-{backtest.partner}".lower().replace(" ", "-")
    return Section(title(backtest), notes, (Grid(("%", "actual", *shown), rows),), picture)


def _listed(findings: Findings) -> Grid:
    shown = (PATH, STATIC, NO_CHANGE)
    rows = tuple(
        (
            backtest.partner,
            number(backtest.actual[0]),
            *(number(backtest.model[model][0]) for model in shown),
        )
        for backtest in findings.listed
    )
    gained = (
        number(DIVERTED_PCT),
        *(number(findings.diverted[model]) for model in (PATH, STATIC)),
        "",
    )
    rows = (*rows, ("of China's loss gained by others", *gained))
    return Grid(("first half of 2019 over 2018, %", "actual", *shown), rows)


def _lists(lists: ByList) -> Iterator[Grid]:
    for model, values in ((PATH, lists.path), (STATIC, lists.static)):
        rows = []
        for name, changes in values.items():
            rows.append(
                (name, decimals(lists.worth(name), 0), *(number(change) for change in changes[2:]))
            )
        yield Grid((f"{model}, % over the start", "bn USD", *lists.quarters[2:]), tuple(rows))


def _soybeans(findings: Findings) -> Section:
    rows = []
    for backtest in (*findings.soybeans, *findings.tonnes):
        for position, name in enumerate(backtest.months):
            shown = (number(backtest.model[model][position]) for model in (PATH, STATIC))
            rows.append(
                (
                    f"{backtest.partner}, {name}",
                    measure_of(backtest, name),
                    role_of(name),
                    number(backtest.actual[position]),
                    *shown,
                )
            )
    table = Grid(
        ("% over 2017 (2025: over 2024)", "of", "role", "actual", PATH, STATIC), tuple(rows)
    )
    rates = _errors("zeta of soybeans", findings.soy_rates)
    steeper = _errors("trade elasticity", findings.soy_by_elasticity)
    return Section(
        "Soybeans to China",
        (words.SOYBEANS, words.SOY_FAILS, words.soy_elasticity()),
        (table, rates, steeper),
        "backtest-soybeans",
    )


def _errors(name: str, errors: Mapping[float, Mapping[str, float]]) -> Grid:
    episodes = tuple(next(iter(errors.values())))
    rows = tuple(
        (f"{value:g}", *(number(error_of[episode]) for episode in episodes))
        for value, error_of in errors.items()
    )
    return Grid((f"{name}: error, points", *episodes), rows)


def _ways(search: RateSearch) -> Iterator[Grid]:
    rows = tuple(
        (
            f"{search.elasticities}: {way.chosen_on}",
            way.judged_on,
            f"{way.rate:g}",
            *(number(error) for error in (way.error_there, way.error, way.static, way.no_change)),
        )
        for way in search.ways
    )
    head = ("chosen on", "judged on", "zeta", "error there", "error judged", STATIC, NO_CHANGE)
    yield Grid(head, rows)
    tried = tuple(
        (f"{rate:g}", *(number(errors[year]) for year in YEARS))
        for rate, errors in search.errors.items()
    )
    yield Grid((f"{search.elasticities}, zeta: error, points", *YEARS), tried)


def _partners(partners: Sequence[Partner]) -> Grid:
    rows = tuple(
        (
            partner.partner,
            decimals(partner.share_2024, 0),
            *(
                number(value)
                for value in (
                    partner.actual_before,
                    partner.path_before,
                    partner.error_before,
                    partner.actual_after,
                    partner.path_after,
                    partner.error_after,
                    partner.path_error,
                    partner.no_change_error,
                )
            ),
        )
        for partner in partners
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


def _growth(growth: Sequence[Growth]) -> Grid:
    rows = tuple(
        (
            f"{entry.episode}: {entry.partner}",
            *(
                number(value)
                for value in (entry.growth, entry.path, entry.with_growth, entry.no_change)
            ),
        )
        for entry in growth
    )
    head = ("error, points", "growth before, %", PATH, "path and growth", NO_CHANGE)
    return Grid(head, rows)


def elasticity_section(tables: Sequence[ByHorizon]) -> Section:
    """Elasticities by horizon, and the literature beside them."""
    horizons = tables[0].horizons
    rows: list[Row] = []
    for table in tables:
        rows.append((table.elasticities, *(decimals(-value, 2) for value in table.goods_by_goods)))
        if table.all_at_once is not None:
            shown = (decimals(-value, 2) for value in table.all_at_once)
            rows.append((f"{table.elasticities}, all at once", *shown))
    months = tuple(f"{months} mo." for months in horizons)
    studies = tuple(
        (estimate.study, estimate.horizon, _span(estimate.value), estimate.grade)
        for estimate in LITERATURE
    )
    sources = "; ".join(
        f"{estimate.study}, {estimate.horizon}: {estimate.what}" for estimate in LITERATURE
    )
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
    return " to ".join(decimals(end, 2) for end in dict.fromkeys(value))
