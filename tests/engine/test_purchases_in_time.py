"""Purchases in time: nothing gets lost on the way, the season sums to a year, gaps have a price."""

import json
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import sim
from sim.cli.app import app
from sim.engine.border import purchases
from sim.engine.pace import read_pace
from sim.errors import EconomyError
from sim.model.path.purchase_calendar import deliveries, seasonal_shares

SOY = "soybean-purchases"
KEY = ("CHN", "USA", "SOY")


@st.composite
def seasons(draw):
    parts = np.array(draw(st.lists(st.floats(0, 1), min_size=12, max_size=12))) + 1e-3
    return parts / parts.sum()


@given(
    st.lists(st.floats(0, 100), min_size=1, max_size=40),
    st.floats(0, 100),
    seasons(),
    st.floats(0, 1),
    st.integers(1, 12),
    st.integers(0, 6),
    st.integers(0, 6),
)
def test_what_is_bought_is_shipped_and_what_is_shipped_arrives(
    rate, before, shares, strength, first, lead, transit
):
    season = seasonal_shares(shares, strength)
    found = deliveries(rate, before, season, first, lead=lead, transit=transit)
    count = len(rate)
    for t in range(count):
        assert found.shipped[t] == pytest.approx(rate[t] * season[(first - 1 + t) % 12])
        if t + lead < count:
            assert found.bought[t] == found.shipped[t + lead]
        if t >= transit:
            assert found.arrived[t] == found.shipped[t - transit]
    assert season.sum() == pytest.approx(1)


@given(seasons(), st.floats(0, 1), st.integers(1, 12), st.floats(0, 50))
def test_a_season_moves_trade_within_the_year_and_never_its_sum(shares, strength, first, rate):
    season = seasonal_shares(shares, strength)
    found = deliveries([rate] * 12, rate, season, first, lead=2, transit=3)
    for column in (found.bought, found.shipped, found.arrived):
        assert column.sum() == pytest.approx(rate)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: seasonal_shares([0.5, 0.5]), "year"),
        (lambda: seasonal_shares(np.full(12, 0.1)), "year"),
        (lambda: seasonal_shares(np.full(12, 1 / 12), 2.0), "strength"),
        (lambda: deliveries([-1.0], 0, np.full(12, 1 / 12), 1, lead=0, transit=0), "rate"),
        (lambda: deliveries([1.0], 0, np.full(12, 1 / 12), 1, lead=-1, transit=0), "lead"),
    ],
)
def test_what_makes_no_sense_is_refused(call, words):
    with pytest.raises(EconomyError, match=words):
        call()


def test_the_marketing_year_is_that_of_american_harvests():
    """Most of a year's shipments leave from September to February (26 of 28 Mt in 2017/18)."""
    shares = read_pace().soybean_season.shares
    assert sum(shares) == pytest.approx(1)
    assert 0.8 < sum(shares[8:]) + sum(shares[:2]) < 0.95
    assert max(shares) == max(shares[9:])


@pytest.fixture(scope="module")
def kept():
    return sim.run(SOY, months=14)


@pytest.fixture(scope="module")
def partly():
    return sim.run(SOY, months=14, levers={"fulfilment": 0.9, "purchases_mmt": 13})


def promise(result):
    (entry,) = result.manifest["border"]["purchases"]
    return entry


def column(entry, name):
    return np.array([month[name] for month in entry["months"]])


def test_a_year_of_promises_is_the_promise(kept):
    entry = promise(kept)
    assert entry["unit"] == "million tonnes"
    assert column(entry, "promised")[:12].sum() == pytest.approx(25)
    assert column(entry, "shipped")[:12].sum() == pytest.approx(25, rel=1e-6)
    assert column(entry, "fulfilment_pct") == pytest.approx(100)
    market = column(entry, "without")[:12].sum()
    # Little under a duty of 23 %: beans of two origins are near one good.
    assert 2 < market < 8
    assert market == pytest.approx(
        25 - np.mean([kept.at(m).value("purchase_shortfall", *KEY) for m in range(1, 13)]), rel=0.02
    )


def test_purchases_lead_and_arrivals_follow(kept):
    entry, pace = promise(kept), read_pace()
    lead, transit = int(pace.purchase_lead.value), int(pace.purchase_transit.value)
    bought, shipped, arrived = (column(entry, name) for name in ("bought", "shipped", "arrived"))
    np.testing.assert_allclose(bought[:-lead], shipped[lead:])
    np.testing.assert_allclose(arrived[transit:], shipped[:-transit])
    # What arrives first was loaded under the tariffs of October 2025.
    assert arrived[0] < 0.5 * shipped[0]
    sums = entry["months"][-1]["cumulative"]
    assert sums["arrived"] < sums["shipped"] == pytest.approx(shipped.sum())


def test_the_levers_move_the_calendar():
    levers = {"purchase_season": 0, "purchase_lead": 0, "purchase_transit": 0}
    even = promise(sim.run(SOY, months=3, levers=levers))
    assert column(even, "promised") == pytest.approx(25 / 12)
    for name in ("bought", "arrived"):
        assert column(even, name) == pytest.approx(column(even, "shipped"))


