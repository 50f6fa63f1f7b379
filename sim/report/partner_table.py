"""What a terminal shows of the average tariffs on every partner on a day; computes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.engine.partner_averages import PartnerAverage
from sim.outputs.words import decimals
from sim.report.console_layout import number_table, spaced

NAME_WIDTH = 28
PART_WIDTH = 10


def partner_report(
    averages: Sequence[PartnerAverage], width: int, *, title: str, label: str
) -> RenderableType:
    """Return a table of the averages, or of their parts by authority if they were asked for."""
    with_parts = any(row.by_authority_pct for row in averages)
    table = _parts(averages, width) if with_parts else _rates(averages)
    note = Text(f"Percent: {label}. Other measures of the tariff differ by 5 to 20 points.")
    return Group(*spaced([Text(title, style="bold"), table, note]))


def _rates(averages: Sequence[PartnerAverage]) -> Table:
    heads = ("tariff", "collected 2024", "imports 2024, bn USD")
    table = number_table("partner", *heads, first_width=NAME_WIDTH)
    for row in averages:
        numbers = (row.rate_pct, row.base_pct)
        imports = decimals(row.imports_usd_mn / 1000, 1)
        table.add_row(_name(row), *(decimals(number, 2) for number in numbers), imports)
    return table


def _parts(averages: Sequence[PartnerAverage], width: int) -> Table:
    """Table of the largest parts; those for which there is no room are summed up."""
    names = list(dict.fromkeys(name for row in averages for name in row.by_authority_pct))
    room = max(1, (width - NAME_WIDTH) // PART_WIDTH - 2)
    largest = sorted(names, key=lambda name: -_largest(averages, name))[:room]
    kept = [name for name in names if name in largest]
    others = ["others"] if kept != names else []
    heads = ["all", *(name.replace("-", " ") for name in kept), *others]
    table = number_table("partner", *heads, first_width=NAME_WIDTH)
    for row in averages:
        parts = [row.by_authority_pct.get(name, 0.0) for name in kept]
        rest = [row.rate_pct - sum(parts)] if others else []
        table.add_row(_name(row), *(decimals(part, 2) for part in (row.rate_pct, *parts, *rest)))
    return table


def _name(row: PartnerAverage) -> str:
    return f"{row.partner} {row.label}" if row.partner.isupper() else row.label


def _largest(averages: Sequence[PartnerAverage], name: str) -> float:
    return max(abs(row.by_authority_pct.get(name, 0.0)) for row in averages)
