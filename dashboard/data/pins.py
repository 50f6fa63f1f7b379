"""Pinned scenarios: their names, and how they are written in the address and read from it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from dashboard.data import formatting
from dashboard.data.answers import Answer
from dashboard.data.catalog import LeverValues, cards, describe, why_it_cannot_run

MOST_PINS = 6
NAME_LENGTH = 60

_PIN = re.compile(r"([a-z0-9-]+)(?:\(([^()]*)\))?")


@dataclass(frozen=True)
class Pin:
    """A scenario with its levers, under a name."""

    name: str
    levers: LeverValues
    label: str


PinnedAnswers = list[tuple[Pin, Answer]]


def label_of(name: str, levers: LeverValues) -> str:
    """Return title and moved levers, such as ``The truce lapses (factor mobility 3)``."""
    if not levers and name in cards():
        return cards()[name].title
    states = {state.id: state for state in describe(name).levers}
    moved = ", ".join(formatting.lever_text(states[key], value) for key, value in levers)
    return describe(name).title + (f" ({moved})" if moved else "")


def subtitle(pin: Pin) -> str:
    """Return what stands below a pin's name: what it is, if renamed; else how its levers stand."""
    own = label_of(pin.name, pin.levers)
    if pin.label != own:
        return own
    return "Levers moved" if pin.levers else "All levers at their defaults"


def suggested() -> tuple[Pin, ...]:
    """Return the scenarios of the articles, for a reader who has pinned nothing."""
    listed = [card for card in cards().values() if card.group == "articles"]
    return tuple(Pin(card.id, (), card.title) for card in listed[:MOST_PINS])


def written(pins: Sequence[Pin]) -> str:
    """Return pins as one word for the address: ``tariff-100(us_rate=60)~truce-lapse``."""
    parts = []
    for pin in pins:
        levers = ",".join(f"{key}={value:g}" for key, value in pin.levers)
        parts.append(pin.name + (f"({levers})" if levers else ""))
    return "~".join(parts)


def read(text: str, known: Collection[str]) -> tuple[list[Pin], list[str]]:
    """Return the pins that an address names, and what it names that cannot be had.

    Parameters
    ----------
    known
        Ids of the scenarios that may be pinned.
    """
    pins: list[Pin] = []
    refused = []
    for part in text.split("~")[: 2 * MOST_PINS]:
        pin = _read_pin(part, known)
        if pin is None:
            refused.append(part)
        elif pin not in pins:
            pins.append(pin)
    return pins[:MOST_PINS], refused


def _read_pin(part: str, known: Collection[str]) -> Pin | None:
    match = _PIN.fullmatch(part)
    if match is None or match[1] not in known or why_it_cannot_run(match[1]):
        return None
    states = {state.id: state for state in describe(match[1]).levers}
    levers = {}
    for word in filter(None, (match[2] or "").split(",")):
        key, _, number = word.partition("=")
        value = formatting.finite_number(number)
        if key not in states or value is None or not states[key].min <= value <= states[key].max:
            return None
        if value != states[key].default:
            levers[key] = value
    chosen = tuple((key, levers[key]) for key in states if key in levers)
    return Pin(match[1], chosen, label_of(match[1], chosen))
