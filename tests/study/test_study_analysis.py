"""Analysis and games against functions and games whose answers are known."""

import doctest
import importlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.baseline.entry import load_baseline
from sim.errors import InputError
from sim.study import event_tree, game, sweep
from sim.study.games.matrix import best_responses, nash_equilibria, patience, pure_equilibria
from sim.study.games.optimal_tariff import Setter, optimal_tariff
from sim.study.sweeps.analysis import bands, indices_of, quantiles, sobol_indices, tornados
from sim.study.sweeps.design import saltelli
from tests.study.test_study_sweep import study


def ishigami(x, a=7.0, b=0.1):
    return np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])


def estimated(function, size, runs=4096):
    blocks = function(saltelli(runs, size, 1)).reshape(2 + size, runs)
    return sobol_indices(blocks[0], blocks[1], blocks[2:])


def test_sobol_indices_of_ishigami():
    a, b, pi = 7.0, 0.1, np.pi
    first, total = estimated(lambda u: ishigami(-pi + 2 * pi * u), 3)
    variance = a**2 / 8 + b * pi**4 / 5 + b**2 * pi**8 / 18 + 0.5
    alone = np.array([0.5 * (1 + b * pi**4 / 5) ** 2, a**2 / 8, 0.0]) / variance
    shared = np.array([1.0, 0.0, 1.0]) * (8 * b**2 * pi**8 / 225) / variance
    np.testing.assert_allclose(first, alone, atol=0.015)
    np.testing.assert_allclose(total, alone + shared, atol=0.015)


def test_sobol_indices_of_a_linear_function():
    slopes = np.array([3.0, 2.0, 0.5, 0.0])
    first, total = estimated(lambda u: 10.0 + u @ slopes, 4)
    np.testing.assert_allclose(first, slopes**2 / (slopes**2).sum(), atol=0.005)
    np.testing.assert_allclose(total, first, atol=0.005)


def test_sobol_indices_of_a_product():
    """f = prod (1 + c (u - 1/2)): V_i = c^2/12, total by 1 - the rest."""
    c = np.array([2.0, 1.0])
    first, total = estimated(lambda u: (1.0 + c * (u - 0.5)).prod(axis=1), 2)
    parts = c**2 / 12
    variance = (1 + parts).prod() - 1
    np.testing.assert_allclose(first, parts / variance, atol=0.01)
    np.testing.assert_allclose(total, 1 - parts[::-1] / variance, atol=0.01)


@pytest.mark.parametrize("size", [2, 3])
def test_sobol_indices_are_those_of_scipy(size):
    stats = importlib.import_module("scipy.stats")
    blocks = ishigami(6 * saltelli(256, 3, 1)).reshape(5, 256)[: 2 + size]
    values = {"f_A": blocks[:1], "f_B": blocks[1:2], "f_AB": blocks[2:, None]}
    theirs = stats.sobol_indices(func=values, n=256)
    first, total = sobol_indices(blocks[0], blocks[1], blocks[2:])
    np.testing.assert_allclose(first, theirs.first_order, atol=1e-13)
    np.testing.assert_allclose(total, theirs.total_order, atol=1e-13)


def test_a_constant_has_no_indices():
    first, total = sobol_indices(np.ones(8), np.ones(8), np.ones((2, 8)))
    assert not first.any()
    assert not total.any()


def test_quantiles():
    assert quantiles(np.arange(101.0)) == pytest.approx((5.0, 25.0, 50.0, 75.0, 95.0))


def test_indices_and_bands_of_a_sweep():
    vary = {"us_rate": {"min": 0.0, "max": 40.0}, "china_retaliation": {"min": 0.0, "max": 1.0}}
    outputs = [{"variable": "imports_change", "region": "USA", "partner": "CHN"}]
    design = {"kind": "saltelli", "runs": 16, "seed": 1}
    found = sweep(study(vary=vary, outputs=outputs, design=design, chunk=50))
    (indices,) = indices_of(found)
    assert indices.names == ("us_rate", "china_retaliation")
    assert indices.total[0] == pytest.approx(1.0, abs=0.2)
    assert indices.total[1] < 0.01
    assert (indices.total_error >= 0).all()
    (band,) = bands(found)
    assert band.low < band.quantiles[2] < band.high < 0
    assert band.runs == 16 * 4
    with pytest.raises(InputError, match="has no tornado"):
        next(tornados(found))


