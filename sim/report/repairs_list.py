"""What a build changed in a table, as lines of text and as records for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.model.repairs import Repair, by_kind, readable

MOST_LINES = 20
"""Lines of a report in the terminal, heads and the count of the rest included."""


def repair_lines(repairs: Sequence[Repair], unit: str = "USD mn") -> list[str]:
    """Return at most `MOST_LINES` lines: per kind its sum and its largest cells; none if clean."""
    kinds = by_kind(repairs)
    # every kind has a head and a line that counts the rest
    most = max((MOST_LINES - 1) // max(len(kinds), 1) - 2, 1)
    lines = ["Repaired, because the model cannot hold it:"] if kinds else []
    for kind, cells in kinds.items():
        total = sum(abs(each.amount) for each in cells)
        lines.append(f"  {kind}: {_count(len(cells))}, {readable(total)} {unit} in total")
        lines += [f"    {cell}" for cell in cells[:most]]
        if len(cells) > most:
            rest = sum(abs(each.amount) for each in cells[most:])
            lines.append(f"    and {len(cells) - most} more, {readable(rest)} {unit}")
    return lines


def repair_records(repairs: Sequence[Repair]) -> list[dict[str, Any]]:
    """Return every repaired cell for programs; `amount` is what was added."""
    return [_record(each) for cells in by_kind(repairs).values() for each in cells]


def repair_totals(repairs: Sequence[Repair]) -> dict[str, dict[str, float]]:
    """Return the number of cells and the sum of the amounts by kind."""
    return {
        kind: {"cells": len(cells), "total": sum(abs(each.amount) for each in cells)}
        for kind, cells in by_kind(repairs).items()
    }


def _record(repair: Repair) -> dict[str, Any]:
    """A flow has an importer and an exporter, any other cell a region."""
    is_flow = repair.exporter is not None
    axes = {"importer": repair.region, "exporter": repair.exporter} if is_flow else {}
    return {
        "kind": repair.kind,
        **(axes or {"region": repair.region}),
        "sector": repair.sector,
        **({"input_sector": repair.input_sector} if repair.input_sector else {}),
        "before": repair.before,
        "after": repair.after,
        "amount": repair.amount,
        "source": repair.source,
    }


def _count(number: int) -> str:
    return f"{number} {'cell' if number == 1 else 'cells'}"
