"""One run of a study: lever values to the wanted numbers, without the files and the long table.

The numbers are those of `sim.engine.runs.run`: the same measures, the same solver, the same
metrics.  Scenarios are read once; what the levers do not move is kept; solves learn from earlier
ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from sim.baseline.defaults import ELASTICITIES
from sim.baseline.load import Baseline
from sim.engine.kept import keep_latest
from sim.engine.named_files import Name, file_beside
from sim.engine.runs import world_of
from sim.engine.scenario_comparison import lever_ids
from sim.engine.start import Start
from sim.engine.world import World
from sim.errors import ScenarioError
from sim.model import Economy, Equilibrium, Shock, solve
from sim.model.solve.memory import Memory
from sim.outputs.pick import Quantity, check_quantities, pick
from sim.outputs.variables import TARGET_VARIABLES
from sim.pair import Pair
from sim.policy.language.messages import nearest
from sim.policy.library.loader import ResolvedScenario, ScenarioTemplate
from sim.study.draws import drawn
from sim.study.warm import Guess

WORLDS = 8
"""Worlds, with their solved baselines, that a worker keeps."""


@dataclass(frozen=True)
class Draw:
    """A draw of elasticities: its number and the seed of its study."""

    number: int
    seed: int = 0


class Runner:
    """Runs one scenario at many lever values.

    Parameters
    ----------
    name
        Id of a scenario, or the path of a file.
    folder
        Folder of scenarios; the shipped one if None.
    baseline
        Own tables in place of the embedded ones, as in `sim.engine.runs.world_of`.
    pair
        The two regions that numbers are about; the scenario's own if None.
    against
        ``"own"``: changes are against the scenario's counterpart if it has one, else its baseline;
        ``"baseline"``: always the latter, for numbers of several scenarios that are set side by
        side.
    """

    def __init__(
        self,
        name: Name,
        folder: Path | None = None,
        baseline: Path | None = None,
        pair: Pair | None = None,
        *,
        against: Literal["own", "baseline"] = "own",
    ) -> None:
        self.name, self.folder, self.against = name, folder, against
        self._baseline = baseline
        shared = world_of(ELASTICITIES, folder, baseline).baseline
        self.world = World(shared, pair, folder=folder, solver=LearningSolver())
        self._worlds: dict[object, World] = {(ELASTICITIES, None): self.world}
        self._starts: dict[object, Start] = {}
        self.template: ScenarioTemplate = self.world.template(name)

    @property
    def baseline_digest(self) -> str:
        """Digest of the scenario that this one is measured against; empty for 2024 itself."""
        name = file_beside(self.name, self.template.default.baseline)
        return "" if name is None else self.world.scenario(name).digest

    def known(self, levers: Iterable[str]) -> frozenset[str]:
        """Return those of `levers` that the scenario has: its own, and those of the model."""
        return frozenset(levers) & lever_ids(self.template.default)

    def check(self, levers: Iterable[str], quantities: Iterable[Quantity]) -> None:
        """Refuse unknown levers, variables, regions and sectors.

        Raises
        ------
        InputError
            At the first of them.
        """
        names = sorted(lever_ids(self.template.default))
        for lever in levers:
            if lever not in names:
                raise ScenarioError(
                    f"the scenario '{self.name}' has no lever '{lever}'.",
                    advice=nearest(lever, names, "levers"),
                )
        check_quantities(self.world.baseline.economy, quantities)

    def values(
        self,
        levers: Mapping[str, float],
        quantities: Iterable[Quantity],
        elasticities: str = ELASTICITIES,
        draw: Draw | None = None,
    ) -> dict[Quantity, float]:
        """Return the wanted numbers; errors as in `sim.run`."""
        chosen = tuple(quantities)
        scenario = self.template.moved(levers)
        world = self.world_for(elasticities, draw)
        start, other = self.start(world, scenario), self.counterpart(world, scenario)
        solved = world.solve_with(start, scenario, other)
        if needs_targets(chosen):
            return pick(solved.outcome, chosen)
        return pick(solved.outcome_with(()), chosen)

    def start(self, world: World, scenario: ResolvedScenario) -> Start:
        """Return the solved baseline of the scenario; its files are not asked for again."""
        key = (world, tuple(sorted(scenario.assumptions.items())))
        if key not in self._starts:
            keep_latest(self._starts, key, world.start(scenario, beside=self.name), WORLDS)
        return self._starts[key]

    def counterpart(self, world: World, scenario: ResolvedScenario) -> ResolvedScenario | None:
        """Return the scenario that changes are against; None is the baseline."""
        if self.against == "baseline" or scenario.counterpart is None:
            return None
        return world.counterpart(scenario, beside=self.name)

    def world_for(self, elasticities: str, draw: Draw | None = None) -> World:
        """Return the world with these elasticities; the last few are kept."""
        key = (elasticities, draw)
        if key not in self._worlds:
            keep_latest(self._worlds, key, self._world(elasticities, draw), WORLDS)
        return self._worlds[key]

    def _world(self, elasticities: str, draw: Draw | None) -> World:
        baseline = world_of(elasticities, self.folder, self._baseline).baseline
        # Files read and law made once serve all of them: the tables of law are the same.
        return self.world.varied(baseline if draw is None else _drawn(baseline, draw))


def needs_targets(quantities: Iterable[Quantity]) -> bool:
    """Tell whether one of the numbers needs to know what became of each quantity target."""
    return any(quantity.variable.startswith(TARGET_VARIABLES) for quantity in quantities)


def _drawn(baseline: Baseline, draw: Draw) -> Baseline:
    """Return the baseline with theta drawn; a sector with one tier of demand keeps one."""
    economy = baseline.economy
    theta = drawn(economy.trade_elasticity, economy.sectors, draw.number, draw.seed)
    return replace(
        baseline,
        economy=economy.with_trade_elasticity(theta),
        elasticity_set=f"{baseline.elasticity_set}, draw {draw.number} of seed {draw.seed}",
    )


class LearningSolver:
    """Solves similar shocks in fewer passes each: what earlier ones taught is kept.

    Answers agree with plain solves within the solver's tolerance.
    """

    def __init__(self) -> None:
        self._memories: dict[object, Memory] = {}
        self._guesses: dict[tuple[str, ...], Guess] = {}

    def __call__(
        self, economy: Economy, shock: Shock, scenario: ResolvedScenario | None
    ) -> Equilibrium:
        """Solve the shock of a scenario, or of the start that scenarios share (None)."""
        if scenario is None:
            memory = self._memories.setdefault("baseline", Memory())
            return solve(economy, shock, memory=memory)
        memory = self._memories.setdefault(("scenario", len(shock.targets)), Memory())
        if shock.targets:
            # Several equilibria may meet a target: which one is found must not hang on a start.
            return solve(economy, shock, memory=memory)
        levers = np.array([lever.value for lever in scenario.levers])
        # A lever of the model is among them only where it is set.
        ids = tuple(lever.id for lever in scenario.levers)
        guess = self._guesses.setdefault(ids, Guess())
        answer = solve(economy, shock, memory=memory, start=guess.start(economy, levers))
        guess.learn(levers, answer)
        return answer
