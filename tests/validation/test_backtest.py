"""The path beside what happened in 2018-19 and 2025-26; the tables are in the package."""

import dataclasses
import json
import re
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.engine.pace import read_pace
from sim.errors import InputError
from sim.report import backtest_words
from sim.validation.backtest import suite as backtest_all
from sim.validation.backtest.cross_episode import OTHER_RATES, OTHER_SET, both_ways
from sim.validation.backtest.data import (
    CANADA,
    CHINA,
    EUROPE,
    IMPORTS,
    MEXICO,
    OTHERS,
    PARTNERS,
    REST,
    TABLES,
    monthly_imports,
)
from sim.validation.backtest.embed_imports import MONTHLY_FILE, embed_imports, raw_imports
from sim.validation.backtest.imports import (
    EPISODES,
    LAGGED,
    NO_CHANGE,
    PATH,
    STATIC,
    WAR,
    Backtest,
    _assumed,
    backtests,
    imports,
    lagged,
    run_window,
)
from sim.validation.backtest.lists import (
    ALL_GOODS,
    DIVERTED_PCT,
    UNLISTED,
    Market,
    by_list,
    diverted,
    list_duties,
    list_levels,
    list_shares,
    lists_backtests,
    war_by_quarter,
)
from sim.validation.backtest.others import partners, with_growth
from sim.validation.backtest.rows import first_month, rows, rows_of, series
from tests.alike import assert_same_content, assert_same_table
from tests.raw_data import DATA, needs

ROOT = Path(__file__).resolve().parents[2]
needs_data = needs(MONTHLY_FILE)
ELASTICITIES = "fontagne2022"
STEEP = dataclasses.replace(WAR, soybean_elasticity=15.0)


@pytest.fixture(scope="module")
def found():
    return {(one.episode.name, one.partner): one for one in backtests()}


@pytest.fixture(scope="module")
def table():
    return rows()


@pytest.mark.parametrize(
    ("episode", "partner", "path", "static"),
    [
        ("2025-26", CHINA, 4.7, 24.2),
        ("2019", CHINA, 3.9, 7.7),
        ("2025-26", OTHERS, 11.5, 10.2),
        ("2019", OTHERS, 2.6, 2.4),
    ],
)
def test_the_errors_stay_as_measured(found, episode, partner, path, static):
    one = found[episode, partner]
    assert one.error(PATH) == pytest.approx(path, abs=0.2)
    assert one.error(STATIC) == pytest.approx(static, abs=0.4)
    assert len(one.months) == len(one.actual) == (13 if episode == "2025-26" else 12)


def test_the_goal_is_met_on_china_in_2019_and_all_but_met_in_2025(found):
    """One tier of demand meets it in 2025 (3.6), and fails on who sells instead."""
    assert 4 < found["2025-26", CHINA].within("2025").error(PATH) <= 4.2
    assert found["2025-26", CHINA].error(PATH) <= 4.7
    assert found["2019", CHINA].error(PATH) <= 4
    for episode, part in (("2025-26", 0.25), ("2019", 0.55)):
        one = found[episode, CHINA]
        assert one.error(PATH) < part * min(one.error(n) for n in (STATIC, LAGGED, NO_CHANGE))
        assert "better than" in one.verdict
    assert found["2025-26", CHINA].correlation(PATH) > 0.95
    assert found["2019", CHINA].correlation(PATH) > 0.6


def test_where_the_path_fails_it_says_so(found):
    assert "misses 4 points" in found["2025-26", CHINA].verdict
    assert "within the goal" in found["2019", CHINA].verdict
    assert "FAILS" in found["2025-26", OTHERS].verdict
    assert "FAILS" in found["2019", OTHERS].verdict


def test_actual_changes_are_those_of_the_table(found):
    data = monthly_imports()
    wanted = 100 * (data[2025, 5][CHINA] / data[2024, 5][CHINA] - 1)
    assert found["2025-26", CHINA].actual[4] == pytest.approx(wanted)
    assert found["2025-26", CHINA].months[-1] == "2026-01"
    assert found["2019", CHINA].months[0] == "2019-01"
    # One month at sea: nothing has arrived under the duties of February 2025 in January.
    assert found["2025-26", CHINA].model[PATH][0] == pytest.approx(0, abs=1e-6)


