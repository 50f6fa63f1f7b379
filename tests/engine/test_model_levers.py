"""Assumptions of the model are levers of every scenario, whether or not it defines them."""

import json

import pytest
from typer.testing import CliRunner

import sim
from sim.baseline.load import elasticity_sets, load_bundle
from sim.cli.app import app
from sim.engine.model_levers import MODEL_LEVERS, with_assumptions
from sim.engine.path_comparison import compare_paths
from sim.engine.runs import world_of
from sim.errors import ScenarioError
from sim.outputs.pick import Quantity
from sim.policy.library.levers import MODEL_PATHS
from sim.policy.library.loader import list_scenarios
from sim.study import sweep
from sim.study.point import Runner
from tests.alike import assert_same_table, near
from tests.strategies_policy import ROOT

ALONE = ROOT / "tests" / "cases" / "scenarios" / "standalone.yaml"


def truce(*arguments):
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "100", "TERM": "dumb"})


def test_every_path_of_the_model_has_its_lever_with_the_models_own_default():
    assert {lever.path for lever in MODEL_LEVERS.values()} == MODEL_PATHS
    economy = load_bundle().economy
    rare = economy.input_elasticity
    assert (economy.factor_mobility == MODEL_LEVERS["factor_mobility"].default).all()
    assert set(rare.ravel()) - {1.0} == {MODEL_LEVERS["rare_earth_substitution"].default}


@pytest.mark.parametrize("name", elasticity_sets())
def test_the_default_of_the_macro_elasticity_is_the_table_in_every_set(name):
    """As the baseline has it, so that the default set by hand changes nothing."""
    baseline = load_bundle(name)
    lever = MODEL_LEVERS["macro_elasticity"]
    assert with_assumptions(baseline, macro_elasticity=lever.default) is baseline
    assert not with_assumptions(baseline, macro_elasticity=lever.max).economy.is_nested


@pytest.mark.parametrize("name", elasticity_sets())
@pytest.mark.parametrize("value", [0.1, 4.0, 20.0])
def test_the_macro_elasticity_is_one_number_but_never_above_theta(name, value):
    """Sectors with an entry of their own keep it: soybeans and rare earths have one tier."""
    economy = with_assumptions(load_bundle(name), macro_elasticity=value).economy
    theta, macro = economy.trade_elasticity, economy.macro_elasticity_by_sector
    for sector, wide, narrow in zip(economy.sectors, theta, macro, strict=True):
        assert narrow == (wide if sector in ("SOY", "RARE") else min(value, wide)), sector


def test_a_macro_elasticity_that_is_moved_there_and_back_leaves_nothing():
    baseline = load_bundle()
    there = with_assumptions(baseline, macro_elasticity=0.7)
    back = with_assumptions(there, macro_elasticity=MODEL_LEVERS["macro_elasticity"].default)
    wanted = baseline.economy.macro_elasticity_by_sector
    assert back.economy.macro_elasticity_by_sector.tolist() == wanted.tolist()


def test_a_low_macro_elasticity_makes_a_tariff_cost_more_and_divert_more():
    """In both the long run and the path; the start is solved with it too."""
    levels = ({"macro_elasticity": 20}, {"macro_elasticity": 0.3})
    plain, nested = (sim.run("tariff-100", levers=levers) for levers in levels)
    assert nested.scenario["digest"] != plain.scenario["digest"]
    lost, lost_before = (run.value("real_income_change", "USA") for run in (nested, plain))
    assert lost < lost_before < 0
    (lever,) = (lever for lever in nested.manifest["levers"] if lever["id"] == "macro_elasticity")
    assert (lever["value"], lever["default"]) == (0.3, 0.5)
    world = world_of()
    solved = world.solve("tariff-100", {"macro_elasticity": 0.3})
    assert solved.start.economy.is_nested
    path = world.path("tariff-100", 2, {"macro_elasticity": 0.3})
    economy = path.months.start.economy
    assert economy.macro_elasticity[economy.sectors.index("C29")] == 0.3


def test_a_scenario_without_the_lever_can_be_set():
    plain, moved = sim.run(ALONE), sim.run(ALONE, levers={"factor_mobility": 3})
    assert (plain.manifest["factor_mobility"], moved.manifest["factor_mobility"]) == (1.5, 3.0)
    assert moved.value("real_income_change", "USA") != plain.value("real_income_change", "USA")
    (lever,) = moved.manifest["levers"]
    assert (lever["id"], lever["value"], lever["default"]) == ("factor_mobility", 3.0, 1.5)
    cited = [source["measure_id"] for source in moved.scenario["sources"]]
    assert "lever:factor_mobility" in cited
    assert plain.manifest["levers"] == []


