"""What became of each quantity target of a scenario, in the units that readers know."""

from __future__ import annotations

from dataclasses import replace

from sim.engine.start import Start, target_quantity_hat
from sim.model import Equilibrium, solve
from sim.outputs.outcome import TargetOutcome
from sim.outputs.table import TOTAL
from sim.policy.law.nontariff import TargetSpec


def target_outcomes(
    start: Start,
    equilibrium: Equilibrium,
    specs: tuple[TargetSpec, ...],
    free: Equilibrium | None = None,
) -> tuple[TargetOutcome, ...]:
    """Tell what became of each quantity target; floors also against the same without floors.

    Parameters
    ----------
    free
        The same without floors; solved, as a static answer, if None.
    """
    if free is None:
        free = _without_floors(start, equilibrium)
    return tuple(
        _target_outcome(start, equilibrium, free, position, spec)
        for position, spec in enumerate(specs)
    )


def _without_floors(start: Start, equilibrium: Equilibrium) -> Equilibrium:
    """The same scenario if nobody had to buy anything."""
    caps = tuple(target for target in equilibrium.shock.targets if target.kind == "cap")
    if len(caps) == len(equilibrium.shock.targets):
        return equilibrium
    return solve(start.economy, replace(equilibrium.shock, targets=caps))


def _target_outcome(
    start: Start, equilibrium: Equilibrium, free: Equilibrium, position: int, spec: TargetSpec
) -> TargetOutcome:
    target = spec.target
    buyer, seller = _only(target.importers), _only(target.exporters)
    outcome = TargetOutcome(
        measure_id=spec.measure_id,
        kind=target.kind,
        region=seller if target.kind == "cap" else buyer,
        partner=buyer if target.kind == "cap" else seller,
        sector=_only(target.sectors),
        shadow_rate=float(equilibrium.shadow_rate[position]),
        quantity_hat=float(equilibrium.target_quantity_hat[position]),
        details=dict(spec.details),
    )
    if target.kind == "cap" or spec.unit != "mmt":
        return outcome
    moved = 1.0
    if start.equilibrium is not None:
        moved = target_quantity_hat(start.equilibrium, target)
    in_2024 = float(spec.details["reference_mmt"])
    pledged = in_2024 * target.quantity_hat
    without = in_2024 * moved * target_quantity_hat(free, target)
    return replace(outcome, pledged=pledged, without=without, shortfall=max(0.0, pledged - without))


def _only(codes: tuple[str, ...] | None) -> str:
    """The code of a single region or sector, or TOTAL."""
    return codes[0] if codes is not None and len(codes) == 1 else TOTAL
