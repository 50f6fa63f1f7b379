"""`truce dashboard`."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Annotated

import typer

from sim.cli.terminal import AsJson, BaselineFolder, print_json
from sim.errors import InputError, TruceError

BASELINE_VARIABLE = "TRUCE_BASELINE"
"""Environment variable in which the dashboard reads the folder of own tables."""


def dashboard(
    port: Annotated[int, typer.Option(help="Port on localhost.")] = 8501,
    headless: Annotated[bool, typer.Option(help="Do not open a browser.")] = False,
    baseline: BaselineFolder = None,
    as_json: AsJson = False,
) -> None:
    """Serve the dashboard on localhost."""
    _hand_on(baseline)
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
    Thread(target=_warm_up, args=(baseline,), daemon=True).start()
    sys.exit(streamlit_cli.main())


def _hand_on(baseline: Path | None) -> None:
    """Check own tables, and name their folder to the pages and their workers."""
    if baseline is None:
        return
    # Imported here since `truce --help` starts without it.
    from sim.baseline.entry import load_own_baseline

    load_own_baseline(baseline)
    os.environ[BASELINE_VARIABLE] = str(baseline.resolve())


def _warm_up(baseline: Path | None) -> None:
    """Load what the first page needs while the server starts and the browser opens."""
    from sim.engine.runs import run as run_scenario

    # Own tables need not have all that the scenario of the first page needs.
    with suppress(TruceError):
        run_scenario("tariff-100", baseline=None if baseline is None else baseline.resolve())
    import_module("altair")
