"""Charts leave nobody out, say what they cut, and tables show a zero only where there is one."""

from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("streamlit", reason="the dashboard extra is not installed")

from dashboard import data
from dashboard.charts import bar_chart, flow_diagram, world_map
from dashboard.data import (
    alt_texts,
    contributions,
    flow_rows,
    map_rows,
    ranking,
    sector_rows,
)
from dashboard.records import Bar, Caption
from sim.engine.runs import run
from sim.outputs.headline import headline
from tests.dashboard.streamlit_pages import QUIET

pytestmark = QUIET

NAMES = (
    "tariff-100",
    "truce-lapse",
    "baseline-2025-10",
    "rare-earth-enforced",
    "soybean-purchases",
)
CAPTION = Caption("Title", "Scenario", "bn USD", "us")


def views(name):
    """Each ranking of an answer, alone and against the lapse of the truce."""
    answer = data.answer(name)
    for view in (view for group in answer.rankings.values() for view in group.values()):
        for other in (None, data.answer("truce-lapse")):
            yield view, answer, other


# Rankings


@pytest.mark.parametrize("name", NAMES)
def test_the_largest_gain_and_the_largest_loss_are_drawn(name):
    for view, answer, other in views(name):
        bars = ranking.bars(view, answer, other)
        changes = answer.changes[view.id]
        for pick in (max, min):
            label = pick(changes, key=changes.get)
            if (
                bars
                and abs(changes[label]) > 0.001
                and bars[0].series.endswith(f"{answer.against}”")
            ):
                drawn = {bar.label: bar for bar in bars if bar.series == bars[0].series}
                assert drawn[label].value == changes[label]


def test_services_are_a_bar_as_in_the_result():
    answer = data.answer("tariff-100")
    view = next(iter(answer.rankings["sectors"].values()))
    loss = run("tariff-100").value("real_factor_income_change", "USA", sector="SERV") / 1e3
    (bar,) = [bar for bar in ranking.bars(view, answer, None) if bar.label == answer.services]
    assert bar.value == pytest.approx(loss)
    assert loss == pytest.approx(min(answer.changes[view.id].values()))
    assert "not drawn" not in ranking.note(view, answer, None)


@pytest.mark.parametrize("name", NAMES)
def test_a_bar_that_is_cut_says_so(name):
    for view, answer, other in views(name):
        bars = ranking.bars(view, answer, other)
        cut = {bar.label for bar in bars if bar.end is not None}
        note = ranking.note(view, answer, other)
        assert ("is cut" in note) == bool(cut)
        assert len(cut) <= 1
        spec = bar_chart.ranking(bars, CAPTION) if bars else {"data": {"values": []}}
        for bar, row in zip(bars, spec["data"]["values"], strict=True):
            assert row["value"] == bar.value
            assert (row["end"] == bar.value) == (bar.end is None)
            assert row["number"].endswith("(cut)") == (bar.end is not None)
            if bar.end is not None:
                assert bar.label in note
                assert 0 < bar.end / bar.value < 1


def test_cut_bars_are_still_the_longest():
    limit = ranking._limit([48.7, 3.0, 2.0])
    assert 3.0 < limit < 48.7
    assert ranking._limit([48.7, 20.0]) == ranking._limit([48.7]) == ranking._limit([]) == np.inf


def test_a_bar_of_nothing_shows_a_zero():
    bar = Bar("A", "s", 0.0, "no change")
    assert bar.number == "0"
    assert bar_chart.panel([bar], CAPTION)["data"]["values"][0]["number"] == "0"


@pytest.mark.parametrize("name", NAMES[:2])
def test_each_part_has_its_number(name):
    split = contributions.of(data.answer(name))
    for key in ("us_real_income_per_household", "us_consumer_prices"):
        for bar in split.bars(key):
            assert bar.text
            assert (bar.value == 0) == (bar.text == "no change")


def test_the_terminal_names_the_largest_loser_by_amount():
    """Services lose little of their own income and most of all sectors in dollars."""
    for name in NAMES:
        result = run(name)
        changes = result.breakdown("real_factor_income_change", "sector", region="USA")
        worst = min(changes, key=changes.get)
        if changes[worst] < -1:
            assert headline(result).rankings["us_sectors_lose"][0].code == worst


