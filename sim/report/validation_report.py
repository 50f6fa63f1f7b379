"""What `truce validate` prints: our numbers beside those of others, and why they differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.engine.averages import LABEL
from sim.outputs.manifest import plain
from sim.outputs.published import published_summary
from sim.outputs.words import decimals
from sim.report.run_report import published_table
from sim.validation.scenarios import Compared
from sim.validation.trackers import TOLERANCE_PP, Agreement, Gap, agreement

TITLES = {
    "us_on_china": "US tariff on China, %",
    "china_on_us": "China's tariff on the US, %",
    "us_on_world": "US tariff on all countries, %",
}
NAMES = {
    "yale": "Yale",
    "yale-press": "Yale (press)",
    "yale-august": "Yale (August)",
    "yale-april": "Yale (April)",
    "yale-october": "Yale (October)",
    "yale-history": "Yale (of Apr 2026)",
    "yale-november": "Yale (November)",
    "twt": "Trade War Tracker",
    "piie": "PIIE",
    "headline": "headline",
}


def validation_report(
    gaps: Sequence[Gap], compared: Sequence[Compared], width: int
) -> RenderableType:
    """Return the tracker tables, then each scenario beside its published numbers."""
    parts: list[RenderableType] = []
    for series, title in TITLES.items() if gaps else ():
        chosen = [gap for gap in gaps if gap.series == series]
        parts += [Text(title, style="bold"), _table(chosen, width), Text("")]
    if gaps:
        parts += [Text(f"Ours: {LABEL}."), Text(verdict(gaps)), Text("")]
    for scenario in compared:
        head = f"{scenario.title} ({scenario.scenario} against {scenario.against})"
        parts += [Text(head, style="bold"), published_table(scenario.estimates), Text("")]
    return Group(*parts[:-1])


def verdict(gaps: Sequence[Gap]) -> str:
    """Count the gaps in a sentence for the trackers that weigh as we do, and one for the rest."""
    alike, others = agreement(gaps), agreement(gaps, other_weights=True)
    return f"Yale and Trade War Tracker: {_counted(alike)} PIIE (other weights): {_counted(others)}"


def _counted(count: Agreement) -> str:
    return (
        f"of {count.readings} readings {count.within} lie within {TOLERANCE_PP:g} points, "
        f"{count.explained} differ for a known cause, {count.partly_explained} for one that is not "
        f"fully known, {count.unexplained} for none."
    )


def validation_summary(gaps: Sequence[Gap], compared: Sequence[Compared]) -> dict[str, Any]:
    """Return the same as plain data; only what was asked for."""
    summary: dict[str, Any] = {}
    if gaps:
        summary["trackers"] = {
            "measure": LABEL,
            "tolerance_pp": TOLERANCE_PP,
            "verdict": verdict(gaps),
            "readings": [_reading(gap) for gap in gaps],
        }
    if compared:
        summary["scenarios"] = [
            {
                **plain(scenario),
                "estimates": [published_summary(estimate) for estimate in scenario.estimates],
            }
            for scenario in compared
        ]
    return summary


def _reading(gap: Gap) -> dict[str, Any]:
    return {
        "series": gap.series,
        "date": gap.day.isoformat(),
        "tracker": gap.tracker,
        "ours_pct": round(gap.ours, 2),
        "theirs_pct": gap.theirs,
        "corrected_pct": gap.corrected,
        "correction": gap.correction,
        "difference_pp": round(gap.difference, 2),
        "cause": gap.cause,
        "note": gap.note,
        "grade": gap.grade,
        "compared": gap.is_compared,
        "explained": gap.is_explained,
        "partly_explained": gap.is_partial,
    }


def gap_texts(gap: Gap) -> tuple[str, str, str, str]:
    """Return our number, theirs, theirs corrected and the difference, with one digit."""
    corrected = "" if gap.corrected is None else decimals(gap.corrected, 1)
    ours, theirs = decimals(gap.ours, 1), decimals(gap.theirs, 1)
    return ours, theirs, corrected, decimals(gap.difference, 1, sign=True)


def words_of(gap: Gap) -> str:
    """What is known of a gap: the cause, or the reason why it is no target, and the correction."""
    correction = f"corrected: {gap.correction}" if gap.correction else ""
    note = gap.note if not gap.is_compared else ""
    return "; ".join(part for part in (gap.cause, note, correction) if part)


def _table(gaps: Sequence[Gap], width: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1))
    for name in ("date", "tracker"):
        table.add_column(name, no_wrap=True)
    for name in ("ours", "theirs", "corr.", "diff."):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column(f"cause above {TOLERANCE_PP:g} points", max_width=max(20, width - 66))
    for gap in gaps:
        cause = words_of(gap) or ("" if gap.is_explained else "UNEXPLAINED")
        shown = gap_texts(gap)
        table.add_row(str(gap.day), NAMES.get(gap.tracker, gap.tracker), *shown, cause)
    return table
