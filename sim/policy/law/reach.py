"""Which part of which flows a duty reaches: pairs, sectors, coverage lists and averages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.errors import ScenarioError
from sim.policy.axes import Axes
from sim.policy.language.fields import Coverage
from sim.policy.language.kinds.tariff import TariffMeasure
from sim.policy.language.messages import nearest

Array = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
NamedTables = Mapping[str, Array]
Codes = tuple[str, ...] | str


@dataclass(frozen=True, eq=False)
class Tables:
    """Names and tables of a baseline that turn measures into rates.

    Parameters
    ----------
    coverage
        Share of each flow's value that a list reaches, by list name, [n, i, j].
    rates
        Named schedules of rates, fraction, [n, i, j].
    weights
        Customs value of each flow, [n, i, j]; needed where a measure states an average coverage
        (``coverage: {default: 0.636, by_sector: reciprocal}``).
    parts
        For sectors that the baseline holds only inside another (`Axes.carved`): their part of that
        one's flows, by code, [n, i, j].
    """

    axes: Axes
    coverage: NamedTables
    rates: NamedTables
    weights: Array | None = None
    parts: NamedTables = field(default_factory=dict)


@lru_cache(maxsize=512)
def flows_among(exporters: Codes, sectors: Codes, axes: Axes) -> BoolArray:
    """Flows into one border that an exclusion is about, [i, j]."""
    exporter = _selected(exporters, np.array(axes.regions))
    goods = _selected(sectors, np.array(axes.sectors))
    return np.asarray(exporter[:, None] & goods)


def flows(duty: TariffMeasure, axes: Axes) -> BoolArray:
    """Flows that a duty is about: foreign goods of its pairs and sectors, [n, i, j]."""
    row, there = flows_of(duty, axes)
    chosen = np.zeros(axes.shape, dtype=bool)
    chosen[row] = there
    return chosen


def flows_of(duty: TariffMeasure, axes: Axes) -> tuple[int, BoolArray]:
    """Importer of a duty, and the flows over its border that it is about, [i, j], read-only."""
    return _flows(duty.importer, duty.exporters, duty.exporters_except, duty.sectors, axes)


@lru_cache(maxsize=512)
def _flows(
    importer: str, exporters: Codes, exporters_except: tuple[str, ...], sectors: Codes, axes: Axes
) -> tuple[int, BoolArray]:
    """Return `flows_of`; kept, because a calendar asks for the same ones on every day."""
    regions, known = np.array(axes.regions), np.array(axes.sectors)
    exporter = _selected(exporters, regions) & ~np.isin(regions, exporters_except)
    goods = _selected(sectors, known) | np.isin(known, list(axes.wholes(sectors)))
    goods &= ~np.isin(known, list(axes.services))
    chosen: BoolArray = (exporter & (regions != importer))[:, None] & goods
    chosen.flags.writeable = False
    return axes.regions.index(importer), chosen


def _selected(codes: Codes, known: NDArray[np.str_]) -> BoolArray:
    return np.ones(known.shape, dtype=bool) if codes == "all" else np.isin(known, codes)


def reached_share(duty: TariffMeasure, reach: Coverage, chosen: BoolArray, tables: Tables) -> Array:
    """Share of each of the `chosen` flows that a coverage reaches, 0 to 1, [i, j]; else 0."""
    share = covered_share(duty, reach, chosen, tables)
    wholes = tables.axes.wholes(duty.sectors)
    if not wholes:
        return share
    share, row = np.array(share), tables.axes.regions.index(duty.importer)
    for whole, part in wholes.items():
        sector = tables.axes.sectors.index(whole)
        share[:, sector] *= tables.parts[part][row, :, sector]
    return share


def covered_share(duty: TariffMeasure, reach: Coverage, chosen: BoolArray, tables: Tables) -> Array:
    """Share that a coverage reaches of what the duty is about: of the part, not of its whole."""
    by_sector, default = reach.by_sector, reach.default
    if isinstance(by_sector, str):
        row = tables.axes.regions.index(duty.importer)
        listed = named_table(tables.coverage, by_sector, duty, "coverage list")[row]
        share = np.where(chosen, 1.0 - listed if reach.complement else listed, 0.0)
        return share if default is None else _averaging(share, chosen, default, duty, tables)
    parts = tables.axes.wholes(duty.sectors)
    codes = (parts.get(code, code) for code in tables.axes.sectors)
    shares = by_sector or {}
    return np.where(chosen, [shares.get(code, default or 0.0) for code in codes], 0.0)


def _averaging(
    share: Array, chosen: BoolArray, average: float, duty: TariffMeasure, tables: Tables
) -> Array:
    """Move a list so that its trade-weighted average over the chosen flows is `average`, exactly.

    Below the list's own average every share shrinks in proportion; above it, every exempt part
    does.  At 0 nothing is reached, at 1 everything, and no share leaves 0 to 1.
    """
    if tables.weights is None:
        raise ScenarioError(
            f"measure '{duty.id}' states an average coverage, and no trade weights are given.",
            advice="Pass weights (customs values, [n, i, j]) to tariff_rate.",
        )
    weights = tables.weights[tables.axes.regions.index(duty.importer)]
    total = float(weights[chosen].sum())
    own = float((weights * share)[chosen].sum()) / total if total > 0 else 0.0
    if average <= own:
        return share * (average / own if own > 0 else 1.0)
    lift = (average - own) / (1.0 - own)
    return np.where(chosen, share + (1.0 - share) * lift, 0.0)


def named_table(tables: NamedTables, name: str, duty: TariffMeasure, noun: str) -> Array:
    """Return a table by name; `ScenarioError` if the baseline does not hold it."""
    try:
        return tables[name]
    except KeyError:
        raise ScenarioError(
            f"measure '{duty.id}' needs {noun} '{name}', which the baseline does not hold.",
            advice=nearest(name, tables),
        ) from None
