"""Tariffs through time: cut where an act changes, exactly additive, the same as day by day."""

import datetime as dt
import itertools
import json
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from sim.cli.app import app
from sim.engine.averages import average_names, range_of
from sim.engine.runs import average_rates
from sim.errors import InputError
from sim.pair import DEFAULT_PAIR
from sim.policy.law.calendar import mean_rate, periods
from sim.policy.law.dates import months, turning_days
from sim.policy.law.law import Law
from sim.policy.law.tariffs import tariff_rate
from sim.report.timeline_plot import plot
from tests.strategies_policy import SEEDS, SMALL, measure_sets, random_tables

FIRST, END = dt.date(2024, 11, 1), dt.date(2027, 3, 1)
DAY = dt.timedelta(days=1)
RANGES = st.tuples(st.dates(FIRST, END - DAY), st.integers(1, 400)).map(
    lambda pair: (pair[0], min(END, pair[0] + pair[1] * DAY))
)


def law_of(acts, seed):
    coverage, rates, base, weights = random_tables(seed)
    return Law(tuple(acts), SMALL, base, coverage, rates, weights)


# --- laws ----------------------------------------------------------------------------------------


@given(measure_sets(), SEEDS, st.dates(FIRST, END - DAY))
def test_effective_acts_are_those_whose_removal_changes_the_law(acts, seed, day):
    law = law_of(acts, seed)
    wedges = law.on(day)
    effective = law.effective(day)
    for act in acts:
        others = law.with_measures(other for other in acts if other.id != act.id)
        without = others.on(day)
        moved = (
            np.abs(wedges.tariff_rate - without.tariff_rate).max() > 1e-9
            or np.abs(wedges.trade_cost_hat - without.trade_cost_hat).max() > 0
            or wedges.targets != without.targets
        )
        if moved:
            assert act.id in effective
        elif act.id in effective:
            # What it would take away is taken by another already, or the rate is at its floor.
            assert act.in_force(day)


@given(measure_sets(), SEEDS, st.dates(FIRST, END - DAY))
def test_the_law_of_a_day_holds_its_parts(acts, seed, day):
    law = law_of(acts, seed)
    wedges = law.on(day)
    np.testing.assert_array_equal(wedges.tariff_rate, law_of(acts, seed).rate(day))
    np.testing.assert_array_equal(wedges.trade_cost_hat, law.trade_cost_hat(day))
    assert wedges.targets == law.targets(day)


@given(measure_sets(), SEEDS, st.dates(FIRST, END - DAY))
def test_a_day_of_the_calendar_is_the_tariff_of_that_day(acts, seed, day):
    law = law_of(acts, seed)
    calendar = periods(law, FIRST, END)
    (found,) = (period.rate for period in calendar if period.start <= day < period.end)
    direct = tariff_rate(
        acts, day, SMALL, law.base_rate, law.coverage, law.rates, weights=law.weights
    )
    np.testing.assert_allclose(found, direct, rtol=0, atol=1e-14)


@given(measure_sets(), SEEDS, RANGES)
def test_the_mean_over_a_range_is_the_mean_of_its_days(acts, seed, span):
    first, end = span
    law = law_of(acts, seed)
    calendar = periods(law, FIRST, END)
    days = [law.rate(first + shift * DAY) for shift in range((end - first).days)]
    np.testing.assert_allclose(mean_rate(calendar, first, end), np.mean(days, axis=0), atol=1e-12)


@given(measure_sets(), SEEDS, RANGES, st.floats(0, 1))
def test_parts_of_a_range_add_up_to_the_whole(acts, seed, span, at):
    first, end = span
    middle = first + round(at * (end - first).days) * DAY
    calendar = periods(law_of(acts, seed), FIRST, END)
    parts = sum(
        (stop - start).days * mean_rate(calendar, start, stop)
        for start, stop in ((first, middle), (middle, end))
        if start < stop
    )
    np.testing.assert_allclose(
        parts, (end - first).days * mean_rate(calendar, first, end), atol=1e-10
    )


