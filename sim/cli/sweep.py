"""The commands `truce sweep` and `truce game`; light to import, as `sim.cli` needs it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sim.cli.terminal import AsJson, console, print_json
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.outputs.results import RunResult
    from sim.study.progress import Progress, Watch
    from sim.study.sweeps.plan import Plan
    from sim.study.sweeps.sweep_results import SweepResult

Format = Literal["parquet", "csv", "iamc"]
PLAIN_SECONDS = 10.0
"""Time between two lines of progress where there is no terminal."""

DRY_ROWS = 5


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
    as_json: AsJson = False,
) -> None:
    """Run a study of many runs, or resume it; `sweep report DIR` shows what it found."""
    one_thread()
    if words[0] == "report":
        _report(words[1:], as_json=as_json)
        return
    if len(words) != 1:
        raise InputError(f"{len(words)} studies.", advice="Name one, or write: report DIR.")
    plan = _plan(Path(words[0]), seed)
    if dry_run:
        _dry_run(plan, jobs, as_json=as_json)
        return
    folder = out or Path("out") / "studies" / Path(words[0]).stem
    progress = _run(plan, folder, (jobs, cluster), keep_going=keep_going, force=force)
    result = _loaded(folder)
    if to != "parquet":
        _export(plan, result, folder, to)
    _say(result, as_json=as_json)
    typer.echo(f"saved in {folder}", err=True)
    raise typer.Exit(1 if progress.failed else 0)


def game(
    study: Annotated[Path, typer.Argument(help="Game file.")], as_json: AsJson = False
) -> None:
    """Work out what each side would do: payoffs, equilibria, what keeps a truce."""
    one_thread()
    from sim.report.study import game_report
    from sim.study.games.game import game as play

    found = play(study)
    if as_json:
        content = {
            "title": found.title,
            "players": found.players,
            "actions": found.actions,
            "units": found.units,
            "payoffs": found.payoffs.tolist(),
            "pure": found.pure,
            "equilibria": [[one.row.tolist(), one.column.tolist()] for one in found.equilibria],
            "thresholds": found.thresholds(),
        }
        print_json(content)
        return
    console().print(game_report(found))


def one_thread() -> None:
    """Ask for one BLAS thread before numpy is imported: arrays are small, threads only wait."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def problems(paths: Iterable[Path] = ()) -> list[InputError]:
    """Return what is wrong with the study files in these places; the shipped ones if none."""
    from sim.policy.language.messages import BrokenFile
    from sim.policy.library.cards import scenario_folder

    found: list[InputError] = []
    for path in list(paths) or [scenario_folder()]:
        files = [path] if path.is_file() else sorted(path.rglob("*.yaml"))
        for file in files:
            if file.parent.name != "studies":
                continue
            try:
                _check_study(file)
            except BrokenFile as error:
                found += [error, *error.others]
            except InputError as error:
                found.append(error)
    return found


def _check_study(file: Path) -> None:
    from sim.study.games.game import check_game
    from sim.study.spec import Study, read_study
    from sim.study.sweeps.plan import plan_of

    study, _ = read_study(file)
    if isinstance(study, Study):
        plan_of(study, file.parent)
    else:
        check_game(study, file.parent)


def ranges_of(result: RunResult) -> Mapping[str, tuple[float, float]]:
    """Return the stored ranges of a run's headline figures; empty where none fit."""
    from sim.study.sweeps.ranges import ranges_of as stored

    return stored(result)


def _plan(path: Path, seed: int | None) -> Plan:
    from sim.study.sweeps.plan import plan_of
    from sim.study.sweeps.run_sweep import study_of

    study, base = study_of(path)
    if seed is not None:
        if seed < 0:
            raise InputError(f"--seed is {seed}.", advice="Write 0 or more.")
        design = study.design.model_copy(update={"seed": seed})
        study = study.model_copy(update={"design": design})
    return plan_of(study, base)


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
    typer.echo(f"about {_clock(plan.seconds / count)} on {count} cores (a rough guess)")
    for row in table.to_pylist():
        typer.echo("  ".join(f"{name}={_short(value)}" for name, value in row.items()))


def _short(value: Any) -> str:  # noqa: ANN401  a cell
    return f"{value:.6g}" if isinstance(value, float) else "as is" if value is None else str(value)


def _report(words: list[str], *, as_json: bool) -> None:
    if len(words) != 1:
        raise InputError("no folder, or several.", advice="Write: truce sweep report DIR.")
    _say(_loaded(Path(words[0])), as_json=as_json)


def _loaded(folder: Path) -> SweepResult:
    from sim.study.sweeps.sweep_results import SweepResult

    return SweepResult.load(folder)


def _say(result: SweepResult, *, as_json: bool) -> None:
    from sim.report.study import sweep_report, sweep_summary

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


@contextmanager
def watching(total: int, noun: str = "runs") -> Iterator[Watch]:
    """Show a bar with the time left on a terminal, plain lines elsewhere."""
    screen = console(stderr=True)
    if not screen.is_terminal:
        yield _lines(noun)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[left]}"))
    with Bar(*columns, console=screen) as bar:
        task = bar.add_task("", total=total, left="")
        yield lambda now: bar.update(task, completed=now.done, left=_left(now))


def _lines(noun: str) -> Watch:
    said = [time.monotonic()]

    def watch(now: Progress) -> None:
        if time.monotonic() - said[0] >= PLAIN_SECONDS or now.done == now.total:
            said[0] = time.monotonic()
            typer.echo(f"{now.done} of {now.total} {noun}, {_left(now)}", err=True)

    return watch


def _left(now: Progress) -> str:
    failed = f", {now.failed} failed" if now.failed else ""
    left = now.seconds_left
    return f"{'' if left is None else f'{_clock(left)} left'}{failed}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
