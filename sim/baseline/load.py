"""The embedded tables -> an `Economy` and all that goes with it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.baseline.defaults import ELASTICITIES, FACTOR_MOBILITY
from sim.errors import BaselineError
from sim.model.arrays import Array, frozen
from sim.model.economy import Economy

TABLES = Path(__file__).with_name("tables")

YEAR = "2022 ICIO, US imports 2024"

DIGEST_DIGITS = 12

FULLY_BOUGHT = 1e-6
"""Industries that buy all but this part of an input buy all of it: the rest is rounding."""


@dataclass(frozen=True, eq=False)
class Baseline:
    """The economy of January 2025 with its labels, lists and sources.

    Parameters
    ----------
    economy
        Calibrated at the duties collected in 2024; USD mn.
    elasticity_set
        Name of the set of trade elasticities.
    households_mn
        Private households, millions, [n]; nan where unknown.
    customs_factor
        Customs value in USD per unit of model flow, [n, i, j]: above 1 for US goods imports.
    coverage
        List name -> part of a flow's customs value that the list covers, [n, i, j].
    rates
        Schedule name -> ad valorem rate, fraction, [n, i, j].
    sources
        Entries of SOURCES.yaml.
    digest
        SHA-256 over the content of the tables.
    """

    economy: Economy
    elasticity_set: str
    region_labels: Mapping[str, str]
    sector_labels: Mapping[str, str]
    households_mn: Array
    customs_factor: Array
    coverage: Mapping[str, Array]
    rates: Mapping[str, Array]
    sources: tuple[dict[str, Any], ...]
    digest: str
    year: str = YEAR


def load_baseline(
    elasticities: str = ELASTICITIES, factor_mobility: float = FACTOR_MOBILITY
) -> Economy:
    """Return the embedded economy.

    Parameters
    ----------
    elasticities
        Name of a set: `elasticity_sets` lists them.
    factor_mobility
        kappa, from 1 (factors stay in their sector) to infinity (one wage a country).

    Raises
    ------
    BaselineError
        If there is no such set.
    """
    return load_bundle(elasticities, factor_mobility).economy


def load_bundle(
    elasticities: str = ELASTICITIES, factor_mobility: float = FACTOR_MOBILITY
) -> Baseline:
    """Return the embedded economy with labels, lists and sources; cached."""
    return _bundle(elasticities, float(factor_mobility))


@lru_cache(maxsize=32)
def _bundle(elasticities: str, factor_mobility: float) -> Baseline:
    """Change the mobility of a set that is read once."""
    bundle = _read_embedded(elasticities)
    regions = len(bundle.economy.importers)
    mobility = np.full(regions, factor_mobility)
    return replace(bundle, economy=replace(bundle.economy, factor_mobility=mobility))


@lru_cache(maxsize=4)
def _read_embedded(elasticities: str) -> Baseline:
    return read_bundle(TABLES, elasticities)


def read_bundle(
    folder: Path, elasticities: str = ELASTICITIES, factor_mobility: float = FACTOR_MOBILITY
) -> Baseline:
    """Read a folder of tables that `build` wrote.

    Raises
    ------
    BaselineError
        If a table is missing or the set is unknown.
    """
    regions, sectors = _read(folder, "regions"), _read(folder, "sectors")
    names = (_strings(regions["region"]), _strings(sectors["sector"]))
    return Baseline(
        economy=_economy(folder, names, elasticities, factor_mobility),
        elasticity_set=elasticities,
        region_labels=MappingProxyType(
            dict(zip(names[0], _strings(regions["label"]), strict=True))
        ),
        sector_labels=MappingProxyType(
            dict(zip(names[1], _strings(sectors["label"]), strict=True))
        ),
        households_mn=frozen(regions["households_mn"].to_numpy()),
        customs_factor=_customs_factor(regions, *names),
        coverage=_named_arrays(folder, "coverage", "list", "share", *names),
        rates=_named_arrays(folder, "rates", "schedule", "rate", *names),
        sources=read_sources(folder),
        digest=digest(folder),
    )


def elasticity_sets(folder: Path = TABLES) -> tuple[str, ...]:
    """Return the names of the sets of trade elasticities."""
    return tuple(dict.fromkeys(_strings(_read(folder, "elasticities")["set"])))


def _economy(
    folder: Path, names: tuple[tuple[str, ...], tuple[str, ...]], elasticities: str, mobility: float
) -> Economy:
    regions, sectors = names
    pair = {"importer": regions, "exporter": regions, "sector": sectors}
    flow = _array(_read(folder, "trade_flow"), pair, "value")
    rate = _array(_read(folder, "tariff_rate"), pair, "rate")
    users = {"region": regions, "input": sectors, "user": sectors}
    share = _array(_read(folder, "purchases"), users, "share")
    parameters = _read(folder, "sector_parameters").to_pylist()
    return Economy.calibrate(
        importers=regions,
        sectors=sectors,
        trade_flow=flow,
        tariff_rate=rate,
        input_share=input_share(flow, rate, share),
        trade_elasticity=_theta(folder, elasticities, sectors),
        factor_mobility=mobility,
        input_elasticity=_input_elasticity(parameters, sectors),
        specific_factor=_specific_factor(parameters, *names),
    )


def input_share(flow: Array, rate: Array, purchase_share: Array) -> Array:
    """Cost shares [n, k, j] from the parts that users buy of a region's spending.

    Rows that industries buy up entirely are scaled to sum to 1, so that no final demand is left
    over from rounding.
    """
    bought = purchase_share.sum(axis=2, keepdims=True)
    whole = bought > 1 - FULLY_BOUGHT
    share = np.divide(purchase_share, bought, out=purchase_share.copy(), where=whole)
    spending = (flow * (1 + rate)).sum(axis=1)
    output = flow.sum(axis=0)[:, None, :]
    paid = share * spending[:, :, None]
    return np.asarray(np.divide(paid, output, out=np.zeros_like(paid), where=output > 0))


def _theta(folder: Path, name: str, sectors: tuple[str, ...]) -> Array:
    rows = [row for row in _read(folder, "elasticities").to_pylist() if row["set"] == name]
    if not rows:
        raise BaselineError(
            f"no set of elasticities {name!r}.",
            advice=f"Write one of {', '.join(elasticity_sets(folder))}.",
        )
    known = {row["sector"]: row["trade_elasticity"] for row in rows}
    return np.array([known[sector] for sector in sectors])


def _input_elasticity(parameters: list[dict[str, Any]], sectors: tuple[str, ...]) -> Array:
    values = {row["sector"]: row["input_elasticity"] for row in parameters}
    return np.array([values.get(sector, 1.0) for sector in sectors])


def _specific_factor(
    parameters: list[dict[str, Any]], regions: tuple[str, ...], sectors: tuple[str, ...]
) -> Array:
    """True where a critical sector's factors are fixed: everywhere outside the named region."""
    fixed = np.zeros((len(regions), len(sectors)), dtype=bool)
    for row in parameters:
        if row["specific_outside"]:
            fixed[:, sectors.index(row["sector"])] = [
                region != row["specific_outside"] for region in regions
            ]
    return fixed


