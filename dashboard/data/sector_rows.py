"""Rows of the table of sectors: output, prices, income and exposure of one country."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.data.answers import Answer
from sim.outputs.pair_names import PairNames, pair_names
from sim.outputs.results import RunResult
from sim.outputs.variables import CHANGE, VARIABLES
from sim.outputs.words import with_unit

OUTPUT, OUTPUT_PCT = "Output, bn", "Output, %"
PRICE_PCT, INCOME_PCT, INCOME = "Prices, %", "Income, %", "Income, bn"
_PERCENTS = (OUTPUT_PCT, PRICE_PCT, INCOME_PCT)
BARS = "Output, prices, income"
MONTHS = "Months"

PERCENT_DIGITS, INCOME_DIGITS = 2, 3
"""Digits with which changes are shown: percent, and bn USD."""

DIGITS: Mapping[str, int] = {
    **dict.fromkeys(_PERCENTS, PERCENT_DIGITS),
    INCOME: INCOME_DIGITS,
}
"""Digits of each column of changes."""

HELP: Mapping[str, str] = {
    MONTHS: "Change of output month by month, percent of the baseline; each on its own scale.",
    OUTPUT_PCT: VARIABLES["gross_output"].definition,
    OUTPUT: VARIABLES["gross_output"].definition + " The bars end at the largest of the goods.",
    PRICE_PCT: "Price that users in the country pay, home and imported, duties included, at fixed "
    "wages and profits of the country.",
    INCOME_PCT: VARIABLES["real_factor_income"].definition,
    INCOME: VARIABLES["real_factor_income"].definition,
}
"""What the columns mean, in the registry's words."""

LARGE = 100.0
"""Output in bn USD from which on one digit is enough."""

Row = dict[str, str | float | list[float] | None]


def rows(result: RunResult, region: str) -> list[Row]:
    """One row a sector, the largest change of income first.

    Changes are against the scenario's baseline: in percent, or bn USD a year at its prices.
    """
    output = _levels(result, "gross_output", region)
    income = _levels(result, "real_factor_income", region)
    price = _prices(result, region)
    sold, bought = exposures(result, region)
    sold_column, bought_column = exposure_columns(_names(result), region)
    table: list[Row] = [
        {
            "Sector": result.label(code),
            BARS: [],
            OUTPUT_PCT: _shown(_percent(output_change, output_before), PERCENT_DIGITS),
            PRICE_PCT: _shown(price.get(code), PERCENT_DIGITS),
            INCOME_PCT: _shown(_percent(income[code][1], income[code][0]), PERCENT_DIGITS),
            INCOME: _shown(_amount(income[code][1], income[code][0]), INCOME_DIGITS),
            OUTPUT: _amount(output_before + output_change, output_before),
            sold_column: sold.get(code),
            bought_column: bought.get(code),
        }
        for code, (output_before, output_change) in output.items()
    ]
    limit = edge(table)
    for row in table:
        # A bar beyond the edge would be drawn on the wrong side of zero.
        row[BARS] = [max(-limit, min(limit, _number(row, name))) for name in _PERCENTS]
    return sorted(table, key=lambda row: -abs(_number(row, INCOME)))


def _shown(value: float | None, digits: int) -> float | None:
    """Return a number; 0 if it would be shown as a zero with a sign; None where there is none."""
    return 0.0 if value is not None and abs(value) < 0.5 * 10.0**-digits else value


def _prices(result: RunResult, region: str) -> dict[str, float]:
    """Changes of prices paid by sector, percent, at fixed wages and profits of the region."""
    against_world = result.breakdown("price_index", "sector", region=region)
    consumer = result.value("consumer_price_index", region)
    at_fixed = result.value("consumer_price_index_at_fixed_factor_income", region)
    return {code: price * at_fixed / consumer - 100.0 for code, price in against_world.items()}


