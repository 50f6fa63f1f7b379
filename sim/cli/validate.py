"""`truce validate backtest` and `truce validate elasticities`; light to import for `sim.cli`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import typer

from sim.cli.terminal import console, print_json, waiting
from sim.cli.terminal import show as show_report

if TYPE_CHECKING:
    from sim.report.backtest_tables import Section

COMMANDS = ("backtest", "elasticities", "frontloading")
"""What this module shows."""


def show(what: str, *, as_json: bool, markdown: bool) -> None:
    """Work out one of `COMMANDS` and print it."""
    if what == "frontloading":
        _show_frontloading(as_json=as_json)
        return
    from sim.report.backtest_report import report
    from sim.report.validation_markdown import sections_page

    data, sections = _backtest() if what == "backtest" else _elasticities()
    if as_json:
        print_json(data)
    elif markdown:
        typer.echo(sections_page(sections), nl=False)
    else:
        show_report(partial(report, sections))


def _show_frontloading(*, as_json: bool) -> None:
    from sim.report.frontloading_report import frontloading_report
    from sim.validation.frontloading import frontloading_summary

    with waiting("Solving the paths of 2025 and 2019 ..."):
        found = frontloading_summary()
    if as_json:
        print_json(found)
    else:
        show_report(partial(frontloading_report, found))


def sections() -> tuple[Section, ...]:
    """Everything that the page docs/validation.md says of backtests and elasticities."""
    return (*_backtest()[1], *_elasticities()[1])


def _backtest() -> tuple[dict[str, Any], tuple[Section, ...]]:
    from sim.report.backtest_report import backtest_summary
    from sim.report.backtest_tables import backtest_sections
    from sim.validation.backtest.suite import findings

    with _progress() as tell:
        found = findings(tell=tell)
    return backtest_summary(found), tuple(backtest_sections(found))


def _elasticities() -> tuple[dict[str, Any], tuple[Section, ...]]:
    from sim.report.backtest_report import elasticity_summary
    from sim.report.backtest_tables import elasticity_section
    from sim.validation.elasticity import elasticity_tables

    with _progress() as tell:
        tell("elasticities by horizon")
        tables = elasticity_tables()
    return elasticity_summary(tables), (elasticity_section(tables),)


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Say what is being solved: beside a spinner on a terminal, or line by line."""
    there = console(stderr=True)
    if not there.is_terminal:
        yield lambda text: typer.echo(f"Solving {text} ...", err=True)
        return
    with there.status("Solving ...") as status:
        yield lambda text: status.update(f"Solving {text} ...")
