"""The command line: text, JSON, exit codes, error words; one real process."""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import sim
from sim.cli.app import VERBS, app
from sim.errors import NotConverged, WorstMarket
from sim.outputs.results import RunResult

ROOT = Path(__file__).resolve().parents[2]

FIRST = ("tariff-100", "rare-earth-delay", "soybean-purchases", "truce-extension")
SCENARIOS = tuple(card.id for card in sim.list_scenarios())


def truce(*arguments, width=100, **environment):
    env = {"COLUMNS": str(width), "TERM": "dumb", "TRUCE_DEBUG": "", **environment}
    return CliRunner().invoke(app, list(arguments), env=env)


def test_list_names_every_scenario_and_its_question():
    result = truce("list")
    assert result.exit_code == 0
    listed = [line.split()[0] for line in result.stdout.splitlines()]
    assert listed == list(SCENARIOS)
    assert tuple(listed[:4]) == FIRST
    assert len(listed) >= 24
    assert "What if the additional 100 % duty" in result.stdout


def test_list_as_json():
    cards = json.loads(truce("list", "--json").stdout)
    assert {card["id"] for card in cards} == set(SCENARIOS)
    assert {"title", "question", "summary", "group", "order"} <= set(cards[0])


@pytest.mark.parametrize("width", [80, 100, 140])
def test_run_fits_the_terminal(width):
    result = truce("run", "tariff-100", width=width)
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= width
    assert "US goods imports from China fall by" in result.stdout
    assert "\x1b" not in result.stdout


def test_run_as_json_holds_headline_and_manifest():
    content = json.loads(truce("run", "tariff-100", "--set", "us_rate=60", "--json").stdout)
    assert content["scenario"] == "tariff-100"
    figure = content["figures"]["us_tariff_on_china_before"]
    assert figure["change"] == pytest.approx(38.16, abs=0.05)
    assert content["sentences"]
    assert content["rankings"]["third_countries_gain"]
    assert content["manifest"]["residual"] < 1e-9


def test_run_several_as_json_and_save(tmp_path):
    names = ("tariff-100", "truce-lapse")
    result = truce("run", *names, "--out", str(tmp_path), "--json")
    assert [run["scenario"] for run in json.loads(result.stdout)] == list(names)
    assert RunResult.load(tmp_path / "truce-lapse").id == "truce-lapse"


SAME_NAME = [str(ROOT / "tests/cases/scenarios/same-name" / place) for place in ("one", "two")]


@pytest.mark.parametrize("command", [["run"], ["compare"], ["run", "--months", "2"]])
def test_results_of_the_same_file_name_are_both_saved(command, tmp_path):
    files = [f"{place}/metals.yaml" for place in SAME_NAME]
    result = truce(command[0], *files, *command[1:], "--out", str(tmp_path))
    assert result.exit_code == 0, result.output
    assert "“Metals at 60” is saved in metals-2" in result.stderr
    titles = {folder.name: RunResult.load(folder).title for folder in tmp_path.iterdir()}
    assert titles == {"metals": "Metals at 25", "metals-2": "Metals at 60"}


def test_run_with_other_elasticities_and_against_2024():
    arguments = ("run", "truce-lapse", "--elasticities", "uniform4", "--against", "2024", "--json")
    content = json.loads(truce(*arguments).stdout)
    assert content["manifest"]["elasticities"] == "uniform4"
    assert content["against"] == "the economy of 2024"


@pytest.mark.parametrize("width", [80, 120, 140])
def test_compare_without_names_compares_the_articles(width):
    result = truce("compare", width=width)
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= width
    text = " ".join(result.stdout.split())
    assert "is worth" in text
    assert "because without it “Rare-earth licences enforced” would hold" in text
    assert "because without it “The truce lapses” would hold" in text
    assert "Stated by the articles" in text
    assert "Assumed here" in text


def test_compare_as_json(tmp_path):
    result = truce("compare", "truce-extension", "--json", "--out", str(tmp_path))
    content = json.loads(result.stdout)
    assert content["runs"][0]["scenario"] == "truce-extension"
    assert content["worths"][0]["counterpart"] == "truce-lapse"
    assert content["worths"][0]["figures"]["us_real_income"]["change"] > 0
    assert content["runs"][0]["against"] == "truce-lapse"
    assert (tmp_path / "truce-extension" / "manifest.json").is_file()


def test_check_passes_shipped_files_and_names_every_problem(tmp_path):
    assert truce("check").exit_code == 0
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text("title: Bad\nquestion: Why?\nextends: tarif-100\n")
    result = truce("check", str(tmp_path))
    assert result.exit_code == 1
    errors = result.stderr.splitlines()
    assert len([line for line in errors if "Did you mean 'tariff-100'" in line]) == 2
    problems = json.loads(truce("check", str(tmp_path), "--json").stdout)
    assert {Path(problem["file"]).name for problem in problems} == {"one.yaml", "two.yaml"}


def test_sources_names_articles_assumptions_data_and_grades():
    text = " ".join(truce("sources", "rare-earth-delay").stdout.split())
    for words in ("article 001", "assumption", "fontagne2022", "Inter-Country", "Grades: A"):
        assert words in text
    content = json.loads(truce("sources", "rare-earth-delay", "--json").stdout)
    assert content["baseline_sources"]
    assert all("grade" in entry for entry in content["sources"])


