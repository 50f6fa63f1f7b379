"""The acts of `history` averaged by exporter and sector: dated coverage lists and schedules."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.baseline.build import us_law_2025 as october
from sim.baseline.build.cells import CellAverage, ratio
from sim.baseline.build.labels import BoolArray, FloatArray
from sim.baseline.build.us_acts import Acts, history
from sim.baseline.build.us_acts_2026 import LaterActs

CHINA = "CHN"


def dated_lists(
    acts: Acts, average: CellAverage, october_reach: FloatArray
) -> dict[str, FloatArray]:
    """Share of American imports that each act reaches, [region, sector].

    Parameters
    ----------
    october_reach
        Share that the reciprocal tariff reached in October 2025, [region, sector].
    """
    lists = {name: average(share, fill=False) for name, share in acts.section_301_lists().items()}
    reached = {day: average(share) for day, share in acts.reciprocal.items()}
    november = reached.pop("2025-11-14")
    lists |= {f"reciprocal-{day}": share for day, share in reached.items()}
    lists["reciprocal-freed-2025-11"] = np.maximum(october_reach - november, 0.0)
    own_country = {"brazil-301", "canada-338"}
    lists |= {
        name: average(share, fill=name not in own_country)
        for name, share in acts.later_lists().items()
    }
    return {name: np.minimum(share, 1.0) for name, share in lists.items()}


def dated_rates(acts: Acts, average: CellAverage) -> dict[str, FloatArray]:
    """Return the schedule of each act, [region, sector]."""
    rates = {name: average(rate) for name, rate in acts.section_232_schedules().items()}
    rates |= {name: average(rate, fill=False) for name, rate in acts.reviews().items()}
    left = np.maximum(acts.section_301 - acts.section_301_collected, 0.0)
    rates["s301-not-collected-2024"] = average(left, fill=False)
    rates["us-pre-2018"] = average(acts.before_2018())
    rates |= {
        "us-ieepa-north-america-2025-03-04": average(acts.north_america(usmca=False), fill=False),
        "us-ieepa-north-america-2025-03-07": average(acts.north_america(usmca=True), fill=False),
    }
    later = LaterActs(acts)
    rates |= {name: average(rate) for name, rate in later.schedules().items()}
    rates["s201-quartz-2026-08-15"] = average(later.quartz(), fill=False)
    reached = acts.later_lists()["forced-labour-2026"]
    owed = average(later.forced_labour() * reached, fill=False)
    rates["forced-labour-2026"] = ratio(owed, average(reached, fill=False))
    return rates | EmergencyTariffs(acts, average).schedules()


class EmergencyTariffs:
    """Emergency tariffs on all countries but China, by date, on the whole of each flow."""

    def __init__(self, acts: Acts, average: CellAverage) -> None:
        self.acts, self.average = acts, average
        self.flat = self._flat_rates()
        self.country = october.partner_rates(acts.data_dir)

    def schedules(self) -> dict[str, FloatArray]:
        """Schedules by first day; that of October 2025 is made elsewhere."""
        reach, rule = self.acts.reciprocal, history()["emergency"]
        summer = self.country | {"IND": self.country["IND"] - rule["india_addition"]}
        canada = self._fentanyl("2025-08-01")
        brazil = self._brazil(reach["2025-08-01"] > 0)
        farm_free = self._brazil(reach["2025-11-14"] > 0)
        autumn = self.country | rule["november_2025_all_in"]
        winter = autumn | rule["february_2026"]
        deals = october.law()["country_rates"]["all_in"]
        later = {**deals, **rule["november_2025_all_in"]}
        plans = {
            "2025-04-05": (self.flat, {}, reach["2025-04-05"], None),
            "2025-04-09": (self.flat | rule["april_9"], {}, reach["2025-04-05"], None),
            "2025-04-11": (self.flat, {}, reach["2025-04-11"], None),
            "2025-05-03": (self.flat, {}, reach["2025-05-03"], None),
            "2025-08-01": (self.flat, {}, reach["2025-08-01"], canada),
            "2025-08-07": (summer, deals, reach["2025-08-01"], canada + brazil),
            "2025-08-27": (self.country, deals, reach["2025-08-01"], canada + brazil),
            "2025-09-08": (self.country, deals, reach["2025-09-08"], canada + brazil),
            "2025-11-14": (autumn, later, reach["2025-11-14"], canada + farm_free),
            "2026-02-07": (winter, later, reach["2025-11-14"], canada + farm_free),
        }
        return {f"us-ieepa-world-{day}": self._whole(*plan) for day, plan in plans.items()}

    def _flat_rates(self) -> dict[str, float]:
        rule = history()["emergency"]
        codes = october.partner_rates(self.acts.data_dir)
        flat = dict.fromkeys(codes, float(rule["world_rate"]))
        return flat | dict.fromkeys(rule["untaxed"], 0.0)

    def _whole(
        self,
        rates: Mapping[str, float],
        ceilings: Mapping[str, float],
        reach: FloatArray,
        extra: FloatArray | None,
    ) -> FloatArray:
        """Average rate on the whole flow; cells without lines have the plain rate."""
        average, data_dir, lines = self.average, self.acts.data_dir, self.acts.lines
        rate = october.country_increment(data_dir, lines, rates, ceilings) * reach
        default = history()["emergency"]["world_rate"]
        plain = np.array([[rates.get(region, default)] for region in average.regions])
        cells = np.where(average.value > 0, average(rate, fill=False), plain * average(reach))
        if extra is not None:
            cells = cells + average(extra, fill=False)
        cells[[region == CHINA for region in average.regions]] = 0.0
        return cells

    def _fentanyl(self, day: str) -> FloatArray:
        rate = october.fentanyl(self.acts.data_dir, self.acts.lines)
        free = 1.0 - self.acts.treated.usmca_share
        return rate * free * (1.0 - self.acts.section_232_share(day))

    def _brazil(self, reached: BoolArray) -> FloatArray:
        """Brazil's 40 % less Section 232 goods; from November its farm goods are free too."""
        rate = october.brazil(self.acts.data_dir, self.acts.lines)
        chapters = october.law()["annex_two"]["chapters_added_in_november"]
        farm = self.acts.lines.hs10.starts_with(chapters)
        taxed = np.where(farm & ~reached, 0.0, 1.0 - self.acts.section_232_share("2025-08-01"))
        return rate * taxed
