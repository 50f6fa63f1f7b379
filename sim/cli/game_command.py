"""`truce game`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.progress_bar import one_thread
from sim.cli.terminal import AsJson, console, print_json


def game(
    study: Annotated[Path, typer.Argument(help="Game file.")], as_json: AsJson = False
) -> None:
    """Work out what each side would do: payoffs, equilibria, what keeps a truce."""
    one_thread()
    from sim.report.game_report import game_report, game_summary
    from sim.study.games.game import game as play

    played = play(study)
    if as_json:
        print_json(game_summary(played))
        return
    console().print(game_report(played))
