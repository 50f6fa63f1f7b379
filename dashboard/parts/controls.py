"""Small controls that several panels share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import streamlit as st

from dashboard.parts import notices
from dashboard.parts.markdown import address_text


def colour_scheme() -> str:
    """Colour scheme that the reader sees: light or dark."""
    return st.context.theme.type or "light"


def select_box(label: str, options: Mapping[str, str], param: str, key: str, default: str) -> str:
    """Select box over ids, shown by title; starts from the address and is written back to it.

    Streamlit itself would write the titles into the address; here they are kept by id.
    """
    if key not in st.session_state:
        asked = _asked(param, default)
        if asked not in options:
            notices.add(
                f"The address asks for {param} “{address_text(asked)}”, which does not exist here."
            )
            asked = default
        st.session_state[key] = asked
    elif st.session_state[key] not in options:
        st.session_state[key] = default
    chosen = st.selectbox(
        label, list(options), format_func=options.__getitem__, key=key, persist_state="session"
    )
    if chosen != default:
        st.query_params[param] = chosen
    elif param in st.query_params:
        del st.query_params[param]
    return chosen


def _asked(param: str, default: str) -> str:
    """What the address asks for; asked once, so that it does not bind what is chosen later."""
    read: set[str] = st.session_state.setdefault("read", set())
    is_first = param not in read
    read.add(param)
    return st.query_params.get(param, default) if is_first else default


def one_of(label: str, options: Mapping[str, Any], key: str) -> str:
    """Let the reader choose one of a few options that have a label; returns its id."""
    return st.segmented_control(
        label,
        list(options),
        default=next(iter(options)),
        format_func=lambda option: options[option].label,
        required=True,
        key=key,
        persist_state="session",
        label_visibility="collapsed",
    )


@contextmanager
def lazy_expander(label: str, icon: str, key: str) -> Iterator[bool]:
    """Give a box that the reader opens, and whether it is open: only then is it worth filling."""
    box = st.expander(label, icon=icon, key=key, on_change="rerun")
    with box:
        yield bool(box.open)


def download_button(
    label: str,
    content: Callable[[], bytes | str],
    file: str,
    mime: str = "text/csv",
    key: str = "",
) -> None:
    """Draw a button that writes a file when it is clicked, not before."""
    st.download_button(
        label, content, file, mime, icon=":material/download:", on_click="ignore", key=key or file
    )
