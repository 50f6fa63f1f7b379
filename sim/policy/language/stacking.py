"""How duties of different legal bases add up: data, read from ``scenarios/stacking.yaml``."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

from pydantic import Field, model_validator

from sim.policy.language.fields import Id, Share, Strict, Text, refuse


class ListWith(Strict):
    """The list that holds while a measure is in force."""

    measure: Id
    list: Text


class Authority(Strict):
    """A legal basis.  Its duties add to all others unless it yields to some."""

    title: Text
    actor: str
    """Region that imposes the duty."""
    reaches: str | None = None
    """Coverage list of all goods that it reaches by schedules; others may yield to it.  A duty with
    a rate of its own reaches its own coverage instead."""
    reaches_with: tuple[ListWith, ...] = ()
    """Lists that take its place while a measure is in force; the first that applies counts."""
    reaches_of: dict[Id, Text] = Field(default_factory=dict)
    """Lists of the goods that single measures with schedules reach, in place of all goods."""
    yields_to: tuple[Id, ...] = ()
    """Bases whose goods its own duties leave out."""
    already_net: tuple[str, ...] = ()
    """Coverage lists that leave those goods out by themselves."""
    note: str = ""

    def reaches_given(self, in_force: Collection[str]) -> str | None:
        """Name of the list of goods that its duties reach, given the ids of measures in force."""
        with_measure = (entry.list for entry in self.reaches_with if entry.measure in in_force)
        return next(with_measure, self.reaches)

    def list_of(self, measure: str) -> str | None:
        """Name of the list of goods that a measure reaches by its schedule, if it has its own."""
        return self.reaches_of.get(measure)

    @cached_property
    def wholes(self) -> frozenset[str]:
        """Lists of all goods that it reaches."""
        given = () if self.reaches is None else (self.reaches,)
        return frozenset((*given, *(entry.list for entry in self.reaches_with)))

    @cached_property
    def actions(self) -> frozenset[str]:
        """Lists of the goods of single actions: parts of `wholes` that have no good in common."""
        return frozenset(self.reaches_of.values())

    @cached_property
    def lists(self) -> frozenset[str]:
        """All lists of goods that it reaches."""
        return self.wholes | self.actions


class Stacking(Strict):
    """All authorities by id."""

    authorities: dict[Id, Authority] = Field(min_length=1)
    metal_content: dict[Id, Share] = Field(default_factory=dict)
    """Part of a metal good's value that pays, by group; the baseline's tables are built with it."""

    @model_validator(mode="after")
    def _yields_to_known(self) -> Stacking:
        for name, authority in self.authorities.items():
            for other in authority.yields_to:
                if other not in self.authorities:
                    refuse(
                        f"{name} yields to '{other}', which is not an authority.", "Check the name."
                    )
        return self
