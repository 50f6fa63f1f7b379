"""Who gains and who loses: the rankings that a page offers, for the pair of a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sim.outputs.pair_names import PairNames, RegionName
from sim.outputs.variables import CHANGE, PERCENT, USD_BN, VARIABLES


@dataclass(frozen=True)
class RankingView:
    """One ranking: a variable of the result table, along sectors or countries."""

    id: str
    label: str
    title: str
    variable: str
    along: str
    region: str | None
    unit: str

    @property
    def axis(self) -> str:
        """Variable and unit, from the registry's words."""
        return f"{VARIABLES[self.variable].label}, {_AXIS_UNITS[self.unit]}"


_INCOME, _REAL = "real_factor_income" + CHANGE, "real_income" + CHANGE
_SALES = "trade_diversion"
_AXIS_UNITS = {USD_BN: "bn USD a year", PERCENT: "percent"}


@lru_cache(maxsize=16)
def ranking_views(names: PairNames) -> Mapping[str, Mapping[str, RankingView]]:
    """Return the rankings by group, in the order in which they are offered."""
    pair = (names.home, names.partner)
    third = RankingView("income", "Real income", "Third countries", _REAL, "region", None, PERCENT)
    return {
        "sectors": {view.id: view for view in map(_sectors, pair)},
        "countries": {view.id: view for view in (third, *map(_sales, pair))},
    }


def _sectors(region: RegionName) -> RankingView:
    """Return the ranking of a region's sectors by real income."""
    title = _sectors_of(region)
    return RankingView(
        f"{region.id}-sectors", region.title, title, _INCOME, "sector", region.code, USD_BN
    )


def _sectors_of(region: RegionName) -> str:
    """Return ``US sectors``; ``Sectors of Canada`` for a region without an adjective."""
    adjective, is_adjective, _ = region.goods.partition(" goods")
    return f"{adjective} sectors" if is_adjective else f"Sectors of {region.noun}"


def _sales(region: RegionName) -> RankingView:
    """Return the ranking of third countries by what they sell to a region."""
    title = f"Sales to {region.noun}"
    return RankingView(f"{region.id}-sales", title, title, _SALES, "partner", region.code, USD_BN)
