"""What takes long: asked for here, worked out by `dashboard.worker.pool`, waited for by the page."""

from __future__ import annotations

import streamlit as st

from dashboard.data.catalog import ELASTICITIES, LeverValues, place
from dashboard.worker import pool

MONTHS = 36
"""Length of a path."""


@st.cache_resource(max_entries=1, show_spinner=False)
def crew() -> pool.Crew:
    """Return the workers that all sessions share."""
    return pool.Crew(first={"do": "warm", "elasticities": ELASTICITIES})


def has_workers() -> bool:
    """Tell whether workers have started."""
    return crew().has_started


def ask_track(name: str, levers: LeverValues = ()) -> pool.Job:
    """Ask for the path of a scenario; its answer is a `dashboard.worker.tasks.Track` as plain data."""
    return crew().ask(
        {
            "do": "track",
            "place": str(place(name)),
            "levers": dict(levers),
            "months": MONTHS,
            "elasticities": ELASTICITIES,
        }
    )


def ask_backtests() -> pool.Job:
    """Ask what the model says of months that are known: rows of `sim.validation`, plain data."""
    return crew().ask({"do": "backtests"})
