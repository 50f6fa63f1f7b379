"""What a scenario turns into if it breaks down, and how likely that is in a month."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from sim.policy.language.fields import Basis, Id, Share, Source, Strict, refuse

COLLAPSE = "collapse"
"""What lever paths call the block: ``collapse.hazard``."""


class Collapse(Strict):
    """What holds if the scenario breaks down; it acts in event trees only (`truce tree`).

    From the first day of the month of the collapse the law of `into` holds. Measures in force that
    both have go on by the calendar; others that begin where `into` departs from its baseline, or
    later, begin as many days after the collapse.
    """

    into: Id
    """Scenario whose law holds after the collapse; measured against the same baseline."""
    hazard: Share
    """Probability of a collapse in a month, given that there was none before."""
    duration: Annotated[int, Field(ge=0, le=120)] = 0
    """Months until the scenario's own law is back; 0 is for good."""
    basis: Basis
    """What the hazard rests on."""
    source: Source | None = None
    """Of the hazard; none only for what is assumed."""
    note: str = ""
    """Why this hazard, and what it leaves out."""

    @model_validator(mode="after")
    def _sound(self) -> Collapse:
        if (self.source is None) != (self.basis == "assumption"):
            refuse("a source and a basis that disagree.", "Give a source, or basis: assumption.")
        if self.basis == "assumption" and not self.note:
            refuse("an assumed hazard without a note.", "Add note: ... and say why.")
        return self
