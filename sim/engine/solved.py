"""A scenario solved in the long run, with the law it was solved from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from sim.engine.start import Start, axes_of
from sim.engine.target_outcomes import target_outcomes
from sim.model import Equilibrium
from sim.outputs import metrics
from sim.outputs.outcome import Outcome, TargetOutcome
from sim.pair import Pair
from sim.policy.law.idle import carried_warnings, idle_warnings
from sim.policy.law.law import Law
from sim.policy.law.nontariff import TargetSpec
from sim.policy.library.evaluation_day import day_notice
from sim.policy.library.loader import ResolvedScenario
from sim.policy.library.resolve import BASELINES


@dataclass(frozen=True, eq=False)
class SolvedScenario:
    """The long-run answer to a scenario, and what it was solved from.

    `specs` are its quantity targets, in the order of the shock's.  Changes are against the law of
    the baseline on the same day: `start` where that has not changed since the baseline's own, else
    `baseline`.  Where the scenario means that something does not happen, they are against
    `counterpart`, the answer in which it does.
    """

    start: Start
    scenario: ResolvedScenario
    law: Law
    specs: tuple[TargetSpec, ...]
    equilibrium: Equilibrium
    pair: Pair
    counterpart: SolvedScenario | None = None
    baseline: SolvedScenario | None = None

    @property
    def reference(self) -> SolvedScenario | None:
        """What changes are against; None is the economy that the scenario starts from."""
        return self.counterpart or self.baseline

    @property
    def against_baseline(self) -> SolvedScenario:
        """The same with changes against the baseline, whatever it prevents."""
        return replace(self, counterpart=None)

    @cached_property
    def target_outcomes(self) -> tuple[TargetOutcome, ...]:
        """What became of each quantity target; floors cost a second solve."""
        return target_outcomes(self.start, self.equilibrium, self.specs)

    @property
    def outcome(self) -> Outcome:
        """What is needed to report it, against its counterpart or else its own baseline."""
        return self.outcome_with(self.target_outcomes)

    def outcome_with(self, targets: tuple[TargetOutcome, ...]) -> Outcome:
        """Return the outcome with targets that are known already, or with none."""
        outcome = outcome_of(
            self.start, self.scenario, self.scenario.date, self.equilibrium, targets, self.pair
        )
        if self.reference is None:
            return outcome
        return outcome.measured_against(self.reference.outcome)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Own measures that change nothing on the scenario's date."""
        return scenario_warnings(self.law, self.scenario)

    @property
    def notice(self) -> str | None:
        """What must be said first: that the answer is of a day that nobody asked for."""
        return scenario_notice(self.scenario)

    def since_2024(self) -> SolvedScenario:
        """Put the step from 2024 to the baseline and the step from there together."""
        first = self.start.equilibrium
        if first is None:
            return self.against_baseline
        equilibrium = self.equilibrium.after(first)
        origin = Start.of_2024(self.start.baseline)
        alone = replace(self, counterpart=None, baseline=None)
        return replace(alone, start=origin, equilibrium=equilibrium)


def scenario_warnings(law: Law, scenario: ResolvedScenario) -> tuple[str, ...]:
    """Warnings on measures: own ones that change nothing on its date, duties on parts of sectors.

    A baseline is a calendar: most of its acts are over, or have yet to come.
    """
    carried = carried_warnings(law, scenario.date)
    if scenario.group == BASELINES:
        return carried
    moved = {path.partition(".")[0] for lever in scenario.levers for path in lever.paths}
    return (*carried, *idle_warnings(law, scenario.date, scenario.own, moved))


def scenario_notice(scenario: ResolvedScenario) -> str | None:
    """Say that no measure of the scenario's own is in force on its date, or that it was moved.

    Nothing is said where the scenario means that something does not happen.
    """
    if scenario.group == BASELINES or scenario.counterpart is not None:
        return None
    own = [measure for measure in scenario.measures if measure.id in scenario.own]
    return day_notice(own, scenario.date, scenario.inherited_date)


def outcome_of(
    start: Start,
    scenario: ResolvedScenario,
    day: dt.date,
    equilibrium: Equilibrium,
    targets: tuple[TargetOutcome, ...],
    pair: Pair,
) -> Outcome:
    """Put a solved scenario or month and what is needed to report it together."""
    baseline = start.baseline
    services = list(axes_of(baseline).services)
    return Outcome(
        scenario=scenario.id,
        date=day,
        economy=start.economy,
        equilibrium=equilibrium,
        tariff_rate=start.tariff_rate,
        reference_value=metrics.customs_value(baseline.economy.trade_flow, baseline.customs_factor),
        customs_factor=baseline.customs_factor,
        is_goods=~np.isin(np.array(baseline.economy.sectors), services),
        households_mn=baseline.households_mn,
        targets=targets,
        pair=pair,
    )
