"""The embedded baseline: identities, the facts it must reproduce, and its rebuild from raw data.

Facts are those of the issue; where the table cannot hold one (the parent's flow is smaller), the
test states the figure reached, as SOURCES.yaml does.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from sim.baseline import load
from sim.baseline.build.aggregate import read_aggregation
from sim.baseline.build.assemble import ICIO_ARCHIVE, build, purchase_share, stage_repairs, stages
from sim.baseline.build.balance import ras
from sim.baseline.build.base_tariffs import RetaliationKept
from sim.baseline.build.carve import Carving, carve
from sim.baseline.build.carveflows import CarveContext, lift_soybeans, read_facts
from sim.baseline.build.commodities import carved_part
from sim.baseline.build.imports2024 import LEAST_FINAL_SHARE, settle
from sim.baseline.build.io_table import WorldTable, summed
from sim.baseline.build.write import file_digest, rounded
from sim.baseline.elasticities import (
    MACRO_ELASTICITIES,
    OTHER_SECTORS,
    SECTOR_PARAMETERS,
    macro_elasticities,
)
from sim.baseline.entry import load_baseline
from sim.errors import BaselineError
from sim.model import QuantityTarget, Shock, solve
from tests.alike import assert_same_cells
from tests.raw_data import DATA, needs

REPOSITORY = Path(__file__).resolve().parents[2]

GOLDEN = REPOSITORY / "tests" / "golden"

raw_data = needs(ICIO_ARCHIVE)


@pytest.fixture(scope="module")
def bundle():
    return load.load_bundle()


@pytest.fixture(scope="module")
def economy(bundle):
    return bundle.economy


@pytest.fixture(scope="module")
def made():
    return stages(DATA)


@pytest.fixture(scope="module")
def carved_flow(economy):
    """Flows of each carved part as stored, part -> [importer, exporter]."""
    rows = pq.read_table(load.TABLES / "carveouts.parquet").to_pylist()
    position = {code: at for at, code in enumerate(economy.importers)}
    flows: dict[str, np.ndarray] = {}
    for row in rows:
        flow = flows.setdefault(row["part"], np.zeros((len(position), len(position))))
        flow[position[row["importer"]], position[row["exporter"]]] = row["value"]
    return flows


def at(economy, *codes):
    """Return positions of region codes, then of one sector code if it is one."""
    return tuple(
        economy.sectors.index(code) if code in economy.sectors else economy.importers.index(code)
        for code in codes
    )


def imports_by_origin(economy, importer, sector):
    n, j = at(economy, importer, sector)
    flow = economy.trade_flow[n, :, j].copy()
    flow[n] = 0.0
    return dict(zip(economy.importers, flow, strict=True)), flow.sum()


# The economy


def test_axes_are_those_of_the_aggregation(economy):
    aggregation = read_aggregation()
    assert economy.importers == aggregation.region_codes
    assert economy.sectors == aggregation.sector_codes
    assert (len(economy.importers), len(economy.sectors)) == (40, 27)


def test_every_identity_holds_to_1e9_of_its_market(economy):
    assert np.abs(economy.identity_gaps()).max() <= 1e-9
    spent = economy.consumption_share * economy.income[:, None]
    bought = np.einsum("nkj,nj->nk", economy.input_share, economy.gross_output)
    np.testing.assert_allclose(spent + bought, economy.expenditure, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(economy.trade_share.sum(axis=1)[economy.expenditure > 0], 1.0)
    assert abs(economy.trade_deficit.sum()) <= 1e-9 * economy.factor_income.sum()
    world = economy.factor_income.sum() + economy.tariff_revenue.sum()
    assert economy.income.sum() == pytest.approx(world, rel=1e-12)


def test_shares_are_shares(economy):
    assert economy.is_balanced
    assert economy.consumption_share.min() >= 0
    assert economy.value_added_share.min() >= 0.004
    assert economy.trade_flow.min() >= 0


def test_null_shock_returns_every_hat_at_one(economy):
    found = solve(economy, tolerance=1e-12)
    assert found.residual <= 1e-12
    for name in ("wage_hat", "price_index_hat", "input_cost_hat", "real_income_hat"):
        np.testing.assert_allclose(getattr(found, name), 1.0, atol=1e-12, err_msg=name)


def test_diagonal_and_services_are_untaxed(economy):
    n = np.arange(len(economy.importers))
    assert economy.tariff_rate[n, n].max() == 0
    assert economy.tariff_rate[:, :, at(economy, "SERV")[0]].max() == 0


def test_world_trade_sums(economy):
    trade = economy.trade_flow.sum() - np.trace(economy.trade_flow.sum(axis=2))
    # goods and services crossing a border between the 40 regions, USD bn
    assert 20_000 < trade / 1e3 < 30_000
    assert 95e6 < economy.factor_income.sum() < 100e6


# US imports


def test_average_us_tariff_on_china_is_that_collected(economy):
    usa, china, services = at(economy, "USA", "CHN", "SERV")
    goods = np.arange(len(economy.sectors)) != services
    flow = economy.trade_flow[usa, china, goods]
    average = (flow * economy.tariff_rate[usa, china, goods]).sum() / flow.sum()
    assert average == pytest.approx(0.1087, abs=5e-5)


def test_us_imports_from_china_add_up_to_customs_value(bundle, economy):
    usa, china, services = at(economy, "USA", "CHN", "SERV")
    customs = (economy.trade_flow * bundle.customs_factor)[usa, china]
    assert np.delete(customs, services).sum() == pytest.approx(429_426, rel=1e-4)
    assert bundle.customs_factor[usa, china, 0] == pytest.approx(1 / 0.8466, rel=1e-3)
    assert (bundle.customs_factor[china] == 1).all()


@raw_data
def test_us_imports_from_china_by_sector_equal_customs_values(bundle, economy, made):
    usa, china = at(economy, "USA", "CHN")
    customs = (economy.trade_flow * bundle.customs_factor)[usa, china]
    wanted = np.zeros(len(economy.sectors))
    for code, value in zip(made.imports.sectors, made.imports.value[china], strict=True):
        wanted[economy.sectors.index(code.split(":")[0])] += value
    goods = np.array([code != "SERV" for code in economy.sectors])
    np.testing.assert_allclose(customs[goods], wanted[goods], rtol=1e-6)


@raw_data
def test_us_imports_of_every_listed_partner_equal_customs_values(made):
    parents, usa = made.parents_2024, made.parents_2024.region("USA")
    target = made.target.customs * made.target.valuation_factor[:, None]
    goods = slice(0, parents.sector("SERV"))
    others = [i for i in range(len(parents.regions)) if i != usa]
    np.testing.assert_allclose(parents.flow[usa][others, goods], target[others, goods], rtol=1e-12)
    # the whole: consumption imports of 2024 as the lines and the monthly series have them
    assert made.target.customs.sum() == pytest.approx(3_221_400, rel=1e-4)


@raw_data
def test_valuation_factors_are_those_stated(made):
    factor = dict(zip(made.carved.regions, made.target.valuation_factor, strict=True))
    stated = {"CHN": 0.847, "CAN": 0.726, "MEX": 0.739, "EU27": 0.763, "JPN": 0.772}
    assert {code: round(factor[code], 3) for code in stated} == pytest.approx(stated, abs=1e-3)


@raw_data
def test_output_of_exporters_moves_only_where_it_must(made):
    before, after = made.parents_2022, made.parents_2024
    grown = after.output > before.output * (1 + 1e-9) + 1e-6
    assert (after.output >= before.output * (1 - 1e-9) - 1e-6).all()
    assert grown.sum() <= 45
    assert after.output.sum() / before.output.sum() < 1.001
    floor = LEAST_FINAL_SHARE * before.final_demand
    assert (after.final_demand >= floor - 1e-6).all()


# Soybeans


def test_us_soybean_exports_to_china(economy):
    flow, _ = imports_by_origin(economy, "CHN", "SOY")
    assert flow["USA"] / 1e3 == pytest.approx(12.76, abs=0.01)


def test_chinas_soybean_imports_by_origin(economy):
    flow, total = imports_by_origin(economy, "CHN", "SOY")
    for origin, share in {"USA": 0.21, "BRA": 0.71, "ARG": 0.04}.items():
        assert flow[origin] / total == pytest.approx(share, abs=1e-6), origin
    assert total / 1e3 == pytest.approx(60.76, abs=0.01)


def test_soybean_users(economy):
    soy, food, usa = at(economy, "SOY", "C10T12", "USA")
    bought = economy.input_share[:, soy] * economy.gross_output
    assert bought[:, food].sum() / economy.expenditure[:, soy].sum() >= 0.85
    assert bought[usa, food] / economy.expenditure[usa, soy] >= 0.85


def test_soybean_world(economy):
    soy, usa, brazil = at(economy, "SOY", "USA", "BRA")
    output = economy.gross_output[:, soy] / 1e3
    assert 40 < output[usa] < 60
    assert output[brazil] == output.max()
    exports = economy.trade_flow[:, usa, soy].sum() - economy.trade_flow[usa, usa, soy]
    assert economy.trade_flow[at(economy, "CHN")[0], usa, soy] / exports == pytest.approx(
        0.521, abs=0.02
    )


# Rare earths and magnets


def test_chinas_share_of_magnets_and_refining(economy, carved_flow):
    china = at(economy, "CHN")[0]
    for part, share in {"magnets": 0.94, "compounds": 0.91, "metals": 0.91}.items():
        output = carved_flow[f"RARE:{part}"].sum(axis=0)
        assert output[china] / output.sum() == pytest.approx(share, abs=0.01), part
    rare = economy.gross_output[:, at(economy, "RARE")[0]]
    assert rare[china] / rare.sum() == pytest.approx(0.93, abs=0.01)


def test_chinas_exports_of_magnets_and_compounds(bundle, economy, carved_flow):
    usa, china = at(economy, "USA", "CHN")
    for part, exports in {"magnets": 2860, "compounds": 424}.items():
        flow = carved_flow[f"RARE:{part}"][:, china].copy()
        flow[usa] *= bundle.customs_factor[usa, china, 0]
        assert np.delete(flow, china).sum() == pytest.approx(exports, rel=0.005), part


def test_us_imports_of_magnets_and_compounds(bundle, economy, carved_flow):
    usa, china = at(economy, "USA", "CHN")
    factor = bundle.customs_factor[usa, :, 0]
    wanted = {"magnets": (453, 0.76), "compounds": (164, 0.71)}
    for part, (total, share) in wanted.items():
        flow = np.delete(carved_flow[f"RARE:{part}"][usa] * factor, usa)
        assert flow.sum() == pytest.approx(total, rel=0.01), part
        assert flow[china - 1] / flow.sum() == pytest.approx(share, abs=0.01), part


def test_parts_of_a_carve_out_sum_to_its_sector(economy, carved_flow):
    rare = sum(flow for part, flow in carved_flow.items() if part.startswith("RARE:"))
    for sector, flow in {"RARE": rare, **carved_flow}.items():
        if sector in economy.sectors:
            stored = economy.trade_flow[:, :, at(economy, sector)[0]]
            np.testing.assert_allclose(stored, flow, rtol=1e-6, atol=1e-9)


def test_rare_earths_have_no_final_demand(economy):
    assert economy.consumption_share[:, at(economy, "RARE")[0]].max() <= 1e-10


def test_cars_are_the_largest_buyer_of_rare_earths(economy):
    rare, cars = at(economy, "RARE", "C29")
    bought = (economy.input_share[:, rare] * economy.gross_output).sum(axis=0)
    assert bought[cars] / bought.sum() == pytest.approx(0.35, abs=0.01)
    assert bought.argmax() == cars


def test_rare_earth_parameters_hold_in_every_set():
    for name in load.elasticity_sets():
        economy = load_baseline(name)
        rare, china = at(economy, "RARE", "CHN")
        assert economy.trade_elasticity[rare] == 2.0
        assert economy.input_elasticity[rare] == 0.15
        assert np.delete(economy.input_elasticity, rare).tolist() == [1.0] * 26
        fixed = economy.specific_factor
        assert not fixed[china].any()
        assert np.delete(fixed[:, rare], china).all()
        assert not np.delete(fixed, rare, axis=1).any()


def may_2025(economy, theta=None):
    """Prices abroad over China's when its exports fall by 74 %, by 93 % to the US (May 2025)."""
    usa, china, rare = at(economy, "USA", "CHN", "RARE")
    if theta is not None:
        elasticity = economy.trade_elasticity.copy()
        elasticity[rare] = theta
        economy = economy.with_trade_elasticity(elasticity)
    flow = economy.trade_flow[:, china, rare].copy()
    flow[china] = 0.0
    others = (0.26 * flow.sum() - 0.07 * flow[usa]) / (flow.sum() - flow[usa])
    rest = tuple(code for code in economy.importers if code not in {"USA", "CHN"})
    caps = (
        QuantityTarget(("USA",), ("CHN",), ("RARE",), "cap", 0.07),
        QuantityTarget(rest, ("CHN",), ("RARE",), "cap", others),
    )
    found = solve(economy, Shock(targets=caps))
    np.testing.assert_allclose(found.target_quantity_hat, [0.07, others], rtol=1e-6)
    price = found.price_index_hat[:, rare]
    return dict(zip(economy.importers, price / price[china], strict=True))


