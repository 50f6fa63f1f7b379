"""What a terminal shows of tariffs through time: a plot in blocks and a table; computes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

BLOCKS = " ▁▂▃▄▅▆▇█"
PLOT_ROWS = 8
AXIS_WIDTH = 6

Row = Mapping[str, Any]

SERIES = {
    "us_on_china": "US on China",
    "china_on_us": "China on the US",
}


def timeline_report(
    rows: Sequence[Row], width: int, *, label: str, scenario: str, by_authority: bool = False
) -> RenderableType:
    """Return plots and a table of `rows` (months or days), and what the numbers measure.

    Parameters
    ----------
    rows
        Each with ``month`` or ``date`` and ``<series>_pct``; with authorities also
        ``<series>_by_authority``.
    """
    parts: list[RenderableType] = [Text(f"Average tariffs, {scenario}", style="bold")]
    for series, title in SERIES.items():
        values = [float(row[f"{series}_pct"]) for row in rows]
        parts.append(Text(plot(values, [_when(row) for row in rows], width, title)))
    if by_authority:
        parts += [_authority_table(rows, series, title, width) for series, title in SERIES.items()]
    else:
        parts.append(_table(rows))
    parts.append(Text(f"Percent: {label}. Other measures of the tariff differ by 5 to 20 points."))
    return Group(*_spaced(parts))


def plot(values: Sequence[float], labels: Sequence[str], width: int, title: str) -> str:
    """Draw `values` as columns of block characters; a column shows the highest of its values."""
    columns = max(1, min(len(values), width - AXIS_WIDTH - 1))
    heights = [_highest(values, place, columns) for place in range(columns)]
    top = max([*heights, 1e-9])
    lines = [f"{title}, %"]
    for level in reversed(range(PLOT_ROWS)):
        mark = f"{top * (level + 1) / PLOT_ROWS:5.0f}" if level in (0, 3, 7) else " " * 5
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


def _table(rows: Sequence[Row]) -> Table:
    """Rows in which something changed since the row before."""
    table = _empty("from", *SERIES.values())
    for row in _changes(rows, [f"{series}_pct" for series in SERIES]):
        table.add_row(_when(row), *(f"{row[f'{series}_pct']:.1f}" for series in SERIES))
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
        table.add_row(_when(row), *(f"{value:.1f}" for value in (whole, *parts, *rest)))
    return table


def _changes(rows: Sequence[Row], keys: Sequence[str]) -> list[Row]:
    kept: list[Row] = []
    for row in rows:
        shown = [round(float(row[key]), 1) for key in keys]
        if not kept or shown != [round(float(kept[-1][key]), 1) for key in keys]:
            kept.append(row)
    return kept


def _empty(first: str, *others: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1))
    table.add_column(first, no_wrap=True)
    for name in others:
        table.add_column(name, justify="right", overflow="fold", max_width=12)
    return table


def _when(row: Row) -> str:
    return str(row.get("month") or row.get("date"))


def _spaced(parts: Sequence[RenderableType]) -> list[RenderableType]:
    spaced: list[RenderableType] = []
    for part in parts:
        spaced += [part, Text("")]
    return spaced[:-1]
