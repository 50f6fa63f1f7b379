"""`truce run`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.baseline.defaults import ELASTICITIES
from sim.cli.terminal import (
    Against,
    AsJson,
    BaselineFolder,
    Elasticities,
    Months,
    OutFolder,
    Settings,
    against_of,
    levers_of,
    print_json,
    say_renamed,
    say_saved,
    show,
    waiting,
)

if TYPE_CHECKING:
    from sim.outputs.results import RunResult

Names = Annotated[list[str], typer.Argument(help="Scenario ids, or paths of .yaml files.")]


def run(  # noqa: PLR0913  one parameter an option
    names: Names,
    settings: Settings = None,
    out: OutFolder = None,
    elasticities: Elasticities = ELASTICITIES,
    against: Against = "own",
    months: Months = None,
    baseline: BaselineFolder = None,
    as_json: AsJson = False,
) -> None:
    """Run scenarios, each against its own baseline."""
    levers = levers_of(settings)
    results = [_solved(name, levers, elasticities, against, months, baseline) for name in names]
    if out is not None:
        _save(results, out)
    if as_json:
        _print_summaries(results)
        return
    for result in results:
        _print_report(result)
    say_saved(out)


def _solved(
    name: str,
    levers: Mapping[str, float],
    elasticities: str,
    against: str,
    months: int | None,
    baseline: Path | None,
) -> RunResult:
    """Run one scenario, telling a terminal that it is under way."""
    from sim.engine.runs import run as run_scenario

    with waiting(f"Solving {name} ..."):
        return run_scenario(
            name,
            levers=levers,
            elasticities=elasticities,
            against=against_of(against),
            months=months,
            baseline=baseline,
        )


def _save(results: list[RunResult], out: Path) -> None:
    """Save a single result in the folder, and several in folders of their own below it."""
    from sim.outputs.folder_names import save_each

    if len(results) == 1:
        results[0].save(out)
        return
    save_each(results, out)
    say_renamed(results)


def _print_summaries(results: list[RunResult]) -> None:
    from sim.report.summary import path_summary, run_summary

    summaries = [path_summary(each) if each.is_path else run_summary(each) for each in results]
    print_json(summaries[0] if len(summaries) == 1 else summaries)


def _print_report(result: RunResult) -> None:
    from sim.study.sweeps.ranges import ranges_of, worth_range_of

    if result.is_path:
        from sim.report.path_report import path_report

        ends = worth_range_of(result, result.manifest["path"]["apart"])
        show(partial(path_report, result, worth_range=ends))
        return
    from sim.report.run_report import run_report

    show(partial(run_report, result, ranges=ranges_of(result)))
