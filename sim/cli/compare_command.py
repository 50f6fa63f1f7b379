"""`truce compare`: the long run, or with `--months` paths by quarter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

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
    console,
    levers_of,
    print_json,
    say_renamed,
    say_saved,
    show,
    waiting,
)


def compare(  # noqa: PLR0913  one parameter an option
    names: Annotated[list[str] | None, typer.Argument(help="Ids; none: the articles'.")] = None,
    settings: Settings = None,
    out: OutFolder = None,
    elasticities: Elasticities = ELASTICITIES,
    against: Against = "own",
    details: Annotated[bool, typer.Option("--details", help="Show every headline figure.")] = False,
    months: Months = None,
    baseline: BaselineFolder = None,
    as_json: AsJson = False,
) -> None:
    """Compare scenarios: all changes side by side, and what each is worth."""
    levers, start = levers_of(settings), against_of(against)
    if months is not None:
        _compare_paths(names or (), levers, elasticities, months, out, details, as_json, baseline)
        return
    from sim.engine.scenario_comparison import compare as compare_scenarios
    from sim.report.comparison_report import comparison_report
    from sim.report.summary import comparison_summary

    with waiting("Solving ..."):
        comparison = compare_scenarios(
            names or (),
            levers=levers,
            elasticities=elasticities,
            against=start,
            baseline=baseline,
        )
    if out is not None:
        comparison.save(out)
        say_renamed(comparison.results)
    if as_json:
        print_json(comparison_summary(comparison))
        return
    show(partial(comparison_report, comparison, details=details))
    say_saved(out)


def _compare_paths(  # noqa: PLR0913  one parameter an option
    names: Sequence[str],
    levers: Mapping[str, float],
    elasticities: str,
    months: int,
    out: Path | None,
    details: bool,
    as_json: bool,
    baseline: Path | None,
) -> None:
    """Run the paths, save them if asked to, and print them by quarter."""
    from sim.engine.path_comparison import compare_paths
    from sim.report.paths_by_quarter import paths_report

    with waiting("Solving ..."):
        comparison = compare_paths(
            names, months=months, levers=levers, elasticities=elasticities, baseline=baseline
        )
    if out is not None:
        comparison.save(out)
        say_renamed(comparison.results)
    if as_json:
        print_json(comparison.to_dict())
    else:
        console().print(paths_report(comparison, details=details))
    say_saved(out)