def test_a_promise_kept_in_part_says_so(partly):
    entry = promise(partly)
    assert column(entry, "fulfilment_pct") == pytest.approx(90)
    closing = entry["closing"]
    assert closing["promised"] == pytest.approx(13)
    assert closing["shipped"] == pytest.approx(11.7, rel=1e-6)
    assert closing["shortfall"] == pytest.approx(13 - closing["without"])


def test_the_duty_cut_that_closes_the_gap_does_close_it(partly):
    """A duty lower by so much sells the whole promise without a subsidy, in that very month."""
    closing = promise(partly)["closing"]
    assert closing["duty_pp"] == pytest.approx(23)
    assert closing["is_closed_by_duty"]
    assert 0 < closing["duty_cut_pp"] < 23
    paid = closing["duty_pp"] - closing["duty_cut_pp"]
    assert 1.23 / (1 + paid / 100) - 1 == pytest.approx(closing["subsidy_pct"] / 100)
    # The subsidy of the month in which the whole is bought at once is above that of the path.
    assert closing["subsidy_pct"] > partly.at(14).value("shadow_rate", *KEY)
    assert closing["subsidy_usd_mn"] > partly.at(14).value("purchase_subsidy", "CHN")


def test_a_permanent_duty_cut_of_that_size_sells_the_promise():
    """Where sourcing is free at once, the duty cut named for the last month is all it takes."""
    quick = {"resourcing": 1.0, "reallocation": 1.0, "purchases_mmt": 12}
    closing = promise(sim.run(SOY, months=1, levers=quick))["closing"]
    assert closing["is_closed_by_duty"]
    duty = closing["duty_pp"] - closing["duty_cut_pp"]
    cut = promise(sim.run(SOY, months=1, levers={**quick, "cn_soy_duty": duty}))["closing"]
    assert cut["without"] == pytest.approx(12, rel=1e-4)
    assert cut["subsidy_pct"] == pytest.approx(0, abs=0.01)


def test_a_gap_that_no_subsidy_closes_is_still_told(monkeypatch):
    solve = purchases.solve_path
    monkeypatch.setattr(purchases, "solve_path", partial(solve, tolerance=1e-30, max_iterations=2))
    levers = {"fulfilment": 0.8, "purchases_mmt": 30}
    closing = promise(sim.run(SOY, months=1, levers=levers))["closing"]
    assert closing["shortfall"] > 10
    assert "subsidy_pct" not in closing
    result = CliRunner().invoke(
        app, ["run", SOY, "--months", "1", *(f"--set={k}={v}" for k, v in levers.items())]
    )
    assert "No subsidy was found that closes it" in " ".join(result.stdout.split())


def test_even_no_duty_may_be_too_little():
    """In the first month, while few buyers have turned to other sellers; later a cut would do."""
    closing = promise(sim.run(SOY, months=1))["closing"]
    assert not closing["is_closed_by_duty"]
    assert closing["duty_cut_pp"] == pytest.approx(closing["duty_pp"]) == pytest.approx(23)
    assert closing["subsidy_pct"] > 23


def test_the_result_table_holds_the_purchases(kept):
    entry, month = promise(kept), kept.at(3)
    for name in ("bought", "shipped", "arrived"):
        assert month.value(f"purchase_{name}", *KEY) == entry["months"][2][name]
    assert month.value("purchase_committed", *KEY) == pytest.approx(25 * 0.16)
    assert month.value("purchase_fulfilment", *KEY) == pytest.approx(100)
    assert 20 < month.value("purchase_duty_cut", *KEY) <= 23
    usual = month.baseline_value("purchase_shipped", *KEY)
    assert 0 < usual < month.value("purchase_shipped", *KEY)


def test_a_promise_in_dollars_is_told_in_dollars():
    result = sim.run("phase-one", months=2)
    entries = result.manifest["border"]["purchases"]
    assert {entry["unit"] for entry in entries} == {"bn USD at prices of 2024"}
    for entry in entries:
        assert entry["months"][0]["promised"] > 0
        assert column(entry, "shipped") == pytest.approx(column(entry, "bought"), rel=0.2)
    # Two promises on sums of sectors share a place in the table: the first one has it.
    first = result.at(1)
    assert first.value("purchase_shipped", "CHN", "USA") == entries[0]["months"][0]["shipped"]
    places = {tuple(e["sectors"]) if len(e["sectors"]) == 1 else "TOTAL" for e in entries}
    assert first.select("purchase_shipped").num_rows == len(places) < len(entries)


@pytest.mark.parametrize("width", [80, 120])
def test_the_report_of_two_years(width):
    runner = CliRunner()
    result = runner.invoke(
        app, ["run", SOY, "--months", "24"], env={"COLUMNS": str(width), "TERM": "dumb"}
    )
    assert result.exit_code == 0, result.stderr
    assert max(map(len, result.stdout.splitlines())) <= width
    words = " ".join(result.stdout.split())
    assert "Until 2027-10 50.0 million tonnes were promised" in words
    assert "fulfilment so far, %" in words
    assert "A duty 21.0 points below 23.0 % closes the gap, and so does state buying" in words


def test_the_report_as_json():
    result = CliRunner().invoke(app, ["run", SOY, "--months", "2", "--json"])
    (entry,) = json.loads(result.stdout)["manifest"]["border"]["purchases"]
    assert entry["measure"] == "cn-soybean-commitment-2025"
    assert entry["months"][1]["cumulative"]["shipped"] > entry["months"][0]["shipped"]
