"""Amounts on the page Build: a number that the measure states, or an empty cell."""

import datetime as dt

import pytest

pytest.importorskip("streamlit", reason="the dashboard extra is not installed")

from dashboard import data
from dashboard.data import measure_rows
from sim.policy.language.kinds import KINDS
from tests.dashboard.streamlit_pages import QUIET, opened

pytestmark = QUIET


def days_of(measure):
    """Days before, on and after each turn of a measure."""
    turns = [measure.start, *(step.start for step in getattr(measure, "steps", None) or ())]
    return [day + dt.timedelta(shift) for day in turns if day for shift in (-1, 0, 1)]


def stated(measure):
    """Every number that a measure states as its amount, in the units of the table."""
    fields = (getattr(measure, name) for name in measure.traits.amount_fields)
    numbers = {float(number) for number in fields if number is not None}
    rate = getattr(measure, "rate", None)
    numbers |= set() if rate is None else {100.0 * rate}
    return numbers | {step.rate_pp for step in getattr(measure, "steps", None) or ()}


def test_an_amount_is_one_that_the_measure_states_or_empty():
    seen = {}
    for name in data.cards():
        seen |= {measure.id: measure for measure in data.resolved(name).measures}
    assert len(seen) > 80
    for measure in seen.values():
        for day in days_of(measure):
            row = measure_rows.row(measure, day)
            numbers = stated(measure)
            assert row[measure_rows.AMOUNT] in (numbers or {None})
            assert (row[measure_rows.UNIT] == "") == (row[measure_rows.AMOUNT] is None)


def test_rates_by_country_are_an_empty_cell_on_the_page():
    at = opened("build", scenario="tariff-100")
    (row,) = [
        row for row in measure_rows.rows("tariff-100", ())
        if row[measure_rows.ID] == "us-ieepa-reciprocal-world-2025"
    ]  # fmt: skip
    assert row[measure_rows.AMOUNT] is None
    assert not at.exception


def test_another_start_keeps_the_rates_by_country():
    """Before, they became one rate of 0 points."""
    day = dt.date(2025, 12, 1)
    measure = next(
        measure for measure in data.resolved("tariff-100").measures
        if measure.id == "us-ieepa-reciprocal-world-2025"
    )  # fmt: skip
    for start in (dt.date(2025, 4, 2), dt.date(2025, 9, 1), dt.date(2026, 9, 1)):
        row = measure_rows.row(measure, day) | {measure_rows.FROM: start}
        changed = KINDS["tariff"].model_validate(measure_rows.content_of(row, measure, day))
        assert changed.start == start
        assert changed.rate_schedule is not None
        assert changed.schedule_on(day) in {step.rate_schedule for step in measure.steps}
    row = measure_rows.row(measure, day) | {measure_rows.AMOUNT: 15.0}
    flat = KINDS["tariff"].model_validate(measure_rows.content_of(row, measure, day))
    assert (flat.rate_pp, flat.rate_schedule, flat.steps) == (15.0, None, None)