def test_the_cut_of_may_2025_makes_magnets_six_times_dearer_abroad(economy):
    ratio = may_2025(economy)
    assert 5.0 < ratio["USA"] < 7.5
    assert 5.0 < ratio["EU27"] < 7.5
    assert 2.5 < ratio["JPN"] < 5.0  # makes part of its own


@pytest.mark.parametrize(("theta", "low", "high"), [(1.0, 8.0, 14.0), (4.0, 3.0, 5.0)])
def test_range_of_that_price_over_the_sourcing_elasticity(economy, theta, low, high):
    assert low < may_2025(economy, theta)["EU27"] < high


def test_with_ordinary_elasticities_the_cut_would_look_harmless(economy):
    rare = at(economy, "RARE")[0]
    ordinary = replace(
        economy,
        input_elasticity=np.ones(len(economy.sectors)),
        specific_factor=np.zeros_like(economy.specific_factor),
    )
    assert ordinary.input_elasticity[rare] == 1.0
    assert may_2025(ordinary, theta=8.0)["EU27"] < 2.0


# Semiconductors


def test_chinas_chip_imports(economy):
    flow, total = imports_by_origin(economy, "CHN", "SEMI")
    # 385 bn in customs terms; the parent's flows of 2022 hold 285 (SOURCES.yaml)
    assert total / 1e3 == pytest.approx(285, rel=0.01)
    assert flow["TWN"] / total == pytest.approx(0.40, abs=0.005)
    assert flow["KOR"] / 1e3 == pytest.approx(73.4, abs=0.1)
    assert flow["USA"] / 1e3 == pytest.approx(13.0, abs=0.1)


