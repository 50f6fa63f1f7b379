"""Numbers, units and levers as text, and numbers out of text from outside."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from sim.outputs.words import with_unit

NO_CHANGE = "no change"


def finite_number(text: str) -> float | None:
    """Return the finite number that a text from outside is, or None."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def unit_a_year(unit: str) -> str:
    """Return the unit of a change in words: amounts are a year's."""
    return {"USD bn": "bn USD a year", "USD": "USD a year"}.get(unit, unit)


def change(value: float, unit: str) -> str:
    """Return a change with its unit and sign, or that there is none."""
    text = with_unit(value, unit, sign=True)
    return text if any(digit in text.partition(" ")[0] for digit in "123456789") else NO_CHANGE


def lever_text(state: Any, value: float) -> str:  # noqa: ANN401  a lever
    """Return a lever and its value, with unit."""
    return f"{state.label} {value:g} {state.unit}".strip()


def levers_text(states: Iterable[Any], levers: Iterable[tuple[str, float]]) -> str:
    """Return what is moved, or that nothing is."""
    values = dict(levers)
    texts = [lever_text(state, values[state.id]) for state in states if state.id in values]
    return "with " + (", ".join(texts) or "all levers at their defaults")


def exact_number(value: float) -> str:
    """Return a number in as few digits as give the same number back: for commands and links."""
    return repr(int(value) if float(value).is_integer() else float(value))
