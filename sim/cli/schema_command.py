"""`truce schema`."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.terminal import AsJson, print_json


def schema(
    markdown: Annotated[bool, typer.Option("--markdown", help="A reference in words.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print the JSON Schema of scenario and measure files, for editors."""
    if markdown:
        from sim.policy.language.describe import language_markdown

        typer.echo(language_markdown(), nl=False)
        return
    from sim.policy.language.schema import schema_json

    print_json(schema_json())
