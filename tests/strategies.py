"""Random economies and shocks for hypothesis.

Hypothesis chooses sizes, features and a seed; numpy fills the arrays.  Examples then shrink in
size and features, and drawing stays far cheaper than drawing every number.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import reject
from hypothesis import strategies as st

from sim.errors import NotConverged
from sim.model import Economy, Equilibrium, QuantityTarget, Shock, solve
from tests.oracles import wedges

MOBILITIES = (1.0, 1.5, 3.0, math.inf)
WALL = 2.0
INPUT_LIMIT = 0.8
"""Largest part of spending on a sector that inputs may take: the rest is final demand."""


def names(letter, size):
    return tuple(f"{letter}{number}" for number in range(size))


def random_flow(random, countries, sectors, zero_share):
    """Customs values with home bias; some flows, and a country's whole supply of a good, are zero.

    A ring of trade in the first sector always exists: a country that sells but cannot buy has no
    equilibrium once trade must balance.
    """
    flow = np.exp(random.normal(0, 1, (countries, countries, sectors)))
    size = np.exp(random.normal(0, 0.5, countries))
    flow *= size[:, None, None] * size[None, :, None]
    flow[random.random(flow.shape) < zero_share] = 0.0
    for n in range(countries):
        flow[n, n] = size[n] ** 2 * np.exp(random.normal(1.5, 0.5, sectors))
        buyer = (n + 1) % countries
        flow[buyer, n, 0] = size[n] * size[buyer] * np.exp(random.normal(0, 0.5))
    if zero_share > 0 and sectors > 1:
        gone = random.random((countries, sectors)) < zero_share / 4
        gone[:, 0] = False
        flow[:, gone] = 0.0
    abroad = ~np.eye(countries, dtype=bool)[:, :, None]
    for _ in range(20):  # deficits far above a tenth of income would not survive larger shocks
        trade = np.where(abroad, flow, 0.0)
        ratio = trade.sum(axis=(1, 2)) / trade.sum(axis=(0, 2))
        flow = np.where(abroad, flow * np.sqrt(ratio)[None, :, None], flow)
    return flow * np.exp(abroad * random.normal(0, 0.1, countries)[None, :, None])


def random_inputs(random, flow, tariff, export_tax, critical, *, inputs=True):
    """Cost shares that leave factors at least a fifth and final demand something everywhere."""
    countries, _, sectors = flow.shape
    if not inputs:
        return np.zeros((countries, sectors, sectors))
    weight = random.dirichlet(np.ones(sectors + 1), (countries, sectors)).swapaxes(1, 2)
    share = 0.8 * weight[:, :-1]
    for k in critical:
        share[:, k] *= 0.25
    spent = (flow * (1 + tariff)).sum(axis=1)
    bought = np.einsum("nkj,nj->nk", share, (flow / (1 + export_tax)).sum(axis=0))
    limit = np.divide(
        INPUT_LIMIT * spent, bought, out=np.zeros_like(spent), where=(bought > 0) & (spent > 0)
    )
    return share * np.minimum(limit, 1.0)[:, :, None]


def random_macro(random, micro):
    """Elasticities of home against foreign below the others; in some sectors, not all, the same."""
    part = random.uniform(0.1, 0.9, len(micro))
    part[1:][random.random(len(micro) - 1) < 0.3] = 1.0
    return part * micro


def build_economy(
    *,
    seed,
    countries,
    sectors,
    mobility=math.inf,
    zero_share=0.0,
    tariffs=True,
    export_taxes=False,
    critical=0,
    specific=False,
    inputs=True,
    theta=(1.0, 9.0),
    balanced=False,
    nested=False,
):
    """One economy; same arguments, same economy."""
    random = np.random.default_rng(seed)
    shape = (countries, countries, sectors)
    flow = random_flow(random, countries, sectors, zero_share)
    if balanced:
        flow = (flow + flow.swapaxes(0, 1)) / 2
    abroad = ~np.eye(countries, dtype=bool)[:, :, None]
    tariff = np.where(abroad, random.uniform(0, 0.3, shape), 0.0) if tariffs else np.zeros(shape)
    tax = np.where(abroad, random.uniform(0, 0.15, shape), 0.0) if export_taxes else np.zeros(shape)
    nested_inputs = list(range(min(critical, sectors)))
    elasticity = np.ones(sectors)
    elasticity[nested_inputs] = random.choice([0.15, 0.5, 2.0], len(nested_inputs))
    fixed = random.random((countries, sectors)) < 0.3
    share = random_inputs(random, flow, tariff, tax, nested_inputs, inputs=inputs)
    micro = np.exp(random.uniform(*np.log(theta), sectors))
    return Economy.calibrate(
        importers=names("C", countries),
        sectors=names("S", sectors),
        trade_flow=flow,
        tariff_rate=tariff,
        input_share=share,
        trade_elasticity=micro,
        factor_mobility=mobility,
        input_elasticity=elasticity,
        export_tax_rate=tax,
        specific_factor=fixed if specific else None,
        macro_elasticity=random_macro(random, micro) if nested else None,
    )


SEEDS = st.integers(0, 2**32 - 1)


@st.composite
def economies(draw, **fixed):
    """Economies of 2-5 countries and 1-4 sectors; `fixed` pins arguments of `build_economy`."""
    features = {
        "seed": SEEDS,
        "countries": st.integers(2, 5),
        "sectors": st.integers(1, 4),
        "mobility": st.sampled_from(MOBILITIES),
        "zero_share": st.sampled_from([0.0, 0.3]),
        "tariffs": st.booleans(),
        "export_taxes": st.booleans(),
        "critical": st.integers(0, 2),
        "specific": st.booleans(),
        "inputs": st.booleans(),
        "nested": st.booleans(),
    }
    return build_economy(
        **{name: fixed.get(name) if name in fixed else draw(features[name]) for name in features},
        **{name: value for name, value in fixed.items() if name not in features},
    )


def build_shock(
    economy,
    *,
    seed,
    tariff_limit=0.0,
    iceberg=False,
    productivity=False,
    deficits="fixed",
    taxes=False,
):
    """One shock without targets; same arguments, same shock.

    Behind walls of 1000 % trade must balance: a surplus that no longer fits through the wall would
    leave its country less than nothing to spend, and there is no equilibrium to find.
    """
    if tariff_limit > WALL:
        deficits = "balanced"
    random = np.random.default_rng(seed)
    shape = economy.trade_flow.shape
    abroad = ~np.eye(shape[0], dtype=bool)[:, :, None]
    hit = abroad & (random.random(shape) < 0.5)
    tariff = np.where(hit, random.uniform(0, tariff_limit, shape), economy.tariff_rate)
    tax = np.where(hit, random.uniform(0, 0.3, shape), economy.export_tax_rate)
    deficit = None
    if deficits == "balanced":
        deficit = "balanced"
    elif deficits == "given":
        deficit = economy.trade_deficit * random.uniform(0.3, 1.1)
    return Shock(
        tariff_rate_cf=tariff if tariff_limit > 0 else None,
        iceberg_hat=np.exp(abroad * random.normal(0, 0.2, shape)) if iceberg else None,
        export_tax_rate_cf=tax if taxes else None,
        productivity_hat=np.exp(random.normal(0, 0.1, shape[1:])) if productivity else None,
        trade_deficit_cf=deficit,
    )


@st.composite
def shocks(draw, economy, **fixed):
    """Shocks to `economy`: tariffs of 0-1000 %, icebergs, productivity, export taxes, deficits."""
    features = {
        "seed": SEEDS,
        "tariff_limit": st.sampled_from([0.0, 0.25, 1.5, 10.0]),
        "iceberg": st.booleans(),
        "productivity": st.booleans(),
        "deficits": st.sampled_from(["fixed", "balanced", "given"]),
        "taxes": st.booleans(),
    }
    return build_shock(
        economy,
        **{name: fixed[name] if name in fixed else draw(features[name]) for name in features},
    )


@st.composite
def cases(draw, economy=None, shock=None):
    """An economy and a shock to it."""
    world = draw(economies(**(economy or {})))
    return world, draw(shocks(world, **(shock or {})))


def traded(economy):
    """Cross-border flows that exist, as (n, i, j)."""
    flow = economy.trade_flow * (1 - np.eye(len(economy.importers)))[:, :, None]
    return [tuple(int(x) for x in cell) for cell in np.argwhere(flow > 0)]


def target_on(economy, cell, kind, quantity_hat, rent_share=1.0):
    """A target on one flow (n, i, j)."""
    n, i, j = cell
    return QuantityTarget(
        (economy.importers[n],),
        (economy.importers[i],),
        (economy.sectors[j],),
        kind,
        quantity_hat,
        rent_share,
    )


@dataclass(frozen=True)
class Attainable:
    """Targets that some equilibrium meets, the log wedges that meet them, and that equilibrium."""

    economy: Economy
    targets: tuple[QuantityTarget, ...]
    shadow_log: tuple[float, ...]
    answer: Equilibrium


@st.composite
def attainable(draw, limit=3, **fixed):
    """Targets on up to `limit` flows, made backwards.

    Wedges are drawn, put into the economy as taxes, waste and subsidies, and the quantities that
    follow become the targets (with some room where the wedge is zero).  Targets drawn outright
    are often beyond reach: the subsidy that a floor takes can exceed all income.
    """
    economy = draw(economies(**fixed))
    cells = draw(
        st.lists(st.sampled_from(traded(economy)), min_size=1, max_size=limit, unique=True)
    )
    loose, shadow = [], []
    for cell in cells:
        kind = draw(st.sampled_from(["cap", "floor"]))
        rent_share = draw(st.sampled_from([0.0, 0.4, 1.0]))
        shadow.append(draw(st.sampled_from([0.0, 0.05, 0.3, 1.5 if kind == "cap" else 0.5])))
        loose.append(target_on(economy, cell, kind, 1.0, rent_share))
    wedge = wedges(economy, Shock(targets=tuple(loose)), shadow)
    explicit = Shock(
        tariff_rate_cf=wedge.tariff_rate,
        export_tax_rate_cf=wedge.export_tax_rate,
        iceberg_hat=wedge.waste_factor,
    )
    try:
        answer = solve(economy, explicit, tolerance=1e-11)
    except NotConverged:  # subsidies on several flows can still eat a small country
        reject()
    room = {"cap": 1.1, "floor": 0.9}
    made = [
        replace(
            target,
            quantity_hat=float(answer.quantity_hat[cell]) * (1.0 if psi else room[target.kind]),
        )
        for target, cell, psi in zip(loose, cells, shadow, strict=True)
    ]
    return Attainable(economy, tuple(made), tuple(shadow), answer)


def draw_targets(draw, economy):
    """Some targets that no one need ever meet: for equations, not for solves."""
    cells = draw(st.lists(st.sampled_from(traded(economy)), min_size=1, max_size=3, unique=True))
    kinds = st.sampled_from(["cap", "floor"])
    shares = st.sampled_from([0.0, 0.4, 1.0])
    return tuple(target_on(economy, cell, draw(kinds), 1.0, draw(shares)) for cell in cells)
