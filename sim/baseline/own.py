"""A baseline of one's own, ready for the scenarios that are shipped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sim.baseline.carried_lists import with_carried_lists
from sim.baseline.defaults import ELASTICITIES
from sim.baseline.load import TABLES, Baseline, load_baseline_from, load_bundle
from sim.baseline.table_files import read_table, strings


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
    own = replace(own, lacks=lacks)
    return own if own.rates else with_carried_lists(own, embedded, _carved_from())


def _carved_from() -> dict[str, tuple[str, ...]]:
    """Parents of the sectors that the embedded tables carve out."""
    table = read_table(TABLES, "sectors")
    pairs = zip(strings(table["sector"]), strings(table["carved_from"]), strict=True)
    return {code: tuple(parents.split()) for code, parents in pairs if parents}
