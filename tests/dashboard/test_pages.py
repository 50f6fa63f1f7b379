"""Every other page, run by Streamlit's own AppTest: what it shows is what `sim` says."""

import io
import json
from pathlib import Path

import pytest

pytest.importorskip("streamlit", reason="the dashboard extra is not installed")

import pyarrow.parquet as pq

import sim
from dashboard import data
from dashboard.charts import bar_chart, world_map
from dashboard.data import (
    alt_texts,
    downloads,
    flow_rows,
    formatting,
    map_rows,
    measure_rows,
    pins,
    reader_files,
    sector_rows,
    sources,
)
from dashboard.parts import measure_editor, session_scenarios
from dashboard.records import Bar, Caption
from sim.engine.decompose import decompose
from sim.engine.runs import run
from sim.outputs.headline import difference, headline
from sim.outputs.table import GOODS
from sim.outputs.words import with_unit
from tests.alike import assert_same_text
from tests.dashboard.streamlit_pages import QUIET, checked, opened, specs, texts

REPO = Path(__file__).resolve().parents[2]
SCENARIOS = [card.id for card in sim.list_scenarios()]
SECONDS = 60
THREAT = "us-additional-tariff-threat-2025-10-10"

pytestmark = [
    pytest.mark.skipif(not SCENARIOS, reason="no scenarios in this checkout"),
    *QUIET,
]


def values(spec):
    """Numbers of a panel by label."""
    return {row["name"]: row["value"] for row in spec["data"]["values"]}


# Compare


def test_compare_starts_with_the_scenarios_of_the_articles():
    at = opened("compare")
    assert "Nothing is pinned" in texts(at)
    told = {
        card.title: headline(run(card.id)).figures["us_imports_from_china"].change
        for card in data.cards().values()
        if card.group == "articles"
    }
    spec = next(one for one in specs(at) if one["title"]["text"] == ["US goods imports from China"])
    shown = values(spec)
    assert set(shown) == set(told)
    for title, change in told.items():
        assert shown[title] == pytest.approx(change, abs=0.01)


def test_compare_takes_pins_and_reference_from_the_address():
    at = opened("compare", pins="tariff-100(us_rate=50)~truce-lapse", reference="truce-lapse")
    assert len(at.session_state["session-scenarios"].pins) == 2
    mine = headline(run("tariff-100", levers={"us_rate": 50}))
    other = headline(run("truce-lapse"))
    worth = difference(mine, other)["us_imports_from_china"].change
    spec = next(one for one in specs(at) if one["title"]["text"] == ["US goods imports from China"])
    label = at.session_state["session-scenarios"].pins[0].label
    assert values(spec)[label] == pytest.approx(worth, rel=1e-6)
    assert "“The truce lapses”" in " ".join(spec["title"]["subtitle"])


@pytest.mark.parametrize(
    "pins",
    ["nothing", "tariff-100(us_rate=1e9)", "tariff-100(x=1)", "../../etc/passwd", "<b>x</b>",
     "tariff-100(us_rate=nan)", "own-123456789012"],
)  # fmt: skip
def test_forged_pins_are_refused_with_a_notice(pins):
    at = opened("compare", pins=pins)
    assert "cannot be had here" in texts(at)
    assert not at.session_state["session-scenarios"].pins
    assert not set("<>[]") & set(at.info[0].value)


def test_pins_can_be_renamed_unpinned_and_brought_back():
    at = opened("compare", pins="tariff-100~truce-lapse")
    label = at.session_state["session-scenarios"].pins[0].label
    checked(at.text_input(key=f"label-0-{label}").set_value("Mine").run())
    assert at.session_state["session-scenarios"].pins[0].label == "Mine"
    assert "**1. Mine**" in texts(at)
    checked(at.button(key="unpin-0").click().run())
    assert [one.name for one in at.session_state["session-scenarios"].pins] == ["truce-lapse"]
    checked(at.button(key="undo").click().run())
    checked(at.button(key="undo").click().run())
    assert [one.label for one in at.session_state["session-scenarios"].pins] == [
        label,
        "The truce lapses",
    ]


def test_no_more_than_six_pins():
    many = "~".join(f"tariff-100(us_rate={rate})" for rate in range(10, 90, 10))
    assert (
        len(opened("compare", pins=many).session_state["session-scenarios"].pins) == pins.MOST_PINS
    )


def test_scenario_page_pins_what_it_shows():
    at = opened("scenario", scenario="tariff-100", us_rate="60")
    checked(at.button(key="pin").click().run())
    pin = at.session_state["session-scenarios"].pins[0]
    assert (pin.name, pin.levers) == ("tariff-100", (("us_rate", 60.0),))
    assert at.button(key="pin").disabled


