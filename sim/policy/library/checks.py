"""What a schema cannot see: unknown names, and measures that do not fit each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sim.errors import ScenarioError
from sim.policy.axes import Axes
from sim.policy.language.fields import Source, records_in
from sim.policy.language.kinds import Measure
from sim.policy.language.messages import Complaint, nearest
from sim.policy.language.names import Known
from sim.policy.language.schema import Lever, Scenario
from sim.policy.language.yamlio import Document, Key
from sim.policy.library.folders import Library


@dataclass(frozen=True)
class Placed:
    """A measure and where it is written."""

    measure: Measure
    document: Document
    place: tuple[Key, ...] = ()

    def error(self, problem: str, field: tuple[Key, ...], advice: str) -> ScenarioError:
        """Build the error for one of the measure's fields."""
        return self.document.error(problem, (*self.place, *field), advice)


def measure_problems(placed: Placed, axes: Axes, library: Library) -> list[ScenarioError]:
    """Names that the baseline, the stacking rules or the evidence do not know."""
    known = Known(axes, library.stacking.authorities)
    return [
        placed.error(problem, field, advice)
        for problem, field, advice in (
            *placed.measure.problems(known),
            *_unknown_facts(placed.measure, library),
        )
    ]


def _unknown_facts(measure: Measure, library: Library) -> Iterator[Complaint]:
    """Complain of sources, anywhere in a measure, that are not in the evidence."""
    for source, path in records_in(measure):
        if isinstance(source, Source):
            for problem, field, advice in unknown_fact(source.seed, source.fact, library):
                yield problem, (*path, field), advice


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
        (("rests_on", position), fact.seed, fact.fact)
        for position, fact in enumerate(scenario.rests_on)
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
    acts = {name: placed.measure for name, placed in measures.items()}
    return [
        placed.error(problem, field, advice)
        for placed in measures.values()
        for problem, field, advice in placed.measure.problems_beside(acts)
    ]
