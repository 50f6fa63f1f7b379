"""`truce compare A B --months N`: paths side by side; light to import, as `sim.cli` needs it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isnan
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

from sim.cli.terminal import console, print_json, say_saved, waiting

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from sim.engine.path_comparison import PathComparison

WIDTH = 12
"""Letters of a column's head before it is broken."""


def compare_paths(  # noqa: PLR0913  one parameter an option
    names: Sequence[str] | None,
    levers: Mapping[str, float],
    elasticities: str,
    months: int,
    out: Path | None,
    details: bool,
    as_json: bool,
) -> None:
    """Run the paths, save them if asked to, and print them by quarter."""
    from sim.engine.path_comparison import compare_paths as compare

    with waiting("Solving ..."):
        found = compare(names or (), months=months, levers=levers, elasticities=elasticities)
    if out is not None:
        found.save(out)
    if as_json:
        print_json(found.to_dict())
    else:
        console().print(paths_report(found, details=details))
    say_saved(out)


def paths_report(found: PathComparison, *, details: bool = False) -> RenderableType:
    """Return the tables: each figure by quarter, and what each path is worth over the first."""
    from rich.console import Group
    from rich.text import Text

    from sim.engine.path_comparison import SHOWN

    first = found.results[0]
    head = Text(" against ".join(result.title for result in found.results), style="bold")
    head.append(
        f"\n{found.dates[0]:%Y-%m} to {found.dates[-1]:%Y-%m}; changes against "
        f"“{first.manifest['against_title']}”, annual rates, means of the quarters' months.",
        style="not bold",
    )
    shown = found.figures if details else SHOWN
    chosen = [name for name in found.figures if name in shown and found.moves(name)]
    parts: list[RenderableType] = [head]
    for name in chosen:
        parts += [Text(""), figure_table(found, name)]
    return Group(*parts, Text(""), *(Text(line) for line in _lines(found)))


def figure_table(found: PathComparison, name: str) -> Table:
    """Return a figure by quarter: a column a path, and a column for each difference."""
    from rich import box
    from rich.table import Table

    figure = found.figures[name]
    table = Table(
        box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1), title_style="",
        title=f"{figure.label}, change, {figure.change_unit}", title_justify="left",
    )  # fmt: skip
    table.add_column("quarter")
    others = [at for at in range(1, len(found.results)) if found.comparable(at)]
    heads = [result.id for result in found.results]
    for head in (*heads, *(f"{heads[at]} less first" for at in others)):
        table.add_column("\n".join(wrap(head, WIDTH)), justify="right")
    columns = [found.by_quarter(row) for row in found.changes[name]]
    columns += [found.by_quarter(found.difference(name, at)) for at in others]
    for at, quarter in enumerate(found.quarters):
        table.add_row(quarter, *(_cell(column[at]) for column in columns))
    worths = [found.worth(name, at) for at in others]
    if any(worth is not None for worth in worths):
        cells = ["" if worth is None else _cell(worth) for worth in worths]
        table.add_row("in all", *[""] * len(found.results), *cells)
    return table


def _cell(value: float) -> str:
    from sim.engine.path_comparison import STILL
    from sim.outputs.words import number

    if isnan(value):
        return ""
    return "0" if abs(value) < STILL else number(value, sign=True)


def _lines(found: PathComparison) -> Iterator[str]:
    """What a reader must know of the tables."""
    for at, result in enumerate(found.results):
        if not found.comparable(at):
            yield (
                f"- {result.id} is measured against {result.manifest['against']}: no difference "
                "to the first is taken."
            )
        if result.dates[0] > found.dates[0]:
            yield f"- {result.id} departs from its baseline in {result.dates[0]:%Y-%m}; 0 before."
        for firing in result.manifest.get("rules", {}).get("firings", ()):
            yield f"- {result.id}, rule: {firing['words']}"
    yield "- in all: sum of the difference over the months shown, USD bn."
