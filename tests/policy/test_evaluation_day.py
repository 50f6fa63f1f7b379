"""The day of a static run: stated, inherited, or that of the last start of the own measures."""

import datetime as dt

import pytest

from sim.policy.library.evaluation_day import day_notice
from sim.policy.library.loader import list_scenarios, load_scenario
from tests.strategies_policy import ROOT, shipped_axes

AXES = shipped_axes()
LATER = ROOT / "tests" / "cases" / "scenarios" / "later"
TEXT = (LATER / "starts-later.yaml").read_text()
DUTY = TEXT[TEXT.index("  - id: duty") :]
NOVEMBER, MARCH = dt.date(2025, 11, 1), dt.date(2026, 3, 1)
PARENTS = dt.date(2025, 10, 26)


def loaded(folder, text, name="mine"):
    path = folder / f"{name}.yaml"
    path.write_text(text)
    return load_scenario(path, AXES)


def second(start, extra=""):
    return DUTY.replace("id: duty", "id: other").replace("2025-11-01", start) + extra


def notice(scenario):
    own = [measure for measure in scenario.measures if measure.id in scenario.own]
    return day_notice(own, scenario.date, scenario.inherited_date)


def test_the_day_is_that_of_the_last_start(tmp_path):
    scenario = load_scenario(LATER / "starts-later.yaml", AXES)
    assert (scenario.date, scenario.inherited_date) == (NOVEMBER, PARENTS)
    assert notice(scenario).startswith("evaluated on 2025-11-01, when the last of its own")
    two = loaded(tmp_path, TEXT + second("2026-03-01"))
    assert (two.date, two.inherited_date) == (MARCH, PARENTS)


def test_a_child_has_the_day_of_its_parent_and_the_notice(tmp_path):
    loaded(tmp_path, TEXT, "parent")
    child = loaded(tmp_path, "title: x\nquestion: y?\nextends: parent\n", "child")
    assert (child.date, child.inherited_date) == (NOVEMBER, PARENTS)


def test_an_inherited_day_stays_where_a_measure_has_started(tmp_path):
    scenario = loaded(tmp_path, TEXT + second("2025-10-01"))
    assert (scenario.date, scenario.inherited_date, notice(scenario)) == (PARENTS, None, None)


def test_what_is_switched_off_does_not_count(tmp_path):
    scenario = loaded(tmp_path, TEXT.replace("    start:", "    switch: 0\n    start:"))
    assert (scenario.date, notice(scenario)) == (PARENTS, None)


@pytest.mark.parametrize(
    ("date", "more", "words"),
    [
        ("2025-10-30", "", "none of its own measures is in force on 2025-10-30"),
        ("2025-10-30", "", "the first starts on 2025-11-01"),
        ("2026-01-01", "    end: 2025-12-01\n", "the last ended on 2025-12-01"),
        ("2025-11-01", "", None),
    ],
)
def test_a_day_that_the_file_fixes_stays_and_is_told_where_nothing_applies(
    date, more, words, tmp_path
):
    scenario = loaded(tmp_path, f"date: {date}\n{TEXT}{more}")
    assert (scenario.date.isoformat(), scenario.inherited_date) == (date, None)
    assert notice(scenario) is None if words is None else words in notice(scenario)


def test_between_two_measures(tmp_path):
    text = f"date: 2026-01-01\n{TEXT}    end: 2025-12-01\n{second('2026-03-01')}"
    assert "some are over, and the others have yet to start" in notice(loaded(tmp_path, text))


@pytest.mark.parametrize("card", list_scenarios(), ids=lambda card: card.id)
def test_no_shipped_scenario_is_moved_or_told(card):
    scenario = load_scenario(card.id, AXES)
    assert scenario.inherited_date is None
    # A scenario with a counterpart means that something does not happen on its day.
    assert card.group == "baselines" or scenario.counterpart or notice(scenario) is None
