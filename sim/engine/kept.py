"""Dictionaries that keep the latest few things that were worked out."""

from __future__ import annotations

from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


def keep_latest(kept: dict[Key, Value], key: Key, value: Value, most: int) -> None:
    """Keep a value; the oldest goes where there are too many."""
    if len(kept) >= most:
        kept.pop(next(iter(kept)))
    kept[key] = value
