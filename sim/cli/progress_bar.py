"""How far many runs have come: a bar on a terminal, plain lines elsewhere; light to import."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from sim.cli.terminal import console

if TYPE_CHECKING:
    from sim.study.progress import Progress, Watch

PLAIN_SECONDS = 10.0
"""Time between two lines of progress where there is no terminal."""


def one_thread() -> None:
    """Ask for one BLAS thread before numpy is imported: arrays are small, threads only wait."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")


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


@contextmanager
def announcing() -> Iterator[Callable[[str], None]]:
    """Say what is being solved: beside a spinner on a terminal, or line by line."""
    screen = console(stderr=True)
    if not screen.is_terminal:
        yield lambda text: typer.echo(f"Solving {text} ...", err=True)
        return
    with screen.status("Solving ...") as status:
        yield lambda text: status.update(f"Solving {text} ...")


def clock(seconds: float) -> str:
    """Return a time as ``1:02:03`` or ``2:03``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


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
    return f"{'' if left is None else f'{clock(left)} left'}{failed}"