def _number(row: Mapping[str, object], column: str) -> float:
    """Return the number of a cell; an empty one has no bar and sorts as 0."""
    return 0.0 if row[column] is None else float(str(row[column]))


def columns(table: list[Row]) -> list[str]:
    """Return the columns in the order in which they are shown, with that of the months."""
    return ["Sector", BARS, MONTHS, *list(table[0])[2:]]


def has_months(answer: Answer, region: str) -> bool:
    """Tell whether paths keep the sectors of a region."""
    return region in answer.pair.codes


def add_months(table: list[Row], result: RunResult, series: Mapping[str, Any], region: str) -> None:
    """Add the path of each sector's output, where the path keeps the region's sectors."""
    paths = {result.label(code): list(path) for code, path in series["output_pct"][region].items()}
    for row in table:
        row[MONTHS] = paths.get(str(row["Sector"]))


def edge(table: list[Row]) -> float:
    """Return where the bars in the cells end: most fit, a few extremes are cut."""
    sizes = sorted(abs(_number(row, name)) for row in table for name in _PERCENTS)
    return max(sizes[int(0.9 * (len(sizes) - 1))], 0.01)


def largest_output(table: list[Row]) -> float:
    """Return where the bars of output end: at the largest of the goods."""
    sizes = sorted(_number(row, OUTPUT) for row in table)
    return max(sizes[-2], 1.0)


def output_digits(table: list[Row]) -> int:
    """Return the digits of output in bn USD that tell small sectors of a country from none."""
    return 1 if largest_output(table) >= LARGE else 3


def exposure_columns(names: PairNames, region: str) -> tuple[str, str]:
    """Names of the columns of exposure of a region to the pair: what it sells, what it buys."""
    pair = (names.home, names.partner)
    others = " and ".join(name.noun for name in pair if name.code != region)
    return f"To {others}, %", f"From {others}, %"


def _names(result: RunResult) -> PairNames:
    return pair_names(result.pair, result.manifest.get("labels"))


def exposures(result: RunResult, region: str) -> tuple[dict[str, float], dict[str, float]]:
    """Shares of a sector's exports and imports in the baseline that are trade with the pair."""
    shares = []
    for own, theirs in (("exports", "imports"), ("imports", "exports")):
        whole = {code: base for code, (base, _) in _levels(result, own, region).items()}
        part = dict.fromkeys(whole, 0.0)
        for counterpart in result.pair.codes:
            if counterpart == region:
                continue
            for code, (base, _) in _levels(result, theirs, counterpart, region).items():
                part[code] = part.get(code, 0.0) + base
        shares.append({code: 100.0 * part[code] / base for code, base in whole.items() if base > 0})
    return shares[0], shares[1]


def _levels(
    result: RunResult, variable: str, region: str, partner: str | None = None
) -> dict[str, tuple[float, float]]:
    """Baseline level and change by sector."""
    level = result.breakdown(variable, "sector", region=region, partner=partner)
    change = result.breakdown(variable + CHANGE, "sector", region=region, partner=partner)
    return {code: (level[code] - change[code], change[code]) for code in level}


def _amount(amount: float, before: float) -> float | None:
    """Return an amount in bn USD; None of a sector that a country lacks."""
    return 1e-3 * amount if before > 0 else None


def _percent(part: float, whole: float) -> float | None:
    """Return a part in percent of the whole; None of nothing: a sector that a country lacks."""
    return 100.0 * part / whole if whole > 0 else None


def alt_text(table: list[Row], country: str) -> str:
    """Return what the table shows, in words."""
    by_income = sorted(table, key=lambda row: -_number(row, INCOME))
    best, worst = by_income[0], by_income[-1]
    return (
        f"Table of sectors of {country}: income rises most in {best['Sector']} "
        f"({_bn(best)}), and falls most in {worst['Sector']} ({_bn(worst)})."
    )


def _bn(row: Mapping[str, object]) -> str:
    return with_unit(_number(row, INCOME), "USD bn", sign=True)
