"""The uncertainty wedge of a threat: off, or a trade cost of odds times points."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.policy.language.kinds.threat import Threat
from sim.policy.law.nontariff import iceberg_hat
from sim.policy.library.loader import load_scenario
from tests.strategies_policy import SMALL, shipped_axes

AXES = shipped_axes()
DAY = dt.date(2026, 1, 1)


def threat(**others):
    content = {
        "id": "odd", "kind": "threat", "title": "Odd", "threatens": ("a-tariff",),
        "probability": 0.2, "start": dt.date(2025, 11, 10), "status": "threatened",
        "assumed": True, "reason": "a test", "threatened_pp": 50.0, "on_importers": ("USA",),
        "on_exporters": ("CHN",), **others,
    }  # fmt: skip
    return Threat.model_validate(content)


@given(st.floats(0, 2), st.floats(0, 1), st.floats(1, 100))
def test_the_wedge_is_weight_times_odds_times_points(weight, odds, points):
    one = threat(uncertainty_wedge=weight, probability=odds, threatened_pp=points)
    cost = iceberg_hat((one,), DAY, SMALL)
    usa, china = SMALL.regions.index("USA"), SMALL.regions.index("CHN")
    goods = np.array([code not in SMALL.services for code in SMALL.sectors])
    assert np.allclose(cost[usa, china, goods], 1 + weight * odds * points / 100, rtol=1e-14)
    cost[usa, china, goods] = 1
    assert (cost == 1).all()


def test_a_threat_without_a_wedge_or_out_of_its_time_moves_nothing():
    assert (iceberg_hat((threat(),), DAY, SMALL) == 1).all()
    over = threat(uncertainty_wedge=1.0, duration_months=1)
    assert (iceberg_hat((over,), DAY, SMALL) == 1).all()
    assert (iceberg_hat((over,), dt.date(2025, 12, 9), SMALL) != 1).any()
    off = threat(uncertainty_wedge=1.0, switch=0)
    assert (iceberg_hat((off,), DAY, SMALL) == 1).all()


def test_the_wedge_is_off_and_old_digests_stay():
    scenario = load_scenario("truce-extension", AXES)
    lever = next(one for one in scenario.levers if one.id == "uncertainty_wedge")
    assert (lever.default, lever.basis, lever.grade) == (0, "assumption", "B")
    on = load_scenario("truce-extension", AXES, levers={"uncertainty_wedge": 1})
    assert on.digest != scenario.digest


def test_a_threat_to_the_truce_lasts_as_long_as_the_truce():
    scenario = load_scenario("truce-extension", AXES, levers={"months": 7})
    ends = {one.id: one.end_day for one in scenario.measures if one.id.startswith("truce-")}
    assert ends["truce-threat-us"] == ends["truce-extension-us"] == dt.date(2026, 6, 10)


COSTS = """\
title: Mine
question: What if?
extends: truce-extension
date: 2025-12-01
measures:
  - {id: one, kind: trade-cost, title: One, importers: [USA], exporters: [CHN], cost_pct: 3.2895,
     start: 2025-11-10, status: threatened, assumed: true, reason: a test}
  - {id: two, kind: trade-cost, title: Two, importers: [CHN], exporters: [USA], cost_pct: 5.16,
     start: 2025-11-10, status: threatened, assumed: true, reason: a test}
"""
KEYS = (("imports", "USA", "CHN", "GOODS"), ("real_income", "USA"), ("real_income", "CHN"))


def test_static_runs_and_paths_see_the_same_trade_cost(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(COSTS)
    wedge = {"uncertainty_wedge": 1}
    for months in (None, 2):
        ours = sim.run("truce-extension", levers=wedge, months=months, against="baseline")
        same = sim.run(path, months=months, against="baseline")
        if months:
            ours, same = ours.at(2), same.at(2)
        for key in KEYS:
            assert ours.value(*key) == pytest.approx(same.value(*key), rel=1e-9)


def test_a_heavier_threat_costs_more_trade_and_income():
    static = [sim.run("truce-extension", levers={"uncertainty_wedge": w}) for w in (0, 0.5, 1)]
    for key in KEYS:
        none, some, more = (run.value(*key) for run in static)
        assert none > some > more
