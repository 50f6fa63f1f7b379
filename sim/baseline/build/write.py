"""Arrays -> Parquet: long tables, values rounded, the same bytes of content on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from ruamel.yaml import YAML

from sim.baseline.build.aggregate import Aggregation
from sim.baseline.build.base_tariffs import is_good
from sim.baseline.build.coverage import build_coverage
from sim.baseline.build.io_table import Array, WorldTable
from sim.baseline.elasticities import SECTOR_PARAMETERS
from sim.baseline.table_files import ABOUT_FILE

STORED_DIGITS = 8
"""Significant digits stored: more than the data deserve, few enough to be equal on all machines."""

HOUSEHOLDS_FILE = Path(__file__).with_name("households.yaml")
NOTES_FILE = Path(__file__).with_name("source_notes.yaml")

REPAIRED_AFTER = {"own sales": "us-imports-2024", "value added": "wits-2023"}
"""Kind of repair -> the source whose figures make it necessary."""


@dataclass(frozen=True, eq=False)
class Baseline2024:
    """All that the embedded tables hold."""

    aggregation: Aggregation
    table: WorldTable
    tariff_rate: Array
    purchase_share: Array
    valuation_factor: Array
    elasticities: Mapping[str, Array]
    carved_flow: Mapping[str, Array]


def rounded(values: Array, digits: int = STORED_DIGITS) -> Array:
    """Round to significant digits, halves to even, the same on every machine."""
    flat = np.asarray(values, dtype=float).ravel().tolist()
    return np.array([_rounded(value, digits) for value in flat]).reshape(np.shape(values))


def _rounded(value: float, digits: int) -> float:
    """Round one number; powers of ten are read from text, as a power's last bit varies."""
    exponent = int(f"{value:.16e}".split("e")[1])
    shift = digits - 1 - exponent
    whole = round(value * float(f"1e{shift}"))
    return float(f"{whole}e{-shift}")


def long_table(axes: Sequence[tuple[str, Sequence[str]]], name: str, values: Array) -> pa.Table:
    """Return the non-zero cells of an array as a long table, one dictionary column an axis."""
    cells = np.nonzero(values)
    columns: dict[str, pa.Array[Any]] = {
        axis: pa.DictionaryArray.from_arrays(index.astype(np.int16), pa.array(codes))
        for (axis, codes), index in zip(axes, cells, strict=True)
    }
    return pa.table({**columns, name: pa.array(rounded(values[cells]))})


