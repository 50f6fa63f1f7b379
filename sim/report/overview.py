"""The table to read first: one row a scenario, one column a headline number."""

from __future__ import annotations

from collections.abc import Mapping

from rich import box
from rich.table import Table
from rich.text import Text

from sim.outputs import words
from sim.outputs.comparison import Comparison
from sim.outputs.headline import Figure

COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("us_imports_from_china", "US imports\nfrom China", "USD bn (%)"),
    ("us_tariff_on_china_before", "US tariff\non China", "points"),
    ("us_tariff_revenue", "US tariff\nrevenue", "USD bn"),
    ("us_real_income", "US real\nincome", "%"),
    ("us_real_income_per_household", "per US\nhousehold", "USD"),
    ("cn_real_income", "China's real\nincome", "%"),
    ("us_soybean_income", "US soybean\nincome", "USD bn (%)"),
)
WITH_PERCENT = ("us_imports_from_china", "us_soybean_income")
LABEL_WIDTH = 26
NARROW = 105
"""Below this width only the columns of `NARROW_COLUMNS` are shown."""
NARROW_COLUMNS = (0, 3, 4, 5)


def overview(comparison: Comparison, width: int) -> Table:
    """Return the changes that each scenario brings, a year.

    A scenario that means that something does not happen is set against its counterpart, in which
    it does: against the baseline it changes nothing.
    """
    columns = COLUMNS if width >= NARROW else tuple(COLUMNS[at] for at in NARROW_COLUMNS)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1))
    table.caption = f"Changes a year, against {_starts(comparison)} where nothing else is said."
    table.caption_justify = "left"
    table.add_column("", width=LABEL_WIDTH)
    for _, label, unit in columns:
        table.add_column(f"{label}\n{unit}", justify="right", no_wrap=True)
    for name, figures in _rows(comparison):
        table.add_row(name, *(_cell(figures.get(column)) for column, _, _ in columns))
    return table


def _starts(comparison: Comparison) -> str:
    return " and ".join(dict.fromkeys(f"“{top.against_title}”" for top in comparison.headlines))


def _rows(comparison: Comparison) -> list[tuple[Text, Mapping[str, Figure]]]:
    worths = {worth.result.id: worth for worth in comparison.worths}
    rows = []
    for result, top in zip(comparison.results, comparison.headlines, strict=True):
        name, figures = Text(top.title), top.figures
        worth = worths.get(result.id)
        if worth is not None:
            name.append(f"\nagainst “{worth.counterpart.title}”", style="dim")
            figures = worth.figures
        rows.append((name, figures))
    return rows


def _cell(figure: Figure | None) -> str:
    if figure is None or words.is_still(figure):
        return "0"
    if figure.percent is not None and words.is_minor(figure):
        return "0"
    text = words.number(figure.change, sign=True)
    if figure.id.endswith("per_household"):
        text = f"{figure.change:+,.0f}"
    if figure.id in WITH_PERCENT and figure.percent is not None:
        text += f" ({figure.percent:+.{0 if abs(figure.percent) >= 1 else 1}f})"
    return text
