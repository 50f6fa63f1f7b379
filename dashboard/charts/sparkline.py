"""Sparklines: a path of months as small columns, with words for readers who do not see them.

Plain HTML: Streamlit strips SVG, and eight Vega charts would take longer than the path itself.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

from dashboard.charts import chart_layout

HEIGHT, LEAST = 30, 1.5
"""Pixels: of the whole, and of a column whose value is as good as zero."""

COLOURS = {"light": "#0072B2", "dark": "#56B4E9"}

_BOX = f'<div style="display:flex;gap:1px;height:{HEIGHT}px;align-items:flex-start'

BLANK = f'{_BOX}" aria-hidden="true"></div>'
"""Takes the place of the sparkline until the path is there."""


def columns(values: Sequence[float], words: str, scheme: str = "light") -> str:
    """Return one column a value, up from zero or down from it.

    Parameters
    ----------
    words
        What they show, read out in their place.
    """
    colour = COLOURS.get(scheme, COLOURS["light"])
    alt = html.escape(words, quote=True)
    parts = "".join(
        f'<div style="flex:1;margin-top:{top:.1f}px;height:{height:.1f}px;'
        f'background:{colour}"></div>'
        for top, height in chart_layout.column_pixels(values, HEIGHT, LEAST)
    )
    return f'{_BOX}" role="img" aria-label="{alt}" title="{alt}">{parts}</div>'
