"""What a schema cannot see: unknown names, and measures that do not fit each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from sim.errors import ScenarioError
from sim.policy.axes import Axes
from sim.policy.language.fields import Coverage, Step
from sim.policy.language.messages import nearest
from sim.policy.language.schema import (
    Exclusion,
    Lever,
    Measure,
    PurchaseCommitment,
    Scenario,
    Source,
    TariffMeasure,
    TariffSuspension,
)
from sim.policy.language.yamlio import Document, Key
from sim.policy.library.files import Library

_Name = tuple[str, Collection[str], tuple[Key, ...], str, str]
"""A name, the known ones, where it is written, and what they are called (one, many)."""

_REGIONS = (
    "importer", "exporter", "importers", "exporters", "exporters_except",
    "on_importers", "on_exporters",
)  # fmt: skip
_SECTORS = ("sectors", "on_sectors")


@dataclass(frozen=True)
class Placed:
    """A measure and where it is written."""

    measure: Measure
    document: Document
    at: tuple[Key, ...] = ()

    def error(self, problem: str, field: tuple[Key, ...], advice: str) -> ScenarioError:
        """Build the error for one of the measure's fields."""
        return self.document.error(problem, (*self.at, *field), advice)


def measure_problems(placed: Placed, axes: Axes, library: Library) -> list[ScenarioError]:
    """Names that the baseline, the stacking rules or the evidence do not know."""
    return [
        *_code_problems(placed, axes),
        *_tariff_problems(placed, axes, library),
        *_exclusion_problems(placed, axes, library),
        *_source_problems(placed, library),
    ]


def _codes(placed: Placed, field: str) -> Iterable[tuple[tuple[Key, ...], str]]:
    value = getattr(placed.measure, field, ()) if field in _fields(placed) else ()
    if isinstance(value, str):
        return [] if value == "all" else [((field,), value)]
    return [((field, position), code) for position, code in enumerate(value)]


def _fields(placed: Placed) -> Collection[str]:
    return type(placed.measure).model_fields


def _code_problems(placed: Placed, axes: Axes) -> list[ScenarioError]:
    errors = []
    for noun, fields, known in (
        ("region", _REGIONS, axes.regions),
        ("sector", _SECTORS, axes.sectors),
    ):
        for field in fields:
            for path, code in _codes(placed, field):
                if code not in known:
                    words = f"unknown {noun} '{code}'."
                    errors.append(placed.error(words, path, nearest(code, known, f"{noun}s")))
    return errors


def _coverage_names(coverage: Coverage, at: tuple[Key, ...], axes: Axes) -> list[_Name]:
    """Names that a coverage holds: one list, or sectors."""
    path: tuple[Key, ...] = (*at, "by_sector")
    if isinstance(coverage.by_sector, str):
        return [(coverage.by_sector, axes.lists, path, "coverage list", "lists")]
    codes = coverage.by_sector or ()
    return [(code, axes.sectors, (*path, code), "sector", "sectors") for code in codes]


def _name_problems(placed: Placed, names: Iterable[_Name]) -> list[ScenarioError]:
    return [
        placed.error(f"unknown {noun} '{name}'.", path, nearest(name, known, nouns))
        for name, known, path, noun, nouns in names
        if name not in known
    ]


def _exclusion_problems(placed: Placed, axes: Axes, library: Library) -> list[ScenarioError]:
    exclusion = placed.measure
    if not isinstance(exclusion, Exclusion):
        return []
    known = library.stacking.authorities
    names: list[_Name] = [
        (name, known, ("authorities", position), "authority", "authorities")
        for position, name in enumerate(exclusion.authorities)
    ]
    return _name_problems(
        placed, [*names, *_coverage_names(exclusion.coverage, ("coverage",), axes)]
    )


