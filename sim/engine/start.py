"""Where a scenario starts: the economy that its baseline leaves, and the law that holds there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.baseline.load import Baseline
from sim.errors import ScenarioError
from sim.model import Economy, Equilibrium, QuantityTarget, Shock
from sim.outputs import metrics
from sim.outputs.variables import VARIABLES
from sim.policy.axes import Axes
from sim.policy.law.law import Law, LegalWedges
from sim.policy.law.nontariff import TargetSpec
from sim.policy.library.loader import ResolvedScenario

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

ECONOMY_2024 = "the economy of 2024"

CALIBRATED = dt.date(2025, 1, 1)
"""Day whose law the economy of 2024 stands for."""

UNITS = frozenset((variable.id, variable.unit) for variable in VARIABLES.values())
"""What results report, and in which unit."""


def axes_of(baseline: Baseline) -> Axes:
    """Names that scenarios may use with this baseline."""
    return Axes(
        regions=baseline.economy.importers,
        sectors=baseline.economy.sectors,
        lists=frozenset(baseline.coverage),
        rates=frozenset(baseline.rates),
        variables=UNITS,
        lacking=baseline.lacks,
        carved=baseline.carved,
    )


def law_of(baseline: Baseline, scenario: ResolvedScenario) -> Law:
    """Return a scenario's measures with the tables of the baseline."""
    return Law(
        measures=scenario.measures,
        axes=axes_of(baseline),
        base_rate=baseline.economy.tariff_rate,
        coverage=baseline.coverage,
        rates=baseline.rates,
        weights=metrics.customs_value(baseline.economy.trade_flow, baseline.customs_factor),
        stacking=scenario.stacking,
        parts=baseline.parts,
    )


@dataclass(frozen=True, eq=False)
class Start:
    """Where a scenario starts: the solved baseline on the economy of 2024.

    `scenario`, `law` and `equilibrium` are None where it starts from 2024 itself.
    """

    baseline: Baseline
    scenario: ResolvedScenario | None
    law: Law | None
    equilibrium: Equilibrium | None
    economy: Economy
    tariff_rate: Array
    """Duties that the law sets at the start."""
    fixed_day: dt.date | None = None
    """Day on which the baseline is read where it is not the baseline's own."""

    @classmethod
    def of_2024(cls, baseline: Baseline) -> Start:
        """Return the economy of 2024 itself: nothing is solved for it."""
        economy = baseline.economy
        return cls(baseline, None, None, None, economy, economy.tariff_rate)

    @property
    def day(self) -> dt.date:
        """Day whose law the start holds."""
        if self.scenario is None:
            return CALIBRATED
        return self.fixed_day or self.scenario.date

    @property
    def name(self) -> str:
        """What the start is called."""
        if self.scenario is None:
            return ECONOMY_2024
        if self.fixed_day is None:
            return self.scenario.id
        return f"{self.scenario.id} on {self.fixed_day}"

    @property
    def title(self) -> str:
        """What the start is called in a sentence."""
        if self.scenario is None:
            return ECONOMY_2024
        title = self.scenario.title
        return title if self.fixed_day is None else f"{title}, on {self.fixed_day}"

    @property
    def goes_on(self) -> bool:
        """Tell whether the baseline follows its own calendar in a path.

        The economy of 2024 and the law of a fixed day are kept as they are.
        """
        return self.scenario is not None and self.fixed_day is None

    @property
    def own_law(self) -> Law:
        """Law of the baseline; only where there is one."""
        assert self.law is not None
        return self.law

    @property
    def targets(self) -> tuple[TargetSpec, ...]:
        """Quantity targets that the start itself holds."""
        return () if self.law is None else self.law.targets(self.day)

    def shock(self, wedges: LegalWedges) -> Shock:
        """Turn the law of a day into what it changes of the economy that the scenario starts from.

        Raises
        ------
        ScenarioError
            If a quantity target covers no trade.
        """
        return Shock(
            tariff_rate_cf=wedges.tariff_rate,
            iceberg_hat=self.iceberg_hat(wedges.trade_cost_hat),
            # Rents of caps that bind in the baseline are no tax: the scenario's caps say anew.
            export_tax_rate_cf=self.baseline.economy.export_tax_rate,
            targets=tuple(self.relative_target(spec) for spec in wedges.targets),
        )

    def iceberg_hat(self, trade_cost_hat: Array) -> Array | None:
        """Trade costs relative to the start, whose own are in force already; None where none."""
        cost = trade_cost_hat
        if self.law is not None:
            cost = cost / self.law.trade_cost_hat(self.day)
        return None if (cost == 1.0).all() else cost

    def relative_target(self, spec: TargetSpec) -> QuantityTarget:
        """Target with its quantity relative to the economy that the scenario starts from.

        Floors are stated against 2024; so are caps that the baseline itself holds.
        """
        if self.equilibrium is None or self.scenario is None:
            return spec.target
        inherited = {measure.id for measure in self.scenario.measures}
        if spec.reference != "2024" and spec.measure_id not in inherited:
            return spec.target
        moved = target_quantity_hat(self.equilibrium, spec.target)
        return replace(spec.target, quantity_hat=spec.target.quantity_hat / moved)


def target_quantity_hat(equilibrium: Equilibrium, target: QuantityTarget) -> float:
    """Summed quantity of the target's flows, counterfactual over baseline.

    Raises
    ------
    ScenarioError
        If the target covers no trade in the baseline.
    """
    economy = equilibrium.economy
    mask = target.mask(economy)
    base = (economy.trade_flow / (1.0 + economy.export_tax_rate))[mask]
    if not base.sum() > 0:
        sectors = "all sectors" if target.sectors is None else ", ".join(target.sectors)
        raise ScenarioError(
            f"a quantity target on {sectors} covers no trade in the baseline.",
            advice="Choose regions and sectors that trade.",
        )
    return float((base * equilibrium.quantity_hat[mask]).sum() / base.sum())