@given(measure_sets(), SEEDS)
def test_periods_follow_each_other_and_begin_only_where_an_act_does(acts, seed):
    calendar = periods(law_of(acts, seed), FIRST, END)
    assert (calendar[0].start, calendar[-1].end) == (FIRST, END)
    for before, after in itertools.pairwise(calendar):
        assert before.end == after.start
        assert after.start in turning_days(acts)
    assert len(calendar) <= 1 + len(turning_days(acts))


@given(measure_sets(), SEEDS, st.dates(FIRST, END))
def test_parts_by_authority_sum_to_the_rate(acts, seed, day):
    law = law_of(acts, seed)
    parts = law.by_authority(day)
    np.testing.assert_allclose(sum(parts.values()), law.rate(day), atol=1e-12)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2040, 1, 1)), st.integers(1, 900))
def test_months_cover_a_range_without_gaps(first, length):
    end = first + length * DAY
    found = months(first, end)
    assert found[0][0] <= first
    assert found[-1][1] >= end
    assert all(start.day == 1 == after.day for start, after in found)
    assert all(a[1] == b[0] for a, b in itertools.pairwise(found))


def test_a_range_without_days_or_outside_the_calendar_is_refused():
    law = law_of([], 0)
    with pytest.raises(InputError, match="holds no day"):
        periods(law, FIRST, FIRST)
    calendar = periods(law, FIRST, END)
    with pytest.raises(InputError, match="the calendar holds 2024-11-01 to 2027-03-01"):
        mean_rate(calendar, FIRST - DAY, END)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2018-01", "2018-02", (dt.date(2018, 1, 1), dt.date(2018, 3, 1))),
        ("2018-12", "2018-12", (dt.date(2018, 12, 1), dt.date(2019, 1, 1))),
        ("2025-05-14", "2025-05-14", (dt.date(2025, 5, 14), dt.date(2025, 5, 15))),
    ],
)
def test_ranges_include_both_ends(first, last, expected):
    assert range_of(first, last) == expected


@pytest.mark.parametrize("text", ["2018", "2018-13", "2018-02-30", "May 2018", ""])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(InputError, match="Write 2018-01 or 2018-01-31"):
        range_of(text, "2026-11")


# --- history -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def history():
    average_rates(dt.date(2018, 1, 1), dt.date(2018, 1, 2))  # reads the tables
    start = time.process_time()
    found = average_rates(dt.date(2018, 1, 1), dt.date(2026, 12, 1))
    rows = found.daily()
    seconds = time.process_time() - start
    assert len(rows) == (dt.date(2026, 12, 1) - dt.date(2018, 1, 1)).days
    return found, seconds


def test_nine_years_of_days_take_less_than_two_seconds(history):
    assert history[1] < 2.0


@pytest.mark.parametrize("pair", list(average_names(DEFAULT_PAIR)))
def test_means_of_months_are_means_of_their_days(history, pair):
    found, _ = history
    first, end = dt.date(2025, 5, 1), dt.date(2025, 6, 1)
    days = [found.on(first + shift * DAY, pair) for shift in range(31)]
    assert found.mean(first, end, pair) == pytest.approx(np.mean(days), abs=1e-9)


def test_the_episodes_are_visible(history):
    found, _ = history

    def us(year, month, day):
        return found.on(dt.date(year, month, day))

    assert us(2018, 1, 15) < 5 < us(2018, 9, 30) < us(2019, 5, 31)  # the first war
    assert us(2020, 2, 14) < us(2020, 2, 13)  # Phase One
    assert us(2025, 2, 4) - us(2025, 2, 3) == pytest.approx(10, abs=0.1)
    assert us(2025, 4, 20) > 95  # the peak
    assert us(2025, 5, 14) < 0.5 * us(2025, 5, 13)  # Geneva
    assert us(2025, 11, 10) - us(2025, 11, 9) == pytest.approx(-10, abs=0.1)  # Busan
    assert us(2026, 2, 20) < us(2026, 2, 19) - 10  # the ruling
    assert us(2026, 2, 24) > us(2026, 2, 23) + 4  # Section 122
    assert us(2026, 7, 24) != us(2026, 7, 23)  # forced labour in its place
    top = int(found.rate_pct["us_on_china"].argmax())
    assert dt.date(2025, 4, 9) <= found.starts[top] <= dt.date(2025, 5, 13)


