"""What `dashboard.data` works out for the pages, without a page: orders, shares, texts, limits."""

import datetime as dt
from dataclasses import replace

import pytest

pytest.importorskip("streamlit", reason="the dashboard extra is not installed")

from dashboard import data
from dashboard.charts import chart_layout
from dashboard.data import (
    alt_texts,
    answer_text,
    calendar_rows,
    captions,
    comparison_rows,
    figure_cards,
    flow_rows,
    map_rows,
    path_lines,
    pins,
    ranking,
    stored_ranges,
    tornado_rows,
)
from dashboard.records import Caption, FlowLabels
from sim.outputs.words import change_text

NAMES = FlowLabels("others less", "others more", "less in all", "more in all")
CAPTION = Caption("Title", "Scenario", "percent", "Source")


def test_ranking_is_sorted_and_cut():
    answer = data.answer("tariff-100")
    view = data.answer("tariff-100").rankings["countries"]["us-sales"]
    bars = ranking.bars(view, answer, None)
    values = [bar.value for bar in bars]
    assert values == sorted(values, reverse=True)
    assert len(bars) == ranking.MOST
    # The largest of either side is shown in any case, and not the measure of the others.
    smallest = sorted(map(abs, values))[1]
    shown = {bar.label for bar in bars}
    assert all(
        abs(value) <= smallest
        for label, value in answer.changes[view.id].items()
        if label not in shown
    )
    assert ranking.caption(view, answer, None).series == ranking.comparison_names(answer, None)


def test_card_without_a_level_leads_with_the_change_that_is_not_nothing():
    still = data.against_baseline(data.answer("truce-extension"))
    answer, other = still, data.answer("tariff-100")
    cards = {card.id: card for card in figure_cards.cards(answer, other)}
    income = cards["us_real_income"]
    assert income.number_against == figure_cards.SECOND
    worth = data.differences(answer, other)["us_real_income"]
    assert income.number == change_text(worth)
    assert [against for against, _ in income.changes] == [figure_cards.BASELINE]
    assert cards["us_imports_from_china"].number_against is None


def test_worth_is_said_against_the_counterpart_alone():
    description = data.describe("truce-extension")
    answer = data.answer("truce-extension")
    text = answer_text.text_of(answer, description)
    assert text.worth.startswith("“The truce is extended” is worth +")
    assert all("Nothing changes" not in sentence for sentence in text.sentences)
    plain = data.against_baseline(answer)
    assert not answer_text.text_of(plain, description).worth
    assert not answer_text.text_of(data.answer("tariff-100"), description).worth


def test_sides_share_the_change_out_in_proportion():
    sides = flow_rows.sides({"A": -6.0, "B": -2.0, "C": 4.0, "D": 1.0}, NAMES)
    assert sides.less == {"A": 6.0, "B": 2.0}
    assert sides.more == {"C": 4.0, "D": 1.0, "less in all": 3.0}
    assert sides.total == 8.0
    assert ("A", "C", 3.0) in sides.ribbons
    assert sum(amount for *_, amount in sides.ribbons) == pytest.approx(8.0)
    assert "less in all" in sides.balances


def test_sides_of_nothing_are_empty():
    sides = flow_rows.sides({"A": 0.0}, NAMES)
    assert (sides.total, sides.ribbons) == (0, ())
    assert alt_texts.flows(sides, CAPTION) == "Flow diagram. Title: nothing moves."


def test_few_extremes_do_not_set_the_colours_of_the_map():
    values = dict.fromkeys(data.regions(), 0.1) | {"USA": -9.0}
    shown = map_rows.with_texts(values, "percent")
    assert shown.colour_limit == pytest.approx(0.1)
    assert shown.texts["USA"].startswith("-9")
    assert "losing most: United States" in alt_texts.world_map(shown, CAPTION)


def test_window_is_a_month_long_at_least():
    day = dt.date(2025, 6, 1)
    assert calendar_rows.window_of(day, day) == (day, day + calendar_rows.MONTH)
    assert calendar_rows.iso_days((day, day)) == ("2025-06-01", "2025-06-01")


def test_pins_come_back_in_the_order_of_the_levers():
    states = [state.id for state in data.describe("tariff-100").levers]
    first, second = states[0], states[1]
    wanted = {
        state.id: float(state.min if state.min != state.default else state.max)
        for state in data.describe("tariff-100").levers[:2]
    }
    text = f"tariff-100({second}={wanted[second]:g},{first}={wanted[first]:g})~nothing"
    read, refused = pins.read(text, data.cards())
    assert [key for key, _ in read[0].levers] == [first, second]
    assert refused == ["nothing"]
    assert pins.read(pins.written(read), data.cards()) == (read, [])
    assert pins.subtitle(read[0]) == "Levers moved"
    assert pins.subtitle(replace(read[0], label="Mine")) == read[0].label


def test_panels_leave_out_figures_that_nobody_has():
    pinned = [pins.Pin("tariff-100", (), "A"), pins.Pin("truce-lapse", (), "B")]
    answers = [(pin, data.answer(pin.name)) for pin in pinned]
    panels = comparison_rows.panels(answers, pinned[1], ["us_tariff_revenue", "no_such_figure"])
    ((bars, caption),) = panels.values()
    assert [bar.label for bar in bars] == ["A", "B"]
    assert bars[1].value == 0.0
    assert caption.scenario == "Change against “B”"
    assert caption.series == ("A", "B")


def test_swings_are_sorted_by_size_and_say_their_ends_as_the_label_does():
    answer, description = data.answer("tariff-100"), data.describe("tariff-100")
    key = answer.names.id_of(stored_ranges.FIRST_FIGURE)
    rate = {"name": "us_rate", "low": 0.0, "high": 150.0, "at_low": 10.0, "at_high": -500.0}
    idle = {"name": "factor_mobility", "low": 1.0, "high": 2.0, "at_low": -90.0, "at_high": -90.0}
    swings = {"centre": -90.0, "swings": [rate, idle]}
    (bar,) = tornado_rows.swing_bars(swings, description, answer, key)
    assert (bar.low, bar.high) == (-500.0, 10.0)
    assert bar.ends_text == f"{bar.high_text} to {bar.low_text}"
    assert tornado_rows.swing_bars(None, description, answer, key) == []


def test_note_of_a_path_names_the_first_changes_of_the_law():
    figure = data.answer("tariff-100").figures["us_tariff_revenue"]
    months = [f"2026-{month:02}" for month in range(1, 9)]
    assert "law changes" not in path_lines.note(figure, {"turns": []})
    assert "in 2026-01; what changes" in path_lines.note(figure, {"turns": months[:1]})
    note = path_lines.note(figure, {"turns": months})
    assert "2026-06 and later;" in note
    assert "2026-07" not in note


def test_caption_says_what_a_scenario_is_set_against():
    answer, other = data.answer("tariff-100"), data.answer("truce-lapse")
    assert captions.against(answer, None) == f"against “{answer.against}”"
    scenario = captions.comparison(answer, other, "T", "u", "n").scenario
    assert scenario == f"{answer.title}, against “{other.title}”"


def test_axes_and_columns_hold_zero_and_all_values():
    assert chart_layout.bar_domain([1.0, 2.0], 0.5) == [0.0, 3.0]
    assert chart_layout.bar_domain([], 0.5) == [0.0, 0.0]
    assert chart_layout.range_domain([-1.0, 1.0], 0.5) == [-2.0, 2.0]
    columns = chart_layout.column_pixels([2.0, -1.0, 0.0], height=30, least=1.5)
    assert columns == [(0.0, 20.0), (20.0, 10.0), (20.0, 1.5)]
