"""The shipped scenarios, measures and evidence: complete, sourced, and what they amount to."""

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sim.baseline.load import load_bundle
from sim.policy.axes import Axes
from sim.policy.language.describe import language_markdown
from sim.policy.language.schema import schema_json
from sim.policy.language.yamlio import parse_document
from sim.policy.law.nontariff import targets
from sim.policy.law.tariffs import tariff_rate
from sim.policy.library.loader import check_paths, list_scenarios, load_scenario
from sim.policy.library.seeds import read_contradictions, read_seeds
from tests.strategies_policy import ROOT, shipped_axes

AXES = shipped_axes()
SCENARIOS = ROOT / "scenarios"
SEEDS = ROOT / "seeds"
NAMES = [card.id for card in list_scenarios()]
ARTICLES = ["tariff-100", "rare-earth-delay", "soybean-purchases", "truce-extension"]
BASELINES = [card.id for card in list_scenarios() if card.group == "baselines"]
HISTORY = [card.id for card in list_scenarios() if card.group == "history"]
EXPECTED_BASELINE = {
    **dict.fromkeys(BASELINES, None),
    **dict.fromkeys(HISTORY, "history"),
    **dict.fromkeys(("november-2026", "legacy-chips-2027"), "baseline-today"),
}
TWENTY = (
    "tariff-100", "truce-extension", "rare-earth-delay", "soybean-purchases",
    "kuala-lumpur-package", "fentanyl-cut", "snapback", "limited-cuts", "technology-easing",
    "technology-tightening", "asean-rerouting", "tit-for-tat", "april-2025", "geneva-2025",
    "trade-war-2018", "phase-one", "court-ruling-2026", "forced-labour-2026", "november-2026",
    "third-countries", "legacy-chips-2027",
)  # fmt: skip
"""The twenty of the fact sheet; the ninth is two, easing and tightening."""
EXPECTED_LEVERS = {
    "tariff-100": {"us_rate", "coverage", "china_retaliation", "duration"},
    "rare-earth-delay": {
        "delay_months",
        "licence_volume",
        "us_volume",
        "rent_share",
        "substitution",
        "snapback_hazard",
    },
    "rare-earth-enforced": {"licence_volume", "us_volume", "rent_share", "substitution"},
    "soybean-purchases": {
        "purchases_mmt",
        "fulfilment",
        "cn_soy_duty",
        "snapback_hazard",
    },
    "truce-extension": {
        "months",
        "us_suspended",
        "cn_suspended",
        "fentanyl_rate",
        "snapback_hazard",
        "duration",
        "uncertainty_wedge",
    },
    "fentanyl-cut": {"fentanyl_rate"},
    "snapback": {
        "licence_volume",
        "us_volume",
        "rent_share",
        "substitution",
        "ship_fees",
        "chips_cut",
    },
    "limited-cuts": {"us_freed", "cn_freed"},
    "technology-easing": {"chip_cost"},
    "technology-tightening": {"software_controls", "chips_cut"},
    "asean-rerouting": {"rerouting_duty", "rerouted_share", "freed_share"},
    "tit-for-tat": {"us_rate", "coverage", "china_retaliation", "duration"},
    "third-countries": {"canada_rate", "brazil_relief", "india_relief"},
    "truce-lapse": set(),
    "baseline-2025-10": set(),
}


def load(name, **levers):
    return load_scenario(name, AXES, levers=levers)


# --- the shipped files ---------------------------------------------------------------------------


def test_nothing_is_wrong_with_the_shipped_files():
    assert check_paths([SCENARIOS, SEEDS], AXES) == []


def test_the_four_measures_of_the_articles_come_first():
    assert NAMES[:4] == ARTICLES
    assert [card.id for card in list_scenarios() if card.group == "articles"] == ARTICLES


