"""What the pages show: the only file of the dashboard that imports `sim`.

It asks, selects, sorts and cuts; the numbers are the simulator's.  Scenarios and answers are kept
by (scenario, levers off their default, elasticities), shared by all sessions, and never changed.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pyarrow.csv
import streamlit as st

import sim
from dashboard import recipe
from sim.baseline.load import load_bundle
from sim.outputs.headline import USD_BN, Figure, Headline, difference, headline
from sim.outputs.variables import CHANGE, PERCENT, VARIABLES
from sim.outputs.words import change_text, is_still, sentences, with_unit, worth_sentence
from sim.policy.cards import ScenarioCard as Card
from sim.policy.levers import LeverState
from sim.policy.loader import Reference, ResolvedScenario, load_scenario
from sim.run import axes_of, run

__all__ = ["Card", "Figure", "LeverState", "change_text", "is_still", "with_unit"]

ELASTICITIES = "fontagne2022"
LeverValues = tuple[tuple[str, float], ...]


class NoAnswer(Exception):
    """The scenario has no answer with these levers; the text says why, for readers."""


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
def _scenario(name: str, levers: LeverValues = ()) -> ResolvedScenario:
    axes = axes_of(load_bundle(ELASTICITIES))
    return load_scenario(name, axes, levers=dict(levers))


@st.cache_resource(max_entries=128, show_spinner=False)
def plan(name: str) -> Plan:
    """What `name` is made of, with its levers at their defaults."""
    scenario = _scenario(name)
    refs = scenario.sources
    known = () if scenario.baseline is None else _scenario(scenario.baseline).measures
    below = {measure.id for measure in known}
    titles = {measure.id: measure.title for measure in scenario.measures}
    titles |= {
        f"lever:{one.id}": f"Lever: {_lever_text(one, one.default)}" for one in scenario.levers
    }
    return Plan(
        name=name,
        title=scenario.title,
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


def comparable(name: str) -> dict[str, str]:
    """Titles by id of the scenarios that are measured against the same baseline as `name`."""
    mine = plan(name)
    others = (plan(other) for other in cards() if other not in (name, mine.baseline))
    start = (mine.baseline, mine.baseline_date)
    return {one.name: one.title for one in others if (one.baseline, one.baseline_date) == start}


def assumed(plan: Plan, levers: LeverValues) -> list[str]:
    """Levers whose value nobody states: assumed by us, or moved by the reader."""
    values = dict(levers)
    return [
        _lever_text(one, values.get(one.id, one.default)) + (" (yours)" if one.id in values else "")
        for one in plan.levers
        if one.basis == "assumption" or one.id in values
    ]


def _against(scenario: ResolvedScenario) -> str:
    if scenario.baseline is None:
        return "the world of 2024"
    title = _scenario(scenario.baseline).title
    return title if scenario.baseline_date is None else f"{title}, on {scenario.baseline_date}"


def _lever_text(state: LeverState, value: float) -> str:
    return f"{state.label} {value:g} {state.unit}".strip()


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
    result = _run(name, levers)
    top = headline(result)
    scenario = _scenario(name)
    return Answer(
        name=name,
        levers=levers,
        title=scenario.title,
        against=_against(scenario),
        levers_text=_levers_text(scenario, levers),
        source=_source_line(scenario),
        headline=top,
        sentences=tuple(sentences(replace(top, against=f"“{_against(scenario)}”"))),
        changes={
            view.id: _changes(result, view) for views in VIEWS.values() for view in views.values()
        },
        services=result.label("SERV"),
    )


def _run(name: str, levers: LeverValues) -> sim.RunResult:
    try:
        return run(name, levers=dict(levers), elasticities=ELASTICITIES)
    except sim.TruceError as failure:
        raise NoAnswer(f"These levers have no answer: {failure}") from failure


def _levers_text(scenario: ResolvedScenario, levers: LeverValues) -> str:
    values = dict(levers)
    texts = [_lever_text(one, values[one.id]) for one in scenario.levers if one.id in values]
    return "with " + (", ".join(texts) or "all levers at their defaults")


def _source_line(scenario: ResolvedScenario) -> str:
    bundle = load_bundle(ELASTICITIES)
    return (
        f"Truce {sim.__version__}; {bundle.year}; elasticities {ELASTICITIES}; "
        f"law of {scenario.date.day} {scenario.date:%B %Y}"
    )


def _changes(result: sim.RunResult, view: View) -> dict[str, float]:
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


def figure_table(answer: Answer, other: Answer | None) -> list[dict[str, str]]:
    """All headline figures as text: baseline, scenario, change, difference to the other."""
    worths = {} if other is None else differences(answer, other)
    rows = []
    for name, figure in answer.figures.items():
        row = {
            "Figure": figure.label,
            "Baseline": _level(figure.baseline, figure.unit),
            "Scenario": _level(figure.value, figure.unit),
            "Change": change_text(figure),
        }
        if other is not None:
            row[f"Against: {other.title}"] = change_text(worths[name]) if name in worths else ""
        rows.append(row)
    return rows


def _level(value: float | None, unit: str) -> str:
    return "" if value is None else with_unit(value, unit)


def shared(levers: LeverValues, plan: Plan, other: str) -> LeverValues:
    """Return the levers that `other` takes over.

    Those of the model itself, so that both rest on the same ones; and all, where `other` is the
    counterpart: what would have been is the same measure, as in ``truce compare``.
    """
    model = {s.id for s in plan.levers if all(path.startswith("model.") for path in s.paths)}
    known = {state.id for state in _scenario(other).levers}
    taken = known if other == plan.counterpart else known & model
    return tuple((key, value) for key, value in levers if key in taken)


def lever_help(state: LeverState) -> str:
    """Say what the default is and what it rests on."""
    grade = f", grade {state.grade}" if state.grade else ""
    words = f"Default {state.default:g} {state.unit}".strip() + f" ({state.basis}{grade})."
    source = state.source
    if source is not None:
        named = f"Article {source.seed}, {source.fact}." if source.seed else f"{source.title}."
        words += f" {named}"
    return f"{words} {state.note}".strip()


def definition(figure: Figure) -> str:
    """What the figure means, in the registry's words."""
    variable = VARIABLES.get(getattr(figure, "variable", ""))
    return (
        ""
        if variable is None
        else f"{variable.definition} {variable.sign[:1].upper()}{variable.sign[1:]}."
    )


def csv(name: str, levers: LeverValues) -> bytes:
    """Return the whole result table as CSV."""
    sink = io.BytesIO()
    pyarrow.csv.write_csv(_run(name, levers).table, sink)
    return sink.getvalue()


def scenario_yaml(name: str, levers: LeverValues) -> str:
    """Return the scenario with these levers as a file that `truce run` reads."""
    return recipe.scenario_yaml(_scenario(name, levers))


def variable_table() -> list[dict[str, str]]:
    """Return the registry of variables, without the changes."""
    return [
        {"Variable": v.label, "Unit": v.unit, "What it is": v.definition, "Sign": v.sign}
        for name, v in VARIABLES.items()
        if not name.endswith(CHANGE)
    ]


def baseline_sources() -> list[dict[str, str]]:
    """Return the sources of the baseline tables."""
    columns = {"Source": "title", "Grade": "grade", "Licence": "licence", "Where": "address"}
    return [
        {label: str(source.get(key, "")) for label, key in columns.items()}
        for source in load_bundle(ELASTICITIES).sources
    ]
