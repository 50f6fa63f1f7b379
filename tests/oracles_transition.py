"""One month of staggered sourcing and sticky factors, as slow loops and by slow iteration.

Efficiency is kept per supplier here, H[n, i, j]; `sim.model` keeps only its sum over suppliers.
Nothing here imports the solver or the equations of `sim.model`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

import tests.oracles as oracles


@dataclass
class SlowState:
    """What a month inherits: shares and log efficiency by supplier, factor units by sector."""

    lam: np.ndarray
    efficiency: np.ndarray
    units: np.ndarray
    zeta: np.ndarray
    mu: float

    @classmethod
    def baseline(cls, economy, zeta, mu):
        spent = economy.trade_flow * (1 + economy.tariff_rate)
        total = spent.sum(axis=1, keepdims=True)
        lam = np.divide(spent, total, out=np.zeros_like(spent), where=total > 0)
        sectors = len(economy.sectors)
        return cls(
            lam,
            np.zeros(lam.shape),
            np.ones((len(lam), sectors)),
            np.broadcast_to(np.asarray(zeta, dtype=float), (sectors,)),
            mu,
        )


def sourcing(economy, state, delivered_hat):
    """Prices [n, j], shares and efficiencies [n, i, j] of a month."""
    best_price, best_share = oracles.price_and_shares(economy, delivered_hat)
    lam, efficiency = np.zeros(state.lam.shape), np.zeros(state.lam.shape)
    price = np.ones(best_price.shape)
    for n, j in np.ndindex(price.shape):
        zeta, log_price = state.zeta[j], 0.0
        for i in range(lam.shape[1]):
            k = math.log(delivered_hat[n, i, j])
            gain = k - math.log(best_price[n, j])
            lam[n, i, j] = (1 - zeta) * state.lam[n, i, j] + zeta * best_share[n, i, j]
            efficiency[n, i, j] = (1 - zeta) * state.efficiency[n, i, j]
            efficiency[n, i, j] += zeta * best_share[n, i, j] * gain
            log_price += lam[n, i, j] * k - efficiency[n, i, j]
        price[n, j] = math.exp(log_price)
    return price, lam, efficiency


def units(economy, state, wage_hat):
    """Factor units over the baseline, [n, j]."""
    base, new = economy.factor_income, np.ones(wage_hat.shape)
    for n, kappa in enumerate(economy.factor_mobility):
        pool = [
            j for j in range(base.shape[1]) if base[n, j] > 0 and not economy.specific_factor[n, j]
        ]
        if math.isinf(kappa) or not pool:
            continue
        size = sum(base[n, j] for j in pool)
        phi = sum(base[n, j] / size * wage_hat[n, j] ** kappa for j in pool) ** (1 / kappa)
        for j in pool:
            best = (wage_hat[n, j] / phi) ** (kappa - 1)
            new[n, j] = (1 - state.mu) * state.units[n, j] + state.mu * best
    return new


def income_supplied(economy, wage_hat, factor_units):
    """Factor income by sector [n, j]; where kappa is inf only its sum over the pool counts."""
    income = np.zeros(wage_hat.shape)
    for n, j in np.ndindex(income.shape):
        income[n, j] = economy.factor_income[n, j] * wage_hat[n, j] * factor_units[n, j]
    return income


def check_month_by_loops(month, before, tolerance=1e-8):
    """Check every market of a month against loops; return the state for the next month."""
    economy, shock = month.economy, month.shock
    wedge = oracles.wedges(economy, shock, np.log1p(month.shadow_rate))
    cost, factors, inputs = oracles.input_costs(economy, month.wage_hat, month.price_index_hat)
    customs = oracles.customs_price_hat(economy, shock, cost, wedge)
    delivered = customs * (1 + wedge.tariff_rate) / (1 + economy.tariff_rate)
    price, lam, efficiency = sourcing(economy, before, delivered)
    np.testing.assert_allclose(month.price_index_hat, price, rtol=tolerance)
    np.testing.assert_allclose(month.trade_share_cf, lam, rtol=30 * tolerance, atol=1e-10)
    close = {"rtol": tolerance, "atol": tolerance * economy.factor_income.sum() * 1e-3}
    flow, output = np.zeros(lam.shape), np.zeros(price.shape)
    tariff, tax = np.zeros(len(price)), np.zeros(len(price))
    for n, i, j in np.ndindex(lam.shape):
        flow[n, i, j] = lam[n, i, j] * month.expenditure_cf[n, j] / (1 + wedge.tariff_rate[n, i, j])
        factory = flow[n, i, j] / (1 + wedge.export_tax_rate[n, i, j])
        output[i, j] += factory
        tariff[n] += wedge.tariff_rate[n, i, j] * flow[n, i, j]
        tax[i] += wedge.export_tax_rate[n, i, j] * factory
    np.testing.assert_allclose(month.trade_flow_cf, flow, **close)
    np.testing.assert_allclose(month.gross_output_cf, output, **close)
    traded = economy.trade_flow > 0
    quantity = flow[traded] / economy.trade_flow[traded] / customs[traded]
    np.testing.assert_allclose(month.quantity_hat[traded], quantity, rtol=30 * tolerance)
    income = (factors * output).sum(axis=1) + tariff + tax + oracles.deficit(economy, shock)
    np.testing.assert_allclose(month.income_cf, income, **close)
    bought = np.einsum("nkj,nj->nk", inputs, output)
    spending = economy.consumption_share * income[:, None] + bought
    np.testing.assert_allclose(month.expenditure_cf, spending, **close)
    new_units = units(economy, before, month.wage_hat)
    supply = income_supplied(economy, month.wage_hat, new_units)
    one_wage = np.isinf(economy.factor_mobility)[:, None] & ~economy.specific_factor
    for n in range(len(price)):
        pool = one_wage[n]
        demand = factors[n] * output[n]
        np.testing.assert_allclose(demand[pool].sum(), supply[n, pool].sum(), **close)
        np.testing.assert_allclose(demand[~pool], supply[n, ~pool], **close)
    return SlowState(lam, efficiency, new_units, before.zeta, before.mu)


class SlowMonth(oracles.NestedSolver):
    """The pedestrian solver of `oracles`, for one month."""

    def __init__(self, economy, shock, state):
        super().__init__(economy, shock)
        self.state = state
        self.last_wage = np.ones_like(self.base)

    def prices(self, wage_hat, wedge):
        """Iterate prices to a fixed point at given wages; returns costs and shares."""
        economy, market = self.economy, self.state.lam.sum(axis=1) > 0
        wall = oracles.customs_price_hat(economy, self.shock, np.ones_like(self.price_hat), wedge)
        wall = wall * (1 + wedge.tariff_rate) / (1 + economy.tariff_rate)
        for _ in range(5000):
            cost, factors, inputs = self._costs(wage_hat)
            price, lam, _ = sourcing(economy, self.state, wall * cost[None])
            new = np.where(market, price, 1.0)
            gap = np.abs(np.log(new / self.price_hat)).max()
            self.price_hat = new
            if gap < 1e-13:
                break
        self.last_wage = wage_hat
        return cost, factors, inputs, lam

    def supplied_income(self, wage_hat):
        """Total factor income of each country at these wages, [n]."""
        new = units(self.economy, self.state, wage_hat)
        return income_supplied(self.economy, wage_hat, new).sum(axis=1)

    def wages_earned(self, demand):
        """Wages that clear each sector with the units of the last wages."""
        new = units(self.economy, self.state, self.last_wage)
        earned = np.divide(demand, self.base * new, out=np.ones_like(demand), where=self.base > 0)
        pooled = np.isinf(self.economy.factor_mobility)[:, None] & self.pool
        mean = np.divide(
            (demand * self.pool).sum(axis=1, keepdims=True),
            self.pool_income,
            out=np.ones_like(self.pool_income),
            where=self.pool_income > 0,
        )
        return np.where(pooled & (self.base > 0), mean, earned)
