"""One label a line of a long table, and sums over two of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.errors import BaselineError

FloatArray: TypeAlias = NDArray[np.float64]
BoolArray: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Labels:
    """One label a line, stored as distinct names and the position of each line's name.

    Attributes
    ----------
    names
        Distinct labels.
    position
        Index into `names`, one per line.
    """

    names: tuple[str, ...]
    position: NDArray[np.int64]

    def number(self, table: Mapping[str, float], default: float = 0.0) -> FloatArray:
        """Return the number of each line's label."""
        return np.array([table.get(name, default) for name in self.names], float)[self.position]

    def among(self, wanted: Collection[str]) -> BoolArray:
        """Return for each line whether its label is one of `wanted`."""
        return np.array([name in wanted for name in self.names], bool)[self.position]

    def starts_with(self, prefixes: Iterable[str]) -> BoolArray:
        """Return for each line whether its label starts with one of `prefixes`."""
        known = dict.fromkeys(prefixes, "")
        starting = [longest_prefix(name, known) is not None for name in self.names]
        return np.array(starting, bool)[self.position]

    def mapped(self, table: Mapping[str, str]) -> Labels:
        """Return other labels looked up by name; unknown names raise BaselineError."""
        unknown = [name for name in self.names if name not in table]
        if unknown:
            raise BaselineError(
                f"the imports of 2024 hold the unknown code {', '.join(unknown[:5])}.",
                advice="Add it to the table that maps these codes.",
            )
        names = sorted({table[name] for name in self.names})
        place = {name: k for k, name in enumerate(names)}
        lookup = np.array([place[table[name]] for name in self.names], np.int64)
        return Labels(tuple(names), lookup[self.position])

    def where(self, kept: BoolArray) -> Labels:
        """Return the labels of the lines kept."""
        return Labels(self.names, self.position[kept])


def labels_of(column: pa.ChunkedArray[Any]) -> Labels:
    """Return the labels of a column of text."""
    encoded = column.combine_chunks().dictionary_encode()
    position = np.asarray(encoded.indices, dtype=np.int64)
    return Labels(tuple(str(name) for name in encoded.dictionary.to_pylist()), position)


def sums_by_label(
    row: Labels, column: Labels, amount: FloatArray, rows: Sequence[str], columns: Sequence[str]
) -> FloatArray:
    """Return the sum of `amount` over lines by two labels, shape [row, column].

    Every label stands in `rows` or `columns`; lines are added in their order.
    """
    at_row = row.number({name: k for k, name in enumerate(rows)}).astype(np.int64)
    at_column = column.number({name: k for k, name in enumerate(columns)}).astype(np.int64)
    size = len(rows) * len(columns)
    flat: FloatArray = np.bincount(
        at_row * len(columns) + at_column, weights=amount, minlength=size
    ).astype(float)
    return flat.reshape(len(rows), len(columns))


def longest_prefix(code: str, table: Mapping[str, str]) -> str | None:
    """Return the value of the longest key that `code` starts with, or None."""
    for length in range(len(code), 1, -1):
        if code[:length] in table:
            return table[code[:length]]
    return None
