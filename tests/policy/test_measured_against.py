"""What a scenario is measured against: stated, inherited, and never the file itself."""

import datetime as dt

from sim.policy.library.loader import load_scenario
from tests.strategies_policy import ROOT, shipped_axes

AXES = shipped_axes()
CASES = ROOT / "tests" / "cases" / "scenarios"
HEAD = "title: x\nquestion: y?\n"


def loaded(folder, text, name="child"):
    path = folder / f"{name}.yaml"
    path.write_text(HEAD + text)
    return load_scenario(path, AXES)


def against(scenario):
    return scenario.baseline, scenario.baseline_date


def test_a_child_has_the_baseline_and_the_day_of_its_parent():
    child = load_scenario(CASES / "geneva-once-more.yaml", AXES)
    parent = load_scenario("geneva-2025", AXES)
    assert against(child) == against(parent) == ("history", dt.date(2025, 5, 13))
    assert (child.date, child.pair, child.digest) == (parent.date, parent.pair, parent.digest)


def test_a_grandchild_has_them_too(tmp_path):
    loaded(tmp_path, "extends: geneva-2025\n", "between")
    assert against(loaded(tmp_path, "extends: between\n")) == ("history", dt.date(2025, 5, 13))


def test_a_day_of_its_own_wins(tmp_path):
    child = loaded(tmp_path, "extends: geneva-2025\nbaseline_date: 2025-04-01\n")
    assert against(child) == ("history", dt.date(2025, 4, 1))


def test_a_day_is_not_taken_over_to_another_baseline(tmp_path):
    child = loaded(tmp_path, "extends: geneva-2025\nbaseline: baseline-2025-10\n")
    assert against(child) == ("baseline-2025-10", None)
    same = loaded(tmp_path, "extends: geneva-2025\nbaseline: history\n")
    assert against(same) == ("history", dt.date(2025, 5, 13))


def test_a_child_of_a_baseline_is_measured_against_that_baseline(tmp_path):
    assert against(loaded(tmp_path, "extends: history\n")) == ("history", None)
    assert against(load_scenario("baseline-today", AXES)) == (None, None)


def test_a_counterpart_is_taken_over_with_the_same_measures_only(tmp_path):
    parent = load_scenario("truce-extension", AXES)
    same = loaded(tmp_path, "extends: truce-extension\n")
    assert (same.counterpart, same.counterpart_reason) == (
        parent.counterpart,
        parent.counterpart_reason,
    )
    changed = loaded(tmp_path, "extends: truce-extension\nmeasures: [cn-ship-fees-2025]\n")
    assert (changed.counterpart, changed.counterpart_reason) == (None, "")
    less = loaded(tmp_path, "extends: truce-extension\ndisable: [truce-extension-us]\n")
    assert less.counterpart is None


def test_a_file_called_like_a_shipped_scenario_extends_the_shipped_one(tmp_path):
    child = loaded(tmp_path, "extends: geneva-2025\n", "geneva-2025")
    assert child.digest == load_scenario("geneva-2025", AXES).digest
