"""A folder of tables of one's own: other regions and sectors, and what is said when one lacks."""

import shutil

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.baseline import load
from sim.baseline.build.aggregate import AGGREGATION_FILE
from sim.baseline.build.assemble import ICIO_ARCHIVE, build
from sim.errors import BaselineError
from sim.model import Shock, solve
from tests.raw_data import DATA, needs
from tests.small_world import write_archive

raw_data = needs(ICIO_ARCHIVE)

WITHOUT_USA = """
regions:
  CAN: {label: Canada, members: [CAN]}
  ROW: {label: Rest of the world, members: rest}
sectors:
  MAKE: {label: Factories, members: [C26, C27, C28, C29]}
  SERV: {label: Services, members: rest}
"""


@pytest.fixture
def archive(tmp_path):
    return write_archive(tmp_path)


@pytest.fixture
def own(tmp_path, archive):
    """Return tables without the United States, soybeans and rare earths."""
    aggregation = tmp_path / "own.yaml"
    text = WITHOUT_USA.replace("[C26, C27, C28, C29]", "[C26, C29]")
    aggregation.write_text(text, encoding="utf-8")
    return build(None, tmp_path / "own", archive, aggregation)


def test_a_baseline_without_the_united_states_loads_and_solves(own):
    found = load.load_baseline_from(own)
    assert found.economy.importers == ("CAN", "ROW")
    assert found.economy.sectors == ("MAKE", "SERV")
    assert found.elasticity_set == "uniform4"
    assert found.year == "2019 ICIO"
    assert found.region_labels["CAN"] == "Canada"
    assert found.households_mn[0] == pytest.approx(15.0)
    assert np.isnan(found.households_mn[1])
    assert found.rates == {}
    assert (found.customs_factor == 1).all()
    assert found.digest != load.digest()
    np.testing.assert_allclose(solve(found.economy, Shock()).real_income_hat, 1.0, atol=1e-9)


def test_lists_of_all_goods_reach_every_import_of_goods(own):
    coverage = load.load_baseline_from(own).coverage
    assert set(coverage) == {"all"}
    assert coverage["all"][..., 0].tolist() == [[0, 1], [1, 0]]
    assert coverage["all"][..., 1].max() == 0


def test_a_folder_takes_mobility_and_a_set_by_name(own):
    found = load.load_baseline_from(str(own), "uniform4", 3.0)
    assert (found.economy.factor_mobility == 3.0).all()
    with pytest.raises(BaselineError, match=r"no set of elasticities 'x'.*uniform4"):
        load.load_baseline_from(own, "x")


def test_the_embedded_folder_is_one_of_them():
    found = load.load_baseline_from(load.TABLES)
    embedded = load.load_bundle()
    assert found.elasticity_set == embedded.elasticity_set
    assert (found.digest, found.year) == (embedded.digest, embedded.year)
    assert embedded.year == "2022 ICIO, US imports 2024"
    np.testing.assert_array_equal(found.economy.trade_flow, embedded.economy.trade_flow)


# What is missing is named


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(BaselineError, match=r"no such folder.*truce baseline build --out"):
        load.load_baseline_from(tmp_path / "nowhere")


def test_every_missing_table_is_named_at_once(own):
    (own / "purchases.parquet").unlink()
    with pytest.raises(BaselineError, match=r"not a baseline: purchases.parquet is missing"):
        load.load_baseline_from(own)
    (own / "regions.parquet").unlink()
    with pytest.raises(BaselineError, match=r"regions.parquet, purchases.parquet are missing"):
        load.load_baseline_from(own)


def test_without_coverage_there_are_no_lists(own):
    (own / "coverage.parquet").unlink()
    assert load.load_baseline_from(own).coverage == {}


def changed(folder, name, change):
    path = folder / f"{name}.parquet"
    pq.write_table(change(pq.read_table(path)), path)