def test_facts_about_imports_hold_in_the_embedded_table():
    data = monthly_imports()
    year = {y: sum(data[y, m][CHINA] for m in range(1, 13)) for y in (2018, 2019, 2024, 2025)}
    assert year == pytest.approx({2018: 538.5, 2019: 449.1, 2024: 438.7, 2025: 308.4}, abs=0.1)
    for values in data.values():
        parts = sum(values[name] for name in (CANADA, MEXICO, EUROPE, REST))
        assert parts == pytest.approx(values[OTHERS], abs=1e-5)


@needs_data
def test_the_embedded_table_is_that_of_the_raw_file(tmp_path):
    raw = raw_imports(DATA)
    assert set(raw) == set(monthly_imports())
    for month, values in monthly_imports().items():
        assert values == pytest.approx(raw[month], abs=1e-6)
    assert_same_table(pq.read_table(embed_imports(DATA, tmp_path)), pq.read_table(TABLES / IMPORTS))


def test_without_the_raw_file_only_embedding_fails(tmp_path):
    with pytest.raises(InputError, match="monthly imports are not there") as caught:
        embed_imports(tmp_path)
    assert "the backtest itself needs none" in str(caught.value)


def test_the_rate_chosen_on_either_episode_holds_on_the_other():
    # The whole grid is in the documentation; it is widest where the choice is made.
    ways = both_ways(rates=(0.08, 0.09, 0.1, 0.12, 0.15))
    first, second = ways.ways
    assert (first.chosen_on, first.judged_on, first.rate) == ("2025", "2019", 0.09)
    assert (second.chosen_on, second.judged_on, second.rate) == ("2019", "2025", 0.12)
    assert first.error <= 4
    # The months of 2019 tell slow from quick badly: what they choose is a point off in 2025.
    assert 4.8 < second.error < 5.2
    assert "misses it on 2025 by a point" in backtest_words.WAYS
    in_2019 = [errors["2019"] for errors in ways.errors.values()]
    assert max(in_2019) - min(in_2019) < 0.15
    for way in ways.ways:
        assert way.error < 0.55 * min(way.static, way.no_change)
        assert way.error_there == min(one[way.chosen_on] for one in ways.errors.values())
    assert first.rate == read_pace().resourcing.value


@pytest.mark.slow
def test_uniform_elasticities_do_not_quite_do_as_well():
    first, second = both_ways(elasticities=OTHER_SET, rates=OTHER_RATES).ways
    assert (first.rate, second.rate) == (0.12, 0.2)
    assert 4.1 < first.error < 4.3
    assert 6.5 < second.error < 7.5
    assert "by a fifth of a point and by three points" in backtest_words.WAYS


def test_quarters_of_the_first_war(table):
    one = war_by_quarter()
    data = monthly_imports()
    total = [sum(data[y, m][CHINA] for m in (10, 11, 12)) for y in (2018, 2019)]
    assert one.months[-1] == "2019-Q4"
    assert one.actual[-1] == pytest.approx(100 * (total[1] / total[0] - 1))
    later = one.within("2019")
    assert later.error(PATH) == pytest.approx(3.3, abs=0.15)
    assert "3.3 points" in backtest_words.QUARTERS
    assert later.error(PATH) < 0.5 * min(later.error(STATIC), later.error(NO_CHANGE))
    assert one.error(PATH) < min(one.error(name) for name in (STATIC, LAGGED, NO_CHANGE))


