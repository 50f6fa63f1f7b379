"""What scenarios do: the simulator's numbers, selected, sorted and cut."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sim
from dashboard.data import formatting, own_baseline
from dashboard.data.cache import cached
from dashboard.data.catalog import (
    LeverValues,
    NoAnswer,
    NotOnBaseline,
    ScenarioDescription,
    baseline_title,
    id_or_file,
    resolved,
    suffix_of,
    why_it_cannot_run,
)
from dashboard.data.ranking_views import RankingView, ranking_views
from sim import InputError
from sim.baseline.defaults import ELASTICITIES
from sim.engine.decompose import Decomposition, decompose
from sim.engine.runs import Against, run, static_result
from sim.outputs.headline import Figure, Headline, difference, figure_keys, headline
from sim.outputs.pair_names import PairNames
from sim.outputs.results import RunResult
from sim.outputs.variables import TARGET_VARIABLES, USD_BN
from sim.outputs.words import sentences
from sim.pair import Pair
from sim.policy.library.loader import ResolvedScenario


class NoContributions(NoAnswer):
    """The change cannot be split among the scenario's measures; the text says why."""


@dataclass(frozen=True, eq=False)
class Answer:
    """What a scenario does, against its counterpart or else its baseline."""

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
    notice: str = ""
    """What must be said first: that the answer is of a day that nobody asked for."""

    @property
    def figures(self) -> Mapping[str, Figure]:
        """Headline figures by id."""
        return self.headline.figures

    @property
    def names(self) -> PairNames:
        """What the two regions that the scenario is about are called."""
        return self.headline.names

    @property
    def pair(self) -> Pair:
        """The two regions that the scenario is about."""
        return self.names.pair

    @property
    def labels(self) -> dict[str, str]:
        """Labels, by id, of the figures that every scenario about this pair has."""
        return {
            key: figure.label
            for key, figure in self.figures.items()
            if figure.variable not in TARGET_VARIABLES
        }

    @property
    def rankings(self) -> Mapping[str, Mapping[str, RankingView]]:
        """Rankings by group, in the order in which they are offered."""
        return ranking_views(self.names)

    @property
    def widget_suffix(self) -> str:
        """What follows the key of a choice whose options depend on the pair."""
        return suffix_of(self.pair)

    def ids(self, keys: Iterable[str]) -> list[str]:
        """Ids of figures by keys of roles, such as ``home_gain``; without those it lacks."""
        ids = map(self.names.id_of, keys)
        return [name for name in ids if name in self.figures]

    @property
    def title_with_levers(self) -> str:
        """Title, with the levers that are moved."""
        return f"{self.title}, {self.levers_text}" if self.levers else self.title


@cached(max_entries=256, show_spinner="Solving the world economy …")
def answer(
    name: str, levers: LeverValues = (), pair: Pair | None = None, against: Against = "own"
) -> Answer:
    """What `name` does with these levers, told of a pair of regions, its own if None.

    `against` is as in `sim.run`.

    Raises
    ------
    NoAnswer
        If no equilibrium is found, or the levers cannot be used.
    """
    table = _result(name, levers, pair, against)
    top = headline(table)
    scenario = resolved(name)
    is_told = bool(top.prevented) or "against_day" in table.manifest
    start = top.against_title if is_told else baseline_title(scenario)
    return Answer(
        name=name,
        levers=levers,
        title=scenario.title,
        against=start,
        levers_text=formatting.levers_text(scenario.levers, levers),
        source=_source_line(scenario),
        headline=top,
        sentences=tuple(sentences(top)),
        changes={
            view.id: _changes(table, view, top.names.pair)
            for views in ranking_views(top.names).values()
            for view in views.values()
        },
        services=table.label("SERV"),
        notice=str(table.manifest.get("notice", "")),
    )


def _result(name: str, levers: LeverValues, pair: Pair | None, against: Against) -> RunResult:
    # What is kept is found by the arguments as they are given: only those that differ are.
    if against != "own":
        return result(name, levers, pair, against)
    return result(name, levers) if pair is None else result(name, levers, pair)


