"""Figures, sentences and tables of another pair than the United States and China."""

import io

import pytest
from rich.console import Console

import sim
from sim.outputs import words
from sim.outputs.comparison import Comparison
from sim.outputs.figure_templates import TEMPLATES
from sim.outputs.headline import figure_keys, figure_order, headline, in_figure_units
from sim.outputs.pair_names import DEFAULT_NAMES, pair_names
from sim.outputs.path_table import path_table
from sim.outputs.pick import Quantity, pick
from sim.outputs.results import RunResult
from sim.outputs.table import result_table
from sim.pair import DEFAULT_PAIR, Pair
from sim.report.comparison_report import comparison_report
from sim.report.overview import overviews
from sim.report.paths_by_quarter import SHOWN
from sim.report.run_report import run_report
from sim.report.timeline_plot import series_of
from tests.outputs.test_metrics import solved_toy, toy_outcome

CANADA = Pair("CAN", "USA")
REVERSED = Pair("CHN", "USA")


@pytest.fixture(scope="module")
def run():
    """A run of today's law, told from the side of the United States."""
    return sim.run("tariff-100")


def told(result, *pair):
    """The same numbers, told for another pair; a sector's or partner's rows may be missing."""
    return RunResult(result.table, {**result.manifest, "pair": list(pair)}, result.scenario)


def text_of(renderable, width=120):
    stream = io.StringIO()
    Console(file=stream, width=width, highlight=False).print(renderable)
    return stream.getvalue()


def test_the_default_pair_has_the_ids_that_readers_know():
    assert DEFAULT_PAIR.is_default
    assert DEFAULT_PAIR.codes == ("USA", "CHN")
    assert figure_order() == (
        "us_imports_from_china", "us_exports_to_china",
        "us_tariff_on_china_before", "us_tariff_on_china",
        "cn_tariff_on_us_before", "cn_tariff_on_us",
        "us_tariff_on_all_before", "us_tariff_on_all", "us_tariff_revenue",
        "us_consumer_prices", "cn_consumer_prices",
        "us_gain", "us_real_income", "us_real_income_per_household",
        "cn_gain", "cn_real_income", "cn_real_income_per_household",
        "us_soybean_income", "us_soybean_exports", "us_soybean_exports_to_china",
        "purchase_quantity", "purchase_price",
        "br_soybean_exports_to_china", "purchase_shortfall", "purchase_subsidy",
        "rare_earth_price_gap", "licence_shadow_rate", "licence_rent",
    )  # fmt: skip
    assert len(TEMPLATES) == len(figure_order())


def test_a_run_without_a_pair_is_about_the_united_states_and_china(run):
    assert "pair" not in run.manifest
    assert run.pair == DEFAULT_PAIR
    assert headline(run).names == DEFAULT_NAMES
    assert headline(told(run, "USA", "CHN")).figures == headline(run).figures


def test_another_pair_has_ids_from_its_codes():
    ids = figure_order(CANADA)
    assert ids[:2] == ("can_imports_from_usa", "can_exports_to_usa")
    assert "usa_tariff_on_can_before" in ids
    assert "can_real_income_per_household" in ids
    keys = figure_keys(CANADA)
    assert keys["can_imports_from_usa"] == ("imports_change", "CAN", "USA", "GOODS")
    assert keys["usa_tariff_on_can"][1:3] == ("USA", "CAN")
    assert in_figure_units("can_imports_from_usa", 1500.0, CANADA) == 1.5


def test_soybeans_and_rare_earths_are_figures_of_china_alone():
    for pair in (CANADA, Pair("EU27", "USA")):
        assert not [name for name in figure_order(pair) if "soybean" in name or "rare" in name]
        assert {"purchase_subsidy", "licence_rent"} <= set(figure_order(pair))
    assert "eu27_soybean_exports_to_chn" in figure_order(Pair("EU27", "CHN"))
    assert "bra_soybean_exports_to_chn" in figure_order(Pair("BRA", "CHN"))


def test_china_buys_and_licenses_on_either_side():
    keys = figure_keys(REVERSED)
    assert keys["chn_imports_from_usa"][1:3] == ("CHN", "USA")
    assert keys["usa_soybean_income"][1] == "USA"
    assert keys["purchase_shortfall"][1:3] == ("CHN", "USA")
    assert keys["rare_earth_price_gap"][1] == "CHN"
    assert set(figure_keys().values()) - set(keys.values()) == {
        ("exports_change", "USA", "CHN", "GOODS"),
        ("imports_change", "USA", "CHN", "GOODS"),
        ("effective_tariff_rate_before_substitution_change", "USA", "TOTAL", "TOTAL"),
        ("effective_tariff_rate_change", "USA", "TOTAL", "TOTAL"),
        ("tariff_revenue_change", "USA", "TOTAL", "TOTAL"),
    }


