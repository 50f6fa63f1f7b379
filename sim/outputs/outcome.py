"""A solved scenario or month with what is needed to report it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.outputs import metrics
from sim.outputs.tonnes import PricedQuantity, Purchases
from sim.outputs.variables import TONNES
from sim.pair import DEFAULT_PAIR, Pair

if TYPE_CHECKING:
    from sim.model.economy import Economy
    from sim.model.equilibrium import Equilibrium

Array = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class TargetOutcome:
    """What became of one quantity target, in words and units that readers know.

    `region` is who acts: the exporter behind a cap, the buyer behind a floor.  `pledged`, `without`
    (bought without the pledge) and `shortfall` are in `unit`; None where the target is a cap.
    """

    measure_id: str
    kind: str
    region: str
    partner: str
    sector: str
    shadow_rate: float
    quantity_hat: float
    unit: str = TONNES
    pledged: float | None = None
    without: float | None = None
    shortfall: float | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    """The measure's own figures: tonnes promised, comparators."""
    purchases: Purchases | None = None
    """Tonnes, prices and values of the flow; None where the target is not stated in tonnes."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """A solved scenario and what is needed to report it.

    Parameters
    ----------
    economy, equilibrium
        The baseline and the counterfactual on it.
    tariff_rate
        Duties that the law sets in the baseline, [n, i, j]; the counterfactual's are in the shock.
    reference_value
        Customs values of the 2024 economy, [n, i, j]: weights of rates before substitution.
    customs_factor
        Customs value in USD per unit of flow, [n, i, j].
    is_goods
        True for sectors that customs sees, [j].
    households_mn
        [n], nan where not known.
    pair
        The two whose trade is listed by sector, each the other's rival in trade diversion.
    """

    scenario: str
    date: dt.date
    economy: Economy
    equilibrium: Equilibrium
    tariff_rate: Array
    reference_value: Array
    customs_factor: Array
    is_goods: BoolArray
    households_mn: Array
    targets: tuple[TargetOutcome, ...] = field(default=())
    pair: Pair = DEFAULT_PAIR
    reference: Outcome | None = None
    """What `economy` is the result of, where that is no plain baseline (`measured_against`)."""

    def measured_against(self, reference: Outcome) -> Outcome:
        """Return the same outcome with changes against another of the same economy.

        All changes, also those in percent, are then exactly those from one to the other.
        """
        equilibrium = self.equilibrium.relative_to(reference.equilibrium)
        return replace(
            self,
            economy=equilibrium.economy,
            equilibrium=equilibrium,
            tariff_rate=metrics.law_tariff_rate(reference.equilibrium),
            targets=tuple(_from_reference(target, reference) for target in self.targets),
            reference=reference,
        )

    @property
    def since_start(self) -> Equilibrium:
        """The equilibrium against the economy that it was solved from.

        Quantity targets are stated against that economy.
        """
        if self.reference is None:
            return self.equilibrium
        return self.equilibrium.after(self.reference.equilibrium)

    def target_of_reference(self, target: TargetOutcome) -> TargetOutcome | None:
        """Return what became of the same quantity target in the reference, if it has it."""
        others = () if self.reference is None else self.reference.targets
        same = (other for other in others if other.measure_id == target.measure_id)
        return next(same, None)


def _from_reference(target: TargetOutcome, reference: Outcome) -> TargetOutcome:
    """Return a target in tonnes with the reference's tonnes and price as its baseline."""
    economy, equilibrium = reference.economy, reference.equilibrium
    codes = (target.region, target.partner, target.sector)
    known = (economy.importers, economy.importers, economy.sectors)
    if target.purchases is None or any(
        code not in names for code, names in zip(codes, known, strict=True)
    ):
        return target
    flow = tuple(names.index(code) for code, names in zip(codes, known, strict=True))
    mmt = target.purchases.baseline.mmt * float(equilibrium.quantity_hat[flow])
    value = metrics.customs_value(equilibrium.trade_flow_cf, reference.customs_factor)[flow]
    before = PricedQuantity.of_value(mmt, float(value))
    return replace(target, purchases=replace(target.purchases, baseline=before))
