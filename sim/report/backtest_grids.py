"""Titled tables of words, which a terminal and a page both print."""

from __future__ import annotations

from dataclasses import dataclass

from sim.outputs.words import decimals

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
    return decimals(value, 1)
