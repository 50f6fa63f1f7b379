"""The American acts of 2018 to 2027 applied line by line: what each list reaches, what it adds.

Schedules are increments over the duty collected in 2024, lists are shares of value; both one
number a line.  Product lists come from the raw folder, rates and assumptions from
us_law_history.yaml and, for the law of October 2025, us_law_2025_10.yaml.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
from ruamel.yaml import YAML

from sim.baseline.build import us_law_2025 as october
from sim.baseline.build.import_lines import Lines
from sim.baseline.build.labels import BoolArray, FloatArray
from sim.baseline.build.raw_files import csv_rows
from sim.baseline.build.us_law_2025 import (
    BUDGET_LAB,
    CHINA_CENSUS_CODE,
    TWT,
    Treatment,
    as_prefix,
    listed,
)

HISTORY_FILE = Path(__file__).with_name("us_law_history.yaml")

DAYS_OF_REVIEW, DAYS_OF_2024 = 96, 366
"""Days of 2024 on which the first step of the four-year review (27 September) was in force."""

FIRST_REVIEW = (
    "s301-review-electric-cars",
    "s301-review-batteries",
    "s301-review-metals",
    "s301-review-minerals",
    "s301-review-solar",
    "s301-review-cranes",
    "s301-review-syringes",
)

REGIMES: Mapping[str, tuple[str, ...]] = {
    "2025-04-03": ("cars", "metals-march"),
    "2025-05-03": ("cars", "parts", "metals-march"),
    "2025-08-01": ("cars", "parts", "copper", "metals"),
    "2025-10-14": ("cars", "parts", "wood", "copper", "metals"),
    "2025-11-01": ("cars", "parts", "trucks", "wood", "copper", "metals"),
    "2026-01-15": ("cars", "parts", "trucks", "chips", "wood", "copper", "metals"),
    "2026-04-06": ("cars", "parts", "trucks", "chips", "wood", "annexes"),
    "2026-06-08": ("cars", "parts", "trucks", "chips", "wood", "annexes", "added"),
}
"""Section 232 actions in force from a day on, in the order in which they take lines."""


@cache
def history() -> Mapping[str, Any]:
    """Return us_law_history.yaml as plain mappings."""
    loaded: Mapping[str, Any] = YAML(typ="safe").load(HISTORY_FILE.read_text(encoding="utf-8"))
    return loaded


@dataclass(frozen=True, eq=False)
class Acts:
    """What every act does to each line.

    Parameters
    ----------
    treated
        The law of October 2025.
    """

    data_dir: Path
    lines: Lines
    treated: Treatment

    # Goods

    def codes(self, prefixes: Collection[str]) -> BoolArray:
        """Lines whose code starts with one of `prefixes`."""
        return self.lines.hs10.starts_with(prefixes)

    def listed(self, name: str, column: str = "HTSUS") -> BoolArray:
        """Lines on a list of tradewartracker."""
        return self.codes(listed(self.data_dir, f"{TWT}/{name}", column))

    @cached_property
    def from_china(self) -> BoolArray:
        """Lines of China."""
        return self.lines.partner.among({CHINA_CENSUS_CODE})

    @cached_property
    def aircraft(self) -> BoolArray:
        """Whole aircraft headings."""
        return self.codes(history()["aircraft"])

    @cached_property
    def ordinary(self) -> FloatArray:
        """Ordinary (MFN) rate of the schedule of 2025."""
        return october.ordinary_rate(self.data_dir, self.lines)

    @cached_property
    def old_metals(self) -> FloatArray:
        """What the metals duties of 2018 collected in 2024."""
        return october.old_metals_duty(self.data_dir, self.lines)

    # Section 301

    @cached_property
    def section_301_list(self) -> dict[str, BoolArray]:
        """Chinese lines of each legacy list; a line that is on several counts for one.

        Lists split some eight-digit lines.  The earliest list takes all of such a line, except
        that what lists 3 and 4A share goes to 4A where little was collected; 4B takes what no
        other list has.
        """
        rule = history()["section_301"]
        rows = csv_rows(self.data_dir, f"{BUDGET_LAB}/s301_product_lists.csv")
        left, lists = self.from_china.copy(), {}
        for code, name in rule["lists"].items():
            prefixes = {row["hts8"] for row in rows if row["list"] == code}
            goods = left & self.codes(prefixes.union(rule["by_hand"].get(code, ())))
            if code == "3":
                fourth = self.codes({row["hts8"] for row in rows if row["list"] == "4A"})
                goods = goods & ~(fourth & (self.beyond_ordinary < rule["split_rate"]))
            lists[name] = goods
            left = left & ~goods
        return lists

    @property
    def beyond_ordinary(self) -> FloatArray:
        """Duty collected in 2024 beyond the ordinary rate."""
        return self.lines.collected_rate - self.ordinary

    @cached_property
    def section_301(self) -> FloatArray:
        """Rate of the legacy lists in 2024, before exclusions."""
        rates, names = (history()["section_301"][key] for key in ("rate_2024", "lists"))
        paid = [rate * self.section_301_list[names[code]] for code, rate in rates.items()]
        rate: FloatArray = np.max(paid, axis=0)
        return rate

    @cached_property
    def section_301_collected(self) -> FloatArray:
        """Of that rate, what was collected: the duty beyond the ordinary one, up to the rate."""
        collected: FloatArray = np.clip(self.beyond_ordinary, 0.0, self.section_301)
        return collected

    def section_301_lists(self) -> dict[str, FloatArray]:
        """Share of value that each list reaches and on which its duty was collected in 2024.

        List 4B never took effect: all of its goods.
        """
        shape, rate = np.zeros(len(self.lines)), self.section_301
        paid = np.divide(self.section_301_collected, rate, out=shape, where=rate > 0)
        never = history()["section_301"]["lists"]["4B"]
        lists = self.section_301_list.items()
        return {
            name: goods.astype(np.float64) * (1.0 if name == never else paid)
            for name, goods in lists
        }

    def reviews(self) -> dict[str, FloatArray]:
        """Increments of the four-year review over what was paid before."""
        return {
            name: self._review_goods(rule) * (rule["rate"] - self._paid_before(rule))
            for name, rule in history()["section_301"]["review"].items()
        }

    def _paid_before(self, rule: Mapping[str, Any]) -> FloatArray:
        """Old Section 301 rate: stated, or what was collected up to a limit."""
        if "over" in rule:
            return np.full(len(self.lines), float(rule["over"]))
        paid: FloatArray = np.clip(self.beyond_ordinary, 0.0, rule["over_at_most"])
        return paid

    def _review_goods(self, rule: Mapping[str, Any]) -> FloatArray:
        """Share of each Chinese line that a step of the review takes."""
        if "codes" in rule:
            goods = self.from_china & self.codes(rule["codes"])
            return goods.astype(np.float64) * float(rule.get("share", 1.0))
        rows = csv_rows(self.data_dir, f"{BUDGET_LAB}/s301_product_lists.csv")
        steps = history()["section_301"]["review"]
        named = {code for step in steps.values() for code in step.get("codes", ())}
        codes = {row["hts8"] for row in rows if row["list"] == "biden_25"} - named
        metals = {code for code in codes if code[:2] in steps["s301-review-metals"]["chapters"]}
        chosen = self.codes(codes - metals if "rest" in rule else metals)
        return (self.from_china & chosen).astype(np.float64)

    def before_2018(self) -> FloatArray:
        """Duty collected in 2024 less what the acts of 2018 to 2024 collected."""
        reviews = self.reviews()
        late: FloatArray = np.sum([reviews[name] for name in FIRST_REVIEW], axis=0)
        part = DAYS_OF_REVIEW / DAYS_OF_2024
        rest: FloatArray = self.lines.collected_rate - self.section_301_collected
        return rest - self.old_metals - part * late

    # Section 232

    @cached_property
    def section_232_goods(self) -> dict[str, FloatArray]:
        """Share of each line's value that an action may take."""
        rule, data_dir, lines = history()["section_232"], self.data_dir, self.lines
        autos = october.autos(data_dir, lines)
        vehicles = self.codes(october.law()["section_232"]["autos"]["vehicle_prefixes"])
        trucks, content = rule["trucks"], october.metal_content(lines)
        annexes = (*rule["metals_2026"]["annexes"], rule["metals_2026"]["floor_annex"])
        raw = october.raw_section_232_shares(data_dir, lines)
        chips = listed(data_dir, f"{BUDGET_LAB}/s232_semi_products.csv", "hts10")
        return {
            **{action: raw[action] for action in ("wood", "copper", "metals")},
            "cars": (autos & vehicles).astype(float),
            "parts": (autos & ~vehicles).astype(float),
            "metals-march": october.metals(data_dir, lines, up_to="2025-03-12") * content,
            "trucks": self.codes([*trucks["heavy"], *trucks["buses"]]).astype(float),
            "chips": self.codes(chips) * rule["chips"]["share"],
            "annexes": np.any([self.listed(name) for name in annexes], axis=0).astype(float),
            "added": self.codes(rule["metals_june_2026"]["added"]).astype(float),
        }

    @cached_property
    def section_232(self) -> dict[str, dict[str, FloatArray]]:
        """Share of each line's value under each action, by the first day of the regime."""
        goods = self.section_232_goods
        return {
            day: october.one_action_a_line({action: goods[action] for action in actions})
            for day, actions in REGIMES.items()
        }

    def section_232_share(self, day: str) -> FloatArray:
        """Share of each line's value under any action."""
        share: FloatArray = np.sum(list(self.section_232[day].values()), axis=0)
        return share

    def section_232_schedules(self) -> dict[str, FloatArray]:
        """Increments of each action over the duty collected in 2024, by its first day."""
        may, autumn = self.section_232["2025-05-03"], self.section_232["2025-10-14"]
        usmca, lines = self.treated.usmca_share, self.lines
        metals = october.law()["section_232"]["metals"]
        rate = lines.region.number(metals["rates"], metals["rate"]) - self.old_metals
        rule = october.law()["section_232"]
        schedules = {
            "s232-metals-2018": self.old_metals,
            "s232-metals-2025-03-12": may["metals-march"] * (0.25 - self.old_metals),
            "s232-metals-2025-06-04": may["metals-march"] * rate,
            "s232-metals-2025-08-18": autumn["metals"] * rate,
            "s232-copper-2025-08-01": autumn["copper"] * rule["copper"]["rate"],
            "s232-wood-2025-10-14": autumn["wood"] * october.wood_increment(lines),
            "s232-wood-2027-01-01": autumn["wood"] * self._wood_2027(),
            "s232-trucks-2025-11-01": self._trucks(),
            "s232-chips-2026-01-15": self.section_232["2026-01-15"]["chips"]
            * history()["section_232"]["chips"]["rate"],
            "s232-metals-2026-04-06": self.section_232["2026-04-06"]["annexes"] * self._annexes(),
        }
        for day, ceilings in history()["section_232"]["autos_deals"].items():
            goods = may["cars"] + (may["parts"] if day > "2025-05-02" else 0.0)
            schedules[f"s232-autos-{day}"] = goods * october.autos_increment(lines, usmca, ceilings)
        return schedules

    def _wood_2027(self) -> FloatArray:
        rule, wood = history()["section_232"]["wood_2027"], october.law()["section_232"]["wood"]
        rate = october.wood_increment(self.lines)
        for goods in ("furniture", "cabinets"):
            full = np.minimum(
                rule[f"{goods}_rate"], self.lines.region.number(wood["rates"], np.inf)
            )
            capped = october.capped(full, self.lines, wood["all_in"])
            rate = np.where(self.codes(rule[goods]), capped, rate)
        return rate

    def _trucks(self) -> FloatArray:
        """25 % on heavy trucks, 10 on buses; under the USMCA on the non-US content alone."""
        rule, autos = history()["section_232"]["trucks"], october.law()["section_232"]["autos"]
        rate = np.where(self.codes(rule["heavy"]), rule["heavy_rate"], rule["bus_rate"])
        free = float(autos["usmca_us_content_share"]) * self.treated.usmca_share
        increment: FloatArray = self.section_232["2025-11-01"]["trucks"] * rate * (1.0 - free)
        return increment

    def _annexes(self) -> FloatArray:
        """Rates of the metals regime of 2026; the highest where a code is on two annexes."""
        rule = history()["section_232"]["metals_2026"]
        floor = np.maximum(rule["floor"] - self.ordinary, 0.0)
        rate: FloatArray = floor * self.listed(rule["floor_annex"])
        for name, full in rule["annexes"].items():
            own = np.minimum(full, self.lines.region.number(rule["rates"], np.inf))
            rate = np.maximum(rate, own * self.listed(name))
        increment: FloatArray = np.maximum(rate - self.old_metals, 0.0)
        return increment

    # Emergency tariffs (IEEPA) and what followed

    @cached_property
    def electronics(self) -> BoolArray:
        """Goods of the memorandum of 11 April 2025."""
        return self.listed("consumer_electronics_EO14257_apr11.csv")

    def reach(self, day: str, exempt: BoolArray) -> FloatArray:
        """Share of each line that is neither exempt nor under Section 232 on `day`."""
        return np.where(exempt, 0.0, 1.0 - self.section_232_share(day))

    @cached_property
    def reciprocal(self) -> dict[str, FloatArray]:
        """Share of each line that the reciprocal tariff reaches, by first day.

        Annex II as the August list has it until 7 September 2025, as of October from the 8th (wood
        stays on it until its own Section 232 duty), as of November from 14 November; the aircraft
        deals from August on.
        """
        spring = self.listed("annex-II-exemptions.csv")
        deal = october.aircraft_deal(self.lines)
        wood = self.section_232_goods["wood"] > 0
        autumn = self.listed("annex-II-exemptions-nov14.csv") | self.electronics | deal
        return {
            "2025-04-05": self.reach("2025-04-03", spring),
            "2025-04-11": self.reach("2025-04-03", spring | self.electronics),
            "2025-05-03": self.reach("2025-05-03", spring | self.electronics),
            "2025-08-01": self.reach("2025-08-01", spring | self.electronics | deal),
            "2025-09-08": self.reach("2025-08-01", self.treated.exempt | (spring & wood)),
            "2025-11-14": self.reach("2025-11-01", autumn),
        }

    def north_america(self, *, usmca: bool) -> FloatArray:
        """Fentanyl tariffs of March 2025 on Canada and Mexico, with USMCA goods free or not."""
        rate = october.fentanyl(self.data_dir, self.lines, history()["emergency"]["march_2025"])
        free = self.treated.usmca_share if usmca else 0.0
        return rate * (1.0 - free) * (1.0 - self.section_232_share("2025-05-03"))

    @cached_property
    def surcharge_exempt(self) -> BoolArray:
        """Goods exempt from Section 122; also from the forced-labour duty (stand-in list).

        Named articles inside a code (section122-specific-exemptions.csv) are taken to be taxed:
        their codes are baskets such as 2106.90.99, food preparations.
        """
        exempt = self.listed("section122-product-exemptions.csv", "hts_code")
        return exempt | self.aircraft

    def later_lists(self) -> dict[str, FloatArray]:
        """Share of each line that the acts of 2026 reach."""
        north = 1.0 - self.treated.usmca_share
        spring = self.reach("2026-04-06", self.surcharge_exempt)
        summer = self.reach("2026-06-08", self.surcharge_exempt)
        canada = np.any(
            [self.listed(f"canada-338-{name}.csv") for name in ("dairy", "alcohol", "autos")],
            axis=0,
        )
        return {
            "s122-2026-02": self.reach("2026-01-15", self.surcharge_exempt) * north,
            "s122-2026-04": spring * north,
            "s122-2026-06": summer * north,
            "forced-labour-2026": summer * north,
            "brazil-301": self.lines.region.among({"BRA"})
            * self.reach("2026-06-08", self._brazil_exempt() | self.aircraft),
            "canada-338": self.lines.region.among({"CAN"}) * self.reach("2026-06-08", ~canada),
            "s232-2026-04": self.section_232_share("2026-06-08"),
        }

    def _brazil_exempt(self) -> BoolArray:
        """Brazil's exemptions but those for aircraft use."""
        rows = csv_rows(self.data_dir, f"{TWT}/brazil-301-exemptions.csv")
        return self.codes({as_prefix(r["HTSUS"]) for r in rows if r["category"] != "aircraft"})
