"""One number everywhere: commands, pages and documents tell the same headline figures."""

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard import data
from dashboard.data import stored_ranges
from dashboard.parts import answer_cards
from sim.cli.app import app
from sim.engine.decompose import decompose
from sim.engine.runs import average_rates, run
from sim.engine.scenario_comparison import compare
from sim.outputs.headline import figure_keys, headline
from sim.outputs.pick import Quantity
from sim.outputs.words import change_text, with_unit
from sim.study.point import Runner
from tests.dashboard.streamlit_pages import QUIET, checked, opened, specs, texts

pytestmark = QUIET

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
VALIDATION = (ROOT / "docs/validation.md").read_text(encoding="utf-8")
FIVE = ("tariff-100", "rare-earth-delay", "soybean-purchases", "truce-extension",
        "kuala-lumpur-package")  # fmt: skip
HOUSEHOLD, INCOME = "us_real_income_per_household", "us_real_income"
TARIFF = "us_tariff_on_china_before"


def truce(*arguments, columns=100):
    done = CliRunner().invoke(app, list(arguments), env={"COLUMNS": str(columns), "TERM": "dumb"})
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(scope="module")
def figures():
    return {name: headline(run(name)).figures for name in FIVE}


def text_of(page):
    metrics = "\n".join(f"{metric.label}: {metric.value}" for metric in page.metric)
    return f"{metrics}\n{texts(page)}".replace(answer_cards.NARROW_PERCENT, " %")


@pytest.mark.parametrize("name", FIVE)
def test_the_command_prints_what_the_function_returns(figures, name):
    flat = " ".join(truce("run", name, columns=200).split())
    for figure in figures[name].values():
        if figure.value != 0 or figure.change != 0:
            level = "" if figure.value is None else f"{with_unit(figure.value, figure.unit)} "
            assert f"{figure.label} {level}{change_text(figure)}" in flat
    told = json.loads(truce("run", name, "--json"))["figures"]
    for key, figure in figures[name].items():
        assert told[key]["change"] == pytest.approx(figure.change, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", FIVE)
def test_the_page_shows_what_the_command_prints(figures, name):
    page = opened("scenario", {"all-figures": True}, scenario=name)
    shown = text_of(page)
    answer = data.answer(name)
    for key in answer.ids(answer_cards.figure_cards.FIGURES):
        figure = figures[name][key]
        assert change_text(figure) in shown, figure.label
        if figure.value is not None:
            assert f"{figure.label}: {with_unit(figure.value, figure.unit)}" in shown
    table = next(frame.value for frame in page.table if "Figure" in frame.value.columns)
    rows = dict(zip(table["Figure"], table["Change"], strict=True))
    units = dict(zip(table["Figure"], table["Baseline"], strict=True))
    assert len(units) <= len(figures[name])
    for key in (TARIFF, "us_tariff_revenue", HOUSEHOLD):
        assert rows[figures[name][key].label] == change_text(figures[name][key])


def test_comparisons_have_the_figures_of_the_runs(figures):
    for top in compare(FIVE).headlines:
        for key, figure in figures[top.scenario].items():
            assert top.figures[key].change == pytest.approx(figure.change, rel=1e-9, abs=1e-12)
    page = opened("compare", pins="~".join(FIVE))
    for spec in specs(page):
        title = " ".join(spec["title"]["text"])
        rows = {row["name"]: row["value"] for row in spec["data"]["values"]}
        for name in FIVE:
            figure = next(each for each in figures[name].values() if each.label == title)
            value = rows.get(data.cards()[name].title, 0.0)
            assert value == pytest.approx(figure.change, rel=1e-6, abs=1e-3), (title, name)


@pytest.mark.parametrize("name", FIVE)
def test_map_parts_ranges_and_studies_are_about_the_same_number(figures, name):
    income = figures[name][INCOME].change
    spec = next(one for one in specs(opened("map_and_flows", scenario=name)) if "projection" in one)
    rows = spec["layer"][0]["transform"][1]["from"]["data"]["values"]
    assert next(row for row in rows if row["id"] == "840")["value"] == pytest.approx(income)
    assert decompose(name).total(HOUSEHOLD) == pytest.approx(figures[name][HOUSEHOLD].change)
    bars = stored_ranges.range_bars(data.answer(name), HOUSEHOLD)
    title = data.cards()[name].title
    centre = next(bar.centre for bar in bars if bar.label == title)
    assert centre == pytest.approx(figures[name][HOUSEHOLD].change)
    quantity = Quantity(*figure_keys()[INCOME])
    assert Runner(name).values({}, [quantity])[quantity] == pytest.approx(income, rel=1e-6)


@pytest.mark.parametrize("name", FIVE)
def test_a_range_holds_its_number(figures, name):
    for key, (low, high) in stored_ranges.ranges(name).items():
        assert low - 1e-6 <= figures[name][key].change <= high + 1e-6, key
    assert stored_ranges.ranges(name)


def test_the_tariff_on_china_in_october_2025_is_one_number(figures):
    """In scenarios, on the timeline, in the table of all partners, and in the documents."""
    day = dt.date(2025, 10, 26)
    figure = figures["tariff-100"][TARIFF]
    base = figure.baseline
    level = headline(run("baseline-2025-10")).figures[TARIFF].value
    after = day + dt.timedelta(1)
    averages = average_rates(day, after, scenario="history")
    partners = json.loads(truce("timeline", "--partner", "all", "--date", f"{day}", "--json"))
    china = next(row for row in partners if row["partner"] == "CHN")
    numbers = [base, level, averages.mean(day, after), china["rate_pct"]]
    assert numbers == pytest.approx([base] * 4, abs=1e-4)
    told = f"{base:.1f}"
    assert f"US duties on China in October 2025 come out at {told} %" in " ".join(README.split())
    rows = re.findall(r"^\| 2025-10-29 \| (?:Yale|headline)[^|]*\| ([\d.]+) ", VALIDATION, re.M)
    assert set(rows) == {told}
    own = re.findall(r"29 October 2025 \| average US tariff on China \| [^|]* \| \+([\d.]+)",
                     VALIDATION)  # fmt: skip
    assert set(own) == {told}


def test_the_readme_shows_what_the_command_prints():
    printed = [line.rstrip() for line in truce("compare", columns=120).splitlines()]
    shown = README[README.index("```\n" + printed[0]) :].splitlines()[1:]
    end = next(place for place, line in enumerate(printed) if line.startswith("Changes a year"))
    assert shown[: end + 1] == printed[: end + 1]


def test_a_question_is_answered_with_the_cards_number(figures):
    page = checked(opened("scenario", {"questions": True}, scenario="tariff-100"))
    lost = with_unit(abs(figures["tariff-100"][HOUSEHOLD].change), "USD")
    assert f"loses {lost} a year" in texts(page)
