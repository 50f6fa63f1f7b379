"""Event trees in time: probabilities, bands, branches against paths solved from scratch."""

import datetime as dt
import json
from concurrent.futures import Executor, Future, ThreadPoolExecutor

import numpy as np
import pyarrow.parquet as parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import sim
from sim.cli.app import app
from sim.engine.months import monthly_policy, solve_months
from sim.engine.pace import read_pace
from sim.engine.runs import world_of
from sim.engine.solved import outcome_of
from sim.errors import InputError, ScenarioError
from sim.model.solve.guide import guesses, monthly_changes
from sim.outputs.pick import Quantity, pick
from sim.outputs.variables import VARIABLES, better_sign
from sim.policy.law.dating import after_collapse, begun, ended, shifted
from sim.report.tree_table import quarters, sparkline
from sim.study import collapse_tree
from sim.study.executor import SerialExecutor
from sim.study.trees.branches import baseline_outcomes, empty, extended, readings
from sim.study.trees.collapse_tree import HEADLINE, TreeQuestion
from sim.study.trees.tree_results import (
    CollapseTree,
    TreeBranch,
    as_change,
    probabilities,
    quantiles,
)
from tests.alike import near

KEYS = ("real_income|USA", "imports|USA|CHN|GOODS", "tariff_revenue|USA")
LONG = {"months": 36.0}
"""A truce that does not lapse by itself within the paths of these tests."""
SIZE = {"months": 6, "last": 3, "quantities": KEYS, "jobs": 1}
AXES = world_of().axes
THREAT = "us-additional-tariff-threat-2025-10-10"


def grow(name="truce-extension", levers=None, **others):
    return collapse_tree(name, levers=LONG if levers is None else levers, **{**SIZE, **others})


@pytest.fixture(scope="module")
def tree():
    return grow(hazard=0.2)


@pytest.fixture(scope="module")
def task():
    return TreeQuestion("truce-extension", LONG, world_of()).task(
        tuple(as_change(key) for key in KEYS), SIZE["months"]
    )


def measure(name, scenario):
    return next(one for one in world_of().scenario(scenario).measures if one.id == name)


# --- probabilities and bands ---------------------------------------------------------------------


@given(st.floats(0, 1), st.integers(1, 240))
def test_probabilities_are_those_of_the_hazard_and_sum_to_one(hazard, last):
    chances = probabilities(hazard, last)
    assert chances.sum() == pytest.approx(1, abs=1e-12)
    assert (chances >= 0).all()
    for month in range(last):
        assert chances[month] == pytest.approx(hazard * (1 - hazard) ** month, abs=1e-12)


@given(st.floats(0, 1), st.floats(0, 1), st.integers(1, 60))
def test_more_hazard_never_makes_holding_likelier(one, other, last):
    low, high = sorted((one, other))
    assert probabilities(high, last)[-1] <= probabilities(low, last)[-1]


@pytest.mark.parametrize("wrong", [-0.1, 1.5, float("nan"), "0.5", True, None])
def test_what_is_no_probability_is_refused(wrong):
    with pytest.raises(InputError, match="hazard is"):
        probabilities(wrong, 3)


def planted(values, weights):
    """A tree of made-up numbers."""
    key = as_change(KEYS[0])
    branches = tuple(TreeBranch(str(at), at + 1, float(w)) for at, w in enumerate(weights))
    months = tuple(f"2026-{at + 1:02d}" for at in range(values.shape[1]))
    return CollapseTree("a", "b", 0.1, 0, months, branches, {key: values})


@st.composite
def mixtures(draw):
    count, length = draw(st.integers(1, 8)), draw(st.integers(1, 4))
    raw = draw(st.lists(st.integers(0, 5), min_size=count, max_size=count).filter(any))
    numbers = st.integers(-5, 5).map(float)
    values = draw(st.lists(numbers, min_size=count * length, max_size=count * length))
    return np.array(values).reshape(count, length), np.array(raw) / sum(raw)


