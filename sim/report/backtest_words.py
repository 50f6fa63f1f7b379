"""What the backtests mean, in sentences; numbers of our own come from the tables."""

from __future__ import annotations

from sim.outputs.words import decimals
from sim.validation.backtest.data import CHINA, OTHERS
from sim.validation.backtest.imports import NO_CHANGE, PATH, Backtest
from sim.validation.backtest.single_partners import TREND, SinglePartners
from sim.validation.backtest.soybeans import own_elasticity, stop_elasticities

ABOUT = (
    "Changes over the same period a year before (soybeans of 2018 to 2020: over 2017), percent. "
    "The model knows the dated tariffs and nothing else: no trend, season, growth, orders of a "
    "government, or buying ahead of a rise. One number was chosen on the months of 2025, the part "
    "of goods re-sourced in a month, and one on soybeans of July to December 2018; all else is a "
    "test. Naive references: nothing changes; and the static model, at once or a month later."
)
QUARTERS = (
    "Until the autumn of 2018 imports grew and were bought ahead of the duties, which the model "
    "does not know; the quarters of 2019 are what it is about: there the path errs by 3.3 points."
)
LISTED = (
    "Imports from China of goods on lists 1 to 3 fell from 130 to 95 bn USD between the first "
    "halves of 2018 and 2019 (UNCTAD research paper 37, grade B); the census tells all other "
    "goods. Nothing was tuned on either. The path errs by about two points on both, the static "
    "model by some thirty on the goods of the lists. UNCTAD finds that other countries gained 62 % "
    "of what China lost, the path some three fifths; with one tier of demand, in which home goods "
    "replace Chinese ones as readily as foreign goods do, it would be a good quarter (last section "
    "of the backtests)."
)
LISTS = (
    "Goods of each list by the model's own rule of re-sourcing, at the list's dated duty, over the "
    "start; no imports by single list and quarter are at hand. What the tables hold of each list "
    "(bn USD a year where the path starts) may be set beside the 34, 16, 200 and 120 of the law. "
    "List by list the total falls less than with one mean duty a sector: what a steep duty loses "
    "is bounded by what there is."
)
SOYBEANS = (
    "Exports by month of loading, USD, and tonnes by Chinese customs. The duty: 3 % and 25 points "
    "more from July 2018 (30 from September 2019), waived from March 2020; in 2025 10 points from "
    "March, 94 and 135 in April and May, 20 after the truce, 10 from 10 November. Cargoes are "
    "bought one to three months ahead and a crusher takes any origin, so that soybeans are "
    "re-sourced at a rate of their own. It was chosen on July to December 2018: above a half the "
    "error falls little, and a half is what buying two months ahead comes to."
)
SOY_FAILS = (
    "The duties alone do NOT tell soybeans. American sales fell nearly to nothing in the second "
    "halves of 2018 and of 2025, as state buyers stopped, and came back in 2019 under the duty, "
    "because buyers were let off it (Reuters, grade B), and in the autumn of 2020 above all "
    "duties, by the promises of Phase One. In the first half of 2025 old purchases arrived before "
    "the duty of April. Swine fever, harvests and the prices of 2020 are not in the model either. "
    "Brazil's rise of 2018 is missed for one more reason: the economy is that of 2024, in which "
    "America has 21 % of China's imports and not the third that it had in 2017. The path beats no "
    "change on American beans in every episode, in 2019 and 2020 barely, and the static model in "
    "2025 alone: with soybeans time is hardly what is missing."
)
WAYS = (
    "The rate of re-sourcing is chosen on either episode and tested on the other, on imports from"
    " China. Nothing but the rate is chosen, and nothing at all on the months that judge; 2025 is"
    " January to December. With the shipped elasticities the rate of 2025 meets the goal on 2019;"
    " that of 2019 misses it on 2025 by a point, because the months of 2019 tell slow from quick "
    "badly: from 0.08 to 0.15 their error moves by a tenth. With uniform ones of 4 neither test "
    "does, by a fifth of a point and by three points."
)
ALL_OTHERS = (
    "Mean yearly changes by partner, before the tariffs on all countries (January to March 2025) "
    "and after (April 2025 to January 2026); the columns of points sum over the partners to about"
    " the last row. Before April the error is what was bought ahead: gold and medicines above all"
    " (finished metal shapes +20.5 bn USD in January, medicines +20.9 bn in March, each over the "
    "month before; grade B). From April on the path has the European Union too high by four "
    "points and Mexico too low by less, beats no change month by month on both, and has Canada "
    "far too high: it gains in the path, and lost. Most of what is left is the rest, where the "
    "deficit with Taiwan rose by 73 bn USD in the year and that with Vietnam by 55 (grade B). "
    "Goods for data centres, largely exempt from the tariff, went from 15 % of all imports in "
    "2023 to 25 % in 2025 (Federal Reserve Bank of Minneapolis by way of the press, grade C); the"
    " model has no such boom. The section on single partners leaves such goods out."
)
GROWTH = (
    "If trade is let grow as in the year before the episode, which was known beforehand, the error "
    "on all others in 2025 is below that of no change; in 2019 it is far above. Growth is "
    "therefore left out."
)
SINGLE_PARTNERS = (
    "Imports without metals, chemicals and electronics, in which gold, medicines and goods for "
    "data centres moved trade in 2025, and without oil, gas and fuels, which move with their "
    "prices; over the same months of the year before. Partners are those that sold at least 10 bn "
    "USD of these goods in 2024 and are a region of the model, largest first; goods returned, used "
    "goods and scrap are in them, which the model spreads over its sectors. The trend is the "
    "partner's own yearly growth over the three years before, for 2019 that from 2017 to 2018: the "
    "table has no more. No partner but China had any part in choosing a rate."
)
TIERS = (
    "The path with one tier, in which home competes with every origin alike, and with two, in "
    "which home competes with foreign goods by M and foreign origins with each other by theta; "
    "soybeans and rare earths have one in all of them. The rate of re-sourcing is the shipped one "
    "in every column, so that a column in which another rate would do better is set back by that. "
    "M is not fitted to these errors, which could not tell it either: between 0.25 and 1 they "
    "hardly differ. That there are two tiers they tell well: most of all from who sold instead."
)
ELASTICITY = (
    "Elasticity of the customs value to one plus the tariff, months of loading after the tariff; "
    "what arrives follows a month later. Goods by goods it is 1 + theta (1 - (1 - zeta)^h), "
    "weighted with US imports from China, as estimates with fixed effects by product measure; all "
    "at once is solved: China is large, so that buyers' price indices move with it. The path is "
    "far quicker than Boehm, Levchenko and Pandalai-Nayar find for small changes of ordinary "
    "tariffs; spending on a sector being given, it cannot answer by less than one, and a slower "
    "rate misses 2025 and 2019 both. It is near what the large tariffs of 2018 and 2025 imply: by "
    "the division below, the path's own imports of the third quarter of 2025 give -2.0."
)


