"""The look that all reports of the terminal share: widths, tables, lists, blank lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

MIN_WIDTH, MAX_WIDTH = 60, 140


def width_of(console: Console) -> int:
    """Width to lay tables out for."""
    return max(MIN_WIDTH, min(MAX_WIDTH, console.width))


def plain_table(*, title: str | None = None) -> Table:
    """Return an empty table with a rule below its head and no frame."""
    return Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        show_edge=False,
        padding=(0, 1),
        title=title,
        title_justify="left",
        title_style="",
    )


def number_table(first: str, *others: str, first_width: int | None = None) -> Table:
    """Return an empty table whose first column holds words and whose others hold numbers."""
    table = plain_table()
    table.add_column(first, overflow="fold", max_width=first_width)
    for header in others:
        table.add_column(header, justify="right", overflow="fold")
    return table


def bullets(texts: Iterable[str]) -> Table:
    """Return a list of the texts that are not empty."""
    grid = Table.grid(padding=(0, 1))
    for text in texts:
        if text:
            grid.add_row("-", Text(text))
    return grid


def spaced(parts: Sequence[RenderableType]) -> Iterator[RenderableType]:
    """Put a blank line between the parts of a report."""
    for position, part in enumerate(parts):
        if position:
            yield Text("")
        yield part
