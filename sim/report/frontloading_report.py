"""What a terminal shows of buying ahead: the fit, the stocks, and what it does to the backtest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.outputs.words import decimals

ABOUT = (
    "American goods imports bought ahead of announced tariffs, bn USD in the month, beside the "
    "excess of imports over trend (grade A). Gold and medicines, whose duties never came, are in "
    "the excess (from memory, grade M) and not in the model. The errors below are of yearly "
    "changes, points; the share backtest (truce validate backtest) is run without it."
)


def frontloading_report(summary: Mapping[str, Any], width: int) -> RenderableType:
    """Return the table by month and the errors, from `frontloading_summary`."""
    months = _table("month", "model", "of it from China", "seen", "in stock")
    for row in summary["months"]:
        target = row["target_usd_bn"]
        cells = (row["excess_usd_bn"], row["from_china_usd_bn"])
        seen = "" if target is None else decimals(target, 1)
        shown = (decimals(cell, 1, sign=True) for cell in cells)
        months.add_row(row["month"], *shown, seen, decimals(row["stock_usd_bn"], 1))
    errors = _table("mean absolute error", "without", "with buying ahead")
    for row in summary["errors"]:
        name = f"{row['stretch']}, {row['partner']}"
        errors.add_row(name, decimals(row["without_pp"], 1), decimals(row["with_pp"], 1))
    roles = {row["stretch"]: row["role"] for row in summary["errors"]}
    words = "; ".join(f"{name} is a {role}" for name, role in roles.items())
    return Group(Text(ABOUT), Text(""), months, Text(""), errors, Text(f"{words}."))


def _table(first: str, *others: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1))
    table.add_column(first)
    for name in others:
        table.add_column(name, justify="right")
    return table
