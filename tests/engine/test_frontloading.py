"""Buying ahead: who knows what when, mass, the fit to 2025, and accounts around real paths."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from typer.testing import CliRunner

import sim
from sim.cli.app import app
from sim.engine.border.buying_ahead import bought_ahead, notice_on, storable
from sim.engine.pace import read_pace
from sim.engine.runs import check, world_of
from sim.errors import InputError
from sim.pair import DEFAULT_PAIR
from sim.report.frontloading_report import frontloading_report
from sim.validation.frontloading import (
    STRETCHES,
    accounts,
    frontloading_summary,
    read_targets,
)
from tests.alike import near

EXTENSION = "truce-extension"
AXES = world_of().axes


def known(day):
    measures = world_of().scenario("history").measures
    return {one.id: one for one in notice_on(measures, day).announced}


def test_a_measure_is_known_from_the_day_it_was_announced():
    fentanyl = "us-ieepa-fentanyl-2025"
    assert fentanyl not in known(dt.date(2024, 11, 24))
    assert fentanyl in known(dt.date(2024, 11, 25))
    assert known(dt.date(2024, 11, 25))[fentanyl].start == dt.date(2025, 2, 4)
    # What nobody announced is a surprise.
    assert "cn-retaliation-2025" not in known(dt.date(2025, 2, 1))


def test_a_later_step_is_known_when_it_was_announced():
    def last_step(day):
        return known(day)["us-ieepa-fentanyl-2025"].steps[-1].start

    assert last_step(dt.date(2025, 2, 26)) == dt.date(2025, 2, 4)
    assert last_step(dt.date(2025, 2, 27)) == dt.date(2025, 3, 4)
    # The retaliation of 9 April 2025 surprised, although the tariff itself was known.
    april = known(dt.date(2025, 4, 4))["us-ieepa-reciprocal-china-2025"]
    assert [step.rate_pp for step in april.steps] == [10]


@settings(max_examples=15)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 8),
    st.fixed_dictionaries(
        {
            "ahead_pace": st.floats(0, 1),
            "ahead_release": st.floats(0, 1),
            "ahead_cover_short": st.floats(0, 0.5),
            "ahead_cover_long": st.floats(0, 0.5),
            "ahead_rivals": st.floats(0, 1),
            "ahead_perishable": st.floats(0, 1),
        }
    ),
)
def test_mass_is_kept_around_a_path(seed, months, levers):
    pace = read_pace().moved(levers)
    random = np.random.default_rng(seed)
    shape = (months, 1, len(AXES.regions), len(AXES.sectors))
    use = random.uniform(0, 3, shape)
    saving = random.normal(0, 0.1, shape)
    part = storable(AXES, [AXES.regions.index("USA")], DEFAULT_PAIR, pace)
    kept = bought_ahead(use, saving, part, pace)
    before = np.concatenate([np.zeros((1, *shape[1:])), kept.stock[:-1]])
    np.testing.assert_allclose(kept.arrivals, kept.use + kept.stock - before, rtol=0, atol=1e-9)
    assert kept.stock.min() >= 0
    assert kept.arrivals.min() >= -1e-12
    # Services and one's own goods are never stocked.
    services = [AXES.sectors.index(code) for code in AXES.services]
    assert kept.stock[..., services].max(initial=0) == 0
    assert kept.stock[:, 0, AXES.regions.index("USA")].max(initial=0) == 0


@pytest.fixture(scope="module")
def spring():
    return accounts(STRETCHES[0])


def test_imports_before_the_tariffs_of_2025_have_the_order_of_what_was_seen(spring):
    """118 of 164 bn; most of them in February and March; from China as little as was seen."""
    targets = read_targets().excess_usd_bn
    seen = np.array(list(targets.values()))
    at = [spring.months.index(month) for month in targets]
    model = spring.excess()[at]
    assert seen.sum() == pytest.approx(164.5)
    assert 0.6 * seen.sum() < model.sum() < seen.sum()
    cumulated = np.cumsum(model) / np.cumsum(seen)
    assert (cumulated > 0.25).all()
    assert 0.6 < cumulated[-1] < 1.0
    assert 5 < spring.excess("China")[at].sum() < 13


def test_the_stocks_are_gone_by_january_2026(spring):
    held = dict(zip(spring.months, spring.held(), strict=True))
    assert held["2024-11"] == near(0)
    assert max(held, key=held.get) == "2025-03"
    assert held["2026-01"] < 0.1 * held["2025-03"]
    assert spring.excess()[spring.months.index("2025-04")] < 0


def test_nobody_buys_ahead_who_does_not_believe():
    calm = accounts(STRETCHES[0], read_pace().moved({"ahead_belief": 0}))
    # From October 2025 the calendar holds threats, which count at their own probability.
    assert calm.held()[: calm.months.index("2025-10")].max() == near(0)


def test_what_it_does_to_the_backtest_is_told():
    """By the announced law it makes the yearly changes of imports from China worse, not better."""
    try:
        found = frontloading_summary()
    except InputError as missing:
        pytest.skip(str(missing))
    errors = {(row["stretch"], row["partner"]): row for row in found["errors"]}
    china = errors["2025", "China"]
    assert china["with_pp"] > china["without_pp"]
    assert china["with_pp"] < china["without_pp"] + 3
    assert len(china["months"]) == 13
    console = Console(width=90, record=True, file=None, quiet=False)
    with console.capture() as shown:
        console.print(frontloading_report(found, 90))
    assert "2025-03" in shown.get()
    assert max(map(len, shown.get().splitlines())) <= 90


@pytest.fixture(scope="module")
def extension():
    return sim.run(EXTENSION, months=17, against="baseline")


def entry_of(result, region, partner):
    entries = result.manifest["border"]["bought_ahead"]
    return next(one for one in entries if (one["region"], one["partner"]) == (region, partner))


def test_an_extension_that_ends_is_bought_ahead_of(extension):
    """The extension lapses on 10 November 2026, as everybody can read."""
    for region, partner in (("USA", "CHN"), ("CHN", "USA")):
        entry = entry_of(extension, region, partner)
        stock = {month["month"]: month["stock"] for month in entry["months"]}
        assert stock["2026-08"] == near(0)
        assert 0 < stock["2026-09"] < stock["2026-10"]
        assert stock["2027-03"] < 0.3 * stock["2026-10"]
        held = [0.0, *stock.values()]
        for t, month in enumerate(entry["months"]):
            change = held[t + 1] - held[t]
            assert month["arrivals"] / 12 == pytest.approx(month["use"] / 12 + change, abs=1e-6)
        october = extension.at(extension.dates.index(dt.date(2026, 10, 1)) + 1)
        assert october.value("stock_bought_ahead", region, partner, "GOODS") == stock["2026-10"]


def test_it_is_an_account_and_moves_nothing_else(extension):
    without = sim.run(EXTENSION, months=17, against="baseline", levers={"ahead_belief": 0})
    assert "bought_ahead" not in without.manifest["border"]
    for month in (10, 12, 16):
        for variable in ("real_income_change", "imports_change"):
            one, other = (
                result.at(month).value(variable, "USA") for result in (extension, without)
            )
            assert one == near(other)


WITHOUT_STEPS = """\
title: Without the steps of January 2026
question: What is known ahead?
date: 2025-12-01
extends: {}
disable: [us-section-301-review-batteries-2026, us-section-301-review-gloves-2026,
  us-section-301-review-graphite-2026, us-section-301-review-magnets-2026,
  us-section-301-review-masks-2026, us-section-301-review-gloves-2025]
