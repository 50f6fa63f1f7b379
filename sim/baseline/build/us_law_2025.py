"""The American tariff law of 26 October 2025, applied line by line.

Product lists come from the raw folder, everything else (rates, partners, assumptions, grades) from
us_law_2025_10.yaml.  A line belongs to at most one Section 232 action, in the order cars, wood,
copper, metals; the part of its value that the action takes is `section_232_share` (less than 1 for
derivatives), and the rest pays the country rate unless exempt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from ruamel.yaml import YAML

from sim.baseline.build.commodities import partner_iso3
from sim.baseline.build.import_lines import Lines
from sim.baseline.build.labels import BoolArray, FloatArray
from sim.baseline.build.raw_files import csv_rows

LAW_FILE = Path(__file__).with_name("us_law_2025_10.yaml")
TWT = "lines/lists_tradewartracker"
BUDGET_LAB = "lines/lists_budgetlab"
ACTIONS = ("autos", "wood", "copper", "metals")
CHINA_CENSUS_CODE = "5700"


@cache
def law() -> Mapping[str, Any]:
    """Return us_law_2025_10.yaml as plain mappings."""
    loaded: Mapping[str, Any] = YAML(typ="safe").load(LAW_FILE.read_text(encoding="utf-8"))
    return loaded


@dataclass(frozen=True, eq=False)
class Treatment:
    """What the law of October 2025 does to each line (all arrays have one element per line).

    Attributes
    ----------
    section_232_share
        Action to the share of the line's value that it takes.
    section_232_increment
        Rate on the whole line added by Section 232 to the duty collected in 2024, fraction.
    exempt
        True where the country rate does not apply: Annex II, electronics, civil aircraft of some
        partners.
    usmca_share
        Share of the line that enters free under the USMCA; 0 but for Canada and Mexico.
    country_increment
        Rate that the country tariff adds on the part that is neither exempt nor under Section 232.
    extra_increment
        Rate on the whole line of country actions with their own scope: fentanyl on Canada and
        Mexico, Brazil's 40 %.
    """

    section_232_share: Mapping[str, FloatArray]
    section_232_increment: FloatArray
    exempt: BoolArray
    usmca_share: FloatArray
    country_increment: FloatArray
    extra_increment: FloatArray

    @property
    def any_section_232_share(self) -> FloatArray:
        """Share of the line's value under any Section 232 action."""
        return total(self.section_232_share)

    @property
    def reciprocal_share(self) -> FloatArray:
        """Share of the line's value that the country tariff (and the 100 % threat) reaches."""
        return np.where(self.exempt, 0.0, 1.0 - self.any_section_232_share)


def treatment(data_dir: Path, lines: Lines) -> Treatment:
    """Apply the law of October 2025 to every line.

    Parameters
    ----------
    data_dir
        Folder of raw tables.
    lines
        Lines of `us_lines`.

    Returns
    -------
    Treatment
        One element per line in every array.

    Raises
    ------
    BaselineError
        A list file is missing.
    """
    shares = _section_232_shares(data_dir, lines)
    usmca = usmca_share(data_dir, lines)
    increment = (
        shares["metals"] * _metals_increment(data_dir, lines)
        + shares["copper"] * law()["section_232"]["copper"]["rate"]
        + shares["autos"] * autos_increment(lines, usmca)
        + shares["wood"] * wood_increment(lines)
    )
    extra = fentanyl(data_dir, lines) * (1.0 - usmca) + brazil(data_dir, lines)
    return Treatment(
        section_232_share=shares,
        section_232_increment=increment,
        exempt=_exempt(data_dir, lines),
        usmca_share=usmca,
        country_increment=_country_increment(data_dir, lines),
        extra_increment=extra * (1.0 - total(shares)),
    )


def total(shares: Mapping[str, FloatArray]) -> FloatArray:
    """Share of each line's value under any of the four actions."""
    total: FloatArray = np.sum([shares[action] for action in ACTIONS], axis=0)
    return total


# Product lists