def test_a_list_needs_neither_numpy_nor_the_model():
    code = (
        "import sys; from sim.policy.library.loader import list_scenarios; list_scenarios();"
        "print([name for name in ('numpy', 'scipy', 'sim.model') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_says_what_it_is(name):
    scenario = load(name)
    assert scenario.question.endswith("?")
    assert len(re.findall(r"[.?!](?:\s|$)", scenario.summary)) == 2
    assert scenario.baseline == EXPECTED_BASELINE.get(name, "baseline-2025-10")
    assert [measure.id for measure in scenario.measures] == sorted(
        measure.id for measure in scenario.measures
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_number_says_what_it_rests_on(name):
    scenario = load(name)
    owners = {reference.measure_id for reference in scenario.sources}
    assert {measure.id for measure in scenario.measures} <= owners
    for lever in scenario.levers:
        assert f"lever:{lever.id}" in owners
        assert lever.basis != "assumption" or lever.note
        assert lever.min <= lever.default <= lever.max
    for reference in scenario.sources:
        if reference.basis == "article":
            assert reference.paraphrase
            assert reference.firmness
        elif reference.basis == "assumption":
            assert reference.note
        else:
            assert reference.grade in tuple("ABCXM")
            assert reference.address


@pytest.mark.parametrize(("name", "levers"), EXPECTED_LEVERS.items())
def test_levers_are_those_of_the_contract(name, levers):
    assert {lever.id for lever in load(name).levers} == levers | {"factor_mobility"}


def test_the_package_has_the_levers_of_its_parts():
    package = {lever.id for lever in load("kuala-lumpur-package").levers}
    parts = set().union(*(EXPECTED_LEVERS[name] for name in ARTICLES[1:]))
    assert package == parts | {"factor_mobility", "fentanyl_rate"}


def test_only_what_an_article_states_is_marked_so():
    from_articles = {
        (name, lever.id)
        for name in NAMES
        for lever in load(name).levers
        if lever.basis == "article"
    }
    assert from_articles == {
        ("tariff-100", "us_rate"),
        ("rare-earth-delay", "delay_months"),
        ("kuala-lumpur-package", "delay_months"),
        ("tit-for-tat", "us_rate"),
        ("licence-mirror", "us_rate"),
    }
    assert load("soybean-purchases").stated_in_articles == ()


def test_the_twenty_scenarios_and_two_baselines_are_there():
    assert set(TWENTY) | {"baseline-2025-10", "baseline-today"} <= set(NAMES)
    assert load("baseline-today").date.year == 2026


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_says_what_no_article_states(name):
    scenario = load(name)
    assert scenario.not_in_articles or name == "history"
    from_articles = {"articles", "packages", "counterparts", "later"}
    assert scenario.rests_on or scenario.group not in from_articles
    stated = {(one.seed, one.fact) for one in scenario.stated_in_articles}
    assert stated <= {(one.seed, one.fact) for one in scenario.rests_on}


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"history", "truce-lapse"}))
def test_a_scenario_is_set_beside_published_numbers_or_says_that_there_are_none(name):
    scenario = load(name)
    assert scenario.compare_with or "No published" in scenario.note or name == "limited-cuts"
    for estimate in scenario.compare_with:
        assert estimate.source.grade
        assert estimate.ours is None or estimate.unit


def test_what_is_not_established_is_a_switch_that_a_lever_moves():
    history = load("history")
    switches = {measure.id for measure in history.measures if measure.switch is not None}
    moved = {path.partition(".")[0] for lever in history.levers for path in lever.paths}
    assert len(switches) >= 12
    assert switches <= moved
    for measure in history.measures:
        memory = all(source.grade == "M" for source in measure.sources)
        assert not memory or measure.switch is not None or measure.assumed, measure.id


def test_scenarios_inherit_levers_instead_of_copying_them():
    """A lever of the same path and range is written out once."""
    seen = {}
    for path in sorted(SCENARIOS.glob("*.yaml")):
        if path.stem in ("stacking", "history"):
            continue
        for lever in parse_document(path.read_text(), path.name).content.get("levers", {}).values():
            moved = lever["path"] if isinstance(lever["path"], str) else lever["path"][0]
            if moved.startswith("collapse."):
                continue  # each scenario breaks down in its own way
            key = (moved, lever["min"], lever["max"])
            assert key not in seen, (path.stem, seen[key], key)
            seen[key] = path.stem


OF_THE_LANGUAGE = sorted([*SCENARIOS.glob("*.yaml"), *SCENARIOS.glob("measures/*.yaml")])


@pytest.mark.parametrize("path", OF_THE_LANGUAGE, ids=lambda path: path.stem)
def test_files_tell_editors_their_schema(path):
    schema = "../schema.json" if path.parent.name == "measures" else "schema.json"
    if path.stem != "stacking":
        assert path.read_text().startswith(f"# yaml-language-server: $schema={schema}\n")


@pytest.mark.parametrize("name", ["rare-earth-delay", "truce-extension"])
def test_what_does_not_happen_has_a_counterpart_that_does(name):
    scenario = load(name)
    assert scenario.counterpart in NAMES
    assert scenario.counterpart_reason


def test_the_evidence_holds_five_articles_and_eleven_contradictions():
    assert [seed.id for seed in read_seeds(SEEDS)] == ["000", "001", "002", "003", "004"]
    assert len(read_contradictions(SEEDS)) == 11


def test_no_sentence_of_an_article_is_copied():
    articles = sorted((ROOT.parent / "shared" / "seeds").glob("*.txt"))
    if not articles:
        pytest.skip("the articles themselves are not part of the repository")
    ours = [path for folder in (SCENARIOS, SEEDS) for path in folder.rglob("*.yaml")]
    copied = {
        run
        for article in articles
        for run in runs_of_words(article) & set().union(*(runs_of_words(path) for path in ours))
    }
    assert copied == set()


def runs_of_words(path, length=7):
    words = re.findall(r"[a-z0-9]+", path.read_text(encoding="utf-8").lower())
    return {" ".join(words[k : k + length]) for k in range(len(words) - length + 1)}


# --- what the shipped scenarios amount to --------------------------------------------------------


