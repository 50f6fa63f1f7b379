"""What the pages show: the only file of the dashboard that imports `sim`.

It asks, selects, sorts and cuts; the numbers are the simulator's.  Scenarios and answers are kept
by (scenario, levers off their default, elasticities), shared by all sessions, and never changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

import sim
from dashboard import words
from sim import InputError
from sim.baseline.load import load_bundle
from sim.decompose import Decomposition, decompose
from sim.outputs.headline import USD_BN, Figure, Headline, difference, headline
from sim.outputs.results import RunResult
from sim.outputs.table import GOODS
from sim.outputs.variables import CHANGE, PERCENT, VARIABLES
from sim.outputs.words import change_text, is_still, sentences, with_unit, worth_sentence
from sim.policy.axes import Axes
from sim.policy.cards import ScenarioCard as Card
from sim.policy.cards import scenario_folder, seed_folder
from sim.policy.evidence import Contradiction, Seed, read_contradictions, read_seeds
from sim.policy.levers import LeverState
from sim.policy.loader import Reference, ResolvedScenario, check_paths, load_scenario
from sim.policy.schema import KINDS, Measure
from sim.policy.yamlio import SIZE_LIMIT, parse_document
from sim.run import axes_of, run
from sim.staging import read_scenario

__all__ = [
    "CHANGE",
    "GOODS",
    "KINDS",
    "SIZE_LIMIT",
    "VARIABLES",
    "Card",
    "Contradiction",
    "Decomposition",
    "Figure",
    "InputError",
    "LeverState",
    "Measure",
    "RunResult",
    "Seed",
    "change_text",
    "is_still",
    "with_unit",
]

ELASTICITIES = "fontagne2022"
LeverValues = tuple[tuple[str, float], ...]


class NoAnswer(Exception):
    """The scenario has no answer with these levers; the text says why."""


class NoParts(NoAnswer):
    """A scenario that has no parts, by its nature; the text says why."""


@dataclass(frozen=True)
class View:
    """One ranking: a variable of the result table, along sectors or countries."""

    id: str
    label: str
    title: str
    variable: str
    along: str
    region: str | None
    unit: str

    @property
    def axis(self) -> str:
        """Variable and unit, from the registry's words."""
        return f"{VARIABLES[self.variable].label}, {_AXIS_UNITS[self.unit]}"


@dataclass(frozen=True)
class Evidence:
    """One source of a measure or lever; `kind`: article, law, data, report, model, assumption."""

    what: str
    kind: str
    grade: str
    source: str
    address: str
    date: str


@dataclass(frozen=True)
class Plan:
    """What a scenario is made of, before it is run."""

    name: str
    title: str
    question: str
    summary: str
    baseline: str | None
    baseline_date: dt.date | None
    against: str
    counterpart: str | None
    reason: str
    levers: tuple[LeverState, ...]
    stated: tuple[str, ...]
    own: tuple[Evidence, ...]
    """For the scenario's own measures and levers."""
    inherited: tuple[Evidence, ...]
    """For the measures of its baseline, which stay in force."""


@dataclass(frozen=True, eq=False)
class Answer:
    """What a scenario does, against its baseline."""

    name: str
    levers: LeverValues
    title: str
    against: str
    levers_text: str
    source: str
    headline: Headline
    sentences: tuple[str, ...]
    changes: Mapping[str, Mapping[str, float]]
    """By id of the view, then by label."""
    services: str
    """Label of the services sector."""

    @property
    def figures(self) -> Mapping[str, Figure]:
        """Headline figures by id."""
        return self.headline.figures


def _views(*views: View) -> dict[str, View]:
    return {view.id: view for view in views}


_INCOME, _REAL = "real_factor_income" + CHANGE, "real_income" + CHANGE
_SOLD = "trade_diversion"
_AXIS_UNITS = {USD_BN: "bn USD a year", PERCENT: "percent"}
VIEWS: Mapping[str, Mapping[str, View]] = {
    "sectors": _views(
        View("us-sectors", "US", "US sectors", _INCOME, "sector", "USA", USD_BN),
        View("cn-sectors", "China", "Chinese sectors", _INCOME, "sector", "CHN", USD_BN),
    ),
    "countries": _views(
        View("income", "Real income", "Third countries", _REAL, "region", None, PERCENT),
        View("us-sales", "Sales to the US", "Sales to the US", _SOLD, "partner", "USA", USD_BN),
        View("cn-sales", "Sales to China", "Sales to China", _SOLD, "partner", "CHN", USD_BN),
    ),
}
"""Rankings by group, in the order in which they are offered."""


