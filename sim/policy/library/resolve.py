"""Set algebra: the measures of ``extends`` minus ``disable``, plus ``measures``; and the levers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from sim.errors import ScenarioError
from sim.pair import DEFAULT_PAIR, Pair
from sim.policy.axes import Axes
from sim.policy.language.collapse import COLLAPSE
from sim.policy.language.kinds import Measure
from sim.policy.language.messages import BrokenFile, nearest
from sim.policy.language.schema import Scenario
from sim.policy.language.yamlio import Document, Key
from sim.policy.library.checks import Placed, measure_problems, scenario_problems, set_problems
from sim.policy.library.evaluation_day import evaluation_day
from sim.policy.library.folders import Library, measure_at
from sim.policy.library.levers import PlacedLever, lever_problems
from sim.policy.library.rulechecks import rule_problems


@dataclass(frozen=True)
class ResolvedSet:
    """What a scenario and all that it extends amount to."""

    measures: dict[str, Placed]
    levers: dict[str, PlacedLever]
    date: dt.date | None
    baseline: str | None
    name: str
    own: tuple[str, ...] = ()
    """Ids of the measures that the scenario adds to those it extends."""
    extras: dict[str, Placed] = field(default_factory=dict)
    """What levers can move besides measures: rules, and the collapse."""
    held: frozenset[str] = frozenset()
    """Ids of measures that are in force only when a rule starts them."""
    pair: Pair = DEFAULT_PAIR
    """The two countries that the scenario is about."""
    baseline_date: dt.date | None = None
    """Day on which the baseline is read; None is its own date."""
    counterpart: str | None = None
    """Scenario that tells what would have been."""
    counterpart_reason: str = ""
    """Why the two are set beside each other."""
    inherited_date: dt.date | None = None
    """Day that it would take over, where none of its own measures has started by then."""

    @property
    def movable(self) -> dict[str, Placed]:
        """Everything that lever paths may lead to, by its first word."""
        return {**self.extras, **self.measures}

    @property
    def dated_baseline(self) -> str | None:
        """The baseline and its day, as far as they are stated."""
        if self.baseline_date is None:
            return self.baseline
        return f"{self.baseline} on {self.baseline_date}"


BASELINES = "baselines"
"""Group of the scenarios that start from 2024 itself, whatever they extend."""


class Resolver:
    """Resolves scenarios of a library; problems are collected, not raised."""

    def __init__(self, library: Library, axes: Axes) -> None:
        self.library = library
        self.axes = axes
        self.problems: list[ScenarioError] = []

    def resolve(
        self, name: str, scenario: Scenario, document: Document, trail: tuple[str, ...] = ()
    ) -> ResolvedSet:
        """Resolve `scenario`; `trail` holds the files that extend it."""
        parent = self._parent(scenario, document, (*trail, document.file))
        self.problems += scenario_problems(scenario, document, self.axes, self.library)
        measures = self._kept(scenario, document, parent)
        own = self._own(scenario, document)
        self._add_own(own, measures, parent, document)
        extras = self._extras(scenario, document, parent)
        held = (parent.held & set(measures)) | self._held(scenario, document, measures)
        self.problems += rule_problems(_rules(extras), measures, self.axes, self.library)
        movable = {**extras, **measures}
        lent = parent.levers | self._lent(scenario, document, (*trail, document.file))
        levers = {key: lever for key, lever in lent.items() if lever.is_anchored(movable)}
        levers |= {key: PlacedLever(key, lever, document) for key, lever in scenario.levers.items()}
        levers |= self._reset(scenario, document, levers)
        self.problems += lever_problems(levers, movable)
        self.problems += set_problems(measures)
        date, inherited_date = _date(scenario, parent, [placed.measure for placed, _ in own])
        if date is None:
            advice = "Add a line 'date: 2025-12-01'."
            self.problems.append(document.error("is missing.", ("date",), advice))
        baseline, baseline_date = _baseline(scenario, parent)
        ids = tuple(sorted(placed.measure.id for placed, _ in own))
        pair = parent.pair if scenario.pair is None else Pair(*scenario.pair)
        counterpart = _counterpart(scenario, parent)
        return ResolvedSet(
            measures,
            levers,
            date,
            baseline,
            name,
            ids,
            extras,
            held,
            pair,
            baseline_date,
            *counterpart,
            inherited_date,
        )

    def _reset(
        self, scenario: Scenario, document: Document, levers: Mapping[str, PlacedLever]
    ) -> dict[str, PlacedLever]:
        """Levers with the defaults that the scenario sets itself."""
        reset = {}
        for name, value in scenario.lever_defaults.items():
            place = ("lever_defaults", name)
            if name not in levers:
                words = f"the scenario has no lever '{name}'."
                self.problems.append(document.error(words, place, nearest(name, levers, "levers")))
                continue
            lever = levers[name].lever
            if not lever.min <= value <= lever.max:
                words = f"{value:g} lies outside {lever.min:g} to {lever.max:g}."
                self.problems.append(document.error(words, place, "Write a value within."))
                continue
            moved = lever.model_copy(update={"default": value})
            reset[name] = replace(levers[name], lever=moved)
        return reset

    def _lent(
        self, scenario: Scenario, document: Document, trail: tuple[str, ...]
    ) -> dict[str, PlacedLever]:
        """Levers of the scenarios named under `levers_from`."""
        lent: dict[str, PlacedLever] = {}
        for position, name in enumerate(scenario.levers_from):
            place = ("levers_from", position)
            lent |= self._above(name, document, place, trail, scenario.date).levers
        return lent

    def _parent(
        self, scenario: Scenario, document: Document, trail: tuple[str, ...]
    ) -> ResolvedSet:
        """The set that `scenario` extends; empty if it extends nothing or something broken."""
        if scenario.extends is None:
            return ResolvedSet({}, {}, scenario.date, None, "")
        return self._above(scenario.extends, document, ("extends",), trail, scenario.date)

    def _above(
        self,
        name: str,
        document: Document,
        place: tuple[Key, ...],
        trail: tuple[str, ...],
        date: dt.date | None,
    ) -> ResolvedSet:
        """The set of the scenario called `name` at `place`; empty if it is broken or a circle."""
        empty = ResolvedSet({}, {}, date, None, "")
        try:
            scenario, above = self.library.scenario(name, asking=document.file)
        except ScenarioError as error:
            self.problems.append(_pointed(error, document, place))
            return empty
        if above.file in trail:
            names = " -> ".join(Path(file).stem for file in (*trail, above.file))
            problem = document.error(f"extends itself: {names}.", place, "Break the circle.")
            self.problems.append(problem)
            return empty
        return self.resolve(name, scenario, above, trail)

    def _kept(
        self, scenario: Scenario, document: Document, parent: ResolvedSet
    ) -> dict[str, Placed]:
        """Inherited measures minus the disabled ones."""
        measures = dict(parent.measures)
        for position, name in enumerate(scenario.disable):
            if measures.pop(name, None) is None and name not in _rules(parent.extras):
                problem, advice = _not_there(name, position, scenario, parent)
                self.problems.append(document.error(problem, ("disable", position), advice))
        return measures

    def _extras(
        self, scenario: Scenario, document: Document, parent: ResolvedSet
    ) -> dict[str, Placed]:
        """Rules, inherited and own, and the collapse, under the names that lever paths use."""
        extras = {key: extra for key, extra in parent.extras.items() if key not in scenario.disable}
        for position, rule in enumerate(scenario.rules):
            place = ("rules", position)
            if rule.id in extras:
                words = f"rule '{rule.id}' is in the set already."
                self.problems.append(
                    document.error(words, place, "Rename it, or disable it first.")
                )
            extras[rule.id] = Placed(cast(Any, rule), document, place)
        if scenario.collapse is not None:
            extras[COLLAPSE] = Placed(cast(Any, scenario.collapse), document, (COLLAPSE,))
        return extras

    def _held(
        self, scenario: Scenario, document: Document, measures: dict[str, Placed]
    ) -> set[str]:
        """Add the measures that only rules start to `measures`; return their ids."""
        held: set[str] = set()
        for number, rule in enumerate(scenario.rules):
            for position, entry in enumerate(rule.then.start):
                place: tuple[Key, ...] = ("rules", number, "then", "start", position)
                if isinstance(entry, str) and entry in measures:
                    continue
                for placed in self._read([(entry, place)], document):
                    self._add(placed, measures, document)
                    held.add(placed[0].measure.id)
        return held

    def _own(self, scenario: Scenario, document: Document) -> list[tuple[Placed, tuple[Key, ...]]]:
        """Measures that the scenario names or holds inline, and where it says so."""
        places: list[tuple[Key, ...]] = [
            ("measures", position) for position in range(len(scenario.measures))
        ]
        return self._read(list(zip(scenario.measures, places, strict=True)), document)

    def _read(
        self, entries: Iterable[tuple[str | dict[str, Any], tuple[Key, ...]]], document: Document
    ) -> list[tuple[Placed, tuple[Key, ...]]]:
        """Measures by their ids or their texts, each with the place where it is named."""
        own: list[tuple[Placed, tuple[Key, ...]]] = []
        for entry, place in entries:
            try:
                if isinstance(entry, str):
                    own.append((Placed(*self.library.measure(entry)), place))
                else:
                    own.append((Placed(measure_at(document, place), document, place), place))
            except BrokenFile as error:
                self.problems += [error, *error.others]
            except ScenarioError as error:
                self.problems.append(_pointed(error, document, place))
        return own

    def _add_own(
        self,
        own: Iterable[tuple[Placed, tuple[Key, ...]]],
        measures: dict[str, Placed],
        parent: ResolvedSet,
        document: Document,
    ) -> None:
        """Add the scenario's own measures; one that it inherits may be named, and is own then."""
        fresh = {key for key in measures if key in parent.measures}
        for placed in own:
            measure = placed[0].measure
            if measure.id in fresh and parent.measures[measure.id].measure == measure:
                fresh.discard(measure.id)
            else:
                self._add(placed, measures, document)

    def _add(
        self,
        entry: tuple[Placed, tuple[Key, ...]],
        measures: dict[str, Placed],
        document: Document,
    ) -> None:
        placed, place = entry
        name = placed.measure.id
        if name in measures:
            words = f"measure '{name}' is in the set already."
            self.problems.append(
                document.error(words, place, "Remove the line, or disable it first.")
            )
            return
        self.problems += measure_problems(placed, self.axes, self.library)
        measures[name] = placed


