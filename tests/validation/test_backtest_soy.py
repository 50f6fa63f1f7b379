"""Soybeans to China: what the duties tell, and what they do not."""

import datetime as dt

import numpy as np
import pytest
from pydantic import ValidationError
from scipy.optimize import brentq

from sim.baseline.entry import load_baseline
from sim.engine.pace import read_pace
from sim.errors import InputError
from sim.model import Shock, solve
from sim.report import backtest_words
from sim.validation.backtest.data import (
    BRAZIL,
    USA,
    Sources,
    Tonnage,
    read_sources,
    soybean_exports,
)
from sim.validation.backtest.imports import NO_CHANGE, PATH, STATIC, TRUCE, WAR, run_window
from sim.validation.backtest.soybeans import (
    AFTERWARDS,
    AGAIN,
    FIRST_HALF,
    HALVES,
    HALVES_2025,
    ComparedPeriod,
    implied_elasticity,
    label,
    soy_backtests,
    soy_errors,
    soy_tonnes,
)

ELASTICITIES = "fontagne2022"
EPISODES = (FIRST_HALF.name, AFTERWARDS.name, AGAIN.name)


@pytest.fixture(scope="module")
def found():
    return {(one.episode.name, one.partner): one for one in soy_backtests()}


@pytest.fixture(scope="module")
def tonnes():
    return {one.partner: one for one in soy_tonnes()}


@pytest.fixture(scope="module")
def errors():
    return soy_errors(rates=(read_pace().resourcing.value, 0.5, 1.0))


def test_what_happened_is_that_of_the_facts(tonnes):
    exports = soybean_exports()
    year = {y: sum(exports[y, m][USA] for m in range(1, 13)) for y in (2017, 2018, 2019, 2020)}
    assert year == pytest.approx({2017: 12052, 2018: 3119, 2019: 7409, 2020: 13901}, rel=1e-3)
    brazil = [sum(exports[y, m][BRAZIL] for m in range(1, 13)) for y in (2017, 2018)]
    assert brazil == pytest.approx([19690, 27340], rel=1e-3)
    assert tonnes[label(USA)].actual[0] == pytest.approx(100 * (16.6 / 32.9 - 1))
    assert tonnes[label(BRAZIL)].actual[0] == pytest.approx(100 * (66.1 / 50.9 - 1))


def test_halves_add_up_to_years():
    table = {(one.seller, one.first, one.end): one.mmt for one in read_sources().soybean_tonnes}
    for seller in (USA, BRAZIL):
        for year in (2024, 2025):
            cuts = [dt.date(year, 1, 1), dt.date(year, 7, 1), dt.date(year + 1, 1, 1)]
            halves = table[seller, cuts[0], cuts[1]] + table[seller, cuts[1], cuts[2]]
            assert halves == pytest.approx(table[seller, cuts[0], cuts[2]], abs=0.02)


def test_the_duties_are_the_dated_ones():
    def duty(run, month):
        economy = run.start.economy
        place = (
            economy.importers.index("CHN"),
            economy.importers.index("USA"),
            economy.sectors.index("SOY"),
        )
        return 100 * run.policy[run.months.index(month)].shock.tariff_rate_cf[place]

    war, truce = run_window(WAR, ELASTICITIES), run_window(TRUCE, ELASTICITIES)
    assert duty(war, (2018, 6)) == pytest.approx(3)
    assert duty(war, (2018, 7)) == pytest.approx(3 + 25 * 26 / 31)
    assert duty(war, (2019, 6)) == pytest.approx(28)
    assert duty(war, (2020, 4)) == pytest.approx(3)
    assert duty(truce, (2025, 3)) == pytest.approx(3 + 10 * 22 / 31)
    assert duty(truce, (2025, 8)) == pytest.approx(23)
    assert duty(truce, (2025, 12)) == pytest.approx(13)


def test_errors_stay_as_measured(found):
    wanted = {FIRST_HALF.name: 12.3, AFTERWARDS.name: 45.5, AGAIN.name: 26.5}
    for episode, error in wanted.items():
        assert found[episode, label(USA)].error(PATH) == pytest.approx(error, abs=0.5)


def test_american_beans_beat_no_change_and_no_more(found, tonnes):
    for episode in EPISODES:
        one = found[episode, label(USA)]
        assert one.error(PATH) < one.error(NO_CHANGE)
    barely = found[AFTERWARDS.name, label(USA)]
    assert barely.error(PATH) > 0.9 * barely.error(NO_CHANGE)
    again = found[AGAIN.name, label(USA)]
    assert again.error(PATH) < again.error(STATIC)
    assert found[FIRST_HALF.name, label(USA)].error(PATH) > found[
        FIRST_HALF.name, label(USA)
    ].error(STATIC)
    for one in tonnes.values():
        assert one.error(PATH) < one.error(NO_CHANGE)
        assert one.error(STATIC) < one.error(NO_CHANGE)
    assert "do NOT tell soybeans" in backtest_words.SOY_FAILS


