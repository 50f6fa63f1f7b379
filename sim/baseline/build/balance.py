"""RAS: scale a matrix so that its rows and columns sum to given totals."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sim.baseline.build.io_table import Array
from sim.errors import BaselineError

RAS_TOLERANCE = 1e-12
"""Largest gap of a margin that counts as balanced, relative to the whole."""


def ras(
    prior: ArrayLike,
    row_total: ArrayLike,
    column_total: ArrayLike,
    *,
    tolerance: float = RAS_TOLERANCE,
    max_iterations: int = 20_000,
) -> Array:
    """Return the matrix nearest to `prior` (in relative entropy) with the given margins.

    Zeros stay zero and signs are kept; rows and columns are scaled in turn, columns last, so that
    column totals hold exactly and row totals to `tolerance` of the sum.

    Raises
    ------
    BaselineError
        If the totals differ, something is negative, or the zeros leave no solution.
    """
    matrix = np.array(prior, dtype=float)
    rows, columns = np.asarray(row_total, dtype=float), np.asarray(column_total, dtype=float)
    _check_margins(matrix, rows, columns)
    total = max(rows.sum(), np.finfo(float).tiny)
    for _ in range(max_iterations):
        matrix *= _ratio(rows, matrix.sum(axis=1))[:, None]
        matrix *= _ratio(columns, matrix.sum(axis=0))[None, :]
        gap = np.abs(matrix.sum(axis=1) - rows).max() + np.abs(matrix.sum(axis=0) - columns).max()
        if gap <= tolerance * total:
            return matrix
    raise BaselineError(
        f"the table cannot be balanced: a margin stays off by {gap / total:.1e} of the whole.",
        advice="Its zeros leave no room: raise a cap or lower a total.",
    )


def _check_margins(matrix: Array, rows: Array, columns: Array) -> None:
    if matrix.shape != (rows.size, columns.size):
        raise BaselineError(f"totals for {rows.size} x {columns.size}, matrix {matrix.shape}.")
    if min(matrix.min(), rows.min(), columns.min()) < 0:
        raise BaselineError("a table to balance holds a negative number.")
    if abs(rows.sum() - columns.sum()) > 1e-9 * max(rows.sum(), 1e-300):
        raise BaselineError(f"row totals sum to {rows.sum():g}, columns to {columns.sum():g}.")


def _ratio(wanted: Array, reached: Array) -> Array:
    return np.divide(wanted, reached, out=np.zeros_like(wanted), where=reached > 0)
