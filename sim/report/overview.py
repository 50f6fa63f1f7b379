"""The table to read first: one row a scenario, one column a headline number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from textwrap import wrap
from typing import NamedTuple

from rich.table import Table
from rich.text import Text

from sim.outputs import words
from sim.outputs.comparison import Comparison
from sim.outputs.headline import Figure, Headline
from sim.outputs.pair_names import PairNames, RegionName
from sim.report.console_layout import plain_table


class Column(NamedTuple):
    """A column of the overview; key and head by roles, as in the templates of figures."""

    key: str
    head: str
    unit: str
    with_percent: bool = False


COLUMNS = (
    Column(
        "home_imports_from_partner",
        "{home.owner} imports\nfrom {partner.noun}",
        "USD bn (%)",
        with_percent=True,
    ),
    Column("home_tariff_on_partner_before", "{home.owner} tariff\non {partner.noun}", "points"),
    Column("home_tariff_revenue", "{home.owner} tariff\nrevenue", "USD bn"),
    Column("home_real_income", "{home.owner} real\nincome", "%"),
    Column("home_real_income_per_household", "", "USD"),
    Column("partner_real_income", "{partner.owner} real\nincome", "%"),
    Column("seller_soybean_income", "{seller.owner} soybean\nincome", "USD bn (%)", True),
)
LABEL_WIDTH, HEAD_WIDTH = 26, 12
LONGEST_NAME = 10
"""Letters of a region's name above which heads of columns have its code instead."""
NARROW = 120
"""Below this width only the columns of `NARROW_COLUMNS` are shown."""
LEAST_PERCENT = 0.005
"""Percentages that would be written as 0.00 are left out."""
NARROW_COLUMNS = (0, 3, 4, 5)

Row = tuple[Text, Headline, Mapping[str, Figure]]
"""Name of a scenario, its headline, and the figures that are shown."""


def overviews(comparison: Comparison, width: int) -> Iterator[Table]:
    """Yield the changes that each scenario brings, a year: a table a pair.

    A scenario that means that something does not happen is set against its counterpart, in which
    it does, and says so.
    """
    rows = _rows(comparison)
    for pair in dict.fromkeys(headline.names.pair for _, headline, _ in rows):
        yield _overview([row for row in rows if row[1].names.pair == pair], width)


def _overview(rows: Sequence[Row], width: int) -> Table:
    """The overview of scenarios of one pair."""
    names = rows[0][1].names
    columns = COLUMNS if width >= NARROW else tuple(COLUMNS[i] for i in NARROW_COLUMNS)
    columns = tuple(column for column in columns if _is_known(column, rows, names))
    table = plain_table()
    table.caption = f"Changes a year, {_starts(rows)}."
    table.caption_justify = "left"
    table.add_column("", width=LABEL_WIDTH)
    for column in columns:
        head = f"{_head(column, _in_short(names))}\n{column.unit}"
        table.add_column(head, justify="right", no_wrap=True)
    for name, _, figures in rows:
        cells = (_cell(figures.get(names.id_of(column.key)), column) for column in columns)
        table.add_row(name, *cells)
    return table


def _is_known(column: Column, rows: Sequence[Row], names: PairNames) -> bool:
    """Tell whether any scenario of the pair has the figure of a column."""
    return any(names.id_of(column.key) in headline.figures for _, headline, _ in rows)


def _head(column: Column, names: PairNames) -> str:
    """Return the head of a column, in short lines so that all columns fit."""
    text = names.text(column.head) if column.head else _household_head(names.home)
    lines = (wrap(line, HEAD_WIDTH, break_long_words=False) for line in text.split("\n"))
    return "\n".join(line for wrapped in lines for line in wrapped)


def _household_head(region: RegionName) -> str:
    """Return ``per US household``; a region with a possessive gets ``in Canada`` instead."""
    is_possessive = region.owner != region.title
    return f"per household\nin {region.noun}" if is_possessive else f"per {region.owner}\nhousehold"


def _in_short(names: PairNames) -> PairNames:
    """Call regions with long names by their codes."""
    home, partner, seller = (_short(each) for each in (names.home, names.partner, names.seller))
    return replace(names, home=home, partner=partner, seller=seller)


def _short(region: RegionName) -> RegionName:
    if len(region.noun) <= LONGEST_NAME:
        return region
    return replace(region, noun=region.code, owner=f"{region.code}'s")


def _starts(rows: Sequence[Row]) -> str:
    titles = dict.fromkeys(top.against_title for _, top, _ in rows if not top.prevented)
    if not titles:
        return "against what each row says"
    named = " and ".join(f"“{title}”" for title in titles)
    return f"against {named} where nothing else is said"


def _rows(comparison: Comparison) -> list[Row]:
    rows = []
    for headline in comparison.headlines:
        name = Text(headline.title)
        if headline.prevented:
            name.append(f"\nagainst “{headline.against_title}”", style="dim")
        rows.append((name, headline, headline.figures))
    return rows


def _cell(figure: Figure | None, column: Column) -> str:
    if figure is None:
        return ""
    if words.is_still(figure):
        return "0"
    text = words.number(figure.change, sign=True)
    if column.unit == "USD":
        text = words.decimals(figure.change, 0, sign=True)
    percent = figure.percent if column.with_percent else None
    if text != "0" and percent is not None and abs(percent) >= LEAST_PERCENT:
        text += f" ({_percent(percent)})"
    return text


def _percent(value: float) -> str:
    """Return a percentage in few letters: +49, -0.1, +0.02."""
    size = abs(value)
    return words.decimals(value, 0 if size >= 1 else 1 if size >= 0.095 else 2, sign=True)
