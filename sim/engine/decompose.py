"""What drives a result: each measure's part in the change against the scenario's baseline.

Where the scenario means that something does not happen, the change is that from its counterpart.

The parts are Shapley values: a measure's part is what it adds, averaged over all orders in which
the measures can come into force, so that the parts sum to the whole.  With more than `MOST_EXACT`
measures that do something, only the first and the last place are averaged, and the rest, what the
measures do only together, is a part of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import comb
from pathlib import Path

import numpy as np

from sim.baseline.defaults import ELASTICITIES
from sim.baseline.load import Baseline
from sim.engine.runs import world_of
from sim.engine.solved import outcome_of
from sim.engine.start import Start
from sim.engine.world import World
from sim.errors import InputError
from sim.model import Shock, solve
from sim.outputs.headline import Figure, Headline, headline
from sim.outputs.results import RunResult
from sim.outputs.table import result_table
from sim.policy.language.kinds import Measure
from sim.policy.language.kinds.tariff import TariffMeasure
from sim.policy.language.kinds.tariff_suspension import TariffSuspension
from sim.policy.law.law import Law
from sim.policy.library.loader import ResolvedScenario

MOST_EXACT = 6
"""Measures up to which every order is tried: 2 to the power of 6 solutions."""

TOGETHER = "together"
"""Id of what measures do only together, where not every order is tried."""

SAME_RATE = 1e-9
"""Duties that differ by less are the same."""

Coalition = frozenset[str]


@dataclass(frozen=True)
class Part:
    """What one measure contributes to each headline figure, in the figure's change unit."""

    id: str
    title: str
    contributions: Mapping[str, float]


@dataclass(frozen=True)
class Decomposition:
    """Parts of the change of each headline figure; they sum to `total` exactly.

    `parts` holds the measures that do something; `idle` the titles of those that do nothing.
    """

    scenario: str
    figures: Mapping[str, Figure]
    parts: tuple[Part, ...]
    idle: tuple[str, ...]
    is_exact: bool
    """True for the mean over all orders; False for that of the first and the last place."""

    def total(self, figure: str) -> float:
        """Change of a figure against the scenario's baseline."""
        return self.figures[figure].change


@dataclass(frozen=True)
class _Step:
    """A step from the baseline: measures that leave and measures that come."""

    id: str
    title: str
    leave: tuple[str, ...]
    come: tuple[Measure, ...]


def decompose(
    name: str | Path,
    *,
    levers: Mapping[str, float] | None = None,
    elasticities: str = ELASTICITIES,
    folder: Path | None = None,
    baseline: Baseline | str | Path | None = None,
) -> Decomposition:
    """Split the change of each headline figure among the measures that differ from the baseline.

    A measure of the baseline that ends before the scenario's date is a step too; where a new
    suspension takes over from it, the two are one step (the truce goes on).

    Raises
    ------
    InputError
        If the scenario or a lever cannot be used.
    NotConverged
        If some combination of the measures has no equilibrium.
    """
    world = world_of(elasticities, folder, baseline)
    scenario = world.scenario(name, levers)
    start = world.start(scenario, beside=name)
    other = world.counterpart(scenario, beside=name)
    kept, players = _players(scenario, *_before(start, other, scenario.date))
    game = _Coalitions(world, start, scenario, other, kept, players)
    _check_ends(scenario, game)
    live = [player for player in players if game.matters(player)]
    everyone = frozenset(player.id for player in live)
    worth = game.worth
    is_exact = len(live) <= MOST_EXACT
    share = _shapley if is_exact else _middle
    values = {step.id: share(step.id, everyone, worth) for step in live}
    parts = [Part(step.id, step.title, values[step.id]) for step in live]
    final, origin = worth(everyone), worth(frozenset())
    figures = {
        key: replace(figure, change=figure.change - origin[key].change)
        for key, figure in final.items()
        if key in origin
    }
    if not is_exact:
        parts.append(_together(figures, parts))
    idle = tuple(step.title for step in players if step.id not in everyone)
    return Decomposition(scenario.id, figures, tuple(parts), idle, is_exact)


def _check_ends(scenario: ResolvedScenario, game: _Coalitions) -> None:
    """Refuse steps that do not lead from what the scenario is measured against to the scenario.

    It happens where two days of one calendar are compared: acts of before 2025 count against the
    data of 2024, and taken out of their calendar they mean something else.
    """
    if not game.joins_both_ends():
        raise InputError(
            f"'{scenario.id}' sets one day of the law since 2018 against another: it has no parts.",
            advice="Use `truce timeline --by authority` for what each act adds.",
        )


