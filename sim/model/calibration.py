"""Observed flows, taxes and shares to the fields of an economy: shapes, repairs, final demand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sim.errors import EconomyError
from sim.model.arrays import Array, check_array, filled
from sim.model.repairs import (
    Repair,
    check_flow,
    check_input_share,
    repair_flow,
    repair_input_share,
)


def _given(values: ArrayLike | None, default: float) -> ArrayLike:
    return default if values is None else values


def behavioural_arrays(
    shape: tuple[int, int, int],
    trade_elasticity: ArrayLike,
    input_elasticity: ArrayLike | None,
    factor_mobility: ArrayLike,
    specific_factor: ArrayLike | None,
) -> dict[str, Any]:
    """Return the behavioural arrays by the names of the economy's fields, at their full shapes."""
    inputs = _given(input_elasticity, 1.0)
    specific = np.asarray(_given(specific_factor, False), dtype=bool)
    return {
        "trade_elasticity": filled(trade_elasticity, shape[2:], "trade_elasticity"),
        "input_elasticity": filled(inputs, shape[2:], "input_elasticity"),
        "factor_mobility": filled(factor_mobility, shape[:1], "factor_mobility"),
        "specific_factor": np.broadcast_to(specific, shape[1:]),
    }


def observed_arrays(
    shape: tuple[int, int, int],
    trade_flow: ArrayLike,
    tariff_rate: ArrayLike,
    export_tax_rate: ArrayLike | None,
    input_share: ArrayLike,
) -> dict[str, Any]:
    """Return the observed arrays by the names of the economy's fields, at their full shapes."""
    flow = np.asarray(trade_flow, dtype=float)
    check_array("trade_flow", flow, shape)
    tariff = filled(tariff_rate, shape, "tariff_rate")
    export_tax = filled(_given(export_tax_rate, 0.0), shape, "export_tax_rate")
    inputs = np.asarray(input_share, dtype=float)
    check_array("input_share", inputs, (shape[0], shape[2], shape[2]))
    return {
        "trade_flow": flow,
        "tariff_rate": tariff,
        "export_tax_rate": export_tax,
        "input_share": inputs,
    }


def repair_observed(
    observed: dict[str, Any], importers: Sequence[str], sectors: Sequence[str]
) -> tuple[Repair, ...]:
    """Repair the observed arrays in place of what was given; return what was changed."""
    flow, of_flow = repair_flow(observed["trade_flow"], importers, sectors)
    share, of_share = repair_input_share(observed["input_share"], importers, sectors)
    observed |= {"trade_flow": flow, "input_share": share}
    return (*of_flow, *of_share)


def check_observed(
    observed: dict[str, Any], importers: Sequence[str], sectors: Sequence[str]
) -> None:
    """Refuse what cannot be an economy, naming the cell; then add the deficits."""
    flow = observed["trade_flow"]
    check_flow(flow, importers, sectors)
    check_input_share(observed["input_share"], importers, sectors)
    observed["trade_deficit"] = flow.sum(axis=(1, 2)) - flow.sum(axis=(0, 2))


def with_final_demand(
    arrays: dict[str, Any],
    names: tuple[tuple[str, ...], tuple[str, ...]],
    repairs: tuple[Repair, ...],
    clip: bool,
) -> dict[str, Any]:
    """Fields of an economy whose final demand is what inputs leave over."""
    final, clipped = _clip(_final_demand(arrays), arrays, *names, clip)
    share = final / final.sum(axis=1, keepdims=True)
    return {
        "importers": names[0],
        "sectors": names[1],
        "consumption_share": share,
        "is_balanced": not clipped,
        "repairs": (*repairs, *clipped),
        **arrays,
    }


def with_consumption(
    arrays: dict[str, Any],
    names: tuple[tuple[str, ...], tuple[str, ...]],
    repairs: tuple[Repair, ...],
    consumption_share: ArrayLike,
) -> dict[str, Any]:
    """Fields of an economy whose shares of final demand are given; no cell may be repaired."""
    if repairs:
        raise EconomyError(
            f"consumption_share is given, but the table was repaired: {repairs[0]}.",
            advice="Leave consumption_share out, so that it follows from the repaired table.",
        )
    share = np.asarray(consumption_share, dtype=float)
    return {"importers": names[0], "sectors": names[1], "consumption_share": share, **arrays}


def _final_demand(observed: dict[str, Any]) -> Array:
    """Spending that inputs leave over, [n, j]."""
    flow = observed["trade_flow"]
    output = (flow / (1.0 + observed["export_tax_rate"])).sum(axis=0)
    spending = (flow * (1.0 + observed["tariff_rate"])).sum(axis=1)
    final: Array = spending - np.einsum("nkj,nj->nk", observed["input_share"], output)
    return final


def _clip(
    final: Array,
    observed: dict[str, Any],
    importers: Sequence[str],
    sectors: Sequence[str],
    allowed: bool,
) -> tuple[Array, tuple[Repair, ...]]:
    """Set rounding below zero to zero; refuse or clip what is truly negative, and say what."""
    flow = observed["trade_flow"]
    noise = 1e-10 * (np.abs(flow).sum(axis=1) + flow.sum(axis=0))
    final = np.where((final < 0) & (final > -noise), 0.0, final)
    if (final >= 0).all():
        return final, ()
    if not allowed:
        n, j = map(int, np.unravel_index(int(final.argmin()), final.shape))
        raise EconomyError(
            f"final demand of {importers[n]} for {sectors[j]} is {final[n, j]:g}: inputs use more "
            "than is supplied.",
            advice="Rebalance the table, or pass clip_negative_final_demand=True.",
        )
    clipped = tuple(
        Repair("negative final demand", importers[n], sectors[j], float(final[n, j]), 0.0)
        for n, j in np.argwhere(final < 0)
    )
    return np.maximum(final, 0.0), clipped
