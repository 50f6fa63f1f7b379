"""Averages of line attributes by exporter and sector."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.baseline.build.import_lines import Lines, cell_sums
from sim.baseline.build.labels import BoolArray, FloatArray

UNITED_STATES, SERVICES = "USA", "SERV"


class CellAverage:
    """Value-weighted average of a line attribute by exporter region and sector.

    Parameters
    ----------
    lines
        Import lines.
    regions, sectors
        Axes of the result; services and the United States itself are always 0.
    """

    def __init__(self, lines: Lines, regions: Sequence[str], sectors: Sequence[str]) -> None:
        self.lines, self.regions, self.sectors = lines, list(regions), list(sectors)
        self.value = cell_sums(lines, lines.imports_usd, regions, sectors)
        abroad = np.array([region != UNITED_STATES for region in regions])
        goods = np.array([sector != SERVICES for sector in sectors])
        self.traded_goods: BoolArray = abroad[:, None] & goods

    def __call__(self, attribute: FloatArray, *, fill: bool = True) -> FloatArray:
        """Return the average, shape [region, sector].

        Cells without lines take the average of all partners (`fill`) or 0.
        """
        amount = self.lines.imports_usd * attribute
        total = cell_sums(self.lines, amount, self.regions, self.sectors)
        world = ratio(total.sum(axis=0), self.value.sum(axis=0))
        own = ratio(total, self.value)
        filled = np.where(self.value > 0, own, world if fill else 0.0)
        return np.maximum(filled, 0.0) * self.traded_goods


def ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Quotient, 0 where the whole is 0."""
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
