"""`truce baseline build`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.terminal import AsJson, print_json, step_by_step
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.baseline.build.assemble import BuiltBaseline

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
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse a table that would have to be repaired.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Build baseline tables from raw data."""
    from sim.baseline.build.assemble import build_baseline
    from sim.baseline.load import TABLES, digest

    if icio is not None and out is None:
        raise InputError("--icio without --out.", advice="Name a folder for the new tables.")
    with step_by_step() as step:
        built = build_baseline(data, out or TABLES, icio, aggregation, strict=strict, step=step)
    content = _content(built, digest(built.folder))
    if as_json:
        print_json(content)
        return
    _print_repairs(built)
    sets = ", ".join(built.elasticity_sets)
    typer.echo(
        f"built {built.year}: {_number(len(built.regions), 'region')}, "
        f"{_number(len(built.sectors), 'sector')}, trade elasticities {sets}; "
        f"written to {content['folder']}, digest {content['digest']}"
    )


def _content(built: BuiltBaseline, digest: str) -> dict[str, Any]:
    """Return what was built for programs; money in USD mn."""
    from sim.report.repairs_list import repair_records, repair_totals

    return {
        "folder": str(built.folder),
        "digest": digest,
        "year": built.year,
        "regions": list(built.regions),
        "sectors": list(built.sectors),
        "elasticity_sets": list(built.elasticity_sets),
        "repairs": repair_records(built.repairs),
        "repair_totals_mn": repair_totals(built.repairs),
    }


def _print_repairs(built: BuiltBaseline) -> None:
    from sim.report.repairs_list import repair_lines

    for line in repair_lines(built.repairs):
        typer.echo(line)


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
