"""The pins of a session on the page: tools, cards, answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import data
from dashboard.data import pins as pin_rows
from dashboard.data.pins import MOST_PINS, NAME_LENGTH, Pin, PinnedAnswers
from dashboard.parts import notices, session_scenarios
from dashboard.parts.markdown import address_text, plain

PARAM = "pins"


def from_address() -> tuple[Pin, ...]:
    """Take the pins of the address once, then keep the address up to date."""
    if not st.session_state.get("pins-read"):
        st.session_state["pins-read"] = True
        _take_from_address()
    pins = session_scenarios.current().pins
    if pins:
        st.query_params[PARAM] = pin_rows.written(pins)
    elif PARAM in st.query_params:
        del st.query_params[PARAM]
    return pins


def _take_from_address() -> None:
    known = session_scenarios.titles()
    pins, refused = pin_rows.read(st.query_params.get(PARAM, ""), known)
    for pin in pins:
        session_scenarios.pin(pin.name, pin.levers, pin.label)
    for text in filter(None, refused):
        notices.add(f"The address pins “{address_text(text)}”, which cannot be had here.")


def answers(pins: tuple[Pin, ...]) -> PinnedAnswers:
    """Solve each pin; those without an answer are named and left out."""
    solved: PinnedAnswers = []
    for pin in pins:
        try:
            solved.append((pin, data.answer(pin.name, pin.levers)))
        except data.NoAnswer as failure:
            st.warning(f"{plain(pin.label)}: {failure}", icon=":material/warning:")
    return solved


def toolbar() -> None:
    """Draw undo and clear."""
    with st.container(horizontal=True, key="pin-tools"):
        undo_button()
        st.button(
            "Unpin all",
            icon=":material/delete_sweep:",
            on_click=session_scenarios.unpin_all,
            disabled=not session_scenarios.current().pins,
            key="unpin-all",
        )


def undo_button() -> None:
    """Draw the button that takes the last change back."""
    st.button(
        "Undo",
        icon=":material/undo:",
        on_click=session_scenarios.undo,
        disabled=not session_scenarios.can_undo(),
        help="Takes the last change of pins or of your scenarios back.",
        key="undo",
    )


def cards(
    pins: tuple[Pin, ...],
    figures: Mapping[Pin, Sequence[tuple[str, str]]],
    *,
    can_change: bool,
) -> None:
    """Draw one card a pin, with its levers, its name to change, and a button to remove it.

    Parameters
    ----------
    figures
        Labels and changes that stand on a pin's card; none where charts show the same.
    """
    with st.grid("auto", min_column_width=250, key="pins"):
        for position, pin in enumerate(pins):
            with st.container(border=True, height="stretch", gap="xxsmall", key=f"pin-{position}"):
                st.markdown(f"**{position + 1}. {plain(pin.label)}**")
                st.markdown(f":small[{plain(pin_rows.subtitle(pin))}]")
                for label, change in figures.get(pin, ()):
                    st.markdown(f":small[{plain(label)}]  \n**{plain(change)}**")
                if can_change:
                    _tools(position, pin)


def _tools(position: int, pin: Pin) -> None:
    with st.container(horizontal=True, key=f"pin-tools-{position}"):
        with st.popover("Rename", icon=":material/edit:", key=f"rename-{position}"):
            key = f"label-{position}-{pin.label}"
            st.text_input(
                "Name",
                pin.label,
                max_chars=NAME_LENGTH,
                key=key,
                on_change=_rename,
                args=(position, key),
            )
        st.button(
            "Unpin",
            icon=":material/close:",
            on_click=session_scenarios.unpin,
            args=(position,),
            key=f"unpin-{position}",
        )


def _rename(position: int, key: str) -> None:
    session_scenarios.rename(position, st.session_state[key])


def pin_button(name: str, levers: data.LeverValues) -> None:
    """Draw the button that pins what the page shows."""
    count = len(session_scenarios.current().pins)
    is_pinned = session_scenarios.is_pinned(name, levers)
    st.button(
        f"Pinned ({count} of {MOST_PINS})" if is_pinned else "Pin to compare",
        icon=":material/push_pin:",
        on_click=session_scenarios.pin,
        args=(name, levers),
        disabled=is_pinned or count >= MOST_PINS,
        help="Compare it with up to five others on the page Compare.",
        key="pin",
    )
