"""`truce sweep`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sim.cli.progress_bar import clock, one_thread, watching
from sim.cli.terminal import AsJson, BaselineFolder, console, print_json
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.study.progress import Progress
    from sim.study.sweeps.plan import Plan
    from sim.study.sweeps.sweep_results import SweepResult

Format = Literal["parquet", "csv", "iamc"]

DRY_ROWS = 5
"""Rows of the design that a dry run shows."""


def sweep(  # noqa: PLR0913  one parameter an option
    words: Annotated[list[str], typer.Argument(metavar="STUDY.yaml", help="Or: report DIR.")],
    out: Annotated[Path | None, typer.Option("--out", help="Folder; resumed if begun.")] = None,
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", help="Worker processes.")] = None,
    cluster: Annotated[str | None, typer.Option(help="Address of a Dask scheduler.")] = None,
    seed: Annotated[int | None, typer.Option(help="In place of the study's.")] = None,
    to: Annotated[Format, typer.Option("--format", help="Also as CSV or IAMC.")] = "parquet",
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="Count, do not run.")] = False,
    keep_going: Annotated[bool, typer.Option(help="A failed run is a row.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Start the folder afresh.")] = False,
    baseline: BaselineFolder = None,
    as_json: AsJson = False,
) -> None:
    """Run a study of many runs, or resume it; `sweep report DIR` shows what it found."""
    one_thread()
    if words[0] == "report":
        _report(words[1:], as_json=as_json)
        return
    if len(words) != 1:
        raise InputError(f"{len(words)} studies.", advice="Name one, or write: report DIR.")
    plan = _plan(Path(words[0]), seed, baseline)
    if dry_run:
        _dry_run(plan, jobs, as_json=as_json)
        return
    folder = out or Path("out") / "studies" / Path(words[0]).stem
    progress = _run(plan, folder, (jobs, cluster), keep_going=keep_going, force=force)
    result = _loaded(folder)
    if to != "parquet":
        _export(plan, result, folder, to)
    _print(result, as_json=as_json)
    typer.echo(f"saved in {folder}", err=True)
    raise typer.Exit(1 if progress.failed else 0)


def _plan(path: Path, seed: int | None, baseline: Path | None) -> Plan:
    from sim.study.sweeps.plan import plan_of
    from sim.study.sweeps.run_sweep import study_of

    study, base = study_of(path)
    if seed is not None:
        if seed < 0:
            raise InputError(f"--seed is {seed}.", advice="Write 0 or more.")
        design = study.design.model_copy(update={"seed": seed})
        study = study.model_copy(update={"design": design})
    return plan_of(study, base, baseline=baseline)


def _run(
    plan: Plan,
    folder: Path,
    where: tuple[int | None, str | None],
    *,
    keep_going: bool,
    force: bool,
) -> Progress:
    from sim.study.executor import dask_executor, local_executor
    from sim.study.sweeps.execute import run_into
    from sim.study.sweeps.store import Store

    jobs, cluster = where
    chosen = dask_executor(cluster) if cluster else local_executor(jobs, plan.runs)
    store = Store(folder, plan.digest)
    with chosen as (pool, workers), watching(plan.runs) as watch:
        return run_into(
            plan, store, pool, workers=workers, keep_going=keep_going, force=force, watch=watch
        )


def _dry_run(plan: Plan, jobs: int | None, *, as_json: bool) -> None:
    from sim.study.executor import default_jobs

    table = plan.design_table().slice(0, DRY_ROWS)
    content = {**plan.shape(), "digest": plan.digest, "first_rows": table.to_pylist()}
    if as_json:
        print_json(content)
        return
    count = jobs or default_jobs()
    typer.echo(plan.study.title)
    typer.echo(f"runs {plan.runs}: {len(plan.places)} scenarios x {plan.rows} rows of the design")
    typer.echo(f"parts {content['chunks']}, numbers a run {content['numbers_a_run']}")
    typer.echo(f"about {clock(plan.seconds / count)} on {count} cores (a rough guess)")
    for row in table.to_pylist():
        typer.echo("  ".join(f"{name}={_short(value)}" for name, value in row.items()))


def _short(value: Any) -> str:  # noqa: ANN401  a cell
    return f"{value:.6g}" if isinstance(value, float) else "as is" if value is None else str(value)


def _report(words: list[str], *, as_json: bool) -> None:
    if len(words) != 1:
        raise InputError("no folder, or several.", advice="Write: truce sweep report DIR.")
    _print(_loaded(Path(words[0])), as_json=as_json)


def _loaded(folder: Path) -> SweepResult:
    from sim.study.sweeps.sweep_results import SweepResult

    return SweepResult.load(folder)


def _print(result: SweepResult, *, as_json: bool) -> None:
    from sim.report.study_tables import sweep_report, sweep_summary

    if as_json:
        print_json(sweep_summary(result))
    else:
        console().print(sweep_report(result))


def _export(plan: Plan, result: SweepResult, folder: Path, kind: Format) -> None:
    from sim.study.sweeps.sweep_results import export
    from sim.study.sweeps.worker import runner_of

    first = runner_of(plan.recipe, next(iter(plan.places)))
    name = {"csv": "results.csv", "iamc": "iamc.csv"}[kind]
    export(result, folder / name, kind, first.template.default.date.year)
