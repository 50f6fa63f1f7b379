"""What a session keeps: pinned scenarios and the reader's own, with a way back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from dashboard import data
from dashboard.data import downloads, formatting

MOST_PINS, MOST_OWN, MOST_UNDO = 6, 20, 50
NAME_LENGTH = 60

_PIN = re.compile(r"([a-z0-9-]+)(?:\(([^()]*)\))?")


@dataclass(frozen=True)
class Pin:
    """A scenario with its levers, under a name."""

    name: str
    levers: data.LeverValues
    label: str


@dataclass(frozen=True)
class Own:
    """A scenario of the reader's: its title and its YAML text."""

    title: str
    text: str

    @property
    def name(self) -> str:
        """Id, made from the text."""
        return downloads.keep(self.text)


@dataclass(frozen=True)
class Shelf:
    """All that is kept, as one value, so that undo is a step back."""

    pins: tuple[Pin, ...] = ()
    own: tuple[Own, ...] = ()


def current() -> Shelf:
    """Return what this session keeps."""
    return st.session_state.setdefault("shelf", Shelf())


def _past() -> list[Shelf]:
    return st.session_state.setdefault("shelf-past", [])


def _set(shelf: Shelf) -> None:
    if shelf != current():
        _past().append(current())
        del _past()[:-MOST_UNDO]
        st.session_state["shelf"] = shelf


def can_undo() -> bool:
    """Tell whether there is a step to take back."""
    return bool(_past())


def undo() -> None:
    """Take the last change of pins or scenarios back."""
    if _past():
        st.session_state["shelf"] = _past().pop()


def titles() -> dict[str, str]:
    """Titles of all scenarios by id: the shipped ones, then the reader's."""
    shipped = {key: card.title for key, card in data.cards().items()}
    return shipped | {one.name: f"{one.title} (yours)" for one in current().own}


def pin(name: str, levers: data.LeverValues, label: str = "") -> bool:
    """Pin a scenario; False if there is no room for it or it is pinned already."""
    shelf = current()
    if len(shelf.pins) >= MOST_PINS or is_pinned(name, levers):
        return False
    _set(replace(shelf, pins=(*shelf.pins, Pin(name, levers, label or label_of(name, levers)))))
    return True


def is_pinned(name: str, levers: data.LeverValues) -> bool:
    """Tell whether this scenario with these levers is pinned."""
    return any((one.name, one.levers) == (name, levers) for one in current().pins)


def unpin(position: int) -> None:
    """Take a pin off."""
    pins = current().pins
    _set(replace(current(), pins=pins[:position] + pins[position + 1 :]))


def unpin_all() -> None:
    """Take all pins off."""
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
    others = tuple(one for one in current().own if one.title != title)
    _set(replace(current(), own=(*others, Own(title, text))[-MOST_OWN:]))
    return downloads.keep(text)


def forget(position: int) -> None:
    """Drop a scenario of the reader's, and the pins that show it."""
    shelf = current()
    gone = shelf.own[position].name
    own = shelf.own[:position] + shelf.own[position + 1 :]
    _set(Shelf(tuple(one for one in shelf.pins if one.name != gone), own))


def label_of(name: str, levers: data.LeverValues) -> str:
    """Return title and moved levers, such as ``The truce lapses (factor mobility 3)``."""
    states = {state.id: state for state in data.plan(name).levers}
    moved = ", ".join(
        f"{states[key].label} {value:g} {states[key].unit}".strip() for key, value in levers
    )
    return data.plan(name).title + (f" ({moved})" if moved else "")


def written(pins: Sequence[Pin]) -> str:
    """Return pins as one word for the address: ``tariff-100(us_rate=60)~truce-lapse``."""
    parts = []
    for one in pins:
        levers = ",".join(f"{key}={value:g}" for key, value in one.levers)
        parts.append(one.name + (f"({levers})" if levers else ""))
    return "~".join(parts)


def read(text: str) -> tuple[list[Pin], list[str]]:
    """Return the pins that an address names, and what it names that cannot be had."""
    pins, refused = [], []
    for part in text.split("~")[: 2 * MOST_PINS]:
        found = _read_one(part)
        if found is None:
            refused.append(part)
        elif found not in pins:
            pins.append(found)
    return pins[:MOST_PINS], refused


def _read_one(part: str) -> Pin | None:
    match = _PIN.fullmatch(part)
    if match is None or match[1] not in titles():
        return None
    states = {state.id: state for state in data.plan(match[1]).levers}
    levers = []
    for word in filter(None, (match[2] or "").split(",")):
        key, _, number = word.partition("=")
        value = formatting.number(number)
        if key not in states or value is None or not states[key].min <= value <= states[key].max:
            return None
        if value != states[key].default:
            levers.append((key, value))
    order = list(states)
    chosen = tuple(sorted(levers, key=lambda lever: order.index(lever[0])))
    return Pin(match[1], chosen, label_of(match[1], chosen))
