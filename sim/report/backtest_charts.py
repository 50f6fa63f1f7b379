"""The backtests as small drawings for the documentation, written by hand as SVG.

``python -m sim.report.backtest_charts docs/images`` writes one file for each drawing that
docs/validation.md shows.  The dashboard draws the same rows itself (`backtest_rows`).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from sim.validation.backtest.rows import rows

WIDTH, HEIGHT = 760, 300
LEFT, RIGHT, TOP, BOTTOM = 52, 128, 40, 44

LINES = {
    "actual": ("what happened", "#1a1a1a", ""),
    "model": ("path", "#0b5fa5", ""),
    "static": ("static model", "#b04a00", "6 4"),
    "no_change": ("no change", "#6b6b6b", "2 4"),
}
"""Column -> its name, colour and dashes; told apart by dashes and names, not by colour alone."""

DRAWN = {
    "backtest-2025-26-china": ("2025-26: China", "US imports from China, change over a year"),
    "backtest-2025-26-all-others": (
        "2025-26: all others",
        "US imports from all others, change over a year",
    ),
    "backtest-2019-china": ("2019: China", "US imports from China, change over a year"),
    "backtest-2019-all-others": (
        "2019: all others",
        "US imports from all others, change over a year",
    ),
    "backtest-2018-19-by-quarter-china": (
        "2018-19 by quarter: China",
        "US imports from China by quarter, change over a year",
    ),
}
"""File -> series and title; soybeans join their episodes in one drawing."""

SOYBEANS = "backtest-soybeans"
AMERICAN = (
    "soybeans 2018: American beans",
    "soybeans 2019-20: American beans",
    "soybeans 2025: American beans",
)


def drawings(table: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return every drawing by the name of its file, from the rows of `backtest_rows.rows`."""
    made = {
        name: drawing([row for row in table if row["series"] == series], title)
        for name, (series, title) in DRAWN.items()
    }
    beans = [row for row in table if row["series"] in AMERICAN]
    made[SOYBEANS] = drawing(beans, "American soybeans to China, over the year before the dispute")
    return made


def drawing(table: Sequence[Mapping[str, Any]], title: str) -> str:
    """Draw rows as lines over their periods, in percent."""
    values = [row[column] for row in table for column in LINES]
    low, high = _bounds(values)
    width, height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def place(at: int, value: float) -> tuple[float, float]:
        step = width / max(len(table) - 1, 1)
        return LEFT + at * step, TOP + height * (high - value) / (high - low)

    parts = [_frame(title, table), *_scale(low, high, place)]
    parts += _periods(table, place)
    ends = _spread({name: place(0, table[-1][name])[1] for name in LINES})
    for column, (name, colour, dashes) in LINES.items():
        for stretch in _stretches(table):
            points = [place(at, table[at][column]) for at in stretch]
            parts.append(_line(points, colour, dashes))
        parts.append(_text(WIDTH - RIGHT + 8, ends[column] + 4, name, colour=colour))
    return "\n".join([*parts, "</svg>", ""])


def _stretches(table: Sequence[Mapping[str, Any]]) -> list[list[int]]:
    """Rows without a gap of more than a year between them: a line joins no two episodes."""
    found = [[0]]
    for at in range(1, len(table)):
        last, this = table[at - 1]["month"], table[at]["month"]
        if 12 * (int(this[:4]) - int(last[:4])) + int(this[5:]) - int(last[5:]) > 12:
            found.append([])
        found[-1].append(at)
    return found


def _bounds(values: Sequence[float]) -> tuple[float, float]:
    """Whole tens around the values."""
    return 10.0 * (min(values) // 10), 10.0 * -(-max(*values, 1.0) // 10)


def _frame(title: str, table: Sequence[Mapping[str, Any]]) -> str:
    told = "; ".join(f"{row['period']} {row['actual']:.0f} % ({row['model']:.0f})" for row in table)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(title)}" font-family="sans-serif" font-size="12">\n'
        f"<title>{escape(title)}</title>\n"
        f"<desc>What happened, and the path in brackets: {escape(told)}.</desc>\n"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>\n'
        + _text(LEFT, 22, f"{title}, %", size=14)
    )


def _scale(low: float, high: float, place: Any) -> list[str]:  # noqa: ANN401  a local function
    step = 20 if high - low > 60 else 10
    parts = []
    for value in range(int(low), int(high) + 1, 10):
        if value % step:
            continue
        y = place(0, value)[1]
        stroke = "#8a8a8a" if value == 0 else "#e2e2e2"
        parts.append(_line([(LEFT, y), (WIDTH - RIGHT, y)], stroke, "", thick=1.0))
        parts.append(_text(LEFT - 8, y + 4, f"{value}", anchor="end"))
    return parts


def _periods(table: Sequence[Mapping[str, Any]], place: Any) -> list[str]:  # noqa: ANN401
    return [
        _text(place(at, 0.0)[0], HEIGHT - BOTTOM + 22, row["period"], anchor="middle")
        for at, row in enumerate(table)
        if len(table) <= 8 or at % 2 == 0
    ]


def _spread(places: Mapping[str, float], gap: float = 15.0) -> dict[str, float]:
    """Move names at the ends of the lines apart, so that none covers another."""
    found: dict[str, float] = {}
    last = float("-inf")
    for name in sorted(places, key=lambda one: places[one]):
        last = max(places[name], last + gap)
        found[name] = last
    return found


def _line(
    points: Sequence[tuple[float, float]], colour: str, dashes: str, thick: float = 2.0
) -> str:
    shown = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<polyline points="{shown}" fill="none" stroke="{colour}" '
        f'stroke-width="{thick:g}"{dashed}/>'
    )


def _text(
    x: float, y: float, words: str, *, colour: str = "#333333", size: int = 12, anchor: str = ""
) -> str:
    placed = f' text-anchor="{anchor}"' if anchor else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" font-size="{size}"{placed}>'
        f"{escape(words)}</text>"
    )


def write(folder: Path) -> tuple[Path, ...]:
    """Write all drawings into a folder; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for name, content in drawings(rows()).items():
        path = folder / f"{name}.svg"
        path.write_text(content, encoding="utf-8")
        found.append(path)
    return tuple(found)


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/images"))
