"""What drives a result: parts sum to the whole, and are what they are said to be."""

import math
from itertools import permutations

import pytest

from sim import InputError, NotConverged, ScenarioError, list_scenarios
from sim.engine.decompose import MOST_EXACT, TOGETHER, _middle, _shapley, decompose
from sim.engine.runs import run
from sim.outputs.headline import Figure, headline

CALENDAR = {"april-2025", "geneva-2025", "trade-war-2018", "phase-one", "court-ruling-2026"}
CALENDAR |= {"forced-labour-2026", "november-2026", "legacy-chips-2027"}
SCENARIOS = [card.id for card in list_scenarios() if card.id not in CALENDAR]
HOUSEHOLD = "us_real_income_per_household"

pytestmark = pytest.mark.skipif(not SCENARIOS, reason="no scenarios in this checkout")


def summed(parts, figure):
    return math.fsum(part.contributions[figure] for part in parts)


@pytest.mark.parametrize("name", SCENARIOS)
def test_parts_sum_to_the_change_that_a_run_reports(name):
    split = decompose(name)
    told = headline(run(name)).figures
    for key in split.figures:
        change = told[key].change
        assert summed(split.parts, key) == pytest.approx(change, rel=1e-6, abs=1e-5), key
        assert split.total(key) == pytest.approx(change, rel=1e-6, abs=1e-5), key


@pytest.mark.parametrize("name", sorted(CALENDAR))
def test_two_days_of_one_calendar_have_no_parts(name):
    with pytest.raises(InputError, match="one day of the law since 2018 against another"):
        decompose(name)


def test_levers_are_taken_over_and_parts_still_sum():
    levers = {"us_rate": 60, "china_retaliation": 100}
    split = decompose("tariff-100", levers=levers)
    change = headline(run("tariff-100", levers=levers)).figures[HOUSEHOLD].change
    assert {part.id for part in split.parts} == {
        "us-additional-tariff-threat-2025-10-10",
        "cn-mirror-tariff-assumed",
    }
    assert summed(split.parts, HOUSEHOLD) == pytest.approx(change, rel=1e-6)
    assert all(part.contributions[HOUSEHOLD] < 0 for part in split.parts)


def test_two_measures_are_the_mean_of_both_orders():
    both = {"us_rate": 100, "china_retaliation": 100}
    alone = {"us_rate": 100, "china_retaliation": 0}
    other = {"us_rate": 0, "china_retaliation": 100}
    told = [
        headline(run("tariff-100", levers=levers)).figures[HOUSEHOLD].change
        for levers in (both, alone, other)
    ]
    split = decompose("tariff-100", levers=both)
    part = {part.id: part.contributions[HOUSEHOLD] for part in split.parts}
    expected = (told[1] + told[0] - told[2]) / 2
    assert part["us-additional-tariff-threat-2025-10-10"] == pytest.approx(expected, rel=1e-5)


def test_measures_that_only_carry_on_are_idle():
    split = decompose("tariff-100")
    assert len(split.parts) == 1
    assert not any("truce" in title.lower() for title in split.idle)
    kept = decompose("truce-extension")
    assert {part.id for part in kept.parts} == {"truce-extension-us", "truce-extension-cn"}
    change = headline(run("truce-extension")).figures[HOUSEHOLD].change
    assert kept.total(HOUSEHOLD) == pytest.approx(change, rel=1e-9)


def test_truce_that_lapses_is_driven_by_the_suspensions_that_end():
    split = decompose("truce-lapse")
    assert {part.id for part in split.parts} == {"truce-extension-us", "truce-extension-cn"}
    assert all(part.title.startswith("No longer: ") for part in split.parts)


def test_many_measures_leave_a_rest_that_they_do_together():
    split = decompose("baseline-2025-10")
    assert not split.is_exact
    assert len(split.parts) > MOST_EXACT
    assert split.parts[-1].id == TOGETHER


def test_a_lever_that_does_not_exist_is_an_error():
    with pytest.raises(ScenarioError):
        decompose("tariff-100", levers={"nothing": 1})


def test_no_equilibrium_is_said(monkeypatch):
    def fails(*args, **kwargs):
        raise NotConverged(1.0, 1e-9, "the worst market", "Try less.")

    monkeypatch.setattr("sim.engine.decompose.solve", fails)
    with pytest.raises(NotConverged):
        decompose("tariff-100")


def game(values):
    """Worth of each set of players as one figure."""

    def worth(coalition):
        change = values[frozenset(coalition)]
        return {"x": Figure("x", "X", "USD", None, change, "USD")}

    return worth


GAME = {
    frozenset(): 0.0,
    frozenset("a"): 1.0,
    frozenset("b"): 2.0,
    frozenset("c"): 0.0,
    frozenset("ab"): 7.0,
    frozenset("ac"): 1.0,
    frozenset("bc"): 5.0,
    frozenset("abc"): 11.0,
}


def by_orders(player):
    """Shapley's value from its definition: over all orders, what the player adds."""
    orders = list(permutations("abc"))
    total = 0.0
    for order in orders:
        before = frozenset(order[: order.index(player)])
        total += GAME[before | {player}] - GAME[before]
    return total / len(orders)


@pytest.mark.parametrize("player", list("abc"))
def test_shapley_is_the_mean_over_all_orders(player):
    assert _shapley(player, frozenset("abc"), game(GAME))["x"] == pytest.approx(by_orders(player))


@pytest.mark.parametrize("player", list("abc"))
def test_first_and_last_place_are_exact_for_pairs(player):
    alone = {"a": 1.0, "b": -2.0, "c": 0.5}
    pair = {frozenset("ab"): 3.0, frozenset("ac"): -1.0, frozenset("bc"): 2.0}
    values = {
        coalition: sum(alone[one] for one in coalition)
        + sum(value for two, value in pair.items() if two <= coalition)
        for coalition in GAME
    }
    worth = game(values)
    exact = _shapley(player, frozenset("abc"), worth)["x"]
    assert _middle(player, frozenset("abc"), worth)["x"] == pytest.approx(exact)
