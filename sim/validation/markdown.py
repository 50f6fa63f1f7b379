"""The page docs/validation.md: the same tables as ``truce validate`` prints, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.averages import LABEL
from sim.outputs.words import number
from sim.validation.report import NAMES, TITLES, verdict
from sim.validation.scenarios import Compared
from sim.validation.trackers import Gap

HEAD = f"""\
# Validation

Written by `truce validate --markdown > docs/validation.md`. Nothing is tuned to these numbers,
except the coverage of the 100 % tariff, which is taken from the run that it is set beside.

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


def validation_page(gaps: Sequence[Gap], compared: Sequence[Compared]) -> str:
    """Return the whole page."""
    blocks = [HEAD, "## Average tariffs beside the trackers", verdict(gaps)]
    for series, title in TITLES.items():
        rows = _tracker_rows([gap for gap in gaps if gap.series == series])
        blocks += [f"### {title}", "\n".join(rows)]
    blocks.append(SCENARIOS)
    for one in compared:
        blocks += [f"### {one.title}", f"`{one.scenario}` against {one.against}"]
        blocks.append("\n".join(_estimate_rows(one)))
    return "\n\n".join(block.strip("\n") for block in blocks) + "\n"


def _tracker_rows(gaps: Sequence[Gap]) -> Iterator[str]:
    yield "| date | tracker | ours | theirs | difference | cause above 2 points | grade |"
    yield "|---|---|---:|---:|---:|---|---|"
    for gap in gaps:
        numbers = f"{gap.ours:.1f} | {gap.theirs:.1f} | {gap.difference:+.1f}"
        name = NAMES.get(gap.tracker, gap.tracker)
        yield f"| {gap.day} | {name} | {numbers} | {gap.cause} | {gap.grade} |"


def _estimate_rows(one: Compared) -> Iterator[str]:
    yield "| study | number | published | ours | unit | grade | why they need not agree |"
    yield "|---|---|---:|---:|---|---|---|"
    for estimate in one.estimates:
        ours = "" if estimate.ours is None else number(estimate.ours, sign=True)
        yield (
            f"| {estimate.study} | {estimate.what} | {estimate.shown} | {ours} | {estimate.unit} "
            f"| {estimate.grade} | {estimate.note} |"
        )
