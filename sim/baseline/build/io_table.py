"""A multi-region input-output table in the axes of the model, and what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.errors import BaselineError

Array = NDArray[np.float64]
IntArray = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class WorldTable:
    """Flows between regions and purchases of inputs, one money unit.

    Parameters
    ----------
    regions, sectors
        Codes, in the order of the arrays.
    flow
        Sales of i to n of sector j, own sales on the diagonal, [n, i, j].
    use
        Purchases of input k by sector j of region n, from all origins, [n, k, j].
    """

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    flow: Array
    use: Array

    @cached_property
    def output(self) -> Array:
        """Gross output, [i, j]."""
        return np.asarray(self.flow.sum(axis=0))

    @cached_property
    def supply(self) -> Array:
        """What region n buys of sector j from all origins, [n, j]."""
        return np.asarray(self.flow.sum(axis=1))

    @cached_property
    def final_demand(self) -> Array:
        """Supply that inputs leave over, [n, j]."""
        return np.asarray(self.supply - self.use.sum(axis=2))

    @cached_property
    def value_added(self) -> Array:
        """Output less inputs, [n, j]."""
        return np.asarray(self.output - self.use.sum(axis=1))

    @cached_property
    def own_sales(self) -> Array:
        """Sales of each region to itself, [n, j]."""
        n = np.arange(len(self.regions))
        return np.asarray(self.flow[n, n])

    def region(self, code: str) -> int:
        """Return the position of a region."""
        return self.regions.index(code)

    def sector(self, code: str) -> int:
        """Return the position of a sector."""
        return self.sectors.index(code)

    def with_flow(self, flow: Array, use: Array | None = None) -> WorldTable:
        """Return a copy with other flows and, where given, other purchases."""
        return replace(self, flow=flow, use=self.use if use is None else use)


def summed(values: Array, groups: Sequence[IntArray]) -> Array:
    """Sum an array over groups of its axes, cell after cell in the order of the array.

    A matrix product would be faster, but its last bits depend on the processor.

    Parameters
    ----------
    groups
        For every axis the position in the result that each of its entries goes to.
    """
    total = np.zeros([int(group.max()) + 1 for group in groups])
    np.add.at(total, np.ix_(*groups), values)
    return total


def read_icio_npz(path: Path) -> WorldTable:
    """Read the prepared ICIO archive (sector, exporter, importer) into the axes of the model.

    Raises
    ------
    BaselineError
        If the file is absent or lacks an array.
    """
    if not path.is_file():
        raise BaselineError(
            "the ICIO archive is missing.", advice="Give the folder of raw data.", file=path
        )
    with np.load(path, allow_pickle=False) as archive:
        missing = {"X", "use", "countries", "sectors"} - set(archive.files)
        if missing:
            raise BaselineError(f"no array {sorted(missing)[0]!r}.", file=path)
        return WorldTable(
            regions=tuple(str(code) for code in archive["countries"]),
            sectors=tuple(str(code) for code in archive["sectors"]),
            flow=np.ascontiguousarray(archive["X"].transpose(2, 1, 0), dtype=float),
            use=np.ascontiguousarray(archive["use"].transpose(2, 0, 1), dtype=float),
        )
