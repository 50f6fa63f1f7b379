"""A world: a baseline, a pair of countries, and what solved scenarios leave for the next ones.

This is where a scenario becomes an equilibrium or a path.  Runs, studies, event trees, games,
decompositions and backtests all come here; none of them puts law, start and solver together itself.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from sim.baseline.load import Baseline, load_bundle
from sim.engine.averages import TODAY, AverageRates, averages_of
from sim.engine.model_levers import MODEL_LEVERS
from sim.engine.pace import PACE_LEVERS, Pace, read_pace
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
from sim.policy.library.cards import scenario_folder, seed_folder
from sim.policy.library.loader import ResolvedScenario, ScenarioTemplate, scenario_template

Name = str | Path
"""Id of a scenario, or the path of a file."""

Solver = Callable[[Economy, Shock, ResolvedScenario | None], Equilibrium]
"""Solves the shock of a scenario, which tells what it has in common with others; None: a start."""

MAX_STARTS = 32
MAX_LAWS = 8
MAX_SCENARIOS = 256

Key = TypeVar("Key")
Value = TypeVar("Value")


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

    def varied(self, baseline: Baseline) -> World:
        """Return a world with the same names, tables of law and scenarios, and another economy."""
        other = copy(self)
        other.baseline, other._assumed, other._starts = baseline, {}, {}
        return other

    def template(self, name: Name) -> ScenarioTemplate:
        """Return a scenario that is read once, until one of the files beside it changes.

        Raises
        ------
        ScenarioError
            The first problem found, with file, line and field.
        """
        key = (str(name), isinstance(name, Path), self._stamp(name))
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

    def _stamp(self, name: Name) -> tuple[tuple[str, int], ...]:
        """Files that a scenario may be read from, with the times of their last change."""
        folders = {scenario_folder(self.folder), seed_folder(scenario_folder(self.folder))}
        if _is_file(name):
            folders.add(Path(name).parent)
        return tuple(
            stamp
            for folder in sorted(folders)
            for place in (folder, folder / "measures")
            for stamp in _stamps(place)
        )

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
        mobility = scenario.assumptions.get("factor_mobility")
        substitution = scenario.assumptions.get("rare_earth_substitution")
        key = (mobility, substitution)
        if key not in self._assumed:
            assumed = with_assumptions(self.baseline, mobility, substitution)
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

        Raises
        ------
        ScenarioError
            If the scenario or a lever cannot be used.
        NotConverged
            If there is no equilibrium.
        """
        chosen = self.scenario(scenario, levers)
        return self.solve_on(self.start(chosen, beside=_name_of(scenario)), chosen)

    def solve_on(self, start: Start, scenario: ResolvedScenario) -> SolvedScenario:
        """Solve a scenario in the long run on a given start; errors as `solve`."""
        law = self.law(scenario)
        wedges = law.on(scenario.date)
        equilibrium = self._solver(start.economy, start.shock(wedges), scenario)
        return SolvedScenario(
            start, scenario, law, wedges.targets, equilibrium, self.pair_of(scenario)
        )

    def path(
        self,
        scenario: Name | ResolvedScenario,
        months: int,
        levers: Mapping[str, float] | None = None,
    ) -> SolvedPath:
        """Solve a scenario month by month.

        Parameters
        ----------
        levers
            Of the scenario, and of the path (`sim.engine.pace`).

        Raises
        ------
        InputError
            If the scenario, a lever or the number of months cannot be used.
        NotConverged
            If a month has no solution.
        """
        own, pace = split_levers(levers or {})
        chosen = self.scenario(scenario, own)
        return self.path_on(self.start(chosen, beside=_name_of(scenario)), chosen, months, pace)

    def path_on(
        self, start: Start, scenario: ResolvedScenario, months: int, pace: Pace
    ) -> SolvedPath:
        """Solve a scenario month by month on a given start; errors as `path`."""
        return solve_scenario_path(
            start, scenario, self.law(scenario), months, pace, self.pair_of(scenario)
        )

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


def split_levers(levers: Mapping[str, float]) -> tuple[dict[str, float], Pace]:
    """Split levers into the scenario's own and the pace that the others set."""
    own = {key: value for key, value in levers.items() if key not in PACE_LEVERS}
    moved = {key: value for key, value in levers.items() if key in PACE_LEVERS}
    return own, read_pace().moved(moved)


def with_assumptions(
    baseline: Baseline, mobility: float | None = None, substitution: float | None = None
) -> Baseline:
    """Return the baseline with other assumptions of the model; itself where they are its own.

    Parameters
    ----------
    mobility
        Factor mobility kappa of every country.
    substitution
        Elasticity between critical inputs (rare earths) and the rest.
    """
    economy = baseline.economy
    changed: dict[str, Any] = {}
    if mobility is not None and not (economy.factor_mobility == mobility).all():
        changed["factor_mobility"] = np.full(len(economy.importers), float(mobility))
    if substitution is not None:
        is_critical = economy.input_elasticity != 1.0
        changed["input_elasticity"] = np.where(is_critical, substitution, 1.0)
    return replace(baseline, economy=replace(economy, **changed)) if changed else baseline


def file_beside(name: Name | None, other: str | None) -> Name | None:
    """Return the file of scenario `other` next to the file `name`, or `other` if there is none.

    A file never means itself: one that is called like a shipped scenario means the shipped one.
    """
    if other is None or name is None or not _is_file(name):
        return other
    path = Path(name).parent / f"{other}.yaml"
    return path if path.is_file() and path != Path(name) else other


def _name_of(scenario: Name | ResolvedScenario) -> Name | None:
    """Name that a scenario was asked for by; none where it was read already."""
    return None if isinstance(scenario, ResolvedScenario) else scenario


def _is_file(name: Name) -> bool:
    return str(name).endswith((".yaml", ".yml"))


def _stamps(folder: Path) -> list[tuple[str, int]]:
    """YAML files of a folder with the times of their last change; none if it does not exist."""
    try:
        with os.scandir(folder) as entries:
            files = [entry for entry in entries if entry.name.endswith(".yaml")]
            # A link to nowhere (an editor's lock) is no file.
            known = [entry for entry in files if entry.is_file()]
            return sorted((entry.path, entry.stat().st_mtime_ns) for entry in known)
    except OSError:
        return []


def keep_latest(kept: dict[Key, Value], key: Key, value: Value, most: int) -> None:
    """Keep a value; the oldest goes where there are too many."""
    if len(kept) >= most:
        kept.pop(next(iter(kept)))
    kept[key] = value
