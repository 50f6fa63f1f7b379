"""All that `truce validate backtest` reports, worked out in order; progress is told on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sim.baseline.defaults import ELASTICITIES
from sim.validation.backtest.cross_episode import OTHER_RATES, OTHER_SET, RateSearch, both_ways
from sim.validation.backtest.imports import Backtest, backtests
from sim.validation.backtest.lists import ByList, by_list, diverted, lists_backtests, war_by_quarter
from sim.validation.backtest.others import Growth, Partner, partners, with_growth
from sim.validation.backtest.single_partners import SinglePartners, single_partners
from sim.validation.backtest.soybeans import (
    SHIPPED,
    own_elasticity,
    soy_backtests,
    soy_errors,
    soy_tonnes,
)
from sim.validation.backtest.tiers import TierErrors, naive_errors, tier_errors

Tell = Callable[[str], None]

SOY_ELASTICITIES = (6.0, 10.0, 15.0)
"""Trade elasticities of soybeans that are tried, the baseline's own among them or not."""


@dataclass(frozen=True)
class Findings:
    """Results of every backtest."""

    monthly: tuple[Backtest, ...]
    quarters: Backtest
    lists: ByList
    listed: tuple[Backtest, ...]
    diverted: dict[str, float]
    """Part of China's loss that other countries gain, percent, by model."""
    soybeans: tuple[Backtest, ...]
    tonnes: tuple[Backtest, ...]
    ways: tuple[RateSearch, ...]
    """With the chosen elasticities, and with another set."""
    partners: tuple[Partner, ...]
    growth: tuple[Growth, ...]
    single: SinglePartners
    tiers: tuple[TierErrors, ...]
    """At other elasticities between home and foreign, the rate of re-sourcing being the shipped."""
    naive: dict[str, float]
    """The same errors of no change."""
    soy_rates: dict[float, dict[str, float]]
    """Errors of American beans by re-sourcing rate, then by episode, points."""
    soy_elasticities: dict[float, dict[str, float]]
    """The same by trade elasticity of soybeans, at the shipped re-sourcing rate."""
    soy_elasticity: float
    """The baseline's own trade elasticity of soybeans."""

    @property
    def soy_by_elasticity(self) -> dict[float, dict[str, float]]:
        """Errors of American beans by trade elasticity, the baseline's own first, points."""
        return {self.soy_elasticity: self.soy_rates[SHIPPED], **self.soy_elasticities}

    @property
    def compared(self) -> tuple[Backtest, ...]:
        """Every comparison with what happened."""
        return (*self.monthly, self.quarters, *self.listed, *self.soybeans, *self.tonnes)


def findings(*, elasticities: str = ELASTICITIES, tell: Tell = lambda _: None) -> Findings:
    """Work out everything; about 20 seconds on one core.

    Parameters
    ----------
    tell
        Called with a word on what is being solved.
    """
    tell("2025 and 2018-19, month by month")
    monthly = backtests(elasticities=elasticities)
    by_partner, growth = partners(elasticities=elasticities), with_growth(elasticities=elasticities)
    tell("single partners and sectors")
    single = single_partners(elasticities=elasticities)
    tell("one tier of demand, and two")
    naive, tiers = naive_errors(elasticities=elasticities), tier_errors(elasticities=elasticities)
    tell("2018-19 by quarter and list")
    quarters, lists = war_by_quarter(elasticities=elasticities), by_list(elasticities=elasticities)
    listed = lists_backtests(elasticities=elasticities)
    gained = diverted(elasticities=elasticities)
    tell("soybeans")
    soybeans, tonnes = (
        soy_backtests(elasticities=elasticities),
        soy_tonnes(elasticities=elasticities),
    )
    tell("soybeans at other rates of re-sourcing")
    rates = soy_errors(elasticities=elasticities)
    others, own = {}, own_elasticity(elasticities)
    for theta in SOY_ELASTICITIES:
        if theta != own:
            tell(f"soybeans with an elasticity of {theta:g}")
            errors = soy_errors(
                elasticities=elasticities, rates=(SHIPPED,), soybean_elasticity=theta
            )
            others[theta] = errors[SHIPPED]
    ways = (
        both_ways(elasticities=elasticities, tell=tell),
        both_ways(elasticities=OTHER_SET, rates=OTHER_RATES, tell=tell),
    )
    return Findings(
        monthly=monthly,
        quarters=quarters,
        lists=lists,
        listed=listed,
        diverted=gained,
        soybeans=soybeans,
        tonnes=tonnes,
        ways=ways,
        partners=by_partner,
        growth=growth,
        single=single,
        tiers=tiers,
        naive=naive,
        soy_rates=rates,
        soy_elasticities=others,
        soy_elasticity=own,
    )
