"""Study files and designs: what is refused, which points are run, elasticity draws."""

import csv
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.baseline.entry import load_baseline
from sim.baseline.load import load_bundle
from sim.engine.model_levers import with_assumptions
from sim.errors import InputError
from sim.outputs.pick import Quantity
from sim.study import draws
from sim.study.point import Draw, _drawn
from sim.study.spec import GameStudy, Study, Vary, read_study
from sim.study.sweeps import design
from sim.study.sweeps.design import Points, chunks_of, points_of, run_count, saltelli, value_at
from sim.study.sweeps.plan import plan_of
from sim.study.sweeps.run_sweep import study_of
from tests.raw_data import DATA, needs

PUBLISHED_ERRORS = "elasticities/caliendo_parro2015_table1_theta.csv"
ROOT = Path(__file__).resolve().parents[2]
STUDIES = sorted((ROOT / "scenarios" / "studies").glob("*.yaml"))

TEXT = """title: T
question: Q?
scenarios: [tariff-100]
vary:
  us_rate: {min: 0, max: 150}
design: {kind: sobol, runs: 8}
outputs:
  - {variable: real_income_change, region: USA}
"""


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_shipped_studies_are_sound(path):
    study, _ = read_study(path)
    if isinstance(study, Study):
        plan = plan_of(study, path.parent)
        assert plan.runs == len(plan.points) * len(plan.places)
        assert plan.shape()["chunks"] >= 1
    else:
        assert isinstance(study, GameStudy)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("min: 0", "min: 200", "min 200 is not below max 150"),
        ("min: 0, max: 150", "values: [0, 999]", "999 is outside what 'us_rate'"),
        ("min: 0, max: 150", "min: 0, max: 151", "Write numbers from 0 to 150"),
        ("min: 0, max: 150", "min: 0", "Write values, min and max"),
        ("min: 0, max: 150", "min: 0, max: 150, scale: log", "has no logarithm"),
        ("min: 0, max: 150", "min: 0, max: 150, mode: 160", "mode 160 lies outside"),
        ("us_rate:", "us_rat:", "Did you mean 'us_rate'?"),
        ("us_rate: {min: 0, max: 150}", "elasticities: {min: 0, max: 1}", "do not go together"),
        (
            "us_rate: {min: 0, max: 150}",
            "elasticities: {sets: [mine]}",
            "Write one of fontagne2022",
        ),
        ("tariff-100", "tarif-100", "Did you mean 'tariff-100'?"),
        ("region: USA", "region: US", "unknown region 'US'"),
        ("real_income_change", "welfare", "unknown variable 'welfare'"),
        (", runs: 8", "", "needs a number of runs"),
        ("sobol", "grid", "counts its runs itself"),
        ("sobol", "monte-carlo", "monte-carlo"),
        ("region: USA", "region: [USA, USA]", "reported twice"),
        ("title: T", "title: T\nfrob: 1", "unknown key 'frob'"),
    ],
)
def test_a_bad_study_is_one_readable_line(tmp_path, old, new, words):
    assert old in TEXT
    path = tmp_path / "study.yaml"
    path.write_text(TEXT.replace(old, new))
    with pytest.raises(InputError) as caught:
        plan_of(*study_of(path))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_grid_has_every_combination_and_the_ends_of_ranges():
    ways = {
        "a": Vary(min=0.0, max=10.0, points=3),
        "b": Vary(values=(1.0, 7.0)),
        "c": Vary(min=1.0, max=100.0, scale="log", points=3),
    }
    points = points_of(small(ways, kind="grid"))
    assert len(points) == 18 == len(np.unique(points.values, axis=0))
    for column, wanted in enumerate([[0, 5, 10], [1, 7], [1, 10, 100]]):
        np.testing.assert_allclose(np.unique(points.values[:, column]), wanted)


def small(ways, **chosen):
    return Study(
        title="T",
        question="Q?",
        scenarios=("tariff-100",),
        vary=ways,
        design=chosen,
        outputs=({"variable": "real_income_change", "region": "USA"},),
    )


@pytest.mark.parametrize("kind", ["latin-hypercube", "sobol"])
def test_samples_fill_every_margin_and_follow_their_seed(kind):
    ways = {name: Vary(min=0.0, max=1.0) for name in "abc"}
    one, same = (points_of(small(ways, kind=kind, runs=64, seed=5)) for _ in range(2))
    np.testing.assert_array_equal(one.values, same.values)
    assert (points_of(small(ways, kind=kind, runs=64, seed=6)).values != one.values).any()
    for column in one.values.T:
        assert sorted(np.floor(64 * column).astype(int)) == list(range(64))


def test_a_saltelli_design_swaps_one_column_at_a_time():
    blocks = saltelli(8, 3, 0).reshape(5, 8, 3)
    for column in range(3):
        differs = blocks[2 + column] != blocks[0]
        assert differs[:, column].all()
        assert not np.delete(differs, column, axis=1).any()
        np.testing.assert_array_equal(blocks[2 + column][:, column], blocks[1][:, column])


def test_a_tornado_moves_one_input_from_where_all_are_as_they_are():
    points = points_of(
        small({"a": Vary(min=0.0, max=1.0), "b": Vary(min=5.0, max=6.0)}, kind="tornado")
    )
    np.testing.assert_allclose(points.values[1:3, 0], [0.05, 0.95])
    np.testing.assert_allclose(points.values[3:5, 1], [5.05, 5.95])
    assert np.isnan(points.values).sum() == 2 + 4


