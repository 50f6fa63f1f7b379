"""Timeline, uncertainty and answers in words: what the pages show is what `sim` says."""

import datetime as dt
import importlib.util
from types import SimpleNamespace

import pytest

pytest.importorskip("streamlit", reason="the dashboard extra is not installed")

from dashboard import data
from dashboard.data import (
    acts,
    backtests,
    calendar_rows,
    contributions,
    downloads,
    question_answers,
    reliability_sentence,
    tree_rows,
)
from dashboard.parts import contributions_panel, equation_blocks, question_list
from sim.engine.runs import average_rates, run
from sim.outputs.headline import headline
from sim.outputs.words import with_unit
from sim.study.sweeps.ranges import ranges_of
from tests.dashboard.streamlit_pages import QUIET, chart, checked, opened, texts

HOUSEHOLD = "us_real_income_per_household"

pytestmark = QUIET


# Timeline


def test_average_tariffs_on_the_page_are_those_of_the_simulator():
    spec, words = chart(opened("timeline"), "Average tariffs")
    first, last = dt.date(2025, 1, 1), dt.date(2027, 1, 1)
    told = average_rates(first, last)
    rows = [row for row in spec["data"]["values"] if row["name"] == "US on China"]
    assert {str(row["day"])[:10] for row in rows} >= {"2025-04-09", "2026-02-24"}
    for row in rows[:-1]:
        day = dt.date.fromisoformat(str(row["day"])[:10])
        assert row["value"] == pytest.approx(told.on(day), abs=1e-9)
    assert words.startswith("Line chart. Average tariffs, Percent: statutory duty")


def test_every_act_that_moves_in_the_window_has_a_bar():
    at = opened("timeline")
    spec, words = chart(at, "Who did what when")
    first, last = dt.date(2025, 1, 1), dt.date(2027, 1, 1)
    drawn = {row["title"].removesuffix(" (switched off here)") for row in spec["data"]["values"]}
    moving = {
        measure.title
        for measure in data.resolved("baseline-today").measures
        if any(
            day is not None and first <= day < last
            for day in (measure.first_day, measure.end_day, *getattr(measure, "turning_days", ()))
        )
    }
    pair = acts.sides("baseline-today")
    assert pair == {"USA": "United States", "CHN": "China"}
    sides = {act.title: calendar_rows.side_of(act, pair) for act in acts.acts("baseline-today")}
    assert drawn == {title for title in moving if sides[title] in pair.values()}
    assert "acts (" in words
    row = next(row for row in spec["data"]["values"] if row["title"].startswith("US fentanyl"))
    assert row["size"].endswith("percentage points")
    assert row["grade"] == "A"
    assert row["status"] == "In force"


@pytest.mark.parametrize(
    ("variable", "side"), [("real_income", "below"), ("tariff_revenue", "below"),
                           ("consumer_price_index_at_fixed_factor_income", "above")],
)  # fmt: skip
def test_a_tree_says_of_what_the_probability_is_and_which_side_is_worse(variable, side):
    figure = SimpleNamespace(label="This figure", variable=variable)
    shown = SimpleNamespace(figures={"key": figure})
    tree = {"months": ["2026-01"] * 5, "probability_holds": 0.998, "figures": {"key": {"worse": 0}}}
    holds, worse = tree_rows.tree_probabilities(tree, shown, "key")
    assert holds == "It holds for all 5 months with a probability of over 99.5 %."
    assert worse == (
        "With a probability of 0 % the mean of “This figure” over these months is "
        f"{side} that of the baseline, which is counted as worse."
    )


def test_acts_that_nobody_chose_are_not_drawn():
    at = opened("timeline", {"sides": []})
    assert "No act of theirs" in texts(at)


@pytest.mark.parametrize("name", list(data.cards()))
def test_every_scenario_has_a_calendar(name):
    found = acts.acts(name)
    assert len(found) == len(data.resolved(name).measures)
    for act in found:
        assert act.spells[0].size
        assert act.status in calendar_rows.STATUSES
        assert all(one.end is None or one.start < one.end for one in act.spells), act.id


def test_bar_ends_where_another_act_takes_the_duty_away():
    found = {act.id: act for act in acts.acts("baseline-today")}
    voided = found["us-ieepa-reciprocal-china-2025"]
    assert voided.end == dt.date(2026, 2, 20)
    assert "Supreme Court" in voided.ended_by
    assert found["cn-farm-retaliation-2025-03-at-15"].end == dt.date(2025, 11, 10)
    assert found["us-section-301-list-1"].end is None
    # Switched off: whether China dropped its mirror tariff was not found.
    assert found["cn-retaliation-2025"].end is None
    before = {act.id: act for act in acts.acts("tariff-100")}
    assert before["us-ieepa-reciprocal-china-2025"].end is None


