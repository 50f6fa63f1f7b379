"""Scenarios on tables of one's own: other regions, other sectors, no United States."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

import sim
from sim.baseline.build.aggregate import AGGREGATION_FILE
from sim.baseline.build.assemble import ICIO_ARCHIVE, build
from sim.baseline.entry import load_own_baseline
from sim.baseline.load import load_bundle
from sim.cli.app import app
from sim.engine.world import World
from sim.errors import InputError, ScenarioError
from sim.outputs.pick import Quantity
from sim.pair import Pair
from sim.study import collapse_tree, sweep
from sim.study.trees.collapse_tree import HEADLINE
from tests.raw_data import DATA, needs
from tests.small_world import write_archive

raw_data = needs(ICIO_ARCHIVE)

TWO = """
regions:
  CAN: {label: Canada, members: [CAN]}
  ROW: {label: Rest of the world, members: rest}
sectors:
  MAKE: {label: Factories, members: [C26, C29]}
  SERV: {label: Services, members: rest}
"""

ANSWER = """
title: A tariff of one's own
question: What does a tariff of Canada do?
summary: Canada charges ten points. It does so on all goods.
headline: Canada's tariff
date: 2026-01-15
pair: [CAN, ROW]
measures:
  - id: own-tariff
    kind: tariff
    title: Own tariff
    authority: ca-retaliation
    importer: CAN
    exporters: all
    coverage: {default: 1}
    rate_pp: 10
    start: 2026-01-01
    status: announced
    assumed: true
    reason: A test.
