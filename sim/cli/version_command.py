"""`truce version`."""

from __future__ import annotations

import typer

from sim import __version__
from sim.cli.terminal import AsJson, print_json


def version(as_json: AsJson = False) -> None:
    """Print the version."""
    if as_json:
        print_json({"version": __version__})
    else:
        typer.echo(__version__)