def test_signs_under_a_duty_are_right(found):
    """Where the duty alone is at work America sells less and Brazil more, in model and fact."""
    for episode, period in ((FIRST_HALF.name, "2018-H2"), (AGAIN.name, "2025-H2")):
        for seller, sign in ((USA, -1), (BRAZIL, 1)):
            one = found[episode, label(seller)].within(period)
            assert np.sign(one.actual[0]) == np.sign(one.model[PATH][0]) == sign


def test_the_rate_of_soybeans_was_chosen_on_2018_and_helps_2025(errors):
    calibration = {rate: one[FIRST_HALF.name] for rate, one in errors.items()}
    slow = read_pace().resourcing.value
    assert calibration[0.5] < 0.3 * calibration[slow]
    # From a half on the error falls little.
    assert calibration[0.5] - calibration[1.0] < 5
    assert errors[0.5][AGAIN.name] < errors[slow][AGAIN.name]
    assert read_pace().resourcing_soybeans.value == 0.5
    note = read_pace().resourcing_soybeans.note
    shown = [f"{rate:g} {calibration[rate]:.0f}" for rate in (0.5, 1.0)]
    assert f"{slow:g} {calibration[slow]:.0f} points" in note
    assert all(words in note for words in shown)


def test_the_steep_elasticity_tells_both_stops_and_makes_2019_worse(errors):
    flat = soy_errors(rates=(0.5,), soybean_elasticity=6.0)[0.5]
    assert errors[0.5][FIRST_HALF.name] < flat[FIRST_HALF.name] - 15
    assert errors[0.5][AGAIN.name] < flat[AGAIN.name] - 5
    assert errors[0.5][AFTERWARDS.name] > flat[AFTERWARDS.name] + 5
    assert "It makes 2019 and 2020 worse" in backtest_words.soy_elasticity()


@pytest.mark.parametrize(("theta", "part"), [(15.0, 0.48), (6.0, 0.27)])
def test_of_three_quarters_lost_to_a_duty_half_is_found_elsewhere(theta, part):
    """As in 2018; a quarter with the elasticity of before."""
    base = load_baseline()
    usa, china, soy = (
        base.importers.index("USA"),
        base.importers.index("CHN"),
        base.sectors.index("SOY"),
    )
    values = np.array(base.trade_elasticity)
    values[soy] = theta
    economy, tariff = base.with_trade_elasticity(values), np.array(base.tariff_rate)
    before = economy.trade_flow[:, usa, soy]

    def sold(duty):
        tariff[china, usa, soy] = (1 + base.tariff_rate[china, usa, soy]) * (1 + duty) - 1
        return solve(economy, Shock(tariff_rate_cf=tariff)).trade_flow_cf[:, usa, soy]

    duty = brentq(lambda rate: sold(rate)[china] / before[china] - 0.25, 0.01, 1.0, xtol=1e-4)
    gained = np.delete(sold(duty) - before, [usa, china]).sum()
    assert gained / (0.75 * before[china]) == pytest.approx(part, abs=0.03)


def test_what_elasticity_the_stops_imply(found):
    war = found[FIRST_HALF.name, label(USA)].actual[0]
    truce = found[AGAIN.name, label(USA)].within("2025-H2").actual[0]
    assert (war, truce) == pytest.approx((-97.4, -93.3), abs=0.05)
    assert implied_elasticity(war, 3, 28) == pytest.approx(17, abs=0.5)
    assert implied_elasticity(100 * (1.28 / 1.03) ** -6.0 - 100, 3, 28) == pytest.approx(6)
    assert "17 in 2018 and of 15 in 2025" in backtest_words.soy_elasticity()


def test_spans_know_their_months_and_base():
    half = HALVES[0]
    assert half == ComparedPeriod("2018-H2", dt.date(2018, 7, 1), dt.date(2019, 1, 1), 2017)
    assert half.months[0] == (2018, 7)
    assert half.months[-1] == (2018, 12)
    assert half.base.months == [(2017, month) for month in range(7, 13)]
    assert HALVES_2025[1].base.first == dt.date(2024, 7, 1)


def test_tonnes_need_a_known_seller_and_an_order():
    days = {"first": dt.date(2025, 1, 1), "end": dt.date(2025, 7, 1)}
    good = {"seller": USA, "source": "x", "mmt": 1, **days}
    Tonnage.model_validate(good)
    for wrong in ({"seller": "Peru"}, {"end": days["first"]}, {"mmt": -1}):
        with pytest.raises(ValidationError):
            Tonnage.model_validate(good | wrong)
    content = {"sources": {}, "soybean_tonnes": (good,)}
    with pytest.raises(ValidationError, match="not a source"):
        Sources.model_validate(content)


def test_soybeans_have_a_rate_of_their_own():
    pace = read_pace().moved({"resourcing": 0.2, "resourcing_soybeans": 0.9})
    assert pace.resourcing_by(("A01", "SOY", "C20")) == [0.2, 0.9, 0.2]
    everything = read_pace().moved({"resourcing": 1.0})
    assert everything.resourcing_by(("A01", "SOY")) == [1.0, 1.0]
    with pytest.raises(InputError, match="resourcing_soybeans is 2"):
        read_pace().moved({"resourcing_soybeans": 2})
