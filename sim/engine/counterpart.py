"""What a scenario is measured against where it means that something does not happen."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sim.engine.model_levers import MODEL_LEVERS
from sim.engine.named_files import Name, file_beside
from sim.errors import ScenarioError
from sim.policy.library.loader import ResolvedScenario

Read = Callable[[Name, Mapping[str, float]], ResolvedScenario]
"""Reads a scenario with its levers set."""


def counterpart_of(
    scenario: ResolvedScenario, read: Read, *, beside: Name | None = None
) -> ResolvedScenario | None:
    """Return the scenario in which what this one prevents happens; None where it names none.

    It takes over the levers that both have and that are moved: what would have been is the same
    measure.

    Parameters
    ----------
    beside
        File next to which the counterpart may lie.

    Raises
    ------
    ScenarioError
        If it cannot be used, or has another baseline.
    """
    name = file_beside(beside, scenario.counterpart)
    if name is None:
        return None
    other = read(name, shared_levers(scenario, read(name, {})))
    if not have_same_baseline(scenario, other):
        raise ScenarioError(
            f"'{scenario.id}' has the counterpart '{other.id}', which is measured against "
            f"'{other.baseline}' and not against '{scenario.baseline}'.",
            advice="Name a counterpart with the same baseline and baseline_date.",
        )
    return other


def shared_levers(scenario: ResolvedScenario, other: ResolvedScenario) -> dict[str, float]:
    """Return the levers that are moved in `scenario` and that `other` has too.

    One that stands where it always does is left alone: the two may have other defaults.
    """
    known = {lever.id for lever in other.levers} | set(MODEL_LEVERS)
    return {
        lever.id: lever.value
        for lever in scenario.levers
        if lever.id in known and lever.value != lever.default
    }


def have_same_baseline(scenario: ResolvedScenario, other: ResolvedScenario) -> bool:
    """Tell whether two scenarios are measured against the same day of the same baseline."""
    ours = (scenario.baseline, scenario.baseline_date)
    return ours == (other.baseline, other.baseline_date)
