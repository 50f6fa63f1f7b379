"""A sweep that is killed: nothing lost, nothing repeated, nobody left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from sim.study import sweep
from sim.study.sweeps.store import PARTS
from tests.study.test_study_sweep import alike, study

ROOT = Path(__file__).resolve().parents[2]

KILLED = """
import sys
from sim.study import sweep
from tests.study.test_study_kill import long_study
sweep(long_study(), out=sys.argv[1], jobs=1)
"""

LONGEST_WAIT = 180
"""Seconds: a busy machine may take long to start a process and to write its first part."""


def long_study():
    vary = {"us_rate": {"min": 0.0, "max": 150.0}, "coverage": {"min": 0.6, "max": 1.0}}
    design = {"kind": "latin-hypercube", "runs": 120, "seed": 3}
    return study(vary=vary, design=design, chunk=4)


def test_kill_minus_nine_at_random_points_loses_and_repeats_nothing(tmp_path):
    rng = np.random.default_rng(7)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
    parts = tmp_path / PARTS
    seen = {}
    for _ in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(tmp_path)], cwd=ROOT, env=environment
        )
        wanted = len(seen) + int(rng.integers(1, 7))
        deadline = time.monotonic() + LONGEST_WAIT
        while process.poll() is None and time.monotonic() < deadline:
            if parts.is_dir() and len(list(parts.glob("*.parquet"))) >= wanted:
                time.sleep(float(rng.uniform(0, 0.05)))
                break
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.wait()
        now = {path.name: path.stat().st_mtime_ns for path in parts.glob("*.parquet")}
        for name, stamp in seen.items():
            assert now[name] == stamp, "a finished part was written again"
        for name in now:
            pq.read_table(parts / name)  # whole, or not there
        seen = now
    assert 3 <= len(seen) < 30
    found = sweep(long_study(), out=tmp_path, jobs=1)
    now = {path.name: path.stat().st_mtime_ns for path in parts.glob("*.parquet")}
    assert len(now) == 30
    assert all(now[name] == stamp for name, stamp in seen.items())
    counts = np.bincount(found.table()["run"].to_numpy(), minlength=120)
    assert (counts == 3).all(), "each run has each of its three numbers once"
    assert not list(tmp_path.rglob("*.tmp"))
    alike(found, sweep(long_study(), jobs=1))


def test_workers_do_not_outlive_a_killed_sweep(tmp_path):
    code = KILLED.replace("jobs=1", "jobs=2").replace(
        "\nsweep(", "\nif __name__ == '__main__':\n    sweep("
    )
    script = tmp_path / "killed.py"
    script.write_text(code)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    parts = tmp_path / "out" / PARTS
    with subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "out")], env=environment
    ) as process:
        try:
            await_true(lambda: parts.is_dir() and any(parts.glob("*.parquet")))
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
            if not children.is_file():
                pytest.skip("needs /proc to see the children of a process")
            workers = [int(pid) for pid in children.read_text().split()]
            assert len(workers) >= 2
        finally:
            process.send_signal(signal.SIGKILL)
    await_true(lambda: not any(is_alive(pid) for pid in workers))


def await_true(holds):
    deadline = time.monotonic() + LONGEST_WAIT
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
