"""Whether a scenario can run on the tables in use, and what to do where it cannot."""

from __future__ import annotations

import streamlit as st

from dashboard import data
from dashboard.parts.markdown import plain


def can_run(name: str) -> bool:
    """Tell whether a scenario can run; where it cannot, say why and which ones can."""
    reason = data.why_it_cannot_run(name)
    if reason:
        others = "; ".join(data.cards()[other].title for other in data.runnable())
        advice = (
            f"These scenarios can: {others}."
            if others
            else "None of the scenarios that come with Truce can: bring one on the page Build."
        )
        st.warning(plain(f"{reason} {advice}"), icon=":material/warning:")
    return not reason
