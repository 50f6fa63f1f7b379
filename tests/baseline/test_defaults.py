import subprocess
import sys
from pathlib import Path

from sim.baseline import defaults

ROOT = Path(__file__).parents[2]
BUILDERS = ROOT / "sim" / "baseline" / "build" / "elasticity_sets.py"


def test_the_default_set_is_named_once():
    files = [path for folder in ("sim", "dashboard") for path in (ROOT / folder).rglob("*.py")]
    naming = {
        path.relative_to(ROOT).as_posix(): text.count(f'"{defaults.ELASTICITIES}"')
        for path in files
        if path != BUILDERS and f'"{defaults.ELASTICITIES}"' in (text := path.read_text("utf-8"))
    }
    assert naming == {"sim/baseline/defaults.py": 1}


def test_the_defaults_are_light_to_import():
    loaded = "import sys, sim.baseline.defaults; print('numpy' in sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "False"