def test_a_tornado_of_a_sweep_starts_from_the_run_as_it_is():
    vary = {
        "china_retaliation": {"min": 0.0, "max": 10.0},
        "us_rate": {"min": 0.0, "max": 150.0},
        "elasticities": {"sets": ["uniform4", "caliendo_parro2015"]},
    }
    found = sweep(study(vary=vary, design={"kind": "tornado"}))
    tornado = next(tornados(found))
    import sim

    whole = sim.run("tariff-100").value("real_income_change", "USA")
    assert tornado.centre == pytest.approx(whole, rel=1e-6)
    assert tornado.swings[0].name == "us_rate"
    assert {swing.low_value for swing in tornado.swings} == {0.5, 7.5, "uniform4"}
    with pytest.raises(InputError, match="has no Sobol indices"):
        indices_of(found)


# Games ------------------------------------------------------------------------------------------

DILEMMA = ([[3, 0], [5, 1]], [[3, 5], [0, 1]])
PENNIES = ([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
SEXES = ([[3, 0], [0, 2]], [[2, 0], [0, 3]])
CHICKEN = ([[0, 7], [2, 6]], [[0, 2], [7, 6]])
SCISSORS = ([[0, -1, 1], [1, 0, -1], [-1, 1, 0]], [[0, 1, -1], [-1, 0, 1], [1, -1, 0]])


def mixtures(pair):
    return [
        (one.row.round(6).tolist(), one.column.round(6).tolist()) for one in nash_equilibria(*pair)
    ]


def test_the_prisoners_dilemma():
    assert pure_equilibria(*DILEMMA) == [(1, 1)]
    assert mixtures(DILEMMA) == [([0, 1], [0, 1])]
    assert best_responses(DILEMMA[0]) == [(1,), (1,)]


def test_matching_pennies_has_one_mixed_equilibrium():
    assert pure_equilibria(*PENNIES) == []
    (only,) = nash_equilibria(*PENNIES)
    np.testing.assert_allclose([only.row, only.column], 0.5)
    assert (only.row_payoff, only.column_payoff) == pytest.approx((0, 0))


def test_the_battle_of_the_sexes_has_three():
    assert mixtures(SEXES) == [
        ([1, 0], [1, 0]),
        ([0, 1], [0, 1]),
        ([0.6, 0.4], [0.4, 0.6]),
    ]


def test_chicken():
    found = mixtures(CHICKEN)
    assert ([1, 0], [0, 1]) in found
    assert ([0, 1], [1, 0]) in found
    assert len(found) == 3
    np.testing.assert_allclose(found[2][0], [1 / 3, 2 / 3], atol=1e-6)


def test_rock_paper_scissors():
    (only,) = nash_equilibria(*SCISSORS)
    np.testing.assert_allclose([only.row, only.column], 1 / 3)


def test_a_game_that_is_not_square():
    row = [[1, 5, 0], [4, 2, 3]]
    column = [[2, 1, 0], [0, 3, 1]]
    for one in nash_equilibria(row, column):
        assert (np.array(row) @ one.column).max() == pytest.approx(one.row_payoff)
        assert (one.row @ np.array(column)).max() == pytest.approx(one.column_payoff)


@given(seed=st.integers(0, 10**6), rows=st.integers(1, 4), columns=st.integers(1, 4))
def test_a_random_game_has_an_odd_number_of_equilibria_from_which_nobody_moves(seed, rows, columns):
    a, b = np.random.default_rng(seed).normal(size=(2, rows, columns))
    found = nash_equilibria(a, b)
    assert len(found) % 2 == 1
    for one in found:
        assert one.row.sum() == pytest.approx(1)
        assert (a @ one.column).max() == pytest.approx(one.row_payoff, abs=1e-8)
        assert (one.row @ b).max() == pytest.approx(one.column_payoff, abs=1e-8)
    pure = {
        (int(one.row.argmax()), int(one.column.argmax()))
        for one in found
        if one.row.max() == one.column.max() == 1.0
    }
    assert pure == set(pure_equilibria(a, b))


def test_patience_of_the_prisoners_dilemma():
    """d >= (5 - 3) / (5 - 1): worth it exactly there."""
    d = patience(3, 5, 1)
    assert d == pytest.approx(0.5)
    assert 3 / (1 - d) == pytest.approx(5 + d * 1 / (1 - d))
    assert patience(3, 3, 1) == pytest.approx(0)
    assert patience(3, 5, 5) == np.inf
    assert patience(3, 5, 4) > 1


# The model ---------------------------------------------------------------------------------------


def side(region, actions, **weights):
    goals = [{"variable": name, "region": region, "weight": w} for name, w in weights.items()]
    return {"actions": actions, "objective": goals}


def truce(**players):
    return {"title": "T", "question": "Q?", "scenario": "truce-extension", "players": players}


def test_a_game_on_the_model():
    us = side("USA", {"hold": {}, "reimpose": {"us_suspended": 0.0}}, real_income_change=1.0)
    cn = side(
        "CHN",
        {"hold": {}, "reimpose": {"cn_suspended": 0.0}},
        real_income_change=0.0,
        tariff_revenue_change=1e-3,
    )
    found = game({**truce(USA=us, CHN=cn), "truce": ["hold", "hold"]})
    import sim

    lapse = sim.run(
        "truce-extension", levers={"us_suspended": 0, "cn_suspended": 0}, against="baseline"
    )
    assert found.payoff("USA", "reimpose", "reimpose") == pytest.approx(
        lapse.value("real_income_change", "USA"), rel=1e-6
    )
    assert found.payoff("CHN", "reimpose", "reimpose") == pytest.approx(
        lapse.value("tariff_revenue_change", "CHN") / 1e3, rel=1e-6
    )
    assert set(found.thresholds()) == {"USA", "CHN"}
    assert len(found.equilibria) >= 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda g: g["players"].pop("CHN"), "Write two"),
        (
            lambda g: g["players"]["CHN"]["actions"].update(x={"us_suspended": 1.0}),
            "both sides move",
        ),
        (lambda g: g["players"]["CHN"]["actions"].update(x={"frob": 1.0}), "has no lever 'frob'"),
        (lambda g: g.update(truce=["hold", "frob"]), "no action 'frob'"),
        (
            lambda g: g["players"]["CHN"]["objective"][0].update(variable="x"),
            "unknown variable 'x'",
        ),
    ],
)
def test_a_bad_game_is_one_readable_line(change, words):
    us = side("USA", {"hold": {}, "reimpose": {"us_suspended": 0.0}}, real_income_change=1.0)
    cn = side("CHN", {"hold": {}}, real_income_change=1.0)
    content = truce(USA=us, CHN=cn)
    change(content)
    with pytest.raises(InputError, match=words):
        game(content)


