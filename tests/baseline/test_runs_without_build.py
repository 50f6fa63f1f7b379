"""A run reads tables; it never imports what makes them."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

RUNS = """
import sys
import sim
from sim.engine.assumptions import model_assumptions
from sim.study.draws import row_of

sim.run("tariff-100")
sim.run("tariff-100", months=2)
model_assumptions()
row_of("SOY")
print(*sorted(name for name in sys.modules if name.startswith("sim.baseline")))
"""


def test_a_run_imports_nothing_of_the_build():
    told = subprocess.run(
        [sys.executable, "-c", RUNS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    imported = told.stdout.split()
    assert "sim.baseline.load" in imported
    assert [name for name in imported if name.startswith("sim.baseline.build")] == []
