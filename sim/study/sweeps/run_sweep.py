"""The functions that people call: `sweep` and `sensitivity`.

>>> from sim.study import sweep
>>> study = {
...     "title": "Soybeans",
...     "question": "How large a subsidy do the purchases take?",
...     "scenarios": ["soybean-purchases"],
...     "vary": {"purchases_mmt": {"values": [20.0, 30.0]}},
...     "design": {"kind": "grid"},
...     "outputs": [{"variable": "purchase_subsidy", "region": "CHN"}],
... }
>>> small, large = sweep(study).values("purchase_subsidy|CHN")
>>> bool(large > small)
True
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.study.executor import local_executor
from sim.study.progress import Watch
from sim.study.spec import Study, study_from
from sim.study.sweeps.analysis import Indices, indices_of
from sim.study.sweeps.execute import run_in_memory, run_into
from sim.study.sweeps.plan import plan_of
from sim.study.sweeps.store import PARTS, Store
from sim.study.sweeps.sweep_results import SweepResult


def sweep(  # noqa: PLR0913  all named
    study: str | Path | Mapping[str, Any] | Study,
    *,
    out: str | Path | None = None,
    jobs: int | None = None,
    executor: Executor | None = None,
    workers: int = 2,
    keep_going: bool = False,
    force: bool = False,
    folder: Path | None = None,
    watch: Watch | None = None,
) -> SweepResult:
    """Run a study.

    Parameters
    ----------
    study
        Path of a study file, or its content.
    out
        Folder to write to, which an interrupted sweep resumes from; None keeps all in memory.
    jobs
        Worker processes here; None: one a core, none for a few runs.
    executor, workers
        An executor of your own (Dask's ``Client.get_executor()``), and how many work behind it.
    keep_going
        Turn failed runs into rows with their error.
    force
        Delete what another specification, or an earlier run of this one, left in `out`.
    folder
        Folder of scenarios; the shipped one if None.
    watch
        Called with the progress after each chunk.

    Raises
    ------
    InputError
        If the study or the folder cannot be used.
    Failure
        At the first run that fails, unless `keep_going`.
    """
    chosen, base = study_of(study)
    plan = plan_of(chosen, base, folder)
    with _executor(executor, workers, jobs, plan.runs) as (pool, count):
        if out is None:
            parts = run_in_memory(plan, pool, workers=count, keep_going=keep_going)
            return SweepResult.of_plan(plan, parts)
        store = Store(Path(out), plan.digest)
        run_into(plan, store, pool, workers=count, keep_going=keep_going, force=force, watch=watch)
    return SweepResult.of_plan(plan, sorted((Path(out) / PARTS).glob("*.parquet")))


@contextmanager
def _executor(
    executor: Executor | None, workers: int, jobs: int | None, runs: int
) -> Iterator[tuple[Executor, int]]:
    if executor is not None:
        yield executor, workers
        return
    with local_executor(jobs, runs) as pair:
        yield pair


def study_of(study: str | Path | Mapping[str, Any] | Study) -> tuple[Study, Path]:
    """Return a study and the folder that its paths are relative to.

    Raises
    ------
    InputError
        If it is not a study, or is a game.
    """
    return study_from(study, Study, ("is a game.", "Run it with `truce game FILE`."))


def sensitivity(
    scenario: str,
    vary: Mapping[str, Mapping[str, Any]],
    outputs: list[Mapping[str, Any]],
    *,
    runs: int = 256,
    seed: int = 0,
    jobs: int | None = None,
) -> list[Indices]:
    """Return first-order and total Sobol indices: which inputs a number depends on.

    Parameters
    ----------
    vary, outputs
        As in a study file.
    runs
        Base sample; the model is run (2 + inputs) times as often.

    Examples
    --------
    >>> from sim.study import sensitivity
    >>> (indices,) = sensitivity(
    ...     "tariff-100",
    ...     {"us_rate": {"min": 0.0, "max": 150.0}, "china_retaliation": {"min": 0.0, "max": 20.0}},
    ...     [{"variable": "real_income_change", "region": "CHN"}],
    ...     runs=16,
    ... )
    >>> indices.names[int(indices.total.argmax())]
    'us_rate'
    """
    content = {
        "title": f"Sensitivity of {scenario}",
        "question": "Which inputs do the numbers depend on?",
        "scenarios": [scenario],
        "vary": dict(vary),
        "design": {"kind": "saltelli", "runs": runs, "seed": seed},
        "outputs": outputs,
    }
    return indices_of(sweep(content, jobs=jobs))
