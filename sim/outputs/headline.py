"""The numbers that a reader asks for first, taken from a result table.

The command line and the dashboard both show these; neither computes anything.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.outputs.figure_templates import FigureRow, figure_rows
from sim.outputs.pair_names import DEFAULT_NAMES, PairNames, pair_names
from sim.outputs.table import GOODS, TOTAL
from sim.outputs.variables import CHANGE, INDEX, PERCENT, POINTS, USD, USD_BN, USD_MN
from sim.pair import DEFAULT_PAIR, Pair

if TYPE_CHECKING:
    from sim.outputs.results import RunResult

RANKED = 5
"""How many gainers and losers are listed."""

MIN_PERCENT = 5e-4
"""Changes smaller than this, in percent, are called none."""


MIN_USD_MN = 0.5
"""Changes smaller than this, in USD mn, are called none."""


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
    """Promises in tonnes, as the manifest has them: what was bought, at which prices."""
    names: PairNames = DEFAULT_NAMES
    """What the regions of the figures are called."""
    prevented: str = ""
    """Why changes are against a counterpart; empty where they are against the baseline."""

    def figure(self, key: str) -> Figure | None:
        """Return a figure by its key of roles, such as ``home_imports_from_partner``."""
        return self.figures.get(self.names.id_of(key))


_ONLY_CHANGE = {INDEX: PERCENT, USD: USD}
"""Units whose level says nothing, with the unit of the change that is shown instead."""


def figure_order(pair: Pair = DEFAULT_PAIR) -> tuple[str, ...]:
    """Ids of all headline figures of a pair, in the order in which they are shown."""
    return tuple(figure_rows(pair_names(pair)))


def figure_keys(pair: Pair = DEFAULT_PAIR) -> Mapping[str, tuple[str, str, str, str]]:
    """Variable (its change), region, partner and sector of each headline figure of a pair."""
    return {
        name: (row.variable + CHANGE, row.region, row.partner or TOTAL, row.sector or TOTAL)
        for name, row in figure_rows(pair_names(pair)).items()
    }


def in_figure_units(name: str, change: float, pair: Pair = DEFAULT_PAIR) -> float:
    """Bring the change of a headline figure to the unit in which it is shown."""
    return _scaled(name, figure_rows(pair_names(pair))[name], 0.0, change).change


def headline(result: RunResult) -> Headline:
    """Return the headline of a run for its pair; figures that its economy lacks are left out."""
    names = pair_names(result.pair, result.manifest.get("labels"))
    figures = {name: _figure(result, name, row) for name, row in figure_rows(names).items()}
    return Headline(
        scenario=result.id,
        title=result.title,
        against=str(result.manifest.get("against", "baseline")),
        against_title=str(result.manifest.get("against_title", "the baseline")),
        figures={name: figure for name, figure in figures.items() if figure is not None},
        rankings=_rankings(result, names),
        pledges=tuple(
            target
            for target in result.manifest.get("targets", ())
            if target.get("purchases") is not None
        ),
        names=names,
        prevented=result.prevented,
    )


def _figure(result: RunResult, name: str, row: FigureRow) -> Figure | None:
    value = result.find(row.variable, *row.key)
    change = result.find(row.variable + CHANGE, *row.key)
    if value is None or change is None:
        return None
    figure = _scaled(name, row, value, change)
    return replace(figure, variable=row.variable)


def _scaled(name: str, row: FigureRow, value: float, change: float) -> Figure:
    """Bring a level and its change to the units that readers know."""
    if row.unit == USD_MN:
        return Figure(name, row.label, USD_BN, None, change / 1e3, USD_BN)
    if row.unit in _ONLY_CHANGE:
        unit = _ONLY_CHANGE[row.unit]
        return Figure(name, row.label, unit, None, change, unit)
    if row.unit == USD_BN:
        base = value - change
        percent = 100.0 * change / base if base > 0 else None
        return Figure(name, row.label, USD_BN, value / 1e3, change / 1e3, USD_BN, percent)
    change_unit = POINTS if row.unit == PERCENT else row.unit
    return Figure(name, row.label, row.unit, value, change, change_unit)


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


def _rankings(result: RunResult, names: PairNames) -> dict[str, tuple[Mover, ...]]:
    """Who gains and who loses most, by id; ids of the home region carry its name."""
    home, pair = names.home.code, names.pair.codes
    movers_by_key = {
        "third_countries": _regions_by_income(result, pair),
        "home_sectors": _sectors_by(result, "real_factor_income", home, _by_change),
        "home_imports_from_third_countries": _sellers_by_diversion(result, home, pair),
        "home_output": _sectors_by(result, "gross_output", home, _by_percent),
    }
    rankings = {}
    for key, movers in movers_by_key.items():
        name = names.id_of(key)
        rankings[f"{name}_gain"] = tuple(m for m in movers if m.change > 0)[:RANKED]
        rankings[f"{name}_lose"] = tuple(m for m in reversed(movers) if m.change < 0)[:RANKED]
    return rankings


Rank = Callable[[Mover], tuple[float, str]]


def _regions_by_income(result: RunResult, without: Collection[str]) -> list[Mover]:
    changes = result.breakdown("equivalent_variation", "region")
    percents = result.breakdown("real_income_change", "region")
    return _movers(result, changes, percents, without, _by_percent)


def _sellers_by_diversion(result: RunResult, home: str, without: Collection[str]) -> list[Mover]:
    changes = result.breakdown("trade_diversion", "partner", region=home)
    levels = result.breakdown("imports", "partner", region=home, sector=GOODS)
    return _movers(result, changes, _percents(levels, changes), without, _by_change)


def _sectors_by(result: RunResult, variable: str, home: str, rank: Rank) -> list[Mover]:
    changes = result.breakdown(variable + CHANGE, "sector", region=home)
    levels = result.breakdown(variable, "sector", region=home)
    return _movers(result, changes, _percents(levels, changes), (), rank)


def _movers(
    result: RunResult,
    changes: Mapping[str, float],
    percents: Mapping[str, float],
    without: Collection[str],
    rank: Rank,
) -> list[Mover]:
    """Countries or sectors, largest gain first; those that hardly move are left out.

    What is ranked by amount may be small in percent: services lose most of all that way.
    """
    sizes, least = (changes, MIN_USD_MN) if rank is _by_change else (percents, MIN_PERCENT)
    movers = [
        Mover(code, result.label(code), changes[code], USD_MN, percents[code])
        for code in changes
        if code not in without and abs(sizes[code]) >= least
    ]
    return sorted(movers, key=rank, reverse=True)


def _percents(levels: Mapping[str, float], changes: Mapping[str, float]) -> dict[str, float]:
    return {code: _percent(levels[code], changes[code]) for code in changes}


def _percent(level: float, change: float) -> float:
    base = level - change
    return 100.0 * change / base if base > 0 else 0.0


def _by_percent(mover: Mover) -> tuple[float, str]:
    return (mover.percent or 0.0, mover.code)


def _by_change(mover: Mover) -> tuple[float, str]:
    return (mover.change, mover.code)
