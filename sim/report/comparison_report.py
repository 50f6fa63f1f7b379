"""What a terminal shows of scenarios side by side, each against what it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.outputs import words
from sim.outputs.comparison import Comparison
from sim.outputs.headline import Headline
from sim.report.basis_words import basis_words
from sim.report.console_layout import bullets, spaced
from sim.report.figure_tables import figure_tables, order_of
from sim.report.overview import overviews
from sim.report.run_report import HORIZON, notice_of


def comparison_report(
    comparison: Comparison, width: int, *, details: bool = False
) -> RenderableType:
    """Return the comparison: overview, what it says in words, on request all figures, its basis."""
    notices = (notice for result in comparison.results for notice in notice_of(result, title=True))
    parts: list[RenderableType] = [*notices, *overviews(comparison, width)]
    for top in comparison.headlines:
        parts.append(Group(Text(top.title, style="bold"), bullets(words.sentences(top)[:9])))
    if details:
        parts += _tables(comparison.headlines, width)
    parts.append(bullets(basis_words(result, title=True) for result in comparison.results))
    parts.append(Text(HORIZON))
    return Group(*spaced(parts))


def _tables(headlines: Sequence[Headline], width: int) -> Iterator[Table]:
    """Every figure: a table of the scenarios against the baseline, one for each counterpart."""
    starts = dict.fromkeys((top.against, top.against_title) for top in headlines)
    for against, title in starts:
        tops = [top for top in headlines if top.against == against]
        columns = [(top.scenario, top.figures) for top in tops]
        order = order_of(top.names.pair for top in tops)
        yield from figure_tables(
            f"change against “{title}”", columns, width, order, with_level=True
        )