@cached(max_entries=40, show_spinner=False)
def result(
    name: str, levers: LeverValues = (), pair: Pair | None = None, against: Against = "own"
) -> RunResult:
    """Return the whole result table; `NoAnswer` as in `answer`."""
    if own_baseline.is_in_use() and (reason := why_it_cannot_run(name)):
        raise NotOnBaseline(reason)
    try:
        if pair is not None:
            world = own_baseline.world_about(pair)
            return static_result(world.solve(id_or_file(name), dict(levers)), against)
        return run(
            id_or_file(name),
            levers=dict(levers),
            elasticities=ELASTICITIES,
            against=against,
            baseline=own_baseline.folder(),
        )
    except sim.TruceError as failure:
        raise NoAnswer(f"These levers have no answer: {failure}") from failure


def _source_line(scenario: ResolvedScenario) -> str:
    tables = own_baseline.tables()
    return (
        f"Truce {sim.__version__}; {tables.year}; elasticities {tables.elasticity_set}; "
        f"law of {scenario.date.day} {scenario.date:%B %Y}"
    )


def _changes(result: RunResult, view: RankingView, pair: Pair) -> dict[str, float]:
    scale = 1e-3 if view.unit == USD_BN else 1.0
    codes = result.breakdown(view.variable, view.along, region=view.region)
    left_out = pair.codes if view.along != "sector" else ()
    return {
        result.label(code): scale * value for code, value in codes.items() if code not in left_out
    }


def against_baseline(answer: Answer) -> Answer:
    """Return the same answer with all changes against the baseline, whatever it prevents."""
    if not answer.headline.prevented:
        return answer
    return _plain_answer(answer.name, answer.levers, _other_pair(answer))


def _other_pair(answer: Answer) -> Pair | None:
    """Return the pair that an answer is told of; None where it is the scenario's own."""
    return None if resolved(answer.name).pair == answer.pair else answer.pair


def _plain_answer(name: str, levers: LeverValues, pair: Pair | None) -> Answer:
    return answer(name, levers, pair, "baseline")


def differences(answer: Answer, other: Answer) -> dict[str, Figure]:
    """Each headline figure of `answer` less that of `other`, both against their baselines.

    Where the two are about different pairs, both are told of the pair of `answer`.
    """
    told = other if other.pair == answer.pair else answer_about(other.name, other.levers, answer)
    return difference(against_baseline(answer).headline, against_baseline(told).headline)


def answer_about(name: str, levers: LeverValues, first: Answer) -> Answer:
    """Return what `name` does, told of the pair that `first` is about; errors as `answer`."""
    own = resolved(name).pair
    return answer(name, levers) if own == first.pair else answer(name, levers, first.pair)


def result_of(answer: Answer, against: Against = "own") -> RunResult:
    """Return the whole result table of an answer, told of the same pair."""
    return _result(answer.name, answer.levers, _other_pair(answer), against)


def shared_figures(answer: Answer, other: Answer) -> frozenset[str]:
    """Ids of the headline figures that stand for the same number in both."""
    mine, theirs = figure_keys(answer.pair), figure_keys(other.pair)
    return frozenset(
        key for key in answer.figures if key in other.figures and mine.get(key) == theirs.get(key)
    )


def shared_levers(levers: LeverValues, description: ScenarioDescription, other: str) -> LeverValues:
    """Return the levers of the model itself that `other` takes over, so that both use the same."""
    model = {
        state.id
        for state in description.levers
        if all(path.startswith("model.") for path in state.paths)
    }
    known = {state.id for state in resolved(other).levers}
    return tuple((key, value) for key, value in levers if key in known & model)


@cached(max_entries=64, show_spinner=False)
def decomposition(name: str, levers: LeverValues = ()) -> Decomposition:
    """Split what `name` changes among its measures.

    Raises
    ------
    NoAnswer
        If some combination of the measures has no equilibrium.
    """
    try:
        return decompose(
            id_or_file(name),
            levers=dict(levers),
            elasticities=ELASTICITIES,
            baseline=own_baseline.folder(),
        )
    except InputError as refusal:
        raise NoContributions(refusal.problem) from refusal
    except sim.TruceError as failure:
        raise NoAnswer(f"These measures cannot be told apart: {failure}") from failure
