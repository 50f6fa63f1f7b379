"""The elasticity of trade after a month, a year and ten years, beside the literature.

Elasticity of the customs value (without duty) of imports to one plus the tariff, h months of
loading after it: minus the change in logs over that of 1 + t.

``goods by goods``: a duty on one sector's goods from a small supplier, costs and price indices as
they were: 1 + theta_j (1 - (1 - zeta_j)^h), a mean over sectors with US imports from China as
weights.  That is what estimates with fixed effects by product measure.  It has no M in it: with two
tiers of demand theta is the elasticity between foreign origins (`sector_elasticity`).

``all at once``: a duty of one percent on all goods from China, solved in the path.  China is
large, so that it moves the price indices that buyers compare with, and what Americans earn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.baseline.defaults import ELASTICITIES
from sim.baseline.entry import load_baseline
from sim.baseline.load import elasticity_sets
from sim.engine.pace import Pace, read_pace
from sim.model import Economy, Shock, solve_path

Array = NDArray[np.float64]

HORIZONS = (1, 3, 6, 12, 24, 60, 120)
"""Months."""

STEP = 0.01
"""Rise of one plus the tariff."""

SOLVED = (ELASTICITIES, "uniform4")
"""Sets that are solved all at once too."""


@dataclass(frozen=True)
class LiteratureElasticity:
    """An elasticity of the literature, negative as it is written there, with its grade."""

    study: str
    horizon: str
    value: tuple[float, float]
    """Least and most negative."""
    grade: str
    what: str


LITERATURE = (
    LiteratureElasticity(
        study="Boehm, Levchenko and Pandalai-Nayar 2023",
        horizon="year 1",
        value=(-0.76, -0.76),
        grade="B",
        what="the value without duty after small changes of most-favoured-nation tariffs",
    ),
    LiteratureElasticity(
        study="Boehm, Levchenko and Pandalai-Nayar 2023",
        horizon="7 to 10 years",
        value=(-1.75, -2.25),
        grade="B",
        what="the same in the long run",
    ),
    LiteratureElasticity(
        study="Fajgelbaum and others 2020",
        horizon="months of 2018",
        value=(-3.0, -3.0),
        grade="X",
        what="targeted imports fell by 31.7 % (grade M) as tariffs rose from 2.6 to 16.6 %",
    ),
    LiteratureElasticity(
        study="What happened, imports from China",
        horizon="third quarter of 2025",
        value=(-2.1, -2.1),
        grade="X",
        what="imports fell by 39.4 % as the tariff rose from 11.8 to 42.1 %, stocks run down",
    ),
    LiteratureElasticity(
        study="Simonovska and Waugh 2014",
        horizon="long run",
        value=(-5.0, -5.0),
        grade="B",
        what="theta of 4 in a model such as this, and one more for the value without duty",
    ),
)


@dataclass(frozen=True)
class ByHorizon:
    """Elasticities of one set, positive, [horizon]."""

    elasticities: str
    horizons: tuple[int, ...]
    goods_by_goods: tuple[float, ...]
    all_at_once: tuple[float, ...] | None
    """None where it was not solved."""


def elasticity_tables(
    *,
    sets: Sequence[str] | None = None,
    solved: Sequence[str] = SOLVED,
    pace: Pace | None = None,
) -> tuple[ByHorizon, ...]:
    """Work out the elasticity by horizon for each set of trade elasticities."""
    chosen = pace or read_pace()
    tables = []
    for name in elasticity_sets() if sets is None else sets:
        economy = load_baseline(name)
        rate = np.array(chosen.resourcing_by(economy.sectors))
        all_at_once = at_once(economy, chosen, max(HORIZONS)) if name in solved else None
        tables.append(
            ByHorizon(
                name,
                HORIZONS,
                tuple(mean_elasticity(economy, rate, months) for months in HORIZONS),
                None
                if all_at_once is None
                else tuple(float(all_at_once[months - 1]) for months in HORIZONS),
            )
        )
    return tuple(tables)


def sector_elasticity(theta: Array, rate: Array, months: int) -> Array:
    """Elasticity of a small supplier's customs value `months` after a duty, 1 + theta (...), [j].

    With two tiers of demand it is the same: a supplier with a small part of what is bought abroad
    competes with other foreign sellers, by theta, and hardly moves the price of foreign goods,
    which alone competes with home, by M.  The answer of a seller with the part s of foreign
    goods is theta (1 - s) + M s (1 - lam*) in place of theta, lam* being the foreign share: far
    less where s is large, as China's is in many sectors.  That is in what is solved all at once.

    Parameters
    ----------
    theta
        Trade elasticity, between foreign origins where there are two tiers, [j].
    rate
        zeta, part re-sourced in a month, [j].
    months
        1 is the month of the duty.
    """
    return 1.0 + theta * (1.0 - (1.0 - rate) ** months)


def mean_elasticity(economy: Economy, rate: Array, months: int) -> float:
    """Mean of `sector_elasticity` over goods, weighted with US imports from China."""
    weight = _goods(economy)
    return float((sector_elasticity(economy.trade_elasticity, rate, months) * weight).sum())


def at_once(economy: Economy, pace: Pace, months: int) -> Array:
    """Elasticity of all US goods imports from China to a duty on all of them, [t], solved."""
    pair = economy.importers.index("USA"), economy.importers.index("CHN")
    goods = np.array([code != "SERV" for code in economy.sectors])
    tariff = np.array(economy.tariff_rate)
    tariff[pair] = np.where(goods, (1.0 + tariff[pair]) * (1.0 + STEP) - 1.0, tariff[pair])
    path = solve_path(
        economy,
        [Shock(tariff_rate_cf=tariff)] * months,
        resourcing=pace.resourcing_by(economy.sectors),
        reallocation=pace.reallocation.value,
        transit_months=pace.transit_months.value,
    )
    before = economy.trade_flow[pair][goods].sum()
    after = np.array([month.trade_flow_cf[pair][goods].sum() for month in path.months])
    return np.asarray(-np.log(after / before) / np.log1p(STEP))


def _goods(economy: Economy) -> Array:
    """US imports from China by sector, services left out, summing to 1."""
    flow = economy.trade_flow[economy.importers.index("USA"), economy.importers.index("CHN")]
    goods = np.where([code != "SERV" for code in economy.sectors], flow, 0.0)
    return np.asarray(goods / goods.sum())
