"""From page to page: the router names the pages, buttons lead to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

import streamlit as st

Page = Any
"""What `st.Page` returns; its class has no public name."""


def remember(pages: Mapping[str, Page]) -> None:
    """Keep this run's pages by id."""
    st.session_state["pages"] = dict(pages)


def go(page: str) -> NoReturn:
    """Leave this page for another."""
    st.switch_page(st.session_state["pages"][page])


def knows(page: str) -> bool:
    """Tell whether there is a page to go to; there is none where a page is run alone."""
    return page in st.session_state.get("pages", {})