def test_the_chinese_side_mirrors_them(history):
    found, _ = history

    def china(year, month, day):
        return found.on(dt.date(year, month, day), "china_on_us")

    assert china(2018, 7, 6) > china(2018, 7, 5)
    assert china(2025, 4, 20) > 110
    assert china(2025, 5, 14) == pytest.approx(china(2025, 5, 13) - 115, abs=0.5)
    assert china(2025, 11, 10) < china(2025, 11, 9)  # the farm tariffs of March end


def test_the_first_rates_plus_every_act_are_the_last(history):
    """Round trip: what each authority adds between two days is the whole change."""
    first, last = dt.date(2018, 1, 1), dt.date(2026, 11, 22)
    found = average_rates(first, last + DAY, by_authority=True)
    for pair, parts in found.part_pct.items():
        added = sum(series[-1] - series[0] for series in parts.values())
        change = found.on(last, pair) - found.on(first, pair)
        assert added == pytest.approx(change, abs=1e-9)
        whole = sum(parts.values())
        np.testing.assert_allclose(whole, found.rate_pct[pair], atol=1e-9)


# --- the command ---------------------------------------------------------------------------------


def truce(*arguments, width=100):
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": str(width), "TERM": "dumb"})


@pytest.mark.parametrize("width", [60, 80, 140])
def test_the_command_plots_and_fits(width):
    result = truce("timeline", "--from", "2018-01", "--to", "2026-11", width=width)
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= width
    assert "█" in result.stdout
    assert "US on China" in result.stdout
    assert "2018-01" in result.stdout


def test_the_command_gives_rows_by_day():
    result = truce("timeline", "--from", "2025-05-13", "--to", "2025-05-14", "--daily", "--json")
    rows = json.loads(result.stdout)
    assert [set(row) for row in rows] == [{"date", "us_on_china_pct", "china_on_us_pct"}] * 2
    assert [row["date"] for row in rows] == ["2025-05-13", "2025-05-14"]
    assert rows[0]["us_on_china_pct"] > rows[1]["us_on_china_pct"]


def test_the_command_gives_parts_by_authority():
    options = ("--from", "2025-10", "--to", "2025-10")
    (row,) = json.loads(truce("timeline", *options, "--by", "authority", "--json").stdout)
    parts = row["us_on_china_by_authority"]
    assert parts["ieepa-fentanyl"] == pytest.approx(20, abs=0.01)
    assert sum(parts.values()) == pytest.approx(row["us_on_china_pct"], abs=0.01)
    text = truce("timeline", *options, "--by", "authority").stdout
    assert "ieepa" in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--from", "2018"), "Write 2018-01"),
        (("--from", "2026-01", "--to", "2025-01"), "lies before"),
        (("--by", "sector"), "--by authority"),
        (("--scenario", "baseline-tody"), "baseline-today"),
    ],
)
def test_wrong_options_are_named(arguments, words):
    result = truce("timeline", *arguments)
    assert result.exit_code == 1
    assert words in result.stderr


def test_a_plot_shows_the_highest_value_at_the_top():
    text = plot([0.0, 50.0, 100.0], ["a", "b", "c"], 80, "Title")
    lines = text.splitlines()
    assert lines[1].endswith("█")
    assert lines[1].strip().startswith("100")
    assert lines[4].rstrip().endswith("██") or lines[5].rstrip().endswith("██")
    assert lines[-1].split() == ["a", "c"]
