"""The library of scenarios: other days, borrowed levers, warnings, published numbers."""

import datetime as dt
import json

import pytest
from typer.testing import CliRunner

import sim
from sim.cli.app import app
from sim.engine.runs import warnings
from sim.errors import InputError, ScenarioError
from sim.outputs.headline import headline
from sim.outputs.published import published
from sim.policy.library.loader import list_scenarios, load_scenario
from tests.strategies_policy import ROOT, shipped_axes

AXES = shipped_axes()
NAMES = [card.id for card in list_scenarios()]
HEAD = "title: Mine\nquestion: What if?\n"


def write(folder, text, name="mine"):
    path = folder / f"{name}.yaml"
    path.write_text(HEAD + text)
    return path


def truce(*arguments):
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "100", "TERM": "dumb"})


# --- a baseline on another day -------------------------------------------------------------------


def test_history_against_itself_on_the_same_day_is_nothing(tmp_path):
    text = "extends: history\nbaseline: history\ndate: 2025-05-14\nbaseline_date: 2025-05-14\n"
    result = sim.run(write(tmp_path, text))
    assert result.manifest["against"] == "history on 2025-05-14"
    for figure in headline(result).figures.values():
        assert abs(figure.change) < 1e-6


def test_two_steps_through_history_are_one(tmp_path):
    """April to May and May to October are April to October."""
    text = "extends: history\nbaseline: history\ndate: {}\nbaseline_date: {}\n"
    days = ("2025-04-15", "2025-05-14", "2025-10-26")

    def change(first, last):
        result = sim.run(write(tmp_path, text.format(last, first), name=f"to-{last}-from-{first}"))
        return 1 + result.value("real_income_change", "CHN") / 100

    parts = change(days[0], days[1]) * change(days[1], days[2])
    assert parts == pytest.approx(change(days[0], days[2]), abs=1e-7)


def test_a_baseline_on_another_day_changes_the_digest(tmp_path):
    text = "extends: history\nbaseline: history\ndate: 2025-05-14\n"
    one = load_scenario(write(tmp_path, text, "one"), AXES)
    two = load_scenario(write(tmp_path, text + "baseline_date: 2025-05-13\n", "two"), AXES)
    assert one.digest != two.digest
    assert two.baseline_date == dt.date(2025, 5, 13)


def test_a_scenario_of_the_group_baselines_starts_from_2024(tmp_path):
    scenario = load_scenario(write(tmp_path, "group: baselines\nextends: history\n"), AXES)
    assert scenario.baseline is None


def test_october_is_the_same_by_history_and_by_its_own_baseline(tmp_path):
    text = "group: baselines\nextends: history\ndate: 2025-10-26\n"
    ours, shipped = sim.run(write(tmp_path, text)), sim.run("baseline-2025-10")
    for pair in (("USA", "CHN"), ("CHN", "USA"), ("USA", None)):
        name = "effective_tariff_rate_before_substitution"
        assert ours.value(name, *pair) == pytest.approx(shipped.value(name, *pair), abs=0.5)


# --- borrowed levers -----------------------------------------------------------------------------


def test_borrowed_levers_come_with_their_measures_only(tmp_path):
    text = "extends: truce-extension\nlevers_from: [tariff-100, rare-earth-enforced]\n"
    levers = {lever.id for lever in load_scenario(write(tmp_path, text), AXES).levers}
    assert "us_rate" not in levers
    text += "measures: [cn-rare-earth-licence-2025-10, cn-rare-earth-licence-us-2025-10]\n"
    levers = {lever.id for lever in load_scenario(write(tmp_path, text), AXES).levers}
    assert {"licence_volume", "us_volume", "rent_share", "months"} <= levers


def test_other_defaults_move_measures_and_can_be_moved_back(tmp_path):
    path = write(tmp_path, "extends: tariff-100\nlever_defaults: {us_rate: 60}\n")
    scenario = load_scenario(path, AXES)
    rates = {measure.id: getattr(measure, "rate_pp", None) for measure in scenario.measures}
    assert rates["us-additional-tariff-threat-2025-10-10"] == 60
    back = load_scenario(path, AXES, levers={"us_rate": 100})
    assert back.measures == load_scenario("tariff-100", AXES).measures


def test_borrowing_from_oneself_is_a_circle(tmp_path):
    path = write(tmp_path, "extends: truce-extension\nlevers_from: [mine]\n")
    with pytest.raises(ScenarioError, match="extends itself: mine -> mine"):
        load_scenario(path, AXES)


# --- warnings ------------------------------------------------------------------------------------

TARIFF = """\
extends: truce-extension
date: 2025-12-01
measures:
  - {{id: odd, kind: tariff, title: Odd, authority: hypothetical, importer: USA, exporters: [CHN],
     coverage: {coverage}, rate_pp: {rate}, start: {start}, end: {end}, status: threatened,
     assumed: true, reason: a test}}
"""