# What drives it


def test_drivers_on_the_page_are_those_of_the_simulator():
    at = opened("scenario", {"contributions-open": True}, scenario="kuala-lumpur-package")
    spec = next(one for one in specs(at) if one["title"]["text"][0].startswith("What drives it"))
    shown = values(spec)
    split = decompose("kuala-lumpur-package")
    for part in split.parts:
        assert shown[part.title] == pytest.approx(
            part.contributions["us_real_income_per_household"], abs=0.5
        )
    assert shown["All together"] == pytest.approx(sum(shown.values()) / 2, rel=0.02)


def test_what_does_not_happen_drives_a_scenario_that_keeps_things():
    at = opened("scenario", {"contributions-open": True}, scenario="truce-extension")
    spec = next(one for one in specs(at) if one["title"]["text"][0].startswith("What drives it"))
    shown = values(spec)
    assert {"The truce extended, US side", "The truce extended, Chinese side"} < set(shown)
    change = headline(run("truce-extension")).figures["us_real_income_per_household"].change
    assert shown["All together"] == pytest.approx(change)
    assert "The truce lapses" in spec["title"]["subtitle"][0]


# Map and flows


def test_map_has_a_number_for_every_region():
    at = opened("map_and_flows", scenario="tariff-100")
    spec = next(one for one in specs(at) if "projection" in one)
    rows = spec["layer"][0]["transform"][1]["from"]["data"]["values"]
    told = run("tariff-100").breakdown("real_income_change", "region")
    labels = data.regions()
    for code, number in world_map._SINGLE.items():
        row = next(one for one in rows if one["id"] == number)
        assert row["region"] == labels[code]
        assert row["value"] == pytest.approx(told[code])
    assert spec["layer"][0]["data"]["url"] == "app/static/world.json"
    assert at.get("vega_lite_chart")[0].proto.alt.startswith("World map.")


def test_every_region_is_on_the_map():
    shapes = json.loads((REPO / "dashboard/static/world.json").read_text(encoding="utf-8"))
    drawn = {one.get("id") for one in shapes["objects"]["countries"]["geometries"]}
    missing = {number for number in world_map.COUNTRIES if number not in drawn}
    assert missing == {"470"}, "Malta alone is too small for the shapes"
    shown = (
        set(world_map.COUNTRIES.values())
        | {code for _, code, _, _ in world_map.POINTS}
        | {world_map.REST}
    )
    assert shown == set(data.regions())


def test_countries_have_their_own_numbers():
    shapes = json.loads((REPO / "dashboard/static/world.json").read_text(encoding="utf-8"))
    names = {
        one.get("id"): one["properties"]["name"]
        for one in shapes["objects"]["countries"]["geometries"]
    }
    labels = data.regions()
    other = {"KOR": "South Korea", "TUR": "Turkey", "USA": "United States of America"}
    for code, number in world_map._SINGLE.items():
        assert names[number] == other.get(code, labels[code])


def test_sankey_tells_who_replaces_china():
    at = opened("map_and_flows", scenario="tariff-100")
    spec = json.loads(at.get("echarts_chart")[0].proto.spec)
    told = run("tariff-100").breakdown("imports_change", "partner", region="USA", sector=GOODS)
    labels = [node["label"]["formatter"].replace("\n", " ") for node in spec["series"][0]["data"]]
    assert f"China {-told['CHN'] / 1e3:.1f}" in labels
    assert f"Mexico {told['MEX'] / 1e3:.1f}" in labels
    assert at.get("echarts_chart")[0].proto.alt.startswith("Flow diagram.")


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("position", range(3))
def test_both_sides_of_the_flows_have_one_sum(name, position):
    chosen = list(flow_rows.flows(data.answer(name).names).values())[position]
    changes = flow_rows.by_partner(chosen, data.result(name, ()), None)
    both = flow_rows.sides(changes, chosen.names)
    assert sum(both.less.values()) == pytest.approx(sum(both.more.values()), rel=0.02, abs=0.02)


def test_flows_can_be_against_the_second_scenario():
    at = opened("map_and_flows", scenario="tariff-100", versus="truce-lapse")
    spec = next(one for one in specs(at) if "projection" in one)
    assert "The truce lapses" in spec["title"]["subtitle"][0]
    rows = spec["layer"][0]["transform"][1]["from"]["data"]["values"]
    usa = next(one for one in rows if one["id"] == "840")
    mine, other = (run(name).value("real_income_change", "USA") for name in
                   ("tariff-100", "truce-lapse"))  # fmt: skip
    assert usa["value"] == pytest.approx(mine - other, rel=1e-6)


