"""`truce sources`."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.baseline.defaults import ELASTICITIES
from sim.cli.terminal import (
    AsJson,
    Elasticities,
    Settings,
    levers_of,
    print_json,
    show,
)


def sources(
    name: Annotated[str, typer.Argument(help="Scenario id, or path of a .yaml file.")],
    settings: Settings = None,
    elasticities: Elasticities = ELASTICITIES,
    as_json: AsJson = False,
) -> None:
    """Show what a run rests on: laws, articles, assumptions, data, with their grades."""
    from sim.engine.runs import sources as sources_of
    from sim.report.sources_list import sources_report

    listed = sources_of(name, levers=levers_of(settings), elasticities=elasticities)
    if as_json:
        print_json(listed)
        return
    show(lambda _: sources_report(listed))
