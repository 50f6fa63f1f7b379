"""Where the numbers come from, as rows: facts, contradictions, sources, assumptions, tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from dashboard.data import sources
from dashboard.data.answers import NoAnswer, answer
from dashboard.data.catalog import CitedSource, describe, parsed, runnable
from sim.outputs.headline import Figure
from sim.outputs.words import with_unit

PUBLISHED = Path(__file__).with_name("published.yaml")

Row = dict[str, str]


def contradictions() -> list[Row]:
    """Points on which the articles disagree, and what we do about it."""
    return [
        {
            "About": contradiction.about,
            "Readings": "; ".join(
                f"article {reading.seed}: {reading.says}" for reading in contradiction.readings
            ),
            "What we do": contradiction.resolution,
        }
        for contradiction in sources.contradictions()
    ]


ASSUMED = "assumption"


def measures() -> list[CitedSource]:
    """Sources of every measure and lever of every scenario, each once."""
    return _sorted_once(source for source in _all_sources() if source.kind != ASSUMED)


def assumptions() -> list[CitedSource]:
    """Everything that nobody states and that we assume, each once."""
    return _sorted_once(source for source in _all_sources() if source.kind == ASSUMED)


def _all_sources() -> Iterator[CitedSource]:
    for name in runnable():
        description = describe(name)
        yield from description.own
        yield from description.inherited


def _sorted_once(rows: Iterable[CitedSource]) -> list[CitedSource]:
    return sorted(dict.fromkeys(rows), key=lambda row: (row.what, row.source))


@lru_cache(maxsize=1)
def _published() -> tuple[dict[str, object], ...]:
    content = parsed(PUBLISHED.read_text(encoding="utf-8"))
    return tuple(content["comparisons"])


def validation() -> list[Row]:
    """Model and published numbers side by side, of the scenarios that the tables have all for."""
    rows = (_comparison(published) for published in _published())
    return [row for row in rows if row is not None]


def _comparison(published: Mapping[str, object]) -> Row | None:
    try:
        figures = answer(str(published["scenario"])).figures
    except NoAnswer:
        return None
    figure = figures.get(str(published["figure"]))
    if figure is None:
        return None
    unit = str(published["unit"])
    return {
        "What": str(published["about"]),
        "Model": _text(_read(figure, str(published["read"])), unit),
        "Published": _text(float(str(published["published"])), unit),
        "By whom": str(published["source"]),
        "Grade": str(published["grade"]),
        "Note": str(published["note"]),
    }


def _read(figure: Figure, how: str) -> float | None:
    return {
        "level": figure.value,
        "start": figure.baseline,
        "change": figure.change,
        "percent": figure.percent,
    }[how]


def _text(value: float | None, unit: str) -> str:
    return "" if value is None else f"{with_unit(value, '')} {unit}"
