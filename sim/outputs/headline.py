"""The numbers that a reader asks for first, taken from a result table.

The command line and the dashboard both show these; neither computes anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.outputs.table import GOODS, TOTAL
from sim.outputs.variables import CHANGE, INDEX, PERCENT, POINTS, TONNES, USD, USD_MN

if TYPE_CHECKING:
    from sim.outputs.results import RunResult

USD_BN = "USD bn"

RANKED = 5
"""How many gainers and losers are listed."""

MIN_PERCENT = 5e-4
"""Changes smaller than this, in percent, are called none."""


@dataclass(frozen=True)
class Figure:
    """One headline number.

    `value` is the level in the scenario, None where only the change has a meaning; `change` is
    against the baseline of the run; `percent` is the same in percent of the baseline level, None
    for rates and indices, whose change is in points or percent already.
    """

    id: str
    label: str
    unit: str
    value: float | None
    change: float
    change_unit: str
    percent: float | None = None
    variable: str = ""
    """Id of the variable in the registry, which holds its definition."""

    @property
    def baseline(self) -> float | None:
        """Level in the baseline."""
        return None if self.value is None else self.value - self.change


@dataclass(frozen=True)
class Mover:
    """A country or sector that gains or loses; `percent` is of its own baseline."""

    code: str
    label: str
    change: float
    unit: str
    percent: float | None


@dataclass(frozen=True)
class Headline:
    """Headline figures by id, and who gains and loses most."""

    scenario: str
    title: str
    against: str
    against_title: str
    figures: Mapping[str, Figure]
    rankings: Mapping[str, tuple[Mover, ...]]
    pledges: tuple[Mapping[str, Any], ...] = ()
    """Purchases promised: tonnes, price, value and what to compare them with."""


@dataclass(frozen=True)
class _Source:
    """Where a figure comes from: a row of the table, its scale, and how it is read."""

    label: str
    variable: str
    region: str
    partner: str | None = None
    sector: str | None = None
    unit: str = USD_BN


_BEFORE = "effective_tariff_rate_before_substitution"

_SOURCES: Mapping[str, _Source] = {
    "us_imports_from_china": _Source("US goods imports from China", "imports", "USA", "CHN", GOODS),
    "us_exports_to_china": _Source("US goods exports to China", "exports", "USA", "CHN", GOODS),
    "us_tariff_on_china_before": _Source(
        "US tariff on China, 2024 weights", _BEFORE, "USA", "CHN", unit=PERCENT
    ),
    "us_tariff_on_china": _Source(
        "US tariff on China, after substitution",
        "effective_tariff_rate",
        "USA",
        "CHN",
        unit=PERCENT,
    ),
    "cn_tariff_on_us_before": _Source(
        "China's tariff on the US, 2024 weights", _BEFORE, "CHN", "USA", unit=PERCENT
    ),
    "cn_tariff_on_us": _Source(
        "China's tariff on the US, after substitution",
        "effective_tariff_rate",
        "CHN",
        "USA",
        unit=PERCENT,
    ),
    "us_tariff_on_all_before": _Source(
        "US tariff on all, 2024 weights", _BEFORE, "USA", unit=PERCENT
    ),
    "us_tariff_on_all": _Source(
        "US tariff on all, after substitution", "effective_tariff_rate", "USA", unit=PERCENT
    ),
    "us_tariff_revenue": _Source("US tariff revenue", "tariff_revenue", "USA"),
    "us_gain": _Source("US real income", "equivalent_variation", "USA", unit=USD_MN),
    "us_real_income": _Source("US real income", "real_income", "USA", unit=INDEX),
    "us_real_income_per_household": _Source(
        "US real income per household", "equivalent_variation_per_household", "USA", unit=USD
    ),
    "cn_gain": _Source("China's real income", "equivalent_variation", "CHN", unit=USD_MN),
    "cn_real_income": _Source("China's real income", "real_income", "CHN", unit=INDEX),
    "cn_real_income_per_household": _Source(
        "China's real income per household", "equivalent_variation_per_household", "CHN", unit=USD
    ),
    "us_soybean_income": _Source(
        "US soybean farmers' real income", "real_factor_income", "USA", sector="SOY"
    ),
    "us_soybean_exports": _Source("US soybean exports", "exports", "USA", sector="SOY"),
    "us_soybean_exports_to_china": _Source(
        "US soybean exports to China", "exports", "USA", "CHN", "SOY"
    ),
    "br_soybean_exports_to_china": _Source(
        "Brazil's soybean exports to China", "imports", "CHN", "BRA", "SOY"
    ),
    "purchase_shortfall": _Source(
        "Purchases pledged, not made unaided", "purchase_shortfall", "CHN", "USA", "SOY", TONNES
    ),
    "purchase_subsidy": _Source("Subsidy that China's purchases take", "purchase_subsidy", "CHN"),
    "rare_earth_price_gap": _Source(
        "Rare-earth price abroad, China = 100",
        "price_outside_over_inside",
        "CHN",
        sector="RARE",
        unit="index",
    ),
    "licence_shadow_rate": _Source(
        "Rare-earth licences act like an export tax of",
        "shadow_rate",
        "CHN",
        TOTAL,
        "RARE",
        unit=PERCENT,
    ),
    "licence_rent": _Source("China's licence rents", "licence_rent", "CHN"),
}

_ONLY_CHANGE = {INDEX: PERCENT, USD: USD}
"""Units whose level says nothing, with the unit of the change that is shown instead."""


def figure_order() -> tuple[str, ...]:
    """Ids of all headline figures, in the order in which they are shown."""
    return tuple(_SOURCES)


def figure_keys() -> Mapping[str, tuple[str, str, str, str]]:
    """Variable (its change), region, partner and sector of each headline figure."""
    return {
        name: (
            source.variable + CHANGE,
            source.region,
            source.partner or TOTAL,
            source.sector or TOTAL,
        )
        for name, source in _SOURCES.items()
    }


def in_figure_units(name: str, change: float) -> float:
    """Bring the change of a headline figure to the unit in which it is shown."""
    return _scaled(name, _SOURCES[name], 0.0, change).change


def headline(result: RunResult) -> Headline:
    """Return the headline of a run; figures that its economy lacks are left out."""
    figures = {name: _figure(result, name, source) for name, source in _SOURCES.items()}
    return Headline(
        scenario=result.id,
        title=result.title,
        against=str(result.manifest.get("against", "baseline")),
        against_title=str(result.manifest.get("against_title", "the baseline")),
        figures={name: figure for name, figure in figures.items() if figure is not None},
        rankings=_rankings(result),
        pledges=tuple(
            target["details"]
            for target in result.manifest.get("targets", ())
            if "bought_mmt" in target.get("details", {})
        ),
    )


def _figure(result: RunResult, name: str, source: _Source) -> Figure | None:
    key = (source.region, source.partner, source.sector)
    value = result.find(source.variable, *key)
    change = result.find(source.variable + CHANGE, *key)
    if value is None or change is None:
        return None
    figure = _scaled(name, source, value, change)
    return replace(figure, variable=source.variable)


def _scaled(name: str, source: _Source, value: float, change: float) -> Figure:
    """Bring a level and its change to the units that readers know."""
    if source.unit == USD_MN:
        return Figure(name, source.label, USD_BN, None, change / 1e3, USD_BN)
    if source.unit in _ONLY_CHANGE:
        unit = _ONLY_CHANGE[source.unit]
        return Figure(name, source.label, unit, None, change, unit)
    if source.unit == USD_BN:
        base = value - change
        percent = 100.0 * change / base if base > 0 else None
        return Figure(name, source.label, USD_BN, value / 1e3, change / 1e3, USD_BN, percent)
    change_unit = POINTS if source.unit == PERCENT else source.unit
    return Figure(name, source.label, source.unit, value, change, change_unit)


def difference(result: Headline, counterpart: Headline) -> dict[str, Figure]:
    """Return what `result` is worth against `counterpart`: the difference of each figure.

    Levels are dropped; differences of percent changes are in percentage points of the baseline.
    """
    figures = {}
    for name, figure in result.figures.items():
        other = counterpart.figures.get(name)
        if other is None:
            continue
        percent = None
        if figure.value is not None and figure.unit == USD_BN and other.value:
            percent = 100.0 * (figure.value / other.value - 1.0)
        level = figure.change if figure.value is None else figure.value
        other_level = other.change if other.value is None else other.value
        figures[name] = replace(figure, value=None, change=level - other_level, percent=percent)
    return figures


def _rankings(result: RunResult) -> dict[str, tuple[Mover, ...]]:
    countries = _movers(result, "real_income", {"USA", "CHN"})
    sectors = _movers(result, "real_factor_income", set())
    diverted = _movers(result, "trade_diversion", {"USA", "CHN"})
    rankings = {}
    for name, movers in (
        ("third_countries", countries),
        ("us_sectors", sectors),
        ("us_imports_from_third_countries", diverted),
        ("us_output", _movers(result, "gross_output", set())),
    ):
        rankings[f"{name}_gain"] = tuple(m for m in movers if m.change > 0)[:RANKED]
        rankings[f"{name}_lose"] = tuple(m for m in reversed(movers) if m.change < 0)[:RANKED]
    return rankings


def _movers(result: RunResult, variable: str, without: set[str]) -> list[Mover]:
    """Countries or sectors by change, largest gain first; those that hardly move are left out."""
    if variable == "real_income":
        changes = result.breakdown("equivalent_variation", "region")
        percents = result.breakdown("real_income_change", "region")
    elif variable == "trade_diversion":
        changes = result.breakdown("trade_diversion", "partner", region="USA")
        levels = result.breakdown("imports", "partner", region="USA", sector=GOODS)
        percents = {code: _percent(levels[code], changes[code]) for code in changes}
    else:
        changes = result.breakdown(variable + CHANGE, "sector", region="USA")
        levels = result.breakdown(variable, "sector", region="USA")
        percents = {code: _percent(levels[code], changes[code]) for code in changes}
    movers = [
        Mover(code, result.label(code), changes[code], USD_MN, percents[code])
        for code in changes
        if code not in without and abs(percents[code]) >= MIN_PERCENT
    ]
    rank = _by_percent if variable in ("real_income", "gross_output") else _by_change
    return sorted(movers, key=rank, reverse=True)


def _percent(level: float, change: float) -> float:
    base = level - change
    return 100.0 * change / base if base > 0 else 0.0


def _by_percent(mover: Mover) -> tuple[float, str]:
    return (mover.percent or 0.0, mover.code)


def _by_change(mover: Mover) -> tuple[float, str]:
    return (mover.change, mover.code)
