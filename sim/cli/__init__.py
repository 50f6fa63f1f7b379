"""The command line: parses, calls, prints.

Exit codes: 0 fine, 1 the user's input (one line on stderr), 2 no convergence.  ``TRUCE_DEBUG=1``
shows tracebacks.  Heavy imports are inside the commands, so that ``truce list`` is quick.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from sim.cli import compare_paths as paths_command
from sim.cli import sweep as study_command
from sim.cli import tree as tree_command
from sim.cli import validate as validation_command
from sim.cli.terminal import (
    DEFAULT_SET,
    AsJson,
    Elasticities,
    Settings,
    levers_of,
    print_json,
    problem_entry,
    say_saved,
    show,
    waiting,
)
from sim.errors import InputError, TruceError


class _Group(TyperGroup):
    """Turns errors into one readable line and an exit code."""

    def main(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  as in the base class
        """Run a command."""
        try:
            return super().main(*args, **kwargs)
        except TruceError as error:
            if os.environ.get("TRUCE_DEBUG"):
                raise
            typer.echo(f"error: {' '.join(str(error).split())}", err=True)
            sys.exit(error.exit_code)
        except SystemExit as stop:
            # The parser's own code for a wrong option is 2, which here means no convergence.
            sys.exit(1 if stop.code == 2 else stop.code)


app = typer.Typer(
    cls=_Group,
    help="Truce: what tariffs, licences, purchases and truces do to trade and incomes.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
baseline_app = typer.Typer(help="The embedded baseline.", no_args_is_help=True)
app.add_typer(baseline_app, name="baseline")
app.command("sweep")(study_command.sweep)
app.command("game")(study_command.game)
app.command("tree")(tree_command.tree)

Names = Annotated[list[str], typer.Argument(help="Scenario ids, or paths of .yaml files.")]
OutFolder = Annotated[Path | None, typer.Option("--out", help="Save results in this folder.")]
Against = Annotated[str, typer.Option(help="What changes are against: baseline or 2024.")]

Months = Annotated[
    int | None, typer.Option("--months", help="A path of so many months; none: the long run.")
]


@app.command("list")
def list_command(as_json: AsJson = False) -> None:
    """List the scenarios."""
    from sim.policy.library.cards import list_scenarios

    cards = list_scenarios()
    if as_json:
        print_json([vars(card) for card in cards])
        return
    width = max((len(card.id) for card in cards), default=0)
    for card in cards:
        typer.echo(f"{card.id:<{width}}  {card.question}")


@app.command()
def run(  # noqa: PLR0913  one parameter an option
    names: Names,
    settings: Settings = None,
    out: OutFolder = None,
    elasticities: Elasticities = DEFAULT_SET,
    against: Against = "baseline",
    months: Months = None,
    as_json: AsJson = False,
) -> None:
    """Run scenarios, each against its own baseline."""
    from sim.outputs.summary import path_summary, run_summary
    from sim.report.result import path_report, run_report

    levers = levers_of(settings)
    results = [_solved(name, levers, elasticities, against, months) for name in names]
    summary = run_summary if months is None else path_summary
    for result in results:
        if out is not None:
            result.save(out if len(results) == 1 else out / result.id)
    if as_json:
        summaries = [summary(result) for result in results]
        print_json(summaries[0] if len(summaries) == 1 else summaries)
        return
    for result in results:
        if months is None:
            show(partial(run_report, result, ranges=study_command.ranges_of(result)))
        else:
            show(partial(path_report, result))
    say_saved(out)


@app.command()
def compare(  # noqa: PLR0913  one parameter an option
    names: Annotated[list[str] | None, typer.Argument(help="Ids; none: the articles'.")] = None,
    settings: Settings = None,
    out: OutFolder = None,
    elasticities: Elasticities = DEFAULT_SET,
    against: Against = "baseline",
    details: Annotated[bool, typer.Option("--details", help="Show every headline figure.")] = False,
    months: Months = None,
    as_json: AsJson = False,
) -> None:
    """Compare scenarios: all changes side by side, and what each is worth."""
    from sim.engine.comparison import compare as compare_scenarios
    from sim.outputs.summary import comparison_summary
    from sim.report.result import comparison_report

    levers, start = levers_of(settings), _against(against)
    if months is not None:
        paths_command.compare_paths(names, levers, elasticities, months, out, details, as_json)
        return
    with waiting("Solving ..."):
        comparison = compare_scenarios(
            names or (), levers=levers, elasticities=elasticities, against=start
        )
    if out is not None:
        comparison.save(out)
    if as_json:
        print_json(comparison_summary(comparison))
        return
    show(partial(comparison_report, comparison, details=details))
    say_saved(out)


@app.command()
def check(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files or folders.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check scenario and measure files: all problems at once."""
    from sim.engine.runs import check as check_files
    from sim.engine.runs import warnings as warnings_of

    problems: list[InputError] = [*check_files(paths or ()), *study_command.problems(paths or ())]
    odd = warnings_of(paths or ())
    if as_json:
        print_json([problem_entry(problem) for problem in problems])
    else:
        for problem in problems:
            typer.echo(f"error: {problem}", err=True)
        for words in odd:
            typer.echo(f"warning: {words}", err=True)
        if not problems:
            typer.echo("no problems")
    raise typer.Exit(1 if problems else 0)


@app.command()
def sources(
    name: Annotated[str, typer.Argument(help="Scenario id, or path of a .yaml file.")],
    settings: Settings = None,
    elasticities: Elasticities = DEFAULT_SET,
    as_json: AsJson = False,
) -> None:
    """Show what a run rests on: laws, articles, assumptions, data, with their grades."""
    from sim.engine.runs import sources as sources_of
    from sim.report.result import sources_report

    found = sources_of(name, levers=levers_of(settings), elasticities=elasticities)
    if as_json:
        print_json(found)
        return
    show(lambda _: sources_report(found))


