"""A few numbers of an outcome without its long table: for runs by the thousand.

The numbers come from the functions that fill the table, so the two cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sim.errors import InputError
from sim.outputs.outcome import Outcome
from sim.outputs.table import GOODS, TOTAL, Rows, add_all
from sim.outputs.variables import CHANGE, VARIABLES
from sim.pair import DEFAULT_PAIR, Pair

if TYPE_CHECKING:
    from sim.model.economy import Economy


class Quantity(NamedTuple):
    """Key of one number of the result table; ``TOTAL`` also stands for null."""

    variable: str
    region: str = TOTAL
    partner: str = TOTAL
    sector: str = TOTAL

    @property
    def label(self) -> str:
        """The key in one word, such as ``real_income_change|USA``."""
        parts = list(self)
        while len(parts) > 2 and parts[-1] == TOTAL:
            parts.pop()
        return "|".join(parts)


class _Picker(Rows):
    """Takes what is wanted out of the blocks that are added, and keeps nothing else."""

    def __init__(
        self, economy: Economy, quantities: Iterable[Quantity], pair: Pair = DEFAULT_PAIR
    ) -> None:
        super().__init__(economy.importers, economy.sectors, pair)
        self.values: dict[Quantity, float] = {}
        self._wanted: dict[str, list[tuple[Quantity, tuple[int, int, int]]]] = {}
        for quantity in quantities:
            self.values[quantity] = np.nan
            codes = self._codes(quantity)
            self._wanted.setdefault(quantity.variable, []).append((quantity, codes))

    def _codes(self, quantity: Quantity) -> tuple[int, int, int]:
        regions, sectors = [*self.regions, TOTAL], [*self.sectors, TOTAL, GOODS]
        return (
            _position(regions, quantity.region, "region"),
            _position(regions, quantity.partner, "partner"),
            _position(sectors, quantity.sector, "sector"),
        )

    def wants(self, *variables: str) -> bool:
        return any(name in self._wanted or name + CHANGE in self._wanted for name in variables)

    def wants_block(self, variable: str, axes: str, *codes: int) -> bool:
        endless = (np.iinfo(np.int64).max,) * len(axes)
        return any(
            np.isnan(self.values[quantity])
            and self._place(wanted, endless, axes, codes) is not None
            for name in (variable, variable + CHANGE)
            for quantity, wanted in self._wanted.get(name, ())
        )

    def add(
        self, variable: str, values: ArrayLike, axes: str, *codes: int, unit: str | None = None
    ) -> None:
        for quantity, wanted in self._wanted.get(variable, ()):
            if not np.isnan(self.values[quantity]):
                continue
            array = np.asarray(values, dtype=float)
            position = self._place(wanted, array.shape, axes, codes)
            if position is not None:
                self.values[quantity] = float(array[position])

    def _place(
        self,
        wanted: tuple[int, int, int],
        shape: tuple[int, ...],
        axes: str,
        codes: tuple[int, ...],
    ) -> tuple[int, ...] | None:
        """Index of the wanted number in a block, or None if the block does not hold it."""
        totals = (self.all_partners, self.all_partners, self.all_sectors)
        fixed, index = iter(codes), []
        for letter, code, total in zip("rps", wanted, totals, strict=True):
            if letter in axes:
                if code >= shape[axes.index(letter)]:
                    return None
                index.append((axes.index(letter), code))
                continue
            block = next(fixed)
            if code != (total if block < 0 else block):
                return None
        return tuple(code for _, code in sorted(index))


def _position(known: list[str], code: str, noun: str) -> int:
    if code not in known:
        raise InputError(f"unknown {noun} {code!r}.", advice=f"Known: {', '.join(known)}.")
    return known.index(code)


def check_quantities(economy: Economy, quantities: Iterable[Quantity]) -> None:
    """Refuse a variable, region, partner or sector that no result has.

    Raises
    ------
    InputError
        At the first unknown name.
    """
    chosen = list(quantities)
    for quantity in chosen:
        if quantity.variable not in VARIABLES:
            names = ", ".join(name for name in VARIABLES if not name.endswith(CHANGE))
            raise InputError(
                f"unknown variable {quantity.variable!r}.",
                advice=f"Known: {names}; each also with {CHANGE!r}.",
            )
    _Picker(economy, chosen)


def pick(outcome: Outcome, quantities: Iterable[Quantity]) -> dict[Quantity, float]:
    """Return the wanted numbers; nan where the result table would have no such row."""
    picker = _Picker(outcome.economy, quantities, outcome.pair)
    add_all(picker, outcome)
    return picker.values