def test_us_chip_imports_are_the_lines(bundle, economy):
    usa, semi = at(economy, "USA", "SEMI")
    flow, _ = imports_by_origin(economy, "USA", "SEMI")
    customs = {code: value / 1e3 for code, value in flow.items()}
    factor = dict(zip(economy.importers, bundle.customs_factor[usa, :, semi], strict=True))
    for origin, value in {"TWN": 11.7, "MYS": 9.6, "ISR": 4.6, "CHN": 1.43}.items():
        assert customs[origin] * factor[origin] == pytest.approx(value, rel=0.02), origin


def test_electronics_is_the_largest_buyer_of_chips(economy):
    semi, electronics = at(economy, "SEMI", "C26")
    bought = (economy.input_share[:, semi] * economy.gross_output).sum(axis=0)
    assert bought[electronics] / bought.sum() > 0.55


# Carving and balancing


FAMILIES = (("A01", "SOY"), ("C26", "SEMI"), ("C20", "C24B", "C27", "RARE"))


def family_matrix(sectors):
    """Sum parents with what was carved out of them; every other sector stands alone."""
    heads = {code: family[0] for family in FAMILIES for code in family}
    rows = list(dict.fromkeys(heads.get(code, code) for code in sectors))
    matrix = np.zeros((len(rows), len(sectors)))
    for at, code in enumerate(sectors):
        matrix[rows.index(heads.get(code, code)), at] = 1
    return rows, matrix


