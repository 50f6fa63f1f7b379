"""The headline figures of any pair, defined once by roles, and the rows that they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sim.outputs.pair_names import CHINA, SECTORS_OF_CHINA, PairNames
from sim.outputs.table import GOODS, TOTAL
from sim.outputs.variables import INDEX, PERCENT, TONNES, USD, USD_BN, USD_MN, USD_TONNE


@dataclass(frozen=True)
class FigureTemplate:
    """A headline figure of any pair: a row of the table by roles, its scale, how it is called.

    Parameters
    ----------
    key
        Id by roles, such as ``home_imports_from_partner``.
    label
        Name for readers, with the roles of `PairNames` to be filled in.
    region, partner
        Role of who reports and of its counterpart; None or ``TOTAL`` stands for all.
    """

    key: str
    label: str
    variable: str
    region: str
    partner: str | None = None
    sector: str | None = None
    unit: str = USD_BN


@dataclass(frozen=True)
class FigureRow:
    """Where a figure of one pair comes from: a row of the table, its scale, how it is called."""

    label: str
    variable: str
    region: str
    partner: str | None
    sector: str | None
    unit: str

    @property
    def key(self) -> tuple[str, str | None, str | None]:
        """Region, partner and sector of the row."""
        return (self.region, self.partner, self.sector)


_BEFORE = "effective_tariff_rate_before_substitution"
_AFTER = "effective_tariff_rate"
_HOUSEHOLD = "equivalent_variation_per_household"

TEMPLATES: tuple[FigureTemplate, ...] = (
    FigureTemplate(
        "home_imports_from_partner",
        "{home.owner} goods imports from {partner.noun}",
        "imports",
        "home",
        "partner",
        GOODS,
    ),
    FigureTemplate(
        "home_exports_to_partner",
        "{home.owner} goods exports to {partner.noun}",
        "exports",
        "home",
        "partner",
        GOODS,
    ),
    FigureTemplate(
        "home_tariff_on_partner_before",
        "{home.owner} tariff on {partner.noun}, 2024 weights",
        _BEFORE,
        "home",
        "partner",
        unit=PERCENT,
    ),
    FigureTemplate(
        "home_tariff_on_partner",
        "{home.owner} tariff on {partner.noun}, after substitution",
        _AFTER,
        "home",
        "partner",
        unit=PERCENT,
    ),
    FigureTemplate(
        "partner_tariff_on_home_before",
        "{partner.owner} tariff on {home.noun}, 2024 weights",
        _BEFORE,
        "partner",
        "home",
        unit=PERCENT,
    ),
    FigureTemplate(
        "partner_tariff_on_home",
        "{partner.owner} tariff on {home.noun}, after substitution",
        _AFTER,
        "partner",
        "home",
        unit=PERCENT,
    ),
    FigureTemplate(
        "home_tariff_on_all_before",
        "{home.owner} tariff on all, 2024 weights",
        _BEFORE,
        "home",
        unit=PERCENT,
    ),
    FigureTemplate(
        "home_tariff_on_all",
        "{home.owner} tariff on all, after substitution",
        _AFTER,
        "home",
        unit=PERCENT,
    ),
    FigureTemplate("home_tariff_revenue", "{home.owner} tariff revenue", "tariff_revenue", "home"),
    *(
        FigureTemplate(
            f"{role}_consumer_prices",
            f"{{{role}.owner}} consumer prices at fixed wages and profits",
            "consumer_price_index_at_fixed_factor_income",
            role,
            unit=INDEX,
        )
        for role in ("home", "partner")
    ),
    *(
        template
        for role in ("home", "partner")
        for template in (
            FigureTemplate(
                f"{role}_gain",
                f"{{{role}.owner}} real income",
                "equivalent_variation",
                role,
                unit=USD_MN,
            ),
            FigureTemplate(
                f"{role}_real_income",
                f"{{{role}.owner}} real income",
                "real_income",
                role,
                unit=INDEX,
            ),
            FigureTemplate(
                f"{role}_real_income_per_household",
                f"{{{role}.owner}} real income per household",
                _HOUSEHOLD,
                role,
                unit=USD,
            ),
        )
    ),
    FigureTemplate(
        "seller_soybean_income",
        "{seller.owner} soybean farmers' real income",
        "real_factor_income",
        "seller",
        sector="SOY",
    ),
    FigureTemplate(
        "seller_soybean_exports", "{seller.owner} soybean exports", "exports", "seller", None, "SOY"
    ),
    FigureTemplate(
        "seller_soybean_exports_to_buyer",
        "{seller.owner} soybean exports to {buyer.noun}",
        "exports",
        "seller",
        "buyer",
        "SOY",
    ),
    FigureTemplate(
        "purchase_quantity",
        "{seller.owner} soybean exports to {buyer.noun} in tonnes",
        "purchase_quantity",
        "buyer",
        "seller",
        "SOY",
        TONNES,
    ),
    FigureTemplate(
        "purchase_price",
        "Price of {seller.owner} soybean exports to {buyer.noun}",
        "purchase_price",
        "buyer",
        "seller",
        "SOY",
        USD_TONNE,
    ),
    FigureTemplate(
        "rival_soybean_exports_to_buyer",
        "{rival.owner} soybean exports to {buyer.noun}",
        "imports",
        "buyer",
        "rival",
        "SOY",
    ),
    FigureTemplate(
        "purchase_shortfall",
        "Purchases pledged, not made unaided",
        "purchase_shortfall",
        "buyer",
        "seller",
        "SOY",
        TONNES,
    ),
    FigureTemplate(
        "purchase_subsidy",
        "Subsidy that {buyer.owner} purchases take",
        "purchase_subsidy",
        "buyer",
    ),
    FigureTemplate(
        "rare_earth_price_gap",
        "Rare-earth price abroad, all origins, {licensor.noun} = 100",
        "price_outside_over_inside",
        "licensor",
        sector="RARE",
        unit="index",
    ),
    FigureTemplate(
        "licence_shadow_rate",
        "Export tax that rare-earth licences act like, on {licensor.goods}",
        "shadow_rate",
        "licensor",
        TOTAL,
        "RARE",
        PERCENT,
    ),
    FigureTemplate("licence_rent", "{licensor.owner} licence rents", "licence_rent", "licensor"),
)
"""All headline figures, in the order in which they are shown."""


@lru_cache(maxsize=32)
def figure_rows(names: PairNames) -> Mapping[str, FigureRow]:
    """Return the figures of a pair by id; those that make no sense for it are left out."""
    return {
        names.id_of(template.key): FigureRow(
            names.text(template.label),
            template.variable,
            names.code(template.region) or TOTAL,
            names.code(template.partner),
            template.sector,
            template.unit,
        )
        for template in TEMPLATES
        if _is_of(template, names)
    }


def _is_of(template: FigureTemplate, names: PairNames) -> bool:
    codes = names.pair.codes
    if template.sector in SECTORS_OF_CHINA and CHINA not in codes:
        return False
    # A rival that is one of the pair would report the same flow twice.
    return template.partner != "rival" or names.rival.code not in codes
