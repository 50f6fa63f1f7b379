"""Exclusions: shares of what a duty reaches or of the flow, and goods in transit."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sim.engine.runs import world_of
from sim.policy.language.fields import Coverage
from sim.policy.language.kinds.exclusion import Exclusion
from sim.policy.law.dating import begun, ended, onwards
from sim.policy.law.law import Law
from tests.strategies_policy import (
    ASSUMED,
    DAYS,
    POINTS,
    ROOT,
    SEEDS,
    SMALL,
    blanket,
    random_tables,
    rate,
    tariffs,
)

LOADED, ENTERED = dt.date(2025, 4, 10), dt.date(2025, 5, 28)
DAY = dt.timedelta(days=1)
TRANSIT = {"loaded_before": LOADED, "entered_before": ENTERED}


def out_of(name="a-tariff", share=0.5, **content):
    """An exclusion of a share of one duty."""
    filled = {
        "excludes": (name,),
        "coverage": Coverage(default=share),
        **ASSUMED,
        **content,
    }
    return Exclusion.model_validate({"id": "out", "kind": "exclusion", "title": "a test", **filled})


# --- of what -------------------------------------------------------------------------------------


@given(tariffs(), st.floats(0, 1), DAYS, SEEDS)
def test_a_share_of_what_is_reached_is_that_share_of_the_duty(act, share, day, seed):
    none, whole = rate([], day, seed), rate([act], day, seed)
    part = rate([act, out_of(act.id, share, start=dt.date(2024, 1, 1))], day, seed)
    np.testing.assert_allclose(part - none, (1 - share) * (whole - none), atol=1e-12)


@given(POINTS, st.floats(0, 1), st.floats(0, 1), DAYS, SEEDS)
def test_a_share_of_the_flow_comes_off_the_coverage(points, covered, share, day, seed):
    act = blanket(points=points, coverage=Coverage(default=covered))
    left = blanket(points=points, coverage=Coverage(default=max(covered - share, 0.0)))
    out = out_of(share=share, of="flow", start=dt.date(2024, 1, 1))
    np.testing.assert_allclose(rate([act, out], day, seed), rate([left], day, seed), atol=1e-12)


def test_shares_of_what_is_reached_add_up():
    act = blanket(points=40.0, coverage=Coverage(default=0.5))
    outs = [
        out_of(share=0.25, start=act.start).model_copy(update={"id": name}) for name in ("a", "b")
    ]
    half = blanket(points=20.0, coverage=Coverage(default=0.5))
    day = dt.date(2025, 6, 1)
    np.testing.assert_allclose(rate([act, *outs], day), rate([half], day), atol=1e-12)


def test_half_of_a_duty_on_a_part_of_a_sector_is_half_of_that_part():
    """On tables that hold chips inside electronics the part is taken once."""
    coverage, rates, base, weights = random_tables(0)
    axes = dataclasses.replace(SMALL, carved=(("SEMI", "C26"),))
    parts = {"SEMI": np.full(axes.shape, 0.3)}
    act = blanket(points=40.0, sectors=("SEMI",))
    day = dt.date(2025, 6, 1)
    for of, left in (("reached", 0.15), ("flow", 0.15)):
        acts = (act, out_of(of=of, start=act.start))
        added = Law(acts, axes, base, coverage, rates, weights, None, parts).by_authority(day)
        assert added["hypothetical"][0, 1, 0] == pytest.approx(0.4 * left)


def test_digests_of_old_files_stay_only_where_their_meaning_does():
    start = {"start": LOADED}
    assert "of" not in out_of(share=0.5, of="flow", **start).numbers()
    assert "of" not in out_of(share=1.0, **start).numbers()
    assert out_of(share=0.5, **start).numbers()["of"] == "reached"


# --- goods in transit ----------------------------------------------------------------------------


def average_on_china(scenario, without=""):
    """US tariff on Chinese goods, percent at the weights of 2024; `without` one measure."""
    world = world_of()
    law = world.law(scenario)
    law = law.with_measures(act for act in law.measures if act.id != without)
    usa, china = (law.axes.regions.index(code) for code in ("USA", "CHN"))
    goods = [code not in law.axes.services for code in law.axes.sectors]
    weight = law.weights[usa, china] * goods
    return 100 * (law.rate(scenario.date)[usa, china] * weight).sum() / weight.sum()


def test_half_of_the_reciprocal_tariff_of_april_2025_in_transit_is_half_of_its_points():
    scenario = world_of().scenario(str(ROOT / "tests/cases/stacking/half-in-transit.yaml"))
    plain = world_of().scenario("april-2025")
    with_all, with_half = average_on_china(plain), average_on_china(scenario)
    with_none = average_on_china(plain, without="us-ieepa-reciprocal-china-2025")
    assert with_half == pytest.approx((with_all + with_none) / 2)
    assert with_half == pytest.approx(75.26, abs=0.005)
    assert with_all - with_half == pytest.approx(42.91, abs=0.005)


def test_goods_in_transit_are_let_out_between_their_two_days():
    out = out_of(**TRANSIT)
    assert (out.first_day, out.end_day) == (LOADED, ENTERED)
    assert [out.in_force(day) for day in (LOADED - DAY, LOADED, ENTERED - DAY, ENTERED)] == [
        False,
        True,
        True,
        False,
    ]
    assert out_of(**TRANSIT, end=ENTERED - DAY).end_day == ENTERED - DAY
    assert out_of(**TRANSIT, start=LOADED + DAY).first_day == LOADED + DAY
    assert not out_of(share=1.0, **TRANSIT).takes_all_of(blanket())


def test_goods_in_transit_move_with_their_days():
    out, later = out_of(**TRANSIT), dt.date(2025, 6, 1)
    moved = begun(out, later)
    assert (moved.first_day, moved.loaded_before) == (later, later)
    assert moved.end_day == later + (ENTERED - LOADED)
    assert moved.undated() == out.undated()
    for part in (ended(out, LOADED + DAY), onwards(out, LOADED + DAY, {}), moved):
        assert part is not None
        assert Exclusion.model_validate(part.model_dump()) == part
    content = out.model_dump()
    longer = Exclusion.model_validate(Exclusion.with_end(content, later))
    assert longer.end_day == later
    begun_later = Exclusion.model_validate(Exclusion.with_start(content, LOADED + DAY, None))
    assert begun_later.loaded_before == LOADED + DAY


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"loaded_before": LOADED}, "goods in transit need two days"),
        ({"start": LOADED, "entered_before": ENTERED}, "goods in transit need two days"),
        ({**TRANSIT, "entered_before": LOADED}, "Write a later day"),
        ({**TRANSIT, "start": ENTERED}, "Write a later day"),
        ({**TRANSIT, "start": LOADED - DAY}, "Write start: 2025-04-10"),
        ({**TRANSIT, "of": "all"}, "'reached' or 'flow'"),
    ],
)
def test_goods_in_transit_need_days_that_follow_each_other(content, words):
    with pytest.raises(ValidationError, match=words):
        out_of(**content)