def test_lists_follow_their_own_dated_duties():
    run = run_window(WAR, ELASTICITIES)
    duty = list_duties(run)
    place = {month: at for at, month in enumerate(run.months)}
    assert duty["list 1"][place[2018, 6]] == 0
    assert duty["list 1"][place[2018, 7]] == pytest.approx(0.25 * 26 / 31)
    assert duty["list 3"][place[2019, 5]] == pytest.approx((9 * 0.10 + 22 * 0.25) / 31)
    assert duty["list 4A"][place[2020, 3]] == pytest.approx(0.075)
    lists = by_list()
    quarter = {name: at for at, name in enumerate(lists.quarters)}
    for name, first in {"list 1": "2018-Q3", "list 3": "2018-Q4", "list 4A": "2019-Q4"}.items():
        before, after = quarter[first] - 1, quarter[first]
        assert abs(lists.path[name][before]) < 2
        assert lists.path[name][after] < lists.path[name][before] - 5
        assert lists.static[name][after] < lists.path[name][after]
    assert (np.abs(lists.path[UNLISTED]) < 3).all()
    # Goods of the law's lists were 34, 16, 200 and 120 bn USD.
    worth = [lists.worth_bn[name] for name in ("list 1", "list 2", "list 3", "list 4A")]
    assert worth == pytest.approx([34, 16, 200, 120], rel=0.5)


def test_goods_on_the_lists_fell_as_the_path_says():
    listed, others = lists_backtests()
    data = monthly_imports()
    half = {y: sum(data[y, m][CHINA] for m in range(1, 7)) for y in (2018, 2019)}
    assert listed.actual[0] == pytest.approx(100 * (95 / 130 - 1))
    assert others.actual[0] == pytest.approx(100 * ((half[2019] - 95) / (half[2018] - 130) - 1))
    assert listed.error(PATH) < 3
    assert others.error(PATH) < 3
    assert listed.error(STATIC) > 25
    assert listed.error(NO_CHANGE) > 25
    assert "better than" in listed.verdict
    gained = diverted()
    assert 55 < gained[PATH] < 68
    assert gained[PATH] == pytest.approx(DIVERTED_PCT, abs=3)
    # In the long run others would gain more than UNCTAD finds in the first year.
    assert gained[STATIC] > 70
    one_tier = diverted(macro_elasticity=20)[PATH]
    assert 25 < one_tier < 30
    assert "three fifths" in backtest_words.LISTED
    assert "a good quarter" in backtest_words.LISTED


@pytest.mark.parametrize("macro", [None, 0.5])
def test_lists_under_one_duty_follow_the_path_itself(macro):
    """With no duty of its own a list pays what its sector pays: the rule must give the path."""
    run = run_window(dataclasses.replace(WAR, macro_elasticity=macro), ELASTICITIES)
    assert run.start.economy.is_nested or macro is None
    market, share = Market(run), list_shares(run)
    rate = np.array(read_pace().resourcing_by(run.start.economy.sectors))
    none = {name: np.zeros(len(run.policy)) for name in share}
    for months, pace in ((run.path.months, rate), (run.static, np.ones_like(rate))):
        levels = list_levels(market, months, none, share, pace)
        place = market.usa, market.china
        before = run.start.economy.trade_flow[place]
        flows = np.array([month.trade_flow_cf[place] for month in months])
        bought = before > 0
        for name in share:
            wanted = flows[:, bought] / before[bought]
            assert levels[name][:, bought] == pytest.approx(wanted, rel=1e-6)


def test_a_window_puts_elasticities_in_place_of_the_baselines_own():
    """Soybeans keep the tiers that they have, whatever their theta."""
    base = run_window(WAR, ELASTICITIES).start.economy
    soy = base.sectors.index("SOY")
    steep = _assumed(run_window(WAR, ELASTICITIES).start.baseline, STEEP).economy
    assert steep.trade_elasticity[soy] == 15
    assert (np.delete(steep.trade_elasticity, soy) == np.delete(base.trade_elasticity, soy)).all()
    was_one = base.macro_elasticity_by_sector == base.trade_elasticity
    is_one = steep.macro_elasticity_by_sector == steep.trade_elasticity
    assert is_one.tolist() == was_one.tolist()
    both = dataclasses.replace(STEEP, macro_elasticity=0.5)
    nested = _assumed(run_window(WAR, ELASTICITIES).start.baseline, both).economy
    cars = base.sectors.index("C29")
    assert (nested.trade_elasticity[soy], nested.macro_elasticity[cars]) == (15, 0.5)


