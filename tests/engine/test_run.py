"""Runs of the shipped scenarios on the embedded baseline: chains, caches, counterparts."""

import dataclasses
import importlib
import json
import pkgutil
import time

import numpy as np
import pytest

import sim
from sim.engine.runs import world_of
from sim.engine.start import axes_of
from sim.engine.target_outcomes import target_outcomes
from sim.errors import InputError, ScenarioError
from sim.model import Shock, solve
from sim.outputs.headline import headline
from sim.outputs.results import RunResult
from sim.outputs.table import COLUMNS
from sim.outputs.variables import VARIABLES
from sim.policy.library.cards import scenario_folder
from tests.alike import assert_same_table, near
from tests.strategies_policy import ROOT

ARTICLES = ("tariff-100", "rare-earth-delay", "soybean-purchases", "truce-extension")
CASES = ROOT / "tests" / "cases" / "scenarios"
OTHERS = ("baseline-2025-10", "rare-earth-enforced", "truce-lapse", "kuala-lumpur-package")


@pytest.fixture(scope="module")
def runs():
    return {name: sim.run(name) for name in ARTICLES + OTHERS}


def test_public_names_are_frozen():
    assert sim.__all__ == [
        "InputError", "NotConverged", "RunResult", "ScenarioError", "TruceError", "World",
        "__version__", "compare", "list_scenarios", "load_baseline", "run",
    ]  # fmt: skip
    for name in sim.__all__:
        assert getattr(sim, name) is not None
    assert [field.name for field in dataclasses.fields(RunResult)] == [
        "table", "manifest", "scenario",
    ]  # fmt: skip
    with pytest.raises(AttributeError, match="no attribute 'frob'"):
        _ = sim.frob


def test_no_module_is_callable():
    names = [one.name for one in pkgutil.walk_packages(sim.__path__, "sim.")]
    modules = [importlib.import_module(name) for name in names if not name.endswith("__main__")]
    assert [module.__name__ for module in modules if callable(module)] == []
    assert callable(sim.run)
    assert callable(sim.compare)


@pytest.mark.parametrize("name", ARTICLES + OTHERS)
def test_every_shipped_scenario_runs_and_is_recorded(runs, name):
    result = runs[name]
    manifest = result.manifest
    assert manifest["residual"] <= 1e-9
    assert tuple(result.table.column_names) == COLUMNS
    assert 5_000 < result.table.num_rows < 30_000
    assert np.isfinite(result.table["value"].to_numpy()).all()
    assert set(result.table["variable"].unique().to_pylist()) <= set(VARIABLES)
    expected = "the economy of 2024" if name == "baseline-2025-10" else "baseline-2025-10"
    assert manifest["baseline"] == expected
    assert manifest["against"] == (manifest["counterpart"] or expected)
    assert manifest["version"] == sim.__version__
    assert len(manifest["baseline_digest"]) == len(manifest["scenario_digest"]) == 64
    assert manifest["elasticities"] == "fontagne2022"
    assert manifest["levers"]
    json.dumps(dict(manifest))
    json.dumps(dict(result.scenario))


def test_rows_are_unique(runs):
    table = runs["soybean-purchases"].table
    columns = ["variable", "region", "partner", "sector"]
    assert table.group_by(columns).aggregate([]).num_rows == table.num_rows


def test_scenarios_that_keep_things_as_they_are_change_nothing(runs):
    for name in ("truce-extension", "rare-earth-delay"):
        for figure in headline(sim.run(name, against="baseline")).figures.values():
            assert abs(figure.change) < 1e-4
        assert headline(runs[name]).prevented


def test_the_100_percent_tariff_adds_what_its_coverage_says(runs):
    result = runs["tariff-100"]
    variable = "effective_tariff_rate_before_substitution_change"
    assert result.value(variable, "USA", "CHN") == pytest.approx(63.6, abs=0.05)
    assert result.value("imports_change", "USA", "CHN", "GOODS") < 0
    assert result.value("real_income_change", "USA") < 0
    assert result.value("real_income_change", "CHN") < 0
    assert result.value("trade_diversion", "USA", "VNM") > 0
    assert result.value("border_pass_through", "USA", "CHN") > 0.8


def test_levers_move_the_answer(runs):
    half = sim.run("tariff-100", levers={"us_rate": 50})
    none = sim.run("tariff-100", levers={"us_rate": 0})
    key = ("imports_change", "USA", "CHN", "GOODS")
    assert runs["tariff-100"].value(*key) < half.value(*key) < none.value(*key)
    assert abs(none.value(*key)) < 1.0
    (lever,) = (lever for lever in half.manifest["levers"] if lever["id"] == "us_rate")
    assert (lever["value"], lever["default"], lever["is_set"]) == (50, 100, True)


