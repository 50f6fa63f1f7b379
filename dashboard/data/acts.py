"""Who did what when: a scenario's measures as dated acts, and the average tariffs of their sum."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dashboard.data.cache import cached
from dashboard.data.catalog import LeverValues, id_or_file, resolved
from sim.engine.averages import LABEL, TODAY, average_rates
from sim.policy.language.measures import Exclusion, Measure, TariffMeasure, TariffSuspension
from sim.policy.library.loader import Reference, ResolvedScenario

FIRST, LAST = dt.date(2018, 1, 1), dt.date(2028, 1, 1)
"""Days between which something is known."""

PAIRS: Mapping[str, str] = {"us_on_china": "US on China", "china_on_us": "China on the US"}
"""Averages that are drawn, with their names."""

RIVALS = frozenset({"USA", "CHN"})

ENACTED, MEASURED = TODAY, LABEL


@dataclass(frozen=True)
class Spell:
    """Days on which an act has one size; `end` is the first day after them, or None if open."""

    start: dt.date
    end: dt.date | None
    size: str


@dataclass(frozen=True)
class CalendarAct:
    """One measure: who, on what legal basis, when, how much, and who says so."""

    id: str
    title: str
    by: str
    """Region that imposes it; empty where several do."""
    kind: str
    basis: str
    """Legal basis of a duty, in a few words; empty for other kinds."""
    status: str
    as_of: dt.date | None
    spells: tuple[Spell, ...]
    source: str
    grade: str
    is_on: bool
    """False: listed, and switched off in this scenario, since it is not established."""
    is_between: bool
    """False: a duty that leaves the trade of the two with each other alone."""
    ended_by: str
    """Title of the act that takes all of a duty away for good; its bar ends there."""

    @property
    def start(self) -> dt.date:
        """First day in force."""
        return self.spells[0].start

    @property
    def end(self) -> dt.date | None:
        """First day no longer in force, or None."""
        return self.spells[-1].end


@dataclass(frozen=True)
class RatePeriod:
    """Days on which no rate changes, and the average on them; `end` is the first day after."""

    start: dt.date
    end: dt.date
    percent: float


@cached(max_entries=64, show_spinner=False)
def acts(name: str, levers: LeverValues = ()) -> tuple[CalendarAct, ...]:
    """Return the measures of a scenario by their first day."""
    scenario = resolved(name, levers)
    by_id = {measure.id: measure for measure in scenario.measures}
    sources: dict[str, list[Reference]] = {}
    for reference in scenario.sources:
        sources.setdefault(reference.measure_id, []).append(reference)
    calendar = [
        _act(measure, scenario, by_id, sources.get(measure.id, [])) for measure in scenario.measures
    ]
    return tuple(sorted(calendar, key=lambda act: (act.start, act.id)))


@cached(max_entries=16, show_spinner="Averaging the tariffs …")
def averages(name: str, levers: LeverValues = ()) -> Mapping[str, tuple[RatePeriod, ...]]:
    """Return the average tariffs of a scenario's calendar from `FIRST` to `LAST`, by pair."""
    rates = average_rates(FIRST, LAST, scenario=id_or_file(name), levers=dict(levers))
    cuts = list(itertools.pairwise((*rates.starts, rates.end)))
    return {
        pair: tuple(
            RatePeriod(*days, float(rate))
            for days, rate in zip(cuts, rates.rate_pct[pair], strict=True)
        )
        for pair in PAIRS
    }


def _act(
    measure: Measure,
    scenario: ResolvedScenario,
    by_id: Mapping[str, Measure],
    sources: list[Reference],
) -> CalendarAct:
    basis = ""
    if isinstance(measure, TariffMeasure):
        known = scenario.stacking.authorities.get(measure.authority)
        basis = measure.authority if known is None else known.title
    first = sources[0] if sources else None
    end = _ender(measure, scenario.measures)
    return CalendarAct(
        id=measure.id,
        title=measure.title,
        by=_actor(measure, scenario, by_id),
        kind=measure.kind,
        basis=basis,
        status=measure.status,
        as_of=measure.as_of,
        spells=_cut(_spells(measure), None if end is None else end.first_day),
        source="" if first is None else first.title or first.paraphrase or first.note,
        grade="" if first is None else first.grade or ("" if first.seed is None else "article"),
        is_on=measure.switch != 0,
        is_between=_is_between(measure),
        ended_by="" if end is None else end.title,
    )


