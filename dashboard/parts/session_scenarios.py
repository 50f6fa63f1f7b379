"""What a session keeps: pinned scenarios and the reader's own, with a way back."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from dashboard import data
from dashboard.data import reader_files
from dashboard.data.pins import MOST_PINS, NAME_LENGTH, Pin, label_of

MOST_OWN, MOST_UNDO = 20, 50

STATE, PAST = "session-scenarios", "session-scenarios-past"
"""Keys of the session state: what is kept, and what was before."""


@dataclass(frozen=True)
class ReaderScenario:
    """A scenario of the reader's: its title and its YAML text."""

    title: str
    text: str

    @property
    def name(self) -> str:
        """Id, made from the text."""
        return reader_files.keep(self.text)


@dataclass(frozen=True)
class SessionScenarios:
    """All that is kept, as one value, so that undo is a step back."""

    pins: tuple[Pin, ...] = ()
    own: tuple[ReaderScenario, ...] = ()


def current() -> SessionScenarios:
    """Return what this session keeps."""
    return st.session_state.setdefault(STATE, SessionScenarios())


def _past() -> list[SessionScenarios]:
    return st.session_state.setdefault(PAST, [])


def _set(scenarios: SessionScenarios) -> None:
    if scenarios != current():
        _past().append(current())
        del _past()[:-MOST_UNDO]
        st.session_state[STATE] = scenarios


def can_undo() -> bool:
    """Tell whether there is a step to take back."""
    return bool(_past())


def undo() -> None:
    """Take the last change of pins or scenarios back."""
    if _past():
        st.session_state[STATE] = _past().pop()


def titles() -> dict[str, str]:
    """Titles of all scenarios by id: the shipped ones, then the reader's."""
    shipped = {key: card.title for key, card in data.cards().items()}
    return shipped | {own.name: f"{own.title} (yours)" for own in current().own}


def pin(name: str, levers: data.LeverValues, label: str = "") -> bool:
    """Pin a scenario; False if there is no room for it or it is pinned already."""
    kept = current()
    if len(kept.pins) >= MOST_PINS or is_pinned(name, levers):
        return False
    new = Pin(name, levers, label or label_of(name, levers))
    _set(replace(kept, pins=(*kept.pins, new)))
    return True


def is_pinned(name: str, levers: data.LeverValues) -> bool:
    """Tell whether this scenario with these levers is pinned."""
    return any((pinned.name, pinned.levers) == (name, levers) for pinned in current().pins)


def unpin(position: int) -> None:
    """Remove a pin."""
    pins = current().pins
    _set(replace(current(), pins=pins[:position] + pins[position + 1 :]))


def unpin_all() -> None:
    """Remove all pins."""
    _set(replace(current(), pins=()))


def rename(position: int, label: str) -> None:
    """Give a pin another name; an empty one brings its own back."""
    pins = list(current().pins)
    old = pins[position]
    text = " ".join(label.split())[:NAME_LENGTH] or label_of(old.name, old.levers)
    pins[position] = replace(old, label=text)
    _set(replace(current(), pins=tuple(pins)))


def save(title: str, text: str) -> str:
    """Keep a scenario of the reader's, in place of one of the same title; returns its id."""
    others = tuple(own for own in current().own if own.title != title)
    own = (*others, ReaderScenario(title, text))[-MOST_OWN:]
    _set(replace(current(), own=own))
    return reader_files.keep(text)


def forget(position: int) -> None:
    """Drop a scenario of the reader's, and the pins that show it."""
    kept = current()
    dropped = kept.own[position].name
    own = kept.own[:position] + kept.own[position + 1 :]
    pins = tuple(pinned for pinned in kept.pins if pinned.name != dropped)
    _set(SessionScenarios(pins, own))
