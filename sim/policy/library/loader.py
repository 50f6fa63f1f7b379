"""Scenario files to resolved scenarios: inheritance, levers, sources, digest.

A scenario is a set: the measures of ``extends`` minus ``disable``, plus ``measures``.  The order of
files and lines never matters; whatever contradicts itself is an error, never overridden silently.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sim.errors import ScenarioError
from sim.pair import DEFAULT_PAIR, Pair
from sim.policy.axes import Axes
from sim.policy.language.act import Act
from sim.policy.language.collapse import COLLAPSE, Collapse
from sim.policy.language.estimates import Estimate
from sim.policy.language.kinds import Measure
from sim.policy.language.messages import BrokenFile
from sim.policy.language.rules import Rule
from sim.policy.language.schema import FactRef, Lever, Scenario, Statement
from sim.policy.language.stacking import Stacking
from sim.policy.language.yamlio import Document
from sim.policy.library.cards import ScenarioCard, list_scenarios
from sim.policy.library.checks import Placed, measure_problems, set_problems
from sim.policy.library.digest import Digester
from sim.policy.library.folders import Library, read_stacking
from sim.policy.library.levers import (
    LeverState,
    PlacedLever,
    default_states,
    moved,
    states_at,
    with_model_levers,
)
from sim.policy.library.references import Reference, references
from sim.policy.library.resolve import ResolvedSet, Resolver
from sim.policy.library.seeds import read_contradictions, read_seed

__all__ = [
    "LeverState",
    "Reference",
    "ResolvedScenario",
    "ScenarioCard",
    "ScenarioTemplate",
    "check_paths",
    "list_scenarios",
    "load_scenario",
    "scenario_template",
]


@dataclass(frozen=True)
class ResolvedScenario:
    """A scenario with its inheritance resolved and its levers set.

    Parameters
    ----------
    date
        Day that a static run is evaluated on.
    baseline
        Scenario that it is measured against; None is the economy of 2024 itself.
    counterpart, counterpart_reason
        What would have been, where the measure means that something does not happen.
    measures
        In the order of their ids.
    levers
        With their values in this run.
    assumptions
        Values of the levers that move the model, such as ``factor_mobility``.
    sources
        One entry per measure or lever and source.
    digest
        SHA-256 of everything that can change a number.
    baseline_date
        Day on which the baseline is read; None is its own date.
    own
        Ids of the measures that the file itself adds to those it extends.
    rests_on
        Facts of the articles that the scenario is about.
    not_in_articles
        Numbers that matter and that no article states.
    compare_with
        Published estimates.
    collapse
        What holds if it breaks down; acts in event trees only.
    rules
        What follows from what on a path, in the order of their ids.
    held
        Measures that are in force only when a rule starts them, in the order of their ids.
    pair
        The two countries that it is about.
    inherited_date
        Day that it would take over, where none of its own measures has started by then.
    """

    id: str
    title: str
    question: str
    summary: str
    headline: str
    group: str
    date: dt.date
    baseline: str | None
    counterpart: str | None
    counterpart_reason: str
    measures: tuple[Measure, ...]
    levers: tuple[LeverState, ...]
    assumptions: Mapping[str, float]
    sources: tuple[Reference, ...]
    stated_in_articles: tuple[Statement, ...]
    stacking: Stacking
    digest: str
    note: str = ""
    baseline_date: dt.date | None = None
    own: tuple[str, ...] = ()
    rests_on: tuple[FactRef, ...] = ()
    not_in_articles: tuple[str, ...] = ()
    compare_with: tuple[Estimate, ...] = ()
    collapse: Collapse | None = None
    rules: tuple[Rule, ...] = ()
    held: tuple[Measure, ...] = ()
    pair: Pair = DEFAULT_PAIR
    inherited_date: dt.date | None = None


def load_scenario(
    name_or_path: str | Path,
    axes: Axes,
    *,
    levers: Mapping[str, float] | None = None,
    folder: Path | None = None,
) -> ResolvedScenario:
    """Read, check and resolve a scenario.

    Parameters
    ----------
    name_or_path
        Id of a scenario in `folder` (the shipped ones by default), or a path ending in ``.yaml``.
    axes
        Names of the baseline.
    levers
        Lever values by lever id.

    Raises
    ------
    ScenarioError
        The first problem found, with file, line, field, and what to write.
    """
    return scenario_template(name_or_path, axes, folder=folder).at(levers or {})


class ScenarioTemplate:
    """A scenario that is read and checked once, and set to any lever values cheaply.

    What no lever moves is neither read, nor checked, nor validated again; a measure that stays
    where it is by default is the same object in every answer.

    `model_levers` move assumptions of the model in every scenario.  They are among the levers of a
    resolved scenario only where they are set, so that what nobody sets changes no digest.
    """

    def __init__(
        self,
        whole: ResolvedSet,
        scenario: Scenario,
        document: Document,
        library: Library,
        model_levers: Mapping[str, Lever] = MappingProxyType({}),
    ) -> None:
        self._whole, self._scenario = whole, scenario
        self._document, self._library = document, library
        self._model_levers = {
            name: PlacedLever(name, lever, document)
            for name, lever in model_levers.items()
            if name not in whole.levers
        }

    @cached_property
    def default(self) -> ResolvedScenario:
        """The scenario with all levers where they are."""
        placed, states = self._placed, self._states
        measures = _ordered(placed, self._whole.held)
        held, rules = _held(placed, self._whole.held), _rules(placed)
        scenario, date = self._scenario, self._whole.date
        if date is None:
            raise self._document.error("is missing.", ("date",), "Add a line 'date: 2025-12-01'.")
        whole = ResolvedScenario(
            id=self._whole.name,
            title=scenario.title,
            question=scenario.question,
            summary=scenario.summary,
            headline=scenario.headline,
            group=scenario.group,
            date=date,
            baseline=self._whole.baseline,
            counterpart=self._whole.counterpart,
            counterpart_reason=self._whole.counterpart_reason,
            measures=measures,
            levers=states,
            assumptions=_assumptions(states),
            sources=references((*measures, *held, *rules), states, self._library.facts),
            stated_in_articles=scenario.stated_in_articles,
            stacking=self._library.stacking,
            digest="",
            note=scenario.note,
            baseline_date=self._whole.baseline_date,
            own=self._whole.own,
            rests_on=scenario.rests_on,
            not_in_articles=scenario.not_in_articles,
            compare_with=scenario.compare_with,
            collapse=_collapse(placed),
            rules=rules,
            held=held,
            pair=self._whole.pair,
            inherited_date=self._whole.inherited_date,
        )
        return self._digested(whole)

    def at(self, levers: Mapping[str, float]) -> ResolvedScenario:
        """Return the scenario with these lever values; errors as in `load_scenario`."""
        return self._digested(self.moved(levers))

    def moved(self, levers: Mapping[str, float]) -> ResolvedScenario:
        """Like `at`, but with the digest of the default values: for many runs."""
        values, lent = with_model_levers(self._model_levers, self._states, levers)
        known = {**self._whole.levers, **self._model_levers}
        defaults = (*self._states, *lent)
        states = states_at(known, defaults, values)
        if states == self._states:
            return self.default
        changed = tuple(
            state
            for state, default in zip(states, defaults, strict=True)
            if state.value != default.value and state.id in self._whole.levers
        )
        placed = moved(self._placed, self._whole.levers, changed)
        if any(placed[name] is not self._placed[name] for name in self._whole.measures):
            self._check(placed)
        return replace(
            self.default,
            measures=_ordered(placed, self._whole.held),
            collapse=_collapse(placed),
            rules=_rules(placed),
            held=_held(placed, self._whole.held),
            levers=states,
            assumptions=_assumptions(states),
            sources=(*self.default.sources, *references((), lent, self._library.facts)),
        )

    def error(self, measure: str, problem: str, field: str = "", advice: str = "") -> ScenarioError:
        """Build the error for one of the scenario's measures, or for a field of it."""
        return self._whole.measures[measure].error(problem, (field,) if field else (), advice)

    @cached_property
    def _states(self) -> tuple[LeverState, ...]:
        """The levers at their defaults."""
        return default_states(self._whole.levers, self._whole.movable)

    @cached_property
    def _placed(self) -> dict[str, Placed]:
        """All that levers may move, where their defaults put it."""
        placed = moved(self._whole.movable, self._whole.levers, self._states)
        self._check(placed)
        return placed

    def _check(self, placed: Mapping[str, Placed]) -> None:
        """Raise the first problem that measures have with each other."""
        _raise_first(set_problems({name: placed[name] for name in self._whole.measures}))

    @cached_property
    def _digester(self) -> Digester:
        return Digester(self._library.stacking)

    def _digested(self, scenario: ResolvedScenario) -> ResolvedScenario:
        digest = self._digester.digest(
            (*scenario.measures, *scenario.held),
            date=scenario.date,
            baseline=self._whole.dated_baseline,
            assumptions=scenario.assumptions,
            rules=scenario.rules,
            pair=scenario.pair,
        )
        return replace(scenario, digest=digest)