def write_table(table: pa.Table, path: Path) -> None:
    """Write a table without anything that differs between runs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, compression="zstd", store_schema=False)


def write_tables(baseline: Baseline2024, out_dir: Path, data_dir: Path | None) -> None:
    """Write every table of a baseline; coverage lists other than of all goods need `data_dir`."""
    tables = _core_tables(baseline)
    tables |= _all_goods(baseline) if data_dir is None else _coverage_tables(baseline, data_dir)
    for name, table in tables.items():
        write_table(table, out_dir / f"{name}.parquet")


def _core_tables(baseline: Baseline2024) -> dict[str, pa.Table]:
    table = baseline.table
    regions, sectors = table.regions, table.sectors
    pair = (("importer", regions), ("exporter", regions))
    return {
        "regions": _regions(baseline),
        "sectors": _sectors(baseline),
        "trade_flow": long_table((*pair, ("sector", sectors)), "value", table.flow),
        "tariff_rate": long_table((*pair, ("sector", sectors)), "rate", baseline.tariff_rate),
        "purchases": long_table(
            (("region", regions), ("input", sectors), ("user", sectors)),
            "share",
            baseline.purchase_share,
        ),
        "elasticities": _elasticities(baseline),
        "sector_parameters": _parameters(sectors),
    } | ({"carveouts": _carveouts(baseline)} if baseline.carved_flow else {})


def _regions(baseline: Baseline2024) -> pa.Table:
    households = YAML(typ="safe").load(HOUSEHOLDS_FILE.read_text(encoding="utf-8"))
    groups = baseline.aggregation.regions
    known = [households.get(group.code, {}) for group in groups]
    return pa.table(
        {
            "region": [group.code for group in groups],
            "label": [group.label for group in groups],
            "us_valuation_factor": rounded(baseline.valuation_factor),
            "households_mn": pa.array([row.get("value") for row in known], pa.float64()),
            "households_grade": [row.get("grade", "") for row in known],
            "households_source": [row.get("source", "") for row in known],
        }
    )


def _sectors(baseline: Baseline2024) -> pa.Table:
    groups = baseline.aggregation.sectors
    return pa.table(
        {
            "sector": [group.code for group in groups],
            "label": [group.label for group in groups],
            "carved_from": [" ".join(group.carved_from) for group in groups],
        }
    )


def _elasticities(baseline: Baseline2024) -> pa.Table:
    sets, sectors = baseline.elasticities, baseline.table.sectors
    return pa.table(
        {
            "set": [name for name in sets for _ in sectors],
            "sector": [sector for _ in sets for sector in sectors],
            "trade_elasticity": rounded(np.concatenate(list(sets.values()))),
        }
    )


def _parameters(sectors: Sequence[str]) -> pa.Table:
    rows = [row for row in SECTOR_PARAMETERS if row.sector in sectors]
    return pa.table(
        {
            "sector": pa.array([row.sector for row in rows], pa.string()),
            "trade_elasticity": pa.array([row.trade_elasticity for row in rows], pa.float64()),
            "input_elasticity": pa.array([row.input_elasticity for row in rows], pa.float64()),
            "specific_outside": pa.array([row.specific_outside for row in rows], pa.string()),
            "grade": pa.array([row.grade for row in rows], pa.string()),
            "source": pa.array([row.source for row in rows], pa.string()),
        }
    )


def _carveouts(baseline: Baseline2024) -> pa.Table:
    parts, regions = tuple(baseline.carved_flow), baseline.table.regions
    flow = np.stack(list(baseline.carved_flow.values()))
    return long_table(
        (("part", parts), ("importer", regions), ("exporter", regions)), "value", flow
    )


def _coverage_tables(baseline: Baseline2024, data_dir: Path) -> dict[str, pa.Table]:
    coverage, rates = build_coverage(
        data_dir, baseline.aggregation.regions, baseline.aggregation.sectors
    )
    return {"coverage": coverage, "rates": rates}


def _all_goods(baseline: Baseline2024) -> dict[str, pa.Table]:
    """Return the lists of all goods: every import, and China's from the United States."""
    regions, sectors = baseline.table.regions, baseline.table.sectors
    share = np.ones((2, len(regions), len(regions), len(sectors)))
    share[..., [not is_good(sector) for sector in sectors]] = 0.0
    n = np.arange(len(regions))
    share[:, n, n] = 0.0
    china_from_us = np.zeros(share.shape[1:], dtype=bool)
    if {"USA", "CHN"} <= set(regions):
        china_from_us[regions.index("CHN"), regions.index("USA")] = True
    share[1] *= china_from_us
    axes = (("list", ("all", "cn-all")), ("importer", regions), ("exporter", regions))
    return {"coverage": long_table((*axes, ("sector", sectors)), "share", share)}


def write_about(year: str, out_dir: Path) -> None:
    """Write what the tables are of."""
    (out_dir / ABOUT_FILE).write_text(f"year: {year}\n", encoding="utf-8")


def write_sources(
    data_dir: Path, out_dir: Path, repairs: Sequence[Mapping[str, object]] = ()
) -> None:
    """Write SOURCES.yaml: the notes with checksums, and repairs with the step that needs them."""
    notes = YAML().load(NOTES_FILE.read_text(encoding="utf-8"))
    for entry in notes:
        made = [each for each in repairs if REPAIRED_AFTER[str(each["kind"])] == entry["id"]]
        if made:
            entry["repairs"] = made
        entry["sha256"] = {name: file_digest(data_dir / name) for name in entry["raw"]}
    dump_sources(notes, out_dir)


def dump_sources(entries: Sequence[Mapping[str, object]], out_dir: Path) -> None:
    """Write SOURCES.yaml."""
    yaml = YAML()
    yaml.width = 160
    with (out_dir / "SOURCES.yaml").open("w", encoding="utf-8", newline="\n") as handle:
        yaml.dump(entries, handle)


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
