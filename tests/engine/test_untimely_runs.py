"""A run whose own measures are not in force on its day is not a silent `no change`."""

from typer.testing import CliRunner

import sim
from sim.cli.app import app
from sim.engine.runs import warnings
from tests.alike import assert_same_table
from tests.strategies_policy import ROOT

LATER = ROOT / "tests" / "cases" / "scenarios" / "later"
MOVED, FIXED = LATER / "starts-later.yaml", LATER / "fixed-too-early.yaml"
DUTY = ("effective_tariff_rate_before_substitution_change", "USA", "BRA")


def first_line(*arguments):
    env = {"COLUMNS": "300", "TERM": "dumb"}
    return CliRunner().invoke(app, list(arguments), env=env).stdout.splitlines()[0]


def test_a_file_without_a_date_is_evaluated_when_its_measures_are_in_force(tmp_path):
    result = sim.run(MOVED)
    assert result.manifest["date"] == "2025-11-01"
    assert result.value(*DUTY) > 20
    stated = tmp_path / MOVED.name
    stated.write_text(f"date: 2025-11-01\n{MOVED.read_text()}")
    assert_same_table(result.table, sim.run(stated).table)
    assert result.manifest["warnings"][0] == result.manifest["notice"]
    assert first_line("run", str(MOVED)).startswith("Note: evaluated on 2025-11-01, when the last")


def test_a_fixed_date_on_which_nothing_applies_is_told_first():
    result = sim.run(FIXED)
    assert result.value(*DUTY) == 0
    assert "none of its own measures is in force on 2025-10-30" in result.manifest["notice"]
    assert result.manifest["warnings"][0] == result.manifest["notice"]
    said = "Note: none of its own measures is in force on 2025-10-30"
    assert first_line("run", str(FIXED)).startswith(said)
    assert "A duty that starts later: none of its own" in first_line("compare", str(FIXED))
    assert "none of its own measures" in warnings([FIXED])[0]


def test_a_run_with_its_measures_in_force_has_no_notice():
    result = sim.run("tariff-100")
    assert "notice" not in result.manifest
    assert first_line("run", "tariff-100") == result.title