def note(backtest: Backtest) -> str:
    """Say why a comparison of US imports is missed, where it is."""
    if backtest.partner == OTHERS and backtest.episode.name.startswith("2025"):
        return "Why is told below by partner."
    if backtest.partner == CHINA and backtest.episode.name.startswith("2025"):
        return (
            "January 2026 chose nothing: it is set beside a January 2025 in which goods were "
            "bought ahead (+16 %), and the error of that one month is 12 points."
        )
    return ""


def single_partners(single: SinglePartners) -> str:
    """Say how far single partners are told, and what that means."""
    parts = []
    for entry in single.episodes:
        errors = {name: decimals(entry.median_error(name), 1) for name in (PATH, NO_CHANGE, TREND)}
        parts.append(
            f"{entry.episode.name}: the median error of the path is {errors[PATH]} points, of "
            f"no change {errors[NO_CHANGE]}, of the own trend {errors[TREND]}; on "
            f"{entry.told} of {len(entry.partners)} partners the path errs by less than two thirds "
            "of no change."
        )
    return (
        f"{' '.join(parts)} {_china_in_parts(single)} What Vietnam, Thailand and Malaysia "
        "sold rose by more than ten percent in both, which the path does not tell: a supplier that "
        "moves there is not in the model, which knows the tariffs and who sold what at the start."
    )


def _china_in_parts(single: SinglePartners) -> str:
    """Say that the total from China is told better than its parts."""
    entry = single.episodes[-1]
    china = next(backtest for backtest in entry.whole if backtest.partner == CHINA)
    seen, told, error = (
        decimals(value, 0) for value in (china.actual[0], china.model[PATH][0], china.error(PATH))
    )
    return (
        f"Of China itself these goods changed by {seen} % in {entry.episode.name}, the path says "
        f"{told}: there the path errs by {error} points, and errors on the goods left out make "
        "good for it in the total."
    )


def soy_elasticity() -> str:
    """Say what elasticity the two stops of buying imply."""
    implied = {year: decimals(value, 0) for year, value in stop_elasticities().items()}
    own = own_elasticity()
    return (
        f"The half-years after the duty imply an elasticity of {implied[2018]} in 2018 and "
        f"of {implied[2025]} in 2025, against the baseline's {own:g} (grade X): "
        "chosen on 2018, but in knowledge of 2025, so that 2025 is no clean test of it. Whole "
        "years with months before the duty in them give 6. Either beans of two origins are that "
        "much alike, or buyers were told to stop; what speaks for the first is that a duty which "
        "takes three quarters of American sales to China finds about half of the loss elsewhere "
        "with 15 and a quarter with 6, and in 2018 about half was found (grade M). It makes 2019 "
        "and 2020 worse, when buyers were let off the duty and bought by promise, as the last "
        "table shows."
    )