# Sectors


@pytest.mark.parametrize("region", ["USA", "CHN", "VNM", "ROW"])
def test_sectors_are_those_of_the_simulator(region):
    at = opened("sectors", scenario="tariff-100", region=region)
    frame = at.dataframe[0].value
    result = run("tariff-100")
    output = result.breakdown("gross_output_change", "sector", region=region)
    assert len(frame) == len(output)
    row = frame[frame["Sector"] == result.label("C26")].iloc[0]
    assert row[sector_rows.OUTPUT_PCT] == pytest.approx(
        result.percent_change("gross_output", region, sector="C26")
    )
    assert row[sector_rows.INCOME] == pytest.approx(
        result.value("real_factor_income_change", region, sector="C26") / 1e3
    )
    earned = result.value("consumer_price_index", region) / result.value(
        "consumer_price_index_at_fixed_factor_income", region
    )
    assert row[sector_rows.PRICE_PCT] == pytest.approx(
        result.value("price_index", region, sector="C26") / earned - 100, abs=1e-9
    )


def test_exposure_is_a_share_of_trade_in_the_baseline():
    result = data.result("tariff-100", ())
    sold, bought = sector_rows.exposures(result, "USA")
    flow = result.baseline_value("imports", "CHN", "USA", "SOY")
    assert sold["SOY"] == pytest.approx(
        100 * flow / result.baseline_value("exports", "USA", sector="SOY")
    )
    assert all(0 <= share <= 100.001 for share in (*sold.values(), *bought.values()))


# Evidence


def test_evidence_has_every_fact_and_every_contradiction():
    shown = tables_of(opened("evidence"))
    for seed in sources.articles():
        for fact in seed.facts:
            assert fact.paraphrase in shown
    shown = tables_of(opened("evidence", {"evidence": "Contradictions"}))
    for one in sources.contradictions():
        assert one.about in shown


def tables_of(at):
    return "\n".join(str(element.value.to_dict()) for element in at.table)


@pytest.mark.parametrize("tab", ["Assumptions", "Sources", "Data"])
def test_every_tab_of_evidence_has_a_table(tab):
    assert len(tables_of(opened("evidence", {"evidence": tab}))) > 1000


def test_published_numbers_stand_beside_those_of_the_model():
    at = opened("evidence", {"evidence": "Against published numbers"})
    table = next(e.value for e in at.table if "Published" in e.value.columns)
    figure = headline(run("baseline-2025-10")).figures["us_tariff_on_china_before"]
    row = table[table["What"] == "US average tariff on China, October 2025"].iloc[0]
    assert_same_text(row["Model"], f"{with_unit(figure.value, '')} %")
    assert row["Published"] == "41.9 %"


# Build


def rows_of(name, levers=()):
    return measure_rows.rows(name, levers)


def drafted(rows, name="tariff-100", levers=(), title="Mine"):
    return measure_rows.draft(rows, measure_rows.starting_scenario(name), levers, title)


@pytest.mark.parametrize("name", SCENARIOS)
def test_unchanged_table_is_the_scenario(name):
    draft = drafted(rows_of(name), name)
    assert not measure_rows.problems(draft, rows_of(name))
    mine = data.resolved(reader_files.keep(draft.text))
    assert mine.measures == data.resolved(name).measures


def test_changed_amount_gives_the_numbers_of_the_lever():
    rows = rows_of("tariff-100")
    position = next(i for i, row in enumerate(rows) if row[measure_rows.ID] == THREAT)
    rows[position] |= {measure_rows.AMOUNT: 60.0}
    draft = drafted(rows)
    assert not measure_rows.problems(draft, rows)
    mine = data.answer(reader_files.keep(draft.text)).figures["us_imports_from_china"]
    told = headline(run("tariff-100", levers={"us_rate": 60})).figures["us_imports_from_china"]
    assert mine.value == pytest.approx(told.value, rel=1e-7)


def test_levers_of_the_page_are_where_the_table_starts():
    levers = (("us_rate", 60.0),)
    rows = rows_of("tariff-100", levers)
    assert next(r for r in rows if r[measure_rows.ID] == THREAT)[measure_rows.AMOUNT] == 60
    name = reader_files.keep(drafted(rows, levers=levers).text)
    assert next(s for s in data.describe(name).levers if s.id == "us_rate").default == 60


