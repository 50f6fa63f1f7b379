"""Cells of a table that were changed so that an economy can hold it: which, from what, to what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NoReturn

import numpy as np

from sim.errors import EconomyError
from sim.model.arrays import Array

LEAST_VALUE_ADDED = 0.005
"""Value added over output that a repaired sector is left with."""

ROUNDING = 1e-9
"""Change of a cell, relative to its market or its sector's output, that counts as rounding."""

SHARE_ROUNDING = 1e-9
"""Excess of a sum of shares over 1 that counts as rounding."""

PLACES: Mapping[str, str] = MappingProxyType(
    {
        "negative flow": "sales of {exporter} {sector} to {region}",
        "own sales": "own sales of {region} {sector}",
        "value added": "value added of {region} {sector}",
        "negative input share": "share of {input_sector} in the costs of {region} {sector}",
        "input shares above 1": "input shares of {region} {sector}",
        "negative final demand": "final demand of {region} for {sector}",
    }
)
"""Kind of repair -> the words for its cell.

Input shares are fractions of output; all other kinds are in the money unit of the table.
"""


@dataclass(frozen=True)
class Repair:
    """One repaired cell.

    Parameters
    ----------
    kind
        A key of `PLACES`.
    region
        The buyer of a flow or of final demand; the producer otherwise.
    before, after
        What the table has; what the economy is built from.
    exporter, input_sector
        Seller of a flow; sector whose goods are the input.
    source
        Rows and columns of the file that the cell comes from, if there is a file.
    """

    kind: str
    region: str
    sector: str
    before: float
    after: float
    exporter: str | None = None
    input_sector: str | None = None
    source: str = ""

    @property
    def amount(self) -> float:
        """How far the cell was moved; positive is upwards."""
        return self.after - self.before

    @property
    def place(self) -> str:
        """Return the cell in words."""
        return PLACES[self.kind].format(
            region=self.region,
            sector=self.sector,
            exporter=self.exporter,
            input_sector=self.input_sector,
        )

    def __str__(self) -> str:
        where = f" ({self.source})" if self.source else ""
        return f"{self.place}: {readable(self.before)} -> {readable(self.after)}{where}"


def readable(value: float) -> str:
    """Write a number with four significant digits or all before the point, without exponents."""
    return f"{value:,.0f}" if abs(value) >= 1e4 else f"{value:,.4g}"


def by_kind(repairs: Iterable[Repair]) -> dict[str, list[Repair]]:
    """Group repairs by kind, the largest first."""
    groups: dict[str, list[Repair]] = {}
    for repair in sorted(repairs, key=lambda each: -abs(each.amount)):
        groups.setdefault(repair.kind, []).append(repair)
    return {kind: groups[kind] for kind in PLACES if kind in groups}


def repair_flow(
    flow: Array, importers: Sequence[str], sectors: Sequence[str]
) -> tuple[Array, tuple[Repair, ...]]:
    """Set negative flows to zero, [n, i, j]; rounding is set to zero without a report."""
    positive = np.maximum(flow, 0.0)
    output = positive.sum(axis=0)
    cells = np.argwhere(flow < -ROUNDING * output[None])
    return positive, tuple(
        Repair("negative flow", importers[n], sectors[j], float(flow[n, i, j]), 0.0, importers[i])
        for n, i, j in cells
    )


def repair_input_share(
    share: Array, importers: Sequence[str], sectors: Sequence[str]
) -> tuple[Array, tuple[Repair, ...]]:
    """Set negative input shares to zero, and scale those that sum to more than 1, [n, k, j].

    A sector whose inputs take more than its output is left with `LEAST_VALUE_ADDED`.
    """
    positive = np.maximum(share, 0.0)
    total = positive.sum(axis=1)
    above = total > 1 + SHARE_ROUNDING
    scale = np.where(above, (1 - LEAST_VALUE_ADDED) / np.where(above, total, 1.0), 1.0)
    return positive * scale[:, None, :], (
        *_negative_shares(share, importers, sectors),
        *(
            Repair(
                "input shares above 1",
                importers[n],
                sectors[j],
                float(total[n, j]),
                1 - LEAST_VALUE_ADDED,
            )
            for n, j in np.argwhere(above)
        ),
    )


def _negative_shares(
    share: Array, importers: Sequence[str], sectors: Sequence[str]
) -> Iterator[Repair]:
    for n, k, j in np.argwhere(share < -ROUNDING):
        before = float(share[n, k, j])
        yield Repair(
            "negative input share", importers[n], sectors[j], before, 0.0, input_sector=sectors[k]
        )


def check_flow(flow: Array, importers: Sequence[str], sectors: Sequence[str]) -> None:
    """Refuse a negative flow, naming the worst cell.

    Raises
    ------
    EconomyError
        If one is below zero.
    """
    if (flow >= 0).all():
        return
    n, i, j = _lowest(flow)
    _refuse(
        f"trade_flow holds {flow[n, i, j]:g}, sales of {importers[i]} {sectors[j]} to "
        f"{importers[n]}. None may be below 0.",
    )


def check_input_share(share: Array, importers: Sequence[str], sectors: Sequence[str]) -> None:
    """Refuse input shares that are negative or sum to more than 1, naming the worst cell.

    Raises
    ------
    EconomyError
        If there is one.
    """
    if share.min() < 0:
        n, k, j = _lowest(share)
        _refuse(
            f"input_share holds {share[n, k, j]:g}, the share of {sectors[k]} in the costs of "
            f"{importers[n]} {sectors[j]}. None may be below 0.",
        )
    total = share.sum(axis=1)
    if total.max() > 1 + SHARE_ROUNDING:
        n, j = _lowest(-total)
        _refuse(
            f"input_share sums to {total[n, j]:.10g} in {importers[n]} {sectors[j]}. "
            "It may sum to 1 at most: the rest is value added.",
        )


def _lowest(values: Array) -> tuple[int, ...]:
    """Return the position of the smallest value."""
    return tuple(map(int, np.unravel_index(int(values.argmin()), values.shape)))


def _refuse(problem: str) -> NoReturn:
    raise EconomyError(problem, advice="Correct the table, or pass repair=True to calibrate.")