def test_duties_on_third_countries_stand_apart():
    pair = acts.sides("baseline-today")
    sides = {act.id: calendar_rows.side_of(act, pair) for act in acts.acts("baseline-today")}
    assert sides["us-section-338-canada-2026"] == calendar_rows.OTHERS
    assert sides["us-ieepa-reciprocal-world-2025"] == calendar_rows.OTHERS
    assert sides["ca-retaliation-2025-03"] == calendar_rows.OTHERS
    assert sides["us-section-232-autos-2025"] == "United States"


def test_truce_belongs_to_both_sides():
    sides = {act.id: act.by for act in acts.acts("truce-extension")}
    assert sides["truce-extension-us"] == "USA"
    assert sides["truce-extension-cn"] == "CHN"


def test_timeline_downloads_are_the_same_numbers():
    rows = downloads.averages_csv("baseline-today").decode("utf-8-sig").splitlines()
    assert rows[0].replace('"', "") == "from,before,tariff,percent"
    periods = acts.averages("baseline-today")
    assert len(rows) - 1 == sum(len(one) for one in periods.values())
    pair, window = acts.sides("tariff-100"), (acts.FIRST, acts.LAST)
    shown = calendar_rows.rows(
        acts.acts("tariff-100"), pair, calendar_rows.everyone(pair), window, with_unchanged=True
    )
    table = calendar_rows.table(shown)
    assert len(downloads.rows_csv(table).decode("utf-8-sig").splitlines()) == len(table) + 1


# Uncertainty


def test_ranges_on_the_page_are_those_that_are_stored():
    spec, words = chart(opened("uncertainty", scenario="tariff-100"), "How sure")
    rows = {row["name"]: row for row in spec["data"]["values"]}
    low, high = ranges_of(run("tariff-100"))[HOUSEHOLD]
    row = rows[data.describe("tariff-100").title]
    assert (row["low"], row["high"]) == (low, high)
    assert row["centre"] == pytest.approx(headline(run("tariff-100")).figures[HOUSEHOLD].change)
    assert with_unit(low, "USD", sign=True) in words


def test_moved_levers_have_no_stored_range():
    at = opened("uncertainty", scenario="tariff-100", us_rate="60")
    assert "No range is stored for this scenario with these levers" in texts(at)


def test_tornado_is_worked_out_when_asked():
    at = opened("uncertainty", scenario="tariff-100")
    with pytest.raises(AssertionError):
        chart(at, "What it hangs on")
    checked(at.button(key="tornado-start").click().run())
    spec, words = chart(at, "What it hangs on")
    rows = {row["name"]: row for row in spec["data"]["values"]}
    rate = next(row for name, row in rows.items() if name.startswith("US additional tariff"))
    ends = [
        headline(run("tariff-100", levers={"us_rate": value})).figures[HOUSEHOLD].change
        for value in (7.5, 142.5)
    ]
    assert [rate["high"], rate["low"]] == pytest.approx(ends, rel=1e-6)
    assert "most hangs on US additional tariff" in words


def test_scenario_that_cannot_break_down_has_no_tree():
    assert tree_rows.collapse_risk("baseline-2025-10") is None
    assert "it has no event tree" in texts(opened("uncertainty", scenario="baseline-2025-10"))


COLLAPSING = [name for name in data.cards() if tree_rows.collapse_risk(name) is not None]


@pytest.mark.skipif(not COLLAPSING, reason="no scenario of this checkout has a collapse block")
def test_tree_on_the_page_is_that_of_the_simulator():
    from sim.study.trees.collapse_tree import collapse_tree

    name = "truce-extension"
    at = opened("uncertainty", scenario=name)
    checked(at.button(key="tree-start").click().run())
    spec, _ = chart(at, "If it may break down")
    told = collapse_tree(name, months=3, quantities=["real_income_change|USA"])
    rows = [row["value"] for row in spec["data"]["values"] if row["name"] == "Expected"]
    assert rows == pytest.approx(list(told.expected("real_income_change|USA")), abs=1e-9)
    checked(at.slider(key=f"hazard.{name}").set_value(10.0).run())
    spec, _ = chart(at, "If it may break down")
    rows = [row["value"] for row in spec["data"]["values"] if row["name"] == "Expected"]
    again = told.weighed(0.1).expected("real_income_change|USA")
    assert rows == pytest.approx(list(again), abs=1e-9)