def test_factor_mobility_moves_baseline_and_scenario():
    stuck = sim.run("soybean-purchases", levers={"factor_mobility": 1})
    free = sim.run("soybean-purchases", levers={"factor_mobility": 10})
    key = ("real_factor_income_change", "USA", None, "SOY")
    assert stuck.manifest["factor_mobility"] == 1.0
    assert stuck.value("price_index_change", "USA", sector="SOY") > free.value(
        "price_index_change", "USA", sector="SOY"
    )
    assert stuck.value(*key) > 0
    assert free.value(*key) > 0


def test_elasticities_are_named_and_matter(runs):
    low = sim.run("tariff-100", elasticities="uniform4")
    assert low.manifest["elasticities"] == "uniform4"
    key = ("imports", "USA", "CHN", "GOODS")
    assert low.percent_change(*key) > runs["tariff-100"].percent_change(*key)
    with pytest.raises(InputError, match="no set of elasticities 'uniform5'"):
        sim.run("tariff-100", elasticities="uniform5")


def test_purchases_meet_the_pledge_and_cost_a_subsidy(runs):
    result = runs["soybean-purchases"]
    (target,) = result.manifest["targets"]
    assert target["pledged"] == pytest.approx(25.0)
    assert target["quantity_hat"] * target["without"] == pytest.approx(25.0, rel=1e-3)
    shortfall = result.value("purchase_shortfall", "CHN", "USA", "SOY")
    assert shortfall == pytest.approx(target["pledged"] - target["without"])
    assert result.value("purchase_subsidy", "CHN") > 0
    assert result.value("real_factor_income_change", "USA", sector="SOY") > 0
    assert result.value("imports_change", "CHN", "BRA", "SOY") < 0


def test_a_pledge_below_what_is_bought_anyway_says_so():
    result = sim.run("soybean-purchases", levers={"purchases_mmt": 3})
    assert result.value("purchase_shortfall", "CHN", "USA", "SOY") == 0
    assert result.value("purchase_subsidy", "CHN") == pytest.approx(0, abs=1e-6)
    assert any("are made anyway" in warning for warning in result.manifest["warnings"])


def test_the_floor_is_relative_to_2024():
    """In tonnes of 2024, whatever the baseline did to the flow in between."""
    bundle = world_of().baseline
    axes = axes_of(bundle)
    scenario = world_of().scenario("soybean-purchases")
    start = world_of().start_from(world_of().baseline, scenario.baseline)
    wedges = world_of().law(scenario).on(scenario.date)
    specs, shock = wedges.targets, start.shock(wedges)
    equilibrium = solve(start.economy, shock)
    china, usa, soy = (
        axes.regions.index("CHN"),
        axes.regions.index("USA"),
        axes.sectors.index("SOY"),
    )
    since_2024 = (
        start.equilibrium.quantity_hat[china, usa, soy] * equilibrium.quantity_hat[china, usa, soy]
    )
    assert since_2024 == pytest.approx(25.0 / 26.8, rel=1e-6)
    assert target_outcomes(start, equilibrium, specs)[0].pledged == pytest.approx(25.0)


def test_enforced_licences_make_rare_earths_dear_abroad(runs):
    result = runs["rare-earth-enforced"]
    assert result.value("price_outside_over_inside", "CHN", sector="RARE") > 150
    assert result.value("licence_rent", "CHN") > 0
    assert result.value("shadow_rate", "CHN", sector="RARE") > 50
    assert result.value("gross_output_change", "USA", sector="C29") < 0


def test_against_2024_equals_one_step_from_2024():
    """Hats multiply: two steps together are the direct solve."""
    chained = sim.run("truce-lapse", against="2024")
    bundle = world_of().baseline
    axes = axes_of(bundle)
    scenario = world_of().scenario("truce-lapse")
    law = world_of().law(scenario).rate(scenario.date)
    direct = solve(bundle.economy, Shock(tariff_rate_cf=law))
    assert chained.manifest["against"] == "the economy of 2024"
    for n, region in enumerate(axes.regions):
        income = 100 * (direct.real_income_hat[n] - 1)
        assert chained.value("real_income_change", region) == pytest.approx(income, abs=1e-5)
    usa, china = axes.regions.index("USA"), axes.regions.index("CHN")
    flow = direct.trade_flow_cf * bundle.customs_factor
    total = flow[usa, china].sum()
    assert chained.value("imports", "USA", "CHN") == pytest.approx(total, rel=1e-6)
    ratio = total / (bundle.economy.trade_flow * bundle.customs_factor)[usa, china].sum()
    change = chained.percent_change("imports", "USA", "CHN")
    assert change == pytest.approx(100 * (ratio - 1), rel=1e-5)


