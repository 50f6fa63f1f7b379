"""`truce dashboard`."""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Annotated

import typer

from sim.cli.terminal import AsJson, print_json
from sim.errors import InputError, TruceError


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
    Thread(target=_warm_up, daemon=True).start()
    sys.exit(streamlit_cli.main())


def _warm_up() -> None:
    """Load what the first page needs while the server starts and the browser opens."""
    from sim.engine.runs import run as run_scenario

    with suppress(TruceError):
        run_scenario("tariff-100")
    import_module("altair")
