"""Names inside measures that only the baseline or the stacking rules know, and their check."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel

from sim.policy.axes import Axes
from sim.policy.language.fields import Codes, Coverage, Id, records_in
from sim.policy.language.messages import Complaint, nearest
from sim.policy.language.stacking import Authority
from sim.policy.language.yamlio import Key

Sort = Literal["region", "sector", "coverage list", "rate schedule", "authority"]
"""What a name can be the name of."""

_MANY: Mapping[Sort, str] = {
    "region": "regions",
    "sector": "sectors",
    "coverage list": "lists",
    "rate schedule": "schedules",
    "authority": "authorities",
}


@dataclass(frozen=True)
class NameOf:
    """Mark of a field whose text, or each of whose texts, is the name of something."""

    sort: Sort


Region = Annotated[str, NameOf("region")]
Regions = Annotated[Codes, NameOf("region")]
RegionList = Annotated[tuple[str, ...], NameOf("region")]
Sectors = Annotated[Codes, NameOf("sector")]
Schedule = Annotated[str | None, NameOf("rate schedule")]
AuthorityId = Annotated[Id, NameOf("authority")]
AuthorityIds = Annotated[tuple[Id, ...], NameOf("authority")]


@dataclass(frozen=True)
class Known:
    """The names that exist: those of the baseline, and the legal bases."""

    axes: Axes
    authorities: Mapping[str, Authority]

    def names(self, sort: Sort) -> Collection[str]:
        """All names of one sort."""
        known: dict[Sort, Collection[str]] = {
            "region": self.axes.regions,
            "sector": self.axes.sectors,
            "coverage list": self.axes.lists,
            "rate schedule": self.axes.rates,
            "authority": self.authorities,
        }
        return known[sort]


def unknown_names(record: BaseModel, known: Known) -> Iterator[Complaint]:
    """Complain of every marked name in a record, or in one inside it, that is not known."""
    for inner, path in records_in(record):
        for sort, name, place in _names(inner, path):
            if name not in known.names(sort) and not _is_carved(sort, name, record, known):
                yield _complaint(sort, name, place, known)


def _is_carved(sort: Sort, name: str, record: BaseModel, known: Known) -> bool:
    """Tell whether a duty names a part of a sector: it falls on the whole for that part."""
    is_duty = getattr(record, "legal_basis", None) is not None
    return sort == "sector" and is_duty and name in dict(known.axes.carved)


def _complaint(sort: Sort, name: str, place: tuple[Key, ...], known: Known) -> Complaint:
    """Say that a name is unknown, or that the baseline at hand lacks what it stands for."""
    if name in known.axes.lacking:
        problem = f"{sort} '{name}' is not in this baseline, and the measure needs it."
        return problem, place, "Run it on the shipped baseline, or build one that has it."
    names = known.names(sort)
    return f"unknown {sort} '{name}'.", place, nearest(name, names, _MANY[sort])


def _names(record: BaseModel, path: tuple[Key, ...]) -> Iterator[tuple[Sort, str, tuple[Key, ...]]]:
    """The marked names of a record, with what they name and where they stand."""
    if isinstance(record, Coverage):
        yield from _names_of_coverage(record, path)
    for field, sort in _marked_fields(type(record)):
        for name, place in _texts(getattr(record, field), (*path, field)):
            yield sort, name, place


def _names_of_coverage(
    coverage: Coverage, path: tuple[Key, ...]
) -> Iterator[tuple[Sort, str, tuple[Key, ...]]]:
    place: tuple[Key, ...] = (*path, "by_sector")
    if isinstance(coverage.by_sector, str):
        yield "coverage list", coverage.by_sector, place
    else:
        yield from (("sector", code, (*place, code)) for code in coverage.by_sector or ())


def _texts(value: Any, path: tuple[Key, ...]) -> Iterator[tuple[str, tuple[Key, ...]]]:  # noqa: ANN401
    """A field's names and their places: one, several, or none for ``all`` and None."""
    if isinstance(value, str):
        if value != "all":
            yield value, path
    elif value is not None:
        yield from ((name, (*path, position)) for position, name in enumerate(value))


@lru_cache(maxsize=64)
def _marked_fields(model: type[BaseModel]) -> tuple[tuple[str, Sort], ...]:
    """Fields of a model that hold names, and what these are names of."""
    return tuple(
        (name, mark.sort)
        for name, field in model.model_fields.items()
        for mark in field.metadata
        if isinstance(mark, NameOf)
    )
