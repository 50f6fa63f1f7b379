"""What a terminal shows of scenarios side by side, and of what each is worth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.outputs import words
from sim.outputs.comparison import Comparison, Worth
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
    notices = (notice for result in comparison.runs for notice in notice_of(result, title=True))
    parts: list[RenderableType] = [*notices, *overviews(comparison, width)]
    for top in comparison.headlines:
        parts.append(Group(Text(top.title, style="bold"), bullets(words.sentences(top)[:9])))
    if comparison.worths:
        parts.append(bullets(_worth_words(worth) for worth in comparison.worths))
    if details:
        parts += [*_tables(comparison.headlines, width), *_worth_tables(comparison.worths, width)]
    parts.append(bullets(basis_words(result, title=True) for result in comparison.results))
    parts.append(Text(HORIZON))
    return Group(*spaced(parts))


def _tables(headlines: Sequence[Headline], width: int) -> Iterator[Table]:
    columns = [(top.scenario, top.figures) for top in headlines]
    order = order_of(top.names.pair for top in headlines)
    yield from figure_tables("change against the baseline", columns, width, order, with_level=True)


def _worth_tables(worths: Sequence[Worth], width: int) -> Iterator[Table]:
    columns = [
        (f"{worth.result.id} against {worth.counterpart.id}", worth.figures) for worth in worths
    ]
    order = order_of(worth.names.pair for worth in worths)
    yield from figure_tables("worth: difference to the counterpart", columns, width, order)


def _worth_words(worth: Worth) -> str:
    return words.worth_sentence(
        worth.result.title, worth.counterpart.title, worth.reason, worth.figures, worth.names
    )
