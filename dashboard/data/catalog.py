"""Scenarios and what they are made of, before they are run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sim
from dashboard.data import formatting, own_baseline
from dashboard.data.cache import cached
from sim import InputError
from sim.engine.runs import check as check_files
from sim.pair import Pair
from sim.policy.axes import Axes
from sim.policy.language.yamlio import parse_document
from sim.policy.library.cards import ScenarioCard
from sim.policy.library.levers import LeverState
from sim.policy.library.loader import Reference, ResolvedScenario, load_scenario

LeverValues = tuple[tuple[str, float], ...]

READER_FILES: dict[str, Path] = {}
"""Files of readers' scenarios, by id: see `dashboard.data.reader_files`."""


class NoAnswer(Exception):
    """The scenario has no answer with these levers; the text says why."""


class NotOnBaseline(NoAnswer):
    """The scenario needs what the user's own tables lack; the text says what."""


@dataclass(frozen=True)
class CitedSource:
    """One source of a measure or lever; `kind`: article, law, data, report, model, assumption."""

    what: str
    kind: str
    grade: str
    source: str
    address: str
    date: str


@dataclass(frozen=True)
class ScenarioDescription:
    """What a scenario is made of, before it is run."""

    name: str
    title: str
    question: str
    summary: str
    baseline: str | None
    baseline_date: dt.date | None
    against: str
    baseline_title: str
    counterpart: str | None
    reason: str
    levers: tuple[LeverState, ...]
    stated: tuple[str, ...]
    own: tuple[CitedSource, ...]
    """For the scenario's own measures and levers."""
    inherited: tuple[CitedSource, ...]
    """For the measures of its baseline, which stay in force."""


def cards() -> dict[str, ScenarioCard]:
    """Scenarios by id, in their order: those of the articles first."""
    listed = _listed()
    first = [card for card in listed if card.group == "articles"]
    others = [card for card in listed if card not in first]
    return {card.id: card for card in [*first, *others]}


@cached(max_entries=1, show_spinner=False)
def _listed() -> list[ScenarioCard]:
    return sim.list_scenarios()


@cached(max_entries=128, show_spinner=False)
def resolved(name: str, levers: LeverValues = ()) -> ResolvedScenario:
    """Return `name`, resolved with these levers.

    Raises
    ------
    NotOnBaseline
        If the scenario cannot be read on tables of the user's own.
    """
    try:
        return own_baseline.world().scenario(id_or_file(name), dict(levers))
    except InputError as refusal:
        if not own_baseline.is_in_use():
            raise
        words = f"“{_title(name)}” cannot run on your own tables: {refusal.problem}"
        raise NotOnBaseline(words) from refusal


def _title(name: str) -> str:
    return cards()[name].title if name in cards() else "Your scenario"


def why_it_cannot_run(name: str) -> str:
    """Say what a scenario or its baseline needs that the tables in use lack; empty if nothing."""
    try:
        inherited(name)
    except NotOnBaseline as refusal:
        return str(refusal)
    return ""


def runnable() -> list[str]:
    """Return the ids of the shipped scenarios that the tables in use have all for."""
    return [name for name in cards() if not why_it_cannot_run(name)]


def axes() -> Axes:
    """Names of the baseline's regions and sectors."""
    return own_baseline.world().axes


def id_or_file(name: str) -> str | Path:
    """Return what `sim` reads: the id of a shipped scenario, or the file of one of a reader's."""
    return READER_FILES.get(name, name)


@cached(max_entries=128, show_spinner=False)
def describe(name: str) -> ScenarioDescription:
    """Say what `name` is made of, with its levers at their defaults."""
    scenario = resolved(name)
    references = scenario.sources
    from_baseline = inherited(name)
    titles = _titles(scenario)
    return ScenarioDescription(
        name=name,
        title=scenario.title,
        question=scenario.question,
        summary=scenario.summary,
        baseline=scenario.baseline,
        baseline_date=scenario.baseline_date,
        against=against_title(scenario),
        baseline_title=baseline_title(scenario),
        counterpart=scenario.counterpart,
        reason=scenario.counterpart_reason,
        levers=scenario.levers,
        stated=tuple(
            f"{stated.number} (article {stated.seed})" for stated in scenario.stated_in_articles
        ),
        own=tuple(
            _cited(reference, titles)
            for reference in references
            if reference.measure_id not in from_baseline
        ),
        inherited=tuple(
            _cited(reference, titles)
            for reference in references
            if reference.measure_id in from_baseline
        ),
    )


def _titles(scenario: ResolvedScenario) -> dict[str, str]:
    """Titles of measures and levers, by the id under which their sources stand."""
    measures = {measure.id: measure.title for measure in scenario.measures}
    return measures | {
        f"lever:{lever.id}": f"Lever: {formatting.lever_text(lever, lever.default)}"
        for lever in scenario.levers
    }


def inherited(name: str) -> frozenset[str]:
    """Ids of the measures that are in force already in the scenario's baseline."""
    baseline = resolved(name).baseline
    measures = () if baseline is None else resolved(baseline).measures
    return frozenset(measure.id for measure in measures)


@cached(max_entries=128, show_spinner=False)
def comparable(name: str) -> dict[str, str]:
    """Titles by id of the scenarios that are measured against the same baseline as `name`."""
    mine = describe(name)
    start = (mine.baseline, mine.baseline_date)
    names = (other for other in cards() if other not in (name, mine.baseline))
    others = (describe(other) for other in names if not why_it_cannot_run(other))
    return {
        other.name: other.title
        for other in others
        if (other.baseline, other.baseline_date) == start
    }


def against_title(scenario: ResolvedScenario) -> str:
    """Say what a scenario's changes are against: its counterpart, or else its baseline."""
    if scenario.counterpart is not None:
        return resolved(scenario.counterpart).title
    return baseline_title(scenario)


def baseline_title(scenario: ResolvedScenario) -> str:
    """Say what a scenario is measured against."""
    if scenario.baseline is None:
        return "the world of 2024"
    title = resolved(scenario.baseline).title
    return title if scenario.baseline_date is None else f"{title}, on {scenario.baseline_date}"


def _cited(reference: Reference, titles: Mapping[str, str]) -> CitedSource:
    source = reference.title or reference.note or "no source: our assumption"
    if reference.seed:
        source = f"Article {reference.seed} ({reference.firmness}): {reference.paraphrase}"
    return CitedSource(
        what=titles.get(reference.measure_id, reference.measure_id),
        kind=reference.basis,
        grade=reference.grade or "",
        source=source,
        address=reference.address or "",
        date="" if reference.date is None else f"{reference.date:%Y-%m-%d}",
    )


def suffix_of(pair: Pair) -> str:
    """Return what follows the key of a choice whose options depend on the pair."""
    return "" if pair.is_default else "-" + "-".join(pair.codes).lower()


def regions() -> dict[str, str]:
    """Labels of the regions, by code."""
    return dict(own_baseline.tables().region_labels)


def sectors() -> dict[str, str]:
    """Labels of the sectors, by code."""
    return dict(own_baseline.tables().sector_labels)


def parsed(text: str) -> dict[str, Any]:
    """Return the content of a scenario file; `InputError` says what is wrong, and where."""
    return parse_document(text, "your file").content


def check(path: Path) -> list[InputError]:
    """Everything that is wrong with a scenario file; empty if it can be run."""
    errors: list[InputError] = [*check_files([path], baseline=own_baseline.folder())]
    if not errors:
        try:
            load_scenario(path, axes())
        except InputError as error:
            errors = [error]
    return errors
