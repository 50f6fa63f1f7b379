"""The reader of the official OECD ICIO file, on a small file written in the published layout."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from sim.baseline import load
from sim.baseline.build.aggregate import read_aggregation
from sim.baseline.build.assemble import build
from sim.baseline.build.icio import FINAL_DEMAND, model_table, read_icio_csv
from sim.errors import BaselineError
from sim.model import solve

REGIONS = ("USA", "CHN", "JPN")
SECTORS = ("A01", "C26", "C17_18", "G")
WORLD = Path(__file__).with_name("icio") / "world.yaml"


@pytest.fixture
def arrays():
    """Return inputs [i, k, n, j] and final demand [i, k, n, f] of three economies."""
    rng = np.random.default_rng(11)
    home = 1 + 4 * np.eye(3)[:, None, :, None]
    inputs = rng.uniform(1, 3, (3, 4, 3, 4)) * home
    final = rng.uniform(5, 9, (3, 4, 3, 6)) * home
    final[..., FINAL_DEMAND.index("INVNT")] -= 8.0  # stocks may fall
    final[..., FINAL_DEMAND.index("DPABR")] *= 0.1
    return inputs, final


def cells(arrays):
    """Return the file as rows of cells, in the published layout."""
    inputs, final = arrays
    columns = [f"{r}_{s}" for r in REGIONS for s in SECTORS]
    finals = [f"{r}_{f}" for r in REGIONS for f in FINAL_DEMAND]
    output = inputs.sum(axis=(2, 3)) + final.sum(axis=(2, 3))
    rows = [["V1", *columns, *finals, "OUT"]]
    for i, region in enumerate(REGIONS):
        for k, sector in enumerate(SECTORS):
            values = [*inputs[i, k].ravel(), *final[i, k].ravel(), output[i, k]]
            rows.append([f"{region}_{sector}", *(repr(float(v)) for v in values)])
    bought = inputs.sum(axis=(0, 1)).ravel()
    taxes = 0.01 * output.ravel()
    added = output.ravel() - bought - taxes
    empty = ["0"] * len(finals)
    for label, values in (("TLS", taxes), ("VA", added), ("OUT", output.ravel())):
        rows.append([label, *(repr(float(v)) for v in values), *empty, "0"])
    return rows


def write(path, rows):
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows(rows)
    return path


@pytest.fixture
def file(tmp_path, arrays):
    return write(tmp_path / "2022_SML.csv", cells(arrays))


@pytest.fixture
def economy_of(tmp_path):
    """Return a function: file and aggregation -> economy, by way of the tables that are built."""

    def built(icio_file, aggregation=WORLD, factor_mobility=float("inf")):
        folder = build(None, tmp_path / "tables", icio_file, aggregation)
        return load.read_bundle(folder, "uniform4", factor_mobility).economy

    return built


def test_the_table_equals_the_arrays_written(file, arrays):
    inputs, final = arrays
    table = read_icio_csv(file)
    assert table.regions == REGIONS
    assert table.sectors == SECTORS
    flow = inputs.sum(axis=3) + final.sum(axis=3)
    np.testing.assert_allclose(table.flow, flow.transpose(2, 0, 1), rtol=1e-14)
    np.testing.assert_allclose(table.use, inputs.sum(axis=0).transpose(1, 0, 2), rtol=1e-14)
    np.testing.assert_allclose(table.final_demand, final.sum(axis=(0, 3)).T, rtol=1e-12)
    np.testing.assert_allclose(table.output, flow.sum(axis=2), rtol=1e-14)


def test_the_economy_equals_the_aggregated_arrays(file, arrays, economy_of):
    inputs, final = arrays
    economy = economy_of(file)
    assert economy.importers == ("USA", "EAST")
    assert economy.sectors == ("FARM", "MAKE", "SERV")
    flow = (inputs.sum(axis=3) + final.sum(axis=3)).transpose(2, 0, 1)
    east = flow[1:, 1:].sum(axis=(0, 1))
    np.testing.assert_allclose(economy.trade_flow[1, 1], [east[0], east[1] + east[2], east[3]])
    sold = flow[0, 1:].sum(axis=0)
    np.testing.assert_allclose(economy.trade_flow[0, 1], [sold[0], sold[1] + sold[2], sold[3]])
    bought = inputs.sum(axis=0)[:, 0]
    output = flow[:, 0].sum(axis=0)
    share = bought[1:3, 1:3].sum() / output[1:3].sum()
    assert economy.input_share[0, 1, 1] == pytest.approx(share)
    assert economy.tariff_rate.max() == 0
    assert np.abs(economy.identity_gaps()).max() < 1e-12


def test_the_economy_solves(file, economy_of):
    found = solve(economy_of(file), tolerance=1e-12)
    np.testing.assert_allclose(found.price_index_hat, 1.0, atol=1e-12)


def test_names_of_earlier_editions(tmp_path, arrays):
    rows = cells(arrays)
    older = {"DPABR": "P33", "OUT": "TOTAL"}
    rows[0] = [older.get(n, n.replace("_DPABR", "_P33")) for n in rows[0]]
    rows[-1][0] = "TOTAL"
    table = read_icio_csv(write(tmp_path / "2018_SML.csv", rows))
    assert table.sectors == SECTORS


def test_columns_may_stand_in_any_order(tmp_path, arrays, file):
    rows = np.array(cells(arrays), dtype=object)
    middle = np.random.default_rng(3).permutation(np.arange(1, rows.shape[1] - 1))
    order = [0, *middle, rows.shape[1] - 1]
    shuffled = read_icio_csv(write(tmp_path / "s.csv", rows[:, order].tolist()))
    table = read_icio_csv(file)
    region = [shuffled.regions.index(code) for code in table.regions]
    sector = [shuffled.sectors.index(code) for code in table.sectors]
    np.testing.assert_allclose(
        shuffled.flow[np.ix_(region, region, sector)], table.flow, rtol=1e-14
    )


def test_stocks_run_down_leave_no_negative_flow_or_final_demand(tmp_path, arrays, economy_of):
    inputs, final = arrays
    inputs[0, 1, 2] = 0.0
    final[0, 1, 2] = [0, 0, 0, 0, -3.0, 0]  # USA's electronics come back from Japan
    final[1, 0, 1, 4] = -60.0  # China uses more farm goods than it has
    file = write(tmp_path / "x.csv", cells((inputs, final)))
    table = model_table(read_icio_csv(file), read_aggregation(WORLD))
    assert table.flow.min() >= 0
    assert table.final_demand.min() >= -1e-9
    assert economy_of(file).consumption_share.min() >= 0


# Malformed files: one readable error each


def drop_column(rows, name):
    at = rows[0].index(name)
    return [row[:at] + row[at + 1 :] for row in rows]


def set_cell(rows, label, column, value):
    line = next(at for at, row in enumerate(rows) if row[0] == label)
    rows[line][rows[0].index(column)] = value
    return rows


def rename_row(rows, label, name):
    next(row for row in rows if row[0] == label)[0] = name
    return rows


MALFORMED = {
    "no industry column": (
        lambda rows: drop_column(rows, "CHN_C26"),
        1,
        "column 'CHN_C26' is missing.*every industry",
    ),
    "no final-demand column": (
        lambda rows: drop_column(rows, "JPN_GFCF"),
        1,
        "column 'JPN_GFCF' is missing",
    ),
    "no output column": (lambda rows: drop_column(rows, "OUT"), 1, "ends with the column OUT"),
    "column twice": (
        lambda rows: [[*rows[0][:2], rows[0][1], *rows[0][3:]], *rows[1:]],
        1,
        "column 'USA_A01' stands twice",
    ),
    "column without economy": (
        lambda rows: [[*rows[0][:1], "A01", *rows[0][2:]], *rows[1:]],
        1,
        "unknown code 'A01'.*ISO_SECTOR",
    ),
    "unknown row": (
        lambda rows: rename_row(rows, "JPN_G", "JPN_X99"),
        13,
        "unknown code 'JPN_X99'",
    ),
    "row twice": (
        lambda rows: rename_row(rows, "USA_C26", "USA_A01"),
        3,
        "row 'USA_A01' stands twice, first in line 2",
    ),
    "row missing": (
        lambda rows: [row for row in rows if row[0] != "CHN_G"],
        15,
        "row 'CHN_G' is missing",
    ),
    "no value added": (
        lambda rows: [row for row in rows if row[0] != "VA"],
        15,
        "row 'VA' is missing",
    ),
    "not a number": (
        lambda rows: set_cell(rows, "USA_C26", "CHN_A01", "n.a."),
        3,
        "column 'CHN_A01' holds 'n.a.'.*Write a number",
    ),
    "infinite": (
        lambda rows: set_cell(rows, "USA_C26", "CHN_A01", "inf"),
        3,
        "column 'CHN_A01' holds 'inf'",
    ),
    "empty cell": (
        lambda rows: set_cell(rows, "VA", "JPN_G", ""),
        15,
        "column 'JPN_G' holds ''",
    ),
    "negative output": (
        lambda rows: set_cell(rows, "USA_A01", "OUT", "-5"),
        2,
        "output of USA_A01 is -5",
    ),
    "output is no sum": (
        lambda rows: set_cell(rows, "CHN_A01", "OUT", "1"),
        6,
        "output of CHN_A01 is 1, its row sums to",
    ),
    "short row": (lambda rows: [*rows[:4], rows[4][:-2], *rows[5:]], 5, "cells, the header has"),
    "empty file": (lambda rows: [], 1, "the file is empty"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_file_gets_one_readable_error(tmp_path, arrays, name):
    break_it, line, words = MALFORMED[name]
    path = write(tmp_path / "bad.csv", break_it(cells(arrays)))
    with pytest.raises(BaselineError, match=words) as caught:
        read_icio_csv(path)
    assert caught.value.line == line
    assert str(caught.value).startswith(f"{path}:{line}")
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(BaselineError, match=r"none.csv: there is no such file"):
        read_icio_csv(tmp_path / "none.csv")


# Aggregation files


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("[CHN, JPN]", "[CHN, JPM]"), "'JPM' is not a code of the table"),
        (("[CHN, JPN]", "[CHN]"), "'JPN' is in 0 groups"),
        (("[CHN, JPN]", "[CHN, JPN, USA]"), "'USA' is in 2 groups"),
        (("members: [A01]", "about: x"), "without members"),
        (("members: [A01]", "members: A01"), "members is 'A01'"),
        (("sectors:", "sector:"), "no mapping 'sectors'"),
        (("regions:", "regions: ["), "not YAML"),
    ],
)
def test_a_wrong_aggregation_is_one_readable_error(tmp_path, file, change, words):
    path = tmp_path / "a.yaml"
    path.write_text(WORLD.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    with pytest.raises(BaselineError, match=words) as caught:
        build(None, tmp_path / "tables", file, path)
    assert str(path) in str(caught.value)


def test_an_unknown_member_names_its_line(tmp_path, file):
    path = tmp_path / "a.yaml"
    path.write_text(WORLD.read_text(encoding="utf-8").replace("JPN", "JPM"), encoding="utf-8")
    with pytest.raises(BaselineError) as caught:
        build(None, tmp_path / "tables", file, path)
    assert caught.value.line == 4
    assert caught.value.field == "EAST"


# Tables from the official file


def test_tables_built_from_the_file_load_as_the_same_economy(tmp_path, file):
    folder = build(None, tmp_path / "tables", file, WORLD)
    bundle = load.read_bundle(folder, "uniform4", float("inf"))
    table = model_table(read_icio_csv(file), read_aggregation(WORLD))
    np.testing.assert_allclose(bundle.economy.trade_flow, table.flow, rtol=1e-7)
    share = table.use / table.output[:, None, :]
    np.testing.assert_allclose(bundle.economy.input_share, share, rtol=1e-6)
    assert np.abs(bundle.economy.identity_gaps()).max() < 1e-12
    assert bundle.economy.trade_elasticity.tolist() == [4.0, 4.0, 4.0]
    assert set(bundle.coverage) == {"all"}
    assert (bundle.customs_factor == 1).all()
    assert bundle.sources[0]["sha256"][file.name]


def test_the_embedded_aggregation_leaves_its_carved_sectors_out(tmp_path, file, economy_of):
    path = tmp_path / "a.yaml"
    text = WORLD.read_text(encoding="utf-8")
    path.write_text(text + "  SOY: {label: Soybeans, carved_from: [FARM]}\n", encoding="utf-8")
    assert economy_of(file, path).sectors == ("FARM", "MAKE", "SERV")