@raw_data
def test_carving_keeps_every_parent_total(made):
    context = CarveContext(read_facts(), made.imports, made.target.valuation_factor)
    before, after = lift_soybeans(made.parents_2024, context), made.carved
    (old_rows, old), (rows, new) = family_matrix(before.sectors), family_matrix(after.sectors)
    order = [rows.index(code) for code in old_rows]
    flow = (after.flow @ new.T)[:, :, order]
    np.testing.assert_allclose(flow, before.flow @ old.T, rtol=1e-11, atol=1e-9)
    use = np.einsum("sk,tj,nkj->nst", new, new, after.use)[:, order][:, :, order]
    wanted = np.einsum("sk,tj,nkj->nst", old, old, before.use)
    np.testing.assert_allclose(use, wanted, rtol=1e-8, atol=1e-4)
    added = (after.value_added @ new.T)[:, order]
    np.testing.assert_allclose(added, before.value_added @ old.T, rtol=1e-8, atol=1e-4)


@raw_data
def test_only_farm_exports_to_china_are_raised_for_soybeans(made):
    context = CarveContext(read_facts(), made.imports, made.target.valuation_factor)
    before, after = made.parents_2024, lift_soybeans(made.parents_2024, context)
    change = after.flow - before.flow
    np.testing.assert_allclose(after.output, before.output, rtol=1e-9)
    moved = {
        (before.regions[n], before.regions[i], before.sectors[j])
        for n, i, j in np.argwhere(np.abs(change) > 1e-3)
        if n != i
    }
    assert moved == {("CHN", "BRA", "A01")}
    china, brazil, farms = before.region("CHN"), before.region("BRA"), before.sector("A01")
    assert after.flow[china, brazil, farms] / 1e3 == pytest.approx(45.4, abs=0.1)


