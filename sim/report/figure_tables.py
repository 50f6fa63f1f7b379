"""Headline figures as tables of a terminal: a row a figure, a column a scenario or month."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.table import Table

from sim.outputs import words
from sim.outputs.headline import Figure, figure_order
from sim.pair import Pair
from sim.report.console_layout import number_table

LABEL_WIDTH, LEVEL_WIDTH, CELL_WIDTH = 29, 10, 17

SAME_LEVEL = 5e-4
"""Relative difference below which two baseline levels print alike."""

Column = tuple[str, Mapping[str, Figure]]
"""Head of a column and its figures by id."""

_UNITS = {"percentage points": "points", "percent": "%", "million tonnes": "million t"}


def order_of(pairs: Iterable[Pair]) -> tuple[str, ...]:
    """Ids of the figures of these pairs, in the order in which they are shown."""
    ids = (name for pair in dict.fromkeys(pairs) for name in figure_order(pair))
    return tuple(dict.fromkeys(ids))


def figure_tables(
    title: str,
    columns: Sequence[Column],
    width: int,
    order: Sequence[str],
    *,
    with_level: bool = False,
) -> Iterator[Table]:
    """One table, or several below each other where the columns do not fit."""
    used = LABEL_WIDTH + 2 + (LEVEL_WIDTH if with_level else 0)
    room = max(1, (width - used) // (CELL_WIDTH + 2))
    for start in range(0, len(columns), room):
        yield _figure_table(title, columns[start : start + room], order, with_level=with_level)


def _figure_table(
    title: str, columns: Sequence[Column], order: Sequence[str], *, with_level: bool
) -> Table:
    heads = ["\n".join(textwrap.wrap(head, CELL_WIDTH)) for head, _ in columns]
    level_head = [_level_head(columns)] if with_level else []
    table = number_table(title, *level_head, *heads, first_width=LABEL_WIDTH)
    for name, label, unit in _rows([figures for _, figures in columns], order):
        row = [figures.get(name) for _, figures in columns]
        cells = [_cell(figure) for figure in row]
        if with_level:
            level = next((figure.baseline for figure in row if figure is not None), None)
            cells.insert(0, "" if level is None else words.number(level))
        table.add_row(f"{label}, {unit}", *cells)
    return table


def _level_head(columns: Sequence[Column]) -> str:
    """Say which column the baseline levels belong to, where they differ between columns."""
    (first, figures), *others = columns
    for name, figure in figures.items():
        same = [other[name].baseline for _, other in others if name in other]
        level = figure.baseline
        if level is not None and any(
            other is not None and abs(other - level) > SAME_LEVEL * abs(level) for other in same
        ):
            return "\n".join(textwrap.wrap(f"baseline, {first}", LEVEL_WIDTH))
    return "baseline"


def _rows(
    columns: Sequence[Mapping[str, Figure]], order: Sequence[str]
) -> list[tuple[str, str, str]]:
    """Id, label and unit of the rows in which at least one column has something to show."""
    seen: dict[str, tuple[str, str, str]] = {}
    for figures in columns:
        for name, figure in figures.items():
            if not words.is_idle(figure):
                unit = _UNITS.get(figure.change_unit, figure.change_unit)
                seen.setdefault(name, (name, figure.label, unit))
    return [seen[name] for name in order if name in seen]


def _cell(figure: Figure | None) -> str:
    if figure is None:
        return ""
    if words.is_still(figure):
        return "0"
    text = words.number(figure.change, sign=True)
    if figure.percent is None:
        return text
    percent = f"{words.number(figure.percent, sign=True)} %"
    return percent if text == "0" else f"{text} ({percent})"
