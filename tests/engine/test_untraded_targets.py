"""`truce check` finds the quantity targets that a run would refuse."""

import shutil

import pytest

import sim
from sim.engine.runs import check
from sim.errors import InputError
from tests.strategies_policy import ROOT

CASES = ROOT / "tests" / "cases" / "scenarios"
LICENCE = CASES / "licence-without-trade.yaml"
PROMISE = CASES / "purchases-without-trade.yaml"


@pytest.mark.parametrize(
    ("file", "line", "months"), [(LICENCE, 10, None), (PROMISE, 11, 5)], ids=["cap", "floor"]
)
def test_check_finds_what_a_run_refuses(file, line, months):
    with pytest.raises(InputError):
        sim.run(file, months=months)
    (problem,) = check([file])
    assert (problem.line, problem.field) == (line, "measures[0].sectors")
    assert problem.file.endswith(file.name)
    assert "nothing is traded from JPN to USA in B05_06" in problem.problem


def test_a_folder_is_searched_at_any_depth_and_each_problem_told_once(tmp_path):
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    shutil.copy(LICENCE, deep)
    assert len(check([tmp_path])) == len(check([tmp_path, deep, deep / LICENCE.name])) == 1


def test_what_trades_in_part_passes(tmp_path):
    path = tmp_path / "part.yaml"
    path.write_text(LICENCE.read_text().replace("[B05_06]", "[B05_06, C26]"))
    assert check([path]) == []
    assert sim.run(path).manifest["residual"] < 1e-9


def test_the_shipped_files_have_no_such_target():
    assert check() == []
