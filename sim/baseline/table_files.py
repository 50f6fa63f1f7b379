"""The Parquet tables of a baseline: which there are, what they hold, and how arrays are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.errors import BaselineError
from sim.model.arrays import Array, frozen

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "regions": ("region", "label", "us_valuation_factor", "households_mn"),
    "sectors": ("sector", "label"),
    "trade_flow": ("importer", "exporter", "sector", "value"),
    "tariff_rate": ("importer", "exporter", "sector", "rate"),
    "purchases": ("region", "input", "user", "share"),
    "elasticities": ("set", "sector", "trade_elasticity"),
    "sector_parameters": ("sector", "input_elasticity", "specific_outside"),
}
"""Tables that every baseline has, with the columns that are read."""

OPTIONAL_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "coverage": ("list", "importer", "exporter", "sector", "share"),
    "rates": ("schedule", "importer", "exporter", "sector", "rate"),
}
"""Tables without which a baseline has no coverage lists or rate schedules."""

ABOUT_FILE = "baseline.yaml"
"""Says what the tables are of; beside them."""

ADVICE = "Run `truce baseline build --out DIR` and give that folder."


def check_folder(folder: Path) -> None:
    """Refuse a folder that is not a baseline, naming every table that it lacks.

    Raises
    ------
    BaselineError
        If the folder or a table that every baseline has is missing.
    """
    if not folder.is_dir():
        raise BaselineError("there is no such folder.", advice=ADVICE, file=folder)
    missing = [name for name in COLUMNS if not _path(folder, name).is_file()]
    if missing:
        raise BaselineError(
            f"this folder is not a baseline: {', '.join(f'{name}.parquet' for name in missing)} "
            f"{'is' if len(missing) == 1 else 'are'} missing.",
            advice=ADVICE,
            file=folder,
        )


def read_table(folder: Path, name: str) -> pa.Table:
    """Read one table.

    Raises
    ------
    BaselineError
        If it is missing, is not a Parquet file, or lacks a column that is read.
    """
    path = _path(folder, name)
    if not path.is_file():
        raise BaselineError(
            "this table of the baseline is missing.",
            advice="Run `truce baseline build --data DIR`.",
            file=path,
        )
    try:
        table = pq.read_table(path)
    except pa.ArrowInvalid:
        raise BaselineError("this is not a Parquet file.", advice=ADVICE, file=path) from None
    for column in {**COLUMNS, **OPTIONAL_COLUMNS}.get(name, ()):
        if column not in table.column_names:
            raise BaselineError(f"the column {column!r} is missing.", advice=ADVICE, file=path)
    return table


def read_array(folder: Path, name: str, value: str, axes: Mapping[str, Sequence[str]]) -> Array:
    """Scatter a long table into an array, zero where there is no row.

    Parameters
    ----------
    value
        Column of numbers.
    axes
        Column of codes -> the codes along that axis, in array order.

    Raises
    ------
    BaselineError
        If the table is missing, or holds a code that its axis does not have.
    """
    return _scattered(read_table(folder, name), value, axes, _path(folder, name))


def read_named_arrays(
    folder: Path, name: str, axes: Mapping[str, Sequence[str]]
) -> Mapping[str, Array]:
    """Return one array a coverage list or rate schedule; none if the table is not there."""
    if not _path(folder, name).is_file():
        return MappingProxyType({})
    table = read_table(folder, name)
    key, *_, value = OPTIONAL_COLUMNS[name]
    names = tuple(dict.fromkeys(strings(table[key])))
    stacked = _scattered(table, value, {key: names, **axes}, _path(folder, name))
    return MappingProxyType(dict(zip(names, map(frozen, stacked), strict=True)))


def strings(column: pa.ChunkedArray[Any]) -> tuple[str, ...]:
    """Return a column of codes or labels."""
    return tuple(str(value) for value in column.to_pylist())


def _scattered(table: pa.Table, value: str, axes: Mapping[str, Sequence[str]], path: Path) -> Array:
    array = np.zeros([len(codes) for codes in axes.values()])
    place = tuple(_positions(table[axis], codes, path, axis) for axis, codes in axes.items())
    array[place] = table[value]
    return array


def _positions(
    column: pa.ChunkedArray[Any], codes: Sequence[str], path: Path, axis: str
) -> NDArray[np.intp]:
    encoded = column.combine_chunks()
    if not isinstance(encoded, pa.DictionaryArray):
        encoded = encoded.dictionary_encode()
    place = {code: position for position, code in enumerate(codes)}
    entries = [str(code) for code in encoded.dictionary.to_pylist()]
    unknown = [code for code in entries if code not in place]
    if unknown:
        raise BaselineError(
            f"the column {axis!r} holds {unknown[0]!r}, which regions.parquet and sectors.parquet "
            "do not name.",
            advice=ADVICE,
            file=path,
        )
    of_entry = np.array([place[code] for code in entries], dtype=np.intp)
    return np.asarray(of_entry[encoded.indices.to_numpy()], dtype=np.intp)


def _path(folder: Path, name: str) -> Path:
    return folder / f"{name}.parquet"