@pytest.mark.parametrize(
    ("coverage", "rate", "start", "end", "words"),
    [
        ("{default: 1}", 10, "2026-01-01", "null", "it starts on 2026-01-01"),
        ("{default: 1}", 10, "2025-01-01", "2025-02-01", "it ended on 2025-02-01"),
        ("{default: 0}", 10, "2025-01-01", "null", "nothing that it touches"),
        ("{by_sector: cn-farm-10}", 10, "2025-01-01", "null", "nothing that it touches"),
        ("{default: 1}", 0, "2025-01-01", "null", "nothing that it touches"),
        ("{default: 1}", 10, "2025-01-01", "null", None),
    ],
)
def test_a_measure_that_changes_nothing_is_a_warning(tmp_path, coverage, rate, start, end, words):
    text = TARIFF.format(coverage=coverage, rate=rate, start=start, end=end)
    path = write(tmp_path, text)
    found = warnings([path])
    if words is None:
        assert found == []
    else:
        # Where none of the file's own measures applies, a sentence on the day comes first.
        notices = [told for told in found if ": odd changes nothing on 2025-12-01: " not in told]
        assert len(notices) == (words.startswith("it "))
        (only,) = set(found) - set(notices)
        assert only.startswith("mine.yaml: ")
        assert words in only
    in_manifest = [one for one in sim.run(path).manifest["warnings"] if one.startswith("odd ")]
    assert len(in_manifest) == (words is not None)
    checked = truce("check", str(path))
    assert checked.exit_code == 0
    assert ("warning: " in checked.stderr) is (words is not None)


def test_a_switch_that_a_lever_moves_is_no_warning(tmp_path):
    path = write(tmp_path, "extends: baseline-2025-10\ndate: 2025-12-01\n"
                 "measures: [cn-mirror-tariff-assumed]\nlevers_from: [tariff-100]\n")  # fmt: skip
    assert warnings([path]) == []


def test_the_shipped_scenarios_have_no_warnings():
    assert warnings() == []


def test_a_broken_file_has_errors_and_no_warnings(tmp_path):
    assert warnings([write(tmp_path, "extends: nowhere\n")]) == []


# --- published numbers ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def runs():
    return {name: sim.run(name) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_every_scenario_runs_and_its_published_numbers_are_found(runs, name):
    result = runs[name]
    assert result.manifest["residual"] <= 1e-9
    for entry, estimate in zip(result.manifest["compare_with"], published(result), strict=True):
        assert (estimate.ours is None) is (entry["ours"] is None)
        assert estimate.shown


def test_signs_of_the_later_and_historical_scenarios(runs):
    def change(name, figure):
        return headline(runs[name]).figures[figure].change

    rises = ("snapback", "tit-for-tat", "april-2025", "trade-war-2018", "november-2026")
    falls = ("fentanyl-cut", "limited-cuts", "geneva-2025", "court-ruling-2026")
    for name in rises:
        assert change(name, "us_real_income") < 0 > change(name, "cn_real_income"), name
        assert change(name, "us_imports_from_china") < 0, name
    for name in falls:
        assert change(name, "us_real_income") > 0 < change(name, "cn_real_income"), name
        assert change(name, "us_imports_from_china") > 0, name
    assert change("technology-tightening", "us_exports_to_china") < 0
    assert change("technology-easing", "us_exports_to_china") > 0
    assert change("phase-one", "us_exports_to_china") > 0
    assert change("forced-labour-2026", "us_tariff_on_china_before") == pytest.approx(1.6, abs=0.5)


@pytest.mark.parametrize(
    ("name", "study", "within"),
    [
        ("geneva-2025", "China's share of American goods imports", 1.0),
        ("geneva-2025", "long-run American GDP", 0.1),
        ("kuala-lumpur-package", "long-run American GDP", 0.05),
        ("trade-war-2018", "American income after all gains and losses", 0.1),
        ("baseline-2025-10", "average US tariff on China", 2.0),
        ("baseline-today", "average US tariff on all countries", 1.5),
    ],
)
def test_some_published_numbers_are_met(runs, name, study, within):
    (first, *_) = [one for one in published(runs[name]) if one.what == study]
    assert first.ours == pytest.approx(first.value, abs=within)


def test_a_run_shows_them_with_grades():
    text = truce("run", "fentanyl-cut").stdout
    assert "Published estimates" in text
    assert "Budget Lab at Yale, 29 October to 10 November" in text
    assert "Stated by no article" in text
    content = json.loads(truce("run", "fentanyl-cut", "--json").stdout)
    first = content["published"][0]
    assert (first["shown"], first["grade"]) == ("-9.90", "A")
    assert first["ours"] == pytest.approx(-10, abs=0.01)


def test_a_variable_that_does_not_exist_is_named(tmp_path):
    text = """\
extends: truce-extension
compare_with:
  - study: a study
    what: a number
    value: 1
    unit: bn
    ours: {variable: importz, region: USA}
    source: {title: a page, address: example.org, date: 2025-11-01, grade: B}
"""
    with pytest.raises(InputError, match="unknown variable 'importz'"):
        published(sim.run(write(tmp_path, text)))


def test_the_page_of_validation_names_every_scenario_that_has_published_numbers(runs):
    page = (ROOT / "docs" / "validation.md").read_text()
    for name, result in runs.items():
        assert (f"`{name}`" in page) is bool(result.manifest["compare_with"]), name


def test_validate_scenarios_prints_them_all(runs):
    text = truce("validate", "scenarios").stdout
    assert "geneva-2025 against history on 2025-05-13" in " ".join(text.split())
    content = json.loads(truce("validate", "scenarios", "--json").stdout)
    wanted = [name for name in NAMES if runs[name].manifest["compare_with"]]
    assert [one["scenario"] for one in content["scenarios"]] == wanted
    assert "trackers" not in content


def test_sources_mark_switches_and_memory():
    text = " ".join(truce("sources", "baseline-today").stdout.split())
    assert "a switch, off: not established" in text
    assert "[M, unverified]" in text
