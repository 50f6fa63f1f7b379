"""What a terminal shows of tariffs through time: a plot in blocks and a table; computes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.outputs.pair_names import DEFAULT_NAMES, PairNames
from sim.outputs.words import decimals
from sim.report.console_layout import plain_table, spaced

BLOCKS = " ▁▂▃▄▅▆▇█"
PLOT_ROWS = 8
AXIS_WIDTH = 6

Row = Mapping[str, Any]


def series_of(names: PairNames = DEFAULT_NAMES) -> dict[str, str]:
    """Ids and titles of the two series: what each of a pair puts on the other."""
    ways = ((names.home, names.partner), (names.partner, names.home))
    return {f"{a.place}_on_{b.place}": f"{a.title} on {b.noun}" for a, b in ways}


def timeline_report(
    rows: Sequence[Row],
    width: int,
    *,
    label: str,
    scenario: str,
    by_authority: bool = False,
    names: PairNames = DEFAULT_NAMES,
) -> RenderableType:
    """Return plots and a table of `rows` (months or days), and what the numbers measure.

    Parameters
    ----------
    rows
        Each with ``month`` or ``date`` and ``<series>_pct``; with authorities also
        ``<series>_by_authority``.
    names
        What the two of the pair are called.
    """
    titles = series_of(names)
    parts: list[RenderableType] = [Text(f"Average tariffs, {scenario}", style="bold")]
    for series, title in titles.items():
        values = [float(row[f"{series}_pct"]) for row in rows]
        parts.append(Text(plot(values, [_when(row) for row in rows], width, title)))
    if by_authority:
        parts += [_authority_table(rows, series, title, width) for series, title in titles.items()]
    else:
        parts.append(_table(rows, titles))
    parts.append(Text(f"Percent: {label}. Other measures of the tariff differ by 5 to 20 points."))
    return Group(*spaced(parts))


def plot(values: Sequence[float], labels: Sequence[str], width: int, title: str) -> str:
    """Draw `values` as columns of block characters; a column shows the highest of its values."""
    columns = max(1, min(len(values), width - AXIS_WIDTH - 1))
    heights = [_highest(values, place, columns) for place in range(columns)]
    top = max([*heights, 1e-9])
    lines = [f"{title}, %"]
    for level in reversed(range(PLOT_ROWS)):
        mark = f"{decimals(top * (level + 1) / PLOT_ROWS, 0):>5}" if level in (0, 3, 7) else " " * 5
        lines.append(f"{mark} " + "".join(_block(height / top, level) for height in heights))
    gap = max(1, columns - len(labels[0]) - len(labels[-1]))
    lines.append(" " * AXIS_WIDTH + labels[0] + " " * gap + labels[-1])
    return "\n".join(line.rstrip() for line in lines)


def _highest(values: Sequence[float], place: int, columns: int) -> float:
    first = place * len(values) // columns
    last = max(first + 1, (place + 1) * len(values) // columns)
    return max(values[first:last])


def _block(share: float, level: int) -> str:
    """Character of one column in one of `PLOT_ROWS` lines."""
    eighths = round((share * PLOT_ROWS - level) * 8)
    return BLOCKS[min(8, max(0, eighths))]


def _table(rows: Sequence[Row], titles: Mapping[str, str]) -> Table:
    """Rows in which something changed since the row before."""
    table = _empty("from", *titles.values())
    for row in _changes(rows, [f"{series}_pct" for series in titles]):
        table.add_row(_when(row), *(decimals(row[f"{series}_pct"], 1) for series in titles))
    return table


def _authority_table(rows: Sequence[Row], series: str, title: str, width: int) -> Table:
    key = f"{series}_by_authority"
    names = list(dict.fromkeys(name for row in rows for name in row[key]))
    room = max(2, (width - 20) // 10)
    shown = sorted(names, key=lambda name: -max(abs(row[key].get(name, 0)) for row in rows))
    kept = [name for name in names if name in shown[:room]]
    heads = [name.replace("-", " ") for name in kept]
    table = _empty(title, "all", *heads, *(["others"] if len(kept) < len(names) else []))
    for row in _changes(rows, [f"{series}_pct"]):
        parts = [float(row[key].get(name, 0.0)) for name in kept]
        whole = float(row[f"{series}_pct"])
        rest = [whole - sum(parts)] if len(kept) < len(names) else []
        table.add_row(_when(row), *(decimals(value, 1) for value in (whole, *parts, *rest)))
    return table


def _changes(rows: Sequence[Row], keys: Sequence[str]) -> list[Row]:
    kept: list[Row] = []
    for row in rows:
        shown = [round(float(row[key]), 1) for key in keys]
        if not kept or shown != [round(float(kept[-1][key]), 1) for key in keys]:
            kept.append(row)
    return kept


def _empty(first: str, *others: str) -> Table:
    table = plain_table()
    table.add_column(first, no_wrap=True)
    for name in others:
        table.add_column(name, justify="right", overflow="fold", max_width=12)
    return table


def _when(row: Row) -> str:
    return str(row.get("month") or row.get("date"))