def test_distributions_have_their_moments():
    unit = (np.arange(200_000) + 0.5) / 200_000
    normal = value_at(Vary(mean=3.0, sd=0.5), unit)
    assert (normal.mean(), normal.std()) == pytest.approx((3.0, 0.5), rel=1e-3)
    cut = value_at(Vary(mean=3.0, sd=0.5, min=2.8, max=4.0), unit)
    assert 2.8 <= cut.min() < 2.81
    assert 3.99 < cut.max() <= 4.0
    peaked = value_at(Vary(min=0.0, mode=1.0, max=4.0), unit)
    assert peaked.mean() == pytest.approx(5.0 / 3.0, rel=1e-3)
    assert np.all(np.diff(peaked) >= 0)
    assert np.isnan(value_at(Vary(min=0.0, max=1.0), np.array([np.nan, 0.5])))[0]


@given(
    rows=st.integers(1, 300),
    size=st.integers(1, 40),
    inputs=st.integers(1, 4),
    seed=st.integers(0, 9),
)
def test_chunks_hold_every_row_once_and_are_no_larger_than_asked(rows, size, inputs, seed):
    unit = np.random.default_rng(seed).random((rows, inputs))
    names = tuple("abcd"[:inputs])
    chunks = chunks_of(Points(names, unit, unit), size, frozenset({"b"}))
    assert sorted(np.concatenate(chunks).tolist()) == list(range(rows))
    assert max(map(len, chunks)) <= size
    assert len(chunks) == -(-rows // size)


def test_chunks_keep_runs_on_one_economy_together():
    points = points_of(
        small({"x": Vary(min=0.0, max=1.0, points=10), "b": Vary(values=(1.0, 2.0))}, kind="grid")
    )
    chunks = chunks_of(points, 10, frozenset({"b"}))
    assert all(len(np.unique(points.values[chunk, 1])) == 1 for chunk in chunks)


def test_too_many_runs_are_refused_before_they_are_made():
    ways = {name: Vary(min=0.0, max=1.0, points=10_000) for name in "abcd"}
    study = small(ways, kind="grid")
    assert run_count(study.design, tuple(ways.values())) == 10**16
    with pytest.raises(InputError, match="At most"):
        points_of(study)


def test_labels_of_numbers():
    assert Quantity("imports", "USA", "CHN").label == "imports|USA|CHN"
    assert Quantity("price_index", "USA", sector="SOY").label == "price_index|USA|TOTAL|SOY"


def test_draws_are_around_the_published_values():
    economy = load_baseline()
    theta, sectors = economy.trade_elasticity, economy.sectors
    sample = np.array([draws.drawn(theta, sectors, number, 1) for number in range(4000)])
    np.testing.assert_allclose(sample[7], draws.drawn(theta, sectors, 7, 1))
    held = sectors.index("RARE")
    assert (sample[:, held] == theta[held]).all()
    assert sample.min() >= 1.0
    assert sample.max() <= 20.0
    for sector in ("C10T12", "A01", "C26", "SERV"):
        at = sectors.index(sector)
        error = draws.relative_error(draws.row_of(sector))
        assert sample[:, at].mean() == pytest.approx(theta[at], rel=0.03)
        assert sample[:, at].std() / theta[at] == pytest.approx(error, rel=0.1)
    both = [sectors.index(sector) for sector in ("A01", "A02_03")]
    assert np.corrcoef(sample[:, both].T)[0, 1] > 0.99, "one row of the table, one draw"
    soy = sectors.index("SOY")
    # Of the same row; a tenth of its draws would lie above the bound of 20.
    assert np.corrcoef(sample[:, [both[0], soy]].T)[0, 1] > 0.96
    assert 0.05 < (sample[:, soy] == 20.0).mean() < 0.15


def test_a_draw_keeps_the_tiers_of_the_baseline():
    """A sector with one tier keeps one, and M is nowhere above the theta that is drawn."""
    baseline = with_assumptions(load_bundle(), macro_elasticity=3.5)
    before = baseline.economy
    has_one = before.macro_elasticity_by_sector == before.trade_elasticity
    assert before.is_nested
    assert has_one.any()
    for number in range(5):
        economy = _drawn(baseline, Draw(number)).economy
        theta, macro = economy.trade_elasticity, economy.macro_elasticity_by_sector
        assert (theta != before.trade_elasticity).any()
        assert (macro[has_one] == theta[has_one]).all()
        assert macro[~has_one].tolist() == np.minimum(3.5, theta[~has_one]).tolist()


def test_every_sector_has_its_row():
    sectors = load_baseline().sectors
    rows = {sector: draws.row_of(sector) for sector in sectors}
    assert {sector for sector, row in rows.items() if row is None} == {"RARE"}
    assert all(row in draws.PUBLISHED for row in rows.values() if row is not None)


@needs(PUBLISHED_ERRORS)
def test_errors_are_those_of_the_paper():
    with (DATA / PUBLISHED_ERRORS).open() as handle:
        table = {row["sector"]: row for row in csv.DictReader(handle)}
    for row, pair in draws.PUBLISHED.items():
        assert pair == (float(table[row]["theta_99"]), float(table[row]["se_99"]))


def test_default_names_are_exported():
    import sim.study

    names = ["CollapseTree", "collapse_tree", "event_tree", "game", "sensitivity", "sweep"]
    assert sorted(dir(sim.study)) == names
    with pytest.raises(AttributeError):
        _ = sim.study.nothing
    assert re.match("Designs", design.__doc__)