@given(mixtures())
def test_the_mean_lies_between_the_extremes_and_bands_are_in_order(mixture):
    found = planted(*mixture)
    low, middle, high = found.band(KEYS[0])
    least, most = found.band(KEYS[0], (0.0, 1.0))
    assert (least <= low).all()
    assert (low <= middle).all()
    assert (middle <= high).all()
    assert (high <= most).all()
    mean = found.expected(KEYS[0])
    assert (least - 1e-12 <= mean).all()
    assert (mean <= most + 1e-12).all()


@given(mixtures(), st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]))
def test_quantiles_are_those_of_a_slow_loop(mixture, chance):
    values, weights = mixture
    found = quantiles(values, weights, [chance])[0]
    for month in range(values.shape[1]):
        reached = 0.0
        for value, weight in sorted(zip(values[:, month], weights, strict=True)):
            reached += weight
            if weight > 0 and reached >= chance - 1e-9:
                assert found[month] == value
                break


@given(mixtures())
def test_the_odds_of_worse_are_those_of_a_slow_loop(mixture):
    values, weights = mixture
    found = planted(values, weights)
    for month in range(values.shape[1]):
        odds = sum(w for v, w in zip(values[:, month], weights, strict=True) if v < 0)
        assert found.worse(KEYS[0])[month] == pytest.approx(odds, abs=1e-12)
    whole = sum(w for row, w in zip(values, weights, strict=True) if row.mean() < -1e-9)
    assert found.overall_worse(KEYS[0]) == pytest.approx(whole, abs=1e-12)


def test_a_discount_makes_later_months_count_less():
    found = planted(np.array([[-1.0, 1.5]]), [1.0])
    assert found.overall(KEYS[0])[0] == pytest.approx(0.25)
    assert found.overall(KEYS[0], discount=1e6)[0] < 0
    with pytest.raises(InputError, match="discount"):
        found.overall(KEYS[0], discount=-1)


def test_dearer_is_worse_and_more_income_is_better():
    assert better_sign("real_income_change") == better_sign("exports") == 1
    assert better_sign("consumer_price_index_change") == better_sign("purchase_subsidy") == -1
    key = as_change("consumer_price_index|USA")
    tree = CollapseTree("a", "b", 0, 0, ("2026-01",), (TreeBranch("x", 1, 1.0),),
                        {key: np.array([[0.5]])})  # fmt: skip
    assert tree.worse("consumer_price_index|USA") == pytest.approx([1.0])
    assert all(better_sign(name) in (-1, 1) for name in VARIABLES)


# --- the branches --------------------------------------------------------------------------------


def test_no_hazard_is_the_plain_path(tree):
    path = sim.run("truce-extension", levers=LONG, months=6, against="baseline")
    calm = tree.weighed(0.0)
    for key in calm.quantities:
        wanted = [path.at(month).value(*_codes(key)) for month in range(1, 7)]
        assert calm.expected(key) == near(wanted)
    assert calm.branches[-1].probability == 1


def against(task, month, outcome):
    """The same against the baseline's own month, as a tree reports it."""
    return outcome.measured_against(baseline_outcomes(task)[month.first])


def _codes(key):
    codes = [None if code == "TOTAL" else code for code in key[1:]]
    return key.variable, *codes


def test_certain_collapse_is_the_path_of_the_law_that_follows(tree, task):
    """From the first month on: the scenario itself never holds."""
    doomed = tree.weighed(1.0)
    assert doomed.branches[0].probability == 1
    lapse = world_of().scenario("truce-lapse")
    policy = monthly_policy(task.start, world_of().law(lapse), dt.date(2025, 12, 1), 6)
    path = solve_months(task.start, policy, read_pace())
    for at, month in enumerate(path.months):
        outcome = outcome_of(task.start, lapse, lapse.date, month, (), lapse.pair)
        found = pick(against(task, policy[at], outcome), doomed.quantities)
        for key in doomed.quantities:
            assert doomed.expected(key)[at] == pytest.approx(found[key], abs=1e-9, rel=1e-9)