def _customs_factor(regions: pa.Table, names: tuple[str, ...], sectors: tuple[str, ...]) -> Array:
    factor = np.ones((len(names), len(names), len(sectors)))
    if "USA" not in names:
        return frozen(factor)
    goods = np.array([sector != "SERV" for sector in sectors])
    usa = names.index("USA")
    factor[usa][:, goods] = 1 / regions["us_valuation_factor"].to_numpy()[:, None]
    factor[usa, usa] = 1.0
    return frozen(factor)


def _named_arrays(
    folder: Path,
    table: str,
    key: str,
    value: str,
    regions: tuple[str, ...],
    sectors: tuple[str, ...],
) -> Mapping[str, Array]:
    """Return one array a name; an empty mapping if the table is not there."""
    if not (folder / f"{table}.parquet").is_file():
        return MappingProxyType({})
    rows = _read(folder, table)
    names = tuple(dict.fromkeys(_strings(rows[key])))
    axes = {key: names, "importer": regions, "exporter": regions, "sector": sectors}
    array = _array(rows, axes, value)
    return MappingProxyType({name: frozen(array[at]) for at, name in enumerate(names)})


def _array(table: pa.Table, axes: Mapping[str, tuple[str, ...]], value: str) -> Array:
    """Scatter a long table into an array, zero where no row."""
    array = np.zeros([len(codes) for codes in axes.values()])
    array[tuple(_positions(table[axis], codes) for axis, codes in axes.items())] = table[value]
    return array


def _positions(column: pa.ChunkedArray[Any], codes: tuple[str, ...]) -> NDArray[np.intp]:
    encoded = column.combine_chunks()
    if not isinstance(encoded, pa.DictionaryArray):
        encoded = encoded.dictionary_encode()
    place = {code: at for at, code in enumerate(codes)}
    of_entry = np.array([place[str(code)] for code in encoded.dictionary.to_pylist()])
    return np.asarray(of_entry[encoded.indices.to_numpy()], dtype=np.intp)


def _strings(column: pa.ChunkedArray[Any]) -> tuple[str, ...]:
    return tuple(str(value) for value in column.to_pylist())


def _read(folder: Path, name: str) -> pa.Table:
    path = folder / f"{name}.parquet"
    if not path.is_file():
        raise BaselineError(
            "this table of the baseline is missing.",
            advice="Run `truce baseline build --data DIR`.",
            file=path,
        )
    return pq.read_table(path)


def read_sources(folder: Path = TABLES) -> tuple[dict[str, Any], ...]:
    """Return the entries of SOURCES.yaml, then those of any SOURCES-*.yaml beside it."""
    from ruamel.yaml import YAML  # slow to import, rarely needed

    paths = [folder / "SOURCES.yaml", *sorted(folder.glob("SOURCES-*.yaml"))]
    return tuple(
        entry
        for path in paths
        if path.is_file()
        for entry in YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    )


def digest(folder: Path = TABLES) -> str:
    """SHA-256 over the content of all tables: names, columns, values to 12 significant digits."""
    state = hashlib.sha256()
    for path in sorted(folder.glob("*.parquet")):
        table = pq.read_table(path)
        state.update(path.stem.encode())
        for name in table.column_names:
            state.update(f"|{name}|".encode())
            state.update(_content(table[name]))
    return state.hexdigest()


def _content(column: pa.ChunkedArray[Any]) -> bytes:
    if pa.types.is_floating(column.type):
        return b",".join(b"%.*g" % (DIGEST_DIGITS, value) for value in column.to_numpy().tolist())
    return "\x1f".join(str(value) for value in column.to_pylist()).encode()
