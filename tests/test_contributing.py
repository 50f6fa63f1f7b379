"""The worked examples of CONTRIBUTING.md, run as they stand there: a measure and a variable."""

import datetime as dt
import json
import os
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest

import sim
from sim.engine.world import World
from sim.policy.library.loader import check_paths
from tests.strategies_policy import ROOT, shipped_axes

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
DAY = dt.date(2026, 1, 15)
AXES = shipped_axes()
CARS = tuple(
    axis.index(code)
    for axis, code in ((AXES.regions, "EU27"), (AXES.regions, "CHN"), (AXES.sectors, "C29"))
)
ASK = """\
import json, sim
result = sim.run("tariff-100")
words = ("USA", "CHN", "GOODS")
names = ("imports", "exports", "goods_deficit")
keys = [name + end for name in names for end in ("", "_change")]
answers = {key: result.value(key, *words) for key in keys}
answers["china"] = result.value("goods_deficit", "CHN", "USA", "GOODS")
answers["vietnam"] = result.value("goods_deficit_change", "USA", "VNM", "GOODS")
print(json.dumps(answers))
"""


def section(heading):
    """Text of the section under this heading."""
    _, _, rest = TEXT.partition(f"\n## {heading}\n")
    assert rest, heading
    return rest.partition("\n## ")[0]


def files_written(text):
    """YAML blocks by the path that the line before each names."""
    blocks = re.findall(
        r"`(scenarios/[^`]+\.yaml)`[^`\n]*(?:`[^`]*`[^`\n]*)*:\n\n```yaml\n(.*?)```", text, re.S
    )
    assert len(blocks) == text.count("```yaml")
    return dict(blocks)


def changes_of(text):
    """Pairs of old and new text by file, from the one diff of a section."""
    (block,) = re.findall(r"```diff\n(.*?)```", text, re.S)
    _, *parts = re.split(r"^--- (.+)\n", block, flags=re.M)
    changes = {}
    for path, lines in zip(parts[::2], parts[1::2], strict=True):
        kept = [line[1:] for line in lines.splitlines() if line[:1] == " "]
        changes[path] = "\n".join(kept) + "\n", "\n".join(x[1:] for x in lines.splitlines()) + "\n"
    return changes


@pytest.fixture
def scenario_file(tmp_path):
    """The scenario of the page in a folder of its own, with the measure that it lists."""
    files = files_written(section("A new measure"))
    for name, text in files.items():
        path = tmp_path / name.removeprefix("scenarios/")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (scenario,) = tmp_path.glob("*.yaml")
    assert list((tmp_path / "measures").glob("*.yaml"))
    return scenario


def test_the_new_measure_has_no_problems(scenario_file):
    assert check_paths([scenario_file.parent], AXES) == []


def test_the_new_measure_is_law_on_its_flow_and_on_no_other(scenario_file):
    world = World()
    scenario = world.scenario(scenario_file)
    law = world.law(scenario)
    before = world.law(world.scenario("baseline-2025-10")).on(DAY).tariff_rate
    added = law.on(DAY).tariff_rate - before
    assert scenario.date == DAY
    assert added[CARS] == pytest.approx(0.2 * 0.5)
    added[CARS] = 0.0
    assert np.abs(added).max() < 1e-12


def test_the_new_measure_runs_and_its_lever_moves_it(scenario_file):
    result = sim.run(scenario_file)
    assert result.value("imports_change", "EU27", "CHN", "C29") < -1000
    assert result.manifest["warnings"] == []
    still = sim.run(scenario_file, levers={"eu_rate": 0})
    assert still.value("imports_change", "EU27", "CHN", "C29") == pytest.approx(0.0, abs=1e-3)


def test_the_new_variable_is_in_the_result_table(tmp_path):
    shutil.copytree(ROOT / "sim", tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("scenarios", "seeds"):
        (tmp_path / name).symlink_to(ROOT / name)
    changes = changes_of(section("A new variable"))
    assert len(changes) == 3
    for name, (old, new) in changes.items():
        source = (tmp_path / name).read_text(encoding="utf-8")
        assert source.count(old) == 1, (name, old)
        (tmp_path / name).write_text(source.replace(old, new), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    for end in ("", "_change"):
        deficit = found[f"imports{end}"] - found[f"exports{end}"]
        assert found[f"goods_deficit{end}"] == pytest.approx(deficit, rel=1e-9)
    assert found["china"] == pytest.approx(-found["goods_deficit"])
    assert found["goods_deficit_change"] < 0 < found["vietnam"]
