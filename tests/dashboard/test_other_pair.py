"""A scenario about another pair, Canada and the United States, on every page."""

import datetime as dt
import json

import pytest

pytest.importorskip("streamlit", reason="the dashboard extra is not installed")

import sim
from dashboard import data
from dashboard.data import (
    acts,
    comparison_rows,
    downloads,
    figure_cards,
    flow_rows,
    measure_rows,
    pins,
    reader_files,
)
from dashboard.worker import tasks
from sim.engine.runs import path_result, static_result, world_of
from sim.engine.world import World
from sim.outputs.headline import headline
from sim.outputs.table import GOODS
from sim.outputs.words import change_text, with_unit
from sim.pair import Pair
from tests.dashboard.streamlit_pages import (
    ELASTICITIES,
    QUIET,
    chart,
    checked,
    opened,
    path_answer,
    texts,
)

NAME = "canada-answer"
IMPORTS = "can_imports_from_usa"
HOUSEHOLD = "can_real_income_per_household"

pytestmark = [
    pytest.mark.skipif(NAME not in data.cards(), reason="the scenario is not in this checkout"),
    *QUIET,
]


@pytest.fixture(scope="module")
def result():
    return sim.run(NAME)


@pytest.fixture(scope="module")
def figures(result):
    return headline(result).figures


def metrics(at):
    return {metric.label: metric.value for metric in at.metric}


def test_the_answer_is_about_the_pair(result, figures):
    answer = data.answer(NAME)
    assert answer.pair == result.pair == Pair("CAN", "USA")
    assert {key: figure.change for key, figure in answer.figures.items()} == {
        key: figure.change for key, figure in figures.items()
    }
    assert IMPORTS in answer.labels
    assert not any(key.startswith(("us_", "cn_")) for key in answer.labels)


def test_cards_of_the_scenario_page_are_the_simulators(figures):
    at = opened("scenario", scenario=NAME)
    shown = metrics(at)
    imports = figures[IMPORTS]
    assert imports.label == "Canada's goods imports from the United States"
    assert shown[imports.label] == with_unit(imports.value, imports.unit)
    assert list(shown) == [card.label for card in figure_cards.cards(data.answer(NAME), None)]
    assert len(shown) == 8
    assert "US goods" not in "\n".join(shown)


def test_rankings_of_the_scenario_page_are_the_pairs(result):
    at = opened("scenario", scenario=NAME)
    spec, words = chart(at, "Sectors of Canada")
    told = result.breakdown("real_factor_income_change", "sector", region="CAN")
    assert max(told.values()) <= 0, "no Canadian sector gains, so that none is said to"
    assert "gains most" not in words
    label = result.label(min(told, key=told.__getitem__))
    assert f"{label} loses most" in words
    rows = {row["label"]: row["value"] for row in spec["data"]["values"]}
    assert rows[label] == pytest.approx(min(told.values()) / 1e3, abs=1e-6)
    assert "United States" not in data.answer(NAME).changes["income"]
    assert "China" in data.answer(NAME).changes["income"]
    views = data.answer(NAME).rankings["countries"]
    assert [view.label for view in views.values()] == [
        "Real income", "Sales to Canada", "Sales to the United States",
    ]  # fmt: skip


def test_path_and_parts_are_the_pairs(result, figures):
    at = opened("scenario", {"contributions-open": True}, scenario=NAME)
    spec, _ = chart(at, "Canada's goods imports from the United States: month by month")
    path = sim.run(NAME, months=3)
    told = [
        path.at(month).value("imports_change", "CAN", "USA", GOODS) / 1e3 for month in (1, 2, 3)
    ]
    drawn = [row["value"] for row in spec["data"]["values"] if row.get("value") is not None]
    assert drawn[:3] == pytest.approx(told, abs=1e-9)
    spec, _ = chart(at, "What drives it: Canada's real income per household")
    assert figures[HOUSEHOLD].change < 0
    options = at.selectbox(key="contributions-figure-can-usa").options
    assert "Canada's tariff revenue" in options