def listed(data_dir: Path, name: str, column: str = "HTSUS") -> set[str]:
    """Return the codes of one list file, to be read as prefixes, without dots or blanks.

    A ten-digit code that ends in 00 stands for its whole eight-digit line (the lists pad undivided
    lines).
    """
    return {as_prefix(row[column]) for row in csv_rows(data_dir, name)}


def as_prefix(code: str) -> str:
    """Return a list's code as a prefix of ten-digit codes."""
    digits = code.strip().replace(".", "")
    return digits[:8] if len(digits) == 10 and digits.endswith("00") else digits


def aircraft_deal(lines: Lines) -> BoolArray:
    """Whole aircraft headings of the partners whose deal frees civil aircraft."""
    rule = law()["civil_aircraft"]
    deal: BoolArray = lines.region.among(rule["regions"]) & lines.hs10.starts_with(rule["prefixes"])
    return deal


def autos(data_dir: Path, lines: Lines) -> BoolArray:
    """Cars, light trucks and parts; of lithium batteries only those made for electric vehicles."""
    rule = law()["section_232"]["autos"]
    prefixes = listed(data_dir, f"{TWT}/auto-tariffs.csv") - {rule["battery_prefix"]}
    return lines.hs10.starts_with(prefixes.union(rule["battery_codes"]))


def metals(data_dir: Path, lines: Lines, *, up_to: str = "2025-10-26") -> BoolArray:
    """Base steel and aluminium and every derivative whose list took effect by a day."""
    rule = law()["section_232"]["metals"]
    dated = csv_rows(data_dir, f"{BUDGET_LAB}/s232_derivative_products.csv")
    derivatives = (
        listed(data_dir, f"{TWT}/steel-tariffs.csv")
        | listed(data_dir, f"{TWT}/alu-tariffs.csv")
        | {as_prefix(row["hts_prefix"]) for row in dated if row["effective_date"] <= up_to}
    )
    codes = derivatives.union(rule["base_steel"], rule["base_aluminium"])
    taken: BoolArray = lines.hs10.starts_with(codes) & ~aircraft_deal(lines)
    return taken


def metal_content(lines: Lines) -> FloatArray:
    """Share of a metal product's value that pays: all of chapters 72, 73 and 76, else assumed."""
    rule = law()["section_232"]["metals"]
    packed = {
        code: rule["packed_goods_content_share"]
        for code in lines.hs10.names
        if code[:2] <= rule["packed_goods_last_chapter"]
    }
    content = lines.hs10.number(packed, rule["derivative_content_share"])
    return np.where(lines.hs10.starts_with(rule["whole_value_chapters"]), 1.0, content)


def _section_232_shares(data_dir: Path, lines: Lines) -> dict[str, FloatArray]:
    """Share of each line's value under each action; one action a line."""
    return one_action_a_line(raw_section_232_shares(data_dir, lines))


def raw_section_232_shares(data_dir: Path, lines: Lines) -> dict[str, FloatArray]:
    """Share of each line's value on the list of each action; a line may be on several."""
    wood, copper = law()["section_232"]["wood"], law()["section_232"]["copper"]
    cable = lines.hs10.starts_with([copper["cable_prefix"]])
    return {
        "autos": autos(data_dir, lines).astype(float),
        "wood": lines.hs10.starts_with([*wood["lumber"], *wood["furniture"]]).astype(float),
        "copper": lines.hs10.starts_with(listed(data_dir, f"{TWT}/copper-list.csv")).astype(float)
        * np.where(cable, copper["cable_content_share"], 1.0),
        "metals": metals(data_dir, lines) * metal_content(lines),
    }


