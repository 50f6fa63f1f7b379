"""Numbers as words: signs, units and plain sentences, made from headlines alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sim.outputs.headline import MIN_PERCENT, Figure, Headline, Mover
from sim.outputs.pair_names import PairNames
from sim.outputs.tonnes import value_bn
from sim.outputs.variables import PERCENT, POINTS, USD, USD_BN

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
    """Return a number with three telling digits at most: 438.7, 12.3, 0.045, 1,820; or 0.

    What rounds to nothing is 0, without a sign and without digits.
    """
    value = float(f"{value:.9g}")  # 14.25 and 14.250000001 are one number: what is left is noise
    size = abs(value)
    digits = 0 if size >= 1000 else 1 if size >= 10 else 2
    if 0 < size < 0.095:
        digits = 3
    text = decimals(value, digits, sign=sign)
    return text if text.strip("0.") else "0"


def decimals(value: float, digits: int, *, sign: bool = False) -> str:
    """Return a number with a fixed count of digits: 12.30, 1,820.0; a zero has no sign."""
    text = f"{value:+,.{digits}f}" if sign else f"{value:,.{digits}f}"
    return text if text.strip("+-0.,") else text.lstrip("+-")


def chance(probability: float) -> str:
    """Return a probability in percent; only what is certain is 0 or 100 %."""
    percent = 100.0 * probability
    if 0.0 < percent < 0.5:
        return "under 0.5 %"
    if 99.5 < percent < 100.0:
        return "over 99.5 %"
    return f"{percent:.0f} %"


def with_unit(value: float, unit: str, *, sign: bool = False) -> str:
    """Return a number with its unit as readers write it: ``12.3 bn USD``, ``4.5 %``."""
    short = _SHORT_UNIT.get(unit, "" if unit in ("index", "share") else unit)
    if unit == USD and abs(value) >= 10:
        return f"{decimals(value, 0, sign=sign)} {short}"
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
    if figure.percent is None:
        return text
    percent = f"{number(figure.percent, sign=True)} %"
    return percent if number(figure.change) == "0" else f"{text} ({percent})"


def sentences(headline: Headline) -> list[str]:
    """Return what a run says, one plain sentence a point; units and direction in words."""
    if all(is_still(figure) for figure in headline.figures.values()):
        start = headline.against_title
        return [f"Nothing changes against “{start}”: the scenario keeps things as they are."]
    figure, names = headline.figure, headline.names
    worth = worth_of(headline, with_others=False) if headline.prevented else ""
    home_sectors = names.id_of("home_sectors")
    spoken = [
        worth,
        _level_sentence(figure("home_imports_from_partner")),
        _tariff_sentence(headline, "home", "partner"),
        _tariff_sentence(headline, "partner", "home"),
        _level_sentence(figure("home_tariff_revenue")),
        _price_sentence(headline.figure("home_consumer_prices")),
        _income_sentence(headline, "home"),
        _income_sentence(headline, "partner"),
        _level_sentence(figure("seller_soybean_exports_to_buyer")),
        _level_sentence(figure("seller_soybean_income")),
        _level_sentence(figure("rival_soybean_exports_to_buyer")),
        _purchase_sentence(headline),
        *(text for pledge in headline.pledges for text in _pledge_sentences(pledge)),
        _rare_earth_sentence(headline),
        _movers_sentence(headline.rankings, "third_countries", "Third countries", _in_percent),
        _movers_sentence(
            headline.rankings, home_sectors, names.text("{home.owner} sectors"), _in_bn
        ),
    ]
    return [sentence for sentence in spoken if sentence]


def _level_sentence(figure: Figure | None) -> str:
    if figure is None or figure.value is None or is_minor(figure):
        return ""
    by = with_unit(abs(figure.change), figure.change_unit)
    share = "" if figure.percent is None else f" ({number(abs(figure.percent))} %)"
    to = with_unit(figure.value, figure.unit)
    is_plural = "imports" in figure.label or "exports" in figure.label
    verb = moves(figure.change, up="rise", down="fall") if is_plural else moves(figure.change)
    return f"{figure.label} {verb} by {by}{share} to {to} a year."


def _tariff_sentence(headline: Headline, importer: str, exporter: str) -> str:
    """Say how a duty moves; `importer` and `exporter` are roles."""
    before = headline.figure(f"{importer}_tariff_on_{exporter}_before")
    after = headline.figure(f"{importer}_tariff_on_{exporter}")
    if before is None or after is None or is_still(before):
        return ""
    if before.value is None or after.value is None:
        return ""
    subject = headline.names.text(f"{{{importer}.duty}} on {{{exporter}.goods}}")
    verb = moves(before.change)
    text = f"{subject} {verb} by {number(abs(before.change))} points to {number(before.value)} %"
    return f"{text} at 2024 weights; after buyers have switched it is {number(after.value)} %."


def _price_sentence(figure: Figure | None) -> str:
    if figure is None or is_still(figure):
        return ""
    return f"{figure.label} {moves(figure.change, up='rise', down='fall')} by {_percent(figure)}."


def _percent(figure: Figure) -> str:
    return with_unit(abs(figure.change), figure.change_unit)


def _income_sentence(headline: Headline, role: str) -> str:
    figure = headline.figure(f"{role}_real_income")
    if figure is None or is_still(figure):
        return ""
    subject = headline.names.text(f"{{{role}.owner}} real income")
    text = f"{subject} {moves(figure.change)} by {number(abs(figure.change))} %"
    household = headline.figure(f"{role}_real_income_per_household")
    if household is None:
        return f"{text}."
    return f"{text}, {with_unit(abs(household.change), USD)} per household a year."


def _purchase_sentence(headline: Headline) -> str:
    short, subsidy = headline.figure("purchase_shortfall"), headline.figure("purchase_subsidy")
    if short is None or short.value is None or subsidy is None or subsidy.value is None:
        return ""
    if short.value <= 0:
        return "The market alone delivers these purchases; no subsidy is needed."
    soybeans = next(pledge for pledge in headline.pledges if pledge["sector"] == "SOY")
    return (
        f"The market alone buys {number(soybeans['without'])} million tonnes a year, "
        f"{number(short.value)} less than the {number(soybeans['pledged'])} million tonnes of the "
        f"scenario; the difference takes a subsidy of {number(subsidy.value)} bn USD a year from "
        f"{headline.names.buyer.owner} budget."
    )


def _pledge_sentences(pledge: Mapping[str, Any]) -> list[str]:
    """Say what a promise in tonnes amounts to: what is bought, at which price, against what."""
    sentences = [_promise_sentence(pledge), _bought_sentence(pledge), _counted_sentence(pledge)]
    return [sentence for sentence in sentences if sentence]


def _promise_sentence(pledge: Mapping[str, Any]) -> str:
    """Say what is promised, and where the price comes from at which it is stated in dollars."""
    details, year = pledge["details"], pledge["purchases"]["in_2024"]
    price, promised = float(year["usd_t"]), float(details["promised_mmt"])
    text = f"The pledge is {_at_price(promised, price)} a year"
    if details["fulfilment"] != 1:
        bought = _at_price(float(details["bought_mmt"]), price)
        text += f", of which {number(100 * details['fulfilment'])} % is bought: {bought}"
    return (
        f"{text}. The price is that of 2024, when {number(year['mmt'])} million tonnes were sold "
        f"for {number(year['usd_bn'])} bn USD."
    )


def _bought_sentence(pledge: Mapping[str, Any]) -> str:
    """Say what is bought, and which part of the change of its value is the price."""
    states = pledge["purchases"]
    before, after = states["baseline"], states["scenario"]
    price, more = float(states["in_2024"]["usd_t"]), after["mmt"] - before["mmt"]
    change, volume = after["usd_bn"] - before["usd_bn"], value_bn(more, price)
    text = (
        f"A year's purchases are {_priced(after)}, in the baseline {_priced(before)}. "
        f"Of the {number(change, sign=True)} bn USD, {_at_price(more, price, sign=True)} are the "
        f"quantity at the price of 2024, and {number(change - volume, sign=True)} bn USD the price."
    )
    if pledge["shadow_rate"] <= 0:
        return text
    alone = states["without"]["usd_t"]
    return (
        f"{text} The subsidy moves the price by {number(after['usd_t'] - alone, sign=True)} USD a "
        f"tonne ({number(100 * (after['usd_t'] / alone - 1), sign=True)} %)."
    )


def _counted_sentence(pledge: Mapping[str, Any]) -> str:
    """Set what is bought beside tonnages that were counted, which are not the baseline."""
    bought, price = pledge["details"]["bought_mmt"], pledge["purchases"]["in_2024"]["usd_t"]
    parts = [
        f"{_at_price(bought - counted, price, sign=True)} against {label} "
        f"({number(counted)} million tonnes)"
        for label, counted in pledge["details"]["comparators"]
    ]
    return f"Beside trade that was counted, which is not the baseline: {'; '.join(parts)}." * bool(
        parts
    )


def _priced(state: Mapping[str, float]) -> str:
    """Tonnes, their price and their value, from a record that holds all three."""
    return (
        f"{number(state['mmt'])} million tonnes at {number(state['usd_t'])} USD a tonne "
        f"({number(state['usd_bn'])} bn USD)"
    )


def _at_price(mmt: float, usd_t: float, *, sign: bool = False) -> str:
    """Tonnes at a price, USD a tonne, and what they are worth; with a sign for a difference."""
    return (
        f"{number(mmt, sign=sign)} million tonnes at {number(usd_t)} USD a tonne "
        f"({number(value_bn(mmt, usd_t), sign=sign)} bn USD)"
    )


def _rare_earth_sentence(headline: Headline) -> str:
    gap, rent = headline.figure("rare_earth_price_gap"), headline.figure("licence_rent")
    if gap is None or gap.value is None or rent is None or not rent.value:
        return ""
    names = headline.names
    losers = headline.rankings.get(names.id_of("home_output_lose"), ())
    hit = [mover for mover in losers if mover.code != "RARE"][:3]
    owner = names.text("{home.owner}")
    output = f"{owner} output falls most in: {_listed(hit, _in_percent)}." if hit else ""
    shadow = headline.figure("licence_shadow_rate")
    rate = None if shadow is None else shadow.value
    price = _rare_earth_prices(gap.value / 100, rate or 0.0, names.licensor.noun)
    earned = f"Those who hold export licences earn {number(rent.value)} bn USD a year."
    return " ".join(part for part in (price, earned, output) if part)


def _rare_earth_prices(times: float, tax: float, licensor: str) -> str:
    """Say what users abroad pay, and how that follows from the tax, percent, on one origin."""
    factor = 1.0 + tax / 100
    if not tax:
        return (
            f"Rare earths and magnets of all origins cost {number(times)} times as much outside "
            f"{licensor} as inside, against the baseline."
        )
    # Below the factor the mean of all other origins must have risen less than the licensor's.
    less = ", which rises less" if times < factor else ""
    return (
        f"The licences act like an export tax of {number(tax)} %: rare earths and magnets from "
        f"{licensor} cost {number(factor)} times as much abroad as at its factories, and with what "
        f"comes from elsewhere{less}, users outside {licensor} pay {number(times)} times what "
        f"users inside pay, against the baseline."
    )


def _listed(movers: Sequence[Mover], amount: Callable[[Mover], str]) -> str:
    return ", ".join(f"{mover.label} ({amount(mover)})" for mover in movers)


def _in_percent(mover: Mover) -> str:
    return f"{number(mover.percent or 0.0, sign=True)} %"


def _in_bn(mover: Mover) -> str:
    """The amount by which the movers are sorted, and what it is of their own baseline."""
    return f"{with_unit(mover.change / 1e3, USD_BN, sign=True)}, {_in_percent(mover)}"


def _movers_sentence(
    rankings: Mapping[str, Sequence[Mover]],
    name: str,
    subject: str,
    amount: Callable[[Mover], str],
) -> str:
    parts = []
    for kind, words in (("gain", "gaining most"), ("lose", "losing most")):
        movers = rankings.get(f"{name}_{kind}", ())[:3]
        if movers:
            parts.append(f"{words}: {_listed(movers, amount)}")
    return f"{subject} {'; '.join(parts)}." if parts else ""


def worth_of(headline: Headline, *, with_others: bool = True) -> str:
    """Say what a measure is worth, because without it its counterpart would hold."""
    title, counterpart, names = headline.title, headline.against_title, headline.names
    gains = [_gain(headline.figures, role, names) for role in ("home", "partner")]
    told = " and ".join(gain for gain in gains if gain)
    if not told:
        return (
            f"“{title}” is worth next to nothing, although without it “{counterpart}” would hold."
        )
    because = f"because without it “{counterpart}” would hold. {headline.prevented}"
    others = _other_gains(headline) if with_others else []
    rest = f" Also: {'; '.join(others)}." if others else ""
    return f"“{title}” is worth {told}, {because}{rest}"


def _other_gains(headline: Headline) -> list[str]:
    levels = {headline.names.id_of(key): level for key, level in _WORTH_LEVELS.items()}
    return [
        f"{figure.label} {change_text(figure)}"
        for name, figure in headline.figures.items()
        if abs(figure.change if figure.percent is None else figure.percent)
        > levels.get(name, float("inf"))
    ]


_WORTH_LEVELS: Mapping[str, float] = {
    "home_imports_from_partner": MIN_SPOKEN,
    "home_exports_to_partner": MIN_SPOKEN,
    "home_tariff_on_partner_before": MIN_SPOKEN,
    "home_tariff_revenue": MIN_SPOKEN,
    "seller_soybean_income": MIN_SPOKEN,
    "rare_earth_price_gap": 10.0,
}
"""Figures worth telling beside incomes, and how far they must move, in percent or points."""


def _gain(figures: Mapping[str, Figure], role: str, names: PairNames) -> str:
    gain = figures.get(names.id_of(f"{role}_gain"))
    percent = figures.get(names.id_of(f"{role}_real_income"))
    if gain is None or percent is None or is_still(percent):
        return ""
    text = f"{with_unit(gain.change, USD_BN, sign=True)} a year to {names.region(role).noun}"
    details = f"{with_unit(percent.change, PERCENT, sign=True)} of real income"
    household = figures.get(names.id_of(f"{role}_real_income_per_household"))
    if household is not None:
        details += f", {with_unit(household.change, USD, sign=True)} per household"
    return f"{text} ({details})"
