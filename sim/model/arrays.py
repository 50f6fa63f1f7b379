"""Read-only arrays, and the checks of shape and range that every object makes when built."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import EconomyError

Array = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


def frozen(values: ArrayLike) -> Array:
    """Return a read-only contiguous copy of `values`."""
    array: Array = np.array(values, dtype=float, order="C")
    array.setflags(write=False)
    return array


def sealed(array: Array) -> Array:
    """Make an array of our own read-only in place and return it."""
    array.setflags(write=False)
    return array


def sector_first(values: Array) -> Array:
    """Return [n, i, j] as a contiguous [j, n, i]: `numpy.matvec` wants the matrix last."""
    return np.ascontiguousarray(values.transpose(2, 0, 1))


def filled(values: ArrayLike, shape: tuple[int, ...], name: str) -> Array:
    """Broadcast `values` to `shape`, or raise `EconomyError`."""
    try:
        return np.broadcast_to(np.asarray(values, dtype=float), shape)
    except ValueError:
        raise EconomyError(
            f"{name} has shape {np.shape(values)}.", advice=f"Give a number or shape {shape}."
        ) from None


def check_array(
    name: str,
    values: Array | None,
    shape: tuple[int, ...],
    *,
    above: float | None = None,
    least: float | None = None,
) -> None:
    """Raise `EconomyError` naming the array if it has another shape, or values out of range."""
    if values is None:
        return
    if values.shape != shape:
        raise EconomyError(f"{name} has shape {values.shape}.", advice=f"It must be {shape}.")
    if not np.isfinite(values).all():
        raise EconomyError(f"{name} holds values that are not finite.")
    if above is not None and not (values > above).all():
        raise EconomyError(f"{name} holds {values.min():g}.", advice=f"All must be above {above}.")
    if least is not None and not (values >= least).all():
        raise EconomyError(f"{name} holds {values.min():g}.", advice=f"None may be below {least}.")