@raw_data
def test_nothing_in_the_carved_table_is_negative(made):
    table = made.carved
    assert table.flow.min() >= 0
    assert table.use.min() >= 0
    assert table.final_demand.min() > -1e-6
    assert table.value_added.min() > -1e-4


@pytest.fixture
def small():
    rng = np.random.default_rng(7)
    flow = rng.uniform(1, 10, (3, 3, 2)) + 40 * np.eye(3)[:, :, None]
    use = 0.2 * rng.uniform(0.5, 1, (3, 2, 2)) * flow.sum(axis=0)[:, None, :]
    return WorldTable(("X", "Y", "Z"), ("P", "Q"), flow, use)


def carving(small, **changes):
    base = {
        "code": "C",
        "parent": "P",
        "flow": 0.2 * small.flow[:, :, 0],
        "users": {"Q": 0.7, "final": 0.3},
        "value_added_share": np.full(3, 0.5),
        "largest_share": 0.9,
    }
    return Carving(**{**base, **changes})


def test_a_small_carve_out_splits_flows_users_and_costs(small):
    table = carve(small, carving(small))
    assert table.sectors == ("P", "Q", "C")
    np.testing.assert_allclose(table.flow[:, :, 0] + table.flow[:, :, 2], small.flow[:, :, 0])
    inputs = table.use.copy()
    merged_rows = np.stack([inputs[:, 0] + inputs[:, 2], inputs[:, 1]], axis=1)
    merged = np.stack([merged_rows[:, :, 0] + merged_rows[:, :, 2], merged_rows[:, :, 1]], axis=2)
    np.testing.assert_allclose(merged, small.use, rtol=1e-9)
    final = table.final_demand
    np.testing.assert_allclose(final[:, 0] + final[:, 2], small.final_demand[:, 0], rtol=1e-9)
    np.testing.assert_allclose(table.value_added[:, 2] / table.output[:, 2], 0.5)
    assert table.use[:, 2, 0].max() < 1e-3  # the parent is no user of it


def test_a_carve_out_above_its_parent_is_refused(small):
    with pytest.raises(BaselineError, match=r"from . to .*the parent P gives"):
        carve(small, carving(small, flow=0.95 * small.flow[:, :, 0]))


def test_a_carve_out_with_unknown_users_is_refused(small):
    with pytest.raises(BaselineError, match="unknown sector 'NOPE'"):
        carve(small, carving(small, users={"NOPE": 1.0}))