def with_column(table, name, values):
    at = table.column_names.index(name)
    return table.set_column(at, name, pa.array(values))


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        (
            "trade_flow",
            lambda t: t.drop_columns(["value"]),
            r"trade_flow.parquet.*the column 'value' is missing",
        ),
        (
            "tariff_rate",
            lambda _: pa.table(
                {"importer": ["USA"], "exporter": ["CAN"], "sector": ["MAKE"], "rate": [0.1]}
            ),
            r"tariff_rate.parquet.*the column 'importer' holds 'USA'",
        ),
        (
            "elasticities",
            lambda t: t.slice(0, 1),
            r"'uniform4' has no value for the sector 'SERV'",
        ),
        (
            "coverage",
            lambda t: with_column(t, "sector", ["SOY"] * t.num_rows),
            r"coverage.parquet.*the column 'sector' holds 'SOY'",
        ),
    ],
)
def test_a_wrong_table_is_named(own, name, change, words):
    changed(own, name, change)
    with pytest.raises(BaselineError, match=words):
        load.load_baseline_from(own)


def test_a_file_that_is_not_parquet_is_named(own):
    (own / "sectors.parquet").write_text("sector,label\n")
    with pytest.raises(BaselineError, match=r"sectors.parquet.*not a Parquet file"):
        load.load_baseline_from(own)


def test_a_folder_that_does_not_say_its_year_goes_by_its_name(own):
    (own / "baseline.yaml").unlink()
    assert load.load_baseline_from(own).year == "own"


# Builds from the raw data


def without(*codes):
    """Return the embedded aggregation less some regions or sectors."""
    lines = AGGREGATION_FILE.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if line.strip().partition(":")[0] not in codes)


@raw_data
def test_a_world_of_the_raw_data_without_the_united_states(tmp_path):
    aggregation = tmp_path / "own.yaml"
    aggregation.write_text(WITHOUT_USA, encoding="utf-8")
    folder = build(DATA, tmp_path / "own", DATA / ICIO_ARCHIVE, aggregation)
    found = load.load_baseline_from(folder)
    assert found.elasticity_set == "fontagne2022"
    assert np.abs(found.economy.identity_gaps()).max() < 1e-9
    raised = np.where(found.coverage["all"] > 0, 0.1, 0.0)
    after = solve(found.economy, Shock(tariff_rate_cf=raised))
    assert after.trade_flow_cf[0, 1, 0] < found.economy.trade_flow[0, 1, 0]


@raw_data
def test_carved_sectors_may_be_left_out(tmp_path):
    aggregation = tmp_path / "own.yaml"
    aggregation.write_text(without("SOY", "RARE"), encoding="utf-8")
    found = load.load_baseline_from(build(DATA, tmp_path / "own", None, aggregation))
    embedded = load.load_bundle()
    economy, whole = found.economy, embedded.economy
    assert set(whole.sectors) - set(economy.sectors) == {"SOY", "RARE"}
    assert (economy.input_elasticity == 1).all()
    assert not economy.specific_factor.any()
    usa, china = (economy.importers.index(code) for code in ("USA", "CHN"))
    for sector, parts in {"A01": ("A01", "SOY"), "SEMI": ("SEMI",), "C28": ("C28",)}.items():
        flow = economy.trade_flow[usa, china, economy.sectors.index(sector)]
        parted = sum(whole.trade_flow[usa, china, whole.sectors.index(part)] for part in parts)
        assert flow == pytest.approx(parted, rel=1e-3), sector
    assert "reciprocal" in found.coverage
    assert set(found.rates) == set(embedded.rates)
    assert np.abs(economy.identity_gaps()).max() < 1e-9


@raw_data
@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (("USA",), r"'USA' is missing. The US imports of 2024 are stated for it.*--icio"),
        (("MYS",), r"'MYS' is missing. The facts of SOY are stated for it"),
        (("C28",), r"needs the sectors of the embedded baseline.*'C28' differs"),
    ],
)
def test_codes_that_the_raw_data_cannot_be_put_in_are_named(tmp_path, codes, words):
    aggregation = tmp_path / "own.yaml"
    aggregation.write_text(without(*codes), encoding="utf-8")
    with pytest.raises(BaselineError, match=words):
        build(DATA, tmp_path / "own", None, aggregation)


def test_a_copied_folder_has_the_same_digest(own, tmp_path):
    copied = shutil.copytree(own, tmp_path / "copied")
    assert load.load_baseline_from(copied).digest == load.load_baseline_from(own).digest
