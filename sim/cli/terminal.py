"""What all commands share: options, JSON, the console, progress; light to import."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sim.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from sim.outputs.results import RunResult

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Settings = Annotated[
    list[str] | None, typer.Option("--set", metavar="LEVER=VALUE", help="Move a lever; repeat.")
]
OutFolder = Annotated[Path | None, typer.Option("--out", help="Save results in this folder.")]
Against = Annotated[
    str,
    typer.Option(
        help="What changes are against: own (its counterpart, where it means that something does "
        "not happen, else its baseline), baseline, or 2024."
    ),
]
Months = Annotated[
    int | None, typer.Option("--months", help="A path of so many months; none: the long run.")
]
BaselineFolder = Annotated[
    Path | None,
    typer.Option("--baseline", help="Own tables: a folder of `truce baseline build --out`."),
]
Elasticities = Annotated[str, typer.Option(help="Set of trade elasticities.")]


def levers_of(settings: list[str] | None, example: str = "us_rate=60") -> dict[str, float]:
    """Read ``lever=value`` pairs.

    Raises
    ------
    InputError
        If a setting is not such a pair.
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
                f"--set {setting!r} is not a lever and a number.", advice=f"Write --set {example}."
            )
    return levers


def against_of(word: str) -> Literal["own", "baseline", "2024"]:
    """Read what changes are measured against.

    Raises
    ------
    InputError
        If it is none of the words.
    """
    if word == "own":
        return "own"
    if word == "baseline":
        return "baseline"
    if word == "2024":
        return "2024"
    raise InputError(f"--against is {word!r}.", advice="Write own, baseline or 2024.")


def print_json(content: Any) -> None:  # noqa: ANN401  whatever JSON can hold
    """Print content for programs."""
    typer.echo(json.dumps(content, indent=2, ensure_ascii=False, default=str))


def console(*, stderr: bool = False) -> Console:
    """Return a console on stdout or stderr."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=False)


def show(report: Callable[[int], RenderableType]) -> None:
    """Print a report laid out for the width of the terminal."""
    from sim.report.console_layout import width_of

    screen = console()
    screen.print(report(width_of(screen)))


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """Show a spinner on a terminal, and nothing elsewhere."""
    screen = console(stderr=True)
    if not screen.is_terminal:
        yield
        return
    with screen.status(text):
        yield


@contextmanager
def step_by_step() -> Iterator[Callable[[str], None]]:
    """Show the step that is under way beside a spinner on a terminal, and nothing elsewhere."""
    screen = console(stderr=True)
    if not screen.is_terminal:
        yield lambda text: None
        return
    with screen.status("Starting ...") as status:
        yield lambda text: status.update(f"{text} ...")


def say_saved(out: Path | None) -> None:
    """Say where results are, if they were to be saved."""
    if out is not None:
        typer.echo(f"saved in {out}", err=True)


def say_renamed(results: Sequence[RunResult]) -> None:
    """Say which results are not saved under their own ids, as others have the same."""
    from sim.outputs.folder_names import renamed

    for sentence in renamed(results):
        typer.echo(sentence, err=True)
