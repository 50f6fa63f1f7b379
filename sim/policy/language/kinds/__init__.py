"""The kinds of measures: one file each, found by looking into this folder.

A file holds one subclass of `Act` with its `kind` and its `traits`, and whatever else the kind
needs.  To add a kind, add its file and a test of what it does: the schema, the reference, the
checks, the law and the dashboard ask the kinds that are found here.
"""

from __future__ import annotations

import functools
import importlib
import operator
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, get_args

from pydantic import PlainSerializer, PlainValidator

from sim.policy.language.act import Act
from sim.policy.language.fields import entries

Measure = Act
"""A measure of any kind."""


def _kinds_in(module_name: str) -> dict[str, type[Act]]:
    """Measure classes that a module defines, by the kind that files write."""
    module = importlib.import_module(module_name)
    classes = (
        thing
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, Act) and thing.__module__ == module_name
    )
    return {get_args(cls.model_fields["kind"].annotation)[0]: cls for cls in classes}


def _all_kinds() -> Mapping[str, type[Act]]:
    kinds: dict[str, type[Act]] = {}
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        for kind, measure in _kinds_in(module.name).items():
            if kind in kinds:
                raise TypeError(f"two files define the kind '{kind}': {kinds[kind]}, {measure}")
            kinds[kind] = measure
    ordered = sorted(kinds.items(), key=lambda entry: (entry[1].traits.order, entry[0]))
    return MappingProxyType(dict(ordered))


KINDS = _all_kinds()
"""Measure classes by kind, in the order of lists and forms."""

AnyMeasure: Any = functools.reduce(operator.or_, KINDS.values())
"""Union of all kinds, for JSON Schemas; type checkers see `Measure`."""

MeasureEntries = Annotated[
    tuple[str | dict[str, Any], ...],
    PlainValidator(entries, json_schema_input_type=list[str | AnyMeasure]),
    PlainSerializer(lambda value: value),
]
"""Ids of measures, or measures written out; the loader reads the latter by their kind."""
