"""One run of a study: lever values to the wanted numbers, without the files and the long table.

The numbers are those of `sim.engine.runs.run`: the same measures, the same solver, the same
metrics.  Scenarios are read once; what the levers do not move is kept; solves learn from earlier
ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from sim.baseline.load import Baseline
from sim.engine.runs import outcome_of
from sim.engine.start import (
    DEFAULT_ELASTICITIES,
    Pieces,
    Start,
    assumed_bundle,
    axes_of,
    beside,
    bundle_of,
    read_scenario,
    shock_of,
    start_of,
    target_outcomes,
)
from sim.errors import ScenarioError
from sim.model import Equilibrium, solve
from sim.model.solve.memory import Memory
from sim.outputs.pick import Quantity, check_quantities, pick
from sim.outputs.table import TargetOutcome
from sim.policy.language.messages import nearest
from sim.policy.law.nontariff import targets
from sim.policy.library.loader import ResolvedScenario, ScenarioTemplate, scenario_template
from sim.study.draws import drawn
from sim.study.warm import Guess

TARGET_VARIABLES = frozenset({"shadow_rate", "purchase_shortfall"})
"""Variables that need to know what became of each quantity target."""

STARTS = 8
"""Solved baselines that a worker keeps."""


@dataclass(frozen=True)
class Draw:
    """A draw of elasticities: its number and the seed of its study."""

    number: int
    seed: int = 0


@dataclass(eq=False)
class Runner:
    """Runs one scenario at many lever values.

    Parameters
    ----------
    name
        Id of a scenario, or the path of a file.
    folder
        Folder of scenarios; the shipped one if None.
    """

    name: str | Path
    folder: Path | None = None
    _memories: dict[object, Memory] = field(default_factory=dict, init=False)
    _pieces: dict[object, Pieces] = field(default_factory=dict, init=False)
    _starts: dict[object, Start] = field(default_factory=dict, init=False)
    _guess: Guess = field(default_factory=Guess, init=False)

    def __post_init__(self) -> None:
        self.axes = axes_of(bundle_of(DEFAULT_ELASTICITIES))
        self.template: ScenarioTemplate = scenario_template(
            self.name, self.axes, folder=self.folder
        )

    @property
    def baseline_digest(self) -> str:
        """Digest of the scenario that this one is measured against; empty for 2024 itself."""
        name = beside(self.name, self.template.default.baseline)
        return "" if name is None else read_scenario(name, self.axes, self.folder).digest

    def known(self, levers: Iterable[str]) -> frozenset[str]:
        """Return those of `levers` that the scenario has."""
        return frozenset(levers) & {lever.id for lever in self.template.default.levers}

    def check(self, levers: Iterable[str], quantities: Iterable[Quantity]) -> None:
        """Refuse unknown levers, variables, regions and sectors.

        Raises
        ------
        InputError
            At the first of them.
        """
        names = [lever.id for lever in self.template.default.levers]
        for lever in levers:
            if lever not in names:
                raise ScenarioError(
                    f"the scenario '{self.name}' has no lever '{lever}'.",
                    advice=nearest(lever, names, "levers"),
                )
        check_quantities(bundle_of(DEFAULT_ELASTICITIES).economy, quantities)

    def values(
        self,
        levers: Mapping[str, float],
        quantities: Iterable[Quantity],
        elasticities: str = DEFAULT_ELASTICITIES,
        draw: Draw | None = None,
    ) -> dict[Quantity, float]:
        """Return the wanted numbers; errors as in `sim.engine.runs.run`."""
        chosen = tuple(quantities)
        scenario = self.template.moved(levers)
        start = self.start(scenario, elasticities, draw)
        equilibrium = self.solved(start, scenario)
        outcomes: tuple[TargetOutcome, ...] = ()
        if any(quantity.variable.startswith(tuple(TARGET_VARIABLES)) for quantity in chosen):
            specs = targets(scenario.measures, scenario.date, self.axes)
            outcomes = target_outcomes(start, equilibrium, specs)
        return pick(outcome_of(start, scenario, equilibrium, outcomes), chosen)

    def solved(self, start: Start, scenario: ResolvedScenario) -> Equilibrium:
        """Solve the scenario on its start."""
        specs = targets(scenario.measures, scenario.date, self.axes)
        pieces = self._pieces.setdefault("scenario", Pieces())
        shock = shock_of(start, self.axes, scenario, specs, pieces)
        memory = self._memories.setdefault(("scenario", len(specs)), Memory())
        if specs:
            # Several equilibria may meet a target: which one is found must not hang on a start.
            return solve(start.economy, shock, memory=memory)
        levers = np.array([lever.value for lever in scenario.levers])
        guess = self._guess.start(start.economy, levers)
        answer = solve(start.economy, shock, memory=memory, start=guess)
        self._guess.learn(levers, answer)
        return answer

    def start(
        self, scenario: ResolvedScenario, elasticities: str, draw: Draw | None = None
    ) -> Start:
        """Return the solved baseline of the scenario in the economy that is asked for."""
        key = (elasticities, tuple(sorted(scenario.assumptions.items())), draw)
        if key not in self._starts:
            _make_room(self._starts)
            bundle = _bundle(elasticities, scenario, draw)
            memory = self._memories.setdefault("baseline", Memory())
            name = beside(self.name, scenario.baseline)
            self._starts[key] = start_of(
                bundle, self.axes, name, self.folder, scenario.baseline_date, memory
            )
        return self._starts[key]


def _bundle(elasticities: str, scenario: ResolvedScenario, draw: Draw | None) -> Baseline:
    """Return the baseline with what levers assume of the model, and elasticities drawn."""
    bundle = assumed_bundle(elasticities, scenario)
    if draw is None:
        return bundle
    theta = drawn(bundle.economy.trade_elasticity, bundle.economy.sectors, draw.number, draw.seed)
    return replace(
        bundle,
        economy=replace(bundle.economy, trade_elasticity=theta),
        elasticity_set=f"{elasticities}, draw {draw.number} of seed {draw.seed}",
    )


def _make_room(kept: dict[object, Start]) -> None:
    if len(kept) >= STARTS:
        kept.pop(next(iter(kept)))
