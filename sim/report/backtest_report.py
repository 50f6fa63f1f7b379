"""What `truce validate backtest` and `truce validate elasticities` print, and the same as data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.report import backtest_words as words
from sim.report.backtest_grids import Grid, Section
from sim.validation.backtest.imports import GOAL_PP, NO_CHANGE, Backtest
from sim.validation.backtest.single_partners import SinglePartners
from sim.validation.backtest.suite import Findings
from sim.validation.elasticity import LITERATURE, ByHorizon


def report(sections: Iterable[Section], width: int) -> RenderableType:
    """Return sections for a terminal of a width."""
    parts: list[RenderableType] = []
    for section in sections:
        parts.append(Text(section.title, style="bold"))
        for text in section.text:
            parts += [Text(text), Text("")]
        for grid in section.grids:
            parts += [*_tables(grid, width), Text("")]
    return Group(*parts[:-1])


def _tables(grid: Grid, width: int) -> list[Table]:
    """Split a table that is too wide for the terminal into as many as it needs."""
    first_width = max(len(row[0]) for row in (grid.head, *grid.rows))
    widths = [
        max(len(row[column]) for row in (grid.head, *grid.rows)) + 2
        for column in range(len(grid.head))
    ]
    tables, columns, used = [], [0], min(first_width, width // 2)
    for column in range(1, len(grid.head)):
        if used + widths[column] > width and len(columns) > 1:
            tables.append(_chosen(grid, columns))
            columns, used = [0], min(first_width, width // 2)
        columns.append(column)
        used += widths[column]
    return [*tables, _chosen(grid, columns)]


def _chosen(grid: Grid, columns: Sequence[int]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1))
    for column in columns:
        table.add_column(grid.head[column], justify="right" if column else "left", overflow="fold")
    for row in grid.rows:
        table.add_row(*(row[column] for column in columns))
    return table


def backtest_summary(findings: Findings) -> dict[str, Any]:
    """Return the findings as plain data."""
    return {
        "measure": words.ABOUT,
        "goal_pp": GOAL_PP,
        "episodes": [_episode(entry) for entry in findings.compared],
        "lists": {
            "quarters": list(findings.lists.quarters),
            "worth_bn_usd": _rounded(findings.lists.worth_bn),
            "path_pct": {name: _round(values) for name, values in findings.lists.path.items()},
            "static_pct": {name: _round(values) for name, values in findings.lists.static.items()},
        },
        "diverted_pct": _rounded(findings.diverted),
        "both_ways": [
            {
                "elasticities": grid_search.elasticities,
                "ways": [asdict(entry) for entry in grid_search.ways],
                "errors_pp": {
                    f"{rate:g}": _rounded(entry) for rate, entry in grid_search.errors.items()
                },
            }
            for grid_search in findings.ways
        ],
        "partners": [asdict(entry) for entry in findings.partners],
        "growth": [asdict(entry) for entry in findings.growth],
        "single_partners": _single(findings.single),
        "tiers_pp": {
            **{f"{entry.macro_elasticity:g}": _rounded(entry.errors) for entry in findings.tiers},
            NO_CHANGE: _rounded(findings.naive),
        },
        "soybean_rates_pp": {
            f"{value:g}": _rounded(entry) for value, entry in findings.soy_rates.items()
        },
        "soybean_elasticities_pp": {
            f"{value:g}": _rounded(entry) for value, entry in findings.soy_elasticities.items()
        },
    }


def elasticity_summary(tables: Sequence[ByHorizon]) -> dict[str, Any]:
    """Return the elasticities as plain data; signs as in the literature."""
    return {
        "sets": [
            {
                "elasticities": table.elasticities,
                "months": list(table.horizons),
                "goods_by_goods": [-round(value, 3) for value in table.goods_by_goods],
                "all_at_once": None
                if table.all_at_once is None
                else [-round(value, 3) for value in table.all_at_once],
            }
            for table in tables
        ],
        "literature": [asdict(estimate) for estimate in LITERATURE],
    }


def _single(single: SinglePartners) -> dict[str, Any]:
    return {
        "partners": [
            {
                "episode": entry.episode.name,
                "median_error_pp": {
                    name: round(entry.median_error(name), 2) for name in entry.partners[0].model
                },
                "below_two_thirds_of_no_change": entry.told,
                "changes": [_period(backtest) for backtest in (*entry.partners, *entry.whole)],
            }
            for entry in single.episodes
        ],
        "all_others_by_month": [_episode(backtest) for backtest in single.monthly],
        "sectors": [_period(backtest) for backtest in single.sectors],
        "sector_error_pp": {
            name: round(single.sector_error(name), 2) for name in single.sectors[0].model
        },
    }


def _period(backtest: Backtest) -> dict[str, Any]:
    """Return a comparison of one period."""
    return {
        "of": backtest.partner,
        "actual_pct": round(float(backtest.actual[0]), 2),
        "pct": {name: round(float(values[0]), 2) for name, values in backtest.model.items()},
    }


def _episode(backtest: Backtest) -> dict[str, Any]:
    return {
        "episode": backtest.episode.name,
        "role": backtest.episode.role,
        "partner": backtest.partner,
        "months": list(backtest.months),
        "actual_pct": _round(backtest.actual),
        "models": {
            name: {
                "pct": _round(values),
                "mean_absolute_error_pp": round(backtest.error(name), 2),
                "correlation": _maybe(backtest.correlation(name)),
            }
            for name, values in backtest.model.items()
        },
        "verdict": backtest.verdict,
    }


def _round(values: Iterable[float]) -> list[float]:
    return [round(float(value), 2) for value in values]


def _rounded(values: Any) -> dict[str, float]:  # noqa: ANN401  any mapping of names to numbers
    return {name: round(float(value), 2) for name, value in values.items()}


def _maybe(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
