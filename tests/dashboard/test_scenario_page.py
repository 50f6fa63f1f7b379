"""The pages, run by Streamlit's own AppTest: what they show is what `sim` says."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("streamlit", reason="the dashboard extra is not installed")

from streamlit.testing.v1 import AppTest

import sim
from dashboard import data
from dashboard.charts import bar_chart
from dashboard.data import alt_texts, answers, downloads, figure_cards, reproduction
from dashboard.parts import answer_cards
from dashboard.parts.markdown import plain
from dashboard.records import Bar, Caption
from sim.engine.runs import run
from sim.engine.scenario_comparison import compare
from sim.outputs.headline import headline
from sim.outputs.words import change_text, with_unit, worth_of
from tests.alike import assert_same_text
from tests.dashboard.streamlit_pages import QUIET, SECONDS

REPO = Path(__file__).resolve().parents[2]
APP = REPO / "dashboard" / "app.py"
SCENARIOS = [card.id for card in sim.list_scenarios()]

pytestmark = [
    pytest.mark.skipif(not SCENARIOS, reason="no scenarios in this checkout"),
    *QUIET,
]


def opened(**params: str) -> AppTest:
    page = AppTest.from_file(str(APP), default_timeout=SECONDS)
    for name, value in params.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception, page.exception
    return page


def numbers(page: AppTest) -> list[str]:
    """What the cards show: label and big number of each, then all lines of changes."""
    big = [f"{metric.label}: {metric.value}" for metric in page.metric]
    marked = (answer_cards.FIRST, answer_cards.SECOND)
    return big + [text.value for text in page.markdown if text.value.startswith(marked)]


def line(mark: str, text: str) -> str:
    return f"{mark} :small[{text.replace(' %', answer_cards.NARROW_PERCENT)}]"


def expected(name: str, **levers: float) -> list[str]:
    """The same from the simulator, against the counterpart if there is one."""
    top = headline(run(name, levers=levers))
    big, lines = [], []
    for key in map(top.names.id_of, figure_cards.FIGURES):
        if key not in top.figures:
            continue
        figure = top.figures[key]
        change, mark = change_text(figure), answer_cards.FIRST
        if figure.value is None:
            big.append(f"{figure.label}: {change} {mark}")
        else:
            big.append(f"{figure.label}: {with_unit(figure.value, figure.unit)}")
            lines.append(line(mark, change))
    return big + lines


def notices(page: AppTest) -> str:
    return "\n".join(element.value for element in [*page.info, *page.warning])


def slider(page: AppTest, lever: str, scenario: str = "tariff-100"):
    return page.slider(key=f"{scenario}.{lever}")


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenario_renders_with_the_numbers_of_the_simulator(name):
    page = opened(scenario=name)
    assert not page.error
    assert not notices(page)
    assert_same_text("\n".join(numbers(page)), "\n".join(expected(name)))


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_chart_has_title_unit_source_and_words(name):
    charts_shown = opened(scenario=name).get("vega_lite_chart")
    for element in charts_shown:
        spec = element.proto.spec
        assert '"title"' in spec
        assert "Source:" in spec
        assert re.search(r"bn USD|USD a year|percent|USD bn|%", spec)
        assert re.match(r"(Bar|Line) chart\. ", element.proto.alt)


def test_articles_come_first():
    listed = list(data.cards().values())
    groups = [card.group for card in listed]
    assert groups[0] == "articles"
    assert groups == sorted(groups, key=lambda group: group != "articles")


def test_moving_a_lever_changes_the_numbers():
    page = opened(scenario="tariff-100")
    before = numbers(page)
    slider(page, "us_rate").set_value(50.0).run()
    assert not page.exception
    after = numbers(page)
    assert after != before
    assert_same_text("\n".join(after), "\n".join(expected("tariff-100", us_rate=50.0)))


def test_reset_brings_the_defaults_back():
    page = opened(scenario="tariff-100")
    before = numbers(page)
    slider(page, "us_rate").set_value(50.0).run()
    page.button(key="reset").click().run()
    assert numbers(page) == before


def test_deep_link_sets_scenario_and_lever():
    page = opened(scenario="tariff-100", us_rate="60")
    assert slider(page, "us_rate").value == 60.0
    assert_same_text("\n".join(numbers(page)), "\n".join(expected("tariff-100", us_rate=60.0)))


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"scenario": "nonsense"}, "does not exist here"),
        ({"scenario": "../../etc/passwd"}, "does not exist here"),
        ({"scenario": "tariff-100", "us_rate": "abc"}, "must be a number"),
        ({"scenario": "tariff-100", "us_rate": "nan"}, "must be a number"),
        ({"scenario": "tariff-100", "us_rate": "1e9"}, "must be a number"),
        ({"scenario": "tariff-100", "no_lever": "5"}, "no lever of this scenario"),
        ({"scenario": "tariff-100", "versus": "nothing"}, "does not exist here"),
    ],
)
def test_bad_address_falls_back_with_a_notice(params, words):
    page = opened(**params)
    assert words in notices(page)
    fallback = params["scenario"] if params["scenario"] in SCENARIOS else next(iter(data.cards()))
    assert_same_text("\n".join(numbers(page)), "\n".join(expected(fallback)))
    page.run()
    assert not notices(page)


def test_address_cannot_carry_markup_into_the_page():
    forged = "![x](http://example.com/x.png)<script>alert(1)</script>"
    text = notices(opened(scenario=forged))
    assert text
    assert not set("<>[]()!") & set(text)


def test_measure_that_prevents_something_is_set_against_its_counterpart():
    page = opened(scenario="truce-extension")
    assert page.selectbox[1].value == "baseline"
    answer = data.answer("truce-extension")
    text = "\n".join(element.value for element in page.markdown)
    assert f"{answer_cards.FIRST} against “The truce lapses”" in text
    worth = headline(run("truce-extension")).figures["us_imports_from_china"]
    assert line(answer_cards.FIRST, change_text(worth)) in text
    assert worth_of(answer.headline).split(". ")[0] in text
    assert "Month by month." in text
    assert "Nothing changes" not in text


def test_an_old_address_that_names_the_counterpart_shows_the_same():
    page = opened(scenario="truce-extension", versus="truce-lapse")
    assert page.selectbox[1].value == "baseline"
    assert not notices(page)


def test_baseline_only_is_a_choice():
    page = opened(scenario="truce-extension", versus="baseline")
    text = "\n".join(element.value for element in page.markdown)
    assert answer_cards.SECOND not in text


def test_second_scenario_has_the_same_baseline():
    known = {"truce-lapse", "rare-earth-enforced", "kuala-lumpur-package", "tit-for-tat"}
    assert known <= set(data.comparable("tariff-100"))
    starts = {
        (one.baseline, one.baseline_date)
        for one in (data.describe(name) for name in data.comparable("tariff-100"))
    }
    assert starts == {("baseline-2025-10", None)}
    assert "april-2025" not in data.comparable("geneva-2025")
    assert set(data.comparable("baseline-2025-10")) == {"baseline-today", "history"}


def test_switching_the_scenario_goes_back_to_its_own_counterpart():
    page = opened(scenario="tariff-100", versus="truce-lapse")
    assert page.selectbox[1].value == "truce-lapse"
    page.selectbox[0].set_value("rare-earth-delay").run()
    assert page.selectbox[1].value == "baseline"
    assert "Its counterpart only" in page.selectbox[1].options[0]
    assert not notices(page)


def test_sessions_do_not_share_levers():
    first, second = opened(scenario="tariff-100"), opened(scenario="tariff-100")
    before = numbers(second)
    slider(first, "us_rate").set_value(50.0).run()
    assert numbers(second.run()) == before


def test_levers_of_the_model_move_both_scenarios():
    page = opened(scenario="truce-extension", versus="tariff-100")
    slider(page, "factor_mobility", "truce-extension").set_value(3.0).run()
    levers = (("factor_mobility", 3.0),)
    answers = [data.answer(name, levers) for name in ("truce-extension", "tariff-100")]
    worth = data.differences(*answers)["us_tariff_revenue"]
    assert line(answer_cards.SECOND, change_text(worth)) in numbers(page)


@pytest.mark.parametrize("name", [n for n in SCENARIOS if data.describe(n).counterpart])
def test_counterpart_takes_over_the_levers_as_in_compare(name):
    description = data.describe(name)
    lever = next(s for s in reversed(description.levers) if not s.paths[0].startswith("model."))
    levers = ((lever.id, float(lever.min)),)
    ours = data.answer(name, levers).figures
    theirs = compare([name], levers=dict(levers)).worths[0].figures
    assert {key: figure.change for key, figure in ours.items()} == pytest.approx(
        {key: figure.change for key, figure in theirs.items()}, rel=1e-6, abs=1e-9
    )


def test_levers_without_an_answer_keep_the_last_one(monkeypatch):
    page = opened(scenario="tariff-100")
    slider(page, "us_rate").set_value(50.0).run()
    kept = numbers(page)

    def fails(name, levers):
        raise data.NoAnswer("These levers have no answer: no equilibrium.")

    monkeypatch.setattr(answers, "result", fails)
    slider(page, "us_rate").set_value(145.0).run()
    assert not page.exception
    assert "no equilibrium" in page.warning[0].value
    assert "50" in page.warning[0].value
    assert numbers(page) == kept


def test_scenario_without_any_answer_says_so(monkeypatch):
    def fails(name, levers):
        raise data.NoAnswer("These levers have no answer: no equilibrium.")

    data.answer.clear()
    monkeypatch.setattr(answers, "result", fails)
    page = opened(scenario="tariff-100")
    assert "no equilibrium" in page.warning[0].value
    assert not page.metric


def test_downloaded_scenario_runs_to_the_same_numbers(tmp_path):
    levers = (("us_rate", 60.0),)
    path = tmp_path / "mine.yaml"
    path.write_text(downloads.scenario_yaml("tariff-100", levers), encoding="utf-8")
    mine, ours = run(path), run("tariff-100", levers=dict(levers))
    values = [result.table["value"].to_pylist() for result in (mine, ours)]
    assert values[0] == pytest.approx(values[1], rel=1e-9, nan_ok=True)


def test_downloaded_table_is_the_result():
    lines = downloads.csv("tariff-100", ()).decode("utf-8-sig").splitlines()
    assert lines[0].replace('"', "") == "scenario,date,variable,region,partner,sector,unit,value"
    assert len(lines) - 1 == run("tariff-100").table.num_rows


def test_recipes_name_scenario_and_levers():
    levers = (("us_rate", 60.0), ("coverage", 0.7))
    assert reproduction.command("tariff-100", levers) == (
        "truce run tariff-100 --set us_rate=60 --set coverage=0.7"
    )
    assert reproduction.command("tariff-100", (), 36) == "truce run tariff-100 --months 36"
    lines = reproduction.python_lines("tariff-100", levers)
    assert 'sim.run("tariff-100", levers={"us_rate": 60, "coverage": 0.7})' in lines


def test_about_page_renders():
    page = AppTest.from_string(
        "from dashboard.views import about\nabout.show_page()", default_timeout=SECONDS
    ).run()
    assert not page.exception
    assert page.dataframe or page.table


CAPTION = Caption("US sectors", "The tariff", "bn USD", "Truce; OECD ICIO 2022")
BARS = [
    Bar("Soybeans", "October 2025", 2.0, "+2.0 bn USD"),
    Bar("Soybeans", "Lapse", 3.0, "+3.0 bn USD"),
    Bar("Cars and parts", "October 2025", -1.0, "-1.0 bn USD"),
    Bar("Cars and parts", "Lapse", 0.5, "+0.5 bn USD"),
]


def test_finding_says_who_gains_and_loses_most():
    text = alt_texts.ranking(BARS, CAPTION)
    assert "Soybeans gains most (+2.0 bn USD)" in text
    assert "Cars and parts loses most (-1.0 bn USD)" in text
    assert "October 2025" in text


def test_ranking_keeps_the_order_and_leaves_room_for_numbers():
    spec = bar_chart.ranking(BARS, CAPTION)
    assert spec["encoding"]["y"]["sort"] == ["Soybeans", "Cars and parts"]
    low, high = spec["encoding"]["x"]["scale"]["domain"]
    assert low < -1.0
    assert high > 3.0
    assert spec["title"]["subtitle"][1:] == ["bn USD", "Source: Truce; OECD ICIO 2022"]


def test_ranking_is_valid_vega_lite():
    altair = pytest.importorskip("altair")
    altair.LayerChart.from_dict(bar_chart.ranking(BARS, CAPTION), validate=True)


def test_series_keeps_its_colour_when_the_other_is_not_drawn():
    caption = replace(CAPTION, series=("October 2025", "Lapse"))
    only = [bar for bar in BARS if bar.series == "Lapse"]
    colour = bar_chart.ranking(only, caption)["layer"][0]["encoding"]["color"]
    assert colour["scale"]["domain"] == ["October 2025", "Lapse"]
    assert colour["legend"]["values"] == ["Lapse"]


def test_markup_in_texts_is_shown_as_it_is():
    assert plain("*a* [b](c) $d$") == r"\*a\* \[b\](c) \$d\$"
