"""Saving, loading, finding numbers, headlines and words; on a table made by hand."""

import datetime as dt
import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.errors import InputError
from sim.outputs import results as results_module
from sim.outputs import words
from sim.outputs.comparison import Comparison
from sim.outputs.headline import Figure, difference, headline
from sim.outputs.results import MANIFEST_FILE, SCENARIO_FILE, TABLE_FILE, RunResult
from sim.outputs.table import COLUMNS
from sim.outputs.variables import VARIABLES

CHANGES = {
    "imports": {("USA", "CHN", "GOODS"): (300_000.0, -100_000.0)},
    "exports": {("USA", None, "SOY"): (25_000.0, 1_000.0)},
    "real_income": {
        ("USA", None, "TOTAL"): (99.5, -0.5),
        ("CHN", None, "TOTAL"): (99.9, -0.1),
        ("VNM", None, "TOTAL"): (100.4, 0.4),
        ("IND", None, "TOTAL"): (99.99, -0.01),
    },
    "equivalent_variation": {
        ("USA", None, "TOTAL"): (-140_000.0, -140_000.0),
        ("CHN", None, "TOTAL"): (-20_000.0, -20_000.0),
        ("VNM", None, "TOTAL"): (2_000.0, 2_000.0),
        ("IND", None, "TOTAL"): (-300.0, -300.0),
    },
    "equivalent_variation_per_household": {("USA", None, "TOTAL"): (-1060.0, -1060.0)},
    "effective_tariff_rate": {("USA", "CHN", "TOTAL"): (62.0, 31.0)},
    "effective_tariff_rate_before_substitution": {("USA", "CHN", "TOTAL"): (105.5, 63.6)},
    "real_factor_income": {
        ("USA", None, "SOY"): (10_000.0, 500.0),
        ("USA", None, "C29"): (90_000.0, -900.0),
        ("USA", None, "TOTAL"): (100_000.0, -400.0),
    },
}


def table_of(changes, scenario="toy"):
    rows = []
    for variable, entries in changes.items():
        for (region, partner, sector), (level, change) in entries.items():
            for name, value in ((variable, level), (f"{variable}_change", change)):
                rows.append(
                    (scenario, dt.date(2025, 11, 1), name, region, partner, sector,
                     VARIABLES[name].unit, value)
                )  # fmt: skip
    columns = [pa.array(column) for column in zip(*rows, strict=True)]
    return pa.table(columns, names=list(COLUMNS))


def result_of(changes=CHANGES, scenario="toy", **manifest):
    content = {"scenario": scenario, "title": scenario.title(), "against": "base", **manifest}
    content["labels"] = {"VNM": "Vietnam", "IND": "India", "SOY": "Soybeans", "C29": "Cars"}
    return RunResult(table_of(changes, scenario), content, {"id": scenario})


def test_save_and_load_is_identity(tmp_path):
    result = result_of(residual=1.25e-11, levers=[{"id": "us_rate", "value": 60.0}])
    loaded = RunResult.load(result.save(tmp_path / "new" / "folder"))
    assert loaded.table.equals(result.table)
    assert loaded.manifest == result.manifest
    assert loaded.scenario == result.scenario
    assert loaded.value("imports", "USA", "CHN", "GOODS") == 300_000.0


def test_saving_again_replaces_the_result(tmp_path):
    result_of().save(tmp_path)
    other = {"imports": {("USA", "CHN", "GOODS"): (1.0, 0.5)}}
    result_of(other).save(tmp_path)
    assert RunResult.load(tmp_path).value("imports", "USA", "CHN", "GOODS") == 1.0
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [TABLE_FILE, MANIFEST_FILE, SCENARIO_FILE]
    )


@pytest.mark.parametrize("broken", [TABLE_FILE, MANIFEST_FILE, SCENARIO_FILE])
def test_a_crash_while_writing_leaves_no_half_file(tmp_path, monkeypatch, broken):
    result_of().save(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def stop(descriptor):
        raise OSError("disk full")

    real = results_module._write

    def write(path, content):
        if path.name == broken:
            monkeypatch.setattr(results_module.os, "fsync", stop)
        real(path, content)

    monkeypatch.setattr(results_module, "_write", write)
    with pytest.raises(OSError, match="disk full"):
        result_of({"imports": {("USA", "CHN", "GOODS"): (1.0, 0.5)}}).save(tmp_path)
    after = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(after) == set(before)
    assert after[broken] == before[broken]
    pq.read_table(tmp_path / TABLE_FILE)
    json.loads(after[MANIFEST_FILE])


def test_a_first_save_that_fails_is_no_result(tmp_path, monkeypatch):
    real = results_module._write

    def write(path, content):
        if path.name == MANIFEST_FILE:
            raise OSError("killed")
        real(path, content)

    monkeypatch.setattr(results_module, "_write", write)
    with pytest.raises(OSError, match="killed"):
        result_of().save(tmp_path)
    with pytest.raises(InputError, match="no complete result"):
        RunResult.load(tmp_path)


@pytest.mark.parametrize(
    ("name", "content"),
    [(TABLE_FILE, b"no parquet"), (MANIFEST_FILE, b"{"), (SCENARIO_FILE, b"\xff\xfe")],
)
def test_damaged_files_give_one_readable_error(tmp_path, name, content):
    result_of().save(tmp_path)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match="truce run NAME --out DIR"):
        RunResult.load(tmp_path)


def test_a_table_with_other_columns_is_refused(tmp_path):
    result_of().save(tmp_path)
    pq.write_table(pa.table({"scenario": ["toy"]}), tmp_path / TABLE_FILE)
    with pytest.raises(InputError, match="They must be scenario, date, variable"):
        RunResult.load(tmp_path)


