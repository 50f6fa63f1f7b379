"""`truce validate`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.progress_bar import announcing
from sim.cli.terminal import AsJson, print_json, show, waiting
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.report.backtest_grids import Section

COMPARED = ("all", "trackers", "scenarios")
BY_ITSELF = ("partners", "backtest", "elasticities", "frontloading")


def validate(
    what: Annotated[
        str,
        typer.Argument(
            help="trackers, partners, scenarios, all; backtest, elasticities, frontloading."
        ),
    ] = "all",
    markdown: Annotated[bool, typer.Option("--markdown", help="As docs/validation.md.")] = False,
    as_json: AsJson = False,
) -> None:
    """Set our numbers beside published ones; exit 1 if a tracker differs for no known cause."""
    if what == "frontloading":
        _show_frontloading(as_json=as_json)
    elif what in BY_ITSELF:
        _show_sections(what, as_json=as_json, markdown=markdown)
    elif what in COMPARED:
        _show_compared(what, as_json=as_json, markdown=markdown)
    else:
        advice = (
            "Write trackers, partners, scenarios or all; backtest, elasticities or frontloading."
        )
        raise InputError(f"nothing to validate called {what!r}.", advice=advice)


def _show_compared(what: str, *, as_json: bool, markdown: bool) -> None:
    """Print the trackers, the published estimates, or both, and leave with the exit code."""
    from sim.report import validation_report as report
    from sim.report.backtest_report import report as sections_report
    from sim.report.validation_markdown import validation_page
    from sim.validation.scenarios import compared_scenarios
    from sim.validation.trackers import tracker_gaps

    gaps = tracker_gaps() if what != "scenarios" else ()
    partners, panel = _partners() if gaps else ([], ())
    with waiting("Solving ..."):
        compared = compared_scenarios() if what != "trackers" else ()
    if markdown:
        sections = _all_sections() if what == "all" else ()
        typer.echo(validation_page(gaps, compared, sections, panel), nl=False)
    elif as_json:
        summary = report.validation_summary(gaps, compared)
        print_json({**summary, "partners": partners} if partners else summary)
    else:
        show(partial(report.validation_report, gaps, compared))
        if panel:
            show(partial(sections_report, panel))
    raise typer.Exit(0 if all(gap.is_explained for gap in gaps) else 1)


def _show_sections(what: str, *, as_json: bool, markdown: bool) -> None:
    """Print the panel of partners, the backtest or the elasticities by horizon."""
    from sim.report.backtest_report import report
    from sim.report.validation_markdown import sections_page

    found = {"partners": _partners, "backtest": _backtest, "elasticities": _elasticities}
    data, sections = found[what]()
    if as_json:
        print_json(data)
    elif markdown:
        typer.echo(sections_page(sections), nl=False)
    else:
        show(partial(report, sections))


def _show_frontloading(*, as_json: bool) -> None:
    from sim.report.frontloading_report import frontloading_report
    from sim.validation.frontloading import frontloading_summary

    with waiting("Solving the paths of 2025 and 2019 ..."):
        summary = frontloading_summary()
    if as_json:
        print_json(summary)
    else:
        show(partial(frontloading_report, summary))


def _all_sections() -> tuple[Section, ...]:
    """Everything that the page docs/validation.md says of backtests and elasticities."""
    return (*_backtest()[1], *_elasticities()[1])


def _partners() -> tuple[Any, tuple[Section, ...]]:
    from sim.report.partner_panel_section import panel_section, panel_summary
    from sim.validation.partner_panel import panel_agreements, read_panel

    panel = read_panel()
    agreements = panel_agreements(panel)
    return panel_summary(agreements), (panel_section(agreements, panel),)


def _backtest() -> tuple[dict[str, Any], tuple[Section, ...]]:
    from sim.report.backtest_report import backtest_summary
    from sim.report.backtest_tables import backtest_sections
    from sim.validation.backtest.suite import findings

    with announcing() as tell:
        backtests = findings(tell=tell)
    return backtest_summary(backtests), tuple(backtest_sections(backtests))


def _elasticities() -> tuple[dict[str, Any], tuple[Section, ...]]:
    from sim.report.backtest_report import elasticity_summary
    from sim.report.backtest_tables import elasticity_section
    from sim.validation.elasticity import elasticity_tables

    with announcing() as tell:
        tell("elasticities by horizon")
        tables = elasticity_tables()
    return elasticity_summary(tables), (elasticity_section(tables),)
