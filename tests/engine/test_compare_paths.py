"""Paths side by side: months aligned, differences, worth, what is printed."""

import datetime as dt
import json

import numpy as np
import pytest
from typer.testing import CliRunner

import sim
from sim.cli.app import app
from sim.engine.path_comparison import PathComparison, compare_paths
from sim.errors import ScenarioError
from sim.outputs.headline import headline
from sim.outputs.results import RunResult
from tests.alike import near
from tests.strategies_policy import ROOT

LATE = """title: Late
question: What if?
extends: baseline-2025-10
date: 2025-12-01
measures:
  - {id: late-duty, kind: tariff, title: A late duty, importer: USA, exporters: [MEX], rate_pp: 10,
     coverage: {default: 1.0}, start: 2025-12-01, authority: ieepa-reciprocal, status: threatened,
     assumed: true, reason: a test}
"""


@pytest.fixture(scope="module")
def late(tmp_path_factory):
    path = tmp_path_factory.mktemp("late") / "late.yaml"
    path.write_text(LATE)
    return path


@pytest.fixture(scope="module")
def pair(late):
    return compare_paths([late, "tariff-100"], months=5)


def truce(*arguments):
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "100", "TERM": "dumb"})


def test_months_run_from_the_first_beginning_to_the_first_end(pair):
    """The tariff begins in November 2025, the late duty in December."""
    assert pair.dates[0] == dt.date(2025, 11, 1)
    assert pair.dates[-1] == dt.date(2026, 3, 1)
    assert list(pair.quarters) == ["2025 Q4", "2026 Q1"]
    assert pair.quarters["2025 Q4"] == (0, 1)


def test_every_figure_is_that_of_the_path_itself(pair):
    for path, result in enumerate(pair.results):
        for month in range(1, len(result.dates) + 1):
            date = result.dates[month - 1]
            if date not in pair.dates:
                continue
            for name, figure in headline(result.at(month)).figures.items():
                ours = pair.changes[name][path, pair.dates.index(date)]
                assert ours == pytest.approx(figure.change, abs=1e-9, rel=1e-12)


def test_before_it_departs_a_path_is_its_baseline(pair):
    assert pair.results[0].dates[0] == dt.date(2025, 12, 1)
    assert pair.changes["us_imports_from_china"][0, 0] == near(0)


def test_differences_and_worth_are_sums_over_months(pair):
    name = "us_gain"
    ours, theirs = pair.changes[name]
    np.testing.assert_allclose(pair.difference(name, 1), theirs - ours)
    assert pair.worth(name, 1) == pytest.approx((theirs - ours).sum() / 12)
    assert pair.worth(name, 1) < 0
    assert pair.worth("us_real_income", 1) is None
    quarters = pair.by_quarter(pair.changes[name])
    assert quarters.shape == (2, 2)
    assert quarters[1, 0] == pytest.approx(theirs[:2].mean())


def test_paths_on_other_baselines_are_not_subtracted():
    both = compare_paths(["truce-lapse", "november-2026"], months=1)
    assert not both.comparable(1)
    assert np.isnan(both.difference("us_gain", 1)).all()
    assert both.worth("us_gain", 1) is None
    content = both.to_dict()
    assert content["figures"]["us_gain"]["worth_usd_bn"] == [None]
    assert content["figures"]["us_gain"]["difference_by_quarter"][0][0] is None
    json.dumps(content, allow_nan=False)


def test_levers_go_to_those_that_have_them():
    both = compare_paths(
        ["technology-easing", "tariff-100"], months=2, levers={"us_rate": 0, "resourcing": 0.5}
    )
    assert np.abs(both.changes["us_gain"][1]).max() < 1e-4
    pace = [one.manifest["path"]["pace"]["resourcing"]["value"] for one in both.results]
    assert pace == [0.5, 0.5]
    with pytest.raises(ScenarioError, match="no scenario compared has a lever 'us_rte'"):
        compare_paths(["tariff-100"], months=1, levers={"us_rte": 1})


def test_the_same_scenario_twice_is_one_path():
    one = compare_paths(["truce-lapse", "truce-lapse"], months=1)
    assert len(one.results) == 1
    assert isinstance(one, PathComparison)
    assert one.to_dict()["figures"]["us_gain"]["worth_usd_bn"] == []


def test_the_command_prints_quarters_and_saves(tmp_path):
    done = truce(
        "compare", "truce-extension", "licence-mirror", "--months", "3", "--out", str(tmp_path)
    )
    assert done.exit_code == 0, done.output
    text = " ".join(done.stdout.split())
    assert "2025 Q4" in text
    assert "in all" in text
    assert "truce-extension means that something does not happen" in text
    assert "licence-mirror, rule: 2025-11: The 100 % tariff starts" in text
    again = RunResult.load(tmp_path / "licence-mirror")
    assert again.dates[0] == dt.date(2025, 11, 1)
    assert "soybean farmers" not in text
    more = truce("compare", "truce-extension", "tariff-100", "--months", "2", "--details").stdout
    assert "soybean farmers" in more


def test_the_command_prints_json(late, pair):
    done = truce("compare", str(late), "tariff-100", "--months", "5", "--json")
    content = json.loads(done.stdout)
    assert content["scenarios"] == ["late", "tariff-100"]
    assert content["months"][0] == "2025-11"
    ours = content["figures"]["us_gain"]["change"][1]
    assert ours == near(pair.changes["us_gain"][1].tolist())


def test_without_months_the_comparison_is_the_static_one():
    text = truce("compare", "truce-lapse").stdout
    assert "long run" in text
    assert sim.run("truce-lapse").manifest["residual"] <= 1e-9


def test_paths_of_the_same_file_name_are_both_saved(tmp_path):
    places = ("one", "two")
    files = [ROOT / f"tests/cases/scenarios/same-name/{place}/metals.yaml" for place in places]
    compare_paths(files, months=2).save(tmp_path)
    titles = {folder.name: RunResult.load(folder).title for folder in tmp_path.iterdir()}
    assert titles == {"metals": "Metals at 25", "metals-2": "Metals at 60"}


def test_a_path_that_begins_later_says_so(late):
    text = " ".join(truce("compare", str(late), "truce-lapse", "--months", "2").stdout.split())
    assert "late departs from its baseline in 2025-12; 0 before" in text


def test_what_prevents_is_shown_against_its_counterpart_and_subtracted_from_the_same_baseline():
    both = compare_paths(["truce-extension", "truce-lapse"], months=3)
    ours, theirs = both.changes["us_imports_from_china"]
    assert (ours > 1).all()
    assert (theirs < -1).all()
    assert both.comparable(1)
    # The truce itself changes nothing against October's law, so that the gap is that of the lapse.
    np.testing.assert_allclose(both.difference("us_imports_from_china", 1), theirs, rtol=1e-6)