def cards() -> dict[str, Card]:
    """Scenarios by id, in their order: those of the articles first."""
    listed = _listed()
    first = [card for card in listed if card.group == "articles"]
    return {card.id: card for card in [*first, *(c for c in listed if c not in first)]}


@st.cache_resource(max_entries=1, show_spinner=False)
def _listed() -> list[Card]:
    return sim.list_scenarios()


@st.cache_resource(max_entries=128, show_spinner=False)
def resolved(name: str, levers: LeverValues = ()) -> ResolvedScenario:
    """Return `name`, resolved with these levers."""
    return read_scenario(_place(name), _axes(), None, dict(levers))


def _axes() -> Axes:
    return axes_of(load_bundle(ELASTICITIES))


def _place(name: str) -> str | Path:
    """Return where `name` is written: a shipped scenario's id, or the file of one of a reader's."""
    return PLACES.get(name, name)


@st.cache_resource(max_entries=128, show_spinner=False)
def plan(name: str) -> Plan:
    """What `name` is made of, with its levers at their defaults."""
    scenario = resolved(name)
    refs = scenario.sources
    below = inherited(name)
    titles = {measure.id: measure.title for measure in scenario.measures}
    titles |= {
        f"lever:{one.id}": f"Lever: {words.lever_text(one, one.default)}" for one in scenario.levers
    }
    return Plan(
        name=name,
        title=scenario.title,
        question=scenario.question,
        summary=scenario.summary,
        baseline=scenario.baseline,
        baseline_date=scenario.baseline_date,
        against=_against(scenario),
        counterpart=scenario.counterpart,
        reason=scenario.counterpart_reason,
        levers=scenario.levers,
        stated=tuple(f"{one.number} (article {one.seed})" for one in scenario.stated_in_articles),
        own=tuple(_evidence(ref, titles) for ref in refs if ref.measure_id not in below),
        inherited=tuple(_evidence(ref, titles) for ref in refs if ref.measure_id in below),
    )


def inherited(name: str) -> frozenset[str]:
    """Ids of the measures that are in force already in the scenario's baseline."""
    baseline = resolved(name).baseline
    known = () if baseline is None else resolved(baseline).measures
    return frozenset(measure.id for measure in known)


def comparable(name: str) -> dict[str, str]:
    """Titles by id of the scenarios that are measured against the same baseline as `name`."""
    mine = plan(name)
    others = (plan(other) for other in cards() if other not in (name, mine.baseline))
    start = (mine.baseline, mine.baseline_date)
    return {one.name: one.title for one in others if (one.baseline, one.baseline_date) == start}


def _against(found: ResolvedScenario) -> str:
    if found.baseline is None:
        return "the world of 2024"
    title = resolved(found.baseline).title
    return title if found.baseline_date is None else f"{title}, on {found.baseline_date}"


def _evidence(reference: Reference, titles: Mapping[str, str]) -> Evidence:
    source = reference.title or reference.note or "no source: our assumption"
    if reference.seed:
        source = f"Article {reference.seed} ({reference.firmness}): {reference.paraphrase}"
    return Evidence(
        what=titles.get(reference.measure_id, reference.measure_id),
        kind=reference.basis,
        grade=reference.grade or "",
        source=source,
        address=reference.address or "",
        date="" if reference.date is None else f"{reference.date:%Y-%m-%d}",
    )


@st.cache_resource(max_entries=256, show_spinner="Solving the world economy …")
def answer(name: str, levers: LeverValues = ()) -> Answer:
    """What `name` does with these levers.

    Raises
    ------
    NoAnswer
        If no equilibrium is found, or the levers cannot be used.
    """
    table = result(name, levers)
    top = headline(table)
    scenario = resolved(name)
    return Answer(
        name=name,
        levers=levers,
        title=scenario.title,
        against=_against(scenario),
        levers_text=words.levers_text(scenario.levers, levers),
        source=_source_line(scenario),
        headline=top,
        sentences=tuple(sentences(replace(top, against=f"“{_against(scenario)}”"))),
        changes={
            view.id: _changes(table, view) for views in VIEWS.values() for view in views.values()
        },
        services=table.label("SERV"),
    )


