"""Find the equilibrium: one joint fixed point, no nested loops.

Anderson acceleration of `System.step` first; if that does not arrive, plain steps, then the shock
in instalments, then Newton-Krylov.  The answer is accepted only on the residual of the
equilibrium conditions themselves (`evaluation.evaluate`), never on a solver's own word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np

from sim.errors import EconomyError, NotConverged, WorstMarket
from sim.model.arrays import Array
from sim.model.economy import Economy
from sim.model.equilibrium import Equilibrium
from sim.model.inherited import Inherited
from sim.model.shock import QuantityTarget, Shock
from sim.model.solve.acceleration import accelerate
from sim.model.solve.evaluation import evaluate
from sim.model.solve.memory import Memory, StepFunction
from sim.model.solve.system import System

CAUTIOUS = (1.0, 0.4)
"""Lengths of plain steps that are tried once preconditioned steps have failed."""

MARGINS = (0.7, 0.07, 0.007)
"""Parts of the tolerance to which gaps are driven, in turn, until the true residual agrees."""

NEAR = 1e3
"""A residual within this factor of the tolerance is worth polishing."""

ROUGH = 1e-3
"""Gap to which the equilibrium without targets is found before they are let in."""

NULL_GAP = 1e-13
"""A start that is this close is the answer: the null shock returns hats of exactly 1."""

INSTALMENTS = (2, 4, 8)
"""Numbers of steps in which a shock that did not solve at once is tried."""


def solve(
    economy: Economy,
    shock: Shock | None = None,
    *,
    tolerance: float = 1e-9,
    start: Equilibrium | None = None,
    max_iterations: int = 500,
    memory: Memory | None = None,
) -> Equilibrium:
    """Solve for the counterfactual equilibrium of `economy` under `shock`.

    Parameters
    ----------
    tolerance
        Largest residual of any equilibrium condition, relative to the size of its market.
    start
        An earlier answer on the same economy to start from (faster for a small step).
    max_iterations
        Passes allowed to each of the methods tried.
    memory
        What earlier solves learnt (faster where many similar shocks are solved); it learns too.

    Raises
    ------
    EconomyError
        If the shock does not fit the economy.
    NotConverged
        If no method reaches `tolerance`.
    """
    shock = Shock() if shock is None else shock
    shock.check(economy)
    check_targets(economy, shock)
    if start is not None and start.economy is not economy:
        raise EconomyError("start belongs to another economy.", advice="Solve without it.")
    return find_equilibrium(
        SolveProblem(economy, shock, tolerance, max_iterations, memory=memory),
        () if start is None else (start,),
    )


def find_equilibrium(problem: SolveProblem, start: Recent) -> Equilibrium:
    """Try one method after the other; raise `NotConverged` if none arrives."""
    best: Answer | None = None
    for attempt in _attempts(problem, start):
        answer = attempt()
        if answer is None:
            continue
        if answer[0].residual <= problem.tolerance:
            return answer[0]
        if best is None or answer[0].residual < best[0].residual:
            best = answer
    residual = np.inf if best is None else best[0].residual
    worst = WorstMarket("none", "all") if best is None else best[1]
    advice = _advice(problem.economy, problem.shock)
    raise NotConverged(float(residual), problem.tolerance, worst, advice)


Answer = tuple[Equilibrium, WorstMarket]

Recent = Sequence[Equilibrium]
"""Answers to start from, the latest first; none is the baseline."""


@dataclass(frozen=True)
class SolveProblem:
    """What is to be solved, and how well."""

    economy: Economy
    shock: Shock
    tolerance: float
    max_iterations: int
    inherited: Inherited | None = None
    """What a month inherits; ``None`` is the static model."""
    memory: Memory | None = None
    """What earlier solves learnt."""

    def system(self, damping: float | None = None) -> System:
        """Lay the problem out."""
        return System(self.economy, self.shock, self.inherited, damping=damping)


def _attempts(problem: SolveProblem, start: Recent) -> Iterator[Callable[[], Answer | None]]:
    """Yield the methods in the order in which they are tried."""
    yield partial(_anderson, problem, start)
    if problem.memory is not None:
        yield partial(_anderson, replace(problem, memory=None), start)
    for damping in CAUTIOUS:
        yield partial(_anderson, problem, start, damping=damping)
    for steps in INSTALMENTS:
        yield partial(_instalments, problem, steps)
    yield partial(_newton_krylov, problem, start)


def _anderson(
    problem: SolveProblem, start: Recent, *, damping: float | None = None
) -> Answer | None:
    system = problem.system(damping)
    vector = system.start(start)
    answer: Answer | None = None
    with np.errstate(all="ignore"):
        if np.abs(system.residual(vector)).max() <= NULL_GAP:
            return _finish(system, vector, "anderson")
        if not start and problem.shock.targets:
            vector = _without_targets(system, vector, problem)
        step: StepFunction = system.step_and_gap
        if problem.memory is not None and damping is None:
            step = problem.memory.improved(step)
        for margin in MARGINS:
            best = accelerate(
                step,
                vector,
                goal=margin * problem.tolerance,
                max_passes=problem.max_iterations,
            )
            answer = None if best is None else _finish(system, best, "anderson")
            if best is None or answer is None:
                return None
            residual = answer[0].residual
            if residual <= problem.tolerance or residual > NEAR * problem.tolerance:
                return answer
            vector = best
    return answer


def _without_targets(system: System, vector: Array, problem: SolveProblem) -> Array:
    """Go near the equilibrium without targets first.

    Where several equilibria meet the targets, this leads to the one in which targets that hold by
    themselves stay slack.
    """
    system.hold_targets = True
    near = accelerate(system.step_and_gap, vector, goal=ROUGH, max_passes=problem.max_iterations)
    system.hold_targets = False
    return vector if near is None else near


def _finish(system: System, vector: Array, method: str) -> Answer | None:
    state = system.state(vector)
    if not all(np.isfinite(values).all() for values in state):
        return None
    answer = evaluate(
        system.economy,
        system.shock,
        state,
        iterations=system.passes,
        method=method,
        inherited=system.inherited,
    )
    return answer if np.isfinite(answer[0].residual) else None


def _instalments(problem: SolveProblem, steps: int) -> Answer | None:
    """Reach the shock in equal steps, each started from the last."""
    answer: Answer | None = None
    passes = 0
    for step in range(1, steps + 1):
        instalment = problem
        if step < steps:
            shock = _partial(problem.economy, problem.shock, step / steps)
            instalment = replace(problem, shock=shock, tolerance=max(1e-4, problem.tolerance))
        answer = _anderson(instalment, () if answer is None else (answer[0],), damping=CAUTIOUS[-1])
        if answer is None:
            return None
        passes += answer[0].iterations
    if answer is None:
        return None
    return replace(answer[0], iterations=passes, method=f"anderson in {steps} steps"), answer[1]


def _newton_krylov(problem: SolveProblem, start: Recent) -> Answer | None:
    optimize = _optimize()
    system = problem.system()
    with np.errstate(all="ignore"):
        try:
            vector = optimize.newton_krylov(
                system.step,
                system.start(start),
                f_tol=MARGINS[-1] * problem.tolerance,
                maxiter=max(20, problem.max_iterations // 10),
            )
        except optimize.NoConvergence as stopped:
            vector = stopped.args[0]
        except (ValueError, ArithmeticError, np.linalg.LinAlgError):
            return None
        return _finish(system, np.asarray(vector, dtype=float), "newton-krylov")


def _optimize() -> Any:  # noqa: ANN401  scipy ships no types
    """Import scipy.optimize when first needed: it is most of the start-up time."""
    return import_module("scipy.optimize")


def _partial(economy: Economy, shock: Shock, progress: float) -> Shock:
    """Return the shock that is `progress` of the way from the baseline, in logs."""

    def between(value: Array | None, base: Array | float, plus: float) -> Array | None:
        if value is None:
            return None
        ratio: Array = ((value + plus) / (base + plus)) ** progress
        return (base + plus) * ratio - plus

    deficit = shock.trade_deficit_cf
    if deficit is not None:
        goal = np.zeros(len(economy.importers)) if isinstance(deficit, str) else deficit
        deficit = (1.0 - progress) * economy.trade_deficit + progress * goal
    return Shock(
        tariff_rate_cf=between(shock.tariff_rate_cf, economy.tariff_rate, 1.0),
        iceberg_hat=between(shock.iceberg_hat, 1.0, 0.0),
        export_tax_rate_cf=between(shock.export_tax_rate_cf, economy.export_tax_rate, 1.0),
        productivity_hat=between(shock.productivity_hat, 1.0, 0.0),
        trade_deficit_cf=deficit,
        targets=tuple(_partial_target(target, progress) for target in shock.targets),
    )


def _partial_target(target: QuantityTarget, progress: float) -> QuantityTarget:
    return replace(target, quantity_hat=target.quantity_hat**progress)


def check_targets(economy: Economy, shock: Shock) -> None:
    """Raise `EconomyError` if a target covers no flow that exists."""
    for target in shock.targets:
        if not economy.trade_flow[target.mask(economy)].sum() > 0:
            raise EconomyError(
                f"{target.kind} on a flow that does not exist in the baseline: exporters "
                f"{target.exporters}, importers {target.importers}, sectors {target.sectors}.",
                advice="Quantities are relative to the baseline; name flows that trade.",
            )


def _advice(economy: Economy, shock: Shock) -> str:
    if shock.targets:
        return (
            "Try a looser quantity target, a higher trade or input elasticity, or drop one target: "
            "the targets may not be reachable together."
        )
    if economy.factor_mobility.min() < 1.2:
        return "Try a higher factor_mobility or a smaller shock."
    return "Try a smaller shock, a higher max_iterations or less extreme elasticities."