"""


def test_nothing_is_bought_ahead_where_nothing_is_known(tmp_path):
    # The steps of January 2026 of the Section 301 review were known long before.
    for name in ("truce-lapse", EXTENSION):
        path = tmp_path / f"no-steps-{name}.yaml"
        path.write_text(WITHOUT_STEPS.format(name), encoding="utf-8")
        assert "bought_ahead" not in sim.run(path, months=6).manifest["border"]
    entry = entry_of(sim.run("truce-lapse", months=6), "USA", "CHN")
    assert 1 < max(month["stock"] for month in entry["months"]) < 1000


def scenario_file(folder, announced, extra=""):
    path = folder / "rise.yaml"
    path.write_text(
        f"""\
title: A rise
question: What does a known rise do?
date: 2026-03-01
extends: truce-extension
measures:
  - id: rise
    kind: tariff
    title: A duty
    authority: ieepa-fentanyl
    importer: USA
    exporters: [CHN]
    coverage: {{default: 1}}
    rate_pp: 30
    start: 2026-03-01
    announced: {announced}
    status: announced
    assumed: true
    reason: A test.
  - id: now
    kind: tariff
    title: A small duty that begins the path
    authority: ieepa-fentanyl
    importer: USA
    exporters: [CHN]
    sectors: [SOY]
    coverage: {{default: 1}}
    rate_pp: 1
    start: 2025-12-01
    status: announced
    assumed: true
    reason: A test.
{extra}""",
        encoding="utf-8",
    )
    return path


THREAT = """\
  - id: threat
    kind: threat
    title: A threat
    threatens: [rise]
    probability: 0.9
    start: 2026-01-01
    end: 2026-03-01
    status: threatened
    assumed: true
    reason: A test.
"""


@pytest.mark.parametrize(
    ("announced", "extra", "first"),
    [
        ("2026-03-01", "", None),
        ("2026-02-10", "", "2026-02"),
        ("2026-01-10", "", "2026-01"),
        ("2026-03-01", THREAT, "2026-01"),
    ],
)
def test_the_day_of_the_announcement_decides(tmp_path, announced, extra, first):
    file = scenario_file(tmp_path, announced, extra)
    assert check([file]) == []
    result = sim.run(file, months=6)
    if first is None:
        assert "bought_ahead" not in result.manifest["border"]
        return
    entry = entry_of(result, "USA", "CHN")
    bought = [month["month"] for month in entry["months"] if month["stock"] > 1]
    assert bought[0] == first
    assert max(entry["months"], key=lambda month: month["stock"])["month"] == "2026-02"


def test_an_unlikely_threat_moves_nobody(tmp_path):
    file = scenario_file(tmp_path, "2026-03-01", THREAT.replace("0.9", "0.01"))
    assert "bought_ahead" not in sim.run(file, months=6).manifest["border"]


def test_an_announcement_comes_before_the_start(tmp_path):
    (problem,) = check([scenario_file(tmp_path, "2026-04-01")])
    assert "after its start" in str(problem)


def test_the_day_of_an_announcement_is_no_other_scenario(tmp_path):
    """It changes no equilibrium, so that runs and ranges kept by digest stay valid."""
    one, other = (
        world_of().scenario(scenario_file(tmp_path, day)).digest
        for day in ("2026-03-01", "2026-01-10")
    )
    assert one == other


@pytest.mark.parametrize("width", [80, 120])
def test_the_command_tells_of_it(width):
    arguments = ["run", EXTENSION, "--months", "12"]
    result = CliRunner().invoke(app, arguments, env={"COLUMNS": str(width), "TERM": "dumb"})
    assert result.exit_code == 0, result.stderr
    assert max(map(len, result.stdout.splitlines())) <= width
    words = " ".join(result.stdout.split())
    assert "stocks of these goods are highest in 2026-10" in words
    assert "prices and incomes above do not move with it" in words
