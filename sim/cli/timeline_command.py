"""`truce timeline`."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from sim.cli.terminal import AsJson, Settings, levers_of, print_json, show
from sim.errors import InputError


def timeline(  # noqa: PLR0913  options of a command
    first: Annotated[str, typer.Option("--from", help="First month or day.")] = "2018-01",
    last: Annotated[str, typer.Option("--to", help="Last month or day.")] = "2026-11",
    scenario: Annotated[str, typer.Option(help="Scenario id or file.")] = "baseline-today",
    by: Annotated[str, typer.Option("--by", help="authority: also the parts.")] = "",
    daily: Annotated[bool, typer.Option("--daily", help="Days instead of months.")] = False,
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Print and plot the average tariffs of the two countries through time."""
    from sim.engine.averages import LABEL, range_of
    from sim.engine.runs import average_rates
    from sim.report.timeline_plot import timeline_report

    if by not in ("", "authority"):
        raise InputError(f"--by is {by!r}.", advice="Write --by authority.")
    by_authority = by == "authority"
    rates = average_rates(
        *range_of(first, last),
        scenario=scenario,
        levers=levers_of(settings),
        by_authority=by_authority,
    )
    rows = rates.daily() if daily else rates.monthly()
    if as_json:
        print_json(rows)
        return
    show(partial(timeline_report, rows, label=LABEL, scenario=scenario, by_authority=by_authority))