def test_sharing_the_beginning_changes_no_number(tree, task):
    """Every branch as a path of its own, from the baseline on."""
    policy = task.policy(6)
    for collapse in range(3):
        months = (*policy[:collapse], *task.broken(policy, collapse))
        path = solve_months(task.start, months, read_pace())
        for at, month in enumerate(path.months):
            day = task.scenario.date
            outcome = outcome_of(task.start, task.scenario, day, month, (), task.pair)
            found = pick(against(task, policy[at], outcome), tree.quantities)
            for key in tree.quantities:
                value = tree.of(key)[collapse, at]
                assert value == pytest.approx(found[key], abs=1e-6, rel=1e-7)


def test_before_its_collapse_a_branch_is_the_one_that_holds(tree):
    for key in tree.quantities:
        values = tree.of(key)
        for position, branch in enumerate(tree.branches[:-1]):
            assert branch.month == position + 1
            assert (values[position, :position] == values[-1, :position]).all()
            assert (values[position, position:] != values[-1, position:]).all()


def test_a_lapse_costs_both_and_an_earlier_one_costs_more(tree):
    imports = tree.of("imports|USA|CHN|GOODS")[:, -1]
    assert (np.diff(imports) > 0).all()
    assert tree.of("real_income|USA")[0, -1] < 0
    assert tree.worse("real_income|USA")[-1] == pytest.approx(1 - 0.8**3)


class Backwards(Executor):
    """Runs what it is given in reverse order, at the last moment."""

    def __init__(self):
        self.waiting = []

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        self.waiting.append((future, fn, args, kwargs))
        if fn.__name__ == "solve_forks" and len(self.waiting) >= self.until:
            for one, call, given_args, named in reversed(self.waiting):
                one.set_result(call(*given_args, **named))
        return future


@pytest.mark.parametrize("kind", ["serial", "threads", "backwards"])
def test_where_and_in_which_order_branches_run_is_irrelevant(tree, kind, monkeypatch):
    if kind == "serial":
        other = grow(hazard=0.2, executor=SerialExecutor())
    elif kind == "threads":
        with ThreadPoolExecutor(2) as pool:
            other = grow(hazard=0.2, executor=pool)
    else:
        monkeypatch.setattr("sim.study.trees.collapse_tree.default_jobs", lambda: 2)
        pool = Backwards()
        pool.until = 2 + 2  # two that warm up, and two branches beside the first
        other = grow(hazard=0.2, executor=pool)
    for key in tree.quantities:
        np.testing.assert_allclose(other.of(key), tree.of(key), rtol=1e-9, atol=1e-9)
    assert other.branches == tree.branches


def test_processes_give_the_same_numbers(tree):
    other = grow(hazard=0.2, jobs=2)
    for key in tree.quantities:
        assert np.allclose(other.of(key), tree.of(key), rtol=1e-12, atol=1e-12)


def test_a_collapse_may_end():
    short = grow(levers={**LONG, "duration": 2.0}, hazard=0.1, last=2)
    imports = short.of("imports|USA|CHN|GOODS")
    for collapse in range(2):
        gap = imports[collapse] - imports[-1]
        worst = gap[collapse + 1]
        assert worst < 0
        assert (gap[collapse + 2 :] > worst).all()
        assert (gap[collapse + 2 :] < 0).all()
    assert short.duration == 2


def test_the_scenario_itself_says_how_likely_and_into_what():
    found = grow(last=1, months=2)
    assert (found.into, found.hazard) == ("truce-lapse", 0.02)
    assert any("assumption" in note for note in found.notes)
    moved = grow(levers={**LONG, "snapback_hazard": 0.3}, last=1, months=2)
    assert moved.hazard == 0.3
    other = grow(last=1, months=2, into="snapback", hazard=0.5)
    assert other.into == "snapback"
    assert other.of(KEYS[0])[0, -1] < found.of(KEYS[0])[0, -1]