# Words


def test_answer_says_how_sure_it_is():
    at = opened("scenario", scenario="tariff-100")
    told = next(text.value for text in at.markdown if text.value.startswith("**How sure.**"))
    low, high = ranges_of(run("tariff-100"))[HOUSEHOLD]
    assert with_unit(low, "USD", sign=True) in told
    assert with_unit(high, "USD", sign=True) in told
    assert "weakest source has grade B" in told
    assert "Assumed: " in told


def test_weakest_grade_is_the_lowest_of_all():
    def one(grade):
        return data.CitedSource("x", "report", grade, "s", "", "")

    assert "grade M (memory" in reliability_sentence._weakest([one("A"), one("M"), one("B")])
    assert "grade X" in reliability_sentence._weakest([one("A"), one("X")])
    assert reliability_sentence._weakest([one("")]) == ""


def test_questions_are_answered_by_the_simulator():
    at = opened("scenario", {"questions": True}, scenario="tariff-100")
    shown = texts(at)
    figures = headline(run("tariff-100")).figures
    assert f"loses {with_unit(-figures[HOUSEHOLD].change, 'USD')} a year" in shown
    sales = run("tariff-100").breakdown("trade_diversion", "partner", region="USA")
    first = max((code for code in sales if code not in ("USA", "CHN")), key=sales.__getitem__)
    assert f"United States: {data.regions()[first]} (" in shown
    month = headline(run("truce-extension", months=1).at(1)).figures[HOUSEHOLD].change / 12
    assert f"In November 2025 it is worth {with_unit(month, 'USD')} to a US household" in shown
    for one in question_answers.QUESTIONS:
        assert one.text in shown


def test_question_leads_to_its_scenario():
    at = opened("scenario", {"questions": True}, scenario="tariff-100")
    checked(at.button(key="show-truce").click().run())
    assert at.session_state["scenario"] == "truce-extension"
    assert "In November 2025 it is worth" in texts(at)


def test_closed_questions_solve_nothing(monkeypatch):
    monkeypatch.setattr(question_list, "answer_text", lambda one: pytest.fail("solved"))
    opened("scenario", scenario="tariff-100")


def test_presets_set_the_lever():
    name, state = next(
        (name, one) for name in data.cards() for one in data.describe(name).levers if one.options
    )
    value = next(one for one in state.options if one != state.default)
    at = opened("scenario", scenario=name)
    checked(at.button(key=f"preset-{name}.{state.id}-{value:g}").click().run())
    assert at.slider(key=f"{name}.{state.id}").value == value


def test_history_says_why_it_has_no_parts():
    at = opened("scenario", {"contributions-open": True}, scenario="trade-war-2018")
    assert contributions_panel.NO_CONTRIBUTIONS.strip()[:40] in texts(at)


def test_many_parts_end_in_one_bar():
    split = data.decomposition("kuala-lumpur-package")
    parts = contributions.Contributions(split, "", "")
    whole = split.figures[HOUSEHOLD].change
    bars = parts.bars(HOUSEHOLD)
    assert sum(bar.value for bar in bars[:-1]) == pytest.approx(whole, rel=0.01)
    assert bars[-1].value == pytest.approx(whole)


def test_about_has_all_seven_blocks():
    at = opened("about")
    assert len(at.latex) == len(equation_blocks.BLOCKS) == 7


# What happened


HAS_BACKTESTS = importlib.util.find_spec("sim.validation.backtest.rows") is not None


@pytest.mark.skipif(not HAS_BACKTESTS, reason="this checkout has no sim.validation.backtest.rows")
def test_backtests_on_the_page_are_those_of_the_simulator():
    from sim.validation.backtest.rows import rows

    at = opened("evidence", {"evidence": "Against what happened"})
    told = rows()
    first = [row for row in told if row["series"] == told[0]["series"]]
    spec, words = chart(at, "Against what happened")
    for key, name in backtests.SERIES.items():
        shown = [row["value"] for row in spec["data"]["values"] if row["name"] == name]
        assert shown == pytest.approx([row[key] for row in first])
    assert words.startswith("Line chart. Against what happened")


def test_errors_are_mean_distances():
    rows = [
        {"actual": 1.0, "model": 2.0, "static": 1.0, "no_change": -2.0},
        {"actual": -1.0, "model": -1.0, "static": 1.0, "no_change": -2.0},
    ]
    text = backtests.errors(rows)
    assert "month by month 0.5; model, long run at once 1.0; naive: no change 2.0" in text
