"""Studies of paths: numbers as those of path runs; collapses come as often as they should."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.runs import run
from sim.errors import InputError
from sim.outputs.pick import Quantity
from sim.study import collapse_tree, sweep
from sim.study.path_point import collapse_month, path_values
from sim.study.point import Runner

INCOME = Quantity("real_income_change", "USA")
IMPORTS = Quantity("imports_change", "USA", "CHN")


def study(**changes):
    return {
        "title": "Paths",
        "question": "How fast?",
        "scenarios": ["tariff-100"],
        "months": 4,
        "vary": {"resourcing": {"values": [0.05, 0.2]}, "us_rate": {"values": [60.0, 100.0]}},
        "design": {"kind": "grid"},
        "outputs": [
            {"variable": "real_income_change", "region": "USA"},
            {"variable": "imports_change", "region": "USA", "partner": "CHN"},
        ],
        **changes,
    }


@pytest.mark.parametrize("report", ["mean", "end"])
def test_numbers_are_those_of_a_path_run(report):
    found = sweep(study(report=report)).values(IMPORTS.label)
    expected = []
    for pace in (0.05, 0.2):
        for rate in (60.0, 100.0):
            result = run("tariff-100", months=4, levers={"us_rate": rate, "resourcing": pace})
            values = [result.at(m).value("imports_change", "USA", "CHN") for m in range(1, 5)]
            expected.append(np.mean(values) if report == "mean" else values[-1])
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_luck_chooses_a_branch_of_the_event_tree():
    hazard, months = 0.2, 3
    tree = collapse_tree(
        "truce-extension", months=months, hazard=hazard, quantities=[IMPORTS.label], jobs=1
    )
    runner = Runner("truce-extension")
    bounds = np.cumsum([0.0, *(branch.probability for branch in tree.branches)])
    for position, (low, high) in enumerate(itertools.pairwise(bounds)):
        levers = {"snapback_hazard": hazard, "collapse_luck": (low + high) / 2}
        values = path_values(runner, levers, [IMPORTS], months)[IMPORTS]
        np.testing.assert_allclose(values, tree.of(IMPORTS)[position], rtol=1e-6, atol=1e-3)


@given(st.floats(0.001, 0.999), st.integers(0, 200))
def test_each_month_gets_its_chance(hazard, month):
    """The lucks that point at a month are as many as its probability."""
    before, after = 1.0 - (1.0 - hazard) ** month, 1.0 - (1.0 - hazard) ** (month + 1)
    middle = 0.5 * (before + after)
    if before < middle < after:
        assert abs(collapse_month(middle, hazard) - month) <= (after - before < 1e-12)


def test_a_collapse_comes_never_or_at_once():
    assert collapse_month(0.99, 0.0) is None
    assert collapse_month(1.0, 0.3) is None
    assert collapse_month(0.0, 1.0) == 0
    assert math.isclose(collapse_month(0.5, 0.5), 1)


def test_what_only_paths_have_is_refused_elsewhere():
    with pytest.raises(InputError, match="no lever 'resourcing'"):
        sweep(study(months=None))
    with pytest.raises(InputError, match="outside what 'resourcing'"):
        sweep(study(vary={"resourcing": {"values": [2.0]}}))
    with pytest.raises(InputError, match="no lever 'collapse_luck'"):
        sweep(study(scenarios=["truce-lapse"], vary={"collapse_luck": {"values": [0.5]}}))