def _date(
    scenario: Scenario, parent: ResolvedSet, own: Iterable[Measure]
) -> tuple[dt.date | None, dt.date | None]:
    """Return the day of a static run, and the inherited one where that is not it."""
    if scenario.date is not None or scenario.group == BASELINES:
        return scenario.date or parent.date, None
    day = evaluation_day(parent.date, own)
    return day, parent.inherited_date if day == parent.date else parent.date


def _baseline(scenario: Scenario, parent: ResolvedSet) -> tuple[str | None, dt.date | None]:
    """Return what a scenario is measured against, and on which day; its parent's if not stated.

    A day belongs to its baseline: it is not taken over to another one.
    """
    if scenario.group == BASELINES:
        return None, None
    inherited = parent.baseline or parent.name or None
    baseline = scenario.baseline or inherited
    if scenario.baseline_date is not None or baseline != inherited:
        return baseline, scenario.baseline_date
    return baseline, parent.baseline_date


def _counterpart(scenario: Scenario, parent: ResolvedSet) -> tuple[str | None, str]:
    """Return what would have been, and why.

    A counterpart is a statement about a set of measures: a child takes it over only with that set
    as it is, without measures or rules of its own.
    """
    changes = scenario.disable or scenario.measures or scenario.rules
    if (
        scenario.counterpart is not None
        or changes
        or scenario.baseline not in (None, parent.baseline)
    ):
        return scenario.counterpart, scenario.counterpart_reason
    return parent.counterpart, parent.counterpart_reason


def _rules(extras: Mapping[str, Placed]) -> dict[str, Placed]:
    return {key: placed for key, placed in extras.items() if key != COLLAPSE}


def _pointed(error: ScenarioError, document: Document, path: tuple[Key, ...]) -> ScenarioError:
    """Give an error without a file the place where the name is written."""
    return error if error.file else document.error(error.problem, path, error.advice)


def _not_there(
    name: str, position: int, scenario: Scenario, parent: ResolvedSet
) -> tuple[str, str]:
    """Problem and advice for a disabled measure that is absent."""
    if name in scenario.disable[:position]:
        return f"'{name}' is disabled twice.", "Keep one."
    if scenario.extends is None:
        return f"'{name}' is not in the set: the scenario extends nothing.", "Remove the line."
    problem = f"'{name}' is not among the measures of '{scenario.extends}'."
    return problem, nearest(name, parent.measures)
