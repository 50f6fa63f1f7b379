"""What callers load: the embedded economy, or a folder of own tables ready for scenarios."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import overload

import numpy as np

from sim.baseline.carried_lists import with_carried_lists, with_parts
from sim.baseline.defaults import ELASTICITIES, FACTOR_MOBILITY
from sim.baseline.load import TABLES, Baseline, load_baseline_from, load_bundle
from sim.baseline.table_files import read_table, strings
from sim.model import Economy


@overload
def load_baseline(
    source: str = ELASTICITIES, factor_mobility: float = FACTOR_MOBILITY
) -> Economy: ...


@overload
def load_baseline(source: Path, factor_mobility: float = FACTOR_MOBILITY) -> Baseline: ...


def load_baseline(
    source: str | Path = ELASTICITIES, factor_mobility: float = FACTOR_MOBILITY
) -> Economy | Baseline:
    """Return the embedded economy, or the baseline of a folder of own tables.

    Parameters
    ----------
    source
        Name of a published set of trade elasticities (`sim.baseline.load.elasticity_sets` lists
        them): the embedded economy with that set.  Or the path of a folder that ``truce baseline
        build --out`` has written: its whole baseline, which a `sim.engine.world.World` takes.
    factor_mobility
        kappa, from 1 (factors stay in their sector) to infinity (one wage a country).

    Raises
    ------
    BaselineError
        If there is no such set, or the folder lacks a table.
    """
    if isinstance(source, Path):
        own = load_own_baseline(source)
        mobility = np.full(len(own.economy.importers), float(factor_mobility))
        return replace(own, economy=replace(own.economy, factor_mobility=mobility))
    return load_bundle(source, factor_mobility).economy


def load_own_baseline(folder: Path | str, elasticities: str = ELASTICITIES) -> Baseline:
    """Return the baseline of a folder, with the lists of the law that its tables lack.

    Parameters
    ----------
    folder
        Folder that ``truce baseline build --out`` has written.
    elasticities
        Name of a set; where the folder lacks the default set, its first one is taken.

    Raises
    ------
    BaselineError
        If the folder lacks a table, or there is no such set.
    """
    own = load_baseline_from(folder, None if elasticities == ELASTICITIES else elasticities)
    embedded = load_bundle()
    known = {*own.economy.importers, *own.economy.sectors}
    lacks = frozenset({*embedded.economy.importers, *embedded.economy.sectors}) - known
    own = with_parts(replace(own, lacks=lacks), embedded, _carved_from())
    return own if own.rates else with_carried_lists(own, embedded, _carved_from())


def _carved_from() -> dict[str, tuple[str, ...]]:
    """Parents of the sectors that the embedded tables carve out."""
    table = read_table(TABLES, "sectors")
    pairs = zip(strings(table["sector"]), strings(table["carved_from"]), strict=True)
    return {code: tuple(parents.split()) for code, parents in pairs if parents}
