"""Our average tariffs agree with the public trackers, or the gap has a known cause."""

import datetime as dt
import json

import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.errors import ScenarioError
from sim.outputs.headline import headline
from sim.validation.trackers import TOLERANCE_PP, Gap, read_trackers, tracker_gaps

CLOSE = {"yale", "yale-press", "yale-august", "yale-april", "yale-october", "twt"}


@pytest.fixture(scope="module")
def gaps():
    return tracker_gaps()


def test_every_reading_agrees_or_its_gap_has_a_cause(gaps):
    open_gaps = [
        f"{gap.series} {gap.day} {gap.tracker}: ours {gap.ours:.1f}, theirs {gap.theirs}"
        for gap in gaps
        if not gap.is_explained
    ]
    assert open_gaps == []


def test_most_readings_of_the_two_close_trackers_agree_without_a_cause(gaps):
    near = [gap for gap in gaps if gap.tracker in CLOSE and gap.is_compared]
    small = [gap for gap in near if abs(gap.difference) <= TOLERANCE_PP]
    assert len(near) >= 20
    assert len(small) >= 0.6 * len(near)


def test_the_dates_of_the_issue_are_there(gaps):
    days = {gap.day for gap in gaps if gap.series == "us_on_china"}
    assert {
        dt.date(2018, 9, 30), dt.date(2019, 12, 31), dt.date(2025, 4, 21), dt.date(2025, 5, 14),
        dt.date(2025, 10, 29), dt.date(2025, 11, 10), dt.date(2026, 2, 20), dt.date(2026, 2, 24),
        dt.date(2026, 7, 24),
    } <= days  # fmt: skip


def test_causes_are_used_and_no_larger_than_they_must_be(gaps):
    table = read_trackers()
    for cause in table.causes:
        used = [
            abs(gap.difference)
            for gap in gaps
            if (gap.series, gap.tracker) == (cause.series, cause.tracker)
            and cause.first <= gap.day <= cause.last
            and abs(gap.difference) > TOLERANCE_PP
        ]
        assert used, cause.cause
        assert max(used) <= cause.largest_pp <= 1.25 * max(used) + 1, cause.cause


def test_headlines_are_listed_and_never_compared(gaps):
    sums = [gap for gap in gaps if gap.tracker == "headline"]
    assert {gap.theirs for gap in sums} == {145, 57, 47, 30}
    assert not any(gap.is_compared for gap in sums)
    assert all("another measure" in gap.cause for gap in sums)


def test_readings_are_compared_with_corrected_figures_beside_the_published_ones(gaps):
    world = {(gap.day, gap.tracker): gap for gap in gaps if gap.series == "us_on_world"}
    august = world[dt.date(2025, 8, 7), "twt"]
    assert (august.theirs, august.corrected) == (18.9, 17.69)
    assert august.difference == pytest.approx(august.ours - 17.69)
    assert world[dt.date(2025, 11, 10), "yale-october"].is_compared is False
    replaced = {day: gap.theirs for (day, name), gap in world.items() if name == "yale-history"}
    assert replaced == {
        dt.date(2025, 8, 7): 15.55, dt.date(2025, 10, 10): 15.88, dt.date(2025, 11, 15): 14.29,
    }  # fmt: skip
    assert all(abs(gap.difference) <= 1 for gap in world.values() if gap.tracker == "yale-history")


def test_april_2025_is_no_target(gaps):
    first, last = dt.date(2025, 4, 5), dt.date(2025, 4, 30)
    april = [gap for gap in gaps if first <= gap.day <= last and gap.tracker in CLOSE]
    assert len(april) >= 8
    assert not any(gap.is_compared for gap in april)
    assert all("April 2025" in gap.cause for gap in april)


def test_no_gap_of_the_close_trackers_is_left_in_the_dark(gaps):
    words = " ".join(gap.cause for gap in gaps)
    assert "not known" not in words
    assert not any(gap.is_partial for gap in gaps if gap.tracker in CLOSE)


def test_a_correction_without_its_value_is_refused(tmp_path):
    path = tmp_path / "trackers.yaml"
    path.write_text(
        "sources: {}\nchina_on_us: []\n"
        "us_on_china:\n  - {day: 2025-01-01, tracker: yale, value: 11.8, correction: x}\n"
    )
    with pytest.raises(ScenarioError, match="belong together"):
        read_trackers(path)


def test_a_gap_without_a_cause_is_no_agreement():
    gap = Gap("us_on_china", dt.date(2025, 1, 1), "yale", 20.0, 11.8, "", "A", True, "")
    assert not gap.is_explained
    assert gap.difference == pytest.approx(8.2)


def test_a_broken_table_is_refused(tmp_path):
    path = tmp_path / "trackers.yaml"
    path.write_text(
        "sources: {}\nchina_on_us: []\n"
        "us_on_china:\n  - {day: 2025-01-01, tracker: yale, value: 11.8}\n"
    )
    with pytest.raises(ScenarioError, match="tracker 'yale' has no source"):
        read_trackers(path)


def truce(*arguments, width=100):
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": str(width), "TERM": "dumb"})


@pytest.mark.parametrize("arguments", [("validate",), ("validate", "trackers")])
def test_the_command_prints_the_table_and_the_verdict(arguments):
    result = truce(*arguments)
    assert result.exit_code == 0
    assert "UNEXPLAINED" not in result.stdout
    assert "2025-05-14" in result.stdout
    assert "Trade War Tracker" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 100


def test_the_command_as_json():
    content = json.loads(truce("validate", "--json").stdout)
    readings = content["trackers"]["readings"]
    assert len(readings) > 40
    assert {"date", "tracker", "ours_pct", "theirs_pct", "difference_pp", "cause"} <= set(
        readings[0]
    )
    assert all(reading["explained"] for reading in readings)


def test_what_cannot_be_validated_is_named():
    result = truce("validate", "trakers")
    assert result.exit_code == 1
    assert "Write trackers, partners, scenarios or all" in result.stderr


def test_the_threat_moves_the_average_by_63_points_and_six_tenths():
    import sim

    figure = headline(sim.run("tariff-100")).figures["us_tariff_on_china_before"]
    assert figure.change == pytest.approx(63.6, abs=0.01)
