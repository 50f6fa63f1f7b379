"""`truce check`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.terminal import AsJson, BaselineFolder, print_json
from sim.errors import InputError


def check(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files or folders.")] = None,
    baseline: BaselineFolder = None,
    as_json: AsJson = False,
) -> None:
    """Check scenario and measure files: all problems at once."""
    from sim.engine.runs import check as check_files
    from sim.engine.runs import warnings as warnings_of

    problems: list[InputError] = [
        *check_files(paths or (), baseline=baseline),
        *_study_problems(paths or ()),
    ]
    warnings = warnings_of(paths or (), baseline=baseline)
    if as_json:
        print_json([_plain(problem) for problem in problems])
    else:
        for problem in problems:
            typer.echo(f"error: {problem}", err=True)
        for warning in warnings:
            typer.echo(f"warning: {warning}", err=True)
        if not problems:
            typer.echo("no problems")
    raise typer.Exit(1 if problems else 0)


def _plain(error: InputError) -> dict[str, object]:
    """Return an error as plain data."""
    return {
        "file": error.file,
        "line": error.line,
        "field": error.field,
        "problem": error.problem,
        "advice": error.advice,
    }


def _study_problems(paths: Iterable[Path] = ()) -> list[InputError]:
    """Return what is wrong with the study files in these places; the shipped ones if none."""
    from sim.policy.language.messages import BrokenFile
    from sim.policy.library.cards import scenario_folder

    problems: list[InputError] = []
    for path in list(paths) or [scenario_folder()]:
        files = [path] if path.is_file() else sorted(path.rglob("*.yaml"))
        for file in files:
            if file.parent.name != "studies":
                continue
            try:
                _check_study(file)
            except BrokenFile as error:
                problems += [error, *error.others]
            except InputError as error:
                problems.append(error)
    return problems


def _check_study(file: Path) -> None:
    from sim.study.games.game import check_game
    from sim.study.spec import Study, read_study
    from sim.study.sweeps.plan import plan_of

    study, _ = read_study(file)
    if isinstance(study, Study):
        plan_of(study, file.parent)
    else:
        check_game(study, file.parent)
