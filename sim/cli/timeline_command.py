"""`truce timeline`."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

import typer

from sim.cli.terminal import AsJson, Settings, levers_of, print_json, show
from sim.errors import InputError

FIRST, LAST = "2018-01", "2026-11"


def timeline(  # noqa: PLR0913  options of a command
    first: Annotated[str, typer.Option("--from", help=f"First month or day [{FIRST}].")] = "",
    last: Annotated[str, typer.Option("--to", help=f"Last month or day [{LAST}].")] = "",
    scenario: Annotated[str, typer.Option(help="Scenario id or file.")] = "baseline-today",
    partner: Annotated[
        str, typer.Option(help="Region in place of the scenario's partner; all: with --date.")
    ] = "",
    day: Annotated[str, typer.Option("--date", help="One day, partner by partner.")] = "",
    by: Annotated[str, typer.Option("--by", help="authority: also the parts.")] = "",
    daily: Annotated[bool, typer.Option("--daily", help="Days instead of months.")] = False,
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Print average tariffs: of two countries through time, or on every partner on a day."""
    if by not in ("", "authority"):
        raise InputError(f"--by is {by!r}.", advice="Write --by authority.")
    question: dict[str, Any] = {
        "scenario": scenario,
        "levers": levers_of(settings),
        "by_authority": by == "authority",
    }
    if day and (first or last or daily):
        raise InputError(
            "--date is one day, --from, --to and --daily are a range.", advice="Write one of them."
        )
    if day:
        _show_day(day, partner or "all", question, as_json=as_json)
    elif partner == "all":
        raise InputError("--partner all needs a day.", advice="Write --date 2026-07-24.")
    else:
        span = (first or FIRST, last or LAST)
        _show_range(span, partner, question, daily=daily, as_json=as_json)


def _show_day(day: str, partner: str, question: dict[str, Any], *, as_json: bool) -> None:
    from sim.engine.averages import LABEL, day_of
    from sim.engine.runs import partner_averages
    from sim.report.partner_table import partner_report

    averages = partner_averages(day_of(day), partner=partner, **question)
    if as_json:
        print_json([{"date": day_of(day).isoformat(), **average.row()} for average in averages])
        return
    title = f"Average tariffs on {day_of(day)}, {question['scenario']}"
    show(partial(partner_report, averages, title=title, label=LABEL))


def _show_range(
    span: tuple[str, str], partner: str, question: dict[str, Any], *, daily: bool, as_json: bool
) -> None:
    from sim.engine.averages import LABEL, range_of
    from sim.engine.runs import average_rates
    from sim.report.timeline_plot import timeline_report

    rates = average_rates(*range_of(*span), partner=partner or None, **question)
    rows = rates.daily() if daily else rates.monthly()
    if as_json:
        print_json(rows)
        return
    show(
        partial(
            timeline_report,
            rows,
            label=LABEL,
            scenario=question["scenario"],
            by_authority=question["by_authority"],
            names=rates.names,
        )
    )
