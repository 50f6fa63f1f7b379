"""How much trade answers a tariff, by horizon: the formula, the path and the page."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from sim.cli.app import app
from sim.engine.model_levers import with_assumptions
from sim.engine.pace import read_pace
from sim.engine.runs import world_of
from sim.model import Shock, solve, solve_path
from sim.validation import elasticity
from sim.validation.elasticity import (
    HORIZONS,
    LITERATURE,
    at_once,
    elasticity_tables,
    mean_elasticity,
    sector_elasticity,
)

SET = "fontagne2022"
STEP = 0.01


@pytest.fixture(scope="module")
def economy():
    return world_of(SET).baseline.economy


@pytest.fixture(scope="module")
def nested():
    return with_assumptions(world_of(SET).baseline, macro_elasticity=0.5).economy


@pytest.fixture(scope="module")
def tables():
    return {
        one.elasticities: one for one in elasticity_tables(sets=(SET, "uniform4"), solved=(SET,))
    }


def small_flows(economy, count):
    """Flows that matter neither to the buyer's market nor to the seller, largest first."""
    flow, output = economy.trade_flow, economy.gross_output
    home = np.arange(len(economy.importers))
    bought_abroad = 1 - economy.trade_share[home, home]
    # Of what is bought abroad: with two tiers that is the price that a flow from abroad could move.
    small = (economy.trade_share < 2e-3 * bought_abroad[:, None, :]) & (flow > 1.0)
    small &= flow < 2e-3 * output[None, :, :]
    small[:, :, economy.sectors.index("SERV")] = False
    order = np.argsort(np.where(small, flow, 0.0), axis=None)[::-1]
    found, used = [], set()
    for place in order:
        n, i, j = np.unravel_index(place, flow.shape)
        if j not in used and n not in {other[0] for other in found}:
            used.add(j)
            found.append((int(n), int(i), int(j)))
        if len(found) == count:
            return found
    return found


@pytest.mark.parametrize("tiers", ["economy", "nested"])
def test_the_path_follows_the_formula_for_small_suppliers(tiers, request):
    economy = request.getfixturevalue(tiers)
    assert economy.is_nested or tiers == "economy"
    pace = read_pace()
    flows = small_flows(economy, 8)
    assert len(flows) == 8
    tariff = np.array(economy.tariff_rate)
    for place in flows:
        tariff[place] = (1 + tariff[place]) * (1 + STEP) - 1
    shock = Shock(tariff_rate_cf=tariff)
    rate = np.array(pace.resourcing_by(economy.sectors))
    path = solve_path(
        economy,
        [shock] * 24,
        resourcing=rate,
        reallocation=pace.reallocation.value,
        transit_months=1,
    )
    static = solve(economy, shock)
    for place in flows:
        j, before = place[2], economy.trade_flow[place]
        theta = economy.trade_elasticity[j]
        for months in (1, 3, 6, 12, 24):
            after = path.months[months - 1].trade_flow_cf[place]
            found = -np.log(after / before) / np.log1p(STEP)
            wanted = sector_elasticity(theta, rate[j], months)
            # A step of one percent is not quite small: shares move by (1 + t)^-theta.
            assert found == pytest.approx(wanted, rel=0.04)
        found = -np.log(static.trade_flow_cf[place] / before) / np.log1p(STEP)
        assert found == pytest.approx(1 + theta, rel=0.02)


@given(
    theta=st.floats(0.5, 15),
    rate=st.floats(0.01, 1),
    months=st.integers(1, 60),
)
def test_the_formula_is_the_rule_of_re_sourcing(theta, rate, months):
    """A loop over months with a tiny duty: lam moves by zeta towards pi*, value = lam / (1 + t)."""
    step = 1e-7
    share = 1.0
    for _ in range(months):
        share = (1 - rate) * share + rate * (1 + step) ** -theta
    found = -np.log(share / (1 + step)) / np.log1p(step)
    assert found == pytest.approx(sector_elasticity(theta, rate, months), rel=1e-5)


@given(theta=st.floats(0.5, 15), rate=st.floats(0.01, 0.99), months=st.integers(1, 100))
def test_elasticities_grow_from_one_to_the_static_one(theta, rate, months):
    now, later = (sector_elasticity(theta, rate, at) for at in (months, months + 1))
    assert 1 < now <= later <= 1 + theta
    assert sector_elasticity(theta, rate, 1) == pytest.approx(1 + rate * theta)
    assert sector_elasticity(theta, 1.0, months) == pytest.approx(1 + theta)


def test_all_at_once_is_less_because_china_is_large(economy, tables):
    one = tables[SET]
    for alone, together in zip(one.goods_by_goods, one.all_at_once, strict=True):
        assert 1 < together < alone
    assert list(one.all_at_once) == sorted(one.all_at_once)
    short = at_once(economy, read_pace(), 12)
    assert short[11] == pytest.approx(one.all_at_once[HORIZONS.index(12)], rel=1e-6)
    # With everything re-sourced at once nothing is left for later but the move of factors.
    quick = at_once(economy, read_pace().moved({"resourcing": 1, "resourcing_soybeans": 1}), 2)
    assert quick[0] == pytest.approx(one.all_at_once[-1], rel=0.05)


def test_the_table_of_a_uniform_set_is_known_in_closed_form(tables):
    weight = world_of("uniform4").baseline.economy
    rate = np.full(len(weight.sectors), read_pace().resourcing.value)
    rate[weight.sectors.index("SOY")] = 0.5
    rate[weight.sectors.index("RARE")] = 1.0
    assert mean_elasticity(weight, rate, 12) == pytest.approx(
        tables["uniform4"].goods_by_goods[HORIZONS.index(12)]
    )
    # Theta is 4 everywhere but in carved sectors, which are small in imports from China.
    assert tables["uniform4"].goods_by_goods[-1] == pytest.approx(5, abs=0.05)
    assert tables["uniform4"].goods_by_goods[3] == pytest.approx(1 + 4 * (1 - 0.91**12), abs=0.05)


def test_the_literature_stands_beside_it():
    by = {one.study: one for one in LITERATURE if one.horizon == "year 1"}
    assert by["Boehm, Levchenko and Pandalai-Nayar 2023"].value[0] == -0.76
    implied = np.log(1 - 0.317) / np.log(1.166 / 1.026)
    assert implied == pytest.approx(-3.0, abs=0.05)
    assert np.log(0.606) / np.log(1.421 / 1.118) == pytest.approx(-2.1, abs=0.05)
    assert all(one.grade for one in LITERATURE)


def test_the_command(monkeypatch):
    """What is solved is tested above; here it is made up."""
    monkeypatch.setattr(elasticity, "at_once", lambda *_: np.linspace(1.2, 5.1, 120))
    monkeypatch.setattr(elasticity, "elasticity_sets", lambda: (SET, "uniform4"))
    env = {"COLUMNS": "80", "TERM": "dumb"}
    result = CliRunner().invoke(app, ["validate", "elasticities"], env=env)
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert "-0.76" in result.stdout
    content = json.loads(
        CliRunner().invoke(app, ["validate", "elasticities", "--json"], env=env).stdout
    )
    first = content["sets"][0]
    assert first["elasticities"] == SET
    assert first["months"] == [1, 3, 6, 12, 24, 60, 120]
    assert first["goods_by_goods"] == sorted(first["goods_by_goods"], reverse=True)
