"""Titled tables of words, which a terminal and a page both print."""

from __future__ import annotations

from dataclasses import dataclass

Row = tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """A table: the first column holds words, the others numbers."""

    head: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Section:
    """A title, what to know, and tables."""

    title: str
    text: tuple[str, ...] = ()
    grids: tuple[Grid, ...] = ()
    picture: str = ""
    """Name of the drawing, without its ending; empty if none."""


def number(value: float) -> str:
    """One digit; no minus before a zero."""
    return f"{value:.1f}".replace("-0.0", "0.0") if abs(value) < 0.05 else f"{value:.1f}"
