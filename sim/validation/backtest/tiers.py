"""The backtests at other elasticities between home and foreign, at one rate of re-sourcing.

Nothing was chosen on these errors: they show what two tiers of demand do to them, and whether they
could tell one M from another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sim.baseline.defaults import ELASTICITIES
from sim.baseline.elasticities import OTHER_BOUNDS
from sim.engine.pace import Pace
from sim.validation.backtest.data import CHINA, OTHERS
from sim.validation.backtest.imports import EPISODES, NO_CHANGE, PATH, compared, run_window
from sim.validation.backtest.lists import DIVERTED_PCT, diverted
from sim.validation.backtest.single_partners import BY_SECTOR, single_partners

ONE_TIER = OTHER_BOUNDS[1]
"""M at which every sector has one tier: the bound of theta."""

TRIED = (ONE_TIER, 1.0, 0.5, 0.25)

GAINED = "of China's loss in the first half of 2019 gained by others, %"


@dataclass(frozen=True)
class TierErrors:
    """Mean absolute errors of the path by what is compared, points; `GAINED` is itself, percent."""

    macro_elasticity: float
    errors: dict[str, float]


def tier_errors(
    *, elasticities: str = ELASTICITIES, pace: Pace | None = None
) -> tuple[TierErrors, ...]:
    """Return the errors at every M of `TRIED`, at the shipped rate of re-sourcing by default."""
    return tuple(_at(macro, elasticities, pace) for macro in TRIED)


def naive_errors(*, elasticities: str = ELASTICITIES, pace: Pace | None = None) -> dict[str, float]:
    """Return the same errors of no change; what is known to have happened for `GAINED`."""
    return _errors(ONE_TIER, elasticities, pace, NO_CHANGE)


def _at(macro: float, elasticities: str, pace: Pace | None) -> TierErrors:
    return TierErrors(macro, _errors(macro, elasticities, pace, PATH))


def _errors(macro: float, elasticities: str, pace: Pace | None, model: str) -> dict[str, float]:
    errors = {}
    for episode in EPISODES:
        window = replace(episode.window, macro_elasticity=macro)
        run = run_window(window, elasticities, pace)
        for partner in (CHINA, OTHERS):
            backtest = compared(run, episode, partner)
            errors[f"{episode.name}: {partner}"] = backtest.error(model)
    single = single_partners(elasticities=elasticities, pace=pace, macro_elasticity=macro)
    for backtest in single.monthly:
        errors[f"{backtest.episode.name}: {OTHERS}, goods compared"] = backtest.error(model)
    for entry in single.episodes:
        errors[f"{entry.episode.name}: single partners, median"] = entry.median_error(model)
    errors[f"{BY_SECTOR.name}: eleven sectors"] = single.sector_error(model)
    gained = diverted(elasticities=elasticities, pace=pace, macro_elasticity=macro)
    errors[GAINED] = DIVERTED_PCT if model == NO_CHANGE else gained[model]
    return errors