def test_the_default_set_by_hand_changes_nothing():
    defaults = {name: lever.default for name, lever in MODEL_LEVERS.items()}
    assert_same_table(sim.run(ALONE, levers=defaults).table, sim.run(ALONE).table)


@pytest.mark.parametrize("card", list_scenarios(), ids=lambda card: card.id)
def test_every_shipped_scenario_has_every_lever_of_the_model(card):
    for name, lever in MODEL_LEVERS.items():
        scenario = world_of().scenario(card.id, {name: lever.max})
        assert scenario.assumptions[lever.path.partition(".")[2]] == lever.max


def test_a_scenarios_own_lever_wins():
    """It has the assumption under another name, or with another range."""
    own = sim.run("rare-earth-enforced", levers={"substitution": 0.3})
    lent = sim.run("rare-earth-enforced", levers={"rare_earth_substitution": 0.3})
    assert lent.scenario["digest"] == own.scenario["digest"]
    assert_same_table(lent.table, own.table)
    with pytest.raises(ScenarioError, match="moved by 'substitution' too"):
        sim.run("rare-earth-enforced", levers={"rare_earth_substitution": 0.3, "substitution": 0.2})


def test_values_out_of_range_and_wrong_names_are_refused():
    with pytest.raises(ScenarioError, match="Write a number from 1 to 10"):
        sim.run(ALONE, levers={"factor_mobility": 11})
    with pytest.raises(ScenarioError, match="Did you mean 'factor_mobility'"):
        sim.run(ALONE, levers={"factor_mobilty": 2})


def test_comparisons_and_paths_have_them():
    comparison = sim.compare(
        [ALONE, "rare-earth-enforced"], levers={"rare_earth_substitution": 0.3}
    )
    assert comparison.results[0].manifest["levers"][0]["value"] == 0.3
    named = {lever["id"]: lever["value"] for lever in comparison.results[1].manifest["levers"]}
    assert named["substitution"] == 0.3
    (path,) = compare_paths([ALONE], months=1, levers={"factor_mobility": 2}).results
    assert path.manifest["factor_mobility"] == 2.0
    asked = ("run", str(ALONE), "--set", "factor_mobility=3", "--json")
    assert json.loads(truce(*asked).stdout)["manifest"]["factor_mobility"] == 3.0


def test_a_sweep_varies_them(tmp_path):
    content = {
        "title": "A grid of mobility",
        "question": "What does mobility do?",
        "scenarios": [str(ALONE)],
        "vary": {"factor_mobility": {"values": [1.5, 3.0]}},
        "design": {"kind": "grid"},
        "outputs": [{"variable": "real_income_change", "region": "USA"}],
    }
    result = sweep(content, out=tmp_path, jobs=1)
    found = dict(zip(*(result.table()[name].to_pylist() for name in ("run", "value")), strict=True))
    for run, value in enumerate((1.5, 3.0)):
        expected = sim.run(ALONE, levers={"factor_mobility": value})
        assert found[run] == near(expected.value("real_income_change", "USA"), rel=1e-6, abs=1e-4)


def test_a_runner_takes_them_one_at_a_time():
    """Runs with and without a lever of the model share a runner, as in a tornado."""
    runner, wanted = Runner(ALONE), Quantity("real_income_change", "USA")
    for levers in ({}, {"factor_mobility": 3.0}, {"rare_earth_substitution": 0.3}, {}):
        runner.check(levers, [wanted])
        assert runner.known(levers) == set(levers)
        expected = sim.run(ALONE, levers=levers).value("real_income_change", "USA")
        assert runner.values(levers, [wanted])[wanted] == near(expected, rel=1e-6, abs=1e-4)


def test_assumptions_names_them_as_levers():
    content = json.loads(truce("assumptions", "--json").stdout)
    for name, lever in MODEL_LEVERS.items():
        assert content[name]["value"] == lever.default
        assert (content[name]["min"], content[name]["max"]) == (lever.min, lever.max)
    text = " ".join(truce("assumptions").stdout.split())
    assert "Each is a lever of every scenario" in text
    assert "except for factor_mobility, rare_earth_substitution and macro_elasticity" in text
