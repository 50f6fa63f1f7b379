"""Sparklines: a path of months as small columns, with words for readers who do not see them.

Plain HTML: Streamlit strips SVG, and eight Vega charts would take longer than the path itself.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

HEIGHT, LEAST = 30, 1.5
"""Pixels: of the whole, and of a column that is as good as nothing."""

_BOX = f'<div style="display:flex;gap:1px;height:{HEIGHT}px;align-items:flex-start'

BLANK = f'{_BOX}" aria-hidden="true"></div>'
"""Keeps the room until the path is there."""


def columns(values: Sequence[float], words: str, colour: str) -> str:
    """Return one column a value, up from zero or down from it.

    Parameters
    ----------
    words
        What they show, read out in their place.
    colour
        As CSS writes it.
    """
    high, low = max(0.0, *values), min(0.0, *values)
    scale = HEIGHT / ((high - low) or 1.0)
    said = html.escape(words, quote=True)
    parts = "".join(_column(value, high, scale, colour) for value in values)
    return f'{_BOX}" role="img" aria-label="{said}" title="{said}">{parts}</div>'


def _column(value: float, high: float, scale: float, colour: str) -> str:
    top = min(scale * (high - max(value, 0.0)), HEIGHT - LEAST)
    height = max(scale * abs(value), LEAST)
    return (
        f'<div style="flex:1;margin-top:{top:.1f}px;height:{height:.1f}px;'
        f'background:{colour}"></div>'
    )
