"""The average tariff on each partner agrees with the tracker's panel of countries."""

import datetime as dt
import json

import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.errors import ScenarioError
from sim.validation.partner_panel import (
    MEDIAN_GOAL_PP,
    SMALL_PP,
    WORST_GOAL_PP,
    Panel,
    panel_agreements,
    read_panel,
)


@pytest.fixture(scope="module")
def agreements():
    return panel_agreements()


def test_the_panel_after_april_2026_is_met(agreements):
    whole = [each for each in agreements if each.is_whole]
    assert {each.day for each in whole} == {
        dt.date(2026, 4, 6), dt.date(2026, 7, 22), dt.date(2026, 7, 24),
    }  # fmt: skip
    for each in whole:
        assert each.median_pp <= MEDIAN_GOAL_PP, each.day
    for each in agreements:
        assert abs(each.worst.difference) <= WORST_GOAL_PP, (each.day, each.worst)
        assert each.is_met


def test_gaps_above_half_a_point_have_a_cause_and_causes_are_needed(agreements):
    gaps = [gap for each in agreements for gap in each.gaps]
    assert [(gap.partner, gap.difference) for gap in gaps if not gap.is_explained] == []
    large = {gap.partner for gap in gaps if abs(gap.difference) > SMALL_PP}
    assert set(read_panel().causes) == large


def test_levels_of_2024_are_those_of_the_tables(agreements):
    import sim

    rows = sim.World().partner_averages(dt.date(2024, 1, 1))
    base = {row.partner: row.base_pct for row in rows}
    for code, collected in read_panel().collected_2024_pct.items():
        assert base[code] == pytest.approx(collected, abs=0.01), code


def test_what_the_tracker_lacks_is_taken_out_of_ours(agreements):
    with_all, without = (
        next(each for each in agreements if each.day == dt.date(2026, 7, 24) and whole(each))
        for whole in (lambda each: not each.is_whole, lambda each: each.is_whole)
    )
    ours = {gap.partner: gap.ours for gap in without.gaps}
    for gap in with_all.gaps:
        assert gap.ours > ours[gap.partner] + 0.2


def test_a_wrong_law_is_seen():
    panel = read_panel()
    wrong = panel.model_copy(
        update={"days": (panel.days[0].model_copy(update={"day": dt.date(2026, 2, 21)}),)}
    )
    (each,) = panel_agreements(wrong)
    assert not each.is_met


def test_a_partner_without_a_level_is_refused(tmp_path):
    path = tmp_path / "panel.yaml"
    path.write_text(
        "source: {title: a, address: b, date: 2026-07-22, grade: A}\n"
        "collected_2024_pct: {CHN: 10.9}\n"
        "days:\n  - {day: 2026-04-06, what: x, added_pp: {MEX: 7.7}}\n"
    )
    with pytest.raises(ScenarioError, match="MEX"):
        read_panel(path)
    assert isinstance(read_panel(), Panel)


@pytest.mark.parametrize("width", [60, 100])
def test_the_command_prints_the_panel(width):
    result = CliRunner().invoke(
        app, ["validate", "partners"], env={"COLUMNS": str(width), "TERM": "dumb"}
    )
    assert result.exit_code == 0
    assert "Mexico" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= width


def test_the_panel_as_json():
    content = json.loads(CliRunner().invoke(app, ["validate", "partners", "--json"]).stdout)
    assert all(day["met"] for day in content)
    assert {"partner", "ours_pct", "theirs_pct", "difference_pp", "cause"} == set(
        content[0]["partners"][0]
    )
