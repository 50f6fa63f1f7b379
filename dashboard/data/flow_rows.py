"""Who replaces whom in trade: changes by partner, split into two sides of one sum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.records import FlowLabels, FlowSides
from sim.outputs.pair_names import PairNames, RegionName
from sim.outputs.results import RunResult
from sim.outputs.table import GOODS
from sim.outputs.variables import CHANGE
from sim.outputs.words import number

LEFT, RIGHT = 3, 8
"""Most partners that are named on each side; the rest are summed."""

RIBBON_DIGITS = 4
"""Significant digits of a ribbon's width: a small change has ribbons as well."""

SMALLEST = 0.002
"""Part of the whole below which a partner is not named."""


@dataclass(frozen=True)
class FlowView:
    """One set of flows: a country's goods imports or exports, by partner."""

    label: str
    title: str
    variable: str
    region: str
    names: FlowLabels


_EXPORTS = FlowLabels(
    "Others buy less", "Others buy more", "Not exported any more", "More exports in all"
)

_IMPORTS = FlowLabels(
    "Others sell less", "Others sell more", "Not imported any more", "More imports in all"
)


def flows(names: PairNames) -> Mapping[str, FlowView]:
    """Return the flows of a pair that a page offers, in order."""
    home, partner = names.home, names.partner
    return {
        f"{home.id}-imports": _flow(home, "imports", "who sells less, who sells more", _IMPORTS),
        f"{home.id}-exports": _flow(home, "exports", "who buys less, who buys more", _EXPORTS),
        f"{partner.id}-exports": _flow(
            partner, "exports", "who buys less, who buys more", _EXPORTS
        ),
    }


def _flow(region: RegionName, variable: str, who: str, labels: FlowLabels) -> FlowView:
    owner = region.owner[:1].upper() + region.owner[1:]
    title = f"{owner} {variable} of goods: {who}"
    return FlowView(f"{owner} {variable}", title, variable, region.code, labels)


def by_partner(flow: FlowView, result: RunResult, other: RunResult | None) -> dict[str, float]:
    """Change of goods trade by partner, bn USD, against the baseline or less that of `other`."""
    mine = _traded(flow, result)
    theirs = {} if other is None else _traded(flow, other)
    return {
        result.label(code): 1e-3 * (value - theirs.get(code, 0.0)) for code, value in mine.items()
    }


def _traded(flow: FlowView, result: RunResult) -> dict[str, float]:
    variable = flow.variable + CHANGE
    return result.breakdown(variable, "partner", region=flow.region, sector=GOODS)


def sides(changes: Mapping[str, float], names: FlowLabels) -> FlowSides:
    """Split changes by partner into two sides of one sum, the small ones added up."""
    size = max(sum(abs(value) for value in changes.values()), 1e-9)
    falls = {name: -value for name, value in changes.items() if value < 0}
    rises = {name: value for name, value in changes.items() if value > 0}
    less = _named(falls, LEFT, names.other_less, size)
    more = _named(rises, RIGHT, names.other_more, size)
    gap = sum(less.values()) - sum(more.values())
    if gap > SMALLEST * size:
        more[names.less_in_all] = gap
    elif gap < -SMALLEST * size:
        less[names.more_in_all] = -gap
    total = sum(less.values())
    ribbons = tuple(
        (seller, buyer, float(f"{fall * rise / total:.{RIBBON_DIGITS}g}"))
        for seller, fall in less.items()
        for buyer, rise in more.items()
    )
    balances = frozenset({names.less_in_all, names.more_in_all})
    texts = {name: number(amount) for name, amount in {**less, **more}.items()}
    return FlowSides(less, more, total, ribbons, balances, texts)


def _named(amounts: Mapping[str, float], most: int, other: str, size: float) -> dict[str, float]:
    """Return the largest amounts by name, and the sum of all others under `other`."""
    order = sorted(amounts, key=lambda name: -amounts[name])
    named = [name for name in order[:most] if amounts[name] > SMALLEST * size]
    rest = sum(amounts[name] for name in order if name not in named)
    kept = {name: amounts[name] for name in named}
    return kept | ({other: rest} if rest > SMALLEST * size else {})
