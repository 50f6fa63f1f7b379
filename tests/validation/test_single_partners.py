"""The path beside imports from single partners and by sector, without what other things moved."""

import dataclasses

import numpy as np
import pyarrow.parquet as pq
import pytest

from sim.engine.runs import world_of
from sim.errors import InputError
from sim.report import backtest_words
from sim.report.backtest_report import backtest_summary
from sim.report.single_partner_tables import ERRORS, single_partners_section, tiers_section
from sim.validation.backtest.data import (
    CHINA,
    COMPARED_GOODS,
    CONFOUNDED,
    EVERYBODY,
    GOODS,
    GOODS_OF_SECTOR,
    NAICS_LEFT_OUT,
    OIL,
    OTHERS,
    SINGLE_PARTNERS,
    TABLES,
    imports_of_goods,
)
from sim.validation.backtest.embed_imports import (
    GOODS_FILE,
    NAICS_OF_SECTOR,
    embed_goods,
    raw_goods,
)
from sim.validation.backtest.imports import NO_CHANGE, PATH, STATIC
from sim.validation.backtest.single_partners import (
    PATH_AND_TREND,
    SECTORS_LEFT_OUT,
    TREND,
    single_partners,
)
from sim.validation.backtest.tiers import GAINED, ONE_TIER, naive_errors, tier_errors
from tests.alike import assert_same_table, near
from tests.raw_data import DATA, needs

LEAST_MN = 1e4
"""What a partner sold at least of the goods compared in 2024, USD mn."""


@pytest.fixture(scope="module")
def single():
    return single_partners()


def year(partner, number, *goods):
    table = imports_of_goods()
    months = range(1, 13)
    return sum(table[partner, kind][number, month] for kind in goods for month in months)


def test_the_facts_about_partners_hold_in_the_embedded_table():
    """Facts 9.4: yearly change of 2019 without metals, chemicals and electronics, oil included."""
    wanted = {CHINA: -13.5, "Mexico": 4.1, "Canada": 0.6, "European Union": 4.4, "Vietnam": 20.8}
    wanted |= {"India": 5.3, "Thailand": 14.1, "Malaysia": 16.6, "Taiwan": 7.7, EVERYBODY: -0.9}
    for partner, change in wanted.items():
        kept = [year(partner, number, COMPARED_GOODS, OIL) for number in (2018, 2019)]
        assert 100 * (kept[1] / kept[0] - 1) == pytest.approx(change, abs=0.06), partner
    everything = [year(CHINA, y, COMPARED_GOODS, OIL, CONFOUNDED) for y in (2018, 2019)]
    assert 100 * (everything[1] / everything[0] - 1) == pytest.approx(-16.7, abs=0.06)


def test_partners_were_chosen_by_size_alone():
    sold = {name: year(name, 2024, COMPARED_GOODS) for name in SINGLE_PARTNERS}
    assert min(sold.values()) >= LEAST_MN
    assert set(SINGLE_PARTNERS.values()) <= set(world_of().baseline.economy.importers)


@needs(GOODS_FILE)
def test_no_partner_of_that_size_is_left_out():
    raw = pq.read_table(DATA / GOODS_FILE).to_pydict()
    sold = {}
    left_out = {code for codes in NAICS_LEFT_OUT.values() for code in codes}
    for month, partner, naics, value in zip(*list(raw.values())[:4], strict=True):
        if month[:4] == "2024" and naics != "00" and naics not in left_out:
            sold[partner] = sold.get(partner, 0.0) + value / 1e6
    unions = {"TOTAL FOR ALL COUNTRIES", "USMCA (NAFTA)"}
    members = {"AUSTRIA", "BELGIUM", "FRANCE", "GERMANY", "IRELAND", "ITALY", "NETHERLANDS"}
    members |= {"SPAIN", "SWEDEN"}
    large = {name for name, value in sold.items() if value >= LEAST_MN} - unions - members
    assert len(large) == len(SINGLE_PARTNERS)


