"""The command ``truce``: which verbs there are, and what an error looks like.

Exit codes: 0 fine, 1 the user's input (one line on stderr), 2 no convergence.  ``TRUCE_DEBUG=1``
shows tracebacks.  A verb's module is imported when the verb is called or when help lists it, and
imports what is heavy inside its function, so that ``truce list`` is quick.
"""

from __future__ import annotations

import os
import sys
from collections import UserDict
from importlib import import_module
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from sim.errors import TruceError

if TYPE_CHECKING:
    from collections.abc import Mapping

VERBS: Mapping[str, str] = {
    "sweep": "sim.cli.sweep_command:sweep",
    "game": "sim.cli.game_command:game",
    "tree": "sim.cli.tree_command:tree",
    "list": "sim.cli.list_command:list_scenarios",
    "run": "sim.cli.run_command:run",
    "compare": "sim.cli.compare_command:compare",
    "check": "sim.cli.check_command:check",
    "sources": "sim.cli.sources_command:sources",
    "assumptions": "sim.cli.assumptions_command:assumptions",
    "timeline": "sim.cli.timeline_command:timeline",
    "validate": "sim.cli.validate_command:validate",
    "schema": "sim.cli.schema_command:schema",
    "dashboard": "sim.cli.dashboard_command:dashboard",
    "version": "sim.cli.version_command:version",
    "baseline": "sim.cli.baseline_command:baseline",
}
"""Verbs in the order of the help, each with the module and the name of what it calls."""


class LazyVerbs(UserDict[str, Any]):
    """Commands by verb; each is imported and built when it is first asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.data = dict.fromkeys(VERBS)

    def __getitem__(self, verb: str) -> Any:  # noqa: ANN401  a command of the parser
        """Return the command of a verb."""
        if self.data[verb] is None:
            module, name = VERBS[verb].split(":")
            self.data[verb] = command_of(verb, getattr(import_module(module), name))
        return self.data[verb]


def command_of(verb: str, target: Any) -> Any:  # noqa: ANN401  function or group in, command out
    """Turn a function or a group of functions into a command of the parser."""
    if isinstance(target, typer.Typer):
        command = get_command(target)
        command.name = verb
        return command
    single = typer.Typer(
        add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
    )
    single.command(verb)(target)
    return get_command(single)


class TruceGroup(TyperGroup):
    """The verbs; turns errors into one readable line and an exit code."""

    def __init__(self, **attrs: Any) -> None:  # noqa: ANN401  as in the base class
        super().__init__(**attrs)
        self.commands = LazyVerbs()

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401  as in the base class
        """Names of the verbs; none is imported for it."""
        return list(VERBS)

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
    cls=TruceGroup,
    help="Truce: what tariffs, licences, purchases and truces do to trade and incomes.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def truce() -> None:
    """Leave all work to the verbs; with a callback the parser builds a group without any."""


def main() -> None:
    """Entry point of the command ``truce``."""
    app()
