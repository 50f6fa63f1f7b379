"""What paths are measured against: long run and path agree, whatever runs out on the way."""

import numpy as np
import pytest

import sim
from sim.engine.decompose import decompose
from sim.engine.runs import path_result, world_of
from sim.engine.solved import outcome_of
from sim.model import solve
from sim.outputs.headline import figure_keys
from sim.outputs.pick import Quantity, pick
from sim.policy.library.cards import list_scenarios
from sim.study.point import Runner
from tests.alike import near

AT_ONCE = {"resourcing": 1.0, "reallocation": 1.0, "transit_months": 0.0, "stock_months": 0.0}
MONTHS = 26
"""Past the end of every truce and delay that is announced, from October 2025 on."""


def static_change(solved, quantities):
    """The static answer under the law of the last month, against that of what it is against."""
    months, reference = solved.months, solved.reference

    def outcome(path):
        shock = path.months.policy[-1].shock
        equilibrium = solve(months.start.economy, shock)
        return outcome_of(
            months.start, solved.scenario, solved.scenario.date, equilibrium, (), months.pair
        )

    ours = outcome(solved)
    return pick(
        ours if reference is None else ours.measured_against(outcome(reference)), quantities
    )


@pytest.mark.parametrize("card", list_scenarios(), ids=lambda card: card.id)
def test_where_trade_adjusts_at_once_the_last_month_is_the_static_answer_of_its_law(card):
    world = world_of()
    solved = world.path(card.id, MONTHS, AT_ONCE)
    keys = {Quantity(*key) for key in figure_keys(solved.months.pair).values()}
    keys = {key for key in keys if not key.variable.startswith(("shadow_rate", "purchase_"))}
    path, static = pick(solved.outcomes[-1], keys), static_change(solved, keys)
    for key in keys:
        assert path[key] == pytest.approx(static[key], rel=1e-5, abs=1e-3, nan_ok=True), key.label


@pytest.mark.parametrize("name", ["fentanyl-cut", "technology-tightening", "truce-lapse"])
def test_a_long_path_comes_near_the_static_answer_of_its_law(name):
    key = Quantity("imports_change", "USA", "CHN", "GOODS")
    solved = world_of().path(name, 72)
    static = static_change(solved, [key])[key]
    assert pick(solved.outcomes[-1], [key])[key] == pytest.approx(static, rel=0.03, abs=300.0)


def test_the_law_of_a_fixed_day_is_kept():
    """A scenario that sets two days of one calendar against each other is against the earlier."""
    solved = world_of().path("geneva-2025", 3)
    assert solved.baseline is None
    key = Quantity("effective_tariff_rate_before_substitution_change", "USA", "CHN")
    assert pick(solved.outcomes[1], [key])[key] < -70


def test_a_path_of_the_baseline_is_solved_once_for_all():
    world = world_of()
    one, other = (world.path(name, 14) for name in ("fentanyl-cut", "limited-cuts"))
    assert one.baseline is other.baseline
    assert one.baseline.turns


def test_two_references_chain():
    """From the lapse to the extension is from the lapse to October and from there on."""
    solved = world_of().path("truce-extension", 15)
    key = Quantity("real_income", "USA")
    for own, other, both in zip(
        solved.months.outcomes, solved.counterpart.months.outcomes, solved.outcomes, strict=True
    ):
        values = [pick(outcome, [key])[key] for outcome in (own, other, both)]
        assert values[2] == near(100.0 * values[0] / values[1])


def test_amounts_against_a_reference_are_differences_of_levels():
    solved = world_of().path("truce-extension", 2)
    key = Quantity("imports", "USA", "CHN", "GOODS")
    change = key._replace(variable="imports_change")
    own, other = solved.months.outcomes[-1], solved.counterpart.months.outcomes[-1]
    gap = pick(own, [key])[key] - pick(other, [key])[key]
    assert np.isclose(pick(solved.outcomes[-1], [change])[change], gap)


def test_tonnes_of_the_baseline_are_those_of_its_own_month():
    """After the truce has run out China buys less in the baseline too."""
    path = path_result(world_of().path("soybean-purchases", 15))
    for month in (1, 15):
        result = path.at(month)
        place = ("CHN", "USA", "SOY")
        tonnes, price = (
            result.value(name, *place) - result.value(f"{name}_change", *place)
            for name in ("purchase_quantity", "purchase_price")
        )
        worth = result.baseline_value("exports", "USA", "CHN", "SOY")
        assert tonnes * price == pytest.approx(worth, rel=1e-9)
    assert tonnes < 10


LATER = """title: Later
question: What if?
extends: baseline-2025-10
date: 2027-02-01
measures:
  - {id: later-duty, kind: tariff, title: A later duty, importer: USA, exporters: [MEX],
     rate_pp: 10, coverage: {default: 1.0}, start: 2027-01-15, authority: ieepa-reciprocal,
     status: threatened, assumed: true, reason: a test}
"""


def test_a_long_run_of_a_later_day_is_against_the_baseline_of_that_day(tmp_path):
    """The truce has run out by then, in the baseline as well: it is no effect of the duty."""
    path = tmp_path / "later.yaml"
    path.write_text(LATER, encoding="utf-8")
    result = sim.run(path)
    rate = "effective_tariff_rate_before_substitution"
    assert result.value(f"{rate}_change", "USA", "CHN") == pytest.approx(0, abs=1e-9)
    assert result.value(rate, "USA", "CHN") > 50
    assert result.value(f"{rate}_change", "USA", "MEX") > 5
    assert "2027-02-01" in result.manifest["against_title"]
    quantity = Quantity("real_income_change", "USA")
    swept = Runner(path).values({}, [quantity])[quantity]
    assert swept == pytest.approx(result.value("real_income_change", "USA"), rel=1e-6)
    assert {part.id for part in decompose(path).parts} == {"later-duty"}
