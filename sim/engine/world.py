"""A world: a baseline, a pair of countries, and what solved scenarios leave for the next ones.

This is where a scenario becomes an equilibrium or a path.  Runs, studies, event trees, games,
decompositions and backtests all come here; none of them puts law, start and solver together itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import replace
from pathlib import Path

from sim.baseline.load import Baseline, load_bundle
from sim.engine.averages import TODAY, AverageRates, averages_of
from sim.engine.baseline_paths import BaselineDays, BaselinePaths
from sim.engine.counterpart import counterpart_of
from sim.engine.kept import keep_latest
from sim.engine.model_levers import MODEL_LEVERS, with_assumptions
from sim.engine.months import first_day
from sim.engine.named_files import Name, file_beside, stamp_of
from sim.engine.pace import Pace, split_levers
from sim.engine.partner_averages import ALL, PartnerAverage, check_partner, partner_averages
from sim.engine.path import SolvedPath, solve_scenario_path
from sim.engine.solved import SolvedScenario
from sim.engine.start import Start, axes_of, law_of
from sim.errors import ScenarioError
from sim.model import Economy, Equilibrium, Shock, solve
from sim.outputs import metrics
from sim.outputs.pair_names import pair_names
from sim.pair import Pair
from sim.policy.axes import Axes
from sim.policy.law.law import Law
from sim.policy.library.loader import ResolvedScenario, ScenarioTemplate, scenario_template

Solver = Callable[[Economy, Shock, ResolvedScenario | None], Equilibrium]
"""Solves the shock of a scenario, which tells what it has in common with others; None: a start."""

MAX_STARTS = 32
MAX_LAWS = 8
MAX_SCENARIOS = 256


class World:
    """Scenarios solved on one baseline; what can be used again is kept.

    Parameters
    ----------
    baseline
        Tables and economy; the embedded ones by default.
    pair
        The two countries that figures are about; each scenario's own if None.
    folder
        Folder of scenarios; the shipped one if None.
    solver
        How shocks are solved; plainly, each by itself, if None.

    Examples
    --------
    >>> import sim
    >>> solved = sim.World().solve("tariff-100", {"us_rate": 60})
    >>> solved.equilibrium.residual < 1e-9
    True
    """

    def __init__(
        self,
        baseline: Baseline | None = None,
        pair: Pair | None = None,
        *,
        folder: Path | None = None,
        solver: Solver | None = None,
    ) -> None:
        self.baseline = load_bundle() if baseline is None else baseline
        self.pair, self.folder = pair, folder
        self.axes: Axes = axes_of(self.baseline)
        self._solver: Solver = solver or solve_plainly
        self._templates: dict[object, ScenarioTemplate] = {}
        self._scenarios: dict[object, ResolvedScenario] = {}
        self._laws: dict[tuple[int, ...], Law] = {}
        self._assumed: dict[object, Baseline] = {}
        self._starts: dict[object, Start] = {}
        self._baseline_paths, self._baseline_days = BaselinePaths(), BaselineDays()

    def varied(self, baseline: Baseline) -> World:
        """Return a world with the same names, tables of law and scenarios, and another economy."""
        other = copy(self)
        other.baseline, other._assumed, other._starts = baseline, {}, {}
        other._baseline_paths, other._baseline_days = BaselinePaths(), BaselineDays()
        return other

    def template(self, name: Name) -> ScenarioTemplate:
        """Return a scenario that is read once, until one of the files beside it changes.

        Raises
        ------
        ScenarioError
            The first problem found, with file, line and field.
        """
        key = (str(name), isinstance(name, Path), stamp_of(name, self.folder))
        if key not in self._templates:
            template = scenario_template(
                name, self.axes, folder=self.folder, model_levers=MODEL_LEVERS
            )
            keep_latest(self._templates, key, template, MAX_SCENARIOS)
        return self._templates[key]

    def scenario(
        self, name: Name | ResolvedScenario, levers: Mapping[str, float] | None = None
    ) -> ResolvedScenario:
        """Return a scenario with its levers set; errors as `template`, and levers it lacks."""
        if isinstance(name, ResolvedScenario):
            return name
        template = self.template(name)
        key = (template, tuple(sorted((levers or {}).items())))
        if key not in self._scenarios:
            keep_latest(self._scenarios, key, template.at(levers or {}), MAX_SCENARIOS)
        return self._scenarios[key]

    def pair_of(self, scenario: ResolvedScenario) -> Pair:
        """Return the pair that figures are about."""
        return self.pair or scenario.pair

    def law(self, scenario: ResolvedScenario) -> Law:
        """Return a scenario's law; the same object while no measure moves."""
        key = tuple(id(measure) for measure in scenario.measures)
        kept = self._laws.get(key)
        # An id may be taken again once its measure is gone: the law itself holds its measures.
        if kept is None or kept.stacking is not scenario.stacking:
            kept = law_of(self.baseline, scenario)
            keep_latest(self._laws, key, kept, MAX_LAWS)
        return kept

    def assumed(self, scenario: ResolvedScenario) -> Baseline:
        """Return the baseline with what the scenario's levers assume of the model."""
        names = ("factor_mobility", "rare_earth_substitution", "macro_elasticity")
        key = tuple(scenario.assumptions.get(name) for name in names)
        if key not in self._assumed:
            assumed = with_assumptions(self.baseline, *key)
            keep_latest(self._assumed, key, assumed, MAX_STARTS)
        return self._assumed[key]

    def start(self, scenario: ResolvedScenario, *, beside: Name | None = None) -> Start:
        """Return the solved baseline of a scenario.

        Parameters
        ----------
        beside
            File next to which the baseline may lie.
        """
        name = file_beside(beside, scenario.baseline)
        return self.start_from(self.assumed(scenario), name, scenario.baseline_date)

    def start_from(
        self, baseline: Baseline, name: Name | None, day: dt.date | None = None
    ) -> Start:
        """Solve the baseline scenario `name` on the economy of 2024; solved ones are kept.

        Parameters
        ----------
        name
            None is the economy of 2024 itself.
        day
            Day to evaluate it on; its own date if None.

        Raises
        ------
        ScenarioError
            If the scenario is itself measured against another.
        NotConverged
            If it has no equilibrium.
        """
        if name is None:
            return Start.of_2024(baseline)
        scenario = self.scenario(name)
        if scenario.baseline is not None:
            raise ScenarioError(
                f"baseline '{name}' is itself measured against '{scenario.baseline}'.",
                advice="A baseline starts from 2024: leave its own `baseline` out.",
            )
        at_day = day or scenario.date
        key = (scenario.digest, at_day, baseline)
        if key not in self._starts:
            solved = self._solved_start(baseline, scenario, at_day)
            keep_latest(self._starts, key, solved, MAX_STARTS)
        # Two scenarios of the same law share a solve and keep their names.
        return replace(self._starts[key], scenario=scenario, fixed_day=day)

    def _solved_start(self, baseline: Baseline, scenario: ResolvedScenario, day: dt.date) -> Start:
        origin, law = Start.of_2024(baseline), self.law(scenario)
        equilibrium = self._solver(baseline.economy, origin.shock(law.on(day)), None)
        economy = baseline.economy.rebased(equilibrium)
        rate = metrics.law_tariff_rate(equilibrium)
        return Start(baseline, scenario, law, equilibrium, economy, rate)

    def solve(
        self,
        scenario: Name | ResolvedScenario,
        levers: Mapping[str, float] | None = None,
    ) -> SolvedScenario:
        """Solve a scenario in the long run, on the baseline that it is measured against.

        Where it has a counterpart, that is solved too: changes are against it.

        Raises
        ------
        ScenarioError
            If the scenario, its counterpart or a lever cannot be used.
        NotConverged
            If there is no equilibrium.
        """
        chosen, name = self.scenario(scenario, levers), _name_of(scenario)
        other = self.counterpart(chosen, beside=name)
        return self.solve_with(self.start(chosen, beside=name), chosen, other)

    def solve_with(
        self, start: Start, scenario: ResolvedScenario, counterpart: ResolvedScenario | None
    ) -> SolvedScenario:
        """Solve a scenario on a given start, with changes against `counterpart`.

        None is the baseline, under its law of the scenario's day; errors as `solve`.
        """
        solved = self.solve_on(start, scenario)
        if counterpart is not None:
            return replace(solved, counterpart=self.solve_on(start, counterpart))
        return solved

    def solve_on(self, start: Start, scenario: ResolvedScenario) -> SolvedScenario:
        """Solve a scenario on a given start; changes are against its baseline."""
        law, day = self.law(scenario), scenario.date
        wedges = law.on(day)
        equilibrium = self._solver(start.economy, start.shock(wedges), scenario)
        pair, baseline = self.pair_of(scenario), self.baseline_of_day(start, scenario)
        return SolvedScenario(
            start, scenario, law, wedges.targets, equilibrium, pair, baseline=baseline
        )

    def baseline_of_day(self, start: Start, scenario: ResolvedScenario) -> SolvedScenario | None:
        """Return the baseline under its law of the scenario's day; None where that is the start."""
        return self._baseline_days.solved(start, scenario.date, self.pair_of(scenario))

    def counterpart(
        self, scenario: ResolvedScenario, *, beside: Name | None = None
    ) -> ResolvedScenario | None:
        """Return the scenario in which what this one prevents happens; see `counterpart_of`."""
        return counterpart_of(scenario, self.scenario, beside=beside)

    def path(
        self,
        scenario: Name | ResolvedScenario,
        months: int,
        levers: Mapping[str, float] | None = None,
    ) -> SolvedPath:
        """Solve a scenario month by month, with what it is measured against.

        Parameters
        ----------
        levers
            Of the scenario, and of the path (`sim.engine.pace`).

        Raises
        ------
        InputError
            If the scenario, its counterpart, a lever or the number of months cannot be used.
        NotConverged
            If a month has no solution.
        """
        own, pace = split_levers(levers or {})
        chosen, name = self.scenario(scenario, own), _name_of(scenario)
        start = self.start(chosen, beside=name)
        other = self.counterpart(chosen, beside=name)
        return self.path_with(start, chosen, months, pace, other)

    def path_with(
        self,
        start: Start,
        scenario: ResolvedScenario,
        months: int,
        pace: Pace,
        counterpart: ResolvedScenario | None,
    ) -> SolvedPath:
        """Solve a scenario month by month on a given start, with changes against `counterpart`.

        None is its baseline; errors as `path`.
        """
        if counterpart is None:
            return self.path_on(start, scenario, months, pace)
        first = min(self.first_month(start, each) for each in (scenario, counterpart))
        reference = self.path_on(start, counterpart, months, pace, first=first)
        solved = self.path_on(start, scenario, months, pace, first=first)
        return replace(solved, counterpart=reference)

    def path_on(
        self,
        start: Start,
        scenario: ResolvedScenario,
        months: int,
        pace: Pace,
        *,
        first: dt.date | None = None,
    ) -> SolvedPath:
        """Solve a scenario month by month on a given start; changes are against its baseline.

        Parameters
        ----------
        first
            Day in the first month; that on which the law of the scenario or of its baseline
            departs from the start if None.
        """
        begin = first or self.first_month(start, scenario)
        law, pair = self.law(scenario), self.pair_of(scenario)
        baseline = self._baseline_paths.path(start, begin, months, pace, pair)
        return solve_scenario_path(start, scenario, law, begin, months, pace, pair, baseline)

    def first_month(self, start: Start, scenario: ResolvedScenario) -> dt.date:
        """Day on which a path begins: the law of the scenario or of its baseline departs."""
        laws = [self.law(scenario)]
        if start.goes_on:
            laws.append(start.own_law)
        return min(first_day(start, law, scenario.date) for law in laws)

    def average_rates(
        self,
        first: dt.date,
        end: dt.date,
        *,
        scenario: Name | ResolvedScenario = TODAY,
        levers: Mapping[str, float] | None = None,
        partner: str | None = None,
        by_authority: bool = False,
    ) -> AverageRates:
        """Average the tariffs of a scenario's measures over [`first`, `end`).

        Parameters
        ----------
        scenario
            Its own date does not matter, only its measures and levers.
        partner
            In place of the partner of the scenario's pair.
        by_authority
            Also give the parts by legal basis.

        Raises
        ------
        InputError
            If the range holds no day, or the scenario or the partner cannot be used.
        """
        chosen = self.scenario(scenario, levers)
        pair, labels = self.pair_of(chosen), self.baseline.region_labels
        if partner is not None:
            check_partner(partner, pair.home, labels)
            pair = Pair(pair.home, partner)
        names = pair_names(pair, labels)
        return averages_of(self.law(chosen), first, end, names, by_authority=by_authority)

    def partner_averages(
        self,
        day: dt.date,
        *,
        scenario: Name | ResolvedScenario = TODAY,
        levers: Mapping[str, float] | None = None,
        partner: str = ALL,
        by_authority: bool = False,
    ) -> tuple[PartnerAverage, ...]:
        """Average the home country's tariff on each partner on a day: `partner_averages`.

        Of the scenario count its measures, levers and home country; errors as `average_rates`.
        """
        chosen = self.scenario(scenario, levers)
        return partner_averages(
            self.law(chosen),
            day,
            self.pair_of(chosen).home,
            self.baseline.region_labels,
            partner,
            by_authority=by_authority,
        )


def solve_plainly(economy: Economy, shock: Shock, scenario: ResolvedScenario | None) -> Equilibrium:
    """Solve a shock by itself: the answer hangs on nothing that was solved before."""
    return solve(economy, shock)


def _name_of(scenario: Name | ResolvedScenario) -> Name | None:
    """Name that a scenario was asked for by; none where it was read already."""
    return None if isinstance(scenario, ResolvedScenario) else scenario
