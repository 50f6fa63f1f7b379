"""A kind of measure owns its facts: all that others ask of it, and a kind that is only a file."""

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sim.policy.language.act import Act
from sim.policy.language.kinds import KINDS
from sim.policy.language.schema import schema_json
from sim.policy.library.loader import list_scenarios, load_scenario
from tests.strategies_policy import ROOT, shipped_axes

NEW = Path(__file__).parent / "new_kind"
AXES = shipped_axes()
DAY = dt.date(2025, 12, 1)
MINE = """\
title: Goods wait
question: What if goods wait at the border?
extends: baseline-2025-10
measures:
  - id: us-inspection
    kind: inspection
    title: Goods wait at the border
    importer: USA
    exporters: [{exporter}]
    days: 3
    start: 2025-10-01
    status: announced
    assumed: true
    reason: a test
levers:
  days: {{path: us-inspection.days, min: 0, max: 60, label: Days at the border}}
"""


@pytest.fixture(scope="module")
def shipped():
    """One measure of each kind and scenario that ships."""
    scenarios = [load_scenario(card.id, AXES) for card in list_scenarios()]
    return [(scenario, measure) for scenario in scenarios for measure in scenario.measures]


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_names_fields_that_it_has(kind):
    measure = KINDS[kind]
    traits = measure.traits
    length = () if traits.length is None else traits.length[:1]
    named = {
        *traits.amount_fields,
        traits.by,
        traits.on,
        *length,
        *traits.added_later,
        *traits.in_new,
    }
    assert traits.label
    assert named - {None} <= set(measure.model_fields)
    assert bool(traits.unit) == bool(traits.amount_fields)


def test_each_kind_stands_in_its_own_file_and_is_found_there():
    folder = ROOT / "sim/policy/language/kinds"
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert {kind.replace("-", "_") for kind in KINDS} == files
    assert {measure.__module__.rpartition(".")[2] for measure in KINDS.values()} == files
    labels = [measure.traits.label for measure in KINDS.values()]
    assert len(set(labels)) == len(labels)


def test_every_shipped_measure_says_who_acts_and_how_much(shipped):
    for scenario, measure in shipped:
        by_id = {other.id: other for other in scenario.measures}
        actors = measure.actors(by_id, scenario.stacking.authorities)
        assert actors, (scenario.id, measure.id)
        assert actors <= set(AXES.regions)
        assert measure.size
        spells = measure.spells()
        assert spells[0].start == measure.first_day
        assert spells[-1].end == measure.end_day
        amount = measure.amount(DAY)
        assert amount is None or measure.traits.unit


def test_the_neutral_answers_move_nothing():
    measure = Act(
        id="a", kind="a", title="a", start=DAY, status="in-force", assumed=True, reason="x"
    )
    assert measure.quantity_target(AXES) is None
    assert measure.real_cost() is None
    assert measure.points_off(measure, 10.0) == 0
    assert not measure.lets_out_of(measure)
    assert not measure.takes_all_of(measure)
    assert list(measure.problems_beside({"a": measure})) == []


def test_the_schema_knows_every_kind_that_is_found():
    definitions = schema_json()["$defs"]
    assert {measure.__name__ for measure in KINDS.values()} <= set(definitions)


def test_a_new_kind_is_one_file(tmp_path):
    """A copy of the program with one more file in ``kinds/`` knows the kind everywhere."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "sim", tmp_path / "sim", ignore=ignored)
    for name in ("dashboard", "scenarios", "seeds"):
        (tmp_path / name).symlink_to(ROOT / name)
    shutil.copy(NEW / "inspection.py", tmp_path / "sim/policy/language/kinds")
    texts = {"good": MINE.format(exporter="CHN"), "bad": MINE.format(exporter="CHM, USA")}
    for name, text in texts.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    command = [sys.executable, NEW / "ask_everything.py", "good.yaml", "bad.yaml"]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout.splitlines()[-1])
    oneself, unknown = answers.pop("bad")
    assert "bad.yaml:9" in unknown
    assert "unknown region 'CHM'" in unknown
    assert "USA would inspect itself. Remove it." in oneself
    goods = len(AXES.sectors) - len(AXES.services)
    assert answers == {
        "check": [],
        "digest_moves": True,
        "flows_that_cost": goods,
        "largest_cost_pct": pytest.approx(2.1),
        "imports_fall": True,
        "in_schema": True,
        "in_reference": True,
        "row": {
            "Kind": "Customs inspection",
            "By": "USA",
            "On": "CHN",
            "Amount": 3.0,
            "Unit": "days",
        },
        "edited_days": 12.0,
        "typed_in": "USA",
        "act": ["USA", "Inspections", "3 days at the border"],
        "order": ["Cost of trading", "Customs inspection", "Threat"],
    }
