"""What a kind of measure states about itself: words, units, fields for lists, forms and charts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Traits:
    """Facts of a kind that hold for all its measures.

    Parameters
    ----------
    label
        Name of the kind in lists and forms, such as ``"Tariff"``.
    heading
        Heading above several measures of the kind; the label where empty.
    order
        Place of the kind in lists, forms and the reference; kinds of one place go by name.
    unit
        Unit of the amount, such as ``"points"``; empty where the kind has no amount.
    amount_fields
        Fields that may hold the amount; the first is the one that a new measure gets.
    by, on
        Fields that hold who acts, and whom or what it acts on; None where no field does.
    length
        Field that states a length in place of `end`, and what it holds where it states none.
    in_new
        Fields that a new measure has besides amount, places and dates, with their values.
    not_new
        Why a form cannot make a new measure of the kind; empty where it can.
    is_record
        True: the kind records something, and is not meant to change a number.
    parts
        Records inside the measure that the reference describes by themselves: title and model.
    added_later
        Fields that did not always exist and change nothing at their defaults; a digest leaves them
        out there, so that digests from before stay.
    only_words
        Fields, as pydantic excludes them, that say something and change no number, besides those
        of every measure.
    """

    label: str
    heading: str = ""
    order: int = 100
    unit: str = ""
    amount_fields: tuple[str, ...] = ()
    by: str | None = None
    on: str | None = None
    length: tuple[str, Any] | None = None
    in_new: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    not_new: str = ""
    is_record: bool = False
    parts: tuple[tuple[str, type[BaseModel]], ...] = ()
    added_later: frozenset[str] = frozenset()
    only_words: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True)
class Spell:
    """Days of one measure on which its size is one; `end` is the first day after, None: open."""

    start: dt.date
    end: dt.date | None
    size: str
