"""What a terminal shows of paths side by side: each figure by quarter, and what a path is worth."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan
from textwrap import wrap

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.engine.path_comparison import STILL, PathComparison
from sim.outputs.pair_names import pair_names
from sim.outputs.words import number
from sim.report.console_layout import plain_table

SHOWN = (
    "home_imports_from_partner",
    "home_exports_to_partner",
    "home_tariff_on_partner_before",
    "partner_tariff_on_home_before",
    "home_tariff_revenue",
    "home_gain",
    "home_real_income",
    "partner_gain",
    "partner_real_income",
    "seller_soybean_exports_to_buyer",
)
"""Headline figures, by roles, that are shown unless all are asked for."""

WIDTH = 12
"""Letters of a column's head before it is broken."""


def paths_report(comparison: PathComparison, *, details: bool = False) -> RenderableType:
    """Return the tables: each figure by quarter, and what each path is worth over the first."""
    dates = comparison.dates
    head = Text(" against ".join(result.title for result in comparison.results), style="bold")
    head.append(
        f"\n{dates[0]:%Y-%m} to {dates[-1]:%Y-%m}; changes against {_starts(comparison)}, in the "
        "same months, annual rates, means of the quarters' months.",
        style="not bold",
    )
    wanted = comparison.figures if details else _shown_ids(comparison)
    shown = [name for name in comparison.figures if name in wanted and comparison.moves(name)]
    parts: list[RenderableType] = [head]
    for name in shown:
        parts += [Text(""), figure_table(comparison, name)]
    return Group(*parts, Text(""), *(Text(note) for note in _notes(comparison)))


def _starts(comparison: PathComparison) -> str:
    """Say what the changes of the paths are against."""
    titles = dict.fromkeys(str(each.manifest["against_title"]) for each in comparison.results)
    return " and ".join(f"the path of “{title}”" for title in titles)


def _shown_ids(comparison: PathComparison) -> set[str]:
    """Ids of the figures of `SHOWN` for the pairs of the paths."""
    pairs = dict.fromkeys(result.pair for result in comparison.results)
    return {pair_names(pair).id_of(key) for pair in pairs for key in SHOWN}


def figure_table(comparison: PathComparison, name: str) -> Table:
    """Return a figure by quarter: a column a path, and a column for each difference."""
    figure = comparison.figures[name]
    table = plain_table(title=f"{figure.label}, change, {figure.change_unit}")
    table.add_column("quarter")
    ids = [result.id for result in comparison.results]
    others = [path for path in range(1, len(ids)) if comparison.comparable(path)]
    for head in (*ids, *(f"{ids[path]} less first" for path in others)):
        table.add_column("\n".join(wrap(head, WIDTH)), justify="right")
    columns = [comparison.by_quarter(changes) for changes in comparison.changes[name]]
    columns += [comparison.by_quarter(comparison.difference(name, path)) for path in others]
    for row, quarter in enumerate(comparison.quarters):
        table.add_row(quarter, *(_cell(column[row]) for column in columns))
    worths = [comparison.worth(name, path) for path in others]
    if any(worth is not None for worth in worths):
        cells = ["" if worth is None else _cell(worth) for worth in worths]
        table.add_row("in all", *[""] * len(ids), *cells)
    return table


def _cell(value: float) -> str:
    if isnan(value):
        return ""
    return "0" if abs(value) < STILL else number(value, sign=True)


def _notes(comparison: PathComparison) -> Iterator[str]:
    """What a reader must know of the tables."""
    first = comparison.dates[0]
    for path, result in enumerate(comparison.results):
        if not comparison.comparable(path):
            yield (
                f"- {result.id} is measured against {result.manifest['baseline']}: no difference "
                "to the first is taken."
            )
        if result.prevented:
            yield (
                f"- {result.id} means that something does not happen: its own column is against "
                f"{result.manifest['against']}; differences to the first are of changes against "
                f"{result.manifest['baseline']}."
            )
        if result.dates[0] > first:
            yield f"- {result.id} departs from its baseline in {result.dates[0]:%Y-%m}; 0 before."
        for firing in result.manifest.get("rules", {}).get("firings", ()):
            yield f"- {result.id}, rule: {firing['words']}"
    yield "- in all: sum of the difference over the months shown, USD bn."