def _actor(measure: Measure, scenario: ResolvedScenario, by_id: Mapping[str, Measure]) -> str:
    """Return who imposes a measure: what takes from duties belongs to those who levy them."""
    if measure.kind in ("tariff", "purchase-commitment"):
        return str(measure.importer)
    if measure.kind in ("export-licence", "export-ban", "technology-control"):
        return str(measure.exporter)
    if measure.kind == "trade-cost":
        return measure.importers[0] if len(measure.importers) == 1 else ""
    names = [*getattr(measure, "suspends", ()), *getattr(measure, "excludes", ())]
    owners = {str(getattr(by_id.get(name), "importer", "")) for name in names}
    known = scenario.stacking.authorities
    owners |= {known[name].actor for name in getattr(measure, "authorities", ()) if name in known}
    owners.discard("")
    if len(owners) == 1:
        return owners.pop()
    return {"us": "USA", "cn": "CHN"}.get(measure.id.partition("-")[0], "")


def _is_between(measure: Measure) -> bool:
    if not isinstance(measure, TariffMeasure):
        return True
    if measure.exporters == "all":
        return not set(measure.exporters_except) & RIVALS
    return bool(set(measure.exporters) & RIVALS)


def _ender(duty: Measure, others: Iterable[Measure]) -> Measure | None:
    """Return the first act in force, if any, that takes all of a duty away and has no end."""
    if not isinstance(duty, TariffMeasure):
        return None
    enders = [
        measure
        for measure in others
        if measure.switch != 0 and measure.end_day is None and _ends(measure, duty)
    ]
    return min(enders, key=lambda measure: measure.first_day, default=None)


def _ends(act: Measure, duty: TariffMeasure) -> bool:
    """Tell whether an act takes all of a duty away."""
    if isinstance(act, TariffSuspension):
        return duty.id in act.suspends and act.remaining_pp == 0
    if not isinstance(act, Exclusion) or not act.lets_out_of(duty):
        return False
    is_whole = act.coverage.default == 1 and act.coverage.by_sector is None
    return is_whole and act.exporters == "all" and act.sectors == "all"


def _cut(spells: tuple[Spell, ...], last: dt.date | None) -> tuple[Spell, ...]:
    """Return the spells before `last`, the first day after them."""
    if last is None:
        return spells
    return tuple(
        replace(spell, end=last if spell.end is None else min(spell.end, last))
        for spell in spells
        if spell.start < last
    ) or spells[:1]  # fmt: skip


def _spells(measure: Measure) -> tuple[Spell, ...]:
    steps = measure.steps if isinstance(measure, TariffMeasure) else None
    if not steps:
        return (Spell(measure.first_day, measure.end_day, _size(measure)),)
    ends = [*(step.start for step in steps[1:]), measure.end_day]
    return tuple(
        Spell(step.start, end, _points(step.rate_pp)) for step, end in zip(steps, ends, strict=True)
    )


def _points(points: float | None) -> str:
    return "rates by list of goods" if points is None else f"{points:+g} percentage points"


def _size(measure: Measure) -> str:
    """Say how large a measure is, in its own unit."""
    return _SIZES.get(measure.kind, lambda _: "goods let out of duties")(measure)


def _tariff(one: Any) -> str:  # noqa: ANN401  one kind of measure
    if one.total_rate_pp is not None:
        return f"{one.total_rate_pp:g} percent in all"
    return _points(100 * one.rate if one.rate is not None else one.rate_pp)


def _suspension(one: Any) -> str:  # noqa: ANN401  one kind of measure
    taken = one.suspended_pp
    return f"{one.remaining_pp:g} points remain" if taken is None else _points(-taken)


def _volume(one: Any) -> str:  # noqa: ANN401  one kind of measure
    change = one.volume_change_pct
    return f"{change:+g} percent of the volume" if change else "no known cut of the volume"


def _purchases(one: Any) -> str:  # noqa: ANN401  one kind of measure
    amount = f"{one.usd_bn:g} bn USD" if one.mmt is None else f"{one.mmt:g} million tonnes"
    return f"{amount} a year"


_SIZES: Mapping[str, Callable[[Any], str]] = {
    "tariff": _tariff,
    "tariff-suspension": _suspension,
    "export-licence": _volume,
    "technology-control": _volume,
    "purchase-commitment": _purchases,
    "trade-cost": lambda one: f"{one.cost_pct:+g} percent of the value shipped",
    "threat": lambda one: f"probability {one.probability:g}",
    "export-ban": lambda one: f"{100 * one.share:g} percent of the flow",
}
