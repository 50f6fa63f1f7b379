"""Long calculations: asked for here, done by the processes of `dashboard.worker`.

Each function returns a job at once; the page waits for it.
"""

from __future__ import annotations

from typing import Literal

from dashboard.data import own_baseline, tornado_rows
from dashboard.data.cache import cached
from dashboard.data.catalog import LeverValues, ScenarioDescription, id_or_file
from dashboard.worker import pool
from sim.baseline.defaults import ELASTICITIES
from sim.pair import Pair

MONTHS = 36
"""Length of a path."""


@cached(max_entries=1, show_spinner=False)
def workers() -> pool.WorkerPool:
    """Return the workers that all sessions share."""
    return pool.WorkerPool(
        first={"do": "warm", "elasticities": ELASTICITIES, "baseline": _baseline()}
    )


def has_workers() -> bool:
    """Tell whether workers have started."""
    return workers().has_started


def ask_path(
    name: str, levers: LeverValues, pair: Pair, against: Literal["own", "baseline"] = "own"
) -> pool.Job:
    """Ask for the path of a scenario in the figures of a pair.

    The answer is a `PathSeries` of the worker as plain data.

    Parameters
    ----------
    against
        ``"baseline"`` where changes are against the baseline even if there is a counterpart.
    """
    return _ask("path", name, levers, months=MONTHS, pair=pair.codes, against=against)


def ask_tornado(description: ScenarioDescription, levers: LeverValues) -> pool.Job:
    """Ask what each input does to every headline figure, moved alone."""
    vary = tornado_rows.tornado_inputs(description, levers)
    return _ask("tornado", description.name, levers, vary=vary)


def ask_tree(name: str, levers: LeverValues, hazard: float) -> pool.Job:
    """Ask for the branches of a scenario that may break down in any month."""
    return _ask("tree", name, levers, months=MONTHS, hazard=hazard)


def ask_backtests() -> pool.Job:
    """Ask what the model says of months that are known: rows of `sim.validation`, plain data."""
    return workers().ask({"do": "backtests"})


def _ask(task: str, name: str, levers: LeverValues, **arguments: object) -> pool.Job:
    return workers().ask(
        {
            "do": task,
            "scenario": str(id_or_file(name)),
            "levers": dict(levers),
            "elasticities": ELASTICITIES,
            "baseline": _baseline(),
            **arguments,
        }
    )


def _baseline() -> str | None:
    """Return the folder of own tables as a request holds it."""
    folder = own_baseline.folder()
    return None if folder is None else str(folder)