def test_a_scenario_that_does_not_say_is_an_error(tmp_path):
    with pytest.raises(ScenarioError, match="does not say what it breaks down into"):
        grow("tariff-100", levers={})
    with pytest.raises(InputError, match="states no hazard"):
        grow("tariff-100", levers={}, into="truce-lapse")
    with pytest.raises(ScenarioError, match="measured against"):
        grow(into="november-2026")
    with pytest.raises(InputError, match="0 branches"):
        grow(last=0)
    with pytest.raises(InputError, match="months is 0"):
        grow(months=0, last=3)
    with pytest.raises(InputError, match="unknown variable"):
        grow(quantities=["happiness|USA"])
    with pytest.raises(InputError, match="It reports"):
        planted(np.zeros((1, 1)), [1.0]).of("imports|USA")


def test_purchases_and_shadow_prices_are_reported_too():
    found = collapse_tree(
        "soybean-purchases", months=2, last=1, jobs=1, hazard=0.5,
        quantities=["purchase_shortfall|CHN|USA|SOY", "purchase_subsidy|CHN"],
    )  # fmt: skip
    path = sim.run("soybean-purchases", months=2)
    for at in range(2):
        wanted = path.at(at + 1).value("purchase_shortfall_change", "CHN", "USA", "SOY")
        assert found.of("purchase_shortfall|CHN|USA|SOY")[-1, at] == near(wanted)


def test_every_collapse_of_the_library_can_be_solved():
    for name in ("kuala-lumpur-package", "rare-earth-delay", "soybean-purchases"):
        # With stocks a licence stop would not be felt within two months.
        found = collapse_tree(
            name, months=2, last=1, jobs=1, quantities=KEYS[:1], levers={"stock_months": 0.0}
        )
        assert np.isfinite(found.of(KEYS[0])).all()
        assert found.of(KEYS[0])[0, -1] < found.of(KEYS[0])[-1, -1]


# --- dates ---------------------------------------------------------------------------------------


def test_a_licence_begins_with_the_collapse_and_the_rest_goes_by_the_calendar():
    extension = world_of().scenario("truce-extension")
    snapback = world_of().scenario("snapback")
    day, anchor = dt.date(2026, 5, 1), dt.date(2025, 11, 8)
    held = {
        one.id: one for one in after_collapse(extension.measures, snapback.measures, anchor, day)
    }
    assert held["cn-rare-earth-licence-2025-10"].first_day == day
    assert held["us-ship-fees-stay"].first_day == day + dt.timedelta(2)
    assert held["us-ieepa-fentanyl-2025"].first_day == dt.date(2025, 2, 4)
    assert "truce-extension-us" not in held
    assert set(held) == {one.id for one in snapback.measures}


def test_what_is_in_force_goes_on_with_its_own_dates():
    """A longer truce stays as long after a collapse into the 100 percent tariff."""
    longer = world_of().scenario("truce-extension", LONG)
    tariff = world_of().scenario("tariff-100")
    day, anchor = dt.date(2026, 5, 1), dt.date(2025, 11, 1)
    held = {one.id: one for one in after_collapse(longer.measures, tariff.measures, anchor, day)}
    assert held["truce-extension-us"].end_day == dt.date(2028, 11, 10)
    assert held[THREAT].first_day == day
    late = dt.date(2029, 1, 1)
    held = {one.id: one for one in after_collapse(longer.measures, tariff.measures, anchor, late)}
    assert held[THREAT].first_day == late
    other = world_of().scenario("fentanyl-cut", {"fentanyl_rate": 5.0})
    ours = {one.id: one for one in after_collapse(longer.measures, other.measures, anchor, day)}
    assert ours["us-fentanyl-cut-2025-11"].remaining_pp == 5


def test_the_law_of_the_month_of_the_collapse_is_that_which_follows():
    task = TreeQuestion("truce-extension", LONG, world_of(), "snapback").task((), 6)
    policy = task.policy(6)
    first, *_ = task.broken(policy, 3)
    assert {spec.measure_id for spec in first.specs} >= {"cn-rare-earth-licence-2025-10"}
    assert not policy[3].specs


