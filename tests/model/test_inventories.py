"""Buying ahead: mass is kept, and a rise is bought ahead of where that pays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import EconomyError
from sim.model.path.inventories import buy_ahead
from tests.strategies import SEEDS


def change(stocks, start=0.0):
    """Change of the stock in each month."""
    before = np.concatenate([np.full((1, *stocks.stock.shape[1:]), start), stocks.stock[:-1]])
    return stocks.stock - before


@given(SEEDS, st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.1), st.integers(1, 40))
def test_mass_balance_and_no_negative_stock_when_buying_ahead(
    seed, pace, release, carrying, months
):
    random = np.random.default_rng(seed)
    use = random.uniform(0, 5, (months, 3, 2)) * (random.random((months, 3, 2)) < 0.8)
    saving = random.normal(0, 0.1, (months, 3, 2))
    cover = {1: 0.2, 3: 0.3, 6: 0.1}
    stocks = buy_ahead(use, saving, cover=cover, pace=pace, release=release, carrying_cost=carrying)
    np.testing.assert_allclose(stocks.arrivals, use + change(stocks), rtol=0, atol=1e-9)
    assert stocks.stock.min() >= 0
    assert stocks.arrivals.min() >= 0
    assert not stocks.arrivals.flags.writeable


def expected(months=12, since=2, until=5, points=0.25):
    """A rise of so many points that is known from `since` and comes in `until`."""
    saving = np.zeros(months)
    saving[since:until] = points
    return saving


def test_an_announced_rise_is_bought_ahead_of_and_run_down_after():
    """Three months of cover at once; nothing is needed for three months after the rise."""
    stocks = buy_ahead(np.ones(12), expected(), cover={3: 1.0})
    excess = stocks.arrivals - 1
    np.testing.assert_allclose(excess[[0, 1, 2, 3, 4]], [0, 0, 3, 0, 0])
    np.testing.assert_allclose(excess[5:8], -1.0)
    np.testing.assert_allclose(excess[8:], 0.0)


def test_a_slower_pace_spreads_it():
    stocks = buy_ahead(np.ones(12), expected(), cover={3: 1.0}, pace=0.5, release=0.25)
    np.testing.assert_allclose(stocks.stock[2:5], [1.5, 2.25, 2.625])
    np.testing.assert_allclose(stocks.stock[5:8] / stocks.stock[4:7], 0.75)
    assert (np.diff(stocks.stock[4:]) < 0).all()


def test_nothing_expected_leaves_arrivals_alone():
    use = np.linspace(1, 2, 12)
    for saving in (np.zeros(12), -expected()):
        stocks = buy_ahead(use, saving, cover={6: 0.5})
        np.testing.assert_array_equal(stocks.arrivals, use)


def test_a_rise_smaller_than_the_cost_of_holding_is_not_worth_a_stock():
    options = {"cover": {1: 0.5, 3: 0.5}, "carrying_cost": 0.02}
    for points, months in ((0.01, 0.0), (0.05, 0.5), (0.07, 2.0)):  # 1.02^3 is 1.061
        stocks = buy_ahead(np.ones(12), expected(points=points), **options)
        assert stocks.stock.max() == pytest.approx(months)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"use": [-1.0, 1.0]}, "use must"),
        ({"saving": [1.0]}, "saving must"),
        ({"saving": [np.nan, 1.0]}, "saving must"),
        ({"cover": {0: 0.5}}, "cover holds 0"),
        ({"cover": {1: 0.7, 2: 0.7}}, "sum of cover"),
        ({"pace": 1.5}, "pace is 1.5"),
        ({"release": -0.1}, "release"),
        ({"carrying_cost": -0.1}, "carrying_cost"),
    ],
)
def test_what_makes_no_sense_is_refused(options, words):
    plain = {"use": [1.0, 1.0], "saving": [1.0, 1.0], "cover": {1: 0.5}}
    with pytest.raises(EconomyError, match=words):
        buy_ahead(**(plain | options))
