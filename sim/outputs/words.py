"""Numbers as words: signs, units and plain sentences, made from headlines alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.outputs.headline import MIN_PERCENT, USD_BN, Figure, Headline, Mover
from sim.outputs.variables import PERCENT, POINTS, USD

_SHORT_UNIT = {
    USD_BN: "bn USD",
    PERCENT: "%",
    POINTS: "points",
    USD: "USD",
    "million tonnes": "million t",
}


MIN_SPOKEN = 0.05
"""Changes smaller than this, in percent or points, get no sentence of their own."""


def number(value: float, *, sign: bool = False) -> str:
    """Return a number with three telling digits at most: 438.7, 12.3, 0.045, 1,820."""
    size = abs(value)
    digits = 0 if size >= 1000 else 1 if size >= 10 else 2
    if 0 < size < 0.095:
        digits = 3
    text = f"{value:+,.{digits}f}" if sign else f"{value:,.{digits}f}"
    return text.lstrip("+-") if not text.strip("+-0.,") else text


def with_unit(value: float, unit: str, *, sign: bool = False) -> str:
    """Return a number with its unit as readers write it: ``12.3 bn USD``, ``4.5 %``."""
    short = _SHORT_UNIT.get(unit, "" if unit in ("index", "share") else unit)
    if unit == USD and abs(value) >= 10:
        value = round(value)
        return f"{value:+,d} {short}" if sign else f"{value:,d} {short}"
    return f"{number(value, sign=sign)} {short}".rstrip()


def moves(change: float, *, up: str = "rises", down: str = "falls") -> str:
    """Return the verb that goes with the sign of a change."""
    return up if change > 0 else down


def is_still(figure: Figure) -> bool:
    """Tell whether a figure does not move enough to be mentioned."""
    size = figure.percent if figure.percent is not None else figure.change
    return abs(size) < MIN_PERCENT


def is_minor(figure: Figure) -> bool:
    """Tell whether a figure moves too little for a sentence of its own."""
    size = figure.percent if figure.percent is not None else figure.change
    return abs(size) < MIN_SPOKEN


def is_idle(figure: Figure) -> bool:
    """Tell whether a figure is zero before and after: nothing to show."""
    return figure.value == 0 and figure.change == 0


def change_text(figure: Figure) -> str:
    """Return the signed change with unit, and percent where it has one."""
    if is_still(figure):
        return "no change"
    text = with_unit(figure.change, figure.change_unit, sign=True)
    if figure.percent is not None:
        text += f" ({number(figure.percent, sign=True)} %)"
    return text


def sentences(headline: Headline) -> list[str]:
    """Return what a run says, one plain sentence a point; units and direction in words."""
    figures = headline.figures
    if all(is_still(figure) for figure in figures.values()):
        start = headline.against_title
        return [f"Nothing changes against “{start}”: the scenario keeps things as they are."]
    found = [
        _level_sentence(figures.get("us_imports_from_china")),
        _tariff_sentence(figures, "us_tariff_on_china", "The average US duty on Chinese goods"),
        _tariff_sentence(figures, "cn_tariff_on_us", "China's average duty on US goods"),
        _level_sentence(figures.get("us_tariff_revenue")),
        _income_sentence(figures, "us", "US"),
        _income_sentence(figures, "cn", "China's"),
        _level_sentence(figures.get("us_soybean_exports_to_china")),
        _level_sentence(figures.get("us_soybean_income")),
        _level_sentence(figures.get("br_soybean_exports_to_china")),
        _purchase_sentence(figures),
        *(_pledge_sentence(pledge) for pledge in headline.pledges),
        _rare_earth_sentence(figures, headline.rankings),
        _movers_sentence(headline.rankings, "third_countries", "Third countries"),
        _movers_sentence(headline.rankings, "us_sectors", "US sectors"),
    ]
    return [sentence for sentence in found if sentence]


def _level_sentence(figure: Figure | None) -> str:
    if figure is None or figure.value is None or is_minor(figure):
        return ""
    by = with_unit(abs(figure.change), figure.change_unit)
    share = "" if figure.percent is None else f" ({number(abs(figure.percent))} %)"
    to = with_unit(figure.value, figure.unit)
    is_plural = "imports" in figure.label or "exports" in figure.label
    verb = moves(figure.change, up="rise", down="fall") if is_plural else moves(figure.change)
    return f"{figure.label} {verb} by {by}{share} to {to} a year."


def _tariff_sentence(figures: Mapping[str, Figure], name: str, subject: str) -> str:
    before, after = figures.get(f"{name}_before"), figures.get(name)
    if before is None or after is None or is_still(before):
        return ""
    if before.value is None or after.value is None:
        return ""
    verb = moves(before.change)
    text = f"{subject} {verb} by {number(abs(before.change))} points to {number(before.value)} %"
    return f"{text} at 2024 weights; after buyers have switched it is {number(after.value)} %."


def _income_sentence(figures: Mapping[str, Figure], country: str, subject: str) -> str:
    figure = figures.get(f"{country}_real_income")
    if figure is None or is_still(figure):
        return ""
    text = f"{subject} real income {moves(figure.change)} by {number(abs(figure.change))} %"
    household = figures.get(f"{country}_real_income_per_household")
    if household is None:
        return f"{text}."
    return f"{text}, {with_unit(abs(household.change), USD)} per household a year."


def _purchase_sentence(figures: Mapping[str, Figure]) -> str:
    short, subsidy = figures.get("purchase_shortfall"), figures.get("purchase_subsidy")
    if short is None or short.value is None or subsidy is None or subsidy.value is None:
        return ""
    if short.value <= 0:
        return "The market alone delivers the purchases that were pledged; no subsidy is needed."
    return (
        f"The market alone falls {number(short.value)} million tonnes a year short of the pledge; "
        f"meeting it takes a subsidy of {number(subsidy.value)} bn USD a year from China's budget."
    )


def _pledge_sentence(pledge: Mapping[str, Any]) -> str:
    """Say what a promise amounts to, against what was bought before."""
    bought, price = float(pledge["bought_mmt"]), float(pledge["price_usd_t"])
    parts = []
    for label, mmt in pledge["comparators"]:
        more = bought - float(mmt)
        value = with_unit(more * price / 1e3, USD_BN, sign=True)
        parts.append(f"{number(more, sign=True)} million tonnes ({value}) against {label} ({mmt})")
    text = (
        f"The pledge is {number(bought)} million tonnes a year, "
        f"{number(bought * price / 1e3)} bn USD at {price:g} USD a tonne"
    )
    return f"{text}: {'; '.join(parts)}." if parts else f"{text}."


def _rare_earth_sentence(
    figures: Mapping[str, Figure], rankings: Mapping[str, Sequence[Mover]]
) -> str:
    gap, rent = figures.get("rare_earth_price_gap"), figures.get("licence_rent")
    if gap is None or gap.value is None or rent is None or not rent.value:
        return ""
    hit = [mover for mover in rankings.get("us_output_lose", ()) if mover.code != "RARE"][:3]
    output = f" US output falls most in: {_listed(hit)}." if hit else ""
    shadow = figures.get("licence_shadow_rate")
    if shadow is not None and shadow.value:
        output = f" The licences act like an export tax of {number(shadow.value)} %.{output}"
    return (
        f"Rare earths and magnets cost {number(gap.value / 100)} times as much outside China as "
        "inside, against the baseline; those who hold export licences earn "
        f"{number(rent.value)} bn USD a year.{output}"
    )


def _listed(movers: Sequence[Mover]) -> str:
    return ", ".join(f"{m.label} ({number(m.percent or 0.0, sign=True)} %)" for m in movers)


def _movers_sentence(rankings: Mapping[str, Sequence[Mover]], name: str, subject: str) -> str:
    parts = []
    for kind, words in (("gain", "gaining most"), ("lose", "losing most")):
        movers = rankings.get(f"{name}_{kind}", ())[:3]
        if movers:
            parts.append(f"{words}: {_listed(movers)}")
    return f"{subject} {'; '.join(parts)}." if parts else ""


def worth_sentence(title: str, counterpart: str, reason: str, figures: Mapping[str, Figure]) -> str:
    """Say what a measure is worth, because without it its counterpart would hold."""
    gains = [_gain(figures, key, country) for key, country in (("us", "the US"), ("cn", "China"))]
    told = " and ".join(gain for gain in gains if gain)
    because = f"because without it “{counterpart}” would hold. {reason.strip()}"
    if not told:
        return (
            f"“{title}” is worth next to nothing, although without it “{counterpart}” would hold."
        )
    others = [
        f"{figure.label} {change_text(figure)}"
        for name, figure in figures.items()
        if abs(figure.change if figure.percent is None else figure.percent)
        > _WORTH_LEVELS.get(name, float("inf"))
    ]
    rest = f" Also: {'; '.join(others)}." if others else ""
    return f"“{title}” is worth {told}, {because}{rest}"


_WORTH_LEVELS: Mapping[str, float] = {
    "us_imports_from_china": MIN_SPOKEN,
    "us_exports_to_china": MIN_SPOKEN,
    "us_tariff_on_china_before": MIN_SPOKEN,
    "us_tariff_revenue": MIN_SPOKEN,
    "us_soybean_income": MIN_SPOKEN,
    "rare_earth_price_gap": 10.0,
}
"""Figures worth telling beside incomes, and how far they must move, in percent or points."""


def _gain(figures: Mapping[str, Figure], key: str, country: str) -> str:
    gain, percent = figures.get(f"{key}_gain"), figures.get(f"{key}_real_income")
    if gain is None or percent is None or is_still(percent):
        return ""
    text = f"{with_unit(gain.change, USD_BN, sign=True)} a year to {country}"
    details = f"{with_unit(percent.change, PERCENT, sign=True)} of real income"
    household = figures.get(f"{key}_real_income_per_household")
    if household is not None:
        details += f", {with_unit(household.change, USD, sign=True)} per household"
    return f"{text} ({details})"
