"""Acts of the fact sheet that were added or corrected: days, sizes, sources, what was read."""

import datetime as dt

import pytest

from sim.engine.runs import partner_averages, world_of
from sim.policy.library.folders import Library
from tests.strategies_policy import ROOT

DAY = dt.timedelta(days=1)
LAW_READ, PRESS_READ = dt.date(2026, 8, 24), dt.date(2026, 11, 9)
LIBRARY = Library()
ACTS = [
    LIBRARY.measure(path.stem)[0] for path in sorted((ROOT / "scenarios/measures").glob("*.yaml"))
]


def on(day, partner):
    (average,) = partner_averages(dt.date.fromisoformat(day), partner=partner)
    return average.rate_pct


def step(day, partner):
    """Points by which the American average on a partner moves on a day."""
    before = (dt.date.fromisoformat(day) - DAY).isoformat()
    return on(day, partner) - on(before, partner)


@pytest.mark.parametrize(
    ("day", "partner", "low", "high"),
    [
        ("2025-01-01", "CHN", 0.05, 2.0),  # gloves 50, chips, tungsten
        ("2025-04-09", "VNM", 30.0, 36.0),  # 46 in place of 10 on 9 April alone
        ("2025-04-10", "VNM", -36.0, -30.0),
        ("2025-04-09", "GBR", -0.01, 0.01),  # 10 stays
        ("2025-09-08", "CHE", -12.0, -8.0),  # bullion
        ("2025-11-14", "CHE", -12.0, -8.0),  # 39 to 15 with the ordinary duty
        ("2026-06-08", "JPN", -1.0, -0.3),  # forklifts and earth movers at 15
        ("2026-06-08", "CHN", -0.3, 0.1),
        ("2026-08-15", "VNM", 0.01, 0.2),  # quartz
        ("2026-08-15", "KOR", -1e-9, 1e-9),  # exempt
        ("2026-08-22", "CAN", 1.5, 3.0),  # Section 338
        ("2026-09-03", "CHN", 0.005, 0.1),  # drones
        ("2026-09-29", "SGP", 5.0, 8.0),  # medicines
        ("2026-09-29", "GBR", -1e-9, 1e-9),  # free
        ("2026-09-29", "IND", -1e-9, 1e-9),  # generics
        ("2026-12-04", "VNM", 0.3, 0.9),  # solar cells
    ],
)
def test_an_act_moves_the_average_on_its_day(day, partner, low, high):
    assert low <= step(day, partner) <= high


@pytest.mark.parametrize(
    ("day", "partner"),
    [("2025-10-14", "CHE"), ("2026-08-19", "CAN"), ("2025-11-01", "CHE"), ("2026-07-31", "SGP")],
)
def test_days_that_were_wrong_move_nothing(day, partner):
    assert step(day, partner) == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize(
    ("partner", "rate", "is_net"),
    [
        ("PAK", 10, False), ("BGD", 10, False), ("CAN", 10, False), ("IND", 10, False),
        ("CHN", 12.5, False), ("VNM", 12.5, False), ("KAZ", 12.5, False), ("UKR", 0, False),
        ("EU27", 10, True), ("TWN", 10, True), ("JPN", 12.5, True), ("KOR", 12.5, True),
        ("CHE", 12.5, True),
    ],
)  # fmt: skip
def test_the_tiers_of_the_forced_labour_duty(partner, rate, is_net):
    world = world_of()
    law = world.law(world.scenario("history"))
    part = law.by_authority(dt.date(2026, 7, 24)).get("section-301-forced-labour")
    usa, row = (law.axes.regions.index(code) for code in ("USA", partner))
    reached = law.coverage["forced-labour-2026"][usa, row]
    owed = part[usa, row][reached > 0.01] / reached[reached > 0.01]
    if is_net:
        assert (owed <= rate / 100 + 1e-9).all()
        assert (owed < rate / 100 - 1e-3).any(), "somewhere the ordinary duty is taken off"
    else:
        assert owed == pytest.approx(rate / 100)


def china_on_us(day):
    world = world_of()
    rates = world.average_rates(day, day + DAY)
    return rates.on(day, "china_on_us")


def test_the_truce_ends_on_10_january_2027():
    first, last = dt.date(2026, 11, 10), dt.date(2027, 1, 10)
    assert china_on_us(first) == pytest.approx(china_on_us(first - DAY))
    assert china_on_us(last) - china_on_us(last - DAY) == pytest.approx(24, abs=0.01)
    truce = next(act for act in ACTS if act.id == "cn-truce-2026-11")
    assert (truce.start, truce.end) == (first, last)
    assert {source.grade for source in truce.sources} == {"B"}
    world = world_of()
    for lever, day, points in (
        ("switch_cn_truce_2026", first, 24),
        ("switch_cn_truce_2027", last, -24),
    ):
        value = 0 if lever.endswith("2026") else 1
        span = (day, day + DAY)
        moved = world.average_rates(*span, levers={lever: value}).on(day, "china_on_us")
        assert moved - china_on_us(day) == pytest.approx(points, abs=0.01)


def test_the_truce_of_the_articles_is_that_of_november_2025():
    for side in ("us", "cn"):
        act = next(each for each in ACTS if each.id == f"truce-extension-{side}")
        assert act.in_force(dt.date(2026, 11, 9))
        assert not act.in_force(dt.date(2026, 11, 10))


def test_as_of_is_the_day_up_to_which_sources_were_read():
    for act in ACTS:
        assert act.as_of <= PRESS_READ, act.id
        if act.as_of > LAW_READ:
            words = f"{act.note}{act.reason}"
            read = any(
                LAW_READ < source.date <= PRESS_READ for source in act.sources if source.address
            )
            unknown = any(word in words for word in ("UNKNOWN", "known", "assum", "found"))
            assert read or unknown, act.id


def test_a_tracker_of_american_tariffs_is_no_source_for_what_others_do():
    """It holds lists of China's answer of March 2025, and nothing else that is not American."""
    for act in ACTS:
        for source in act.sources:
            address = source.address or ""
            if "tradewartracker" in address or "tariff-rate-tracker" in address:
                american = act.id.startswith(("us-", "truce-"))
                assert american or "Announcement 2/2025" in source.title, act.id


def test_a_source_is_not_older_than_what_it_reports():
    for act in ACTS:
        first = act.announced or act.start
        known = [source.date for source in act.sources if source.address and source.grade != "M"]
        if known and act.status in ("in-force", "lapsed", "void"):
            assert max(known) >= first - dt.timedelta(days=200), act.id


def test_the_lists_of_the_board_of_trade_name_the_right_goods():
    china, america = (
        next(act for act in ACTS if act.id == f"{side}-tariff-cut-2026-05") for side in ("cn", "us")
    )
    assert {"A01", "C10T12"} <= set(china.coverage.by_sector)
    assert not {"SOY", "SEMI", "C29", "C27"} & set(china.coverage.by_sector)
    assert set(america.coverage.by_sector) == {"C31T33", "C13T15"}
    for act in (china, america):
        assert act.coverage.default == 0
        assert act.switch == 0
        assert "no rate" in act.note


def test_an_act_of_the_fact_sheet_is_in_the_law_of_today():
    listed = {act.id for act in world_of().scenario("baseline-today").measures}
    assert {
        "us-section-232-pharmaceuticals-2026", "us-section-232-drones-2026",
        "us-section-232-polysilicon-2026", "us-section-201-quartz-2026",
        "us-section-301-review-gloves-2025", "us-section-301-forced-labour-capped-2026",
        "cn-truce-2026-11", "cn-truce-2027-01",
    } <= listed  # fmt: skip
