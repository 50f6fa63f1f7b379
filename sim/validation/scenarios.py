"""Shipped scenarios beside the published numbers that they name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.engine.runs import run
from sim.outputs.published import Published, published
from sim.policy.library.cards import list_scenarios


@dataclass(frozen=True)
class Compared:
    """A scenario with its published numbers and ours."""

    scenario: str
    title: str
    against: str
    estimates: tuple[Published, ...]


def compared_scenarios(folder: Path | None = None) -> tuple[Compared, ...]:
    """Run all scenarios that name published numbers, at their default levers.

    Raises
    ------
    TruceError
        If a scenario cannot be read or solved.
    """
    compared = []
    for card in list_scenarios(folder):
        result = run(card.id, folder=folder)
        estimates = published(result)
        if estimates:
            against = str(result.manifest["against"])
            compared.append(Compared(card.id, card.title, against, estimates))
    return tuple(compared)
