"""Scenarios and what they are made of, before they are run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

import sim
from dashboard.data import formatting
from sim import InputError
from sim.baseline.defaults import ELASTICITIES
from sim.baseline.load import load_bundle
from sim.engine.runs import world_of
from sim.policy.axes import Axes
from sim.policy.language.yamlio import parse_document
from sim.policy.library.cards import ScenarioCard as Card
from sim.policy.library.levers import LeverState
from sim.policy.library.loader import Reference, ResolvedScenario, check_paths, load_scenario

LeverValues = tuple[tuple[str, float], ...]

PLACES: dict[str, Path] = {}
"""Files of readers' scenarios, by id: see `dashboard.data.downloads`."""


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
    return world_of().scenario(place(name), dict(levers))


def axes() -> Axes:
    """Names of the baseline's regions and sectors."""
    return world_of().axes


def place(name: str) -> str | Path:
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
        f"lever:{one.id}": f"Lever: {formatting.lever_text(one, one.default)}"
        for one in scenario.levers
    }
    return Plan(
        name=name,
        title=scenario.title,
        question=scenario.question,
        summary=scenario.summary,
        baseline=scenario.baseline,
        baseline_date=scenario.baseline_date,
        against=against(scenario),
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


@st.cache_resource(max_entries=128, show_spinner=False)
def comparable(name: str) -> dict[str, str]:
    """Titles by id of the scenarios that are measured against the same baseline as `name`."""
    mine = plan(name)
    others = (plan(other) for other in cards() if other not in (name, mine.baseline))
    start = (mine.baseline, mine.baseline_date)
    return {one.name: one.title for one in others if (one.baseline, one.baseline_date) == start}


def against(found: ResolvedScenario) -> str:
    """Say what a scenario is measured against."""
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


def regions() -> dict[str, str]:
    """Labels of the regions, by code."""
    return dict(load_bundle(ELASTICITIES).region_labels)


def sectors() -> dict[str, str]:
    """Labels of the sectors, by code."""
    return dict(load_bundle(ELASTICITIES).sector_labels)


def parsed(text: str) -> dict[str, Any]:
    """Return the content of a scenario file; `InputError` says what is wrong, and where."""
    return parse_document(text, "your file").content


def check(path: Path) -> list[InputError]:
    """Everything that is wrong with a scenario file; empty if it can be run."""
    found: list[InputError] = [*check_paths([path], axes())]
    if not found:
        try:
            load_scenario(path, axes())
        except InputError as error:
            found = [error]
    return found