def _tariff_problems(placed: Placed, axes: Axes, library: Library) -> list[ScenarioError]:
    tariff = placed.measure
    if not isinstance(tariff, TariffMeasure):
        return []
    names: list[_Name] = [
        (tariff.authority, library.stacking.authorities, ("authority",), "authority", "authorities")
    ]
    dated: list[tuple[tuple[Key, ...], TariffMeasure | Step]] = [((), tariff)]
    dated += [(("steps", position), step) for position, step in enumerate(tariff.steps or ())]
    for place, part in dated:
        if part.rate_schedule is not None:
            path = (*place, "rate_schedule")
            names.append((part.rate_schedule, axes.rates, path, "rate schedule", "schedules"))
        if part.coverage is not None:
            names += _coverage_names(part.coverage, (*place, "coverage"), axes)
    errors = _name_problems(placed, names)
    if tariff.importer in tariff.exporters:
        errors.append(
            placed.error(
                f"{tariff.importer} would tax itself.", ("exporters",), "Remove it from the list."
            )
        )
    return errors


def _source_problems(placed: Placed, library: Library) -> list[ScenarioError]:
    sources: list[tuple[tuple[Key, ...], Source]] = [
        (("sources", position), source) for position, source in enumerate(placed.measure.sources)
    ]
    if isinstance(placed.measure, PurchaseCommitment):
        sources += [
            (("comparators", position, "source"), comparator.source)
            for position, comparator in enumerate(placed.measure.comparators)
        ]
    return [
        placed.error(problem, (*path, field), advice)
        for path, source in sources
        for problem, field, advice in unknown_fact(source.seed, source.fact, library)
    ]


def unknown_fact(
    seed: str | None, fact: str | None, library: Library
) -> list[tuple[str, str, str]]:
    """Problem, field and advice if an article or its fact is not in the evidence."""
    if seed is None or fact is None or (seed, fact) in library.facts:
        return []
    facts = [name for owner, name in library.facts if owner == seed]
    if not facts:
        articles = {owner for owner, _ in library.facts}
        return [(f"unknown article '{seed}'.", "seed", nearest(seed, articles, "articles"))]
    return [(f"article {seed} has no fact '{fact}'.", "fact", nearest(fact, facts, "facts"))]


def scenario_problems(
    scenario: Scenario, document: Document, axes: Axes, library: Library
) -> list[ScenarioError]:
    """Names of a scenario file that do not exist: regions, counterpart, baseline, facts."""
    errors = [
        document.error(
            f"unknown region '{code}'.", ("pair", position), nearest(code, axes.regions, "regions")
        )
        for position, code in enumerate(scenario.pair or ())
        if code not in axes.regions
    ]
    known = library.names("scenario")
    into = None if scenario.collapse is None else scenario.collapse.into
    if into is not None and into not in known:
        words = f"scenario '{into}' does not exist."
        errors.append(document.error(words, ("collapse", "into"), nearest(into, known)))
    for field in ("counterpart", "baseline"):
        name = getattr(scenario, field)
        if name is not None and name not in known:
            errors.append(
                document.error(f"scenario '{name}' does not exist.", (field,), nearest(name, known))
            )
    cited: list[tuple[tuple[Key, ...], str | None, str | None]] = [
        (("stated_in_articles", position), statement.seed, statement.fact)
        for position, statement in enumerate(scenario.stated_in_articles)
    ]
    cited += [
        (("rests_on", position), one.seed, one.fact)
        for position, one in enumerate(scenario.rests_on)
    ]
    cited += [
        (("levers", name, "source"), lever.source.seed, lever.source.fact)
        for name, lever in scenario.levers.items()
        if isinstance(lever, Lever) and lever.source is not None
    ]
    for path, seed, fact in cited:
        for problem, field, advice in unknown_fact(seed, fact, library):
            errors.append(document.error(problem, (*path, field), advice))
    return errors


