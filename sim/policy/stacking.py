"""How duties of different legal bases add up: data, read from ``scenarios/stacking.yaml``."""

from __future__ import annotations

from pydantic import Field, model_validator

from sim.policy.fields import Id, Strict, Text, refuse


class Authority(Strict):
    """A legal basis.  Its duties add to all others unless it yields to some."""

    title: Text
    actor: str
    """Region that imposes the duty."""
    reaches: str | None = None
    """Coverage list telling which part of a flow its duties reach; others may yield to it."""
    yields_to: tuple[Id, ...] = ()
    """Bases whose goods its own duties leave out."""
    already_net: tuple[str, ...] = ()
    """Coverage lists that leave those goods out by themselves."""
    note: str = ""


class Stacking(Strict):
    """All authorities by id."""

    authorities: dict[Id, Authority] = Field(min_length=1)

    @model_validator(mode="after")
    def _yields_to_known(self) -> Stacking:
        for name, authority in self.authorities.items():
            for other in authority.yields_to:
                target = self.authorities.get(other)
                if target is None:
                    refuse(f"{name} yields to '{other}', which is no authority.", "Check the name.")
                if target.reaches is None:
                    refuse(f"{name} yields to '{other}', which reaches no list.", "Add reaches.")
        return self