def test_moved_measures_keep_their_length():
    truce = measure("truce-extension-us", "truce-extension")
    later = begun(truce, dt.date(2026, 3, 10))
    assert (later.first_day, later.end_day) == (dt.date(2026, 3, 10), dt.date(2027, 3, 10))
    duty = measure("us-ieepa-fentanyl-2025", "truce-extension")
    moved = shifted(duty, 10)
    assert (moved.steps is None) is (duty.steps is None)
    assert moved.turning_days[0] == duty.turning_days[0] + dt.timedelta(10)


def test_a_measure_cut_off_is_not_in_force_from_that_day():
    day = dt.date(2026, 3, 10)
    truce = measure("truce-extension-us", "truce-extension")
    cut = ended(truce, day)
    assert cut.in_force(day - dt.timedelta(1))
    assert not cut.in_force(day)
    assert ended(truce, truce.first_day) is None
    assert ended(truce, dt.date(2030, 1, 1)) is truce
    licence = measure("cn-rare-earth-licence-2025-10", "rare-earth-delay")
    cut = ended(licence, dt.date(2027, 1, 1))
    assert (cut.first_day, cut.end_day) == (licence.first_day, dt.date(2027, 1, 1))
    assert begun(licence, day).first_day == day


def test_a_tariff_of_some_months_ends(tmp_path):
    duty = world_of().scenario("tariff-100", {"duration": 3.0})
    one = next(m for m in duty.measures if m.id == "us-additional-tariff-threat-2025-10-10")
    assert one.end_day == dt.date(2026, 2, 1)
    path = sim.run("tariff-100", levers={"duration": 3}, months=6)
    forever = sim.run("tariff-100", months=6)
    rate = ("effective_tariff_rate_before_substitution_change", "USA", "CHN")
    assert path.at(3).value(*rate) == pytest.approx(63.6, abs=1e-6)
    assert path.at(4).value(*rate) == pytest.approx(0, abs=1e-6)
    assert forever.at(4).value(*rate) == pytest.approx(63.6, abs=1e-6)
    assert "duration" in {lever["id"] for lever in path.manifest["levers"]}


# --- what is printed and saved -------------------------------------------------------------------


def truce(*arguments):
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "100", "TERM": "dumb"})


def test_the_table_of_a_tree_has_a_row_a_number(tree):
    table = tree.table()
    assert table.num_rows == 4 * 6 * 3
    rows = [row for row in table.to_pylist() if row["branch"] == "holds"]
    assert {row["collapse"] for row in rows} == {None}
    first = table.to_pylist()[0]
    assert first["value"] == tree.of(KEYS[0])[0, 0]
    assert first["unit"] == "percent"


def test_a_tree_is_plain_data(tree):
    content = tree.to_dict()
    assert (
        content["quantities"]["real_income_change|USA"]["expected"]
        == tree.expected(KEYS[0]).tolist()
    )
    assert content["months"][0] == "2025-12"
    assert sum(branch["probability"] for branch in content["branches"]) == pytest.approx(1)


