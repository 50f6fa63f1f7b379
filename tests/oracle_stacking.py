"""The tariff of a day, flow by flow, from the words of stacking.yaml: slow and plain."""

from __future__ import annotations

from sim.policy.language.kinds.exclusion import Exclusion
from sim.policy.language.kinds.tariff import TariffMeasure


def among(code, chosen):
    return chosen == "all" or code in chosen


class Oracle:
    """Tariffs of `acts` on `day`; tables as in `random_tables`, rules as in stacking.yaml."""

    def __init__(self, acts, day, axes, tables, rules):
        self.axes, self.rules = axes, rules
        self.coverage, self.rates, self.base, self.weights = tables
        self.day = day
        in_force = [act for act in acts if act.in_force(day)]
        self.acts = sorted(in_force, key=lambda act: act.id)
        self.duties = [act for act in self.acts if isinstance(act, TariffMeasure)]

    def tariff(self, importer, exporter, sector):
        """Fraction of customs value; the acts may not have been in force in 2024."""
        flow = (importer, exporter, sector)
        total = self.base[self.place(flow)]
        for duty in self.duties:
            if duty.total_rate_pp is None:
                total += self.charge(duty, flow)
        for duty in self.duties:
            if duty.total_rate_pp is not None:
                share = self.covered(duty, duty, duty.coverage, flow)
                total = (1 - share) * total + share * duty.total_rate_pp / 100
        return max(total, 0.0)

    def place(self, flow):
        importer, exporter, sector = flow
        regions = self.axes.regions
        return regions.index(importer), regions.index(exporter), self.axes.sectors.index(sector)

    def charge(self, duty, flow):
        kept = self.covered(duty, duty, duty.coverage_on(self.day), flow)
        kept *= self.kept(duty, flow)
        return self.rate(duty, flow) * self.after_exclusions(duty, kept, flow)

    def rate(self, duty, flow):
        """Rate before coverage, less suspensions."""
        schedule = duty.schedule_on(self.day)
        if schedule is not None:
            return self.rates[schedule][self.place(flow)]
        points = duty.headline_pp(self.day)
        return max(points - sum(act.points_off(duty, points) for act in self.acts), 0) / 100

    def is_about(self, duty, who, flow):
        """Tell whether a flow is among those of a duty and, at once, of an exclusion from it."""
        importer, exporter, sector = flow
        return (
            importer == duty.importer != exporter
            and sector not in self.axes.services
            and exporter not in duty.exporters_except
            and all(among(exporter, act.exporters) for act in (duty, who))
            and all(among(sector, act.sectors) for act in (duty, who))
        )

    def covered(self, duty, who, coverage, flow):
        """Part of the flow that a coverage of `who` (the duty or an exclusion) names."""
        if not self.is_about(duty, who, flow):
            return 0.0
        if not isinstance(coverage.by_sector, str):
            return (coverage.by_sector or {}).get(flow[2], coverage.default or 0.0)
        listed = self.listed(coverage, flow)
        return listed if coverage.default is None else self.moved(duty, who, coverage, listed)

    def listed(self, coverage, flow):
        share = self.coverage[coverage.by_sector][self.place(flow)]
        return 1 - share if coverage.complement else share

    def moved(self, duty, who, coverage, listed):
        """The list moved so that its average over the flows is the stated one."""
        value = reached = 0.0
        for exporter in self.axes.regions:
            for sector in self.axes.sectors:
                flow = (duty.importer, exporter, sector)
                if self.is_about(duty, who, flow):
                    weight = self.weights[self.place(flow)]
                    value += weight
                    reached += weight * self.listed(coverage, flow)
        own = reached / value
        if coverage.default <= own:
            return listed * coverage.default / own
        return listed + (1 - listed) * (coverage.default - own) / (1 - own)

    def after_exclusions(self, duty, reached, flow):
        left = reached
        for act in self.acts:
            if isinstance(act, Exclusion) and act.lets_out_of(duty):
                share = self.covered(duty, act, act.coverage, flow)
                left -= share if act.of == "flow" else share * reached
        return max(left, 0.0)

    # --- yielding --------------------------------------------------------------------------------

    def kept(self, duty, flow):
        """What a duty keeps of the flow beside the bases that it yields to."""
        rule, kept = self.rules.authorities[duty.authority], 1.0
        coverage = duty.coverage_on(self.day)
        is_net = coverage.by_sector in rule.already_net and not coverage.complement
        for name in rule.yields_to:
            listed, beyond = self.reach(name, flow)
            if not is_net:
                kept *= 1 - min(listed + beyond, 1)
            elif beyond > 0:  # the net list holds what is unlisted, and this is a part of that
                kept *= 1 - beyond / (1 - listed) if beyond < 1 - listed else 0.0
        return kept

    def reach(self, name, flow):
        """Parts of the flow that a basis reaches: by its lists, and beyond them."""
        basis = self.rules.authorities[name]
        others = [
            duty
            for duty in self.duties
            if duty.authority == name and duty.importer == flow[0] and duty.total_rate_pp is None
        ]
        named, beyond = {}, 0.0
        for duty in others:
            coverage = duty.coverage_on(self.day)
            share = self.covered(duty, duty, coverage, flow)
            share = self.after_exclusions(duty, share, flow)
            if self.rate(duty, flow) == 0:
                continue
            if duty.schedule_on(self.day) is not None:
                goods = self.scheduled_list(basis, duty, others)
                share *= self.coverage[goods][self.place(flow)] if goods else 1.0
            else:
                goods = coverage.by_sector if isinstance(coverage.by_sector, str) else None
                goods = f"not {goods}" if coverage.complement else goods
            if goods is None:
                beyond += share
            else:
                named[goods] = max(share, named.get(goods, 0.0))
        whole = {basis.reaches, *(entry.list for entry in basis.reaches_with)}
        single = set(basis.reaches_of.values())
        by_actions = sum(share for goods, share in named.items() if goods in single)
        at_once = max([share for goods, share in named.items() if goods in whole], default=0.0)
        beyond += sum(share for goods, share in named.items() if goods not in whole | single)
        return min(max(by_actions, at_once), 1.0), min(beyond, 1.0)

    def scheduled_list(self, basis, duty, others):
        if duty.id in basis.reaches_of:
            return basis.reaches_of[duty.id]
        present = {other.id for other in others}
        for entry in basis.reaches_with:
            if entry.measure in present:
                return entry.list
        return basis.reaches