def test_ras_meets_margins_and_keeps_zeros():
    prior = np.array([[1.0, 2.0, 0.0], [3.0, 0.0, 4.0]])
    found = ras(prior, [30.0, 70.0], [40.0, 20.0, 40.0])
    np.testing.assert_allclose(found.sum(axis=1), [30, 70])
    np.testing.assert_allclose(found.sum(axis=0), [40, 20, 40])
    assert ((found == 0) == (prior == 0)).all()


def test_ras_leaves_a_balanced_matrix_alone():
    matrix = np.arange(1.0, 13.0).reshape(3, 4)
    found = ras(matrix, matrix.sum(axis=1), matrix.sum(axis=0))
    np.testing.assert_allclose(found, matrix, rtol=1e-12)


@pytest.mark.parametrize(
    ("prior", "rows", "columns", "words"),
    [
        ([[1.0, 0.0], [0.0, 1.0]], [3.0, 1.0], [1.0, 3.0], "cannot be balanced"),
        ([[1.0, 1.0]], [2.0], [1.0, 2.0], "row totals sum to 2, columns to 3"),
        ([[1.0, -1.0]], [0.0], [1.0, -1.0], "negative"),
        ([[1.0, 1.0]], [1.0, 1.0], [1.0, 1.0], "totals for 2 x 2"),
    ],
)
def test_ras_refuses_what_has_no_answer(prior, rows, columns, words):
    with pytest.raises(BaselineError, match=words):
        ras(prior, rows, columns, max_iterations=500)


def test_settle_grows_output_where_final_demand_would_vanish(small):
    n = np.arange(3)
    own = small.flow[n, n].copy()
    own[0, 0] = 0.0
    table = settle(small, small.flow, own)
    assert table.final_demand[0, 0] >= LEAST_FINAL_SHARE * small.final_demand[0, 0] - 1e-9
    assert table.use.sum(axis=1) == pytest.approx(
        small.use.sum(axis=1) / small.output * table.output
    )


def test_duty_on_inputs_never_eats_all_value_added(small):
    rate = np.full(small.flow.shape, 20.0)
    share = purchase_share(small, rate)
    spending = (small.flow * (1 + rate)).sum(axis=1)
    inputs = np.einsum("nkj,nk->nj", share, spending)
    assert (inputs <= 0.995 * small.output * (1 + 1e-12)).all()


@pytest.mark.parametrize(
    ("hs10", "sector"),
    [
        ("1201900095", "SOY"),
        ("2846100000", "RARE:C20"),
        ("2805300000", "RARE:C20"),
        ("2805400000", None),
        ("8505110000", "RARE:C27"),
        ("8505190000", None),
        ("8541430010", None),
        ("8541100000", "SEMI"),
        ("8542310001", "SEMI"),
    ],
)
def test_carved_commodities(hs10, sector):
    assert carved_part(hs10) == sector


# Tariffs and elasticities


def test_china_on_the_us_in_january_2025(economy):
    usa, china, services = at(economy, "USA", "CHN", "SERV")
    rate = dict(zip(economy.sectors, economy.tariff_rate[china, usa], strict=True))
    assert rate["SOY"] == pytest.approx(0.03)
    assert rate["SEMI"] == 0.0
    flow = np.delete(economy.trade_flow[china, usa], services)
    average = (flow * np.delete(economy.tariff_rate[china, usa], services)).sum() / flow.sum()
    # above MFN, well below the statutory 21 % that ignores waivers
    assert 0.06 < average < 0.12


def test_the_retaliation_rule_is_a_parameter():
    assert RetaliationKept().share("C28") == 0.60
    assert RetaliationKept(other=0.3).share("C28") == 0.3
    assert RetaliationKept().share("A01") == 0.10
    assert RetaliationKept().share("SOY") == 0.0


def test_fontagne_is_read_as_one_minus_sigma_and_bounded():
    first, twin = load_baseline("fontagne2022"), load_baseline("fontagne2022_sigma")
    electronics, metals = at(first, "C26", "C24B")
    assert first.trade_elasticity[electronics] == pytest.approx(5.41991663)
    assert twin.trade_elasticity[electronics] == pytest.approx(4.41991663)
    assert first.trade_elasticity[metals] == 12.0
    free = [code not in {"SOY", "RARE", "SEMI"} for code in first.sectors]
    assert first.trade_elasticity[free].min() >= 2.0
    assert first.trade_elasticity[free].max() <= 12.0