def scenario_template(
    name_or_path: str | Path,
    axes: Axes,
    *,
    folder: Path | None = None,
    model_levers: Mapping[str, Lever] = MappingProxyType({}),
) -> ScenarioTemplate:
    """Read and check a scenario without setting its levers; errors as in `load_scenario`.

    Parameters
    ----------
    model_levers
        Levers of the model that every scenario has, by id.
    """
    library, path = _located(name_or_path, folder)
    if path is None:
        scenario, document = library.scenario(str(name_or_path))
    else:
        scenario, document = library.read_scenario(path)
    name = str(name_or_path) if path is None else path.stem
    resolver = Resolver(library, axes)
    whole = resolver.resolve(name, scenario, document)
    _raise_first(resolver.problems)
    return ScenarioTemplate(whole, scenario, document, library, model_levers)


def _located(name: str | Path, folder: Path | None) -> tuple[Library, Path | None]:
    """Library to look ids up in, and the file if `name` is a path."""
    if isinstance(name, Path) or name.endswith((".yaml", ".yml")):
        path = Path(name)
        return Library(folder, own=path.parent), path
    return Library(folder), None


def _raise_first(problems: list[ScenarioError]) -> None:
    if problems:
        raise problems[0]


def _ordered(placed: Mapping[str, Placed], held: Collection[str] = ()) -> tuple[Measure, ...]:
    records = (placed[name].measure for name in sorted(placed) if name not in held)
    return tuple(measure for measure in records if isinstance(measure, Act))


