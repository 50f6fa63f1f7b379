"""Files of published trade elasticities -> theta = sigma - 1 by sector of the model."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from sim.baseline.build.aggregate import Aggregation, membership
from sim.baseline.build.io_table import Array, WorldTable
from sim.baseline.elasticities import (
    CALIENDO_PARRO_ROW,
    FONTAGNE_BOUNDS,
    OTHER_BOUNDS,
    SECTOR_PARAMETERS,
    Bounds,
)
from sim.errors import BaselineError

SERVICES_THETA = 4.0
"""Services in every set: the value that the published sets themselves use for what they lack."""

UNIFORM, UNIFORM_THETA = "uniform4", 4.0

GOODS_SECTIONS = "ABC"
"""First letters of the ICIO industries that make goods: farms, mines, factories."""

ARCHIVE_SETS: Mapping[str, str] = {
    "giri_yi_yilmazkuday2021": "eps_GYY",
    "bagwell_staiger_yurukoglu2021": "eps_BSY",
    "lashkaripour_lugovskyy2023": "eps_LL",
    "shapiro2016": "eps_Shap",
    "archive_is": "eps_IS",
}
"""Sets of the ICIO archive; the author of ``IS`` is not resolved, so it keeps its code."""


def elasticity_sets(
    data_dir: Path | None, raw: WorldTable, aggregation: Aggregation, archive: Path | None = None
) -> dict[str, Array]:
    """Return theta by set, over the uncarved sectors of the model.

    Fine sectors are averaged with world trade as weights; a sector without any estimate takes
    the trade-weighted mean of all goods.

    Parameters
    ----------
    data_dir
        Folder of raw data; None leaves the uniform set alone.
    raw
        The table before it is summed: its sectors and its trade.
    archive
        The ICIO archive with further sets, on the sectors of `raw`.
    """
    fine = {UNIFORM: (np.full(len(raw.sectors), UNIFORM_THETA), OTHER_BOUNDS)}
    if data_dir is not None:
        fine = _published_sets(data_dir, raw.sectors) | fine
    if archive is not None:
        fine = fine | _archive_sets(archive)
    weights = _world_trade(raw)
    return {
        name: _aggregate(theta, bounds, weights, raw.sectors, aggregation)
        for name, (theta, bounds) in fine.items()
    }


def _published_sets(data_dir: Path, sectors: Sequence[str]) -> dict[str, tuple[Array, Bounds]]:
    folder = data_dir / "elasticities"
    epsilon = np.abs(_fontagne(folder / "fontagne_icio2025_trade_elast.csv", sectors))
    parro = _caliendo_parro(folder / "caliendo_parro2015_table1_theta.csv", sectors)
    # Fontagne, Guimbard and Orefice: the coefficient on log(1 + tariff) of a tariff-exclusive
    # value is -sigma, and the elasticity that they publish is epsilon = 1 + coefficient = 1 - sigma
    return {
        "fontagne2022": (epsilon, FONTAGNE_BOUNDS),
        "fontagne2022_sigma": (epsilon - 1, FONTAGNE_BOUNDS),
        "caliendo_parro2015": (parro, OTHER_BOUNDS),
    }


def _archive_sets(archive: Path) -> dict[str, tuple[Array, Bounds]]:
    with np.load(archive, allow_pickle=False) as arrays:
        return {
            name: (np.asarray(arrays[key], dtype=float), OTHER_BOUNDS)
            for name, key in ARCHIVE_SETS.items()
        }


def with_carved(theta: Array, parents: Sequence[str], sectors: Sequence[str]) -> Array:
    """Put the stated values of carved sectors beside the parents' estimates."""
    stated = {parameter.sector: parameter.trade_elasticity for parameter in SECTOR_PARAMETERS}
    known = dict(zip(parents, theta, strict=True)) | stated
    return np.array([known[sector] for sector in sectors])


def _world_trade(raw: WorldTable) -> Array:
    return np.asarray(raw.flow.sum(axis=(0, 1)) - raw.own_sales.sum(axis=0))


def _aggregate(
    theta: Array,
    bounds: Bounds,
    weights: Array,
    sectors: Sequence[str],
    aggregation: Aggregation,
) -> Array:
    """Average over each group's goods; groups without any good are services."""
    goods = np.array([sector[0] in GOODS_SECTIONS for sector in sectors])
    matrix = membership(aggregation.parent_groups, sectors)
    known = np.isfinite(theta) & goods & (weights > 0)
    mean = _weighted(theta[known], weights[known])
    result = np.full(len(matrix), SERVICES_THETA)
    for row, group in enumerate(matrix > 0):
        if (group & goods).any():
            here = group & known
            result[row] = np.clip(_weighted(theta[here], weights[here], mean), *bounds)
    return result


def _weighted(values: Array, weights: Array, otherwise: float = UNIFORM_THETA) -> float:
    return float((values * weights).sum() / weights.sum()) if values.size else otherwise


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        raise BaselineError("missing.", advice="Give the folder of raw data.", file=path)
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def _fontagne(path: Path, sectors: Sequence[str]) -> Array:
    epsilon = {row["icio2025"]: row["epsilon_icio"] for row in _rows(path)}
    return np.array([float(epsilon.get(code) or "nan") for code in sectors])


def _caliendo_parro(path: Path, sectors: Sequence[str]) -> Array:
    theta = {row["sector"]: float(row["theta_99"]) for row in _rows(path)}
    nan = float("nan")
    return np.array(
        [theta[CALIENDO_PARRO_ROW[c]] if c in CALIENDO_PARRO_ROW else nan for c in sectors]
    )
