"""The commands `truce sweep` and `truce game`."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import sim
from sim.cli.app import app
from sim.engine.runs import run
from sim.study.point import Runner
from sim.study.sweeps.ranges import STORED, STUDY, ranges_of
from tests.alike import assert_same_text
from tests.study.test_study_sweep import failing

ROOT = Path(__file__).resolve().parents[2]

TEXT = """title: Three rates
question: What do they cost?
scenarios: [tariff-100]
vary:
  us_rate: {values: [0, 60, 145]}
design: {kind: grid}
outputs:
  - {variable: real_income_change, region: [USA, CHN]}
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "three.yaml"
    path.write_text(TEXT)
    return path


def truce(*arguments):
    env = {"COLUMNS": "100", "TERM": "dumb", "TRUCE_DEBUG": ""}
    return CliRunner().invoke(app, [str(argument) for argument in arguments], env=env)


def test_sweep_reports_and_saves_and_resumes(file, tmp_path):
    out = tmp_path / "out"
    first = truce("sweep", file, "--out", out)
    assert first.exit_code == 0, first.stderr
    assert "Real income, change, USA (percent)" in first.stdout
    assert "3 of 3 runs" in first.stderr
    assert f"saved in {out}" in first.stderr.replace("\n", "")
    parts = {path: path.stat().st_mtime_ns for path in (out / "parts").iterdir()}
    again = truce("sweep", file, "--out", out)
    assert again.stdout == first.stdout
    assert {path: path.stat().st_mtime_ns for path in (out / "parts").iterdir()} == parts
    report = truce("sweep", "report", out)
    assert report.stdout == first.stdout
    assert max(map(len, report.stdout.splitlines())) <= 100
    content = json.loads(truce("sweep", "report", out, "--json").stdout)
    (band, _) = content["bands"]
    assert (band["number"], band["runs"]) == ("real_income_change|USA", 3)
    assert band["p95"] == pytest.approx(0, abs=0.05)


def test_dry_run_counts_and_runs_nothing(file, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = truce("sweep", file, "--dry-run")
    assert result.exit_code == 0
    for words in ("runs 3", "parts 1", "us_rate=60", "rough guess"):
        assert words in result.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["three.yaml"]
    content = json.loads(truce("sweep", file, "-n", "--json").stdout)
    assert content["runs"] == 3
    assert len(content["first_rows"]) == 3


@pytest.mark.parametrize(
    ("kind", "name", "head"),
    [
        ("csv", "results.csv", "run,scenario,variable"),
        ("iamc", "iamc.csv", "model,scenario,region,variable,unit,year"),
    ],
)
def test_formats(file, tmp_path, kind, name, head):
    assert truce("sweep", file, "--out", tmp_path / "o", "--format", kind).exit_code == 0
    assert (tmp_path / "o" / name).read_text().startswith(head)


def test_seed_is_part_of_the_specification(file, tmp_path):
    file.write_text(
        TEXT.replace("kind: grid", "kind: sobol, runs: 2").replace(
            "values: [0, 60, 145]", "min: 0, max: 150"
        )
    )
    digests = {
        json.loads(truce("sweep", file, "-n", "--json", "--seed", seed).stdout)["digest"]
        for seed in (1, 2)
    }
    assert len(digests) == 2
    assert "Write 0 or more" in truce("sweep", file, "--seed", "-1").stderr


def test_a_failed_run_ends_the_sweep_or_is_a_row(file, tmp_path, monkeypatch):
    failing(monkeypatch, 60.0)
    stopped = truce("sweep", file, "--out", tmp_path / "a")
    assert stopped.exit_code == 2
    assert "--keep-going" in stopped.stderr
    kept = truce("sweep", file, "--out", tmp_path / "a", "--keep-going")
    assert kept.exit_code == 1
    assert "1 runs failed" in kept.stdout
    assert "worst market" in " ".join(kept.stdout.split())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["sweep", "missing.yaml"], "missing.yaml"),
        (["sweep", "report"], "Write: truce sweep report DIR"),
        (["sweep", "report", "missing"], "no sweep in this folder"),
        (["sweep", "a.yaml", "b.yaml"], "2 studies"),
        (["sweep", str(ROOT / "scenarios" / "studies" / "truce-game.yaml")], "truce game"),
        (["game", str(ROOT / "scenarios" / "studies" / "tariff-rate.yaml")], "truce sweep"),
        (["game", "missing.yaml"], "missing.yaml"),
    ],
)
def test_bad_input_is_one_readable_line(arguments, words):
    result = truce(*arguments)
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: ")
    assert words in line


def test_jobs_below_one_are_refused(file):
    assert "Write a number from 1" in truce("sweep", file, "--jobs", "0").stderr