@needs(GOODS_FILE)
def test_the_embedded_table_is_that_of_the_raw_file(tmp_path):
    assert_same_table(pq.read_table(embed_goods(DATA, tmp_path)), pq.read_table(TABLES / GOODS))
    raw = raw_goods(DATA)
    assert set(raw) == set(imports_of_goods())
    parts = (COMPARED_GOODS, OIL, CONFOUNDED)
    assert sum(raw[CHINA, kind]["2025-05"] for kind in parts) == near(
        sum(raw[EVERYBODY, kind]["2025-05"] - raw[OTHERS, kind]["2025-05"] for kind in parts)
    )


def test_without_the_raw_file_only_embedding_fails(tmp_path):
    with pytest.raises(InputError, match="imports by goods are not there"):
        embed_goods(tmp_path)


def test_every_sector_is_compared_or_left_out_once():
    sectors = world_of().baseline.economy.sectors
    made = [code for members in GOODS_OF_SECTOR.values() for code in members]
    assert len(made) == len(set(made))
    assert not SECTORS_LEFT_OUT & set(made)
    assert set(made) | SECTORS_LEFT_OUT | {"A01", "SOY", "A02_03", "B07_09"} == set(sectors)
    codes = [code for members in NAICS_OF_SECTOR.values() for code in members]
    left_out = [code for members in NAICS_LEFT_OUT.values() for code in members]
    assert len(codes + left_out) == len(set(codes + left_out))
    assert set(NAICS_OF_SECTOR) == set(GOODS_OF_SECTOR)
    assert len(GOODS_OF_SECTOR) == 11


def test_changes_are_those_of_the_table_and_trends_of_the_years_before(single):
    war, truce = single.episodes
    assert [entry.partner for entry in war.partners][:3] == ["Mexico", "European Union", "Canada"]
    for entry, now, first in ((war, 2019, 2017), (truce, 2025, 2021)):
        months = range(1, 13) if now == 2019 else range(4, 12)
        for backtest in (*entry.partners, *entry.whole):
            table = imports_of_goods()[backtest.partner, COMPARED_GOODS]
            sums = [sum(table[number, month] for month in months) for number in (now - 1, now)]
            assert backtest.actual[0] == near(100 * (sums[1] / sums[0] - 1))
            ends = [year(backtest.partner, number, COMPARED_GOODS) for number in (first, now - 1)]
            growth = (ends[1] / ends[0]) ** (1 / (now - 1 - first))
            assert backtest.model[TREND][0] == near(100 * (growth - 1))
            both = growth * (1 + backtest.model[PATH][0] / 100)
            assert backtest.model[PATH_AND_TREND][0] == near(100 * (both - 1))
            assert backtest.model[NO_CHANGE][0] == 0


def test_the_count_and_the_medians_are_over_partners_but_china(single):
    for entry in single.episodes:
        assert len(entry.partners) == len(SINGLE_PARTNERS) - 1
        assert [backtest.partner for backtest in entry.whole] == [CHINA, OTHERS]
        errors = [abs(b.model[PATH][0] - b.actual[0]) for b in entry.partners]
        assert entry.median_error(PATH) == near(np.median(errors))
        quiet = [abs(b.actual[0]) for b in entry.partners]
        below = [error < 2 / 3 * other for error, other in zip(errors, quiet, strict=True)]
        assert entry.told == sum(below)


