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

from sim.model.arrays import Array
from sim.model.economy import Economy

INCOME_PASS_THROUGH = 0.9
"""Part of own factor income that counts as spent; 1 would make a closed economy singular."""

LARGEST_STEP = 1e4
"""A block whose inverse exceeds this is no use; its country keeps plain steps."""

Blocks = NDArray[np.float32]

_KNOWN: WeakKeyDictionary[Economy, Blocks] = WeakKeyDictionary()


def step_blocks(economy: Economy) -> Blocks:
    """Return minus the inverse Jacobian of each country, [n, 3j, 3j], worked out once."""
    if economy not in _KNOWN:
        _KNOWN[economy] = _inverted(-_jacobian(economy))
    return _KNOWN[economy]


def _jacobian(economy: Economy) -> Array:
    """Derivatives of the gaps of (log wage, log price, log spending), [n, 3j, 3j]."""
    n, s = len(economy.importers), len(economy.sectors)
    unit = np.eye(s)
    home_share = np.einsum("nnj->nj", economy.trade_share)
    output = np.maximum(economy.gross_output, 1e-300)
    factory = economy.trade_flow / (1.0 + economy.export_tax_rate)
    own = (factory / output * economy.trade_share).sum(axis=0)
    # Output falls with own cost at theta * (1 - own) and follows home spending by its share.
    fall = -economy.trade_elasticity * np.clip(1.0 - own, 0.0, 1.0)
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
    jacobian[:, :s] = _wage_by_output(economy) @ output_by
    jacobian[:, s : 2 * s, :s] = home_share[:, :, None] * cost_by_wage
    jacobian[:, s : 2 * s, s : 2 * s] = home_share[:, :, None] * cost_by_price
    jacobian[:, 2 * s :] = _spending_by_output(economy) @ output_by
    return np.asarray(jacobian - np.eye(3 * s))


def _wage_by_output(economy: Economy) -> Array:
    """How the wage that clears sector j follows the output of sector k, [n, j, k]."""
    unit = np.eye(len(economy.sectors))
    pool = np.where(economy.specific_factor, 0.0, economy.factor_income)
    share = pool / np.maximum(pool.sum(axis=1, keepdims=True), 1e-300)
    kappa = economy.factor_mobility[:, None, None]
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