def test_lists_together_are_about_the_path():
    run = run_window(WAR, ELASTICITIES)
    value = imports(run.start, run.path.arrival_flow, CHINA)[:24].reshape(-1, 3).mean(axis=1)
    base = imports(run.start, run.start.economy.trade_flow[None], CHINA)[0]
    whole = 100 * (value / base - 1)
    lists = by_list()
    assert lists.path[ALL_GOODS] == pytest.approx(whole, abs=5.5)
    money = sum(lists.path[name] * worth for name, worth in lists.worth_bn.items())
    assert money / sum(lists.worth_bn.values()) == pytest.approx(lists.path[ALL_GOODS], abs=1e-9)


def test_the_rest_makes_the_error_on_all_others_after_april():
    by = {one.partner: one for one in partners()}
    whole = by.pop(OTHERS)
    for name in ("share_2024", "error_before", "error_after"):
        assert sum(getattr(one, name) for one in by.values()) == pytest.approx(
            getattr(whole, name), abs=0.1
        )
    assert by[EUROPE].path_after - by[EUROPE].actual_after == pytest.approx(4, abs=0.5)
    assert 0 < by[MEXICO].actual_after - by[MEXICO].path_after < 3
    assert by[CANADA].path_after > 0 > by[CANADA].actual_after
    assert by[REST].error_after > whole.error_after
    beaten = {name: one.path_error < one.no_change_error for name, one in by.items()}
    assert beaten == {CANADA: False, MEXICO: True, EUROPE: True, REST: False}
    assert whole.error_before > 20


def test_growth_helps_in_2025_and_harms_in_2019():
    by = {(one.episode, one.partner): one for one in with_growth()}
    now, then = by["2025-26", OTHERS], by["2019", OTHERS]
    assert now.with_growth < now.no_change < now.path
    assert then.with_growth > 2 * then.path
    assert now.growth == pytest.approx(6.7, abs=0.1)


def test_words_with_numbers_are_true(found):
    one = found["2025-26", CHINA]
    last = one.within("2026")
    assert f"{last.error(PATH):.0f} points" in backtest_words.note(one)
    assert "(+16 %)" in backtest_words.note(one)
    assert one.actual[0] == pytest.approx(16, abs=0.5)
    summer = one.within("2025").model[PATH][6:9].mean()
    implied = np.log1p(summer / 100) / np.log(1.421 / 1.118)
    assert f"give {implied:.1f}" in backtest_words.ELASTICITY


def test_rows_are_plain_and_complete(found, table):
    json.dumps(table)
    names = series(table)
    assert "2025-26: China" in names
    assert "2018-19 by quarter: China" in names
    assert "soybeans 2025: American beans" in names
    keys = {"series", "month", "period", "actual", "model", "static", "no_change", "role", "unit"}
    for row in table:
        assert keys <= set(row)
        assert re.fullmatch(r"20[12]\d-[01]\d", row["month"])
        assert row["role"].startswith(("calibration", "test"))
        assert row["no_change"] == 0
    china = [row for row in table if row["series"] == "2025-26: China"]
    one = found["2025-26", CHINA]
    assert [row["model"] for row in china] == pytest.approx(one.model[PATH], abs=1e-3)
    assert [row["actual"] for row in china] == pytest.approx(one.actual, abs=1e-3)
    alone = [row for row in table if row["series"] == "2019: China"]
    assert_same_content(rows(only=["2019: China"]), alone)


def test_a_period_has_a_first_month():
    wanted = {"2018-07": "2018-07", "2018-Q3": "2018-07", "2025-H2": "2025-07", "2018": "2018-01"}
    assert {period: first_month(period) for period in wanted} == wanted


def numbers_of(text):
    return [float(word) for word in re.findall(r"-?\d+\.?\d*", text)]