def test_the_command_prints_saves_and_explains(tmp_path):
    done = truce(
        "tree", "truce-extension", "--months", "4", "--branches", "2", "--set", "months=36",
        "--set", "snapback_hazard=0.03", "--quantity", "real_income|USA", "--out", str(tmp_path),
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    text = " ".join(done.stdout.split())
    assert "which may break down" in text
    assert "with probability 3 % in each month that it held so far; 2025-12 to 2026-03" in text
    assert "2026 Q1" in text
    assert "Nobody foresees the collapse" in text
    assert "3 of 3 branches" in done.stderr
    assert parquet.read_table(tmp_path / "branches.parquet").num_rows == 3 * 4
    assert json.loads((tmp_path / "tree.json").read_text())["hazard"] == 0.03
    assert (tmp_path / "branches.csv").read_text().count("\n") == 13


def test_the_command_prints_json_and_one_line_for_a_mistake():
    done = truce("tree", "truce-extension", "--months", "2", "--branches", "1", "--json")
    assert json.loads(done.stdout)["into"] == "truce-lapse"
    for arguments, words in (
        (("tariff-100",), "--into truce-lapse"),
        (("truce-extension", "--set", "hazard"), "is not a lever and a number"),
        (("truce-extension", "--set", "snapback_hazard=2"), "from 0 to 1"),
        (("truce-extension", "--hazard", "2", "--months", "1"), "a probability from 0 to 1"),
    ):
        done = truce("tree", *arguments)
        assert done.exit_code == 1
        assert words in done.stderr
        assert done.stderr.count("\n") == 1


def test_quarters_and_lines():
    assert list(quarters(("2025-12", "2026-01", "2026-03", "2026-04"))) == [
        ("2025 Q4", [0]),
        ("2026 Q1", [1, 2]),
        ("2026 Q2", [3]),
    ]
    assert sparkline(np.array([0.0, 7.0])) == "▁█"
    assert sparkline(np.zeros(3)) == "···"


def test_the_headline_of_a_tree_is_reported_by_every_path():
    for key in HEADLINE:
        assert as_change(key).label == key
    assert as_change(Quantity("real_income", "USA")).variable == "real_income_change"


def test_an_empty_path_can_be_extended(task):
    policy = task.policy(2)
    whole = extended(task, empty(task), policy)
    assert len(whole.path) == 2
    assert whole.last_of(0).path.months == ()
    assert len(whole.last_of(2).path) == 1


def test_a_guide_saves_passes_and_changes_no_answer():
    keys = tuple(as_change(key) for key in KEYS)
    task = TreeQuestion("truce-extension", LONG, world_of()).task(keys, 8)
    policy = task.policy(8)
    stem = extended(task, empty(task), policy)
    first = task.broken(policy, 0)
    guided = task.guided(extended(task, empty(task), first))
    months = task.broken(policy, 3)
    alone = extended(task, stem.last_of(3), months)
    helped = extended(task, stem.last_of(3), months, guide=guided.guide)
    passes = [sum(month.iterations for month in one.path.months) for one in (alone, helped)]
    assert passes[1] < passes[0]
    assert helped.path.residual <= 1e-9
    ours, theirs = (readings(task, one, months) for one in (alone, helped))
    assert np.allclose(ours, theirs, rtol=1e-7, atol=1e-7)
    astray = extended(task, stem.last_of(3), policy[3:], guide=guided.guide)
    held = readings(task, stem, policy)[:, 3:]
    assert np.allclose(readings(task, astray, policy[3:]), held, rtol=1e-6, atol=1e-3)


def test_a_path_that_is_its_own_guide_is_led_to_its_own_months():
    task = TreeQuestion("kuala-lumpur-package", {}, world_of()).task((), 8)
    policy = task.policy(5)
    months = extended(task, empty(task), policy).path.months
    steps = monthly_changes(task.start.economy, months)
    assert [step.is_new_policy for step in steps[:2]] == [True, True]
    for at in range(1, 5):
        new = months[at].shock is not months[at - 1].shock
        recent = [month for month in months[:at][::-1] if month.shock is months[at].shock]
        for point in guesses(recent or months[at - 1 : at], steps[: at + 1], is_new_policy=new):
            assert np.allclose(point.wage_hat, months[at].wage_hat, rtol=1e-12)
            assert np.allclose(point.price_index_hat, months[at].price_index_hat, rtol=1e-12)
            assert np.allclose(point.expenditure_cf, months[at].expenditure_cf, rtol=1e-12)
            assert np.allclose(point.shadow_rate, months[at].shadow_rate, rtol=1e-9, atol=1e-12)
        assert guesses(months[:at], steps[: at + 1], is_new_policy=not new) == []
    assert guesses((), steps, is_new_policy=False) == []
