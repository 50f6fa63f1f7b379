"""A published estimate of what a scenario's baseline does, beside ours."""

from __future__ import annotations

from typing import Any

from sim.engine.solved import outcome_of
from sim.engine.start import Start
from sim.outputs.pick import Quantity, pick
from sim.outputs.range_words import INCOME
from sim.pair import Pair


def baseline_estimate(start: Start, pair: Pair) -> dict[str, Any] | None:
    """Return the first published estimate of the baseline's effect on real income, with ours.

    None where the baseline is the economy of 2024 or the law of a fixed day, or names no estimate
    of the home country's income.
    """
    scenario, equilibrium = start.scenario, start.equilibrium
    if scenario is None or equilibrium is None or start.fixed_day is not None:
        return None
    for estimate in scenario.compare_with:
        row = estimate.ours
        if row is None or (row.variable, row.region) != (INCOME, pair.home):
            continue
        if estimate.value is None:
            continue
        origin = Start.of_2024(start.baseline)
        outcome = outcome_of(origin, scenario, scenario.date, equilibrium, (), pair)
        key = Quantity(INCOME, pair.home)
        return {
            "scenario": scenario.title,
            "study": estimate.study,
            "what": estimate.what,
            "unit": estimate.unit,
            "value": estimate.value,
            "ours": pick(outcome, [key])[key],
        }
    return None
