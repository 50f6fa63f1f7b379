"""How duties of different legal bases add up: data, read from ``scenarios/stacking.yaml``."""

from __future__ import annotations

from collections.abc import Collection

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
    """Coverage list telling which part of a flow its duties reach; others may yield to it."""
    reaches_with: tuple[ListWith, ...] = ()
    """Lists that take its place while a measure is in force; the first that applies counts."""
    yields_to: tuple[Id, ...] = ()
    """Bases whose goods its own duties leave out."""
    already_net: tuple[str, ...] = ()
    """Coverage lists that leave those goods out by themselves."""
    note: str = ""

    def reaches_given(self, in_force: Collection[str]) -> str | None:
        """Name of the list of goods that its duties reach, given the ids of measures in force."""
        with_measure = (entry.list for entry in self.reaches_with if entry.measure in in_force)
        return next(with_measure, self.reaches)


class Stacking(Strict):
    """All authorities by id."""

    authorities: dict[Id, Authority] = Field(min_length=1)
    metal_content: dict[Id, Share] = Field(default_factory=dict)
    """Part of a metal good's value that pays, by group; the baseline's tables are built with it."""

    @model_validator(mode="after")
    def _yields_to_known(self) -> Stacking:
        for name, authority in self.authorities.items():
            for other in authority.yields_to:
                target = self.authorities.get(other)
                if target is None:
                    refuse(
                        f"{name} yields to '{other}', which is not an authority.", "Check the name."
                    )
                if target.reaches is None:
                    refuse(
                        f"{name} yields to '{other}', which does not name a list that it reaches.",
                        "Add reaches.",
                    )
        return self
