"""The path beside what happened in 2019 and 2025; needs the raw data."""

import dataclasses
import json
import os
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.errors import InputError
from sim.validation.backtest import (
    CHINA,
    EPISODES,
    LAGGED,
    MONTHLY_FILE,
    NO_CHANGE,
    OTHERS,
    PATH,
    REPOSITORY,
    STATIC,
    Backtest,
    backtests,
    monthly_imports,
)
from sim.validation.backtest_report import backtest_summary

DATA = Path(os.environ.get("TRUCE_DATA", REPOSITORY.parent / "shared" / "data"))
needs_data = pytest.mark.skipif(
    not (DATA / MONTHLY_FILE).is_file(), reason="the monthly imports of the raw data are absent"
)


@pytest.fixture(scope="module")
def found():
    return {(one.episode.name, one.partner): one for one in backtests(DATA)}


@needs_data
@pytest.mark.parametrize(
    ("episode", "partner", "path", "static"),
    [
        ("2025", CHINA, 3.6, 28.1),
        ("2019", CHINA, 3.8, 10.4),
        ("2025", OTHERS, 14.6, 20.7),
        ("2019", OTHERS, 2.8, 2.5),
    ],
)
def test_the_errors_stay_as_measured(found, episode, partner, path, static):
    one = found[episode, partner]
    assert one.error(PATH) == pytest.approx(path, abs=0.2)
    assert one.error(STATIC) == pytest.approx(static, abs=0.4)
    assert len(one.months) == len(one.actual) == 12


@needs_data
def test_on_china_the_path_beats_every_reference(found):
    for episode in ("2025", "2019"):
        one = found[episode, CHINA]
        assert one.error(PATH) < 0.4 * min(one.error(n) for n in (STATIC, LAGGED, NO_CHANGE))
        assert "better than" in one.verdict
    assert found["2025", CHINA].correlation(PATH) > 0.95
    assert found["2019", CHINA].correlation(PATH) > 0.6


@needs_data
def test_where_the_path_fails_it_says_so(found):
    assert "within the goal" in found["2025", CHINA].verdict
    assert "within the goal" in found["2019", CHINA].verdict
    assert "FAILS" in found["2025", OTHERS].verdict
    assert "FAILS" in found["2019", OTHERS].verdict


@needs_data
def test_actual_changes_are_those_of_the_file(found):
    data = monthly_imports(DATA)
    wanted = 100 * (data[2025, 5][CHINA] / data[2024, 5][CHINA] - 1)
    assert found["2025", CHINA].actual[4] == pytest.approx(wanted)
    assert found["2019", CHINA].months[0] == "2019-01"
    # One month at sea: nothing has arrived under the duties of February 2025 in January.
    assert found["2025", CHINA].model[PATH][0] == pytest.approx(0, abs=1e-6)


@needs_data
def test_the_command(monkeypatch):
    monkeypatch.setenv("TRUCE_DATA", str(DATA))
    env = {"COLUMNS": "80", "TERM": "dumb"}
    result = CliRunner().invoke(app, ["validate", "backtest"], env=env)
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert "calibration" in result.stdout
    assert "nothing was tuned" in " ".join(result.stdout.split())
    result = CliRunner().invoke(app, ["validate", "backtest", "--json"], env=env)
    content = json.loads(result.stdout)
    assert [one["episode"] for one in content["episodes"]] == ["2025", "2025", "2019", "2019"]
    assert content["episodes"][0]["models"]["no change"]["correlation"] is None


def test_without_the_data_the_message_is_clear(tmp_path):
    with pytest.raises(InputError, match="monthly imports are not there") as caught:
        monthly_imports(tmp_path)
    assert "TRUCE_DATA" in str(caught.value)
    result = CliRunner().invoke(app, ["validate", "backtest"], env={"TRUCE_DATA": str(tmp_path)})
    assert result.exit_code == 1
    assert "TRUCE_DATA" in result.stderr


def test_errors_and_verdicts_of_a_made_up_backtest():
    actual = np.array([1.0, 2.0, 3.0])
    model = {
        PATH: actual + 1.0,
        STATIC: 10.0 * actual,
        LAGGED: 10.0 * actual,
        NO_CHANGE: np.zeros(3),
    }
    one = Backtest(EPISODES[0], CHINA, ("a", "b", "c"), actual, model)
    assert one.error(PATH) == pytest.approx(1.0)
    assert one.error(NO_CHANGE) == pytest.approx(2.0)
    assert one.correlation(PATH) == pytest.approx(1.0)
    assert one.correlation(NO_CHANGE) is None
    assert "better than “no change” (2.0)" in one.verdict
    worse = dataclasses.replace(one, model={**model, PATH: actual + 5.0})
    assert "misses 4 points" in worse.verdict
    assert "FAILS" in worse.verdict
    (entry,) = backtest_summary([one])["episodes"]
    assert entry["models"][PATH]["mean_absolute_error_pp"] == 1.0
