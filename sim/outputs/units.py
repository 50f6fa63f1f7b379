"""Units of reported variables, as results write them."""

from __future__ import annotations

USD_MN = "USD mn"
USD_BN = "USD bn"
"""Unit in which headline figures show amounts."""
USD = "USD"
PERCENT = "percent"
POINTS = "percentage points"
INDEX = "index, baseline = 100"
SHARE = "share"
TONNES = "million tonnes"
USD_TONNE = "USD a tonne"
MONTHS_OF_USE = "months of baseline use"
MONTHS_OF_TRADE = "months of baseline trade"
