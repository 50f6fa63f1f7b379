"""Licences as a queue: nothing gets lost, 2025 comes out, and a path takes its caps from it."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.engine.pace import read_pace
from sim.engine.runs import check
from sim.errors import EconomyError, InputError
from sim.model.path.licensing import approvals, licence_queue

QUEUE = "rare-earth-queue"
PARTS = st.floats(0, 1)


@st.composite
def queues(draw):
    months = draw(st.integers(1, 40))
    return licence_queue(
        months,
        lag=draw(st.floats(0, 6)),
        approval=draw(st.lists(PARTS, min_size=months, max_size=months)),
        validity=draw(st.integers(1, 8)),
        refile=draw(PARTS),
        uncovered=draw(PARTS),
        before=draw(PARTS),
        grace=draw(st.floats(0, 2)),
    )


@given(queues())
def test_no_application_and_no_licence_gets_lost(queue):
    filed, approved, refused = (
        np.cumsum(column) for column in (queue.filed, queue.approved, queue.refused)
    )
    np.testing.assert_allclose(filed, approved + refused + queue.pending, rtol=0, atol=1e-9)
    spent = np.cumsum(queue.shipped) + np.cumsum(queue.expired) + queue.valid
    np.testing.assert_allclose(approved, spent, rtol=0, atol=1e-9)
    for name in ("filed", "approved", "refused", "pending", "shipped", "expired", "valid"):
        assert getattr(queue, name).min() >= -1e-12, name
    assert -1e-12 <= queue.supply_hat.min() <= queue.supply_hat.max() <= 1 + 1e-12


@given(st.floats(0, 6), st.integers(1, 8))
def test_what_is_approved_in_full_comes_after_the_lag(lag, validity):
    queue = licence_queue(12, lag=lag, approval=1.0, validity=validity)
    whole = int(np.floor(lag))
    assert queue.supply_hat[:whole].max(initial=0) == 0
    np.testing.assert_allclose(queue.supply_hat[whole + 1 :], 1.0, atol=1e-12)
    assert queue.supply_hat[whole] == pytest.approx(1 - (lag - whole))


def test_a_queue_without_refiling_lets_the_approved_part_through():
    once = licence_queue(30, lag=2, approval=0.6, validity=6)
    assert once.supply_hat[-1] == pytest.approx(0.6)
    again = licence_queue(80, lag=2, approval=0.6, validity=6, refile=1.0)
    # What is filed again and again is approved at last: the queue is then a delay and no cut.
    assert again.supply_hat[-1] == pytest.approx(1.0, abs=1e-6)
    assert again.filed[-1] == pytest.approx(1 / 0.6, rel=1e-4)


def test_licences_that_nobody_uses_run_out():
    """Two months of trade leave without licence; what is approved at once waits, and expires."""
    queue = licence_queue(6, lag=0, approval=1.0, validity=2, grace=2.0)
    np.testing.assert_allclose(queue.shipped[:2], 0.0)
    assert queue.expired[2] == pytest.approx(1.0)
    assert queue.valid.max() <= 2 + 1e-12
    longer = licence_queue(6, lag=0, approval=1.0, validity=6, grace=2.0)
    assert longer.expired.sum() == 0


def test_approvals_rise_to_what_settles():
    np.testing.assert_allclose(
        approvals(5, first=0.2, settled=0.8, ramp=3), [0.2, 0.4, 0.6, 0.8, 0.8]
    )
    np.testing.assert_allclose(approvals(3, first=0.2, settled=0.8, ramp=0), 0.8)


SEEN_US = {"2025-04": 0.41, "2025-05": 0.07, "2025-06": 0.54, "2025-07": 0.94}
"""American magnet imports from China over a normal month (facts: -59 %, -93 % or 46 t, 353 t, 619 t
of 657 t)."""
SEEN_ALL = {"2025-04": 0.55, "2025-05": 0.26, "2025-06": 0.62}
"""China's magnet exports to all countries over a year before (-45, -74, -38 %)."""


def spring_of_2025(uncovered=None):
    pace = read_pace()
    return licence_queue(
        4,
        lag=pace.licence_lag.value,
        approval=approvals(
            4,
            first=pace.licence_approval_first.value,
            settled=pace.licence_approval.value,
            ramp=pace.licence_ramp.value,
        ),
        validity=int(pace.licence_validity.value),
        refile=pace.licence_refile.value,
        uncovered=pace.licence_uncovered.value if uncovered is None else uncovered,
        before=3 / 30,
        grace=pace.licence_grace.value,
    ).supply_hat


def test_the_parameters_of_the_file_give_american_magnet_imports_of_2025():
    np.testing.assert_allclose(spring_of_2025(), list(SEEN_US.values()), atol=0.05)


def test_the_same_queue_gives_the_exports_to_all_countries():
    """Only the part that needs no licence differs: May says 0.25; April and June then fall out."""
    np.testing.assert_allclose(spring_of_2025(0.25)[:3], list(SEEN_ALL.values()), atol=0.02)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"lag": -1}, "lag is -1"),
        ({"approval": 1.5}, "approval"),
        ({"validity": 0}, "validity is 0"),
        ({"refile": 2}, "refile is 2"),
        ({"uncovered": -0.1}, "uncovered"),
        ({"grace": -1}, "grace"),
    ],
)
def test_a_queue_that_makes_no_sense_is_refused(options, words):
    with pytest.raises(EconomyError, match=words):
        licence_queue(3, **({"lag": 1, "approval": 0.5, "validity": 6} | options))


