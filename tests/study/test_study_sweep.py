"""Sweeps: every run is the run that `sim.engine.runs` makes; nothing is lost, repeated or mixed."""

import errno
import json
import os
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

import sim
from sim.errors import InputError, NotConverged, WorstMarket
from sim.study import sweep
from sim.study.executor import SerialExecutor, dask_executor, local_executor
from sim.study.failures import Failure
from sim.study.point import Runner
from sim.study.progress import Progress
from sim.study.sweeps.execute import IN_FLIGHT, run_all
from sim.study.sweeps.plan import plan_of
from sim.study.sweeps.run_sweep import study_of
from sim.study.sweeps.store import PARTS, Store, read_manifest, write_whole
from sim.study.sweeps.sweep_results import SweepResult, export
from sim.study.sweeps.worker import Done

ROOT = Path(__file__).resolve().parents[2]


def study(**changes):
    content = {
        "title": "A small grid",
        "question": "What does each rate do?",
        "scenarios": ["tariff-100"],
        "vary": {
            "us_rate": {"values": [0.0, 60.0, 145.0]},
            "china_retaliation": {"values": [0.0, 40.0]},
        },
        "design": {"kind": "grid"},
        "outputs": [
            {"variable": "real_income_change", "region": ["USA", "CHN"]},
            {"variable": "imports_change", "region": "USA", "partner": "CHN"},
        ],
        "chunk": 2,
    }
    return {**content, **changes}


def by_run(result):
    """Everything that a sweep says, in an order that does not depend on how it was run."""
    return result.table().select(["run", "variable", "region", "value"]).to_pydict()


def alike(one, other):
    first, second = by_run(one), by_run(other)
    values, others = first.pop("value"), second.pop("value")
    assert first == second
    # Money is in USD mn: a run without a shock leaves a millionth of one behind.
    np.testing.assert_allclose(values, others, rtol=1e-6, atol=1e-4)


