"""The tables that all numbers of this server rest on: the embedded ones, or a folder of one's own.

``truce dashboard --baseline DIR`` sets the variable; nothing else in the dashboard reads it.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from sim.baseline.defaults import ELASTICITIES
from sim.baseline.load import TABLES, Baseline, elasticity_sets
from sim.engine.runs import world_of
from sim.engine.world import World
from sim.pair import Pair

VARIABLE = "TRUCE_BASELINE"


def folder() -> Path | None:
    """Return the folder of own tables, or None for the embedded ones."""
    written = os.environ.get(VARIABLE, "")
    return Path(written) if written else None


def is_in_use() -> bool:
    """Tell whether the numbers rest on tables of the user's own."""
    return folder() is not None


def world() -> World:
    """Return the world in which the scenarios are read and solved."""
    return world_of(ELASTICITIES, None, folder())


def world_about(pair: Pair) -> World:
    """Return a world in which every scenario is told of one pair of regions."""
    return _world_about(folder(), pair)


@lru_cache(maxsize=4)
def _world_about(_: Path | None, pair: Pair) -> World:
    return World(tables(), pair)


def tables() -> Baseline:
    """Return the tables in use."""
    return world().baseline


def elasticity_sets_in_use() -> tuple[str, ...]:
    """Return the names of the sets of trade elasticities that the tables have."""
    return elasticity_sets(folder() or TABLES)


def in_words() -> str:
    """Name the baseline in use: its year and its digest."""
    used = tables()
    own = folder()
    where = (
        "the tables that come with Truce"
        if own is None
        else f"your own tables (folder “{own.name}”)"
    )
    return f"Baseline in use: {where}; {used.year}; digest {used.digest}."