def test_a_second_scenario_is_compared_in_the_figures_of_the_first(result, figures):
    at = opened("scenario", scenario=NAME, versus="truce-lapse")
    assert at.selectbox(key=f"{NAME}.versus").value == "truce-lapse"
    other = static_result(World(pair=result.pair).solve("truce-lapse"))
    mine, theirs = (run.value("imports", "CAN", "USA", GOODS) / 1e3 for run in (result, other))
    difference = data.differences(data.answer(NAME), data.answer("truce-lapse"))[IMPORTS]
    assert difference.change == pytest.approx(mine - theirs)
    assert change_text(difference).replace(" %", "\N{NO-BREAK SPACE}%") in texts(at)
    told = data.answer_about("truce-lapse", (), data.answer(NAME))
    flow = flow_rows.flows(told.names)["can-imports"]
    changes = flow_rows.by_partner(flow, result, data.result_of(told))
    assert changes["United States"] == pytest.approx(mine - theirs)


def test_an_answer_about_its_own_pair_is_not_solved_twice():
    first = data.answer("tariff-100")
    assert data.answer_about("truce-lapse", (), first) is data.answer("truce-lapse", ())
    assert data.result_of(first) is data.result("tariff-100", ())


def test_map_and_flows_are_the_pairs(result):
    at = opened("map_and_flows", scenario=NAME)
    spec = json.loads(at.get("echarts_chart")[0].proto.spec)
    told = result.breakdown("imports_change", "partner", region="CAN", sector=GOODS)
    labels = [node["label"]["formatter"].replace("\n", " ") for node in spec["series"][0]["data"]]
    assert f"United States {-told['USA'] / 1e3:.1f}" in labels
    flows = flow_rows.flows(data.answer(NAME).names)
    assert [flow.label for flow in flows.values()] == [
        "Canada's imports", "Canada's exports", "The United States' exports",
    ]  # fmt: skip
    _, words = chart(at, "Who gains and who loses")
    assert with_unit(result.value("real_income_change", "CAN"), "percent", sign=True) in words


def test_sectors_start_with_the_home_country(result):
    at = opened("sectors", scenario=NAME)
    assert at.selectbox(key="region").value == "CAN"
    table = at.dataframe[0].value
    assert {"To the United States, %", "From the United States, %"} <= set(table.columns)
    row = table[table["Sector"] == result.label("C24A")].iloc[0]
    assert row["Income, bn"] == pytest.approx(
        result.value("real_factor_income_change", "CAN", None, "C24A") / 1e3
    )
    assert "Months" in table.columns


def test_timeline_has_the_averages_and_the_sides_of_the_pair():
    at = opened("timeline", calendar=NAME)
    spec, _ = chart(at, "Average tariffs")
    names = {row["name"] for row in spec["data"]["values"] if "name" in row}
    assert names == {"Canada on the United States", "United States on Canada"}
    rates = world_of().average_rates(acts.FIRST, acts.LAST, scenario=NAME)
    periods = acts.averages(NAME)["Canada on the United States"]
    assert [period.percent for period in periods] == list(map(float, rates.rate_pct[rates.both[0]]))
    assert at.get("button_group") or at.get("pills")
    assert acts.sides(NAME) == {"CAN": "Canada", "USA": "United States"}
    assert "Canada on the United States" in downloads.averages_csv(NAME).decode("utf-8-sig")


def test_uncertainty_says_that_no_range_is_stored(figures):
    at = opened("uncertainty", scenario=NAME)
    assert "this one is about Canada and the United States" in texts(at)
    assert at.selectbox(key="uncertain-figure-can-usa").value == HOUSEHOLD
    checked(at.button(key="tornado-start").click().run())
    spec, words = chart(at, "What it hangs on")
    assert "Canada's tariff" in words
    centres = [row["centre"] for row in spec["data"]["values"] if "centre" in row]
    assert centres == pytest.approx([figures[HOUSEHOLD].change] * len(centres), rel=1e-6)
    assert centres


def test_the_other_pages_open():
    for page in ("compare", "evidence", "build", "about"):
        opened(page, scenario=NAME)


def test_compare_of_one_other_pair_draws_its_figures(figures):
    at = opened("compare", pins=f"{NAME}~{NAME}(canada_rate=50)")
    spec, _ = chart(at, "Canada's goods imports from the United States")
    values = [row["value"] for row in spec["data"]["values"]]
    assert pytest.approx(figures[IMPORTS].change) in values
    assert "different pairs" not in texts(at)


def test_compare_of_different_pairs_has_cards_of_their_own(figures):
    at = opened("compare", pins=f"{NAME}~tariff-100")
    shown = texts(at)
    assert comparison_rows.NOTHING_SHARED in shown
    assert not at.get("vega_lite_chart")
    theirs = headline(sim.run("tariff-100")).figures["us_imports_from_china"]
    for figure in (figures[IMPORTS], theirs):
        assert f"{figure.label}]  \n**{change_text(figure)}**" in shown


