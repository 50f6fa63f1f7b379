"""What a terminal shows of one run: tables and sentences made from a result; computes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.outputs import words
from sim.outputs.headline import Headline, Mover, headline
from sim.outputs.published import Published, published
from sim.outputs.range_words import HEAD, coverage
from sim.outputs.results import RunResult
from sim.report.basis_words import basis_words
from sim.report.console_layout import bullets, number_table, spaced

HORIZON = (
    "All numbers are a static answer: what trade settles at in the long run, a year, in USD of the "
    "baseline; not the first months."
)


Ranges = Mapping[str, tuple[float, float]]


def run_report(result: RunResult, width: int, ranges: Ranges | None = None) -> RenderableType:
    """Return the report of one run: headline, sentences, rankings, what it rests on.

    `ranges` holds the low and the high end of the changes of headline figures, by figure id.
    """
    top = headline(result)
    parts: list[RenderableType] = [
        *notice_of(result),
        title_of(top),
        _headline_table(top, width, ranges or {}),
        bullets([*words.sentences(top), coverage(result) if ranges else ""]),
        *rules_report(result.manifest),
        *_rankings(top),
        *_beside(result),
        Text(basis_words(result)),
        Text(HORIZON),
    ]
    return Group(*spaced(parts))


def notice_of(result: RunResult, *, title: bool = False) -> Iterator[Text]:
    """Yield what must be said of a run before its numbers; nothing if there is nothing."""
    notice = result.manifest.get("notice")
    if notice is not None:
        start = f"{result.title}: " if title else ""
        yield Text(f"Note: {start}{notice}.", style="bold yellow")


def rules_report(manifest: Mapping[str, Any]) -> Iterator[RenderableType]:
    """What the rules of a path did, month by month; nothing if it has none."""
    rules = manifest.get("rules")
    if rules is None:
        return
    yield Text("Rules:", style="bold")
    acted = {firing["rule"] for firing in rules["firings"]}
    idle = [rule["title"] for rule in rules["known"] if rule["id"] not in acted]
    lines = [str(firing["words"]) for firing in rules["firings"]]
    if rules["static"]:
        lines = ["they act month by month (--months), and not in a static run."]
    elif idle:
        lines.append(f"Did not act: {'; '.join(idle)}.")
    yield bullets(lines)


def title_of(top: Headline) -> Text:
    """Return the title of a run, with its id and what its changes are against."""
    text = Text(top.title, style="bold")
    text.append(f"\n{top.scenario}, changes against “{top.against_title}”", style="not bold")
    return text


def _headline_table(top: Headline, width: int, ranges: Ranges) -> Table:
    heads = ("", "level", "change", *((HEAD,) if ranges else ()))
    table = number_table(*heads, first_width=width - (57 if ranges else 45))
    for name, figure in top.figures.items():
        if not words.is_idle(figure):
            level = "" if figure.value is None else words.with_unit(figure.value, figure.unit)
            row = [figure.label, level, words.change_text(figure)]
            table.add_row(*row, *([_range_text(ranges.get(name))] if ranges else []))
    return table


def _range_text(ends: tuple[float, float] | None) -> str:
    return "" if ends is None else " to ".join(words.number(end) for end in ends)


def _rankings(top: Headline) -> list[RenderableType]:
    names = top.names
    titles = {
        "third_countries": "Third countries, real income",
        "home_imports_from_third_countries": "Third countries, sales to {home.noun}",
        "home_sectors": "{home.owner} sectors, real factor income",
    }
    shown: list[RenderableType] = []
    for key, title in titles.items():
        gainers = top.rankings.get(names.id_of(f"{key}_gain"), ())
        losers = top.rankings.get(names.id_of(f"{key}_lose"), ())
        if gainers or losers:
            shown.append(_ranking_table(names.text(title), [*gainers, *reversed(losers)]))
    return shown


def _ranking_table(title: str, movers: Sequence[Mover]) -> Table:
    table = number_table(title, "USD mn", "%")
    for mover in movers:
        percent = "" if mover.percent is None else words.number(mover.percent, sign=True)
        table.add_row(mover.label, words.number(mover.change, sign=True), percent)
    return table


def published_table(estimates: Sequence[Published]) -> Table:
    """Published numbers beside ours, with grades."""
    table = number_table("Published estimates", "published", "ours", "grade")
    for estimate in estimates:
        ours = "" if estimate.ours is None else words.number(estimate.ours, sign=True)
        label = f"{estimate.study}: {estimate.what}, {estimate.unit}"
        table.add_row(label, estimate.shown, ours, estimate.grade)
    return table


def _beside(result: RunResult) -> Iterator[RenderableType]:
    """The published numbers that the scenario names, and why ours need not agree."""
    estimates = published(result)
    if estimates:
        yield published_table(estimates)
        yield bullets(
            f"{estimate.study}: {estimate.note}" for estimate in estimates if estimate.note
        )