def _held(placed: Mapping[str, Placed], held: Collection[str]) -> tuple[Measure, ...]:
    return tuple(placed[name].measure for name in sorted(held))


def _rules(placed: Mapping[str, Placed]) -> tuple[Rule, ...]:
    """The rules as levers have set them."""
    records: list[Any] = [placed[name].measure for name in sorted(placed)]
    return tuple(rule for rule in records if isinstance(rule, Rule))


def _collapse(placed: Mapping[str, Placed]) -> Collapse | None:
    """The collapse as levers have set it."""
    record: Any = placed[COLLAPSE].measure if COLLAPSE in placed else None
    return record if isinstance(record, Collapse) else None


def _assumptions(states: Iterable[LeverState]) -> dict[str, float]:
    """Values of the levers that move the model."""
    return {
        path.partition(".")[2]: state.value
        for state in states
        for path in state.paths
        if path.startswith("model.")
    }


def check_paths(paths: Iterable[Path], axes: Axes) -> list[ScenarioError]:
    """Every problem of the files, and of all YAML files in the folders, of `paths`; each once."""
    problems: list[ScenarioError] = []
    for path in paths:
        files = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
        for file in files:
            try:
                problems += _file_problems(file, axes)
            except BrokenFile as error:
                problems += [error, *error.others]
            except ScenarioError as error:
                problems.append(error)
    unique = {str(problem): problem for problem in problems}
    return sorted(
        unique.values(), key=lambda problem: (problem.file or "", problem.line or 0, str(problem))
    )


def _file_problems(file: Path, axes: Axes) -> list[ScenarioError]:
    """Problems of one file: a measure, the stacking rules, evidence or a scenario."""
    if file.stem == "stacking":
        read_stacking(file.parent)
        return []
    if file.parent.name == "studies":
        return []  # studies are read above this layer: see sim.study
    if file.parent.name == "seeds":
        _ = read_contradictions(file.parent) if file.stem == "contradictions" else read_seed(file)
        return []
    if file.parent.name == "measures":
        library = Library(own=file.parent.parent)
        return measure_problems(Placed(*library.read_measure(file)), axes, library)
    resolver = Resolver(Library(own=file.parent), axes)
    resolver.resolve(file.stem, *resolver.library.read_scenario(file))
    return resolver.problems