def test_compare_draws_what_two_of_different_pairs_share():
    at = opened("compare", pins=f"{NAME}~tariff-100~truce-lapse")
    assert comparison_rows.SOME_SHARED in texts(at)
    _, words = chart(at, "US goods imports from China")
    assert "Canada" not in words


def test_one_id_for_two_numbers_is_not_drawn_as_one():
    pinned = [pins.Pin(name, (), name) for name in (NAME, "tariff-100")]
    answers = [(pin, data.answer(pin.name)) for pin in pinned]
    assert "licence_rent" in answers[0][1].figures
    assert "licence_rent" in answers[1][1].figures
    assert not data.shared_figures(answers[0][1], answers[1][1])
    assert comparison_rows.labels(answers) == {}
    rows = comparison_rows.table(answers, None)
    rents = [row["Figure"] for row in rows if row["Figure"].endswith("licence rents")]
    assert len(rents) == len(set(rents))


def test_a_changed_table_keeps_the_pair():
    base = measure_rows.starting_scenario(NAME)
    rows = measure_rows.rows(NAME, ())
    draft = measure_rows.draft(rows, base, (), "Mine")
    assert measure_rows.problems(draft, rows) == []
    assert data.resolved(reader_files.keep(draft.text)).pair == Pair("CAN", "USA")
    own = downloads.scenario_yaml(NAME, (("canada_rate", 50.0),))
    assert data.answer(reader_files.keep(own)).pair == Pair("CAN", "USA")


def test_workers_report_the_pair_that_is_asked_for():
    own = path_answer(NAME)["answer"]
    assert IMPORTS in own["figures"]
    assert set(own["output_pct"]) == {"CAN", "USA"}
    request = {"do": "path", "scenario": "tariff-100", "levers": {}, "months": 1,
               "elasticities": ELASTICITIES, "pair": ["CAN", "USA"]}  # fmt: skip
    about = tasks.answered(request, lambda part: None)["answer"]
    told = (
        path_result(World(pair=Pair("CAN", "USA")).path("tariff-100", 1))
        .at(1)
        .value("imports_change", "CAN", "USA", GOODS)
    )
    assert about["figures"][IMPORTS] == pytest.approx([told / 1e3], abs=1e-9)
    assert "us_imports_from_china" not in about["figures"]


COLLAPSE = """
title: Canada's answer that may end
question: What if Canada's answer ends early?
summary: As Canada's answer. It may end in any month.
headline: Canada's answer, for a time
extends: canada-answer
baseline: baseline-2025-10
collapse: {into: truce-lapse, hazard: 0.1, basis: assumption, note: A test.}
"""


def test_a_tree_reports_the_pair():
    name = reader_files.keep(COLLAPSE)
    request = {"do": "tree", "scenario": str(data.READER_FILES[name]), "levers": {}, "months": 2,
               "hazard": 0.1, "elasticities": ELASTICITIES}  # fmt: skip
    told = tasks.answered(request, lambda part: None)
    assert set(told["answer"]["figures"]) == {
        "can_real_income", "can_real_income_per_household", "usa_real_income",
        "can_imports_from_usa", "can_tariff_revenue",
    }  # fmt: skip


def test_the_default_pair_keeps_its_words():
    answer = data.answer("tariff-100")
    assert answer.widget_suffix == ""
    views = answer.rankings
    assert [view.title for view in views["sectors"].values()] == ["US sectors", "Chinese sectors"]
    assert list(views["sectors"]) == ["us-sectors", "cn-sectors"]
    assert [view.label for view in views["sectors"].values()] == ["US", "China"]
    assert list(views["countries"]) == ["income", "us-sales", "cn-sales"]
    assert [view.title for view in views["countries"].values()] == [
        "Third countries", "Sales to the US", "Sales to China",
    ]  # fmt: skip
    assert {key: flow.title for key, flow in flow_rows.flows(answer.names).items()} == {
        "us-imports": "US imports of goods: who sells less, who sells more",
        "us-exports": "US exports of goods: who buys less, who buys more",
        "cn-exports": "China's exports of goods: who buys less, who buys more",
    }
    assert list(acts.averages("tariff-100")) == ["US on China", "China on the US"]
    assert acts.averages("tariff-100")["US on China"][0].start == dt.date(2018, 1, 1)
