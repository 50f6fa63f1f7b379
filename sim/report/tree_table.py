"""What a terminal shows of an event tree: quarters, bands, odds and a line drawn in letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.outputs.pick import Quantity
from sim.outputs.table import GOODS, TOTAL
from sim.outputs.variables import PERCENT, POINTS, USD, USD_MN, VARIABLES
from sim.outputs.words import chance, decimals
from sim.report.console_layout import plain_table
from sim.study.trees.tree_results import CollapseTree

Array = NDArray[np.float64]

BARS = "▁▂▃▄▅▆▇█"
NOTHING = "·"
"""Drawn where a line does not move at all."""

_SHOWN = {USD_MN: ("USD bn", 1e-3), PERCENT: ("%", 1.0), POINTS: ("points", 1.0), USD: ("USD", 1.0)}


def tree_report(tree: CollapseTree) -> RenderableType:
    """Return the report: what may happen, then a table a quantity, by quarter."""
    parts: list[RenderableType] = [_title(tree), _odds(tree)]
    for key in tree.quantities:
        parts += [Text(""), quantity_table(tree, key)]
    return Group(*parts, Text(""), *_notes(tree))


def _title(tree: CollapseTree) -> Text:
    name, into = tree.labels.get("scenario", tree.scenario), tree.labels.get("into", tree.into)
    text = Text(f"{name}, which may break down", style="bold")
    span = "for good" if tree.duration == 0 else f"for {tree.duration} months"
    against = tree.labels.get("baseline", "the baseline")
    text.append(
        f"\nInto “{into}” {span}, with probability {100 * tree.hazard:g} % in each month that it "
        f"held so far; {tree.months[0]} to {tree.months[-1]}; changes against “{against}”, annual "
        "rates.",
        style="not bold",
    )
    return text


def _odds(tree: CollapseTree) -> Text:
    held = tree.branches[-1].probability
    months = len(tree.branches) - 1
    return Text(
        f"Probability that it holds for all {months} months: {chance(held)}; that it breaks down "
        f"in some month: {chance(1 - held)}."
    )


def label_of(tree: CollapseTree, key: Quantity) -> str:
    """Return a quantity in words, such as ``Imports, change: USA, CHN``."""
    places = [code for code in key[1:] if code != TOTAL]
    words = ["goods" if code == GOODS else tree.labels.get(code, code) for code in places]
    return f"{VARIABLES[key.variable].label}: {', '.join(words)}"


def quantity_table(tree: CollapseTree, key: Quantity) -> Table:
    """Return a quantity by quarter: the mean, the band, the odds of being worse; and its line."""
    unit, scale = _SHOWN.get(VARIABLES[key.variable].unit, (VARIABLES[key.variable].unit, 1.0))
    low, middle, high = scale * tree.band(key)
    expected, worse = scale * tree.expected(key), tree.worse(key)
    table = plain_table(title=f"{label_of(tree, key)}, {unit}  {sparkline(expected)}")
    for head in ("quarter", "expected", "10 %", "50 %", "90 %", "worse"):
        table.add_column(head, justify="left" if head == "quarter" else "right")
    for name, months in quarters(tree.months):
        numbers = [_number(line[months].mean()) for line in (expected, low, middle, high)]
        table.add_row(name, *numbers, chance(float(worse[months].mean())))
    whole = chance(tree.overall_worse(key))
    table.add_row("whole path", _number(expected.mean()), "", "", "", whole)
    return table


def quarters(months: Sequence[str]) -> Iterator[tuple[str, list[int]]]:
    """Calendar quarters with the positions of their months; the first and last may be short."""
    positions: dict[str, list[int]] = {}
    for position, month in enumerate(months):
        year, number = month.split("-")
        positions.setdefault(f"{year} Q{(int(number) + 2) // 3}", []).append(position)
    yield from positions.items()


def sparkline(values: Array) -> str:
    """Draw a line in letters, the least value lowest."""
    low, high = float(values.min()), float(values.max())
    if high - low <= 1e-9 * max(1.0, abs(high), abs(low)):
        return NOTHING * len(values)
    steps = np.round((values - low) / (high - low) * (len(BARS) - 1)).astype(int)
    return "".join(BARS[step] for step in steps)


def _number(value: float) -> str:
    return decimals(value, 3 if abs(value) < 10 else 1, sign=True)


def _notes(tree: CollapseTree) -> Iterator[Text]:
    yield Text(
        "10, 50 and 90 %: weighted quantiles over the branches, month by month, averaged over the "
        "quarter. worse: probability that the number is worse than in the baseline (lower, or "
        "higher for tariffs and prices); in the last row, that its mean over the path is."
    )
    for note in tree.notes:
        yield Text(f"- {note}")
