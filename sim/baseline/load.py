"""Tables, the embedded ones or a folder of one's own -> an `Economy` and all that goes with it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.baseline.defaults import ELASTICITIES, FACTOR_MOBILITY
from sim.baseline.elasticities import MACRO_ELASTICITIES, macro_elasticities
from sim.baseline.table_files import (
    ABOUT_FILE,
    check_folder,
    read_array,
    read_named_arrays,
    read_table,
    strings,
)
from sim.errors import BaselineError
from sim.model.arrays import Array, frozen
from sim.model.economy import Economy

TABLES = Path(__file__).with_name("tables")

DIGEST_DIGITS = 12

FULLY_BOUGHT = 1e-6
"""Industries that buy all but this part of an input buy all of it: the rest is rounding."""


@dataclass(frozen=True, eq=False)
class Baseline:
    """An economy with its labels, lists and sources; the embedded one is that of January 2025.

    Parameters
    ----------
    economy
        Calibrated at the duties of its tables (embedded: collected in 2024); USD mn.
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
        SHA-256 over the content of the tables, and what the program adds to them (`digest`).
    year
        What the tables are of, in words.
    lacks
        Codes of the embedded regions and sectors that a baseline of one's own does not have.
    carved, parts
        Embedded sectors that are part of one of its sectors, each with that sector, and their part
        of that one's flows, by code, [n, i, j].
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
    year: str
    lacks: frozenset[str] = frozenset()
    carved: tuple[tuple[str, str], ...] = ()
    parts: Mapping[str, Array] = field(default_factory=dict)


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


def load_baseline_from(
    folder: Path | str,
    elasticities: str | None = None,
    factor_mobility: float = FACTOR_MOBILITY,
) -> Baseline:
    """Return the baseline of a folder that `truce baseline build --out` wrote.

    Its regions and sectors are its own: it needs neither the United States nor soybeans or rare
    earths.  Without a coverage or rates table it has no coverage lists or rate schedules; without
    a known number of households, that number is nan.

    Parameters
    ----------
    folder
        Folder of tables.
    elasticities
        Name of a set; if None the default set, or the first one where the folder lacks it.
    factor_mobility
        kappa, from 1 (factors stay in their sector) to infinity (one wage a country).

    Raises
    ------
    BaselineError
        If the folder lacks a table, a table a column, or there is no such set.
    """
    folder = Path(folder)
    check_folder(folder)
    known = elasticity_sets(folder)
    if elasticities is None:
        elasticities = ELASTICITIES if ELASTICITIES in known else known[0]
    return read_bundle(folder, elasticities, factor_mobility)


def read_bundle(
    folder: Path, elasticities: str = ELASTICITIES, factor_mobility: float = FACTOR_MOBILITY
) -> Baseline:
    """Read a folder of tables that `build` wrote.

    Raises
    ------
    BaselineError
        If a table is missing or the set is unknown.
    """
    regions, sectors = read_table(folder, "regions"), read_table(folder, "sectors")
    codes = (strings(regions["region"]), strings(sectors["sector"]))
    pair = {"importer": codes[0], "exporter": codes[0], "sector": codes[1]}
    return Baseline(
        economy=_economy(folder, codes, elasticities, factor_mobility),
        elasticity_set=elasticities,
        region_labels=_labels(regions, codes[0]),
        sector_labels=_labels(sectors, codes[1]),
        households_mn=frozen(regions["households_mn"].to_numpy()),
        customs_factor=_customs_factor(regions, *codes),
        coverage=read_named_arrays(folder, "coverage", pair),
        rates=read_named_arrays(folder, "rates", pair),
        sources=read_sources(folder),
        digest=digest(folder),
        year=_year(folder),
    )


def _labels(table: pa.Table, codes: tuple[str, ...]) -> Mapping[str, str]:
    return MappingProxyType(dict(zip(codes, strings(table["label"]), strict=True)))


def _year(folder: Path) -> str:
    """Read what the tables are of; the name of the folder where nothing says it."""
    from ruamel.yaml import YAML  # slow to import, rarely needed

    path = folder / ABOUT_FILE
    about = YAML(typ="safe").load(path.read_text(encoding="utf-8")) if path.is_file() else None
    return str(about["year"]) if isinstance(about, dict) and "year" in about else folder.name


def elasticity_sets(folder: Path = TABLES) -> tuple[str, ...]:
    """Return the names of the sets of trade elasticities."""
    return tuple(dict.fromkeys(strings(read_table(folder, "elasticities")["set"])))


def _economy(
    folder: Path, names: tuple[tuple[str, ...], tuple[str, ...]], elasticities: str, mobility: float
) -> Economy:
    regions, sectors = names
    pair = {"importer": regions, "exporter": regions, "sector": sectors}
    flow = read_array(folder, "trade_flow", "value", pair)
    rate = read_array(folder, "tariff_rate", "rate", pair)
    users = {"region": regions, "input": sectors, "user": sectors}
    share = read_array(folder, "purchases", "share", users)
    _check_purchases(folder, share, regions, sectors)
    parameters = read_table(folder, "sector_parameters").to_pylist()
    theta = _theta(folder, elasticities, sectors)
    macro = macro_elasticities(theta, sectors)
    return Economy.calibrate(
        importers=regions,
        sectors=sectors,
        trade_flow=flow,
        tariff_rate=rate,
        input_share=input_share(flow, rate, share),
        trade_elasticity=theta,
        macro_elasticity=None if np.array_equal(macro, theta) else macro,
        factor_mobility=mobility,
        input_elasticity=_input_elasticity(parameters, sectors),
        specific_factor=_specific_factor(parameters, *names),
    )


def _check_purchases(
    folder: Path, share: Array, regions: tuple[str, ...], sectors: tuple[str, ...]
) -> None:
    """Refuse industries that buy more of an input than their region has, beyond rounding."""
    bought = share.sum(axis=2)
    if bought.max() > 1 + FULLY_BOUGHT:
        n, k = np.unravel_index(int(bought.argmax()), bought.shape)
        raise BaselineError(
            f"industries of {regions[n]} buy {bought[n, k]:.6g} of its {sectors[k]}.",
            advice="The shares of an input sum to 1 at most: the rest is final demand.",
            file=folder / "purchases.parquet",
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
    rows = [row for row in read_table(folder, "elasticities").to_pylist() if row["set"] == name]
    if not rows:
        raise BaselineError(
            f"there is no set of elasticities {name!r}.",
            advice=f"Write one of {', '.join(elasticity_sets(folder))}.",
        )
    known = {row["sector"]: row["trade_elasticity"] for row in rows}
    missing = [sector for sector in sectors if sector not in known]
    if missing:
        raise BaselineError(
            f"the set of elasticities {name!r} has no value for the sector {missing[0]!r}.",
            file=folder / "elasticities.parquet",
        )
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
    """SHA-256 over the content of all tables: names, columns, values to 12 significant digits.

    `MACRO_ELASTICITIES` counts as a table where it makes two tiers: results depend on it alike.
    """
    state = hashlib.sha256()
    if any(entry.value is not None for entry in MACRO_ELASTICITIES):
        state.update("|".join(f"{e.sector}={e.value}" for e in MACRO_ELASTICITIES).encode())
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
