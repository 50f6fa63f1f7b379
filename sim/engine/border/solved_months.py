"""The months of a path that has been solved, and what they were solved from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.engine.border.licences import Licensed
from sim.engine.months import Month
from sim.engine.pace import Pace
from sim.engine.start import Start
from sim.model.path.transition import TransitionPath
from sim.outputs.outcome import Outcome
from sim.pair import Pair
from sim.policy.law.law import Law


@dataclass(frozen=True, eq=False)
class SolvedMonths:
    """A path that has been solved, and what it was solved from."""

    start: Start
    law: Law
    policy: Sequence[Month]
    """Months of law, with what queues of licences let through."""
    licensed: Sequence[Licensed]
    path: TransitionPath
    free: TransitionPath
    """The same without promises to buy."""
    outcomes: Sequence[Outcome]
    pace: Pace
    pair: Pair

    @property
    def months(self) -> list[str]:
        """Names of the months."""
        return [f"{month.first:%Y-%m}" for month in self.policy]