def set_problems(measures: Mapping[str, Placed]) -> list[ScenarioError]:
    """Measures that contradict each other: double suspensions, two totals on one flow."""
    suspensions = [
        (placed, placed.measure)
        for placed in measures.values()
        if isinstance(placed.measure, TariffSuspension)
    ]
    errors = []
    for placed, suspension in suspensions:
        for position, name in enumerate(suspension.suspends):
            problem = _misfit(suspension, name, measures)
            if problem is not None:
                errors.append(placed.error(problem[0], ("suspends", position), problem[1]))
    for (_, first), (placed, second) in combinations(suspensions, 2):
        both = sorted(set(first.suspends) & set(second.suspends))
        if both and overlap(first, second):
            errors.append(
                placed.error(
                    f"'{both[0]}' is suspended twice at once, by '{first.id}' and '{second.id}'.",
                    ("suspends",),
                    "Let one end where the other starts, or disable one.",
                )
            )
    return errors + _absent_exclusions(measures) + _double_totals(measures)


def _absent_exclusions(measures: Mapping[str, Placed]) -> list[ScenarioError]:
    """Exclusions from measures that are absent or no tariffs."""
    tariffs = {key for key, p in measures.items() if isinstance(p.measure, TariffMeasure)}
    return [
        placed.error(
            f"takes goods out of '{name}', which is no tariff of the scenario.",
            ("excludes", position),
            nearest(name, tariffs),
        )
        for placed in measures.values()
        if isinstance(placed.measure, Exclusion)
        for position, name in enumerate(placed.measure.excludes)
        if name not in tariffs
    ]


def _misfit(
    suspension: TariffSuspension, name: str, measures: Mapping[str, Placed]
) -> tuple[str, str] | None:
    """Problem and advice if the suspended measure is absent or smaller than the suspension."""
    if name not in measures:
        tariffs = [key for key, p in measures.items() if isinstance(p.measure, TariffMeasure)]
        return f"suspends '{name}', which the scenario does not hold.", nearest(name, tariffs)
    target = measures[name].measure
    if not isinstance(target, TariffMeasure) or target.rate_schedule or target.total_rate_pp:
        return f"suspends '{name}', which has no rate in points.", "Disable that measure instead."
    for day in _days(suspension, target):
        headline = target.headline_pp(day)
        points = suspension.points_pp(headline)
        if points > headline:
            return (
                f"suspends {points:g} points of '{name}', which has {headline:g} on {day}.",
                f"Write at most {headline:g}.",
            )
        if points < 0:
            return (
                f"leaves {suspension.remaining_pp:g} points of '{name}', "
                f"which has {headline:g} on {day}.",
                "A suspension cannot raise a rate: add a tariff.",
            )
    return None


def _days(suspension: TariffSuspension, target: TariffMeasure) -> list[dt.date]:
    """Days within the suspension on which the target's rate may differ."""
    days = {suspension.first_day, *target.turning_days}
    return sorted(day for day in days if suspension.in_force(day) and target.in_force(day))


def overlap(first: Measure, second: Measure) -> bool:
    """Tell whether two half-open intervals share a day."""
    far = dt.date.max
    start = max(first.first_day, second.first_day)
    return start < min(first.end_day or far, second.end_day or far)


def _double_totals(measures: Mapping[str, Placed]) -> list[ScenarioError]:
    totals = [
        (placed, placed.measure)
        for placed in measures.values()
        if isinstance(placed.measure, TariffMeasure) and placed.measure.total_rate_pp is not None
    ]
    return [
        placed.error(
            f"'{first.id}' and '{second.id}' both set the whole duty of the same flow.",
            ("total_rate_pp",),
            "Disable one.",
        )
        for (_, first), (placed, second) in combinations(totals, 2)
        if first.importer == second.importer
        and _meet(first.exporters, second.exporters)
        and _meet(first.sectors, second.sectors)
        and overlap(first, second)
    ]


def _meet(first: tuple[str, ...] | str, second: tuple[str, ...] | str) -> bool:
    return first == "all" or second == "all" or bool(set(first) & set(second))
