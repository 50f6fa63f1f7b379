"""What scenarios do: the simulator's numbers, selected, sorted and cut."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import sim
from dashboard.data import formatting
from dashboard.data.cache import cached
from dashboard.data.catalog import (
    ELASTICITIES,
    LeverValues,
    ScenarioDescription,
    baseline_title,
    cards,
    id_or_file,
    resolved,
)
from sim import InputError
from sim.baseline.load import load_bundle
from sim.engine.decompose import Decomposition, decompose
from sim.engine.runs import run
from sim.outputs.headline import Figure, Headline, difference, headline
from sim.outputs.results import RunResult
from sim.outputs.variables import CHANGE, PERCENT, USD_BN, VARIABLES
from sim.outputs.words import sentences, worth_sentence
from sim.policy.library.loader import ResolvedScenario


class NoAnswer(Exception):
    """The scenario has no answer with these levers; the text says why."""


class NoContributions(NoAnswer):
    """The change cannot be split among the scenario's measures; the text says why."""


@dataclass(frozen=True)
class RankingView:
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

    @property
    def title_with_levers(self) -> str:
        """Title, with the levers that are moved."""
        return f"{self.title}, {self.levers_text}" if self.levers else self.title


def _views(*views: RankingView) -> dict[str, RankingView]:
    return {view.id: view for view in views}


_INCOME, _REAL = "real_factor_income" + CHANGE, "real_income" + CHANGE
_SALES = "trade_diversion"


def _sales(id_: str, title: str, region: str) -> RankingView:
    """Return the ranking of third countries by what they sell to a region."""
    return RankingView(id_, title, title, _SALES, "partner", region, USD_BN)


_AXIS_UNITS = {USD_BN: "bn USD a year", PERCENT: "percent"}
RANKINGS: Mapping[str, Mapping[str, RankingView]] = {
    "sectors": _views(
        RankingView("us-sectors", "US", "US sectors", _INCOME, "sector", "USA", USD_BN),
        RankingView("cn-sectors", "China", "Chinese sectors", _INCOME, "sector", "CHN", USD_BN),
    ),
    "countries": _views(
        RankingView("income", "Real income", "Third countries", _REAL, "region", None, PERCENT),
        _sales("us-sales", "Sales to the US", "USA"),
        _sales("cn-sales", "Sales to China", "CHN"),
    ),
}
"""Rankings by group, in the order in which they are offered."""


@cached(max_entries=256, show_spinner="Solving the world economy …")
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
        against=baseline_title(scenario),
        levers_text=formatting.levers_text(scenario.levers, levers),
        source=_source_line(scenario),
        headline=top,
        sentences=tuple(sentences(replace(top, against=f"“{baseline_title(scenario)}”"))),
        changes={
            view.id: _changes(table, view) for views in RANKINGS.values() for view in views.values()
        },
        services=table.label("SERV"),
    )


@cached(max_entries=40, show_spinner=False)
def result(name: str, levers: LeverValues = ()) -> RunResult:
    """Return the whole result table; `NoAnswer` as in `answer`."""
    return _run(name, levers)


def _run(name: str, levers: LeverValues) -> RunResult:
    try:
        return run(id_or_file(name), levers=dict(levers), elasticities=ELASTICITIES)
    except sim.TruceError as failure:
        raise NoAnswer(f"These levers have no answer: {failure}") from failure


def _source_line(scenario: ResolvedScenario) -> str:
    bundle = load_bundle(ELASTICITIES)
    return (
        f"Truce {sim.__version__}; {bundle.year}; elasticities {ELASTICITIES}; "
        f"law of {scenario.date.day} {scenario.date:%B %Y}"
    )


def _changes(result: RunResult, view: RankingView) -> dict[str, float]:
    scale = 1e-3 if view.unit == USD_BN else 1.0
    codes = result.breakdown(view.variable, view.along, region=view.region)
    rivals = ("USA", "CHN") if view.along != "sector" else ()
    return {
        result.label(code): scale * value for code, value in codes.items() if code not in rivals
    }


def differences(answer: Answer, other: Answer) -> dict[str, Figure]:
    """Each headline figure of `answer` less that of `other`."""
    return difference(answer.headline, other.headline)


def worth_text(answer: Answer, other: Answer, reason: str) -> str:
    """Say what `answer` is worth because `other` does not happen."""
    return worth_sentence(answer.title, other.title, reason, differences(answer, other))


def shared_levers(levers: LeverValues, description: ScenarioDescription, other: str) -> LeverValues:
    """Return the levers that `other` takes over.

    Those of the model itself, so that both use the same ones; and all, where `other` is the
    counterpart: what would have been is the same measure, as in ``truce compare``.
    """
    model = {
        state.id
        for state in description.levers
        if all(path.startswith("model.") for path in state.paths)
    }
    known = {state.id for state in resolved(other).levers}
    taken = known if other == description.counterpart else known & model
    return tuple((key, value) for key, value in levers if key in taken)


@cached(max_entries=64, show_spinner=False)
def decomposition(name: str, levers: LeverValues = ()) -> Decomposition:
    """Split what `name` changes among its measures.

    Raises
    ------
    NoAnswer
        If some combination of the measures has no equilibrium.
    """
    try:
        return decompose(id_or_file(name), levers=dict(levers), elasticities=ELASTICITIES)
    except InputError as refusal:
        raise NoContributions(refusal.problem) from refusal
    except sim.TruceError as failure:
        raise NoAnswer(f"These measures cannot be told apart: {failure}") from failure


@lru_cache(maxsize=1)
def figure_labels() -> dict[str, str]:
    """Labels of the headline figures that every scenario has, by id."""
    name = next(iter(cards()))
    return {key: figure.label for key, figure in answer(name).figures.items()}
