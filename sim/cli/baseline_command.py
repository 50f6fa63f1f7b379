"""`truce baseline build`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.terminal import AsJson, print_json, waiting
from sim.errors import InputError

baseline = typer.Typer(
    help="The embedded baseline.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@baseline.callback()
def group() -> None:
    """Leave all work to the verbs; without a callback a single verb would be no group."""


@baseline.command("build")
def build(
    data: Annotated[
        Path | None, typer.Option(envvar="TRUCE_DATA", help="Folder of raw data.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder to write; none: the embedded tables.")
    ] = None,
    icio: Annotated[
        Path | None, typer.Option(help="Official OECD ICIO CSV, or an archive of it.")
    ] = None,
    aggregation: Annotated[Path | None, typer.Option(help="Regions and sectors, YAML.")] = None,
    as_json: AsJson = False,
) -> None:
    """Build baseline tables from raw data."""
    from sim.baseline.build.assemble import build as build_tables
    from sim.baseline.load import TABLES, digest

    if icio is not None and out is None:
        raise InputError("--icio without --out.", advice="Name a folder for the new tables.")
    with waiting("Building ..."):
        folder = build_tables(data, out or TABLES, icio, aggregation)
    built = {"folder": str(folder), "digest": digest(folder)}
    if as_json:
        print_json(built)
    else:
        typer.echo(f"written to {built['folder']}, digest {built['digest']}")
