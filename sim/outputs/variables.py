"""The registry: what every reported variable is called, measured in, and means.

The command line, the dashboard and the result table take their words from here, so they cannot
disagree.  Every variable `x` has a companion `x_change`, its difference to the scenario's baseline:
percent for indices, percentage points for rates, the same unit for amounts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sim.outputs.path_variables import OF_PATHS
from sim.outputs.units import (
    INDEX,
    MONTHS_OF_TRADE,
    MONTHS_OF_USE,
    PERCENT,
    POINTS,
    SHARE,
    TONNES,
    USD,
    USD_BN,
    USD_MN,
    USD_TONNE,
)

__all__ = [
    "CHANGE",
    "INDEX",
    "LOWER_IS_BETTER",
    "MONTHS_OF_TRADE",
    "MONTHS_OF_USE",
    "PERCENT",
    "POINTS",
    "SHARE",
    "TARGET_VARIABLES",
    "TONNES",
    "USD",
    "USD_BN",
    "USD_MN",
    "USD_TONNE",
    "VARIABLES",
    "Variable",
    "better_sign",
]

CHANGE = "_change"
"""Suffix of the companion that holds the difference to the baseline."""


@dataclass(frozen=True)
class Variable:
    """One entry of the registry.

    Parameters
    ----------
    id
        Name in the column `variable`.
    label
        Name for readers.
    unit, change_unit
        Units of the variable and of its companion `<id>_change`.
    definition
        One sentence: what is summed, at which prices, against what.
    sign
        What a positive number means.
    """

    id: str
    label: str
    unit: str
    definition: str
    sign: str
    change_unit: str


_CHANGE_UNIT = {INDEX: PERCENT, PERCENT: POINTS}

_TEXTS: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "imports",
        "Imports",
        USD_MN,
        "Purchases from abroad at customs value, before the importer's duty.",
        "positive: the region buys; a positive change: it buys more",
    ),
    (
        "exports",
        "Exports",
        USD_MN,
        "Sales abroad at the buyer's customs value, before the buyer's duty.",
        "positive: the region sells; a positive change: it sells more",
    ),
    (
        "effective_tariff_rate",
        "Average tariff after substitution",
        PERCENT,
        "Duty on goods over their customs value, both as they are in the scenario.",
        "positive: the region taxes imports from the partner",
    ),
    (
        "effective_tariff_rate_before_substitution",
        "Average tariff before substitution",
        PERCENT,
        "The scenario's duties on the goods imported in 2024, over their customs value.",
        "positive: the region taxes imports from the partner",
    ),
    (
        "tariff_revenue",
        "Tariff revenue",
        USD_MN,
        "Duty rate times customs value, summed; subsidies for purchases are not taken off.",
        "positive: the region collects",
    ),
    (
        "consumer_price_index_at_fixed_factor_income",
        "Consumer prices at fixed wages and profits",
        INDEX,
        "Price of final demand, duties included, over the wages and profits that a unit of the "
        "region's own factors earns.",
        "positive change: earned income buys less",
    ),
    (
        "consumer_price_index",
        "Consumer prices against world factor income",
        INDEX,
        "Price of final demand, duties included, over the wages and profits of the whole world.",
        "positive change: living costs more of what the world earns",
    ),
    (
        "price_index",
        "Prices paid for a sector's goods, against world factor income",
        INDEX,
        "Price that users in the region pay, home and imported, duties included, over the wages "
        "and profits of the whole world.",
        "positive change: the goods cost more of what the world earns",
    ),
    (
        "price_outside_over_inside",
        "Price outside over price inside",
        INDEX,
        "Average price of the sector's goods abroad, of all origins and by baseline spending, over "
        "that inside. Goods of the region alone rise by all of the export tax that a cap is worth.",
        "above 100: dearer abroad than in the region",
    ),
    (
        "real_income",
        "Real income",
        INDEX,
        "National income over consumer prices.",
        "positive change: the region gains",
    ),
    (
        "equivalent_variation",
        "Gain in real income",
        USD_MN,
        "Equivalent variation: baseline income times the relative change of real income, a year.",
        "positive: the region gains",
    ),
    (
        "equivalent_variation_per_household",
        "Gain in real income per household",
        USD,
        "Equivalent variation over the number of households, a year.",
        "positive: households gain",
    ),
    (
        "real_factor_income",
        "Real factor income",
        USD_MN,
        "Wages and profits earned in the sector over consumer prices, at baseline prices.",
        "positive change: those who earn their living in the sector gain",
    ),
    (
        "gross_output",
        "Output",
        USD_MN,
        "Volume of output, at baseline factory prices.",
        "positive change: the sector produces more",
    ),
    (
        "terms_of_trade",
        "Terms of trade",
        INDEX,
        "Export prices over import prices, before the importer's duty, baseline weights.",
        "positive change: exports buy more imports",
    ),
    (
        "border_pass_through",
        "Pass-through to the border",
        SHARE,
        "Change of the duty-paid import price over the change of the tariff factor, both in logs.",
        "1: the importer bears the whole change; 0: the exporter does",
    ),
    (
        "trade_diversion",
        "Trade diversion",
        USD_MN,
        "Change of goods imports from a third country; the two of a run's pair are rivals.",
        "positive: the third country sells more to the region",
    ),
    (
        "trade_diversion_share",
        "Share of lost imports replaced",
        PERCENT,
        "Trade diversion to the third country over the loss of goods imports from the rival.",
        "positive: the third country replaces part of the loss",
    ),
    (
        "licence_rent",
        "Licence rent",
        USD_MN,
        "What exporters earn above cost because licences make their goods scarce, kept at home.",
        "positive: the exporter earns a rent",
    ),
    (
        "shadow_rate",
        "Shadow price of a quantity",
        PERCENT,
        "Export tax that a cap is worth, or import subsidy that a floor takes, ad valorem. A tax x "
        "makes the capped goods cost 1 + x times; the price over all origins rises less.",
        "positive: the target binds; zero: it is met anyway",
    ),
    (
        "purchase_quantity",
        "Purchases in tonnes",
        TONNES,
        "Quantity of the trade that a promise in tonnes is about, from its tonnes of 2024.",
        "positive change: more is bought",
    ),
    (
        "purchase_price",
        "Price of the purchases",
        USD_TONNE,
        "Exports at customs value over their tonnes: tonnes times this price are the exports.",
        "positive change: the seller gets more for a tonne",
    ),
    (
        "purchase_shortfall",
        "Purchase shortfall",
        TONNES,
        "Pledged purchases less those that would be made without the pledge; never negative.",
        "positive: the market alone does not deliver the pledge",
    ),
    (
        "purchase_subsidy",
        "Subsidy that the purchases take",
        USD_MN,
        "What the buyer's budget pays, through an import subsidy, for the pledged quantity.",
        "positive: the buyer's taxpayers pay",
    ),
    (
        "welfare_terms_of_trade",
        "Welfare, terms of trade",
        PERCENT,
        "First-order effect of export and import prices, of income (Caliendo and Parro 2015).",
        "positive: a gain",
    ),
    (
        "welfare_volume_of_trade",
        "Welfare, volume of trade",
        PERCENT,
        "First-order effect of import volumes at baseline tariffs (Caliendo and Parro 2015).",
        "positive: a gain",
    ),
)


def _companion(base: Variable) -> Variable:
    return Variable(
        id=base.id + CHANGE,
        label=f"{base.label}, change",
        unit=base.change_unit,
        definition=f"Difference to the baseline. {base.definition}",
        sign=base.sign,
        change_unit=base.change_unit,
    )


def _registry() -> dict[str, Variable]:
    registry: dict[str, Variable] = {}
    for name, label, unit, definition, sign in (*_TEXTS, *OF_PATHS):
        base = Variable(name, label, unit, definition, sign, _CHANGE_UNIT.get(unit, unit))
        registry[name] = base
        registry[name + CHANGE] = _companion(base)
    return registry


TARGET_VARIABLES = ("shadow_rate", "purchase_shortfall", "purchase_quantity", "purchase_price")
"""Variables that only a scenario with a quantity target has."""

VARIABLES: Mapping[str, Variable] = MappingProxyType(_registry())
"""All variables by id, in the order in which they are reported."""

LOWER_IS_BETTER = frozenset(
    {
        "effective_tariff_rate",
        "effective_tariff_rate_before_substitution",
        "consumer_price_index_at_fixed_factor_income",
        "consumer_price_index",
        "price_index",
        "border_pass_through",
        "shadow_rate",
        "purchase_shortfall",
        "purchase_subsidy",
    }
)
"""Variables of which less is better for the region; of all others more is."""


def better_sign(variable: str) -> int:
    """Return -1 where less of `variable`, or of its companion's base, is better, else 1."""
    return -1 if variable.removesuffix(CHANGE) in LOWER_IS_BETTER else 1