def test_sets_of_elasticities(economy):
    names = load.elasticity_sets()
    assert {
        "fontagne2022",
        "caliendo_parro2015",
        "giri_yi_yilmazkuday2021",
        "uniform4",
    } <= set(names)
    theta = load_baseline("uniform4").trade_elasticity
    assert theta[at(economy, "C26")[0]] == 4.0
    parro = load_baseline("caliendo_parro2015").trade_elasticity
    assert parro[at(economy, "C19")[0]] == 20.0  # 64.85 in the paper


@pytest.mark.parametrize("name", load.elasticity_sets())
def test_carved_sectors_and_tiers_are_as_stated_in_every_set(name):
    economy = load_baseline(name)
    for entry in SECTOR_PARAMETERS:
        (j,) = at(economy, entry.sector)
        assert economy.trade_elasticity[j] == entry.trade_elasticity
        assert economy.input_elasticity[j] == entry.input_elasticity
    theta = economy.trade_elasticity
    wanted = macro_elasticities(theta, economy.sectors)
    assert economy.macro_elasticity_by_sector.tolist() == wanted.tolist()
    for code in ("SOY", "RARE"):
        (j,) = at(economy, code)
        assert wanted[j] == theta[j]


def test_the_table_of_tiers_is_sound():
    *own, others = MACRO_ELASTICITIES
    assert others.sector == OTHER_SECTORS
    assert {entry.sector for entry in own} == {"SOY", "RARE"}
    for entry in MACRO_ELASTICITIES:
        assert entry.value is None or entry.value > 0
        assert entry.grade in ("A", "B", "C", "X", "M")
        assert entry.source


def test_tiers_that_the_program_adds_to_the_tables_are_in_the_digest(monkeypatch):
    """Results stored for one table of tiers must not pass for those of another."""
    digests = set()
    for value in (None, 0.5, 0.6):
        table = (*MACRO_ELASTICITIES[:-1], replace(MACRO_ELASTICITIES[-1], value=value))
        monkeypatch.setattr(load, "MACRO_ELASTICITIES", table)
        digests.add(load.digest())
    assert len(digests) == 3


def test_an_unknown_set_names_the_known_ones():
    with pytest.raises(BaselineError, match=r"no set of elasticities 'fontagne'.*fontagne2022"):
        load_baseline("fontagne")


def test_a_missing_table_says_how_to_build_it(tmp_path):
    with pytest.raises(BaselineError, match="truce baseline build"):
        load.read_bundle(tmp_path)


# The bundle


def test_bundle_carries_labels_households_lists_and_sources(bundle):
    economy = bundle.economy
    assert bundle.region_labels["USA"] == "United States"
    assert list(bundle.sector_labels) == list(economy.sectors)
    usa, china = at(economy, "USA", "CHN")
    assert bundle.households_mn[usa] == pytest.approx(132.2)
    assert bundle.households_mn[china] == pytest.approx(494.2)
    assert "reciprocal" in bundle.coverage
    assert all(array.shape == economy.trade_flow.shape for array in bundle.coverage.values())
    assert all(array.shape == economy.trade_flow.shape for array in bundle.rates.values())
    assert max(array.max() for array in bundle.coverage.values()) <= 1.0
    assert load.load_bundle("fontagne2022", 1.5) is bundle


def test_factor_mobility_is_a_parameter(economy):
    fixed = load_baseline(factor_mobility=1)
    assert fixed.factor_mobility.tolist() == [1.0] * 40
    assert economy.factor_mobility.tolist() == [1.5] * 40
    np.testing.assert_array_equal(fixed.trade_flow, economy.trade_flow)


def test_arrays_of_the_bundle_are_read_only(bundle):
    with pytest.raises(ValueError, match="read-only"):
        bundle.customs_factor[0, 0, 0] = 2.0
    with pytest.raises(ValueError, match="read-only"):
        bundle.economy.trade_flow[0, 0, 0] = 2.0


