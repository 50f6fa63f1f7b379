"""What a page offers to take away gives the numbers of the page: file, command, Python lines."""

import shlex

import pytest

pytest.importorskip("streamlit", reason="the dashboard extra is not installed")

import sim
from dashboard.data import downloads, measure_rows, pins, reader_files, reproduction
from dashboard.data.catalog import cards, resolved
from sim.cli.terminal import levers_of
from sim.policy.library.loader import list_scenarios
from tests.alike import assert_same_table
from tests.strategies_policy import ROOT

NAMES = [card.id for card in list_scenarios()]
MOVED = {
    "tariff-100": (("us_rate", 61.23456789), ("factor_mobility", 2.5)),
    "rare-earth-enforced": (("substitution", 0.2),),
    "truce-extension": (("factor_mobility", 3.0),),
}


def table(name, levers=()):
    return sim.run(name, levers=dict(levers)).table


def saved(folder, name, levers=()):
    """The download under the name that the page gives it."""
    path = folder / f"{name}.yaml"
    path.write_text(downloads.scenario_yaml(name, levers), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", NAMES)
def test_a_download_gives_the_table_of_the_page(name, tmp_path):
    assert_same_table(table(saved(tmp_path, name)), table(name), name)


@pytest.mark.parametrize("name", MOVED)
def test_a_download_with_levers_moved_gives_the_table_of_the_page(name, tmp_path):
    assert_same_table(table(saved(tmp_path, name, MOVED[name])), table(name, MOVED[name]), name)


def test_downloads_in_one_folder_do_not_disturb_each_other(tmp_path):
    for name in NAMES:
        saved(tmp_path, name)
    for name in ("geneva-2025", "baseline-today", "november-2026"):
        assert_same_table(table(tmp_path / f"{name}.yaml"), table(name), name)


@pytest.mark.parametrize("name", NAMES)
def test_the_command_and_the_python_lines_name_the_run_of_the_page(name):
    levers = tuple((state.id, (state.min + 2 * state.max) / 3) for state in resolved(name).levers)
    words = shlex.split(reproduction.command(name, levers))
    assert words[:3] == ["truce", "run", name]
    assert words[3::2] == ["--set"] * len(levers)
    assert levers_of(words[4::2]) == dict(levers)
    asked = []
    lines = reproduction.python_lines(name, levers).split("\n\n")[1]
    exec(lines.replace("sim.run", "run").replace("result.table", ""), {"run": _noting(asked)})
    assert asked == [(name, dict(levers))]


def _noting(asked):
    def run(name, levers=None):
        asked.append((name, levers or {}))

    return run


@pytest.mark.parametrize("name", MOVED)
def test_the_python_lines_give_the_table_of_the_page(name):
    names = {}
    exec(reproduction.python_lines(name, MOVED[name]), names)
    assert_same_table(names["result"].table, table(name, MOVED[name]), name)
    assert names["path"].is_path


@pytest.mark.parametrize("name", MOVED)
def test_a_link_holds_the_levers_to_the_last_digit(name):
    pin = pins.Pin(name, MOVED[name], "x")
    (read,), refused = pins.read(pins.written([pin]), cards())
    assert (dict(read.levers), refused) == (dict(MOVED[name]), [])


@pytest.mark.parametrize("name", ["geneva-2025", "canada-answer", "truce-extension"])
def test_a_changed_table_says_what_it_is_measured_against(name, tmp_path):
    base = measure_rows.starting_scenario(name)
    text = measure_rows.draft(measure_rows.rows(name, ()), base, (), "Mine").text
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    mine, theirs = sim.run(path), sim.run(name)
    assert_same_table(
        mine.table.drop_columns(["scenario"]), theirs.table.drop_columns(["scenario"])
    )
    for field in ("baseline", "baseline_date", "counterpart", "counterpart_reason", "pair"):
        assert mine.scenario[field] == theirs.scenario[field]


def test_a_readers_default_does_not_undo_a_lever_that_is_moved(tmp_path):
    text = "title: x\nquestion: y?\nextends: tariff-100\nlever_defaults: {us_rate: 40}\n"
    name = reader_files.keep(text)
    levers = (("us_rate", 70.0),)
    path = tmp_path / "my-scenario.yaml"
    path.write_text(downloads.scenario_yaml(name, levers))
    given = sim.run(reader_files.READER_FILES[name], levers=dict(levers))
    assert_same_table(sim.run(path).table, given.table)


def test_an_uploaded_licence_on_what_does_not_trade_is_refused_before_it_is_run():
    text = (ROOT / "tests/cases/scenarios/licence-without-trade.yaml").read_text()
    (problem,) = reader_files.problems(text)
    assert (problem.line, problem.field) == (10, "measures[0].sectors")