@app.command()
def assumptions(elasticities: Elasticities = DEFAULT_SET, as_json: AsJson = False) -> None:
    """Show the numbers of the model that somebody had to choose, with sources and grades."""
    from sim.engine.assumptions import model_assumptions
    from sim.report.assumptions import assumptions_report

    found = model_assumptions(elasticities)
    if as_json:
        print_json(found)
        return
    show(partial(assumptions_report, found))


@app.command()
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
    from sim.report.timeline import timeline_report

    if by not in ("", "authority"):
        raise InputError(f"--by is {by!r}.", advice="Write --by authority.")
    parts = by == "authority"
    found = average_rates(
        *range_of(first, last), scenario=scenario, levers=levers_of(settings), by_authority=parts
    )
    rows = found.daily() if daily else found.monthly()
    if as_json:
        print_json(rows)
        return
    show(partial(timeline_report, rows, label=LABEL, scenario=scenario, by_authority=parts))


@app.command()
def validate(
    what: Annotated[
        str, typer.Argument(help="trackers, scenarios, all; backtest, elasticities, frontloading.")
    ] = "all",
    markdown: Annotated[bool, typer.Option("--markdown", help="As docs/validation.md.")] = False,
    as_json: AsJson = False,
) -> None:
    """Set our numbers beside published ones; exit 1 if a tracker differs for no known cause."""
    from sim.report import validation as report
    from sim.report.validation_markdown import validation_page
    from sim.validation.scenarios import compared_scenarios
    from sim.validation.trackers import tracker_gaps

    if what in validation_command.COMMANDS:
        validation_command.show(what, as_json=as_json, markdown=markdown)
        return
    if what not in ("all", "trackers", "scenarios"):
        advice = "Write trackers, scenarios or all; backtest, elasticities or frontloading."
        raise InputError(f"nothing to validate called {what!r}.", advice=advice)
    gaps = tracker_gaps() if what != "scenarios" else ()
    with waiting("Solving ..."):
        compared = compared_scenarios() if what != "trackers" else ()
    if markdown:
        sections = validation_command.sections() if what == "all" else ()
        typer.echo(validation_page(gaps, compared, sections), nl=False)
    elif as_json:
        print_json(report.validation_summary(gaps, compared))
    else:
        show(partial(report.validation_report, gaps, compared))
    raise typer.Exit(0 if all(gap.is_explained for gap in gaps) else 1)


@app.command()
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


@baseline_app.command("build")
def baseline_build(
    data: Annotated[
        Path | None, typer.Option(envvar="TRUCE_DATA", help="Folder of raw data.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder to write; none: the embedded tables.")
    ] = None,
    icio: Annotated[Path | None, typer.Option(help="Official OECD ICIO CSV.")] = None,
    aggregation: Annotated[Path | None, typer.Option(help="Regions and sectors, YAML.")] = None,
    as_json: AsJson = False,
) -> None:
    """Build baseline tables from raw data."""
    from sim.baseline.build.assemble import build
    from sim.baseline.load import TABLES, digest

    if icio is not None and out is None:
        raise InputError("--icio without --out.", advice="Name a folder for the new tables.")
    with waiting("Building ..."):
        folder = build(data, out or TABLES, icio, aggregation)
    built = {"folder": str(folder), "digest": digest(folder)}
    if as_json:
        print_json(built)
    else:
        typer.echo(f"written to {built['folder']}, digest {built['digest']}")


@app.command()
def dashboard(
    port: Annotated[int, typer.Option(help="Port on localhost.")] = 8501,
    headless: Annotated[bool, typer.Option(help="Do not open a browser.")] = False,
    as_json: AsJson = False,
) -> None:
    """Serve the dashboard on localhost."""
    page = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"
    try:
        streamlit_cli = import_module("streamlit.web.cli")
    except ImportError:
        raise InputError(
            "the dashboard is not installed.", advice="Install 'truce-sim[dashboard]'."
        ) from None
    if as_json:
        print_json({"address": f"http://localhost:{port}", "page": str(page)})
    options = {
        "server.address": "localhost",
        "server.port": port,
        "server.headless": str(headless).lower(),
        "browser.gatherUsageStats": "false",
    }
    flags = [f"--{key}={value}" for key, value in options.items()]
    sys.argv = ["streamlit", "run", str(page), *flags]
    Thread(target=_begin, daemon=True).start()
    sys.exit(streamlit_cli.main())


def _begin() -> None:
    """Load what the first page needs while the server starts and the browser opens."""
    from sim.engine.runs import run as run_scenario

    with suppress(TruceError):
        run_scenario("tariff-100")
    import_module("altair")


@app.command()
def version(as_json: AsJson = False) -> None:
    """Print the version."""
    from sim import __version__

    if as_json:
        print_json({"version": __version__})
    else:
        typer.echo(__version__)


def _solved(
    name: str,
    levers: dict[str, float],
    elasticities: str,
    against: str,
    months: int | None = None,
) -> Any:  # noqa: ANN401
    """Run one scenario, telling a terminal that it is under way."""
    from sim.engine.runs import run as run_scenario

    with waiting(f"Solving {name} ..."):
        return run_scenario(
            name,
            levers=levers,
            elasticities=elasticities,
            against=_against(against),
            months=months,
        )


def _against(word: str) -> Literal["baseline", "2024"]:
    if word == "baseline":
        return "baseline"
    if word == "2024":
        return "2024"
    raise InputError(f"--against is {word!r}.", advice="Write baseline or 2024.")


def main() -> None:
    """Entry point of the command ``truce``."""
    app()
