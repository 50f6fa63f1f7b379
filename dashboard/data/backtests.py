"""The model against months that are known: lines, mean distances and a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.records import Caption, Line
from sim.outputs.words import decimals

SERIES: Mapping[str, str] = {
    "actual": "What happened",
    "model": "Model, month by month",
    "static": "Model, long run at once",
    "no_change": "Naive: no change",
}

Row = Mapping[str, Any]


def roles(rows: Sequence[Row]) -> dict[str, str]:
    """Return what each series is for, by its name, in the order of the rows."""
    return {row["series"]: row["role"] for row in rows}


def of_series(rows: Sequence[Row], name: str) -> list[Row]:
    """Return the months of one series."""
    return [row for row in rows if row["series"] == name]


def caption(name: str, role: str) -> Caption:
    """Return what is written in the chart of a series."""
    return Caption(
        f"Against what happened: {name}",
        f"Role: {role}",
        "Change over the base year, percent",
        "Truce, sim.validation; trade statistics as listed in docs/validation.md",
    )


def lines(rows: Sequence[Row]) -> list[Line]:
    """Return one line for what happened and one for each rule."""
    return [
        Line(name, tuple((f"{row['month']}-01", row[key], _percent(row[key])) for row in rows))
        for key, name in SERIES.items()
    ]


def errors(rows: Sequence[Row]) -> str:
    """Say how far each rule is from what happened, on average."""
    words = [
        f"{name.lower()} {decimals(_mean_distance(rows, key), 1)}"
        for key, name in SERIES.items()
        if key != "actual"
    ]
    return f"Mean distance from what happened, in points: {'; '.join(words)}."


def _mean_distance(rows: Sequence[Row], key: str) -> float:
    return sum(abs(row[key] - row["actual"]) for row in rows) / len(rows)


def _percent(value: float) -> str:
    return f"{decimals(value, 1, sign=True)} %"


def table(rows: Sequence[Row]) -> list[dict[str, str]]:
    """Return the rows as text."""
    return [
        {"Period": str(row["period"])} | {name: _percent(row[key]) for key, name in SERIES.items()}
        for row in rows
    ]
