"""Cross-validation: the re-sourcing rate chosen on one episode and judged on the other.

Nothing but the rate is chosen, and nothing at all on the episode that judges it.  The months of
January 2026 are left out of the choice, as they were when the shipped rate was chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sim.baseline.defaults import ELASTICITIES
from sim.engine.pace import read_pace
from sim.validation.backtest.data import CHINA
from sim.validation.backtest.imports import EPISODES, NO_CHANGE, PATH, STATIC, compared, run_window

RATES = (0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.12, 0.15)
"""Re-sourcing rates tried, a month."""

YEARS = ("2025", "2019")
"""Months that choose and judge, in the order of `EPISODES`."""

OTHER_SET = "uniform4"
OTHER_RATES = (0.05, 0.08, 0.1, 0.12, 0.15, 0.2)
"""A second set of trade elasticities, to see whether the result depends on the set."""

Tell = Callable[[str], None]


@dataclass(frozen=True)
class CrossValidation:
    """A rate chosen on `chosen_on`, and its mean absolute errors on imports from China, points."""

    chosen_on: str
    judged_on: str
    rate: float
    error_there: float
    """On the months that chose it."""
    error: float
    """On the months that judge it."""
    static: float
    """Of the static model on the months that judge."""
    no_change: float


@dataclass(frozen=True)
class RateSearch:
    """Errors of every rate on both episodes, and the rate that each direction chooses."""

    elasticities: str
    errors: dict[float, dict[str, float]]
    """By rate, then by year."""
    ways: tuple[CrossValidation, ...]


def both_ways(
    *,
    elasticities: str = ELASTICITIES,
    rates: Sequence[float] = RATES,
    tell: Tell = lambda _: None,
) -> RateSearch:
    """Try every rate on both episodes; choose on each in turn and judge on the other.

    Parameters
    ----------
    tell
        Called with a word on what is being solved.
    """
    errors: dict[float, dict[str, float]] = {}
    references: dict[str, dict[str, float]] = {}
    for rate in rates:
        tell(f"re-sourcing {rate:g} a month, {elasticities}")
        pace = read_pace().moved({"resourcing": rate})
        errors[rate] = {}
        for episode, year in zip(EPISODES, YEARS, strict=True):
            # Nothing after the months judged is needed.
            window = replace(episode.window, end=min(episode.window.end, episode.judged[1]))
            backtest = compared(run_window(window, elasticities, pace), episode, CHINA)
            backtest = backtest.within(year)
            errors[rate][year] = backtest.error(PATH)
            references[year] = {name: backtest.error(name) for name in (STATIC, NO_CHANGE)}
    pairs = (YEARS, YEARS[::-1])
    return RateSearch(
        elasticities, errors, tuple(_way(errors, references, *pair) for pair in pairs)
    )


def _way(
    errors: dict[float, dict[str, float]],
    references: dict[str, dict[str, float]],
    chosen_on: str,
    judged_on: str,
) -> CrossValidation:
    chosen_rate = min(errors, key=lambda tried: errors[tried][chosen_on])
    return CrossValidation(
        chosen_on,
        judged_on,
        chosen_rate,
        errors[chosen_rate][chosen_on],
        errors[chosen_rate][judged_on],
        references[judged_on][STATIC],
        references[judged_on][NO_CHANGE],
    )