def _before(
    start: Start, counterpart: ResolvedScenario | None, date: dt.date
) -> tuple[tuple[Measure, ...], dt.date]:
    """Measures and day of what the scenario is measured against."""
    if counterpart is not None:
        return counterpart.measures, counterpart.date
    if start.scenario is None:
        return (), start.day
    return start.scenario.measures, date if start.goes_on else start.day


def _players(
    scenario: ResolvedScenario, held: tuple[Measure, ...], then: dt.date
) -> tuple[dict[str, Measure], list[_Step]]:
    """Measures as they stood on the day `then`, and the steps from there to the scenario."""
    date = scenario.date
    before = {act.id: act for act in held}
    kept = _as_of(before.values(), then, date)
    after = {act.id: act for act in scenario.measures}
    players = []
    taken: set[str] = set()
    for key, measure in sorted(after.items()):
        if key in before and measure == before[key]:
            continue
        ended = _taken_over(measure, before.values(), then, date)
        taken |= set(ended)
        players.append(_Step(key, measure.title, (*ended, key), (measure,)))
    same = {key: act for key, act in before.items() if after.get(key, act) == act}
    ends = {
        key: _taken_over(act, before.values(), then, date)
        for key, act in same.items()
        if key in after and act.in_force(date)
    }
    taken |= {name for names in ends.values() for name in names}
    for key, measure in sorted(same.items()):
        now = after.get(key)
        if key not in taken and (now is None or _differs(kept.get(key), now, date)):
            title = f"{_verb(now, date, ends.get(key))}: {measure.title}"
            come = () if now is None else (now,)
            players.append(_Step(key, title, (*ends.get(key, ()), key), come))
    return kept, players


def _verb(now: Measure | None, date: dt.date, ended: tuple[str, ...] | None) -> str:
    """Say what becomes of an inherited measure that does something else on `date`."""
    if now is None or not now.in_force(date):
        return "No longer"
    return "Goes on" if ended else "From now on"


def _as_of(measures: Collection[Measure], then: dt.date, now: dt.date) -> dict[str, Measure]:
    """Measures in force `then`, as if nothing had changed since, to be read `now`."""
    return {act.id: _frozen(act, then, now) for act in measures if act.in_force(then)}


def _frozen(measure: Measure, then: dt.date, now: dt.date) -> Measure:
    update: dict[str, object] = {"end": None}
    if isinstance(measure, TariffSuspension):
        update["months"] = None
    if isinstance(measure, TariffMeasure) and measure.steps is not None:
        schedule = measure.schedule_on(then)
        update |= {
            "steps": None,
            "rate_schedule": schedule,
            "rate_pp": None if schedule is not None else measure.headline_pp(then),
            "coverage": measure.coverage_on(then),
            "start": min(then, now),
        }
    return measure.model_copy(update=update)


def _differs(frozen: Measure | None, measure: Measure, date: dt.date) -> bool:
    """Tell whether an inherited measure does something else on `date` than at the baseline."""
    if (frozen is not None) != measure.in_force(date):
        return True
    if isinstance(measure, TariffMeasure) and isinstance(frozen, TariffMeasure):
        return measure.headline_pp(date) != frozen.headline_pp(date)
    return False


def _taken_over(
    measure: Measure,
    before: Collection[Measure],
    then: dt.date,
    date: dt.date,
) -> tuple[str, ...]:
    """Ids of suspensions of the same tariffs that have ended and that `measure` carries on."""
    if not isinstance(measure, TariffSuspension):
        return ()
    return tuple(
        act.id
        for act in before
        if isinstance(act, TariffSuspension)
        and set(act.suspends) & set(measure.suspends)
        and act.in_force(then)
        and not act.in_force(date)
    )


