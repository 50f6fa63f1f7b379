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
from sim.report.backtest_tables import Grid, Section
from sim.validation.backtest.imports import GOAL_PP, Backtest
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
    first = max(len(row[0]) for row in (grid.head, *grid.rows))
    sizes = [
        max(len(row[at]) for row in (grid.head, *grid.rows)) + 2 for at in range(len(grid.head))
    ]
    tables, columns, used = [], [0], min(first, width // 2)
    for at in range(1, len(grid.head)):
        if used + sizes[at] > width and len(columns) > 1:
            tables.append(_chosen(grid, columns))
            columns, used = [0], min(first, width // 2)
        columns.append(at)
        used += sizes[at]
    return [*tables, _chosen(grid, columns)]


def _chosen(grid: Grid, columns: Sequence[int]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1))
    for at in columns:
        table.add_column(grid.head[at], justify="right" if at else "left", overflow="fold")
    for row in grid.rows:
        table.add_row(*(row[at] for at in columns))
    return table


def backtest_summary(found: Findings) -> dict[str, Any]:
    """Return the findings as plain data."""
    return {
        "measure": words.ABOUT,
        "goal_pp": GOAL_PP,
        "episodes": [_episode(one) for one in found.compared],
        "lists": {
            "quarters": list(found.lists.quarters),
            "worth_bn_usd": _rounded(found.lists.worth_bn),
            "path_pct": {name: _round(values) for name, values in found.lists.path.items()},
            "static_pct": {name: _round(values) for name, values in found.lists.static.items()},
        },
        "diverted_pct": _rounded(found.diverted),
        "both_ways": [
            {
                "elasticities": each.elasticities,
                "ways": [asdict(one) for one in each.ways],
                "errors_pp": {f"{rate:g}": _rounded(one) for rate, one in each.errors.items()},
            }
            for each in found.ways
        ],
        "partners": [asdict(one) for one in found.partners],
        "growth": [asdict(one) for one in found.growth],
        "soybean_rates_pp": {f"{k:g}": _rounded(one) for k, one in found.soy_rates.items()},
        "soybean_elasticities_pp": {
            f"{k:g}": _rounded(one) for k, one in found.soy_elasticities.items()
        },
    }


def elasticity_summary(tables: Sequence[ByHorizon]) -> dict[str, Any]:
    """Return the elasticities as plain data; signs as in the literature."""
    return {
        "sets": [
            {
                "elasticities": one.elasticities,
                "months": list(one.horizons),
                "goods_by_goods": [-round(value, 3) for value in one.goods_by_goods],
                "all_at_once": None
                if one.all_at_once is None
                else [-round(value, 3) for value in one.all_at_once],
            }
            for one in tables
        ],
        "literature": [asdict(one) for one in LITERATURE],
    }


def _episode(one: Backtest) -> dict[str, Any]:
    return {
        "episode": one.episode.name,
        "role": one.episode.role,
        "partner": one.partner,
        "months": list(one.months),
        "actual_pct": _round(one.actual),
        "models": {
            name: {
                "pct": _round(values),
                "mean_absolute_error_pp": round(one.error(name), 2),
                "correlation": _maybe(one.correlation(name)),
            }
            for name, values in one.model.items()
        },
        "verdict": one.verdict,
    }


def _round(values: Iterable[float]) -> list[float]:
    return [round(float(value), 2) for value in values]


def _rounded(values: Any) -> dict[str, float]:  # noqa: ANN401  any mapping of names to numbers
    return {name: round(float(value), 2) for name, value in values.items()}


def _maybe(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