def test_the_optimal_tariff_is_positive_and_better_than_free_trade():
    setter = Setter(load_baseline(), "USA", ("CHN",))
    best = optimal_tariff(setter)
    assert 0.01 < float(best.rate) < 1.0
    assert best.value > best.value_at_zero
    assert best.value >= best.value_now
    for other in (-0.01, 0.01):
        tariff = load_baseline().tariff_rate
        assert setter.value(float(best.rate) + other, tariff, None) < best.value


def test_rates_by_sector_do_no_worse_than_one_rate():
    sectors = ("C26", "C31T33", "C13T15")
    setter = Setter(load_baseline(), "USA", ("CHN",), sectors)
    one = optimal_tariff(setter)
    many = optimal_tariff(setter, by_sector=True)
    assert many.value >= one.value - 1e-10
    assert np.isfinite(many.rate).sum() == 3
    assert (many.rate[np.isfinite(many.rate)] > 0).all()


def test_an_objective_of_ones_own_is_maximised():
    setter = Setter(load_baseline(), "USA", ("CHN",))
    usa = setter.position
    revenue = optimal_tariff(setter, objective=lambda answer: float(answer.tariff_revenue_cf[usa]))
    assert float(revenue.rate) > float(optimal_tariff(setter).rate)


def test_unknown_codes_are_refused():
    with pytest.raises(InputError, match="unknown code 'US'"):
        Setter(load_baseline(), "US")
    with pytest.raises(InputError, match="unknown code 'X'"):
        Setter(load_baseline(), "USA", sectors=("X",))


def test_event_trees():
    tree = event_tree(
        {
            "hold": {"scenario": "truce-extension", "probability": 0.75},
            "break": {
                "probability": 0.25,
                "branches": {
                    "truce-lapse": 0.4,
                    "hit": {
                        "scenario": "tariff-100", "probability": 0.6, "levers": {"us_rate": 50.0}
                    },
                },
            },
        },
        "real_income_change|USA",
    )  # fmt: skip
    chances = {branch.name: branch.probability for branch in tree.branches}
    assert chances == pytest.approx({"hold": 0.75, "truce-lapse": 0.1, "hit": 0.15})
    values = {branch.name: branch.value for branch in tree.branches}
    assert tree.expected == pytest.approx(0.1 * values["truce-lapse"] + 0.15 * values["hit"])
    assert tree.range[0] < tree.expected < tree.range[1]
    assert tree.spread > 0
    with pytest.raises(InputError, match=r"sum to 0\.9"):
        event_tree({"truce-extension": 0.9}, "real_income_change|USA")
    with pytest.raises(InputError, match="Write 0 to 1"):
        event_tree({"truce-extension": 1.5}, "real_income_change|USA")


@pytest.mark.parametrize(
    "name",
    [
        "sim.study",
        "sim.study.sweeps.run_sweep",
        "sim.study.games.game",
        "sim.study.trees.mixture",
        "sim.engine.averages",
        "sim.engine.world",
    ],
)
def test_examples_in_docstrings_run(name):
    found = doctest.testmod(importlib.import_module(name))
    assert found.attempted > 0
    assert found.failed == 0
