"""Notices about what an address asks for and cannot have: kept until the page shows them."""

from __future__ import annotations

import streamlit as st


def add(text: str) -> None:
    """Keep a notice until the page shows it."""
    st.session_state.setdefault("notices", []).append(text)


def show() -> None:
    """Show what was kept, once."""
    for text in st.session_state.pop("notices", []):
        st.info(text, icon=":material/info:")