@pytest.fixture(scope="module")
def everything():
    """All findings at fewer rates: the grids are searched in tests of their own."""
    told, beans = [], backtest_all.soy_errors
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            backtest_all,
            "both_ways",
            lambda **given: both_ways(**(given | {"rates": (0.08,), "elasticities": ELASTICITIES})),
        )
        patch.setattr(backtest_all, "SOY_ELASTICITIES", ())
        patch.setattr(
            backtest_all, "soy_errors", lambda **given: beans(**(given | {"rates": (0.5,)}))
        )
        return backtest_all.findings(tell=told.append), told


def test_the_command(everything, monkeypatch):
    findings, told = everything
    assert "soybeans" in told
    assert f"re-sourcing 0.08 a month, {ELASTICITIES}" in told

    def known(tell):
        tell("soybeans")
        return findings

    monkeypatch.setattr(backtest_all, "findings", known)
    env = {"COLUMNS": "80", "TERM": "dumb", "TRUCE_DATA": "nowhere"}
    runner = CliRunner()
    result = runner.invoke(app, ["validate", "backtest"], env=env)
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= 80
    text = " ".join(result.stdout.split())
    for words in ("calibration", "nothing was tuned", "FAILS", "American beans", "list 4A"):
        assert words in text
    assert "Solving soybeans ..." in result.stderr
    content = json.loads(runner.invoke(app, ["validate", "backtest", "--json"], env=env).stdout)
    names = [one["episode"] for one in content["episodes"]]
    assert names[:5] == ["2025-26", "2025-26", "2019", "2019", "2018-19 by quarter"]
    assert content["episodes"][0]["models"]["no change"]["correlation"] is None
    assert content["both_ways"][0]["ways"][0]["rate"] == 0.08
    page = runner.invoke(app, ["validate", "backtest", "--markdown"], env=env).stdout
    assert page.startswith("## Backtests")
    written = (ROOT / "docs" / "validation.md").read_text()
    rows_now, rows_then = (
        [line for line in text.splitlines() if re.match(r"\| 20\d\d-[\dQ]\d? \|", line)]
        for text in (page, written)
    )
    assert len(rows_now) == len(rows_then)
    for now, then in zip(rows_now, rows_then, strict=True):
        assert now[:10] == then[:10]
        assert numbers_of(now) == pytest.approx(numbers_of(then), abs=0.11), "run make docs"


def test_errors_and_verdicts_of_a_made_up_backtest():
    actual = np.array([1.0, 2.0, 3.0])
    model = {
        PATH: actual + 1.0,
        STATIC: 10.0 * actual,
        LAGGED: 10.0 * actual,
        NO_CHANGE: np.zeros(3),
    }
    one = Backtest(EPISODES[0], CHINA, ("2025-a", "2025-b", "2026-c"), actual, model)
    assert one.error(PATH) == pytest.approx(1.0)
    assert one.error(NO_CHANGE) == pytest.approx(2.0)
    assert one.correlation(PATH) == pytest.approx(1.0)
    assert one.correlation(NO_CHANGE) is None
    assert "better than “no change” (2.0)" in one.verdict
    worse = dataclasses.replace(one, model={**model, PATH: actual + 5.0})
    assert "misses 4 points" in worse.verdict
    assert "FAILS" in worse.verdict
    part = one.within("2026")
    assert (part.months, part.actual.tolist()) == (("2026-c",), [3.0])
    assert [row["model"] for row in rows_of(part)] == [4.0]


def test_goods_at_sea_arrive_later():
    flows = np.arange(12.0).reshape(4, 3)
    before = np.full(3, -1.0)
    assert lagged(flows, before, 0) == pytest.approx(flows)
    assert lagged(flows, before, 1) == pytest.approx(np.vstack([before, flows[:3]]))
    assert lagged(flows, before, 9) == pytest.approx(np.tile(before, (4, 1)))
    assert set(PARTNERS) >= {CHINA, OTHERS, REST}
