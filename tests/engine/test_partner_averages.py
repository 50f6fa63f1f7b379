"""The average tariff on each partner on a day: parts of the whole, in Python and on the line."""

import datetime as dt
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import sim
from sim.cli.app import app
from sim.engine.partner_averages import ALL, partner_averages
from sim.errors import InputError
from sim.policy.law.law import Law
from tests.strategies_policy import SEEDS, SMALL, measure_sets, random_tables

DAY = dt.date(2026, 7, 24)


@pytest.fixture(scope="module")
def world():
    return sim.World()


@given(measure_sets(), SEEDS, st.dates(dt.date(2024, 11, 1), dt.date(2027, 3, 1)))
def test_partners_weighted_by_their_trade_make_the_whole(acts, seed, day):
    coverage, rates, base, weights = random_tables(seed)
    law = Law(tuple(acts), SMALL, base, coverage, rates, weights)
    labels = dict(zip(SMALL.regions, SMALL.regions, strict=True))
    for importer in SMALL.regions:
        rows = {row.partner: row for row in partner_averages(law, day, importer, labels)}
        whole = rows.pop(ALL)
        assert set(rows) == set(SMALL.regions) - {importer}
        total = sum(row.imports_usd_mn for row in rows.values())
        assert whole.imports_usd_mn == pytest.approx(total)
        weighted = sum(row.imports_usd_mn * row.rate_pct for row in rows.values())
        assert whole.rate_pct * total == pytest.approx(weighted, abs=1e-6)
        for code, row in rows.items():
            alone = partner_averages(law, day, importer, labels, code, by_authority=True)
            assert [one.partner for one in alone] == [code]
            assert alone[0].rate_pct == pytest.approx(row.rate_pct, abs=1e-9)
            parts = sum(alone[0].by_authority_pct.values())
            assert parts == pytest.approx(row.rate_pct, abs=1e-6)


def test_every_region_has_its_average_and_the_range_agrees(world):
    rows = {row.partner: row for row in world.partner_averages(DAY)}
    assert set(rows) == {ALL, *world.axes.regions} - {"USA"}
    assert all(np.isfinite(row.rate_pct) and row.label for row in rows.values())
    span = (DAY, DAY + dt.timedelta(days=1))
    for code in ("MEX", "CHN", "EU27"):
        rates = world.average_rates(*span, partner=code)
        name = rates.both[0]
        assert rates.on(DAY, name) == pytest.approx(rows[code].rate_pct, abs=1e-9)
    assert rates.on(DAY, rates.both[0].replace("eu27", "world")) == pytest.approx(
        rows[ALL].rate_pct, abs=1e-9
    )


def test_before_every_act_the_average_is_the_ordinary_duty(world):
    (vietnam,) = world.partner_averages(dt.date(2025, 1, 1), partner="VNM")
    assert vietnam.added_pp == pytest.approx(0, abs=0.05)
    assert vietnam.base_pct == pytest.approx(3.77, abs=0.01)  # collected in 2024, facts.md


@pytest.mark.parametrize("partner", ["mexico", "USA", "", "XYZ"])
def test_what_is_no_partner_is_refused(world, partner):
    with pytest.raises(InputError, match="is no partner of USA"):
        world.partner_averages(DAY, partner=partner)
    with pytest.raises(InputError, match="is no partner of USA"):
        world.average_rates(DAY, DAY + dt.timedelta(days=1), partner=partner)


def truce(*arguments, width=100):
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": str(width), "TERM": "dumb"})


def test_the_command_gives_every_partner(world):
    rows = json.loads(truce("timeline", "--partner", "all", "--date", str(DAY), "--json").stdout)
    assert {row["partner"] for row in rows} == {ALL, *world.axes.regions} - {"USA"}
    (mexico,) = [row for row in rows if row["partner"] == "MEX"]
    (alone,) = json.loads(
        truce("timeline", "--partner", "MEX", "--date", str(DAY), "--json").stdout
    )
    assert alone["rate_pct"] == pytest.approx(mexico["rate_pct"])
    assert set(alone) == {
        "date", "partner", "label", "rate_pct", "collected_2024_pct", "added_pp",
        "imports_2024_usd_mn",
    }  # fmt: skip


@pytest.mark.parametrize("width", [60, 80, 140])
@pytest.mark.parametrize("by", [(), ("--by", "authority")])
def test_the_table_fits(width, by):
    result = truce("timeline", "--date", str(DAY), *by, width=width)
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= width
    assert "MEX Mexico" in result.stdout
    assert "ROW Rest" in result.stdout


@pytest.mark.parametrize("options", [("--scenario", "canada-answer"), ("--partner", "MEX")])
def test_a_range_of_another_pair_is_plotted_under_its_names(options):
    result = truce("timeline", *options, "--from", "2025-03", "--to", "2025-05")
    assert result.exit_code == 0
    assert "United States" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--partner", "all"), "Write --date"),
        (("--partner", "MEXI"), "Did you mean 'MEX'"),
        (("--partner", "MEXI", "--date", "2026-07-24"), "Did you mean 'MEX'"),
        (("--date", "2026-7"), "Write 2026-07-24"),
        (("--date", "2026-07-24", "--daily"), "--from, --to and --daily are a range"),
        (("--date", "2026-07-24", "--from", "2026-01"), "--from, --to and --daily are a range"),
    ],
)
def test_wrong_options_are_named(arguments, words):
    result = truce("timeline", *arguments)
    assert result.exit_code == 1
    assert words in result.stderr
