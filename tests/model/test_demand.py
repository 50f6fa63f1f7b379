"""Demand systems: both forms agree, and own-cost slopes are the derivatives that they claim."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.model import solve_path
from sim.model.arrays import sector_first
from sim.model.demand import demand_system
from sim.model.demand.interface import Flows, LaidOutPolicy, ShadowWedges
from sim.model.inherited import Inherited
from tests.strategies import SEEDS, build_economy, build_shock


@st.composite
def systems(draw):
    """An economy and a demand system on it, static or of a month in the middle of a path."""
    seed = draw(SEEDS)
    nested, zero_share = draw(st.booleans()), draw(st.sampled_from([0.0, 0.3]))
    economy = build_economy(
        seed=seed, countries=3, sectors=2, mobility=1.5, nested=nested, zero_share=zero_share
    )
    if not draw(st.booleans()):
        return economy, None
    path = solve_path(economy, [build_shock(economy, seed=seed)], resourcing=[0.2, 0.9])
    return economy, path.states[-1]


def costs_of(economy, seed):
    random = np.random.default_rng(seed)
    cost = np.exp(random.normal(0, 0.3, economy.gross_output.shape))
    return cost, np.exp(random.normal(0, 0.2, economy.trade_flow.shape))


def policy_of(economy, trade_cost, chosen=None):
    return LaidOutPolicy(
        trade_cost_hat=trade_cost,
        inverse_tariff=sector_first(1 / (1 + economy.tariff_rate)),
        inverse_export=sector_first(1 / (1 + economy.export_tax_rate)),
        has_export_tax=True,
        chosen=chosen,
    )


@settings(max_examples=30)
@given(systems(), SEEDS)
def test_the_fast_form_equals_the_readable_one(system, seed):
    economy, inherited = system
    demand = demand_system(economy, inherited)
    cost, trade_cost = costs_of(economy, seed)
    price, share = demand.sourcing(cost, trade_cost)
    spending = economy.expenditure
    trade = demand.laid_out(policy_of(economy, trade_cost)).trade(np.log(cost).T, spending.T)
    flow = share * spending[:, None, :] / (1 + economy.tariff_rate)
    factory = flow / (1 + economy.export_tax_rate)
    market = spending > 0
    np.testing.assert_allclose(np.exp(trade.log_price.T)[market], price[market], rtol=1e-11)
    np.testing.assert_allclose(trade.bought.T, flow.sum(axis=1), rtol=1e-11)
    np.testing.assert_allclose(trade.sold.T, flow.sum(axis=0), rtol=1e-11)
    np.testing.assert_allclose(trade.output.T, factory.sum(axis=0), rtol=1e-11)
    assert trade.chosen is None


def foreign_flows(economy):
    """All flows between different countries, as positions in [j, n, i]."""
    flows = sector_first(economy.trade_flow) > 0
    flows &= ~np.eye(len(economy.importers), dtype=bool)
    return Flows(*np.nonzero(flows))


@settings(max_examples=30)
@given(systems(), SEEDS)
def test_the_slope_of_chosen_flows_is_the_derivative_of_their_value(system, seed):
    """At any costs; and where the costs of two flows move together, their index weights add up."""
    economy, inherited = system
    demand = demand_system(economy, inherited)
    cost, trade_cost = costs_of(economy, seed)
    chosen = foreign_flows(economy)
    j, n, i = chosen
    response = (
        laid_out(demand, economy, trade_cost, chosen)
        .trade(np.log(cost).T, economy.expenditure.T)
        .chosen
    )
    _, share = demand.sourcing(cost, trade_cost)
    value = share * economy.expenditure[:, None, :]
    value = value / (1 + economy.tariff_rate) / (1 + economy.export_tax_rate)
    np.testing.assert_allclose(response.value, value[n, i, j], rtol=1e-11)
    slope = response.elasticity * (1 - response.index_weight)
    for f in range(len(j)):
        step = shares_after(demand, cost, trade_cost, [(n[f], i[f], j[f])])
        np.testing.assert_allclose(slope[f], step[n[f], i[f], j[f]], rtol=1e-5, atol=1e-7)
    pair = [f for f in range(len(j)) if (n[f], j[f]) == (n[0], j[0])]
    joint = response.elasticity[pair] * (1 - response.index_weight[pair].sum())
    step = shares_after(demand, cost, trade_cost, [(n[f], i[f], j[f]) for f in pair])
    np.testing.assert_allclose(joint, step[n[pair], i[pair], j[pair]], rtol=1e-5, atol=1e-7)


def laid_out(demand, economy, trade_cost, chosen):
    """Lay a system out without shadow wedges."""
    fast = demand.laid_out(policy_of(economy, trade_cost, chosen))
    customs = 1 / (1 + sector_first(economy.tariff_rate)[chosen])
    factory = customs / (1 + sector_first(economy.export_tax_rate)[chosen])
    zero = np.zeros(len(chosen.sector))
    fast.apply(ShadowWedges(cap_log=zero, floor_log=zero, customs=customs, factory=factory))
    return fast


def shares_after(demand, cost, trade_cost, flows, step=1e-5):
    """Minus the derivative of log shares when the costs of `flows` move together."""
    moved = []
    for sign in (1, -1):
        changed = trade_cost.copy()
        for flow in flows:
            changed[flow] *= np.exp(sign * step)
        moved.append(np.log(np.maximum(demand.sourcing(cost, changed)[1], 1e-300)))
    return -(moved[0] - moved[1]) / (2 * step)


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("zeta", [None, 0.3, 1.0])
def test_the_baseline_slope_is_the_derivative_at_the_baseline(zeta, nested):
    """Own sales too: they size the steps of a solve."""
    economy = build_economy(seed=4, countries=3, sectors=2, mobility=1.5, nested=nested)
    inherited = None
    if zeta is not None:
        inherited = Inherited.baseline(economy, np.full(2, zeta), reallocation=0.1)
    demand = demand_system(economy, inherited)
    slope = demand.baseline_slope()
    wanted = slope.elasticity * (1 - slope.index_weight)
    ones = np.ones(economy.trade_flow.shape)
    for flow in zip(*np.nonzero(economy.trade_flow), strict=True):
        step = shares_after(demand, ones[0], ones, [flow])
        np.testing.assert_allclose(wanted[flow], step[flow], rtol=1e-6, atol=1e-8)
