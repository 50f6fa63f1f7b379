"""Tonnes times price is the value, and the baseline has one tonnage, wherever soybeans are told."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import sim
from dashboard.data.answers import answer
from dashboard.data.text_tables import figure_table
from sim.cli.app import app
from sim.engine.runs import world_of
from sim.outputs.headline import headline
from sim.outputs.tonnes import PricedQuantity, value_bn
from sim.outputs.words import sentences
from sim.policy.library.cards import list_scenarios, scenario_folder
from tests.alike import near
from tests.dashboard.streamlit_pages import opened, texts

MONTHS = 14
ROOT = Path(__file__).parents[2]
NUMBER = r"([+-]?\d[\d,]*(?:\.\d+)?)"
TRIPLE = re.compile(
    rf"{NUMBER} million tonnes at {NUMBER} USD a tonne,? \(?{NUMBER} bn USD\)?"
    rf"|\({NUMBER} USD a tonne, {NUMBER} bn USD for {NUMBER} million tonnes\)"
)
IN_BASELINE = re.compile(rf"in the baseline {NUMBER} million tonnes")
OF_2024 = re.compile(rf"of 2024, when {NUMBER} million tonnes were sold for {NUMBER} bn USD")


SCENARIOS = ("soybean-purchases", "purchase-trigger", "kuala-lumpur-package")


def test_no_scenario_that_promises_tonnes_is_left_out():
    promising = {
        card.id
        for card in list_scenarios()
        for measure in world_of().scenario(card.id).measures
        if getattr(measure, "mmt", None) is not None
    }
    assert promising == set(SCENARIOS)


def printed(*words):
    done = CliRunner().invoke(app, list(words), env={"COLUMNS": "200", "TERM": "dumb"})
    assert done.exit_code == 0, done.stderr
    return done.stdout


def known(text):
    """A number of a text, and how far what it was rounded from may lie away."""
    digits = len(text.partition(".")[2])
    return float(text.replace(",", "")), 0.5 * 10.0**-digits


def disagreement(mmt, usd_t, usd_bn):
    """Distance of a product of rounded numbers from its value, over what rounding allows."""
    (tonnes, by_tonnes), (price, by_price), (value, by_value) = map(known, (mmt, usd_t, usd_bn))
    allowed = (abs(tonnes) * by_price + price * by_tonnes + by_tonnes * by_price) / 1e3 + by_value
    return abs(tonnes * price / 1e3 - value) / allowed


def statements(text):
    """Tonnes, price and value wherever a text states all three."""
    for match in TRIPLE.finditer(" ".join(text.split())):
        first, second = match.groups()[:3], match.groups()[3:]
        yield first if first[0] is not None else (second[2], second[0], second[1])


def check_text(text, least=1):
    """Every sentence with tonnes and dollars adds up; prices stand nowhere but in such a one."""
    text = " ".join(text.split())
    found = list(statements(text))
    assert len(found) >= least
    for statement in found:
        assert disagreement(*statement) <= 1 + 1e-9, statement
    rest = TRIPLE.sub("", text)
    for price in re.findall(rf"at {NUMBER} USD a tonne", rest):
        raise AssertionError(f"a price without its tonnes and value: {price}")


def walk(thing, place=""):
    """All records of a JSON document, with where they are."""
    if isinstance(thing, dict):
        yield place, thing
        for key, value in thing.items():
            yield from walk(value, f"{place}.{key}")
    elif isinstance(thing, list):
        for position, value in enumerate(thing):
            yield from walk(value, f"{place}[{position}]")


def check_json(document, least=4):
    """Every record with tonnes, price and value adds up; so do the figures; so do the sentences."""
    priced = [(place, r) for place, r in walk(document) if {"mmt", "usd_t", "usd_bn"} <= r.keys()]
    assert len(priced) >= least
    for place, record in priced:
        assert record["mmt"] * record["usd_t"] / 1e3 == pytest.approx(record["usd_bn"]), place
    for _, record in walk(document):
        if "purchase_quantity" in record and "us_soybean_exports_to_china" in record:
            check_figures(record)
    check_text("\n".join(document["sentences"]), least=0)


def check_figures(figures):
    """The exports are the tonnes times the price, in the scenario and in the baseline."""
    quantity, price, value = (
        figures[name]
        for name in ("purchase_quantity", "purchase_price", "us_soybean_exports_to_china")
    )
    before, after = (
        [figure["value"] - share * figure["change"] for figure in (quantity, price, value)]
        for share in (1.0, 0.0)
    )
    for tonnes, usd_t, usd_bn in (before, after):
        assert tonnes * usd_t / 1e3 == pytest.approx(usd_bn)


@pytest.fixture(scope="module", params=SCENARIOS)
def name(request):
    return request.param


def test_the_report_adds_up(name):
    report = printed("run", name)
    check_text(report, least=4)
    assert OF_2024.search(" ".join(report.split()))


def test_the_document_adds_up(name):
    check_json(json.loads(printed("run", name, "--json")))


def test_the_path_adds_up(name):
    document = json.loads(printed("run", name, "--months", str(MONTHS), "--json"))
    check_json(document, least=0)
    assert any("purchase_quantity" in month["figures"] for month in document["months"])
    check_text(printed("run", name, "--months", str(MONTHS)), least=0)


def test_the_comparison_adds_up():
    check_text(printed("compare", *SCENARIOS), least=1)
    check_text(printed("compare", *SCENARIOS, "--months", "2"), least=0)


def test_the_page_adds_up(name):
    page = opened("scenario", scenario=name)
    check_text(texts(page), least=4)
    told = answer(name)
    check_text("\n".join(told.sentences), least=4)
    rows = {row["Figure"]: row for row in figure_table(told, None)}
    tonnes = rows["US soybean exports to China in tonnes"]
    price = rows["Price of US soybean exports to China"]
    value = rows["US soybean exports to China"]
    for state in ("Baseline", "Scenario"):
        shown = [row[state].split()[0] for row in (tonnes, price, value)]
        assert disagreement(*shown) <= 1 + 1e-9, state


def test_the_baseline_has_one_tonnage_everywhere():
    """In sentences, figures and the manifest of every scenario against the same baseline."""
    tonnages, prices = {}, set()
    for name in SCENARIOS:
        result = sim.run(name)
        told = headline(result)
        (target,) = told.pledges
        states, figure = target["purchases"], told.figures["purchase_quantity"]
        assert figure.baseline == near(states["baseline"]["mmt"])
        assert target["without"] == near(states["without"]["mmt"])
        assert figure.value == near(states["scenario"]["mmt"])
        assert target["shortfall"] == near(max(0.0, target["pledged"] - target["without"]))
        said = IN_BASELINE.findall(" ".join(sentences(told)))
        (shown,) = said
        assert float(shown) == pytest.approx(states["baseline"]["mmt"], abs=0.05)
        tonnages.setdefault(told.against, set()).add(round(states["baseline"]["mmt"], 6))
        prices.add(round(states["in_2024"]["usd_t"], 6))
    assert {len(found) for found in tonnages.values()} == {1}
    assert len(prices) == 1


def test_the_price_is_that_of_the_trade_of_2024():
    """Value and tonnes are of one count: American exports of 2024, 12.76 bn USD."""
    (target,) = sim.run("soybean-purchases").manifest["targets"]
    year = target["purchases"]["in_2024"]
    assert year["usd_bn"] == pytest.approx(12.76, abs=0.01)
    assert year["mmt"] == target["details"]["reference_mmt"]
    assert 440 < year["usd_t"] < 500  # what American statistics have for all soybeans sold abroad


def test_the_change_of_the_value_is_quantity_and_price():
    (target,) = sim.run("soybean-purchases").manifest["targets"]
    states = target["purchases"]
    before, after, year = states["baseline"], states["scenario"], states["in_2024"]
    volume = value_bn(after["mmt"] - before["mmt"], year["usd_t"])
    prices = sum(
        sign * value_bn(state["mmt"], state["usd_t"] - year["usd_t"])
        for sign, state in ((1, after), (-1, before))
    )
    assert volume + prices == pytest.approx(after["usd_bn"] - before["usd_bn"])
    assert after["usd_t"] > states["without"]["usd_t"]  # the subsidy adds to demand


def prose():
    """Every text that states soybeans in tonnes: scenarios, measures, documentation."""
    files = [*scenario_folder().rglob("*.yaml"), *ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    return [path for path in files if "USD a tonne" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("path", prose(), ids=lambda path: path.name)
def test_what_is_written_adds_up(path):
    text = path.read_text(encoding="utf-8")
    check_text(text)
    (target,) = sim.run("soybean-purchases").manifest["targets"]
    year = target["purchases"]["in_2024"]["usd_t"]
    for statement in statements(text):
        assert known(statement[1])[0] in (413, pytest.approx(year, abs=20))


@pytest.mark.parametrize(
    "text",
    [
        "25.0 million tonnes at 413 USD a tonne (14.9 bn USD)",
        "-1.20 million tonnes at 476.1 USD a tonne (-0.67 bn USD)",
        "bought at 413 USD a tonne",
    ],
)
def test_the_check_finds_what_does_not_add_up(text):
    with pytest.raises(AssertionError):
        check_text(text, least=0)


def test_tonnes_at_another_price():
    moved = PricedQuantity.of_value(20.0, 9000.0).at_price(500.0)
    assert (moved.mmt, moved.usd_t) == (20.0, 500.0)
    assert moved.usd_bn == pytest.approx(10.0)
