"""Runs month by month: dates, residuals, headline, levers, the long run; and the assumptions."""

import datetime as dt
import json

import numpy as np
import pytest
from typer.testing import CliRunner

import sim
from sim.cli.app import app
from sim.engine.months import calendar_months, first_day, monthly_policy
from sim.engine.pace import PACE_LEVERS, read_pace
from sim.engine.runs import world_of
from sim.errors import InputError, ScenarioError
from sim.model.path import transition
from sim.outputs.headline import figure_order, headline
from sim.outputs.results import RunResult
from sim.outputs.table import COLUMNS
from sim.policy.law.calendar import mean_rate, periods

LAPSE, CUT = "truce-lapse", "fentanyl-cut"


@pytest.fixture(scope="module")
def lapse():
    return sim.run(LAPSE, months=36)


@pytest.fixture(scope="module")
def tariff():
    return sim.run("tariff-100", months=14)


def change(result, month, name="us_imports_from_china"):
    return headline(result.at(month)).figures[name].change


def staged(name, origin="baseline-2025-10", day=None):
    world = world_of()
    scenario = world.scenario(name)
    return world.start_from(world.baseline, origin, day), world.law(scenario), scenario.date


def test_the_parameters_of_the_file_are_those_of_the_model():
    pace = read_pace()
    assert pace.resourcing.value == transition.RESOURCING
    assert pace.reallocation.value == transition.REALLOCATION
    assert pace.transit_months.value == transition.TRANSIT_MONTHS
    for one in pace.entries().values():
        assert one.min <= one.value <= one.max
        assert one.label
        assert one.unit
        assert one.note or one.source
        assert one.grade or one.basis == "assumption"
    assert PACE_LEVERS[:3] == ("resourcing", "reallocation", "transit_months")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("value: 0.09", "lies outside"),
        ("basis: data\n  source", "a source and a basis that disagree"),
        ("max: 6", "unknown"),
    ],
)
def test_a_broken_file_is_refused(tmp_path, line, words):
    from sim.engine.pace import DATA

    wrong = {
        "value: 0.09": "value: 3.0",
        "basis: data\n  source": "basis: assumption\n  source",
        "max: 6": "max: 6\n  maximum: 7",
    }
    path = tmp_path / "pace.yaml"
    path.write_text(DATA.read_text(encoding="utf-8").replace(line, wrong[line], 1))
    with pytest.raises(ScenarioError, match=words):
        read_pace(path)


def test_months_begin_where_the_scenario_departs_from_its_baseline():
    start, law, date = staged("tariff-100")
    assert first_day(start, law, date) == dt.date(2025, 11, 1)
    start, law, date = staged(LAPSE)
    assert first_day(start, law, date) == dt.date(2025, 11, 10)
    start, law, date = staged("truce-extension")
    assert first_day(start, law, date) == date
    start, law, date = staged("trade-war-2018", "history", dt.date(2018, 1, 15))
    assert first_day(start, law, date) == dt.date(2018, 3, 23)


def test_each_month_weighs_its_days_and_shares_the_shock_of_its_policy():
    start, law, _ = staged(LAPSE)
    policy = monthly_policy(start, law, dt.date(2025, 11, 10), 6)
    assert [month.first.month for month in policy] == [11, 12, 1, 2, 3, 4]
    before, after = law.rate(dt.date(2025, 11, 9)), law.rate(dt.date(2025, 11, 10))
    blend = (9 * before + 21 * after) / 30
    assert np.allclose(policy[0].shock.tariff_rate_cf, blend, atol=1e-14)
    assert np.abs(before - after).max() > 0.2
    # November in part, December, and from January on the steps of the Section 301 review.
    assert len({id(month.shock) for month in policy}) == 3
    assert policy[2].shock is policy[5].shock
    whole = mean_rate(
        periods(law, dt.date(2025, 11, 1), dt.date(2026, 5, 1)),
        dt.date(2025, 11, 1),
        dt.date(2026, 5, 1),
    )
    parts = sum((m.end - m.first).days * m.shock.tariff_rate_cf for m in policy)
    assert np.allclose(parts / 181, whole, atol=1e-12)