@pytest.fixture(scope="module")
def path():
    return sim.run(QUEUE, months=12, levers={"stock_months": 0})


def rare(result, month, variable="price_outside_over_inside_change", region="CHN"):
    return result.at(month).value(variable, region, sector="RARE")


def test_a_path_takes_its_caps_from_the_queue(path):
    (entry,) = path.manifest["border"]["licences"]
    supply = [month["supply_hat"] for month in entry["months"]]
    # The rule begins on 8 November: 7 of 30 days come before it, and the grace of 0.3 months.
    assert supply[0] == pytest.approx(0.05 + 0.95 * (7 / 30 + 0.3))
    assert supply[1] == pytest.approx(0.05)
    for at, month in enumerate(path.manifest["path"]["months"]):
        hats = [target["quantity_hat"] for target in month["targets"] if target["kind"] == "cap"]
        assert len(hats) == (supply[at] <= 1 - 1e-6)
        for hat, target in zip(hats, month["targets"], strict=False):
            assert hat <= supply[at] + 1e-6
            if target["shadow_rate"] > 1e-6:
                assert hat == pytest.approx(supply[at], abs=1e-6)
    scarce, later = rare(path, 2), rare(path, 9)
    assert scarce > 5 * later > 0
    assert path.at(2).value("licence_pending", "CHN", sector="RARE") > 1
    assert path.at(2).value("licence_supply", "CHN", sector="RARE") == pytest.approx(
        100 * supply[1]
    )
    assert path.manifest["path"]["policy_changes"] == ["2025-11", "2026-01"]


def test_a_shorter_lag_helps_sooner(path):
    quick = sim.run(QUEUE, months=4, levers={"stock_months": 0, "licence_lag": 0.5})
    assert rare(quick, 2) < 0.5 * rare(path, 2)
    (entry,) = quick.manifest["border"]["licences"]
    assert entry["parameters"]["lag_months"] == 0.5
    assert quick.manifest["path"]["pace"]["licence_lag"]["is_set"]


def test_stocks_bridge_a_short_queue_and_not_a_long_one():
    short = sim.run(QUEUE, months=6)
    assert max(abs(rare(short, month)) for month in range(1, 7)) < 0.1
    (books,) = short.manifest["border"]["stocks"]
    assert 0 < min(month["stock"] for month in books["months"]) < 3
    long = sim.run(QUEUE, months=6, levers={"licence_lag": 6})
    assert rare(long, 6) > 50


def test_no_limit_has_no_queue():
    free = sim.run(QUEUE, months=2, levers={"licence_volume": 0})
    assert free.manifest["border"] == {}


def test_without_a_queue_a_licence_is_as_it_was():
    result = sim.run("rare-earth-enforced", months=2, levers={"stock_months": 0})
    assert "licences" not in result.manifest["border"]
    (cap,) = result.manifest["path"]["months"][1]["targets"]
    assert cap["quantity_hat"] == pytest.approx(0.5)


def measure_file(folder, queue):
    text = f"""\
title: A queue
question: What does a queue do?
date: 2025-12-01
extends: baseline-2025-10
measures:
  - id: queue
    kind: export-licence
    title: A licence
    exporter: CHN
    importers: [USA]
    sectors: [RARE]
    volume_change_pct: -50
    queue: {queue}
    start: 2025-11-08
    status: threatened
    assumed: true
    reason: A test.
"""
    path = folder / "queue-test.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_measure_can_have_a_queue_of_its_own(tmp_path):
    file = measure_file(tmp_path, "{lag_months: 0, approval: 0.3, ramp_months: 0, uncovered: 0}")
    assert check([file]) == []
    result = sim.run(file, months=3, levers={"stock_months": 0, "licence_refile": 0})
    (entry,) = result.manifest["border"]["licences"]
    assert entry["months"][2]["supply_hat"] == pytest.approx(0.3)
    # A lever that a run moves wins over the measure.
    moved = sim.run(
        file, months=3, levers={"stock_months": 0, "licence_refile": 0, "licence_approval": 0.5}
    )
    (entry,) = moved.manifest["border"]["licences"]
    assert entry["months"][2]["supply_hat"] == pytest.approx(0.5)
    assert result.dates[0] == dt.date(2025, 11, 1)


@pytest.mark.parametrize(
    ("queue", "words"),
    [("{lag_month: 2}", "lag_months"), ("{approval: 2}", "1"), ("{validity_months: 0.5}", "whole")],
)
def test_a_wrong_queue_is_refused_with_its_line(tmp_path, queue, words):
    (problem,) = check([measure_file(tmp_path, queue)])
    assert words in str(problem)
    assert problem.line == 13


def test_the_levers_of_the_queue_are_levers_of_paths_alone():
    with pytest.raises(InputError, match="no lever 'licence_lag'"):
        sim.run(QUEUE, levers={"licence_lag": 1})