def test_labels_name_the_regions(run):
    figures = headline(told(run, "CHN", "USA")).figures
    label = figures["chn_imports_from_usa"].label
    assert label == "China's goods imports from the United States"
    assert figures["usa_real_income"].label == "The United States' real income"
    assert figures["purchase_subsidy"].label == "Subsidy that China's purchases take"
    canada = headline(told(run, "CAN", "USA")).figures
    assert canada["can_real_income"].label == "Canada's real income"
    rest = pair_names(Pair("ROW", "PHL"), {"ROW": "Rest of the world", "PHL": "Philippines"})
    assert rest.text("{home.owner} goods from {partner.noun}") == (
        "The rest of the world's goods from the Philippines"
    )


def test_the_same_number_has_the_same_value_whoever_tells_it(run):
    ours, theirs = headline(run).figures, headline(told(run, "CHN", "USA")).figures
    assert theirs["usa_real_income"].change == ours["us_real_income"].change
    assert theirs["usa_tariff_on_chn_before"].value == ours["us_tariff_on_china_before"].value
    assert theirs["usa_soybean_income"].change == ours["us_soybean_income"].change


def test_figures_that_the_table_lacks_are_left_out(run):
    figures = headline(told(run, "CAN", "USA")).figures
    # The table lists the trade of the United States and China by sector, not that of Canada.
    assert "can_imports_from_usa" not in figures
    assert "usa_tariff_on_can" in figures
    assert figures["can_gain"].change == run.value("equivalent_variation", "CAN") / 1e3


def test_rankings_are_those_of_home(run):
    rankings = headline(told(run, "CHN", "USA")).rankings
    assert rankings["chn_sectors_lose"]
    assert rankings["chn_imports_from_third_countries_lose"]
    assert not {mover.code for mover in rankings["third_countries_gain"]} & {"USA", "CHN"}
    canada = headline(told(run, "CAN", "USA")).rankings
    movers = [*canada["third_countries_gain"], *canada["third_countries_lose"]]
    assert not {mover.code for mover in movers} & {"CAN", "USA"}
    assert canada["can_sectors_lose"] or canada["can_sectors_gain"]


def test_sentences_are_about_the_pair(run):
    text = " ".join(words.sentences(headline(told(run, "CHN", "USA"))))
    assert "China's goods imports from the United States fall by" in text
    assert "The United States' average duty on goods from China rises by 63" in text
    assert "The United States' real income falls by" in text
    assert "China's sectors" in text
    canada = " ".join(words.sentences(headline(told(run, "CAN", "USA"))))
    assert "Canada's real income" in canada
    assert "Chinese" not in canada
    assert "oybean" not in canada


def test_a_worth_names_the_pair(run):
    truce = told(sim.run("truce-extension"), "CHN", "USA")
    text = words.worth_of(headline(truce))
    assert "a year to China (" in text
    assert "a year to the United States (" in text
    assert "China's goods exports to the United States" in text


@pytest.mark.parametrize("pair", [("CHN", "USA"), ("CAN", "USA")])
def test_reports_of_another_pair(run, pair):
    report = text_of(run_report(told(run, *pair), 100), width=100)
    home = run.label(pair[0])
    assert f"{home}'s real income" in report
    assert f"{home}'s sectors, real factor income" in report


def test_an_overview_has_a_table_a_pair(run):
    others = told(run, "CHN", "USA"), told(run, "CAN", "USA")
    comparison = Comparison((run, *others))
    tables = list(overviews(comparison, 120))
    first, second, third = (text_of(table) for table in tables)
    assert "US imports" in first
    assert "per US" in first
    assert "China's" in second
    assert "from USA" in second
    assert "…" not in second + third
    assert "in China" in second
    assert "Canada's" in third
    assert "soybean" not in third
    assert len(list(overviews(Comparison((run, run)), 120))) == 1
    detailed = text_of(comparison_report(comparison, 120, details=True))
    assert "China's goods imports from" in detailed
    assert "US goods imports from" in detailed


def test_figures_shown_of_paths_exist_for_every_pair():
    keys = {template.key for template in TEMPLATES}
    assert set(SHOWN) <= keys


def test_series_of_a_timeline():
    assert series_of() == {"us_on_china": "US on China", "china_on_us": "China on the US"}
    names = pair_names(CANADA, {"CAN": "Canada", "USA": "United States"})
    assert series_of(names) == {
        "can_on_usa": "Canada on the United States",
        "usa_on_can": "United States on Canada",
    }


def test_a_table_lists_the_pair_of_its_outcome():
    solved = solved_toy()
    usual, other = toy_outcome(solved), toy_outcome(solved, Pair("VNM", "CHN"))
    ours, theirs = (RunResult(result_table(each), {"scenario": "toy"}) for each in (usual, other))
    assert ours.find("imports", "USA", "VNM", "FOOD") is not None
    assert theirs.find("imports", "USA", "VNM", "FOOD") is None
    assert theirs.find("imports", "VNM", "USA", "FOOD") is not None
    assert theirs.value("trade_diversion", "CHN", "USA") is not None
    assert ours.find("trade_diversion", "CHN", "USA") is None
    key = Quantity("imports", "VNM", "USA", "FOOD")
    assert pick(other, [key])[key] == theirs.value(*key)
    path = RunResult(path_table([other]), {"scenario": "toy"})
    assert path.find("imports", "VNM", "CHN", "GOODS") is not None
    assert path.find("imports", "USA", "CHN", "GOODS") is None