def test_a_path_is_one_table_with_a_date_a_month(lapse):
    assert tuple(lapse.table.column_names) == COLUMNS
    assert lapse.dates[0] == dt.date(2025, 11, 1)
    assert lapse.dates[-1] == dt.date(2028, 10, 1)
    assert len(lapse.dates) == 36
    assert lapse.table.num_rows < 36 * 3000
    assert np.isfinite(lapse.table["value"].to_numpy()).all()
    columns = ["date", "variable", "region", "partner", "sector"]
    assert lapse.table.group_by(columns).aggregate([]).num_rows == lapse.table.num_rows
    path = lapse.manifest["path"]
    assert lapse.manifest["residual"] <= 1e-9
    assert [month["month"] for month in path["months"]][:2] == ["2025-11", "2025-12"]
    assert path["policy_changes"][:3] == ["2025-11", "2025-12", "2026-01"]
    assert path["baseline"].startswith(
        "the path of “The tariffs of October 2025” in the same months"
    )
    assert path["apart"] == []
    assert path["pace"]["resourcing"]["value"] == read_pace().resourcing.value
    json.dumps(dict(lapse.manifest))


def test_every_month_holds_the_headline_and_the_pair_by_sector(lapse):
    static = sim.run(LAPSE)
    for month in (1, 12, 36):
        one = lapse.at(month)
        assert set(headline(one).figures) == set(headline(static).figures) <= set(figure_order())
        assert one.value("imports_change", "USA", "CHN", "C26") < 0
        assert one.value("exports_change", "CHN", "USA", "C26") < 0
        assert len(one.breakdown("real_income", "region")) == 40
        assert headline(one).rankings["us_imports_from_third_countries_gain"]


def test_a_path_is_asked_month_by_month(lapse):
    with pytest.raises(InputError, match="path of 36 months"):
        lapse.value("real_income", "USA")
    for wrong in (0, 37):
        with pytest.raises(InputError, match="no month"):
            lapse.at(wrong)
    with pytest.raises(InputError, match="static"):
        sim.run(LAPSE).at(1)


def test_a_permanent_change_comes_near_the_static_answer_and_starts_far_from_it(lapse):
    # The fentanyl tariff stays as it is cut to the end; the truce runs out beside it, in both.
    cut, static = sim.run(CUT, months=36), headline(sim.run(CUT)).figures
    name = "us_real_income_per_household"
    moves = [change(cut, month) for month in (1, 2, 3, 6, 12)]
    assert moves == sorted(moves)
    wanted = static["us_imports_from_china"].change
    assert abs(moves[1]) < 0.4 * abs(wanted)
    assert moves[-1] > 0.6 * wanted
    assert change(cut, 12, name) == pytest.approx(static[name].change, rel=0.5)


def test_sourcing_at_once_and_free_factors_are_the_static_answer():
    quick = sim.run(LAPSE, months=2, levers={"resourcing": 1, "reallocation": 1})
    static = headline(sim.run(LAPSE)).figures
    for name, figure in headline(quick.at(2)).figures.items():
        assert figure.change == pytest.approx(static[name].change, rel=1e-6, abs=1e-6), name


def test_the_pace_moves_the_path(lapse):
    slow = sim.run(LAPSE, months=3, levers={"resourcing": 0.02})
    assert change(lapse, 3) < change(slow, 3) < 0
    assert slow.manifest["path"]["pace"]["resourcing"]["value"] == 0.02
    levers = {"reallocation": 0.5, "factor_mobility": 2.0}
    assert sim.run(LAPSE, months=1, levers=levers).manifest["factor_mobility"] == 2.0


def test_a_path_does_not_depend_on_its_length(lapse):
    short = sim.run(LAPSE, months=3)
    for month in (1, 3):
        assert change(short, month) == pytest.approx(change(lapse, month), abs=1e-9)


def test_a_scenario_that_keeps_things_changes_nothing_against_its_baseline():
    """Also after the extension has ended by its own dates: it ends in the baseline's path too."""
    result = sim.run("truce-extension", months=15, against="baseline")
    for month in range(1, 16):
        for figure in headline(result.at(month)).figures.values():
            assert abs(figure.change) < 1e-4
    assert len(result.manifest["path"]["policy_changes"]) > 1
    worth = sim.run("truce-extension", months=3)
    assert change(worth, 2) > 10
    assert worth.manifest["path"]["apart"] == ["2025-11", "2025-12", "2026-01"]


def test_an_end_of_the_baselines_law_is_no_change(tariff):
    """The truce runs out in every path: no scenario's line falls for it."""
    soy = sim.run("soybean-purchases", months=15)
    moves = [change(soy, month) for month in range(1, 16)]
    assert max(map(abs, moves)) < 1
    levels = [soy.at(month).value("imports", "USA", "CHN", "GOODS") for month in (1, 15)]
    assert levels[1] < 0.95 * levels[0]


