"""Where the numbers come from: articles, contradictions between them, baseline tables."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from dashboard.data import own_baseline
from sim.policy.library.cards import scenario_folder, seed_folder
from sim.policy.library.seeds import Contradiction, Seed, read_contradictions, read_seeds


def baseline_sources() -> tuple[dict[str, Any], ...]:
    """Return the sources of the baseline tables."""
    return own_baseline.tables().sources


@lru_cache(maxsize=1)
def articles() -> tuple[Seed, ...]:
    """Return the articles that the scenarios start from, with their facts in our words."""
    return read_seeds(seed_folder(scenario_folder()))


@lru_cache(maxsize=1)
def contradictions() -> tuple[Contradiction, ...]:
    """Return the points on which the articles disagree."""
    return read_contradictions(seed_folder(scenario_folder()))
