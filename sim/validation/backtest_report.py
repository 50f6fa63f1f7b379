"""What `truce validate backtest` prints: model beside actual by month, and the errors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.validation.backtest import GOAL_PP, LAGGED, NO_CHANGE, PATH, STATIC, Backtest

ABOUT = (
    "Change of US goods imports over the same month a year before, percent. The model knows the "
    "dated tariffs and nothing else: no trend, season, or front-loading before a rise."
)


def backtest_report(found: Sequence[Backtest], width: int) -> RenderableType:
    """Return the tables by month, then the errors beside the references, and what they mean."""
    parts: list[RenderableType] = [Text(ABOUT), Text("")]
    for one in found:
        parts += [Text(title(one), style="bold"), *_months(one, width), _errors(one)]
        parts += [Text(one.verdict), Text("")]
    return Group(*parts[:-1])


def title(one: Backtest) -> str:
    """Name an episode, a partner, and what the comparison is."""
    return f"{one.episode.name}, US imports from {one.partner} ({one.episode.role})"


def backtest_summary(found: Sequence[Backtest]) -> dict[str, Any]:
    """Return the same as plain data."""
    return {
        "measure": ABOUT,
        "goal_pp": GOAL_PP,
        "episodes": [
            {
                "episode": one.episode.name,
                "role": one.episode.role,
                "partner": one.partner,
                "months": list(one.months),
                "actual_pct": [round(float(value), 2) for value in one.actual],
                "models": {
                    name: {
                        "pct": [round(float(value), 2) for value in values],
                        "mean_absolute_error_pp": round(one.error(name), 2),
                        "correlation": _rounded(one.correlation(name)),
                    }
                    for name, values in one.model.items()
                },
                "verdict": one.verdict,
            }
            for one in found
        ],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _months(one: Backtest, width: int) -> Iterator[Table]:
    """Months across, in as many tables as the width needs."""
    room = max(4, (width - 16) // 9)
    for start in range(0, len(one.months), room):
        chosen = slice(start, start + room)
        table = _table("", *one.months[chosen])
        rows = {"actual": one.actual, **{name: one.model[name] for name in (PATH, STATIC, LAGGED)}}
        for name, values in rows.items():
            table.add_row(name, *(f"{value:.1f}" for value in values[chosen]))
        yield table


def _errors(one: Backtest) -> Table:
    table = _table("", "mean absolute error", "correlation")
    for name in (PATH, STATIC, LAGGED, NO_CHANGE):
        alike = one.correlation(name)
        table.add_row(name, f"{one.error(name):.1f}", "" if alike is None else f"{alike:.2f}")
    return table


def _table(first: str, *others: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1))
    table.add_column(first, no_wrap=True)
    for name in others:
        table.add_column(name, justify="right", no_wrap=True)
    return table