"""


@pytest.fixture(scope="module")
def without_usa(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    aggregation = folder / "own.yaml"
    aggregation.write_text(TWO, encoding="utf-8")
    return build(None, folder / "tables", write_archive(folder), aggregation)


@pytest.fixture
def answer(tmp_path):
    path = tmp_path / "own-answer.yaml"
    path.write_text(ANSWER, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def without_soybeans(tmp_path_factory):
    """Tables like the embedded ones, but for soybeans and rare earths."""
    folder = tmp_path_factory.mktemp("no-soybeans")
    lines = AGGREGATION_FILE.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.strip().startswith(("SOY:", "RARE:"))]
    aggregation = folder / "kept.yaml"
    aggregation.write_text("\n".join(kept), encoding="utf-8")
    return build(DATA, folder / "tables", None, aggregation)


@pytest.fixture(scope="module")
def of_the_icio(tmp_path_factory):
    """Tables of the ICIO alone: nothing is carved out of its industries."""
    folder = tmp_path_factory.mktemp("icio")
    lines = AGGREGATION_FILE.read_text(encoding="utf-8").splitlines()
    aggregation = folder / "parents.yaml"
    aggregation.write_text("\n".join(line for line in lines if "carved_from" not in line))
    return build(None, folder / "tables", DATA / ICIO_ARCHIVE, aggregation)


def truce(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_baseline_without_the_united_states_runs(without_usa, answer):
    result = sim.run(answer, baseline=without_usa)
    assert result.pair == Pair("CAN", "ROW")
    assert result.value("effective_tariff_rate_before_substitution_change", "CAN", "ROW") == (
        pytest.approx(10)
    )
    assert result.value("imports_change", "CAN", "ROW", "GOODS") < 0
    path = sim.run(answer, baseline=without_usa, months=3)
    assert len(path.dates) == 3
    assert path.at(3).value("imports_change", "CAN", "ROW", "GOODS") < 0


def test_a_world_is_built_on_a_baseline(without_usa, answer):
    world = World(sim.load_baseline(without_usa))
    solved = world.solve(answer)
    assert solved.equilibrium.residual <= 1e-9
    assert world.axes.regions == ("CAN", "ROW")
    assert world.path(answer, 2).outcomes[1].equilibrium.residual <= 1e-9


def test_what_a_baseline_lacks_is_named(without_usa):
    with pytest.raises(ScenarioError, match="region 'USA' is not in this baseline"):
        sim.run("tariff-100", baseline=without_usa)


def test_the_command_takes_a_baseline(without_usa, answer):
    done = truce("run", answer, "--baseline", without_usa, "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)
    both = truce("compare", answer, "--baseline", without_usa)
    assert both.exit_code == 0, both.output
    refused = truce("run", "tariff-100", "--baseline", without_usa)
    assert refused.exit_code == 1
    assert "is not in this baseline" in refused.stderr
    nowhere = truce("run", answer, "--baseline", without_usa / "nowhere")
    assert nowhere.exit_code == 1
    assert "no such folder" in nowhere.stderr


def test_a_sweep_takes_a_baseline(without_usa, answer, tmp_path):
    study = {
        "title": "Own",
        "question": "How far does it move?",
        "scenarios": [str(answer)],
        "vary": {"elasticity_draw": {"draws": 3}},
        "design": {"kind": "latin-hypercube", "runs": 3, "seed": 1},
        "outputs": [{"variable": "real_income_change", "region": "CAN"}],
    }
    result = sweep(study, baseline=without_usa, jobs=1)
    values = result.values(Quantity("real_income_change", "CAN"))
    assert np.isfinite(values).all()
    assert len(values) == 3


@raw_data
def test_without_soybeans_every_scenario_that_needs_none_runs(without_soybeans):
    """Codes are those of the embedded tables, so that the numbers are nearly the same."""
    own = sim.run("tariff-100", baseline=without_soybeans)
    shipped = sim.run("tariff-100")
    for variable, partner in (("real_income_change", None), ("imports_change", "CHN")):
        assert own.value(variable, "USA", partner) == pytest.approx(
            shipped.value(variable, "USA", partner), rel=0.02
        )
    with pytest.raises(ScenarioError, match="sector 'SOY' is not in this baseline"):
        sim.run("soybean-purchases", baseline=without_soybeans)
    with pytest.raises(ScenarioError, match="sector 'RARE' is not in this baseline"):
        sim.run("rare-earth-enforced", baseline=without_soybeans)


@raw_data
def test_a_tree_without_soybeans_reports_the_rest_of_its_headline(without_soybeans):
    tree = collapse_tree("truce-extension", months=2, last=1, baseline=without_soybeans, jobs=1)
    assert Quantity("real_income_change", "USA") in tree.quantities
    assert len(tree.quantities) == len(HEADLINE) - 1
    with pytest.raises(InputError, match="unknown sector 'SOY'"):
        collapse_tree(
            "truce-extension",
            months=2,
            quantities=["real_factor_income|USA|TOTAL|SOY"],
            baseline=without_soybeans,
            jobs=1,
        )


@raw_data
def test_lists_are_carried_by_code(without_soybeans):
    own, embedded = load_own_baseline(without_soybeans), load_bundle()
    cars = own.economy.sectors.index("C29")
    there = embedded.economy.sectors.index("C29")
    assert set(own.coverage) == set(embedded.coverage)
    for name, table in embedded.coverage.items():
        np.testing.assert_allclose(own.coverage[name][..., cars], table[..., there], atol=1e-12)
    assert set(own.rates) == set(embedded.rates)
    assert all((table >= 0).all() for table in own.rates.values())
    assert all((table <= 1 + 1e-12).all() for table in own.coverage.values())


@raw_data
def test_a_duty_on_a_part_of_a_sector_falls_on_that_part(of_the_icio):
    """The law of October 2025 names chips, which the ICIO has inside electronics."""
    own = load_own_baseline(of_the_icio)
    embedded = load_bundle()
    assert own.carved == (("SOY", "A01"), ("SEMI", "C26"))
    whole, part = (embedded.economy.sectors.index(code) for code in ("C26", "SEMI"))
    value = embedded.economy.trade_flow * embedded.customs_factor
    there = own.economy.sectors.index("C26")
    np.testing.assert_allclose(
        own.parts["SEMI"][..., there] * (value[..., whole] + value[..., part]), value[..., part]
    )
    solved = World(own).solve("tariff-100")
    assert any("names SEMI" in words for words in solved.warnings)
    usa, china = (own.economy.importers.index(code) for code in ("USA", "CHN"))
    law = World(own).law(solved.scenario)
    act = "us-section-301-semiconductors-2025"
    without = law.with_measures(one for one in law.measures if one.id != act)
    day = solved.scenario.date
    added = (law.rate(day) - without.rate(day))[usa, china]
    expected = 0.25 * own.parts["SEMI"][usa, china, there]
    assert added[there] == pytest.approx(expected, rel=0.01)
    assert np.abs(np.delete(added, there)).max() < 1e-12
    assert solved.outcome.equilibrium.real_income_hat[usa] < 1


@raw_data
def test_a_purchase_of_a_part_is_refused(of_the_icio):
    with pytest.raises(ScenarioError, match="sector 'SOY' is not in this baseline"):
        sim.run("soybean-purchases", baseline=of_the_icio)
    with pytest.raises(ScenarioError, match="sector 'RARE' is not in this baseline"):
        sim.run("rare-earth-enforced", baseline=of_the_icio)