def test_running_twice_gives_the_same_table(runs):
    assert_same_table(sim.run("tariff-100").table, runs["tariff-100"].table)


def test_a_warm_run_is_quick(runs):
    times = []
    for _ in range(5):
        start = time.perf_counter()
        sim.run("tariff-100", levers={"us_rate": 60})
        times.append(time.perf_counter() - start)
    assert min(times) < 0.25  # 30 ms on an idle machine


def test_compare_sets_delays_and_extensions_against_what_they_prevent():
    comparison = sim.compare()
    assert tuple(result.id for result in comparison.results) == (*ARTICLES, "kuala-lumpur-package")
    pairs = {(worth.scenario, worth.against) for worth in comparison.worths}
    assert pairs == {
        ("rare-earth-delay", "rare-earth-enforced"),
        ("truce-extension", "truce-lapse"),
    }
    for worth in comparison.worths:
        own, other = (sim.run(name, against="baseline") for name in (worth.scenario, worth.against))
        hats = [run.value("real_income", "USA") for run in (own, other)]
        change = 100.0 * (hats[0] / hats[1] - 1.0)
        assert worth.figures["us_real_income"].change == near(change)
        assert change > 0
        assert worth.prevented


def test_compare_gives_levers_to_the_scenarios_that_have_them():
    comparison = sim.compare(["tariff-100", "truce-lapse"], levers={"us_rate": 10})
    first, second = comparison.results
    assert first.manifest["levers"][0]["id"] in {lever["id"] for lever in first.manifest["levers"]}
    assert any(
        lever["id"] == "us_rate" and lever["value"] == 10 for lever in first.manifest["levers"]
    )
    assert all(lever["id"] != "us_rate" for lever in second.manifest["levers"])
    with pytest.raises(ScenarioError, match="Did you mean 'us_rate'"):
        sim.compare(["tariff-100"], levers={"us_rat": 10})


def test_a_file_of_ones_own_runs_and_a_changed_file_is_read_again(tmp_path):
    path = tmp_path / "mine.yaml"
    text = "title: Mine\nquestion: What if?\nextends: {}\nmeasures: []\ndate: 2025-12-01\n"
    path.write_text(text.format("tariff-100"))
    first = sim.run(path)
    assert first.value("effective_tariff_rate_before_substitution", "USA", "CHN") > 100
    assert sim.run(str(path)).id == "mine"
    time.sleep(0.01)
    path.write_text(text.format("baseline-2025-10"))
    second = sim.run(path)
    assert second.value("effective_tariff_rate_before_substitution", "USA", "CHN") < 100


def test_saved_runs_load_again(runs, tmp_path):
    loaded = RunResult.load(runs["soybean-purchases"].save(tmp_path))
    assert loaded.table.equals(runs["soybean-purchases"].table)
    assert headline(loaded) == headline(runs["soybean-purchases"])


def test_bad_input_is_refused_with_advice():
    with pytest.raises(ScenarioError, match="Did you mean 'tariff-100'"):
        sim.run("tarif-100")
    with pytest.raises(InputError, match="Write 'own', 'baseline' or '2024'"):
        sim.run("tariff-100", against="2023")
    with pytest.raises(ScenarioError, match="from 0 to 150"):
        sim.run("tariff-100", levers={"us_rate": 151})


def test_the_shipped_files_have_no_problems():
    from sim.engine.runs import check

    assert check() == []
    assert check([scenario_folder()]) == []


def test_baselines_of_the_same_law_keep_their_names():
    """Two scenarios with the same measures on the same day share a solve, not a name."""
    world = world_of()
    today = world.scenario("baseline-today")
    for name in ("history", "baseline-today", "history"):
        start = world.start_from(world.baseline, name, today.date)
        assert start.name == f"{name} on {today.date}"
    assert world.start_from(world.baseline, "baseline-today").name == "baseline-today"


def test_a_scenario_that_only_extends_another_reports_the_same():
    cut = ("effective_tariff_rate_before_substitution_change", "USA", "CHN")
    again = sim.run(CASES / "geneva-once-more.yaml")
    assert again.value(*cut) == sim.run("geneva-2025").value(*cut)
    assert again.value(*cut) == pytest.approx(-74.6, abs=0.05)
