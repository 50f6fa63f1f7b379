"""Who did what when: a scenario's measures as dated acts, and the average tariffs of their sum."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from dashboard.data import own_baseline
from dashboard.data.cache import cached
from dashboard.data.catalog import LeverValues, id_or_file, regions, resolved, suffix_of
from sim.engine.averages import LABEL, TODAY
from sim.outputs.pair_names import pair_names
from sim.policy.language.kinds import Measure
from sim.policy.language.traits import Spell
from sim.policy.library.loader import Reference, ResolvedScenario

FIRST, LAST = dt.date(2018, 1, 1), dt.date(2028, 1, 1)
"""Days between which something is known."""

ENACTED, MEASURED = TODAY, LABEL


@dataclass(frozen=True)
class CalendarAct:
    """One measure: who, on what legal basis, when, how much, and who says so."""

    id: str
    title: str
    by: str
    """Region that imposes it; empty where several do."""
    heading: str
    """Heading above acts of its kind."""
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
    """Return the average tariffs of a scenario's calendar from `FIRST` to `LAST`, by label.

    They are those of the scenario's pair on each other, home's first.
    """
    rates = own_baseline.world().average_rates(
        FIRST, LAST, scenario=id_or_file(name), levers=dict(levers)
    )
    cuts = list(itertools.pairwise((*rates.starts, rates.end)))
    return {
        label: tuple(
            RatePeriod(*days, float(rate))
            for days, rate in zip(cuts, rates.rate_pct[average], strict=True)
        )
        for average, label in zip(rates.both, _labels_of_averages(name), strict=True)
    }


def _labels_of_averages(name: str) -> tuple[str, str]:
    """Return ``US on China`` and ``China on the US``, or the same of a scenario's own pair."""
    names = pair_names(resolved(name).pair, regions())
    home, partner = names.home, names.partner
    return f"{home.title} on {partner.noun}", f"{partner.title} on {home.noun}"


def widget_suffix(name: str) -> str:
    """Return what follows the key of a choice whose options depend on the scenario's pair."""
    return suffix_of(resolved(name).pair)


def sides(name: str) -> dict[str, str]:
    """Return the labels of the pair that a scenario is about, by code, home's first."""
    labels = regions()
    return {code: labels[code] for code in resolved(name).pair.codes}


def _act(
    measure: Measure,
    scenario: ResolvedScenario,
    by_id: Mapping[str, Measure],
    sources: list[Reference],
) -> CalendarAct:
    basis = measure.legal_basis or ""
    known = scenario.stacking.authorities.get(basis)
    basis = basis if known is None else known.title
    first = sources[0] if sources else None
    end = _ender(measure, scenario.measures)
    return CalendarAct(
        id=measure.id,
        title=measure.title,
        by=_actor(measure, scenario, by_id),
        heading=measure.traits.heading or measure.traits.label,
        basis=basis,
        status=measure.status,
        as_of=measure.as_of,
        spells=_cut(measure.spells(), None if end is None else end.first_day),
        source="" if first is None else first.title or first.paraphrase or first.note,
        grade="" if first is None else first.grade or ("" if first.seed is None else "article"),
        is_on=measure.switch != 0,
        is_between=measure.concerns(scenario.pair),
        ended_by="" if end is None else end.title,
    )


def _actor(measure: Measure, scenario: ResolvedScenario, by_id: Mapping[str, Measure]) -> str:
    """Return the region that acts; empty where several do, or the measure names none."""
    actors = measure.actors(by_id, scenario.stacking.authorities)
    return next(iter(actors)) if len(actors) == 1 else ""


def _ender(duty: Measure, others: Iterable[Measure]) -> Measure | None:
    """Return the first act in force, if any, that takes all of a duty away and has no end."""
    enders = [
        other
        for other in others
        if other.switch != 0 and other.end_day is None and other.takes_all_of(duty)
    ]
    return min(enders, key=lambda ender: ender.first_day, default=None)


def _cut(spells: tuple[Spell, ...], last: dt.date | None) -> tuple[Spell, ...]:
    """Return the spells before `last`, the first day after them."""
    if last is None:
        return spells
    return tuple(
        replace(spell, end=last if spell.end is None else min(spell.end, last))
        for spell in spells
        if spell.start < last
    ) or spells[:1]  # fmt: skip