# The map


def test_the_map_names_and_marks_what_its_colours_do_not_tell():
    values = dict.fromkeys(data.regions(), 0.123) | {"USA": -9.0, "SGP": 4.0}
    shown = map_rows.with_texts(values, "percent")
    assert shown.colour_limit == 0.13
    note = map_rows.beyond_colours(shown)
    assert note.startswith(
        "Colours end at 0.13; beyond, with a thick border: United States -9.00 %"
    )
    assert "Singapore +4.00 %" in note
    spec = world_map.choropleth(shown, CAPTION)
    for layer in spec["layer"]:
        test = layer["encoding"]["strokeWidth"]["condition"]["test"]
        assert test == "abs(datum.value) > 0.13"
    assert "≤ " in spec["layer"][0]["encoding"]["color"]["legend"]["labelExpr"]


def test_a_map_whose_colours_tell_all_says_nothing():
    shown = map_rows.with_texts(dict.fromkeys(data.regions(), 0.5), "percent")
    assert (shown.colour_limit, map_rows.beyond_colours(shown)) == (0.5, "")
    still = map_rows.with_texts(dict.fromkeys(data.regions(), 0.0), "percent")
    assert map_rows.beyond_colours(still) == ""
    assert set(still.texts.values()) == {"0 %"}


def test_every_region_beyond_the_colours_is_in_the_note():
    for name in NAMES:
        shown = map_rows.shown(map_rows.LAYERS["income"], run(name), None)
        note = map_rows.beyond_colours(shown)
        for code, value in shown.values.items():
            assert (abs(value) > shown.colour_limit) == (
                f"{shown.labels[code]} {shown.texts[code]}" in note
            )


# Flows


def test_small_flows_have_ribbons_and_numbers():
    names = next(iter(flow_rows.flows(data.answer("tariff-100").names).values())).names
    sides = flow_rows.sides({"A": -6e-5, "B": -2e-4, "C": 1.2e-4}, names)
    assert all(amount > 0 for *_, amount in sides.ribbons)
    big = flow_rows.sides({"A": -0.041, "B": 0.041}, names)
    told = alt_texts.flows(big, CAPTION)
    assert "A 0.041" in told
    assert (
        "0.041" in flow_diagram.sankey(big, CAPTION)["series"][0]["data"][0]["label"]["formatter"]
    )


# Tables


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("region", ["USA", "KHM"])
def test_cells_of_sectors_are_empty_or_numbers_without_a_negative_zero(name, region):
    result = run(name)
    made = {
        result.label(code): value > 0
        for code, value in result.breakdown("gross_output", "sector", region=region).items()
    }
    for row in sector_rows.rows(result, region):
        for column, digits in sector_rows.DIGITS.items():
            if column != sector_rows.PRICE_PCT:
                assert (row[column] is not None) == made[row["Sector"]]
            if row[column] is None:
                continue
            assert row[column] == 0 or abs(row[column]) >= 0.5 * 10.0**-digits
            assert f"{row[column]:.{digits}f}".strip("-0.") or f"{row[column]:.{digits}f}"[0] != "-"


def test_a_sector_that_a_country_lacks_has_empty_cells():
    assert sector_rows._percent(0.0, 0.0) is None
    assert sector_rows._shown(None, 2) is None
    assert sector_rows._number({"x": None}, "x") == 0.0


def test_parts_keep_the_largest_of_either_sign():
    """Fourteen measures that raise a figure and one small one that lowers it."""
    amounts = {f"measure {n}": float(n) for n in range(2, 16)} | {"loser": -1.0}
    split = SimpleNamespace(
        parts=[
            SimpleNamespace(title=name, contributions={"key": part})
            for name, part in amounts.items()
        ]
    )
    told = contributions.Contributions(split, "S", "us")._amounts("key")
    assert told["loser"] == -1.0
    assert len(told) == contributions.MOST + 1
    assert sum(told.values()) == pytest.approx(sum(amounts.values()))
    sizes = [abs(part) for name, part in told.items() if name != contributions.OTHERS]
    assert sizes == sorted(sizes, reverse=True)
