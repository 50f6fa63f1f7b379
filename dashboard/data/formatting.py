"""Small words: numbers from outside, units, levers."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any


def number(text: str) -> float | None:
    """Return the finite number that a text from outside is, or None."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def yearly(unit: str) -> str:
    """Return the unit of a change in words: amounts are a year's."""
    return {"USD bn": "bn USD a year", "USD": "USD a year"}.get(unit, unit)


def lever_text(state: Any, value: float) -> str:  # noqa: ANN401  a lever
    """Return a lever and its value, with unit."""
    return f"{state.label} {value:g} {state.unit}".strip()


def levers_text(states: Iterable[Any], levers: Iterable[tuple[str, float]]) -> str:
    """Return what is moved, or that nothing is."""
    values = dict(levers)
    texts = [lever_text(one, values[one.id]) for one in states if one.id in values]
    return "with " + (", ".join(texts) or "all levers at their defaults")
