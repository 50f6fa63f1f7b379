"""The pins of a session on the page: tools, cards, answers."""

from __future__ import annotations

import streamlit as st

from dashboard import data
from dashboard.parts import answer_cards, scenario_picker, session_scenarios

PARAM = "pins"

Answers = list[tuple[session_scenarios.Pin, data.Answer]]


def from_address() -> tuple[session_scenarios.Pin, ...]:
    """Take the pins of the address once, then keep the address up to date."""
    if not st.session_state.get("pins-read"):
        st.session_state["pins-read"] = True
        found, refused = session_scenarios.read(st.query_params.get(PARAM, ""))
        for one in found:
            session_scenarios.pin(one.name, one.levers, one.label)
        for text in filter(None, refused):
            scenario_picker.notice(
                f"The address pins “{scenario_picker.plain(text)}”, which cannot be had here."
            )
    pins = session_scenarios.current().pins
    if pins:
        st.query_params[PARAM] = session_scenarios.written(pins)
    elif PARAM in st.query_params:
        del st.query_params[PARAM]
    return pins


def suggested() -> tuple[session_scenarios.Pin, ...]:
    """Return the scenarios of the articles, for a reader who has pinned nothing."""
    cards = [card for card in data.cards().values() if card.group == "articles"]
    return tuple(
        session_scenarios.Pin(card.id, (), card.title)
        for card in cards[: session_scenarios.MOST_PINS]
    )


def answers(pins: tuple[session_scenarios.Pin, ...]) -> Answers:
    """Solve each pin; those without an answer are named and left out."""
    found: Answers = []
    for one in pins:
        try:
            found.append((one, data.answer(one.name, one.levers)))
        except data.NoAnswer as failure:
            st.warning(f"{answer_cards.plain(one.label)}: {failure}", icon=":material/warning:")
    return found


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
    """Draw the way back."""
    st.button(
        "Undo",
        icon=":material/undo:",
        on_click=session_scenarios.undo,
        disabled=not session_scenarios.can_undo(),
        help="Takes the last change of pins or of your scenarios back.",
        key="undo",
    )


def cards(pins: tuple[session_scenarios.Pin, ...], *, can_change: bool) -> None:
    """Draw one card a pin, with its levers, its name to change, and a way off."""
    with st.grid("auto", min_column_width=250, key="pins"):
        for position, one in enumerate(pins):
            with st.container(border=True, height="stretch", gap="xxsmall", key=f"pin-{position}"):
                st.markdown(f"**{position + 1}. {answer_cards.plain(one.label)}**")
                own = session_scenarios.label_of(one.name, one.levers)
                st.markdown(f":small[{answer_cards.plain(_below(one, own))}]")
                if can_change:
                    _tools(position, one)


def _below(one: session_scenarios.Pin, own: str) -> str:
    """What stands below a pin's name: what it is, if renamed; else how its levers stand."""
    if one.label != own:
        return own
    return "Levers moved" if one.levers else "All levers at their defaults"


def _tools(position: int, one: session_scenarios.Pin) -> None:
    with st.container(horizontal=True, key=f"pin-tools-{position}"):
        with st.popover("Rename", icon=":material/edit:", key=f"rename-{position}"):
            key = f"label-{position}-{one.label}"
            st.text_input("Name", one.label, max_chars=session_scenarios.NAME_LENGTH, key=key,
                          on_change=_rename, args=(position, key))  # fmt: skip
        st.button("Unpin", icon=":material/close:", on_click=session_scenarios.unpin, args=(position,),
                  key=f"unpin-{position}")  # fmt: skip


def _rename(position: int, key: str) -> None:
    session_scenarios.rename(position, st.session_state[key])


def pin_button(name: str, levers: data.LeverValues) -> None:
    """Draw the button that pins what the page shows."""
    count = len(session_scenarios.current().pins)
    is_pinned = session_scenarios.is_pinned(name, levers)
    st.button(
        f"Pinned ({count} of {session_scenarios.MOST_PINS})" if is_pinned else "Pin to compare",
        icon=":material/push_pin:",
        on_click=session_scenarios.pin,
        args=(name, levers),
        disabled=is_pinned or count >= session_scenarios.MOST_PINS,
        help="Compare it with up to five others on the page Compare.",
        key="pin",
    )
