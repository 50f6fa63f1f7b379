"""The page docs/validation.md: the same tables as ``truce validate`` prints, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sim.engine.averages import LABEL
from sim.outputs.words import number
from sim.report.backtest_grids import Grid, Section
from sim.report.validation_report import NAMES, TITLES, gap_texts, verdict, words_of
from sim.validation.scenarios import Compared
from sim.validation.trackers import Gap

MAIN = ("Backtests", "Elasticity of trade by horizon")
"""Titles of chapters; other sections are parts of the one before."""

PICTURES = "images"
"""Folder of the drawings beside the page (``python -m docs.draw_backtests``)."""

HEAD = f"""\
# Validation

Written by `truce validate --markdown > docs/validation.md`. Nothing is tuned to these numbers,
except the coverage of the 100 % tariff, which is taken from the run that it is set beside, and the
two rates of re-sourcing that the backtests name.

Ours is the {LABEL}, unless a row says otherwise.
There are at least four measures of "the tariff" that differ by 5 to 20 points on the same day;
headlines (145, 57, 47 %) are sums of rates and compare with none of the averages.
Grades: A legal text or official data, B press or institute, C weak page, X computed, M from memory,
unverified.
"""

SCENARIOS = """\
## Scenarios beside published estimates

Ours are static, long-run answers of one model with one set of elasticities; published numbers have
other baselines, horizons and models. A row without a number of ours is there to be known, not to
be met. Real income is not GDP: it counts the duties as income.
"""


def validation_page(
    gaps: Sequence[Gap],
    compared: Sequence[Compared],
    sections: Iterable[Section] = (),
    panel: Iterable[Section] = (),
) -> str:
    """Return the whole page; `sections` are backtests and elasticities, `panel` the partners."""
    blocks = [HEAD, "## Average tariffs beside the trackers", verdict(gaps)]
    for series, title in TITLES.items():
        rows = _tracker_rows([gap for gap in gaps if gap.series == series])
        blocks += [f"### {title}", "\n".join(rows)]
    blocks += section_blocks(panel)
    blocks.append(SCENARIOS)
    for scenario in compared:
        blocks += [f"### {scenario.title}", f"`{scenario.scenario}` against {scenario.against}"]
        blocks.append("\n".join(_estimate_rows(scenario)))
    blocks += section_blocks(sections)
    return "\n\n".join(block.strip("\n") for block in blocks) + "\n"


def sections_page(sections: Iterable[Section]) -> str:
    """Return backtests and elasticities by themselves."""
    return "\n\n".join(section_blocks(sections)) + "\n"


def section_blocks(sections: Iterable[Section]) -> Iterator[str]:
    """Return titles, paragraphs, pictures and tables, in order."""
    for section in sections:
        level = "##" if section.title in MAIN else "###"
        yield f"{level} {section.title}"
        yield from section.text
        if section.picture:
            yield f"![{section.title}]({PICTURES}/{section.picture}.svg)"
        for grid in section.grids:
            yield "\n".join(_grid_rows(grid))


def _grid_rows(grid: Grid) -> Iterator[str]:
    yield f"| {' | '.join(grid.head)} |"
    yield "|---|" + "---:|" * (len(grid.head) - 1)
    for row in grid.rows:
        yield f"| {' | '.join(row)} |"


def _tracker_rows(gaps: Sequence[Gap]) -> Iterator[str]:
    yield (
        "| date | tracker | ours | theirs | corrected | difference "
        "| cause above 2 points, or why it is no target | grade |"
    )
    yield "|---|---|---:|---:|---:|---:|---|---|"
    for gap in gaps:
        numbers = " | ".join(gap_texts(gap))
        name = NAMES.get(gap.tracker, gap.tracker)
        yield f"| {gap.day} | {name} | {numbers} | {words_of(gap)} | {gap.grade} |"


def _estimate_rows(scenario: Compared) -> Iterator[str]:
    yield "| study | number | published | ours | unit | grade | why they need not agree |"
    yield "|---|---|---:|---:|---|---|---|"
    for estimate in scenario.estimates:
        ours = "" if estimate.ours is None else number(estimate.ours, sign=True)
        yield (
            f"| {estimate.study} | {estimate.what} | {estimate.shown} | {ours} | {estimate.unit} "
            f"| {estimate.grade} | {estimate.note} |"
        )