def one_action_a_line(share: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Leave each line to the first action, in the order of the mapping, that takes any of it."""
    left: dict[str, FloatArray] = {}
    free: BoolArray | None = None
    for action, part in share.items():
        free = np.ones(part.shape, dtype=bool) if free is None else free
        left[action] = part * free
        free = free & ~(part > 0)
    return left


def annex_two(data_dir: Path) -> set[str]:
    """Annex II as of 26 October 2025, as prefixes.

    The raw folder has the list of August and that of 14 November.  Between them came the additions
    of 8 September (bullion, critical minerals, chemicals), the exits of copper and wood to Section
    232, and on 14 November farm goods and fertiliser, which are taken out again by chapter.
    """
    august = listed(data_dir, f"{TWT}/annex-II-exemptions.csv")
    november = listed(data_dir, f"{TWT}/annex-II-exemptions-nov14.csv")
    farm_chapters = law()["annex_two"]["chapters_added_in_november"]
    return {code for code in november if code[:2] not in farm_chapters} | (november & august)


def _exempt(data_dir: Path, lines: Lines) -> BoolArray:
    """Annex II and electronics for everybody; aircraft for the partners with a deal."""
    electronics = listed(data_dir, f"{TWT}/consumer_electronics_EO14257_apr11.csv")
    listed_lines = lines.hs10.starts_with(annex_two(data_dir) | electronics)
    exempt: BoolArray = listed_lines | aircraft_deal(lines)
    return exempt


def usmca_share(data_dir: Path, lines: Lines) -> FloatArray:
    """Share of each line that enters free under the USMCA; 0 but for Canada and Mexico."""
    rows = csv_rows(data_dir, f"{BUDGET_LAB}/usmca_shares.csv")
    share = np.zeros(len(lines))
    for region, column in (("CAN", "canada"), ("MEX", "mexico")):
        free = {row["gtap_code"].lower(): float(row[column]) for row in rows}
        share += lines.region.among({region}) * lines.gtap.number(free)
    return share


# Rates


def capped(rate: FloatArray | float, lines: Lines, all_in: Mapping[str, float]) -> FloatArray:
    """Rate, but no more than what lifts the collected duty to a partner's all-in ceiling."""
    ceiling = lines.region.number(all_in, np.inf)
    return np.minimum(rate, np.maximum(ceiling - lines.collected_rate, 0.0))


def _metals_increment(data_dir: Path, lines: Lines) -> FloatArray:
    """50 % (Britain 25) less what the old 25 and 10 % already collected."""
    rule = law()["section_232"]["metals"]
    already = old_metals_duty(data_dir, lines)
    increment: FloatArray = lines.region.number(rule["rates"], rule["rate"]) - already
    return increment


def old_metals_duty(data_dir: Path, lines: Lines) -> FloatArray:
    """What the duties of 2018 (25 and 10 %) collected on base metals in 2024.

    What was collected beyond the ordinary duty and Section 301, up to the old rate, is taken to be
    Section 232.
    """
    rule = law()["section_232"]["metals"]
    old_rate = rule["old_rate_steel"] * lines.hs10.starts_with(rule["base_steel"])
    old_rate = old_rate + rule["old_rate_aluminium"] * lines.hs10.starts_with(
        rule["base_aluminium"]
    )
    other = ordinary_rate(data_dir, lines) + section_301_rate(data_dir, lines)
    already: FloatArray = np.clip(lines.collected_rate - other, 0.0, old_rate)
    return already


def autos_increment(
    lines: Lines, usmca: FloatArray, all_in: Mapping[str, float] | None = None
) -> FloatArray:
    """25 % or a deal's ceiling; under the USMCA parts are free, cars pay on non-US content."""
    rule = law()["section_232"]["autos"]
    ceilings = rule["all_in"] if all_in is None else all_in
    vehicle = lines.hs10.starts_with(rule["vehicle_prefixes"])
    free = np.where(vehicle, rule["usmca_us_content_share"], 1.0) * usmca
    return capped(rule["rate"], lines, ceilings) * (1.0 - free)


def wood_increment(lines: Lines) -> FloatArray:
    """10 % on lumber, 25 on furniture and cabinets, or a deal's rate."""
    rule = law()["section_232"]["wood"]
    lumber = lines.hs10.starts_with(rule["lumber"])
    rate = np.where(lumber, rule["lumber_rate"], rule["furniture_rate"])
    rate = np.minimum(rate, lines.region.number(rule["rates"], np.inf))
    return capped(rate, lines, rule["all_in"])


def ordinary_rate(data_dir: Path, lines: Lines) -> FloatArray:
    """MFN rate by HS8; 0 where the schedule has no ad valorem rate."""
    rows = csv_rows(data_dir, f"{BUDGET_LAB}/mfn_rates_2025.csv")
    return hs8_rate(lines, {row["hs8"]: float(row["mfn_rate"] or 0.0) for row in rows})


def section_301_rate(data_dir: Path, lines: Lines) -> FloatArray:
    """Section 301 rate of the old lists on Chinese goods; the review of late 2024 is ignored."""
    rates = law()["section_301_2024"]
    rows = csv_rows(data_dir, f"{BUDGET_LAB}/s301_product_lists.csv")
    table = {row["hts8"]: float(rates[row["list"]]) for row in rows if row["list"] in rates}
    rate: FloatArray = lines.partner.among({CHINA_CENSUS_CODE}) * hs8_rate(lines, table)
    return rate


def hs8_rate(lines: Lines, table: Mapping[str, float]) -> FloatArray:
    """Rate of each line's eight-digit code, 0 where `table` lacks it."""
    return lines.hs10.number({code: table.get(code[:8], 0.0) for code in lines.hs10.names})


def partner_rates(data_dir: Path) -> dict[str, float]:
    """Return the country rate of 26 October 2025 by ISO3 code.

    "EU27" is the European Union.  Canada, Mexico and Russia are 0, China 0.10; countries that no
    list names have the default of 0.10.
    """
    rule = law()["country_rates"]
    iso3_of = {
        row["country"].upper(): row["ISO3"]
        for row in csv_rows(data_dir, f"{TWT}/CensusCountryMapping_FRBAtl_short.csv")
    } | dict(rule["file_names"])
    rates = dict.fromkeys(partner_iso3(data_dir).values(), float(rule["default"]))
    for row in csv_rows(data_dir, f"{TWT}/clean-august-7-tariffs.csv"):
        iso3 = iso3_of.get(row["country_name"].upper())
        if iso3 is not None:
            rates[iso3] = float(row["rtariff-aug"]) / 100.0
    for iso3, addition in rule["additions"].items():
        rates[iso3] += addition
    return rates | dict(rule["all_in"]) | dict(rule["fixed"])


def _country_increment(data_dir: Path, lines: Lines) -> FloatArray:
    ceilings = law()["country_rates"]["all_in"]
    return country_increment(data_dir, lines, partner_rates(data_dir), ceilings)


def country_increment(
    data_dir: Path, lines: Lines, rates: Mapping[str, float], ceilings: Mapping[str, float]
) -> FloatArray:
    """Rate of each line's partner (`rates` by ISO3 code), under the ceilings of the deals."""
    codes = partner_iso3(data_dir)
    by_partner = {partner: rates[codes[partner]] for partner in lines.partner.names}
    return capped(lines.partner.number(by_partner), lines, ceilings)


def fentanyl(
    data_dir: Path, lines: Lines, rules: Mapping[str, Mapping[str, float]] | None = None
) -> FloatArray:
    """Rate on Canadian and Mexican goods outside the USMCA; energy and potash at the low rate."""
    rows = csv_rows(data_dir, f"{BUDGET_LAB}/fentanyl_carveout_products.csv")
    rate = np.zeros(len(lines))
    for region, suffix in (("CAN", "_ca"), ("MEX", "_mx")):
        rule = (rules or law()["fentanyl"])[region]
        low = {row["hts8"] for row in rows if row["category"].endswith(suffix)}
        here = np.where(lines.hs10.starts_with(low), rule["low_rate"], rule["rate"])
        rate += lines.region.among({region}) * here
    return rate


def brazil(data_dir: Path, lines: Lines) -> FloatArray:
    """Brazil's extra 40 % on goods outside its exemption list; whole aircraft headings exempt."""
    free = listed(data_dir, f"{TWT}/brazil-non-airplane-exemptions.csv")
    taxed = ~lines.hs10.starts_with(free.union(law()["civil_aircraft"]["prefixes"]))
    rate: FloatArray = law()["brazil"]["addition"] * (lines.region.among({"BRA"}) & taxed)
    return rate
