"""How files become scenarios: levers, inheritance, order, spoilt values."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.policy.language.yamlio import parse_document
from sim.policy.library.loader import check_paths, list_scenarios, load_scenario
from tests.strategies_policy import ROOT, shipped_axes

AXES = shipped_axes()
SCENARIOS = ROOT / "scenarios"
NAMES = [card.id for card in list_scenarios()]


def load(name, **levers):
    return load_scenario(name, AXES, levers=levers)


# --- levers --------------------------------------------------------------------------------------


def test_a_lever_moves_its_measure_and_nothing_else():
    moved, still = load("tariff-100", us_rate=60), load("tariff-100")
    changed = [a.id for a, b in zip(moved.measures, still.measures, strict=True) if a != b]
    assert changed == ["us-additional-tariff-threat-2025-10-10"]
    assert moved.digest != still.digest
    assert {lever.id: lever.value for lever in moved.levers}["us_rate"] == 60


def test_the_mobility_lever_is_an_assumption_of_the_model():
    assert load("truce-lapse").assumptions == {"factor_mobility": 1.5}
    assert load("truce-lapse", factor_mobility=3).assumptions == {"factor_mobility": 3}


def test_a_lever_at_its_default_changes_no_digest():
    for name in NAMES:
        scenario = load(name)
        again = load(name, **{lever.id: lever.default for lever in scenario.levers})
        assert again.digest == scenario.digest


@settings(max_examples=20)
@given(st.sampled_from(NAMES), st.data())
def test_every_value_within_range_loads(name, data):
    levers = {}
    for lever in load(name).levers:
        steps = int((lever.max - lever.min) / lever.step + 1e-9)
        levers[lever.id] = lever.min + lever.step * data.draw(st.integers(0, steps))
    scenario = load(name, **levers)
    assert {lever.id: lever.value for lever in scenario.levers} == pytest.approx(levers)


# --- files of the user ---------------------------------------------------------------------------

MINE = """\
title: Mine
question: What if?
extends: truce-extension
date: 2025-12-01
measures:
  - us-additional-tariff-threat-2025-10-10
  - {id: b-mine, kind: tariff, title: B, authority: hypothetical, importer: USA, exporters: [VNM],
     coverage: {default: 1}, rate: 0.05, start: 2025-11-01, status: threatened,
     assumed: true, reason: a test}
  - {id: a-mine, kind: trade-cost, title: A, importers: all, exporters: [CHN], cost_pct: 1,
     start: 2025-11-01, status: threatened, assumed: true, reason: a test}
disable: [us-section-232-2025, cn-retaliation-2025, truce-suspension-cn, truce-extension-cn]
"""


def write(folder, text):
    path = folder / "mine.yaml"
    path.write_text(text)
    return path


def test_a_users_file_extends_the_shipped_ones(tmp_path):
    scenario = load_scenario(write(tmp_path, MINE), AXES)
    ids = {measure.id for measure in scenario.measures}
    assert {"a-mine", "b-mine", "truce-extension-us"} <= ids
    assert not ids & {"us-section-232-2025", "cn-retaliation-2025"}
    assert (scenario.id, scenario.baseline) == ("mine", "baseline-2025-10")


def test_levers_of_disabled_measures_go_with_them(tmp_path):
    levers = {lever.id for lever in load_scenario(write(tmp_path, MINE), AXES).levers}
    in_time = {"snapback_hazard", "duration", "uncertainty_wedge"}
    assert levers == {"factor_mobility", "us_suspended", "fentanyl_rate"} | in_time


@given(st.randoms(use_true_random=False))
def test_the_order_of_lines_never_matters(tmp_path_factory, random):
    content = parse_document(MINE, "mine.yaml").content
    keys = list(content)
    random.shuffle(keys)
    shuffled = {}
    for key in keys:
        value = content[key]
        if isinstance(value, tuple):
            value = list(value)
            random.shuffle(value)
        shuffled[key] = value
    text = json.dumps(shuffled, default=str)
    text = re.sub(r'"(\d{4}-\d{2}-\d{2})"', r"\1", text)
    folder = tmp_path_factory.mktemp("order")
    expected = load_scenario(write(folder, MINE), AXES)
    found = load_scenario(write(folder, text), AXES)
    assert found.measures == expected.measures
    assert found.digest == expected.digest


def test_disabling_what_a_child_adds_again_is_the_identity(tmp_path):
    again = """\
title: Mine
question: What if?
extends: truce-extension
disable: [truce-extension-us]
measures: [truce-extension-us]
"""
    assert load_scenario(write(tmp_path, again), AXES).digest == load("truce-extension").digest


def test_a_measure_of_the_user_may_not_hide_a_shipped_one(tmp_path):
    (tmp_path / "measures").mkdir()
    name = "us-section-232-2025"
    shipped = (SCENARIOS / "measures" / f"{name}.yaml").read_text()
    (tmp_path / "measures" / f"{name}.yaml").write_text(shipped)
    text = f"title: Mine\nquestion: Why?\ndate: 2025-12-01\nmeasures: [{name}]\n"
    with pytest.raises(ScenarioError, match="exists in two folders"):
        load_scenario(write(tmp_path, text), AXES)


def test_a_broken_measure_of_the_user_reports_its_own_file(tmp_path):
    (tmp_path / "measures").mkdir()
    (tmp_path / "measures" / "x.yaml").write_text("id: x\nkind: tariff\ntitle: X\nrat: 3\n")
    text = "title: Mine\nquestion: Why?\ndate: 2025-12-01\nmeasures: [x]\n"
    with pytest.raises(ScenarioError, match=r"x.yaml:4 rat: unknown key 'rat'"):
        load_scenario(write(tmp_path, text), AXES)
    assert len(check_paths([tmp_path / "mine.yaml"], AXES)) > 3


JUNK = st.sampled_from([None, True, -1, 1e9, "x", "", [], {}, ["x"], {"x": 1}, [[1]], "2025-01-01"])


@settings(max_examples=60)
@given(st.data())
def test_a_shipped_file_with_one_value_spoilt_gives_one_readable_line(tmp_path_factory, data):
    path = data.draw(st.sampled_from(sorted((SCENARIOS / "measures").glob("*.yaml"))))
    content = parse_document(path.read_text(), path.name).content
    key = data.draw(st.sampled_from(sorted(content)))
    content = {**content, key: data.draw(JUNK)}
    text = json.dumps({"measures": [content]}, default=str)
    text = re.sub(r'"(\d{4}-\d{2}-\d{2})"', r"\1", text)
    head = '{"title": "x", "question": "x?", "date": 2025-12-01, '
    mine = write(tmp_path_factory.mktemp("spoilt"), head + text[1:])
    try:
        load_scenario(mine, AXES)
    except ScenarioError as error:
        raised = error
    else:
        return
    assert "mine.yaml:1" in str(raised)
    assert "\n" not in str(raised)
    assert raised.advice
