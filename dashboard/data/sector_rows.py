"""Rows of the table of sectors: output, prices, income and exposure of one country."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard import data

Result = data.RunResult

RIVALS = ("USA", "CHN")
OUTPUT, OUTPUT_PCT = "Output, bn", "Output, %"
PRICE_PCT, INCOME_PCT, INCOME = "Prices, %", "Income, %", "Income, bn"
_PERCENTS = (OUTPUT_PCT, PRICE_PCT, INCOME_PCT)
BARS = "Output, prices, income"
MONTHS = "Months"

HELP: Mapping[str, str] = {
    MONTHS: "Change of output month by month, percent of the baseline; each on its own scale.",
    OUTPUT_PCT: data.VARIABLES["gross_output"].definition,
    OUTPUT: data.VARIABLES["gross_output"].definition,
    PRICE_PCT: data.VARIABLES["price_index"].definition,
    INCOME_PCT: data.VARIABLES["real_factor_income"].definition,
    INCOME: data.VARIABLES["real_factor_income"].definition,
}
"""What the columns mean, in the registry's words."""

Row = dict[str, str | float | list[float] | None]


def rows(result: Result, region: str) -> list[Row]:
    """One row a sector, the largest change of income first.

    Changes are against the scenario's baseline: in percent, or bn USD a year at its prices.
    """
    output = _levels(result, "gross_output", region)
    income = _levels(result, "real_factor_income", region)
    price = result.breakdown("price_index" + data.CHANGE, "sector", region=region)
    sold, bought = exposures(result, region)
    found: list[Row] = []
    for code, (base, change) in output.items():
        earned, gain = income[code]
        parts = [_percent(change, base), price.get(code, 0.0), _percent(gain, earned)]
        found.append(
            {
                "Sector": result.label(code),
                BARS: [],
                OUTPUT_PCT: parts[0],
                PRICE_PCT: parts[1],
                INCOME_PCT: parts[2],
                INCOME: 1e-3 * gain,
                OUTPUT: 1e-3 * (base + change),
                _sold(region): sold.get(code),
                _bought(region): bought.get(code),
            }
        )
    limit = edge(found)
    for row in found:
        # A bar beyond the edge would be drawn on the wrong side of zero.
        row[BARS] = [max(-limit, min(limit, float(str(row[name])))) for name in _PERCENTS]
    return sorted(found, key=lambda row: -abs(float(str(row[INCOME]))))


def with_months(found: list[Row], result: Result, track: Mapping[str, Any], region: str) -> None:
    """Add the path of each sector's output, where the path keeps the region's sectors."""
    paths = {result.label(code): list(path) for code, path in track["output_pct"][region].items()}
    for row in found:
        row[MONTHS] = paths.get(str(row["Sector"]))


def edge(found: list[Row]) -> float:
    """Return where the bars in the cells end: most fit, a few extremes are cut."""
    sizes = sorted(abs(float(str(row[name]))) for row in found for name in _PERCENTS)
    return max(sizes[int(0.9 * (len(sizes) - 1))], 0.01)


def largest_output(found: list[Row]) -> float:
    """Return where the bars of output end: at the largest of the goods."""
    sizes = sorted(float(str(row[OUTPUT])) for row in found)
    return max(sizes[-2], 1.0)


def exposure_columns(region: str) -> tuple[str, str]:
    """Names of the columns of exposure."""
    return _sold(region), _bought(region)


def _partners(region: str) -> str:
    names = {"USA": "the US", "CHN": "China"}
    return " and ".join(names[code] for code in RIVALS if code != region)


def _sold(region: str) -> str:
    return f"To {_partners(region)}, %"


def _bought(region: str) -> str:
    return f"From {_partners(region)}, %"


def exposures(result: Result, region: str) -> tuple[dict[str, float], dict[str, float]]:
    """Shares of a sector's exports and imports in the baseline that are trade with the rivals."""
    shares = []
    for own, theirs in (("exports", "imports"), ("imports", "exports")):
        whole = {code: base for code, (base, _) in _levels(result, own, region).items()}
        part = dict.fromkeys(whole, 0.0)
        for rival in RIVALS:
            if rival == region:
                continue
            for code, (base, _) in _levels(result, theirs, rival, region).items():
                part[code] = part.get(code, 0.0) + base
        shares.append(
            {code: _percent(part[code], base) for code, base in whole.items() if base > 0}
        )
    return shares[0], shares[1]


def _levels(
    result: Result, variable: str, region: str, partner: str | None = None
) -> dict[str, tuple[float, float]]:
    """Baseline level and change by sector."""
    level = result.breakdown(variable, "sector", region=region, partner=partner)
    change = result.breakdown(variable + data.CHANGE, "sector", region=region, partner=partner)
    return {code: (level[code] - change[code], change[code]) for code in level}


def _percent(part: float, whole: float) -> float:
    return 100.0 * part / whole if whole > 0 else 0.0


def finding(found: list[Row], country: str) -> str:
    """Return what the table shows, in words."""
    by_income = sorted(found, key=lambda row: -float(str(row[INCOME])))
    best, worst = by_income[0], by_income[-1]
    return (
        f"Table of sectors of {country}: income rises most in {best['Sector']} "
        f"({_bn(best)}), and falls most in {worst['Sector']} ({_bn(worst)})."
    )


def _bn(row: Mapping[str, object]) -> str:
    return data.with_unit(float(str(row[INCOME])), "USD bn", sign=True)
