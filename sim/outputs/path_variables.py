"""The registry's entries of what only a path knows: id, label, unit, definition, sign."""

from __future__ import annotations

from sim.outputs.units import (
    INDEX,
    MONTHS_OF_TRADE,
    MONTHS_OF_USE,
    PERCENT,
    POINTS,
    TONNES,
    USD_MN,
)

OF_PATHS: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "stock_use",
        "Use of a critical input",
        INDEX,
        "Quantity that users in the region use of what the partner sells them.",
        "below 100: users go short",
    ),
    (
        "stock_arrivals",
        "Arrivals of a critical input",
        INDEX,
        "Quantity that the partner's licences let through to users in the region.",
        "below 100: less arrives than is used normally",
    ),
    (
        "stock_held",
        "Stock of a critical input",
        MONTHS_OF_USE,
        "Stock at the end of the month of the users of what the partner sells the region.",
        "zero: from now on users live on what arrives",
    ),
    (
        "licence_filed",
        "Licences applied for",
        MONTHS_OF_TRADE,
        "Volume of the applications of the month, as far as trade needs a licence.",
        "above 1: what was refused is filed again",
    ),
    (
        "licence_approved",
        "Licences approved",
        MONTHS_OF_TRADE,
        "Volume of the applications approved in the month.",
        "positive: licences are granted",
    ),
    (
        "licence_refused",
        "Licences refused",
        MONTHS_OF_TRADE,
        "Volume of the applications refused in the month.",
        "positive: licences are refused",
    ),
    (
        "licence_pending",
        "Applications pending",
        MONTHS_OF_TRADE,
        "Volume filed and not decided at the end of the month.",
        "positive: exporters wait",
    ),
    (
        "licence_supply",
        "What the licences let through",
        INDEX,
        "Quantity that may be shipped in the month, with and without licence.",
        "below 100: licences hold trade back",
    ),
    (
        "purchase_committed",
        "Purchases promised",
        TONNES,
        "The month's part, by the season of shipments, of what is promised for a year.",
        "positive: a promise is in force",
    ),
    (
        "purchase_bought",
        "Purchases made",
        TONNES,
        "Quantity bought in the month, to be loaded later.",
        "positive: the region buys",
    ),
    (
        "purchase_shipped",
        "Purchases shipped",
        TONNES,
        "Quantity loaded in the month.",
        "positive: the partner ships",
    ),
    (
        "purchase_arrived",
        "Purchases arrived",
        TONNES,
        "Quantity that arrives in the month.",
        "positive: the region receives",
    ),
    (
        "purchase_fulfilment",
        "Fulfilment of the promise",
        PERCENT,
        "Shipped since the promise began over what was promised for these months.",
        "100: the promise is kept",
    ),
    (
        "purchase_duty_cut",
        "Duty cut that is worth the promise",
        POINTS,
        "Cut of the buyer's duty that moves as much as the subsidy; the whole duty at most.",
        "positive: the market alone does not deliver",
    ),
    (
        "imports_with_stocks",
        "Imports with buying ahead",
        USD_MN,
        "Goods imports by month of arrival, at an annual rate, with what is bought ahead of rises.",
        "a positive change: more arrives than in the baseline",
    ),
    (
        "stock_bought_ahead",
        "Stocks bought ahead",
        USD_MN,
        "Goods bought ahead of an announced rise and not yet used, at the end of the month.",
        "positive: importers hold more than usual",
    ),
)
"""What only a path knows, where the scenario has it."""
