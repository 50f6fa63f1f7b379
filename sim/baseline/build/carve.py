"""Take a sector out of its parent: flows, users and cost structure, every parent total kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.baseline.build.balance import ras
from sim.baseline.build.io_table import Array, WorldTable, summed
from sim.errors import BaselineError

FINAL = "final"
"""Name of final demand in a list of users."""


@dataclass(frozen=True, eq=False)
class Carving:
    """One sector to take out of one parent.

    Parameters
    ----------
    code, parent
        Name of the new sector; sector that it leaves.
    flow
        Its flows, own sales on the diagonal, [n, i]; none above `largest_share` of the parent's.
    users
        World shares of its buyers, by sector or ``"final"``.
    value_added_share
        Wished value added over output, [n].
    largest_share
        Largest part of a parent's flow, inputs or value added that may leave.
    """

    code: str
    parent: str
    flow: Array
    users: Mapping[str, float]
    value_added_share: Array
    largest_share: float


def carve(table: WorldTable, carving: Carving) -> WorldTable:
    """Return the table with the carved sector appended.

    The new sector and the rest of its parent sum to the parent in every flow, every purchase,
    output and value added.

    Raises
    ------
    BaselineError
        If a flow is above what the parent can give.
    """
    parent = table.sector(carving.parent)
    _check_flow(table, carving, parent)
    flow = np.concatenate([table.flow, carving.flow[:, :, None]], axis=2)
    flow[:, :, parent] -= carving.flow
    use = _split_inputs(table, carving, parent)
    use = _split_users(table, carving, parent, use)
    return WorldTable(table.regions, (*table.sectors, carving.code), flow, use)


def _check_flow(table: WorldTable, carving: Carving, parent: int) -> None:
    limit = carving.largest_share * table.flow[:, :, parent]
    over = carving.flow - limit * (1 + 1e-9)
    if over.max() > 0:
        n, i = np.unravel_index(int(over.argmax()), over.shape)
        raise BaselineError(
            f"{carving.code} from {table.regions[i]} to {table.regions[n]} is "
            f"{carving.flow[n, i]:.1f}, the parent {carving.parent} gives {limit[n, i]:.1f}.",
            advice="Lower the flow or raise the parent's.",
        )


def _split_inputs(table: WorldTable, carving: Carving, parent: int) -> Array:
    """Give the new sector its part of the parent's inputs, [n, k, j + 1].

    It buys in the parent's proportions; its value-added share is the wished one, as near as
    the parent can give without running out of inputs or value added.
    """
    output, parent_output = carving.flow.sum(axis=0), table.output[:, parent]
    part = np.divide(output, parent_output, out=np.zeros_like(output), where=parent_output > 0)
    parent_inputs = table.use[:, :, parent]
    share = 1 - np.divide(
        parent_inputs.sum(axis=1), parent_output, out=np.ones_like(output), where=parent_output > 0
    )
    safe = np.maximum(part, 1e-300)
    least = 1 - carving.largest_share * (1 - share) / safe
    most = carving.largest_share * share / safe
    value_added = np.clip(carving.value_added_share, least, np.maximum(most, least))
    scale = np.divide(1 - value_added, 1 - share, out=np.ones_like(share), where=share < 1)
    inputs = parent_inputs * (part * scale)[:, None]
    use = np.concatenate([table.use, inputs[:, :, None]], axis=2)
    use[:, :, parent] -= inputs
    return use


def _split_users(table: WorldTable, carving: Carving, parent: int, use: Array) -> Array:
    """Split every buyer's purchases of the parent between it and the new sector.

    First the world's user shares and each region's supply are balanced; then, region by region,
    the two rows are balanced against what each buyer spends on the two together.
    """
    supply = carving.flow.sum(axis=1)
    spending = np.concatenate([use[:, parent], table.final_demand[:, parent, None]], axis=1)
    wished = _wished_users(carving, (*table.sectors, carving.code), spending, supply)
    taken = np.zeros_like(spending)
    for n in np.flatnonzero(supply > 0):
        rest = spending[n].sum() - supply[n]
        allowed = np.append(spending[n, :-1], spending[n, -1] * carving.users.get(FINAL, 0.0))
        # a little of every purchase is open, so that a region short of the named users balances
        prior = np.stack(
            [np.maximum(spending[n] - wished[n], 0.02 * spending[n]), wished[n] + 1e-6 * allowed]
        )
        taken[n] = ras(prior, [rest, supply[n]], spending[n])[1]
    new_row = taken[:, None, :-1]
    split = np.concatenate([use, new_row], axis=1)
    split[:, parent] -= taken[:, :-1]
    return np.asarray(np.maximum(split, 0.0))


def _wished_users(
    carving: Carving, sectors: Sequence[str], spending: Array, supply: Array
) -> Array:
    """Purchases by region and user that keep each region's supply and the world's user shares."""
    names = [*sectors, FINAL]
    unknown = set(carving.users) - set(names)
    if unknown:
        raise BaselineError(f"{carving.code} is used by unknown sector {sorted(unknown)[0]!r}.")
    share = np.array([carving.users.get(name, 0.0) for name in names])
    present = np.where(share > 0, spending, 0.0) * (supply > 0)[:, None]
    # a user that buys nothing of the parent anywhere cannot buy the new sector
    share = np.where(present.sum(axis=0) > 0, share, 0.0)
    total = share / share.sum() * supply.sum()
    return ras(present, supply, total, tolerance=1e-6)


def merge(table: WorldTable, parts: Sequence[str], code: str) -> WorldTable:
    """Sum the sectors `parts` into one sector `code`, appended."""
    merged = {table.sector(part) for part in parts}
    kept = [j for j in range(len(table.sectors)) if j not in merged]
    place = {j: position for position, j in enumerate(kept)}
    group = np.array([place.get(j, len(kept)) for j in range(len(table.sectors))])
    region = np.arange(len(table.regions))
    return WorldTable(
        table.regions,
        (*(table.sectors[j] for j in kept), code),
        summed(table.flow, (region, region, group)),
        summed(table.use, (region, group, group)),
    )


def reorder(table: WorldTable, sectors: Sequence[str]) -> WorldTable:
    """Return the table with its sectors in the given order."""
    order = [table.sector(code) for code in sectors]
    return WorldTable(
        table.regions,
        tuple(sectors),
        np.ascontiguousarray(table.flow[:, :, order]),
        np.ascontiguousarray(table.use[:, order][:, :, order]),
    )
