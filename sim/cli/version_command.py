"""`truce version`."""

from __future__ import annotations

import typer

from sim.cli.terminal import AsJson, print_json
from sim.version import __version__


def version(as_json: AsJson = False) -> None:
    """Print the version."""
    if as_json:
        print_json({"version": __version__})
    else:
        typer.echo(__version__)
