"""The equilibrium in exact hats: Caliendo and Parro (2015) with four extensions, one function each.

Axes and names: see `sim.model`.  Equation numbers (10)-(13) are those of Caliendo and Parro; prices
and trade shares, (11) and (12), are those of a demand system (`sim.model.demand`).  These functions
are written to be read; `sim.model.solve.system` evaluates the same equations in the layout that is
fast inside a solve, and the residual of every answer is taken from here.
"""

from __future__ import annotations

import numpy as np

from sim.model.arrays import Array
from sim.model.economy import Economy
from sim.model.shock import Shock


def input_cost(economy: Economy, wage_hat: Array, price_hat: Array) -> tuple[Array, Array, Array]:
    """Return the cost of the input bundle, eq. (10), and the cost shares that go with it.

    Cobb-Douglas in the factor and the ordinary inputs; each critical input k (its
    ``input_elasticity`` e is not 1) joins the rest in a CES nest,
    c = [(1-u) c^(1-e) + u P_k^(1-e)]^(1/(1-e)), in the order of the sectors.

    Returns
    -------
    input_cost_hat [n, j], input_share_cf [n, k, j], value_added_share_cf [n, j]
    """
    critical = np.flatnonzero(economy.input_elasticity != 1.0)
    ordinary = np.array(economy.input_share)
    ordinary[:, critical, :] = 0.0
    weight = economy.value_added_share + ordinary.sum(axis=1)
    log_rest = economy.value_added_share * np.log(wage_hat)
    log_rest += np.einsum("nkj,nk->nj", ordinary, np.log(price_hat))
    cost = np.exp(np.divide(log_rest, weight, out=np.zeros_like(weight), where=weight > 0))
    input_share = np.array(economy.input_share)
    value_added_share = np.array(economy.value_added_share)
    for k in critical.tolist():
        cost, weight, own, others = _join(economy, k, cost, weight, price_hat[:, k])
        earlier = np.arange(len(economy.sectors)) != k
        later = critical[critical > k]
        earlier[later] = False
        input_share[:, earlier, :] *= others[:, None, :]
        value_added_share *= others
        input_share[:, k, :] *= own
    return cost, input_share, value_added_share


def _join(
    economy: Economy, k: int, cost: Array, weight: Array, price_hat: Array
) -> tuple[Array, Array, Array, Array]:
    """Nest critical input k with the bundle so far: cost, weight and the two share multipliers."""
    power = 1.0 - economy.input_elasticity[k]
    share = economy.input_share[:, k, :]
    total = weight + share
    inside = np.divide(share, total, out=np.zeros_like(total), where=total > 0)
    joined = (1.0 - inside) * cost**power + inside * price_hat[:, None] ** power
    joined = joined ** (1.0 / power)
    own = (price_hat[:, None] / joined) ** power
    return joined, total, own, (cost / joined) ** power


def factor_pool_hat(economy: Economy, wage_hat: Array) -> Array:
    """Phi_hat: average return of the factors that can move, [n] (Galle, Rodriguez-Clare, Yi 2023).

    Phi_hat = (sum_j r w_hat^kappa)^(1/kappa) over the sectors without specific factors.
    """
    pool = np.where(economy.specific_factor, 0.0, economy.factor_income)
    total = pool.sum(axis=1)
    share = np.divide(pool, total[:, None], out=np.zeros_like(pool), where=total[:, None] > 0)
    kappa = np.where(np.isinf(economy.factor_mobility), 1.0, economy.factor_mobility)
    power = np.sum(share * wage_hat ** kappa[:, None], axis=1) ** (1.0 / kappa)
    return np.asarray(np.where(total > 0, power, 1.0))


def factor_supply(economy: Economy, wage_hat: Array) -> Array:
    """Factor income by sector, base * w^kappa * Phi^(1-kappa), [n, j]; base * w where specific.

    Where kappa is inf supply is whatever is demanded at the one wage; the total then counts,
    so this returns base * Phi spread by baseline shares, to be summed.
    """
    pool = factor_pool_hat(economy, wage_hat)[:, None]
    kappa = np.where(np.isinf(economy.factor_mobility), 1.0, economy.factor_mobility)[:, None]
    mobile = wage_hat**kappa * pool ** (1.0 - kappa)
    return np.asarray(economy.factor_income * np.where(economy.specific_factor, wage_hat, mobile))


def trade_deficit_cf(economy: Economy, shock: Shock) -> Array:
    """Counterfactual deficits, [n]; by default fixed shares of world factor income."""
    if shock.trade_deficit_cf is None:
        return economy.trade_deficit
    if isinstance(shock.trade_deficit_cf, str):
        return np.zeros(len(economy.importers))
    return shock.trade_deficit_cf


def expenditure_cf(
    economy: Economy, income: Array, input_share: Array, gross_output: Array
) -> Array:
    """Final demand plus inputs bought, eq. (13), [n, j]."""
    bought = np.einsum("nkj,nj->nk", input_share, gross_output)
    return np.asarray(economy.consumption_share * income[:, None] + bought)


def consumer_price_hat(economy: Economy, price_hat: Array) -> Array:
    """Price index of final demand, prod_j P^alpha, [n]."""
    return np.asarray(np.exp((economy.consumption_share * np.log(price_hat)).sum(axis=1)))