def test_a_suspension_that_ends_is_seen_in_the_month(tariff):
    variable = "effective_tariff_rate_before_substitution_change"
    rates = [tariff.at(month).value(variable, "CHN", "USA") for month in (12, 13, 14)]
    assert rates == pytest.approx([0, 0, 0], abs=1e-9)
    shorter = sim.run("truce-extension", months=5, levers={"months": 2}, against="baseline")
    rates = [shorter.at(month).value(variable, "CHN", "USA") for month in (2, 3, 4)]
    assert rates[0] == pytest.approx(0, abs=1e-9)
    assert rates[1] == pytest.approx(24 * 22 / 31, abs=0.3)
    assert rates[2] == pytest.approx(24, abs=0.2)


def test_quantity_targets_hold_by_month():
    result = sim.run("soybean-purchases", months=2)
    (target,) = result.manifest["path"]["months"][0]["targets"]
    assert target["kind"] == "floor"
    assert target["shadow_rate"] > 0
    assert target["shortfall"] == pytest.approx(target["pledged"] - target["without"])
    assert headline(result.at(1)).pledges
    assert change(result, 1, "us_soybean_exports_to_china") > 5


def test_a_path_survives_its_folder(tariff, tmp_path):
    loaded = RunResult.load(tariff.save(tmp_path / "path"))
    assert loaded.is_path
    assert loaded.dates == tariff.dates
    assert change(loaded, 14) == change(tariff, 14)


@pytest.mark.parametrize("months", [0, -1, 241, 1.5, True])
def test_months_are_whole_and_some(months):
    with pytest.raises(InputError, match="whole number from 1 to 240"):
        calendar_months(dt.date(2025, 1, 31), months)


def test_calendar_months_are_as_many_as_asked():
    ranges = calendar_months(dt.date(2025, 1, 31), 240)
    assert len(ranges) == 240
    assert ranges[0] == (dt.date(2025, 1, 1), dt.date(2025, 2, 1))
    assert ranges[-1][1] == dt.date(2045, 1, 1)


@pytest.mark.parametrize(
    ("levers", "words"),
    [
        ({"resourcing": 0}, "from 0.01 to 1"),
        ({"transit_months": 0.5}, "transit_months is 0.5"),
        ({"resorcing": 0.1}, "no lever 'resorcing'"),
    ],
)
def test_a_wrong_pace_is_refused(levers, words):
    with pytest.raises(InputError, match=words):
        sim.run(LAPSE, months=1, levers=levers)


def test_the_pace_is_no_lever_of_a_static_run():
    with pytest.raises(InputError, match="no lever 'resourcing'"):
        sim.run(LAPSE, levers={"resourcing": 0.2})


def test_a_path_has_no_changes_against_2024():
    with pytest.raises(InputError, match="against 2024"):
        sim.run(LAPSE, months=1, against="2024")


def truce(*arguments, width=100):
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": str(width), "TERM": "dumb"})


@pytest.mark.parametrize("width", [80, 140])
def test_the_command_shows_some_months_and_says_that_it_is_a_path(width):
    result = truce("run", LAPSE, "--months", "7", "--set", "resourcing=0.2", width=width)
    assert result.exit_code == 0, result.stderr
    assert max(map(len, result.stdout.splitlines())) <= width
    words = " ".join(result.stdout.split())
    assert "a path, not the long run: 2025-11 to 2026-05" in words
    assert "0.2 of the goods" in words
    assert "In month 7, May 2026" in words
    assert "static answer" not in words


def test_the_command_as_json():
    content = json.loads(truce("run", LAPSE, "--months", "4", "--json").stdout)
    assert [month["month"] for month in content["months"]] == [1, 3, 4]
    assert content["months"][0]["date"] == "2025-11-01"
    assert content["months"][0]["figures"]["us_imports_from_china"]["change"] < 0
    assert content["manifest"]["path"]["months"][0]["residual"] < 1e-9


def test_wrong_months_are_the_users_error():
    result = truce("run", LAPSE, "--months", "0")
    assert result.exit_code == 1
    assert "whole number" in result.stderr


def test_assumptions_are_printed_with_grades():
    result = truce("assumptions", width=90)
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= 90
    for word in ("resourcing", "reallocation", "transit_months", "factor_mobility", "fontagne2022"):
        assert word in result.stdout
    content = json.loads(truce("assumptions", "--elasticities", "uniform4", "--json").stdout)
    assert content["elasticity_set"] == "uniform4"
    assert set(content["transition"]) == set(PACE_LEVERS)
    assert content["transition"]["resourcing"]["source"]["grade"] == "X"
    assert {row["theta"] for row in content["trade_elasticity"]} >= {4.0}
    assert truce("assumptions", "--elasticities", "none").exit_code == 1