CASES = {
    "tariff-100": (
        {"us_rate": [20.0, 130.0], "coverage": [0.7, 1.0], "factor_mobility": [1.5, 3.0]},
        [("real_income_change", "USA"), ("tariff_revenue", "USA"),
         ("exports", "USA", "CHN", "GOODS"),
         ("effective_tariff_rate", "USA", "CHN"), ("border_pass_through", "USA", "CHN"),
         ("trade_diversion", "USA", "VNM"), ("price_index", "USA", "TOTAL", "C26"),
         ("terms_of_trade", "CHN"), ("welfare_terms_of_trade", "USA"), ("gross_output", "USA")],
    ),
    "rare-earth-enforced": (
        {"licence_volume": [-74.0, -20.0], "us_volume": [-80.0, 0.0]},
        [("shadow_rate", "CHN", "TOTAL", "RARE"), ("licence_rent", "CHN"),
         ("price_outside_over_inside", "CHN", "TOTAL", "RARE"), ("real_income_change", "JPN")],
    ),
    "soybean-purchases": (
        {"purchases_mmt": [12.0, 35.0], "cn_soy_duty": [3.0, 13.0]},
        [("purchase_shortfall", "CHN", "USA", "SOY"), ("purchase_subsidy", "CHN"),
         ("real_factor_income_change", "USA", "TOTAL", "SOY"),
         ("shadow_rate", "CHN", "USA", "SOY"),
         ("imports", "CHN", "BRA", "SOY")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("scenario", CASES)
def test_every_run_is_the_run_that_sim_run_makes(scenario):
    levers, quantities = CASES[scenario]
    names = ("variable", "region", "partner", "sector")
    outputs = [dict(zip(names, key, strict=False)) for key in quantities]
    vary = {name: {"values": values} for name, values in levers.items()}
    found = sweep(study(scenarios=[scenario], vary=vary, outputs=outputs, chunk=3))
    for row in found.inputs.to_pylist():
        settings = {name: row[name] for name in levers}
        whole = sim.run(scenario, levers=settings)
        for quantity in found.quantities:
            mine = found.values(quantity)[row["run"]]
            theirs = whole.find(*quantity)
            if theirs is None:
                assert np.isnan(mine), quantity
            else:
                assert mine == pytest.approx(theirs, rel=1e-6, abs=1e-5), (quantity, settings)


def test_sets_of_elasticities_are_those_of_sim_run():
    vary = {"elasticities": {"sets": ["uniform4", "caliendo_parro2015"]}}
    outputs = [{"variable": "real_income_change", "region": "USA"}]
    found = sweep(study(vary=vary, outputs=outputs)).values("real_income_change|USA")
    for at, name in enumerate(vary["elasticities"]["sets"]):
        whole = sim.run("tariff-100", elasticities=name)
        assert found[at] == pytest.approx(whole.value("real_income_change", "USA"), rel=1e-6)


def test_a_lever_moves_the_scenarios_that_have_it():
    found = sweep(study(scenarios=["tariff-100", "truce-lapse"]))
    lapse = found.values("real_income_change|USA", "truce-lapse")
    np.testing.assert_allclose(lapse, lapse[0], rtol=1e-7)
    assert np.ptp(found.values("real_income_change|USA")) > 0.1


def test_worker_processes_find_the_same(tmp_path):
    serial = sweep(study(), jobs=1)
    with local_executor(2, 6) as (pool, workers):
        assert isinstance(pool, ProcessPoolExecutor)
        spread = sweep(study(), out=tmp_path, executor=pool, workers=workers)
    alike(serial, spread)


def test_finished_parts_are_not_run_again(tmp_path, monkeypatch):
    first = sweep(study(), out=tmp_path)
    stamps = {path: path.stat().st_mtime_ns for path in (tmp_path / PARTS).iterdir()}
    assert len(stamps) == 3
    lost = sorted(stamps)[1]
    lost.unlink()
    asked = []
    monkeypatch.setattr(SerialExecutor, "submit", counting(asked, SerialExecutor.submit))
    alike(first, sweep(study(), out=tmp_path))
    assert len(asked) == 1
    now = {path: path.stat().st_mtime_ns for path in (tmp_path / PARTS).iterdir()}
    assert {path for path in stamps if stamps[path] != now[path]} == {lost}
    assert read_manifest(tmp_path)["complete"] is True


def counting(asked, submit):
    def counted(self, *arguments):
        asked.append(arguments)
        return submit(self, *arguments)

    return counted


def test_a_damaged_part_is_run_again(tmp_path):
    first = sweep(study(), out=tmp_path)
    part = sorted((tmp_path / PARTS).iterdir())[0]
    part.write_bytes(part.read_bytes()[:100])
    alike(first, sweep(study(), out=tmp_path))


@pytest.mark.parametrize(
    "change",
    [
        {"vary": {"us_rate": {"values": [0.0, 61.0]}}},
        {"levers": {"coverage": 0.9}},
        {"elasticities": "uniform4"},
        {"outputs": [{"variable": "real_income_change", "region": "USA"}]},
        {"chunk": 3},
    ],
)
def test_another_specification_never_mixes_with_old_parts(tmp_path, change):
    sweep(study(), out=tmp_path)
    old = {path.name for path in (tmp_path / PARTS).iterdir()}
    with pytest.raises(InputError, match="another specification"):
        sweep(study(**change), out=tmp_path)
    assert {path.name for path in (tmp_path / PARTS).iterdir()} == old
    found = sweep(study(**change), out=tmp_path, force=True)
    new = {path.name for path in (tmp_path / PARTS).iterdir()}
    assert not new & old
    alike(found, sweep(study(**change)))


def test_words_are_no_part_of_the_specification(tmp_path):
    sweep(study(), out=tmp_path)
    sweep(study(title="Another title", note="and a note"), out=tmp_path)


def test_a_changed_scenario_is_another_specification(tmp_path):
    file = tmp_path / "mine.yaml"
    text = "title: Mine\nquestion: What?\nextends: tariff-100\n"
    file.write_text(text)
    before = plan_of(*study_of(study(scenarios=[str(file)]))).digest
    file.write_text(text + "date: 2025-12-02\n")
    from sim.study.sweeps import worker

    worker._runner.cache_clear()  # a new process reads the file again
    assert plan_of(*study_of(study(scenarios=[str(file)]))).digest != before


def test_two_sweeps_do_not_write_to_one_folder(tmp_path):
    plan = plan_of(*study_of(study()))
    with (
        Store(tmp_path, plan.digest).opened(),
        pytest.raises(InputError, match="another sweep is writing"),
    ):
        sweep(study(), out=tmp_path)


def test_a_folder_that_cannot_be_written_is_one_readable_line(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError, match=r"cannot be written.*--out"):
        sweep(study(), out=tmp_path / "file" / "sub")


def test_a_full_disk_is_one_readable_line_and_leaves_no_half_part(tmp_path, monkeypatch):
    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match=r"disk is full.*finished parts are kept"):
        write_whole(tmp_path / "part.parquet", b"content")
    assert list(tmp_path.iterdir()) == []


def failing(monkeypatch, rate):
    whole = Runner.values

    def sometimes(self, levers, *others):
        if levers["us_rate"] == rate:
            raise NotConverged(0.5, 1e-9, WorstMarket("price index", "CHN", "SOY"), "Try less.")
        return whole(self, levers, *others)

    monkeypatch.setattr(Runner, "values", sometimes)


def test_a_failed_run_stops_the_sweep(monkeypatch, tmp_path):
    failing(monkeypatch, 60.0)
    with pytest.raises(Failure, match=r"worst market.*--keep-going") as caught:
        sweep(study(), out=tmp_path)
    assert caught.value.exit_code == 2


def test_keep_going_turns_a_failed_run_into_a_row_with_its_error(monkeypatch, tmp_path):
    failing(monkeypatch, 60.0)
    found = sweep(study(), out=tmp_path, keep_going=True)
    assert [run for run, _ in found.errors()] == [2, 3]
    assert all("worst market" in words for _, words in found.errors())
    assert (
        np.isnan(found.values("real_income_change|USA")).tolist()
        == [False] * 2 + [True] * 2 + [False] * 2
    )
    manifest = read_manifest(tmp_path)
    assert (manifest["failed"], manifest["done"], manifest["complete"]) == (2, 6, True)
    monkeypatch.undo()
    again = sweep(study(), out=tmp_path)  # without --keep-going failed parts are run again
    assert again.errors() == []
    assert read_manifest(tmp_path)["failed"] == 0


def test_few_chunks_are_in_flight_at_once():
    plan = plan_of(*study_of(study(chunk=1, vary={"us_rate": {"values": list(np.arange(40.0))}})))
    most = 0

    class Slow(SerialExecutor):
        def submit(self, fn, /, *arguments):
            nonlocal most
            future = Future()
            pending.append(future)
            most = max(most, sum(not one.done() for one in pending))
            if len(pending) % 4 == 0:
                for one in pending:
                    if not one.done():
                        one.set_result(Done(b"", 0, None))
            return future

    pending = []
    progress = Progress(plan.runs)
    run_all(plan, plan.chunks(), Slow(), lambda *_: None, progress, (4, False, None))
    assert most <= 4 * IN_FLIGHT
    assert progress.done == 40


def test_csv_and_iamc(tmp_path):
    found = sweep(study(), out=tmp_path)
    export(found, tmp_path / "results.csv", "csv", 2025)
    lines = (tmp_path / "results.csv").read_text().splitlines()
    assert lines[0] == "run,scenario,variable,region,partner,sector,unit,value,error"
    assert len(lines) == 1 + 6 * 3
    export(found, tmp_path / "iamc.csv", "iamc", 2025)
    lines = (tmp_path / "iamc.csv").read_text().splitlines()
    assert lines[0] == "model,scenario,region,variable,unit,year,value"
    assert any(
        line.startswith(
            f"Truce {sim.__version__},tariff-100|run 0,USA,imports_change|CHN,USD mn,2025,"
        )
        for line in lines
    )


def test_a_folder_can_be_opened_later(tmp_path):
    found = sweep(study(), out=tmp_path)
    again = SweepResult.load(tmp_path)
    alike(found, again)
    assert again.inputs.equals(found.inputs)
    with pytest.raises(InputError, match="Known: real_income_change"):
        again.values("imports|USA")
    with pytest.raises(InputError, match="no sweep in this folder"):
        SweepResult.load(tmp_path / "elsewhere")
    (tmp_path / "study.json").write_text("{}")
    with pytest.raises(InputError, match="cannot be read"):
        SweepResult.load(tmp_path)


def test_parts_are_zstd_with_dictionary_columns(tmp_path):
    sweep(study(), out=tmp_path)
    part = sorted((tmp_path / PARTS).iterdir())[0]
    group = pq.ParquetFile(part).metadata.row_group(0)
    columns = {group.column(at).path_in_schema: group.column(at) for at in range(group.num_columns)}
    assert {column.compression for column in columns.values()} == {"ZSTD"}
    assert "RLE_DICTIONARY" in columns["variable"].encodings
    content = json.loads((tmp_path / "manifest.json").read_text())
    assert {"digest", "version", "baseline_digest", "runs", "complete"} <= set(content)


@pytest.mark.filterwarnings("ignore")
def test_dask_runs_the_same_sweep_on_two_worker_processes(tmp_path):
    distributed = pytest.importorskip("distributed", reason="the cluster extra is not installed")
    environment = {"PYTHONPATH": str(ROOT)}
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, env=environment
    ) as cluster:
        with dask_executor(cluster.scheduler_address) as (pool, workers):
            assert workers == 2
            found = sweep(study(), out=tmp_path, executor=pool, workers=workers)
        with distributed.Client(cluster) as client:
            pids = client.run(os.getpid)
    assert os.getpid() not in pids.values()
    alike(found, sweep(study()))


def test_no_scheduler_is_one_readable_line():
    pytest.importorskip("distributed", reason="the cluster extra is not installed")
    with pytest.raises(InputError, match="no scheduler"), dask_executor("nonsense://nowhere"):
        pass
