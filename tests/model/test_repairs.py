"""Tables that are no economy: the cell is named, and repaired on request with a report."""

from __future__ import annotations

import numpy as np
import pytest

from sim.errors import EconomyError
from sim.model import Economy, Repair, Shock, solve


def observed():
    """Return the arguments of `calibrate` for two countries and two sectors."""
    share = np.zeros((2, 2, 2))
    share[0, 1, 0] = 0.25
    return {
        "importers": ("USA", "CHN"),
        "sectors": ("FARM", "MAKE"),
        "trade_flow": np.array([[[10.0, 5.0], [2.0, 3.0]], [[1.0, 2.0], [10.0, 8.0]]]),
        "tariff_rate": 0.0,
        "input_share": share,
        "trade_elasticity": 4.0,
    }


def with_cell(name, cell, value):
    arguments = observed()
    arguments[name][cell] = value
    return arguments


FAULTS = {
    "negative flow": (
        ("trade_flow", (0, 1, 0), -2.0),
        r"trade_flow holds -2, sales of CHN FARM to USA.*repair=True",
        Repair("negative flow", "USA", "FARM", -2.0, 0.0, exporter="CHN"),
    ),
    "negative input share": (
        ("input_share", (1, 0, 1), -0.1),
        r"input_share holds -0.1, the share of FARM in the costs of CHN MAKE.*repair=True",
        Repair("negative input share", "CHN", "MAKE", -0.1, 0.0, input_sector="FARM"),
    ),
    "input shares above 1": (
        ("input_share", (1, 0, 1), 1.2),
        r"input_share sums to 1.2 in CHN MAKE.*repair=True",
        Repair("input shares above 1", "CHN", "MAKE", 1.2, 0.995),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_cell_at_fault_is_named(fault):
    change, words, _ = FAULTS[fault]
    with pytest.raises(EconomyError, match=words) as caught:
        Economy.calibrate(**with_cell(*change))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("fault", FAULTS)
def test_repair_gives_an_economy_that_lists_the_cell(fault):
    change, _, expected = FAULTS[fault]
    economy = Economy.calibrate(**with_cell(*change), repair=True)
    assert economy.repairs == (expected,)
    assert np.abs(economy.identity_gaps()).max() < 1e-12
    found = solve(economy, Shock())
    np.testing.assert_allclose(found.price_index_hat, 1.0, atol=1e-9)


def test_scaled_inputs_leave_half_a_percent_of_value_added_in_their_proportions():
    arguments = with_cell("input_share", (1, 1, 1), 0.9)
    arguments["input_share"][1, 0, 1] = 0.3
    economy = Economy.calibrate(**arguments, repair=True)
    assert economy.value_added_share[1, 1] == pytest.approx(0.005)
    assert economy.input_share[1, 1, 1] == pytest.approx(3 * economy.input_share[1, 0, 1])
    np.testing.assert_array_equal(economy.input_share[0], observed()["input_share"][0])


def test_a_clean_table_is_left_alone_and_has_no_report():
    plain, repaired = (Economy.calibrate(**observed(), repair=repair) for repair in (False, True))
    assert plain.repairs == repaired.repairs == ()
    for name in ("trade_flow", "input_share", "consumption_share", "trade_deficit"):
        np.testing.assert_array_equal(getattr(plain, name), getattr(repaired, name))


def test_rounding_is_repaired_without_a_report():
    economy = Economy.calibrate(**with_cell("trade_flow", (0, 1, 0), -1e-12), repair=True)
    assert economy.trade_flow.min() == 0
    assert economy.repairs == ()


def test_clipped_final_demand_is_listed():
    arguments = with_cell("input_share", (0, 1, 0), 0.9)
    economy = Economy.calibrate(**arguments, clip_negative_final_demand=True)
    # farms sell 11 and pay 0.9 of it for MAKE, of which the country has 8
    assert [str(repair) for repair in economy.repairs] == [
        "final demand of USA for MAKE: -1.9 -> 0"
    ]
    assert not economy.is_balanced


def test_a_given_consumption_share_does_not_survive_a_repair():
    arguments = with_cell("input_share", (1, 1, 1), 1.2)
    with pytest.raises(EconomyError, match=r"input shares of CHN MAKE.*Leave consumption_share"):
        Economy.calibrate(**arguments, consumption_share=np.full((2, 2), 0.5), repair=True)