class _Coalitions:
    """What each set of steps is worth: solved once, kept."""

    def __init__(
        self,
        world: World,
        start: Start,
        scenario: ResolvedScenario,
        counterpart: ResolvedScenario | None,
        kept: Mapping[str, Measure],
        players: Sequence[_Step],
    ) -> None:
        self.world, self.start, self.scenario, self.kept = world, start, scenario, kept
        self.counterpart = counterpart
        if counterpart is None:
            solved = world.baseline_of_day(start, scenario)
        else:
            solved = world.solve_on(start, counterpart)
        self.reference = None if solved is None else solved.outcome
        self.players = {player.id: player for player in players}
        self._worth: dict[Coalition, Mapping[str, Figure]] = {}
        self._shocks: dict[Coalition, Shock] = {}

    def matters(self, player: _Step) -> bool:
        """Tell whether a step changes anything, alone or on top of all others."""
        everyone = frozenset(self.players)
        alone = _same(self._shock(frozenset()), self._shock(frozenset({player.id})))
        return not (alone and _same(self._shock(everyone), self._shock(everyone - {player.id})))

    def joins_both_ends(self) -> bool:
        """Tell whether no step is the reference's law, and all steps are the scenario's."""
        date, start = self.scenario.date, self.start
        if self.counterpart is not None:
            first = self.world.law(self.counterpart).rate(self.counterpart.date)
        else:
            first = start.own_law.rate(date) if start.goes_on else start.tariff_rate
        ends = (
            (self._law(frozenset()).rate(date), first),
            (
                self._law(frozenset(self.players)).rate(date),
                self.world.law(self.scenario).rate(date),
            ),
        )
        return all(np.allclose(*rates, rtol=0.0, atol=SAME_RATE) for rates in ends)

    def worth(self, coalition: Coalition) -> Mapping[str, Figure]:
        """Headline figures if only these steps are taken."""
        if coalition not in self._worth:
            self._worth[coalition] = self._solved(coalition).figures
        return self._worth[coalition]

    def _law(self, coalition: Coalition) -> Law:
        """Law if only these steps are taken."""
        measures = dict(self.kept)
        for name in sorted(coalition):
            for key in self.players[name].leave:
                measures.pop(key, None)
            measures |= {act.id: act for act in self.players[name].come}
        whole = self.world.law(self.scenario)
        return whole.with_measures(measures[key] for key in sorted(measures))

    def _shock(self, coalition: Coalition) -> Shock:
        if coalition not in self._shocks:
            wedges = self._law(coalition).on(self.scenario.date)
            self._shocks[coalition] = self.start.shock(wedges)
        return self._shocks[coalition]

    def _solved(self, coalition: Coalition) -> Headline:
        pair, date = self.world.pair_of(self.scenario), self.scenario.date
        equilibrium = solve(self.start.economy, self._shock(coalition))
        outcome = outcome_of(self.start, self.scenario, date, equilibrium, (), pair)
        if self.reference is not None:
            outcome = outcome.measured_against(self.reference)
        baseline = self.start.baseline
        manifest = {
            "scenario": self.scenario.id,
            "labels": {**baseline.region_labels, **baseline.sector_labels},
            **({} if pair.is_default else {"pair": list(pair.codes)}),
        }
        return headline(RunResult(result_table(outcome), manifest))


def _same(first: Shock, second: Shock) -> bool:
    """Tell whether two shocks are the same to the last digit."""
    pairs = (
        (first.tariff_rate_cf, second.tariff_rate_cf),
        (first.iceberg_hat, second.iceberg_hat),
    )
    arrays = all(
        (a is None and b is None) or (a is not None and b is not None and np.array_equal(a, b))
        for a, b in pairs
    )
    return arrays and first.targets == second.targets


Worth = Callable[[Coalition], Mapping[str, Figure]]


def _shapley(player: str, everyone: Coalition, worth: Worth) -> dict[str, float]:
    """Average of what `player` adds, over all orders of `everyone`."""
    others = everyone - {player}
    total: dict[str, float] = {}
    for coalition in _subsets(others):
        weight = 1.0 / (len(everyone) * comb(len(others), len(coalition)))
        for key, step in _step(coalition, player, worth).items():
            total[key] = total.get(key, 0.0) + weight * step
    return total


def _middle(player: str, everyone: Coalition, worth: Worth) -> dict[str, float]:
    """Mean of what `player` does first and last: Shapley's if measures interact in pairs only."""
    first = _step(frozenset(), player, worth)
    last = _step(everyone - {player}, player, worth)
    return {key: 0.5 * (first[key] + last[key]) for key in first if key in last}


def _step(coalition: Coalition, player: str, worth: Worth) -> dict[str, float]:
    before, after = worth(coalition), worth(coalition | {player})
    return {key: after[key].change - before[key].change for key in after if key in before}


def _subsets(names: Coalition) -> Iterator[Coalition]:
    for size in range(len(names) + 1):
        yield from (frozenset(chosen) for chosen in combinations(sorted(names), size))


def _together(figures: Mapping[str, Figure], parts: Sequence[Part]) -> Part:
    """The rest: what the measures do only together."""
    rest = {
        key: figure.change - sum(part.contributions.get(key, 0.0) for part in parts)
        for key, figure in figures.items()
    }
    return Part(TOGETHER, "Only together", rest)
