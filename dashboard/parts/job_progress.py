"""Waiting for a worker on the page."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard.worker.pool import Job

POLL = 0.1
"""Seconds between two looks at a worker."""


def wait_for(job: Job, text: str) -> Any:  # noqa: ANN401  plain data, or None
    """Show how far a job is until it ends, and return its answer; say what went wrong, if any."""
    place = st.empty()
    while not job.wait(POLL):
        place.progress(min(job.part, 1.0), text)
    place.empty()
    if job.error:
        st.warning(f"It has no answer: {job.error}", icon=":material/warning:")
    return job.answer
