"""What a terminal shows of a path: changes by month, the border, and its last month in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from sim.outputs import words
from sim.outputs.headline import headline
from sim.outputs.range_words import PATH_COVERS, coverage
from sim.outputs.results import RunResult
from sim.outputs.worth_in_time import worth_in_time
from sim.report.basis_words import basis_words
from sim.report.border_tables import border_parts
from sim.report.console_layout import bullets, spaced
from sim.report.figure_tables import figure_tables, order_of
from sim.report.run_report import rules_report, title_of

SHOWN = (1, 3, 6, 12, 24, 36)
"""Months that are shown, counted from 1."""


def path_report(
    result: RunResult, width: int, worth_range: tuple[float, float] | None = None
) -> RenderableType:
    """Return the report of a path: headline changes by month, its last month in words, its pace.

    `worth_range` is the range of what it is worth over its months (`WorthInTime.sentences`).
    """
    shown = shown_months(result)
    headlines = {month: headline(result.at(month)) for month in shown}
    last = headlines[shown[-1]]
    heads = {month: f"{month} ({result.dates[month - 1]:%Y-%m})" for month in shown}
    columns = [(heads[month], top.figures) for month, top in headlines.items()]
    order = order_of([result.pair])
    parts: list[RenderableType] = [
        title_of(last),
        Text(path_sentence(result.manifest)),
        *rules_report(result.manifest),
        *figure_tables("change, by month", columns, width, order, with_level=True),
        *border_parts(result.manifest, shown),
        Text(f"In month {shown[-1]}, {result.dates[-1]:%B %Y}:", style="bold"),
        bullets(words.sentences(last)[:9]),
        *_worth(result, worth_range),
        Text(basis_words(result)),
    ]
    return Group(*spaced(parts))


def _worth(result: RunResult, ends: tuple[float, float] | None) -> Iterator[RenderableType]:
    """What it is worth month by month that something does not happen."""
    worth = worth_in_time(result)
    if worth is not None:
        yield Text("Month by month:", style="bold")
        covered = "" if ends is None else coverage(result, PATH_COVERS)
        yield bullets([*worth.sentences(ends), covered])


def shown_months(result: RunResult) -> tuple[int, ...]:
    """Months of a path that are shown: those of `SHOWN` that it has, and its last."""
    length = len(result.dates)
    return tuple(sorted({month for month in SHOWN if month <= length} | {length}))


def path_sentence(manifest: Mapping[str, Any]) -> str:
    """Say that the numbers are a path, where it begins, and what it is set against."""
    path = manifest["path"]
    pace = path["pace"]
    changes = path["policy_changes"]
    turns = f" The law changes in {', '.join(changes[1:])}." if changes[1:] else ""
    return (
        f"All numbers are a path, not the long run: {path['first']} to {path['last']}, "
        f"{path['timing']}, against {path['baseline']}.{turns} "
        f"Assumed pace: {pace['resourcing']['value']:g} of the goods are re-sourced in a month, "
        f"{pace['reallocation']['value']:g} of the factors choose their sector again."
    )