def test_the_errors_stay_as_measured(single):
    medians = [
        [entry.median_error(name) for name in (PATH, STATIC, NO_CHANGE, TREND)]
        for entry in single.episodes
    ]
    assert medians[0] == pytest.approx([3.6, 3.7, 6.3, 7.4], abs=0.1)
    assert medians[1] == pytest.approx([12.0, 21.9, 13.1, 14.6], abs=0.3)
    assert [entry.told for entry in single.episodes] == [8, 4]
    assert [b.error(PATH) for b in single.monthly] == pytest.approx([3.7, 1.9], abs=0.1)
    assert [b.error(NO_CHANGE) for b in single.monthly] == pytest.approx([5.0, 4.0], abs=0.05)
    assert single.sector_error(PATH) == pytest.approx(4.2, abs=0.1)
    # What two tiers were to reach.
    assert single.monthly[1].error(PATH) <= 3.2
    assert single.monthly[1].error(PATH) < single.monthly[1].error(NO_CHANGE)
    assert single.sector_error(PATH) <= 4.3
    assert single.sector_error(NO_CHANGE) == pytest.approx(7.6, abs=0.05)


def test_the_section_says_what_was_measured(single):
    section = single_partners_section(single)
    text = " ".join(section.text)
    errors, war, truce, sectors = section.grids
    for entry in single.episodes:
        for name in (PATH, NO_CHANGE, TREND):
            assert f"{entry.median_error(name):.1f}" in text
        assert f"on {entry.told} of {len(entry.partners)} partners" in text
    assert errors.head[1:6] == ERRORS
    assert len(war.rows) == len(truce.rows) == len(SINGLE_PARTNERS) + 1
    assert len(sectors.rows) == 11
    china = single.episodes[1].whole[0]
    assert china.model[PATH][0] < china.actual[0] - 3
    assert f"{china.actual[0]:.0f} % in April to November 2025" in text
    # The sentence about who gained, in both episodes.
    for entry in single.episodes:
        by = {backtest.partner: backtest for backtest in entry.partners}
        for name in ("Vietnam", "Thailand", "Malaysia"):
            assert by[name].actual[0] > 10 > by[name].model[PATH][0]


def test_the_numbers_are_in_the_data_too(single):
    summary = backtest_summary.__globals__["_single"](single)
    assert [entry["below_two_thirds_of_no_change"] for entry in summary["partners"]] == [
        entry.told for entry in single.episodes
    ]
    assert summary["sector_error_pp"][PATH] == pytest.approx(single.sector_error(PATH), abs=0.01)
    first = summary["partners"][0]["changes"][0]
    assert first["of"] == single.episodes[0].partners[0].partner
    moved = dataclasses.replace(single, sectors=single.sectors[:1])
    assert moved.sector_error(PATH) == near(single.sectors[0].error(PATH))


@pytest.fixture(scope="module")
def tiers():
    return tier_errors()


def test_two_tiers_tell_all_others_and_where_the_lost_trade_went(tiers):
    one, *two = tiers
    assert one.macro_elasticity == ONE_TIER
    late = f"April to November 2025: {OTHERS}, goods compared"
    naive = naive_errors()
    assert set(naive) == set(one.errors)
    assert one.errors[late] > naive[late]
    for entry in two:
        assert entry.errors[late] < 0.6 * naive[late]
        assert 50 < entry.errors[GAINED] < 70
        sectors = "April to October 2025: eleven sectors"
        assert entry.errors[sectors] < one.errors[sectors] - 0.5
    assert one.errors[GAINED] < 30


def test_between_a_quarter_and_one_m_hardly_matters(tiers):
    """As the page says: these episodes cannot tell one M from another."""
    assert "hardly differ" in backtest_words.TIERS
    by = {entry.macro_elasticity: entry for entry in tiers}
    low, high = by[0.25], by[1.0]
    for name, error in low.errors.items():
        assert error == pytest.approx(high.errors[name], abs=8 if name == GAINED else 1.2), name


def test_the_table_of_tiers_has_every_row(tiers):
    naive = naive_errors()
    (grid,) = tiers_section(tiers, naive).grids
    assert grid.head[1:5] == ("one tier", "M 1", "M 0.5", "M 0.25")
    assert [row[0] for row in grid.rows] == list(naive)
    assert {len(row) for row in grid.rows} == {6}