def test_game_shows_payoffs_and_equilibria():
    path = ROOT / "scenarios" / "studies" / "truce-game.yaml"
    result = truce("game", path)
    assert result.exit_code == 0
    assert "Nash equilibrium" in result.stdout
    assert "keep" in result.stdout
    content = json.loads(truce("game", path, "--json").stdout)
    assert content["players"] == ["USA", "CHN"]
    assert len(content["payoffs"]) == 2


def test_check_covers_studies(tmp_path):
    folder = tmp_path / "studies"
    folder.mkdir()
    bad = folder / "bad.yaml"
    bad.write_text(TEXT.replace("us_rate", "us_rat"))
    result = truce("check", tmp_path)
    assert result.exit_code == 1
    assert "Did you mean 'us_rate'?" in result.stderr
    bad.write_text(TEXT)
    assert truce("check", tmp_path).exit_code == 0


def test_a_real_process_on_two_workers(file, tmp_path):
    code = "import sys; from sim.cli import main; sys.argv[0] = 'truce'; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "sweep", str(file), "--out", str(tmp_path / "o"), "-j", "2"],
        capture_output=True, text=True, check=False, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "COLUMNS": "100"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert "3 of 3 runs" in done.stderr


def test_the_commands_import_nothing_heavy():
    code = (
        "import sys; import sim.cli\n"
        "print([m for m in ('numpy', 'scipy', 'pyarrow', 'rich', 'sim.run', 'pydantic')"
        " if m in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert "numpy" not in shown.stdout


# Ranges ------------------------------------------------------------------------------------------


def test_every_headline_number_of_the_library_has_its_range():
    """After a change of data or scenarios, `make ranges` makes them anew (a minute or two)."""
    stored = json.loads(STORED.read_text())
    for name in stored["scenarios"]:
        ranges = ranges_of(run(name))
        assert ranges, f"{name}: run `make ranges`"
        low, high = ranges["us_real_income"]
        assert low <= high
    result = run("tariff-100")
    low, high = ranges_of(result)["us_imports_from_china"]
    change = result.value("imports_change", "USA", "CHN", "GOODS") / 1e3
    assert low < change < high, "the number itself lies within"


def test_ranges_belong_to_one_run_only():
    assert ranges_of(sim.run("tariff-100", levers={"us_rate": 60})) == {}
    assert ranges_of(sim.run("tariff-100", elasticities="uniform4")) == {}
    assert ranges_of(sim.run("tariff-100", against="2024")) == {}


def test_ranges_are_those_of_the_shipped_study():
    path = ROOT / "scenarios" / STUDY
    assert path.is_file()
    text = truce("run", "tariff-100").stdout
    assert "5 to 95 %" in text
    assert "5 to 95 %" not in truce("run", "tariff-100", "--set", "us_rate=60").stdout


def test_a_run_of_the_ranges_is_a_run(monkeypatch):
    """A draw changes the economy, and with it the baseline of the scenario."""
    from sim.outputs.pick import Quantity
    from sim.study.point import Draw

    runner = Runner("truce-lapse")
    key = Quantity("real_income_change", "USA")
    plain, one, other = (
        runner.values({}, [key], draw=draw)[key] for draw in (None, Draw(1), Draw(2))
    )
    assert len({plain, one, other}) == 3
    assert runner.values({}, [key], draw=Draw(1))[key] == pytest.approx(one, rel=1e-7)


def test_a_disk_that_is_really_full(file, tmp_path):
    """On a file system of 12 kB, three pages of four."""
    small = tmp_path / "small"
    small.mkdir()
    alone = ["unshare", "--mount", "--map-root-user"]
    mount = f"mount -t tmpfs -o size=12k none {small}"
    tried = shutil.which("unshare") and subprocess.run(
        [*alone, "sh", "-c", mount], capture_output=True, check=False
    )
    if not tried or tried.returncode:
        pytest.skip("NO SMALL DISK: this machine lets nobody mount one (unshare --mount)")
    command = f"{mount} && {sys.executable} -m sim sweep {file} --out {small / 'out'}"
    found = subprocess.run(
        [*alone, "sh", "-c", f"{command}; code=$?; find {small} -name '*.parquet'; exit $code"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode == 1
    assert "the disk is full. Free some space" in found.stderr
    assert "Traceback" not in found.stderr
    assert "parts" not in found.stdout  # no half part is left


@pytest.mark.filterwarnings("ignore")
def test_sweep_on_a_cluster(file, tmp_path):
    """The option --cluster against a real scheduler with two worker processes."""
    distributed = pytest.importorskip("distributed", reason="the cluster extra is not installed")
    environment = {"PYTHONPATH": str(ROOT)}
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, env=environment
    ) as cluster:
        there = truce(
            "sweep", file, "--out", tmp_path / "there", "--cluster", cluster.scheduler_address
        )
    assert there.exit_code == 0, there.stderr
    assert_same_text(there.stdout, truce("sweep", file, "--out", tmp_path / "here").stdout)