def test_values_are_found_and_missing_ones_explained():
    result = result_of()
    assert result.value("imports", "USA", "CHN", "GOODS") == 300_000.0
    assert result.value("exports", "USA", sector="SOY") == 25_000.0
    assert result.baseline_value("imports", "USA", "CHN", "GOODS") == 400_000.0
    assert result.percent_change("imports", "USA", "CHN", "GOODS") == -25.0
    assert result.find("imports", "USA", "VNM") is None
    with pytest.raises(InputError, match="toy has no imports for USA, VNM"):
        result.value("imports", "USA", "VNM")
    with pytest.raises(InputError, match="unknown variable 'import'"):
        result.value("import", "USA", "CHN", "GOODS")
    with pytest.raises(InputError, match="reports no terms_of_trade"):
        result.value("terms_of_trade", "USA")


def test_select_and_breakdown():
    result = result_of()
    assert result.select("real_income").num_rows == 4
    assert result.select("real_income", region="VNM")["value"].to_pylist() == [100.4]
    assert result.select(region="XXX").num_rows == 0
    assert result.breakdown("real_income", "region")["IND"] == 99.99
    sectors = result.breakdown("real_factor_income", "sector", region="USA")
    assert sectors == {"SOY": 10_000.0, "C29": 90_000.0}


def test_headline_takes_levels_changes_and_percents():
    top = headline(result_of())
    imports = top.figures["us_imports_from_china"]
    assert (imports.value, imports.change, imports.baseline) == (300.0, -100.0, 400.0)
    assert imports.percent == -25.0
    assert top.figures["us_real_income"].change == -0.5
    assert top.figures["us_real_income_per_household"].change == -1060.0
    assert top.figures["us_tariff_on_china_before"].change_unit == "percentage points"
    assert "licence_rent" not in top.figures
    assert [mover.label for mover in top.rankings["third_countries_gain"]] == ["Vietnam"]
    assert [mover.label for mover in top.rankings["third_countries_lose"]] == ["India"]
    assert [mover.code for mover in top.rankings["us_sectors_lose"]] == ["C29"]


def test_sentences_carry_sign_unit_and_direction():
    text = " ".join(words.sentences(headline(result_of())))
    assert (
        "US goods imports from China fall by 100.0 bn USD (25.0 %) to 300.0 bn USD a year." in text
    )
    assert "The average US duty on Chinese goods rises by 63.6 points to 105.5 %" in text
    assert "US real income falls by 0.50 %, 1,060 USD per household a year." in text
    assert "China's real income falls by 0.10 %." in text
    assert "gaining most: Vietnam (+0.40 %); losing most: India (-0.010 %)" in text


def test_a_scenario_that_changes_nothing_says_so():
    still = {"imports": {("USA", "CHN", "GOODS"): (400_000.0, 0.0)}}
    (text,) = words.sentences(headline(result_of(still)))
    assert "Nothing changes against “the baseline”" in text


def test_worth_is_the_change_against_the_counterpart():
    told = {
        "against_title": "Enforced",
        "against_digest": "0" * 64,
        "counterpart_reason": "without it the licences would be enforced.",
    }
    gain = {
        "imports": {("USA", "CHN", "GOODS"): (400_000.0, 100_000.0)},
        "real_income": {("USA", None, "TOTAL"): (100.5, 0.5)},
        "equivalent_variation": {("USA", None, "TOTAL"): (140_000.0, 140_000.0)},
    }
    top = headline(result_of(gain, "delay", **told))
    text = words.worth_of(top)
    assert "would be enforced" in text
    assert "is worth +140.0 bn USD a year to the US (+0.50 % of real income)" in text
    assert "because without it “Enforced” would hold" in text
    assert words.sentences(top)[0] == words.worth_of(top, with_others=False)
    plain = headline(result_of(CHANGES, "enforced"))
    assert not plain.prevented
    assert difference(plain, plain)["us_real_income"].change == 0.0


def test_comparison_puts_tables_together_and_saves_each_run(tmp_path):
    first, second = result_of(), result_of(scenario="other")
    comparison = Comparison((first, second))
    assert comparison.table.num_rows == first.table.num_rows + second.table.num_rows
    comparison.save(tmp_path)
    assert RunResult.load(tmp_path / "other").id == "other"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (438.71, "438.7"),
        (12345.6, "12,346"),
        (0.0449, "0.045"),
        (-0.0, "0"),
        (7.0, "7.00"),
        (0.0004, "0"),
        (-0.0004, "0"),
        (-0.0006, "-0.001"),
    ],
)
def test_numbers_have_few_digits(value, text):
    assert words.number(value) == text


def test_signs_are_written():
    assert words.number(0.5, sign=True) == "+0.50"
    assert words.number(-1234.4, sign=True) == "-1,234"
    figure = Figure("x", "X", "percent", 40.0, -2.0, "percentage points")
    assert words.change_text(figure) == "-2.00 points"
    assert words.change_text(Figure("x", "X", "percent", 40.0, 0.0, "points")) == "no change"


def test_dictionary_tables_answer_like_plain_ones():
    result = result_of()
    encoded = result.table
    for position, name in enumerate(("variable", "region", "partner", "sector"), start=2):
        encoded = encoded.set_column(position, name, encoded[name].dictionary_encode())
    again = RunResult(encoded, result.manifest)
    assert again.value("imports", "USA", "CHN", "GOODS") == 300_000.0
    assert np.isclose(again.percent_change("imports", "USA", "CHN", "GOODS"), -25.0)
