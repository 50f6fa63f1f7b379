"""Each country's own Jacobian at the baseline, inverted: it turns gaps into steps.

Most of what slows a joint fixed point is at home: prices feed prices through domestic inputs, wages
move demand, demand moves wages.  Linearise log wage, log price and log expenditure of one country
with the rest of the world held still, invert that 3j x 3j block, and the passes left to Anderson
acceleration are a third of what they were.  Only the path to the answer depends on it, never the
answer, so single precision and a rounded income effect do.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from sim.model.arrays import Array, sector_first
from sim.model.demand.interface import OwnCostSlope
from sim.model.economy import Economy
from sim.model.solve.layout import Layout

INCOME_PASS_THROUGH = 0.9
"""Part of own factor income that counts as spent; 1 would make a closed economy singular."""

LARGEST_STEP = 1e4
"""A block whose inverse exceeds this is of no use; its country keeps plain steps."""

MAX_PACES = 4
"""Paces of a path whose blocks are kept: a slider would otherwise fill the memory."""

Blocks = NDArray[np.float32]

_KNOWN: WeakKeyDictionary[Economy, dict[tuple[bytes, bytes], Blocks]] = WeakKeyDictionary()


def step_blocks(economy: Economy, slope: OwnCostSlope, mobility: Array) -> Blocks:
    """Return minus the inverse Jacobian of each country, [n, 3j, 3j], worked out once.

    Parameters
    ----------
    slope
        Own-cost slopes of the demand system at the baseline; within a month only a part of the
        goods respond.
    mobility
        kappa as small changes see it, [n]; within a month only a part of the factors respond.
    """
    known = _KNOWN.setdefault(economy, {})
    key = (slope.elasticity.tobytes(), mobility.tobytes())
    if key not in known:
        if len(known) > MAX_PACES:
            known.pop(next(iter(known)))
        known[key] = _inverted(-_jacobian(economy, slope, mobility))
    return known[key]


def wage_weight_of_gap(layout: Layout, mobility: Array) -> Array:
    """How far a factor market is from clearing where the log wage is 1 off, [j, n]."""
    elasticity = np.where(np.isinf(mobility), 1.0, mobility)
    weight = np.where(layout.specific, 1.0, np.broadcast_to(elasticity, layout.specific.shape))
    return np.where(layout.has_factor, weight, 0.0)


def wage_slope(layout: Layout, slope: OwnCostSlope, mobility: Array) -> Array:
    """How fast the wage that clears a sector falls with its wage, [j, n]."""
    sales = layout.factory / np.maximum(layout.factory.sum(axis=1, keepdims=True), 1e-300)
    own = (sales * sector_first(slope.index_weight)).sum(axis=1)
    fall = slope.elasticity[:, None] * layout.value_added_share * np.clip(1.0 - own, 0.0, 1.0)
    weight = layout.pool / np.where(layout.pool_total > 0, layout.pool_total, 1.0)
    average = (weight * fall).sum(axis=0)
    inverse = np.where(np.isinf(mobility), 0.0, 1.0 / mobility)
    mobile = fall * inverse + (1.0 - inverse) * average
    return np.asarray(np.where(layout.specific, fall, mobile))


def _jacobian(economy: Economy, slope: OwnCostSlope, mobility: Array) -> Array:
    """Derivatives of the gaps of (log wage, log price, log spending), [n, 3j, 3j]."""
    n, s = len(economy.importers), len(economy.sectors)
    unit = np.eye(s)
    home_share = np.einsum("nnj->nj", economy.trade_share)
    output = np.maximum(economy.gross_output, 1e-300)
    factory = economy.trade_flow / (1.0 + economy.export_tax_rate)
    own = (factory / output * slope.index_weight).sum(axis=0)
    # Output falls with own cost as its flows do, and follows home spending by its share.
    fall = -slope.elasticity * np.clip(1.0 - own, 0.0, 1.0)
    home_sales = np.einsum("nnj->nj", factory) / output
    cost_by_wage = economy.value_added_share[:, :, None] * unit
    cost_by_price = np.swapaxes(economy.input_share, 1, 2)
    output_by = np.concatenate(
        [
            fall[:, :, None] * cost_by_wage,
            fall[:, :, None] * cost_by_price,
            home_sales[:, :, None] * unit,
        ],
        axis=2,
    )
    jacobian = np.zeros((n, 3 * s, 3 * s))
    jacobian[:, :s] = _wage_by_output(economy, mobility) @ output_by
    jacobian[:, s : 2 * s, :s] = home_share[:, :, None] * cost_by_wage
    jacobian[:, s : 2 * s, s : 2 * s] = home_share[:, :, None] * cost_by_price
    jacobian[:, 2 * s :] = _spending_by_output(economy) @ output_by
    return np.asarray(jacobian - np.eye(3 * s))


def _wage_by_output(economy: Economy, mobility: Array) -> Array:
    """How the wage that clears sector j follows the output of sector k, [n, j, k]."""
    unit = np.eye(len(economy.sectors))
    pool = np.where(economy.specific_factor, 0.0, economy.factor_income)
    share = pool / np.maximum(pool.sum(axis=1, keepdims=True), 1e-300)
    kappa = mobility[:, None, None]
    inverse = np.where(np.isinf(kappa), 0.0, 1.0 / kappa)
    mobile = inverse * unit + (1.0 - inverse) * share[:, None, :]
    return np.where(economy.specific_factor[:, :, None], unit, mobile)


def _spending_by_output(economy: Economy) -> Array:
    """How spending on j follows the output of k, through inputs and income, [n, j, k]."""
    income = INCOME_PASS_THROUGH * economy.consumption_share[:, :, None]
    income = income * economy.factor_income[:, None, :]
    inputs = economy.input_share * economy.gross_output[:, None, :]
    spending = np.where(economy.expenditure > 0, economy.expenditure, np.inf)
    return np.asarray((inputs + income) / spending[:, :, None])


def _inverted(blocks: Array) -> Blocks:
    plain = np.eye(blocks.shape[1])
    try:
        inverse = np.linalg.inv(blocks)
    except np.linalg.LinAlgError:
        return np.broadcast_to(plain, blocks.shape).astype(np.float32)
    useful = np.abs(inverse).max(axis=(1, 2)) < LARGEST_STEP
    return np.where(useful[:, None, None], inverse, plain).astype(np.float32)