def test_version():
    assert truce("version").stdout.strip() == sim.__version__
    assert json.loads(truce("version", "--json").stdout) == {"version": sim.__version__}
    assert f'version = "{sim.__version__}"' in (ROOT / "pyproject.toml").read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "tarif-100"], "Did you mean 'tariff-100'?"),
        (["run", "tariff-100", "--set", "us_rat=3"], "Did you mean 'us_rate'?"),
        (["run", "tariff-100", "--set", "us_rate=300"], "Write a number from 0 to 150"),
        (["run", "tariff-100", "--set", "us_rate=nan"], "Write a number from 0 to 150"),
        (["run", "tariff-100", "--set", "us_rate"], "Write --set us_rate=60"),
        (["run", "tariff-100", "--set", "=5"], "Write --set us_rate=60"),
        (["run", "tariff-100", "--elasticities", "mine"], "Write one of fontagne2022"),
        (["run", "tariff-100", "--against", "2023"], "Write own, baseline or 2024"),
        (["run", "missing.yaml"], "missing.yaml"),
        (["compare", "tariff-100", "--set", "frob=1"], "has a lever 'frob'"),
        (["sources", "frob"], "'frob' does not exist"),
        (["check", "no-such-folder"], "no such file or folder"),
        (["baseline", "build", "--data", "no-such-folder", "--out", "x"], "no such folder"),
        (["baseline", "build", "--icio", "x.csv"], "--icio without --out"),
    ],
)
def test_bad_input_is_one_readable_line(arguments, words):
    result = truce(*arguments)
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: ")
    assert words in line
    assert result.stdout == ""


@pytest.mark.parametrize(
    "arguments", [["frob"], ["run"], ["run", "--frob"], ["dashboard", "--port", "x"]]
)
def test_wrong_usage_exits_with_1_too(arguments):
    result = truce(*arguments)
    assert result.exit_code == 1
    assert "Traceback" not in result.stderr


def no_answer(*arguments, **options):
    raise NotConverged(0.5, 1e-9, WorstMarket("price index", "CHN", "SOY"), "Try a smaller shock.")


def test_no_convergence_exits_with_2(monkeypatch):
    monkeypatch.setattr(importlib.import_module("sim.engine.runs"), "run", no_answer)
    result = truce("run", "tariff-100")
    assert result.exit_code == 2
    assert "worst market: price index, CHN SOY" in result.stderr


def test_debug_shows_the_error_itself(monkeypatch):
    monkeypatch.setattr(importlib.import_module("sim.engine.runs"), "run", no_answer)
    assert isinstance(truce("run", "tariff-100", TRUCE_DEBUG="1").exception, NotConverged)


def test_dashboard_binds_to_localhost(monkeypatch):
    called = []

    class Streamlit:
        @staticmethod
        def main():
            called.append(sys.argv)
            return 0

    monkeypatch.setattr(sys, "argv", ["truce"])
    monkeypatch.setattr("sim.cli.dashboard_command.import_module", lambda name: Streamlit)
    assert truce("dashboard", "--port", "8599", "--headless").exit_code == 0
    (arguments,) = called
    assert arguments[:2] == ["streamlit", "run"]
    assert Path(arguments[2]).name == "app.py"
    assert "--server.address=localhost" in arguments
    assert "--server.port=8599" in arguments
    assert "--server.headless=true" in arguments


def test_dashboard_that_is_not_installed_says_what_to_do(monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr("sim.cli.dashboard_command.import_module", missing)
    result = truce("dashboard")
    assert result.exit_code == 1
    assert "Install 'truce-sim[dashboard]'" in result.stderr


def process(*arguments):
    code = "import sys; from sim.cli import main; sys.argv[0] = 'truce'; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "COLUMNS": "100"},
    )


def test_a_real_process():
    good = process("run", "soybean-purchases", "--set", "purchases_mmt=20")
    assert good.returncode == 0
    assert good.stderr == ""
    assert "\x1b" not in good.stdout
    assert "subsidy" in good.stdout
    bad = process("run", "tarif-100")
    assert bad.returncode == 1
    assert bad.stderr == (
        "error: scenario 'tarif-100' does not exist. Did you mean 'tariff-100'?\n"
    )


def test_list_imports_nothing_heavy():
    code = (
        "import sys; from sim.cli.app import app\n"
        "try: app(['list'])\nexcept SystemExit: pass\n"
        "print([m for m in ('numpy', 'scipy', 'pandas', 'pyarrow', 'rich', 'sim.run')"
        " if m in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert shown.stdout.splitlines()[-1] == "[]"


def test_a_verb_imports_no_other_verb():
    code = (
        "import sys; from sim.cli.app import app\n"
        "try: app(['list'])\nexcept SystemExit: pass\n"
        "print(sorted(m for m in sys.modules if m.endswith('_command')))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert shown.stdout.splitlines()[-1] == "['sim.cli.list_command']"


def test_the_help_names_every_verb_and_each_has_its_file():
    shown = truce("--help").stdout
    for verb, place in VERBS.items():
        assert f"  {verb} " in shown
        assert place.startswith(f"sim.cli.{verb}_command:")
        assert truce(verb, "--help").exit_code == 0
    assert "Build baseline tables" in truce("baseline", "--help").stdout


def test_an_unknown_verb_gets_a_suggestion():
    result = truce("comare")
    assert result.exit_code == 1
    assert "Did you mean" in result.stderr
    assert "compare" in result.stderr
