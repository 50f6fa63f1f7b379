"""What became of each quantity target of a scenario, in the units that readers know."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.engine.start import Start, target_quantity_hat
from sim.model import Economy, Equilibrium, solve
from sim.outputs import metrics
from sim.outputs.outcome import TargetOutcome
from sim.outputs.table import TOTAL
from sim.outputs.tonnes import PricedQuantity, Purchases
from sim.policy.law.nontariff import TargetSpec

Array = NDArray[np.float64]


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
    bought = _purchases(start, equilibrium, free, spec)
    pledged, without = bought.in_2024.mmt * target.quantity_hat, bought.without.mmt
    return replace(
        outcome,
        pledged=pledged,
        without=without,
        shortfall=max(0.0, pledged - without),
        purchases=bought,
    )


def _purchases(
    start: Start, equilibrium: Equilibrium, free: Equilibrium, spec: TargetSpec
) -> Purchases:
    """Tonnes, values and thereby prices of the flow of a promise in tonnes."""
    target, baseline = spec.target, start.baseline

    def priced(mmt: float, economy: Economy, trade_flow: Array) -> PricedQuantity:
        value = metrics.customs_value(trade_flow, baseline.customs_factor)
        return PricedQuantity.of_value(mmt, float(value[target.mask(economy)].sum()))

    in_2024 = float(spec.details["reference_mmt"])
    before = in_2024
    if start.equilibrium is not None:
        before *= target_quantity_hat(start.equilibrium, target)
    return Purchases(
        in_2024=priced(in_2024, baseline.economy, baseline.economy.trade_flow),
        baseline=priced(before, start.economy, start.economy.trade_flow),
        without=priced(
            before * target_quantity_hat(free, target), free.economy, free.trade_flow_cf
        ),
        scenario=priced(
            before * target_quantity_hat(equilibrium, target),
            equilibrium.economy,
            equilibrium.trade_flow_cf,
        ),
    )


def _only(codes: tuple[str, ...] | None) -> str:
    """The code of a single region or sector, or TOTAL."""
    return codes[0] if codes is not None and len(codes) == 1 else TOTAL