@st.cache_resource(max_entries=40, show_spinner=False)
def result(name: str, levers: LeverValues = ()) -> RunResult:
    """Return the whole result table; `NoAnswer` as in `answer`."""
    return _run(name, levers)


def _run(name: str, levers: LeverValues) -> RunResult:
    try:
        return run(_place(name), levers=dict(levers), elasticities=ELASTICITIES)
    except sim.TruceError as failure:
        raise NoAnswer(f"These levers have no answer: {failure}") from failure


def _source_line(scenario: ResolvedScenario) -> str:
    bundle = load_bundle(ELASTICITIES)
    return (
        f"Truce {sim.__version__}; {bundle.year}; elasticities {ELASTICITIES}; "
        f"law of {scenario.date.day} {scenario.date:%B %Y}"
    )


def _changes(result: RunResult, view: View) -> dict[str, float]:
    scale = 1e-3 if view.unit == USD_BN else 1.0
    codes = result.breakdown(view.variable, view.along, region=view.region)
    rivals = ("USA", "CHN") if view.along != "sector" else ()
    return {result.label(c): scale * value for c, value in codes.items() if c not in rivals}


def differences(answer: Answer, other: Answer) -> dict[str, Figure]:
    """Each headline figure of `answer` less that of `other`."""
    return difference(answer.headline, other.headline)


def worth(answer: Answer, other: Answer, reason: str) -> str:
    """Say what `answer` is worth because `other` does not happen."""
    return worth_sentence(answer.title, other.title, reason, differences(answer, other))


def shared(levers: LeverValues, plan: Plan, other: str) -> LeverValues:
    """Return the levers that `other` takes over.

    Those of the model itself, so that both rest on the same ones; and all, where `other` is the
    counterpart: what would have been is the same measure, as in ``truce compare``.
    """
    model = {s.id for s in plan.levers if all(path.startswith("model.") for path in s.paths)}
    known = {state.id for state in resolved(other).levers}
    taken = known if other == plan.counterpart else known & model
    return tuple((key, value) for key, value in levers if key in taken)


@st.cache_resource(max_entries=64, show_spinner=False)
def drivers(name: str, levers: LeverValues = ()) -> Decomposition:
    """Split what `name` changes among its measures.

    Raises
    ------
    NoAnswer
        If some combination of the measures has no equilibrium.
    """
    try:
        return decompose(_place(name), levers=dict(levers), elasticities=ELASTICITIES)
    except InputError as refusal:
        raise NoParts(refusal.problem) from refusal
    except sim.TruceError as failure:
        raise NoAnswer(f"These measures cannot be told apart: {failure}") from failure


@lru_cache(maxsize=1)
def figure_labels() -> dict[str, str]:
    """Labels of the headline figures that every scenario has, by id."""
    name = next(iter(cards()))
    return {key: figure.label for key, figure in answer(name).figures.items()}


def baseline_sources() -> tuple[dict[str, Any], ...]:
    """Return the sources of the baseline tables."""
    return load_bundle(ELASTICITIES).sources


def regions() -> dict[str, str]:
    """Labels of the regions, by code."""
    return dict(load_bundle(ELASTICITIES).region_labels)


def sectors() -> dict[str, str]:
    """Labels of the sectors, by code."""
    return dict(load_bundle(ELASTICITIES).sector_labels)


@lru_cache(maxsize=1)
def articles() -> tuple[Seed, ...]:
    """Return the articles that the scenarios rest on, with their facts in our words."""
    return read_seeds(seed_folder(scenario_folder()))


@lru_cache(maxsize=1)
def contradictions() -> tuple[Contradiction, ...]:
    """Return the points on which the articles disagree."""
    return read_contradictions(seed_folder(scenario_folder()))


PLACES: dict[str, Path] = {}
"""Files of readers' scenarios, by id: see `dashboard.files`."""


def parsed(text: str) -> dict[str, Any]:
    """Return the content of a scenario file; `InputError` says what is wrong, and where."""
    return parse_document(text, "your file").content


def check(path: Path) -> list[InputError]:
    """Everything that is wrong with a scenario file; empty if it can be run."""
    found: list[InputError] = [*check_paths([path], _axes())]
    if not found:
        try:
            load_scenario(path, _axes())
        except InputError as error:
            found = [error]
    return found
