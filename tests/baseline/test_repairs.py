"""What a build changes in a user's table: every cell is named, and `--strict` refuses."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from sim.baseline import load
from sim.baseline.build.aggregate import read_aggregation
from sim.baseline.build.assemble import build_baseline
from sim.baseline.build.icio import model_table, read_icio_csv
from sim.baseline.build.repaired import value_added_repairs
from sim.cli.app import app
from sim.errors import BaselineError
from sim.model.repairs import Repair
from sim.report.repairs_list import MOST_LINES, repair_lines

CASES = Path(__file__).resolve().parents[1] / "cases" / "icio"
AGGREGATION = CASES / "aggregation.yaml"

EXPECTED = {
    "negative_flow": Repair(
        "negative flow",
        "USA",
        "FARM",
        -10.0,
        0.0,
        exporter="ASIA",
        source="row CHN_A01, columns USA_*",
    ),
    "negative_value_added": Repair(
        "value added", "USA", "MAKE", -50.0, 1.0, source="column USA_C26"
    ),
    # farms use 22 of their own 110: to supply 10 more, they must sell 12.5 more to themselves
    "negative_final_demand": Repair(
        "own sales", "ASIA", "FARM", 0.0, 12.5, source="rows *_A01, columns CHN_*"
    ),
}


def built(name, folder, **options):
    return build_baseline(None, folder, CASES / f"{name}.csv", AGGREGATION, **options)


def command(name, folder, *options):
    arguments = ("baseline", "build", "--icio", str(CASES / f"{name}.csv"))
    return CliRunner(env={"TRUCE_DATA": None}).invoke(
        app, [*arguments, "--aggregation", str(AGGREGATION), "--out", str(folder), *options]
    )


def noted(folder):
    """Return the repairs of SOURCES.yaml."""
    text = (folder / "SOURCES.yaml").read_text(encoding="utf-8")
    return YAML(typ="safe").load(text)[0].get("repairs", [])


@pytest.mark.parametrize("name", EXPECTED)
def test_the_repaired_cell_is_named_with_its_value(tmp_path, name):
    (repair,) = built(name, tmp_path).repairs
    expected = EXPECTED[name]
    assert repair.before == pytest.approx(expected.before)
    assert repair.after == pytest.approx(expected.after)
    assert (repair.kind, repair.place) == (expected.kind, expected.place)
    assert repair.source == expected.source


@pytest.mark.parametrize("name", EXPECTED)
def test_a_repaired_table_is_an_economy_with_what_the_report_says(tmp_path, name):
    (repair,) = built(name, tmp_path).repairs
    economy = load.read_bundle(tmp_path, "uniform4", float("inf")).economy
    assert np.abs(economy.identity_gaps()).max() < 1e-9
    n, j = economy.importers.index(repair.region), economy.sectors.index(repair.sector)
    reached = {
        "negative flow": economy.trade_flow[n, 1 - n, j],
        "own sales": economy.trade_flow[n, n, j],
        "value added": economy.factor_income[n, j],
    }
    assert reached[repair.kind] == pytest.approx(repair.after, rel=1e-6, abs=1e-9)


def test_only_the_cell_at_fault_changes():
    aggregation = read_aggregation(AGGREGATION)
    clean, changed = (
        model_table(read_icio_csv(CASES / f"{name}.csv"), aggregation)
        for name in ("clean", "negative_flow")
    )
    # the file lowers one cell by 30, from 20 to -10; the repair stops at zero
    difference = changed.flow - clean.flow
    assert difference[0, 1, 0] == pytest.approx(-20)
    assert np.abs(difference).sum() == pytest.approx(20)


def test_a_clean_table_has_no_report(tmp_path):
    assert built("clean", tmp_path).repairs == ()
    assert noted(tmp_path) == []
    result = command("clean", tmp_path, "--strict")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 1
    assert json.loads(command("clean", tmp_path, "--json").stdout)["repairs"] == []


def test_sources_of_the_folder_name_each_cell_and_the_sum(tmp_path):
    built("several", tmp_path)
    notes = {note["kind"]: note for note in noted(tmp_path)}
    assert set(notes) == {"negative flow", "value added"}
    assert notes["negative flow"]["total_mn"] == 10
    assert notes["value added"]["total_mn"] == 51
    assert notes["value added"]["cells"] == 1
    assert notes["value added"]["changed"] == ["value added of USA MAKE: -50 -> 1 (column USA_C26)"]
    assert load.read_sources(tmp_path)[0]["repairs"]


def test_the_terminal_names_each_cell_and_ends_with_what_was_built(tmp_path):
    lines = command("several", tmp_path).stdout.splitlines()
    assert "  negative flow: 1 cell, 10 USD mn in total" in lines
    assert "    sales of ASIA FARM to USA: -10 -> 0 (row CHN_A01, columns USA_*)" in lines
    assert "    value added of USA MAKE: -50 -> 1 (column USA_C26)" in lines
    assert lines[-1] == (
        "built ICIO, file several.csv: 2 regions, 2 sectors, trade elasticities uniform4; "
        f"written to {tmp_path}, digest {load.digest(tmp_path)}"
    )


def test_json_has_every_cell(tmp_path):
    content = json.loads(command("several", tmp_path, "--json").stdout)
    flow, added = content["repairs"]
    assert flow == {
        "kind": "negative flow",
        "importer": "USA",
        "exporter": "ASIA",
        "sector": "FARM",
        "before": -10.0,
        "after": 0.0,
        "amount": 10.0,
        "source": "row CHN_A01, columns USA_*",
    }
    assert (added["region"], added["sector"]) == ("USA", "MAKE")
    assert added["amount"] == pytest.approx(51)
    assert content["repair_totals_mn"]["value added"] == {"cells": 1, "total": pytest.approx(51)}
    assert content["regions"] == ["USA", "ASIA"]
    assert content["elasticity_sets"] == ["uniform4"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("negative_flow", r"\(row CHN_A01, columns USA_\*\): -10 would be set to 0.*sum to 0"),
        ("negative_value_added", r"\(column USA_C26\): -50 would be set to 1.*least 0.5 %"),
        ("negative_final_demand", r"own sales of ASIA FARM .*would be set to 12.5"),
        ("several", "would be set to 0. 1 more cell would change. Write numbers"),
    ],
)
def test_strict_refuses_in_one_line_and_writes_nothing(tmp_path, name, words):
    folder = tmp_path / "tables"
    with pytest.raises(BaselineError, match=words) as caught:
        built(name, folder, strict=True)
    assert str(caught.value).startswith(str(CASES / f"{name}.csv"))
    assert "\n" not in str(caught.value)
    assert not folder.exists()
    assert command(name, folder, "--strict").exit_code == 1


def test_a_sector_that_buys_without_selling_is_named(tmp_path):
    table = model_table(read_icio_csv(CASES / "clean.csv"), read_aggregation(AGGREGATION))
    flow = table.flow.copy()
    flow[:, 0, 1] = 0.0
    silent = table.with_flow(flow)
    repairs = value_added_repairs(silent, silent.use.sum(axis=1))
    assert [(each.region, each.sector, each.before, each.after) for each in repairs] == [
        ("USA", "MAKE", -50.0, 0.0)
    ]


def test_the_build_tells_its_steps(tmp_path):
    steps = []
    built("clean", tmp_path, step=steps.append)
    assert steps == ["Reading clean.csv", "Summing to regions and sectors", "Writing tables"]


def test_rounding_is_not_a_repair():
    table = model_table(read_icio_csv(CASES / "clean.csv"), read_aggregation(AGGREGATION))
    paid = table.use.sum(axis=1)
    paid[0, 1] = (0.995 + 1e-11) * table.output[0, 1]
    assert value_added_repairs(table, paid) == ()


def test_a_long_report_counts_the_rest():
    repairs = [
        Repair(kind, f"R{number}", "FARM", -1.0 - number, 0.0, exporter="USA")
        for kind in ("negative flow", "own sales", "value added")
        for number in range(40)
    ]
    lines = repair_lines(repairs)
    assert len(lines) <= MOST_LINES
    assert sum(line.startswith("    and ") for line in lines) == 3
    assert lines[1] == "  negative flow: 40 cells, 820 USD mn in total"
    assert "R39" in lines[2]


def test_purchases_of_more_than_there_is_are_refused_on_loading(tmp_path):
    built("clean", tmp_path)
    path = tmp_path / "purchases.parquet"
    table = pq.read_table(path)
    more = table.set_column(3, "share", [20 * np.asarray(table["share"])])
    pq.write_table(more, path)
    with pytest.raises(BaselineError, match=r"industries of \w+ buy [\d.]+ of its \w+"):
        load.read_bundle(tmp_path, "uniform4")
