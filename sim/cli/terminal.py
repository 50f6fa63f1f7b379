"""What all commands share: options, JSON, the console, progress; light to import."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.baseline.defaults import ELASTICITIES
from sim.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Settings = Annotated[
    list[str] | None, typer.Option("--set", metavar="LEVER=VALUE", help="Move a lever; repeat.")
]
Elasticities = Annotated[str, typer.Option(help="Set of trade elasticities.")]

DEFAULT_SET = ELASTICITIES


def levers_of(settings: list[str] | None, example: str = "us_rate=60") -> dict[str, float]:
    """Read ``lever=value`` pairs.

    Raises
    ------
    InputError
        If one is no such pair.
    """
    levers = {}
    for setting in settings or ():
        name, equals, text = setting.partition("=")
        try:
            levers[name.strip()] = float(text)
        except ValueError:
            equals = ""
        if not equals or not name.strip():
            raise InputError(
                f"--set {setting!r} is no lever and number.", advice=f"Write --set {example}."
            )
    return levers


def problem_entry(error: InputError) -> dict[str, Any]:
    """Return an error as plain data."""
    return {
        "file": error.file,
        "line": error.line,
        "field": error.field,
        "problem": error.problem,
        "advice": error.advice,
    }


def print_json(content: Any) -> None:  # noqa: ANN401  whatever JSON can hold
    """Print content for programs."""
    typer.echo(json.dumps(content, indent=2, ensure_ascii=False, default=str))


def console(*, stderr: bool = False) -> Console:
    """Return a console on stdout or stderr."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=False)


def show(report: Callable[[int], RenderableType]) -> None:
    """Print a report laid out for the width of the terminal."""
    from sim.report.result import width_of

    there = console()
    there.print(report(width_of(there)))


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """Show a spinner on a terminal, and nothing elsewhere."""
    there = console(stderr=True)
    if not there.is_terminal:
        yield
        return
    with there.status(text):
        yield


def say_saved(out: Path | None) -> None:
    """Say where results are, if they were to be saved."""
    if out is not None:
        typer.echo(f"saved in {out}", err=True)
