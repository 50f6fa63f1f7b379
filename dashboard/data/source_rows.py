"""What the numbers rest on, as rows: facts, contradictions, measures, assumptions, tests."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from dashboard import data

PUBLISHED = Path(__file__).with_name("published.yaml")

FIRMNESS = {
    "confirmed": "green",
    "agreed": "green",
    "pledged": "blue",
    "reported": "blue",
    "implied": "violet",
    "hinted": "orange",
    "discussed": "orange",
    "claimed": "orange",
}
"""Colours by how firmly an article states a fact; the word stands in the badge."""

Row = dict[str, str]


def facts(seed: data.Seed) -> list[Row]:
    """Facts of one article in our words."""
    return [
        {
            "What it says, in our words": fact.paraphrase,
            "How firmly": f":{FIRMNESS[fact.firmness]}-badge[{fact.firmness}]",
            "What it gives the model": fact.parameter or "nothing",
        }
        for fact in seed.facts
    ]


def contradictions() -> list[Row]:
    """Points on which the articles disagree, and what we do about it."""
    return [
        {
            "About": one.about,
            "Readings": "; ".join(f"article {x.seed}: {x.says}" for x in one.readings),
            "What we do": one.resolution,
        }
        for one in data.contradictions()
    ]


def measures() -> list[data.Evidence]:
    """Sources of every measure and lever of every scenario, each once."""
    return _once(one for name in data.cards() for one in _evidence(name) if one.kind != ASSUMED)


def assumptions() -> list[data.Evidence]:
    """Everything that nobody states and that we assume, each once."""
    return _once(one for name in data.cards() for one in _evidence(name) if one.kind == ASSUMED)


ASSUMED = "assumption"


def _evidence(name: str) -> Iterable[data.Evidence]:
    plan = data.plan(name)
    return (*plan.own, *plan.inherited)


def _once(rows: Iterable[data.Evidence]) -> list[data.Evidence]:
    return sorted(dict.fromkeys(rows), key=lambda row: (row.what, row.source))


@lru_cache(maxsize=1)
def _published() -> tuple[dict[str, object], ...]:
    content = data.parsed(PUBLISHED.read_text(encoding="utf-8"))
    return tuple(content["comparisons"])


def validation() -> list[Row]:
    """Model and published numbers side by side."""
    rows = []
    for one in _published():
        figure = data.answer(str(one["scenario"])).figures[str(one["figure"])]
        unit = str(one["unit"])
        rows.append(
            {
                "What": str(one["about"]),
                "Model": _text(_read(figure, str(one["read"])), unit),
                "Published": _text(float(str(one["published"])), unit),
                "By whom": str(one["source"]),
                "Grade": str(one["grade"]),
                "Note": str(one["note"]),
            }
        )
    return rows


def _read(figure: data.Figure, how: str) -> float | None:
    return {
        "level": figure.value,
        "start": figure.baseline,
        "change": figure.change,
        "percent": figure.percent,
    }[how]


def _text(value: float | None, unit: str) -> str:
    return "" if value is None else f"{data.with_unit(value, '')} {unit}"
