"""What it is worth month by month that something does not happen."""

import pytest
from typer.testing import CliRunner

import sim
from sim.cli.app import app
from sim.outputs.headline import headline
from sim.outputs.pair_names import DEFAULT_NAMES
from sim.outputs.worth_in_time import WorthInTime, worth_in_time
from sim.study.sweeps.ranges import worth_range_of

HOUSEHOLD, REVENUE = "us_real_income_per_household", "us_tariff_revenue"


@pytest.fixture(scope="module")
def extension():
    return sim.run("truce-extension", months=16)


def truce(*arguments):
    done = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200", "TERM": "dumb"})
    assert done.exit_code == 0, done.output
    return " ".join(done.stdout.split())


def test_months_are_the_paths_own_amounts_and_sum_up(extension):
    worth = worth_in_time(extension)
    assert worth.apart == 13
    for month in (1, 13, 16):
        figures = headline(extension.at(month)).figures
        assert worth.household[month - 1] == pytest.approx(figures[HOUSEHOLD].change / 12)
        assert worth.revenue[month - 1] == pytest.approx(figures[REVENUE].change / 12)
    assert worth.while_apart == pytest.approx(sum(worth.household[:13]))
    assert worth.after == pytest.approx(sum(worth.household[13:]))


def test_it_grows_while_the_laws_differ_and_is_no_twelfth_of_the_long_run(extension):
    """Trade re-sources bit by bit: the first month is worth little."""
    worth = worth_in_time(extension)
    long_run = headline(sim.run("truce-extension")).figures[HOUSEHOLD].change / 12
    assert 0 < worth.household[0] < 0.3 * long_run
    assert worth.household[:12] == tuple(sorted(worth.household[:12]))
    assert worth.while_apart < 0.8 * 13 * long_run


def test_the_turn_of_revenue_is_explained(extension):
    worth = worth_in_time(extension)
    assert worth.revenue[0] < 0 < max(worth.revenue)
    assert "at first buyers would still pay the higher duty" in worth.sentences()[1]
    same = WorthInTime(("2026-01", "2026-02"), (1.0, 1.0), (0.5, 0.6), 2, DEFAULT_NAMES)
    assert "in the month that moves it most" in same.sentences()[1]


def test_a_path_against_its_baseline_has_no_worth(extension):
    assert worth_in_time(sim.run("tariff-100", months=2)) is None
    assert worth_in_time(sim.run("truce-extension", months=2, against="baseline")) is None
    assert worth_in_time(sim.run("truce-extension")) is None


def test_the_range_belongs_to_the_very_run(extension):
    apart = extension.manifest["path"]["apart"]
    low, high = worth_range_of(extension, apart)
    assert low < worth_in_time(extension).while_apart < high
    assert worth_range_of(sim.run("truce-extension"), apart) == (low, high)
    assert worth_range_of(extension, apart[:-1]) is None
    moved = sim.run("truce-extension", months=16, levers={"resourcing": 0.2})
    assert worth_range_of(moved, apart) is None
    other = sim.run("truce-extension", months=16, levers={"us_suspended": 20})
    assert worth_range_of(other, apart) is None
    assert worth_range_of(sim.run("truce-extension", against="baseline"), apart) is None


@pytest.mark.parametrize("name", ["truce-extension", "rare-earth-delay"])
def test_the_command_says_it_with_its_range(name):
    text = truce("run", name, "--months", "16")
    assert "Month by month:" in text
    assert "in all over the" in text
    assert "(parameter range, 5 to 95 %: " in text
    assert "of the pace of trade alone" in text
    assert "Month by month:" not in truce("run", "fentanyl-cut", "--months", "2")
