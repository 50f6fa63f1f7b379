"""Published tables, to every printed digit; expected numbers in tests/replication/."""

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import tests.model.caliendo_parro as paper
from sim.model import Shock, solve
from tests.raw_data import needs

needs_files = needs("caliendo_parro2015/xbilat1993.txt")


def table(name):
    """Rows of a table in tests/replication/; lines that start with # say where it is from."""
    text = (Path(__file__).parent / "replication" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


TABLE_2 = table("caliendo_parro_2015_table_2.csv")


@cache
def measures():
    return paper.published_measures(solve(paper.balanced_world(), paper.nafta()))


@needs_files
@pytest.mark.parametrize("row", TABLE_2, ids=[row["country"] for row in TABLE_2])
def test_caliendo_parro_table_2_to_every_printed_digit(row):
    n = paper.COUNTRIES.index(row["country"])
    printed = {name: float(value) for name, value in row.items() if name != "country"}
    # Half a unit of the second digit, and what a solver leaves open.
    half_a_digit = 0.005 + 1e-6
    assert {name: values[n] for name, values in measures().items()} == pytest.approx(
        printed, rel=0, abs=half_a_digit
    )


@needs_files
def test_the_balanced_base_year_is_an_equilibrium_without_deficits():
    world = paper.balanced_world()
    np.testing.assert_allclose(world.trade_deficit, 0.0, atol=1e-9 * world.income.sum())
    assert np.abs(world.identity_gaps()).max() < 1e-8
    np.testing.assert_allclose(solve(world, Shock()).real_income_hat, 1.0, rtol=0, atol=1e-9)


@needs_files
def test_their_base_year_needs_clipping_and_says_so():
    assert not paper.world_of_1993().is_balanced
    assert paper.balanced_world().is_balanced


@needs_files
def test_an_independent_slow_solver_finds_the_same_numbers():
    """A few passes are enough: it starts at the answer and must stay there."""
    from tests.oracles import NestedSolver

    eq = solve(paper.balanced_world(), paper.nafta(), tolerance=1e-11)
    solver = NestedSolver(paper.balanced_world(), paper.nafta())
    solver.price_hat = np.array(eq.price_index_hat)
    earned, _ = solver.evaluate(np.array(eq.wage_hat), np.zeros(0))
    np.testing.assert_allclose(earned, eq.wage_hat, rtol=1e-7)
    np.testing.assert_allclose(solver.price_hat, eq.price_index_hat, rtol=1e-8)
