"""Coverage lists and rate schedules carried to a baseline of one's own by the codes it shares.

The lists of the law are made from tariff lines for the regions and sectors of the embedded tables.
A baseline from another aggregation takes them over by code.  A sector that holds goods which the
embedded tables carve out (soybeans in farm goods) takes the mean of its parts; a region or sector
with a code of its own takes the mean over what no other code claims.  Means weigh by the customs
value of the embedded flows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.baseline.load import Baseline
from sim.model.arrays import Array, frozen

BoolArray = NDArray[np.bool_]

NOTE = {
    "id": "carried-lists",
    "title": "Coverage lists and rate schedules of the embedded tables, carried over by code",
    "address": "sim/baseline/carried_lists.py",
    "licence": "as the embedded tables",
    "grade": "X",
    "tables": ["coverage", "rates"],
    "steps": ["Means over the embedded flows by customs value where codes differ."],
}


def with_carried_lists(
    own: Baseline, embedded: Baseline, carved_from: Mapping[str, Sequence[str]]
) -> Baseline:
    """Return a baseline with the lists and schedules that its own tables lack.

    Parameters
    ----------
    embedded
        Whose lists are carried.
    carved_from
        Parents of each sector that the embedded tables carve out.
    """
    regions = _region_parts(own.economy.importers, embedded.economy.importers)
    sectors = _sector_parts(own.economy.sectors, embedded.economy.sectors, carved_from)
    weight = embedded.economy.trade_flow * embedded.customs_factor
    weight = np.where(np.eye(len(weight), dtype=bool)[:, :, None], 0.0, weight)

    def carried(table: Array) -> Array:
        return frozen(_mean(table, weight, regions, sectors))

    return replace(
        own,
        coverage={name: carried(table) for name, table in embedded.coverage.items()}
        | dict(own.coverage),
        rates={name: carried(table) for name, table in embedded.rates.items()} | dict(own.rates),
        sources=(*own.sources, NOTE),
    )


def with_parts(
    own: Baseline, embedded: Baseline, carved_from: Mapping[str, Sequence[str]]
) -> Baseline:
    """Return a baseline that knows which part of its flows the embedded tables carve out.

    Only sectors that are carved out of a single one count: of others the part is not known.
    """
    sectors, known = own.economy.sectors, embedded.economy.sectors
    carved = tuple(
        (code, parents[0])
        for code, parents in carved_from.items()
        if code not in sectors and len(parents) == 1 and parents[0] in sectors
    )
    regions = _region_parts(own.economy.importers, embedded.economy.importers)
    weight = embedded.economy.trade_flow * embedded.customs_factor
    parts = {}
    for code, whole in carved:
        flows = {
            name: regions @ weight[:, :, known.index(name)] @ regions.T for name in (code, whole)
        }
        total = flows[code] + flows[whole]
        part = np.zeros((len(regions), len(regions), len(sectors)))
        part[:, :, sectors.index(whole)] = np.divide(
            flows[code], total, out=np.zeros_like(total), where=total > 0
        )
        parts[code] = frozen(part)
    return replace(own, carved=carved, parts=parts)


def _region_parts(own: Sequence[str], embedded: Sequence[str]) -> BoolArray:
    """Tell which embedded regions each own region stands for, [own, embedded]."""
    parts: BoolArray = np.array([[code == other for other in embedded] for code in own])
    return _rest_to_unknown(parts)


def _sector_parts(
    own: Sequence[str], embedded: Sequence[str], carved_from: Mapping[str, Sequence[str]]
) -> BoolArray:
    """Tell which embedded sectors each own sector stands for, [own, embedded]."""

    def is_part(code: str, other: str) -> bool:
        return code == other or (other not in own and code in carved_from.get(other, ()))

    parts: BoolArray = np.array([[is_part(code, other) for other in embedded] for code in own])
    return _rest_to_unknown(parts)


def _rest_to_unknown(parts: BoolArray) -> BoolArray:
    """Let codes that match nothing stand for all that no other code claims."""
    is_known, rest = np.asarray(parts.any(axis=1)), ~np.asarray(parts.any(axis=0))
    return np.asarray(np.where(is_known[:, None], parts, rest))


def _mean(table: Array, weight: Array, regions: BoolArray, sectors: BoolArray) -> Array:
    """Weighted mean of a table over the parts of each own flow; plain where nothing flows."""
    total, plain = _summed(table * weight, regions, sectors), _summed(table, regions, sectors)
    weights = _summed(weight, regions, sectors)
    count = _summed(np.ones_like(weight), regions, sectors)
    mean = np.divide(plain, count, out=np.zeros_like(plain), where=count > 0)
    np.divide(total, weights, out=mean, where=weights > 0)
    mean = np.asarray(mean)
    mean[np.eye(len(mean), dtype=bool)] = 0.0
    return mean


def _summed(values: Array, regions: BoolArray, sectors: BoolArray) -> Array:
    return np.asarray(
        np.einsum("un,vi,sj,nij->uvs", regions, regions, sectors, values, optimize=True)
    )
