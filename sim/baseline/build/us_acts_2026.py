"""American acts of June to December 2026 and the forced-labour duty, applied line by line.

Schedules are increments over the duty collected in 2024, one number a line; rates, codes and
assumptions come from us_law_history.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.baseline.build.commodities import partner_iso3
from sim.baseline.build.labels import FloatArray
from sim.baseline.build.us_acts import Acts, history


@dataclass(frozen=True, eq=False)
class LaterActs:
    """Acts of June to December 2026.

    Parameters
    ----------
    acts
        The lines and what other acts do to them.
    """

    acts: Acts

    def schedules(self) -> dict[str, FloatArray]:
        """Return the increments of each act on the whole line, by its first day."""
        rule = history()["section_232"]
        return {
            "s232-metals-2026-06-08": self._metals(),
            "s232-pharmaceuticals-2026-09-29": self._pharmaceuticals(),
            "s232-drones-2026-09-03": self._drones(),
            "s232-polysilicon-2026-12-04": self._capped(rule["polysilicon"]),
        }

    def forced_labour(self) -> FloatArray:
        """Rate of the forced-labour duty on what it reaches: 10 or 12.5 %, for some net of MFN.

        0 for economies that the notice does not name.
        """
        rule = history()["forced_labour"]
        rate = self._of_partner(dict.fromkeys(rule["named"], rule["rate"]))
        rate = np.where(
            self._of_partner(dict.fromkeys(rule["low"], 1.0)) > 0, rule["low_rate"], rate
        )
        net = self._of_partner(dict.fromkeys(rule["net_of_ordinary"], 1.0)) > 0
        owed: FloatArray = np.where(net, np.maximum(rate - self.acts.ordinary, 0.0), rate)
        return owed

    def _of_partner(self, number: Mapping[str, float]) -> FloatArray:
        """Number of each line's partner, by ISO3 code; 0 where `number` lacks it."""
        codes = partner_iso3(self.acts.data_dir)
        by_partner = {
            partner: number[codes[partner]]
            for partner in self.acts.lines.partner.names
            if codes[partner] in number
        }
        return self.acts.lines.partner.number(by_partner)

    def _metals(self) -> FloatArray:
        """The regime of April with the lower rates and the new goods of 8 June 2026."""
        rule, acts = history()["section_232"]["metals_june_2026"], self.acts
        rate = acts.section_232_schedules()["s232-metals-2026-04-06"]
        floor = np.maximum(rule["floor"] - acts.ordinary, 0.0)
        on_first = acts.codes(rule["floor_goods"]) & (rate > 0)
        rate = np.where(on_first, np.minimum(rate, floor), rate)
        partner = acts.lines.region.among(rule["partners"])
        mobile = acts.codes(rule["mobile_equipment"]) & partner & (rate > 0)
        rate = np.where(mobile, np.minimum(rate, floor), rate)
        added = acts.section_232["2026-06-08"]["added"]
        metals: FloatArray = rate + added * rule["added_rate"]
        return metals

    def _pharmaceuticals(self) -> FloatArray:
        """100 % on patented medicines or a deal's ceiling, on the part of value that may pay."""
        rule = history()["section_232"]["pharmaceuticals"]
        return self._capped(rule) * float(rule["paying_share"])

    def _drones(self) -> FloatArray:
        """25 % on small unmanned aircraft, 100 on others."""
        rule = history()["section_232"]["drones"]
        large = self.acts.codes(rule["large"]) * float(rule["large_rate"])
        return np.asarray(self.acts.codes(rule["small"]) * float(rule["small_rate"]) + large)

    def _capped(self, rule: Mapping[str, Any]) -> FloatArray:
        """Rate on the codes of a rule, under the ceilings of the deals (ordinary duty included)."""
        lines, goods = self.acts.lines, self.acts.codes(rule["codes"])
        rate = np.full(len(lines), float(rule["rate"]))
        if rule.get("is_total"):
            rate = np.maximum(rate - self.acts.ordinary, 0.0)
        room = np.maximum(lines.region.number(rule["all_in"], np.inf) - self.acts.ordinary, 0.0)
        most = np.minimum(room, lines.region.number(rule["rates"], np.inf))
        return np.where(goods, np.minimum(rate, most), 0.0)

    def quartz(self) -> FloatArray:
        """25 % within the quota on quartz slabs; most partners are exempt."""
        rule = history()["section_201"]["quartz"]
        exempt = self.acts.lines.partner.among(rule["exempt_census_codes"])
        return np.where(self.acts.codes(rule["codes"]) & ~exempt, float(rule["rate"]), 0.0)