def test_every_table_has_a_source(bundle):
    tables = {path.stem for path in load.TABLES.glob("*.parquet")}
    named = {table for entry in bundle.sources for table in entry["tables"]}
    assert tables == named
    for entry in bundle.sources:
        for key in ("id", "title", "address", "licence", "grade", "steps"):
            assert entry[key], (entry["id"], key)
        assert set(entry["sha256"]) == set(entry["raw"])


def test_every_fact_of_a_carve_out_has_a_grade():
    def leaves(node):
        if "value" in node:
            yield node
        else:
            for child in node.values():
                if isinstance(child, dict):
                    yield from leaves(child)

    found = list(leaves(read_facts()))
    assert len(found) > 20
    assert all(leaf["grade"] in {"A", "B", "C", "M"} and leaf["source"] for leaf in found)


# Rebuild


def test_the_digest_names_the_tables_that_were_shipped(bundle):
    """Results that the repository keeps name the tables that they were made with."""
    headers = {path.read_text("utf-8").splitlines()[0] for path in GOLDEN.glob("*.csv")}
    assert {header.rpartition("baseline ")[2] for header in headers} == {bundle.digest[:12]}


@raw_data
def test_a_rebuild_gives_the_shipped_tables(tmp_path):
    """A rebuilt value lies within 1e-6 of the shipped one, or within 1e-12 where it is smaller.

    Tables keep eight significant digits, so that a value half-way between two of them can differ
    by 1e-7 between processors.  Shares below 1e-12 (less than 40 USD of any region's spending) are
    what balancing leaves of nothing, and may be there or not.
    """
    build(DATA, tmp_path)
    for path in sorted(load.TABLES.glob("*.parquet")):
        built, shipped = pq.read_table(tmp_path / path.name), pq.read_table(path)
        assert_same_cells(built, shipped, path.stem, rtol=1e-6, atol=1e-12)
    assert (tmp_path / "SOURCES.yaml").read_text(encoding="utf-8") == (
        load.TABLES / "SOURCES.yaml"
    ).read_text(encoding="utf-8")


@raw_data
def test_the_shipped_sources_name_what_the_build_repairs(made, bundle):
    noted = [entry for source in bundle.sources for entry in source.get("repairs", ())]
    assert {entry["kind"]: entry["cells"] for entry in noted} == {"own sales": 43, "value added": 1}
    listed = [cell for entry in noted for cell in entry["changed"]]
    assert sorted(listed) == sorted(str(repair) for repair in stage_repairs(made))
    assert "value added of MAR C19: -0.1936 -> 0.2526" in listed


@raw_data
def test_raw_files_are_those_of_the_sources(bundle):
    for entry in bundle.sources:
        for name, digest in entry["sha256"].items():
            assert file_digest(DATA / name) == digest, name


def test_the_digest_sees_content_not_bytes(tmp_path):
    table = pq.read_table(load.TABLES / "trade_flow.parquet")
    pq.write_table(table, tmp_path / "t.parquet", compression="zstd")
    one = load.digest(tmp_path)
    pq.write_table(table, tmp_path / "t.parquet", compression="snappy")
    assert load.digest(tmp_path) == one
    changed = table.set_column(3, "value", [np.asarray(table["value"]) * (1 + 1e-8)])
    pq.write_table(changed, tmp_path / "t.parquet")
    assert load.digest(tmp_path) != one


def test_build_refuses_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(BaselineError, match="no such folder"):
        build(tmp_path / "nowhere", tmp_path)


def test_rounding_keeps_eight_digits():
    values = np.array([1.234567894, -98765432.19, 0.0, 4.12298274e-16, 1e23, 9.99999999e-5])
    kept = [1.2345679, -98765432.0, 0.0, 4.1229827e-16, 1e23, 1e-4]
    assert rounded(values).tolist() == kept
    assert rounded(values.reshape(2, 3)).tolist() == [kept[:3], kept[3:]]


def test_sums_over_groups_keep_the_whole():
    flow = np.arange(24.0).reshape(2, 3, 4)
    total = summed(flow, (np.array([0, 1]), np.array([0, 0, 1]), np.array([1, 0, 1, 0])))
    assert total.shape == (2, 2, 2)
    assert total[1, 0, 1] == 12 + 14 + 16 + 18
    assert total.sum() == flow.sum()