def test_measure_can_be_switched_off_and_another_added():
    rows = rows_of("tariff-100")
    for row in rows:
        row[measure_rows.KEEP] = row[measure_rows.ID] != THREAT
    rows.append(
        {
            measure_rows.KEEP: True,
            measure_rows.TITLE: "A duty on toys",
            measure_rows.KIND: "Tariff",
            measure_rows.BY: "USA",
            measure_rows.ON: "CHN, VNM",
            measure_rows.SECTORS: "C31T33",
            measure_rows.AMOUNT: 30,
        }
    )
    draft = drafted(rows)
    assert not measure_rows.problems(draft, rows), measure_rows.problems(draft, rows)
    name = reader_files.keep(draft.text)
    held = {measure.id: measure for measure in data.resolved(name).measures}
    assert THREAT not in held
    assert held["a-duty-on-toys"].exporters == ("CHN", "VNM")
    assert data.answer(name).figures["us_imports_from_china"].change < 0


TITLE, KIND, BY, ON = measure_rows.TITLE, measure_rows.KIND, measure_rows.BY, measure_rows.ON
SECTORS, AMOUNT = measure_rows.SECTORS, measure_rows.AMOUNT


@pytest.mark.parametrize(
    ("row", "words_"),
    [
        ({KIND: "Tariff", BY: "USA", ON: "CHN"}, "amount"),
        ({TITLE: "x"}, "choose a kind"),
        ({KIND: "Tariff", BY: "USA", ON: "XXX", AMOUNT: 1.0},
         "unknown region 'XXX'"),
        ({KIND: "Tariff", BY: "USA", ON: "CHN", AMOUNT: -1.0},
         "rate_pp"),
        ({KIND: "Export licence", BY: "CHN", ON: "all",
          SECTORS: "RARE", AMOUNT: 5.0}, "volume_change_pct"),
        ({KIND: "Purchase pledge", AMOUNT: 5.0}, "shipped pledge"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_row_is_said_by_row(row, words_):
    rows = [*rows_of("tariff-100"), {measure_rows.KEEP: True, **row}]
    found = measure_rows.problems(drafted(rows), rows)
    assert any(f"Row {len(rows)} " in text and words_ in text for text in found), found


def test_scenario_built_on_an_own_one_extends_the_shipped_one():
    rows = rows_of("tariff-100")
    rows[0] |= {measure_rows.AMOUNT: 10.0}
    first = reader_files.keep(drafted(rows).text)
    again = rows_of(first)
    draft = measure_rows.draft(again, measure_rows.starting_scenario(first), (), "Again")
    assert data.parsed(draft.text)["extends"] == "tariff-100"
    assert data.resolved(reader_files.keep(draft.text)).measures == data.resolved(first).measures


def test_page_saves_shows_pins_and_forgets():
    at = opened("build", scenario="tariff-100")
    assert "No problem found." in at.success[0].value
    checked(at.button(key="save-pin").click().run())
    kept = at.session_state["session-scenarios"]
    assert [one.title for one in kept.own] == ["The 100 % tariff takes effect, changed"]
    assert kept.pins[0].name == kept.own[0].name
    assert data.answer(kept.own[0].name).title == kept.own[0].title
    checked(at.button(key="forget-0").click().run())
    assert at.session_state["session-scenarios"] == session_scenarios.SessionScenarios()
    checked(at.button(key="undo").click().run())
    assert at.session_state["session-scenarios"] == kept


def test_table_edits_are_checked_and_can_be_taken_back(monkeypatch):
    """AppTest cannot type into a table: the edit is what the editor would give back."""

    def edited(rows, **options):
        return [row | {measure_rows.AMOUNT: -5.0} if row["id"] == THREAT else row for row in rows]

    before = rows_of("tariff-100")
    with monkeypatch.context() as patch:
        patch.setattr(measure_editor.st, "data_editor", edited)
        at = opened("build", scenario="tariff-100")
    assert "This cannot be run yet" in at.error[0].value
    assert "(The threatened additional 100 percent tariff" in at.error[0].value
    assert at.button(key="save").disabled
    checked(at.button(key="step-back").click().run())
    assert not at.error
    assert at.session_state[measure_editor.STATE]["now"] == before


GOOD = """\
title: A file of mine
question: What if the duty were 40?
extends: baseline-2025-10
date: 2025-12-01
measures: [us-additional-tariff-threat-2025-10-10, truce-extension-us, truce-extension-cn]
levers:
  rate:
    path: us-additional-tariff-threat-2025-10-10.rate_pp
    label: Duty
    min: 0
    max: 50
    default: 40
"""


def uploaded(raw, name="mine.yaml"):
    at = opened("build", scenario="tariff-100")
    at.file_uploader[0].set_value((name, raw, "application/yaml"))
    return checked(at.run())


def test_uploaded_file_runs_to_the_numbers_of_the_simulator(tmp_path):
    at = uploaded(GOOD.encode())
    assert "“A file of mine” can be run." in texts(at) + "".join(s.value for s in at.success)
    checked(at.button(key="show-upload").click().run())
    name = at.session_state["scenario"]
    path = tmp_path / "mine.yaml"
    path.write_text(GOOD, encoding="utf-8")
    told = headline(run(path)).figures["us_imports_from_china"]
    assert data.answer(name).figures["us_imports_from_china"].value == pytest.approx(told.value)


@pytest.mark.parametrize(
    ("text", "words_"),
    [
        (GOOD.replace("title: A file", "title: A file\ntitle: B"), "Line 2"),
        (GOOD.replace("us-additional", "us-aditional", 1), "us-additional-tariff-threat"),
        ("measures: [*x]\n", "alias"),
        ("title: !!python/object/apply:os.system [id]\n", "tag"),
        ("a: &a [x]\nb: *a\n", "alias"),
        ("[" * 50, "nested deeper"),
        ("just text", "no keys"),
        (GOOD + "extends: ../../etc/passwd\n", "twice"),
        (GOOD.replace("baseline-2025-10", "../../etc/passwd"), "extends"),
        (GOOD + "# " + "x" * 300_000, "larger than 256 kB"),
    ],
)
def test_bad_file_is_refused_with_line_and_reason(text, words_):
    at = uploaded(text.encode())
    assert at.error, texts(at)
    assert words_ in at.error[0].value.replace("\\", "")
    assert "show-upload" not in {button.key for button in at.button}
    assert "/tmp" not in at.error[0].value


def test_file_that_is_no_text_is_refused():
    assert "not UTF-8" in uploaded(b"\xff\xfe\x00").error[0].value


def test_markup_in_a_file_is_shown_as_it_is():
    text = GOOD.replace("A file of mine", "'![x](http://example.com/x.png)<script>'")
    at = uploaded(text.encode())
    assert "\\!" in at.success[-1].value or "\\[" in at.success[-1].value


def test_own_scenarios_are_known_by_their_content_alone():
    assert reader_files.keep(GOOD) == reader_files.keep(GOOD)
    assert reader_files.keep(GOOD) != reader_files.keep(GOOD + "\n")
    assert reader_files.keep(GOOD).startswith(reader_files.PREFIX)


def test_own_scenario_downloads_to_the_same_numbers(tmp_path):
    name = reader_files.keep(GOOD)
    path = tmp_path / "mine.yaml"
    path.write_text(downloads.scenario_yaml(name, (("rate", 20.0),)), encoding="utf-8")
    mine = run(path).value("imports", "USA", "CHN")
    told = data.result(name, (("rate", 20.0),)).value("imports", "USA", "CHN")
    assert mine == pytest.approx(told, rel=1e-9)


# Parts


CAPTION = Caption("Title", "Scenario", "bn USD", "Source of it", "Note.", ("A", "B"))


def test_panels_and_maps_are_valid_vega_lite():
    altair = pytest.importorskip("altair")
    bars = [Bar("A", "A", 1.0, "+1 bn USD"), Bar("B", "B", -2.0, "-2 bn USD")]
    altair.LayerChart.from_dict(bar_chart.panel(bars, CAPTION), validate=True)
    numbers = dict.fromkeys(data.regions(), 0.5)
    spec = world_map.choropleth(map_rows.with_texts(numbers, "percent"), CAPTION)
    altair.LayerChart.from_dict(spec, validate=True)


def test_findings_say_highest_and_lowest():
    bars = [Bar("A", "A", 1.0, "+1 bn USD"), Bar("B", "B", -2.0, "-2 bn USD")]
    text = alt_texts.panel(bars, CAPTION)
    assert "highest in A" in text
    assert "lowest in B" in text


def test_pins_are_written_and_read_back():
    both = [
        pins.Pin("tariff-100", (("us_rate", 60.0), ("coverage", 0.7)), ""),
        pins.Pin("truce-lapse", (), ""),
    ]
    word = pins.written(both)
    assert word == "tariff-100(us_rate=60,coverage=0.7)~truce-lapse"


def test_numbers_from_outside_are_finite():
    assert formatting.finite_number("60") == 60
    for text in ("nan", "inf", "-inf", "x", ""):
        assert formatting.finite_number(text) is None


def test_parquet_is_the_result():
    table = pq.read_table(io.BytesIO(downloads.parquet("tariff-100", ())))
    assert table.num_rows == run("tariff-100").table.num_rows