@pytest.fixture(scope="module")
def average():
    """Average duty in percent of customs value, by scenario, levers, importer and exporter."""
    bundle = load_bundle()
    economy = bundle.economy
    axes = Axes(
        economy.importers, economy.sectors, frozenset(bundle.coverage), frozenset(bundle.rates)
    )
    value = economy.trade_flow * bundle.customs_factor
    goods = np.array([code not in axes.services for code in axes.sectors])

    def of(name, importer, exporter, **levers):
        scenario = load_scenario(name, axes, levers=levers)
        rate = tariff_rate(
            scenario.measures,
            scenario.date,
            axes,
            economy.tariff_rate,
            bundle.coverage,
            bundle.rates,
            weights=value,
            stacking=scenario.stacking,
        )
        flow = axes.regions.index(importer), axes.regions.index(exporter), goods
        return 100 * np.average(rate[flow], weights=value[flow])

    return of


def test_the_average_duty_on_china_agrees_with_two_trackers(average):
    ours = average("baseline-2025-10", "USA", "CHN")
    assert ours == pytest.approx(42.06, abs=1.0)  # Yale Budget Lab, 29 October 2025
    assert ours == pytest.approx(41.9, abs=1.0)  # Trade War Tracker, 29 October 2025


def test_the_threat_moves_the_average_by_its_coverage(average):
    before = average("baseline-2025-10", "USA", "CHN")
    assert average("tariff-100", "USA", "CHN") - before == pytest.approx(63.6, abs=1e-9)
    whole = average("tariff-100", "USA", "CHN", coverage=1.0)
    assert whole - before == pytest.approx(100, abs=1e-9)


def test_china_answers_only_if_asked(average):
    before = average("baseline-2025-10", "CHN", "USA")
    assert average("tariff-100", "CHN", "USA") == pytest.approx(before, abs=1e-12)
    mirrored = average("tariff-100", "CHN", "USA", china_retaliation=100)
    assert mirrored - before == pytest.approx(100, abs=1e-9)


def test_the_truce_holds_duties_and_its_lapse_brings_back_24_points(average):
    for importer, exporter in (("USA", "CHN"), ("CHN", "USA")):
        before = average("baseline-2025-10", importer, exporter)
        assert average("truce-extension", importer, exporter) == pytest.approx(before, abs=1e-12)
    risen = average("truce-lapse", "CHN", "USA") - average("baseline-2025-10", "CHN", "USA")
    assert risen == pytest.approx(24, abs=1e-9)


def test_an_extension_that_suspends_nothing_is_a_lapse(average):
    nothing = average("truce-extension", "USA", "CHN", us_suspended=0, cn_suspended=0)
    assert nothing == pytest.approx(average("truce-lapse", "USA", "CHN"), abs=1e-12)


def test_the_package_halves_the_fentanyl_tariff(average):
    before = average("baseline-2025-10", "USA", "CHN")
    assert average("kuala-lumpur-package", "USA", "CHN") - before == pytest.approx(-10, abs=1e-9)
    kept = average("kuala-lumpur-package", "USA", "CHN", fentanyl_rate=20)
    assert kept == pytest.approx(before, abs=1e-9)


def test_the_soybean_duty_of_the_scenario_is_that_of_october(average):
    before = average("baseline-2025-10", "CHN", "USA")
    assert average("soybean-purchases", "CHN", "USA") == pytest.approx(before, abs=0.01)


def test_a_delay_of_a_year_lets_trade_go_on():
    delayed, enforced = load("rare-earth-delay"), load("rare-earth-enforced")
    assert targets(delayed.measures, delayed.date, AXES) == ()
    (spec,) = targets(enforced.measures, enforced.date, AXES)
    assert (spec.target.kind, spec.target.quantity_hat) == ("cap", 0.5)
    undone = load("rare-earth-delay", delay_months=0)
    assert targets(undone.measures, undone.date, AXES) == (spec,)


def test_a_limit_for_the_united_states_is_a_second_cap():
    both = load("rare-earth-enforced", licence_volume=-74, us_volume=-93)
    hats = {
        spec.target.importers == ("USA",): spec.target.quantity_hat
        for spec in targets(both.measures, both.date, AXES)
    }
    assert hats == {False: pytest.approx(0.26), True: pytest.approx(0.07)}


# --- schema --------------------------------------------------------------------------------------


def test_the_json_schema_names_every_kind_and_documents_fields():
    schema = json.dumps(schema_json())
    for kind in ("tariff-suspension", "export-licence", "purchase-commitment", "trade-cost"):
        assert f'"{kind}"' in schema
    assert "First day no longer in force" in schema


def test_the_schema_beside_the_scenarios_is_that_of_the_models():
    assert json.loads((SCENARIOS / "schema.json").read_text()) == schema_json()


def test_the_reference_is_that_of_the_models():
    reference = (ROOT / "docs" / "scenario-language.md").read_text()
    assert reference == language_markdown()


def test_every_key_of_the_language_is_explained():
    unexplained = [line for line in language_markdown().splitlines() if line.endswith("|  |")]
    assert unexplained == []


def test_shipped_files_stay_small():
    for path in Path(SCENARIOS).rglob("*.yaml"):
        assert path.stat().st_size < (16_000 if path.stem == "history" else 12_000)
