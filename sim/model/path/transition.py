"""Month by month: staggered sourcing, sticky factors and goods afloat.

Each month is an equilibrium of its own, solved jointly with its state
(`sim.model.inherited`): trade balances, markets clear and income is spent.
Nobody looks ahead.

Timing.  A month of a path is the month of *loading*: goods are ordered, made, priced, paid for and
charged with the duty of that month.  They cross the border `transit_months` later, at the customs
value and duty of the month of loading, as the clauses for goods afloat of 2025 had it.  The lag
therefore moves when trade is counted at the border and changes nothing else: ``months`` are by
month of loading, ``arrival_flow`` is by month of arrival.  What arrives in the first months was
loaded before the path began, at the baseline.

Elasticities by horizon.  Spending shares move by zeta a month, so the customs value of a flow falls
with a tariff at an elasticity of about 1 + zeta theta in the month of the change and
1 + theta (1 - (1 - zeta)^h) in its h-th month, towards 1 + theta.  With theta of 4 to 5 that is
more than Boehm, Levchenko and Pandalai-Nayar (2023) estimate: -0.76 in year one, about -2 after
seven to ten years.  The path is right for dispute-sized shocks if the trade elasticities are.
This is the answer of one small flow; where demand is nested, what a country buys abroad in all
answers to its tariffs with M in the place of theta.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import EconomyError, NotConverged
from sim.model.arrays import Array, frozen, sealed
from sim.model.economy import Economy
from sim.model.equilibrium import Equilibrium
from sim.model.inherited import Inherited
from sim.model.shock import Shock
from sim.model.solve.guide import MonthlyChange, guesses
from sim.model.solve.memory import Memory
from sim.model.solve.solver import SolveProblem, check_targets, find_equilibrium

RESOURCING = 0.09
"""zeta: part of the goods re-sourced in a month; chosen on US imports from China in 2025 with the
default elasticities and two tiers of demand (uniform ones of 4 want 0.12)."""

REALLOCATION = 0.03
"""mu: part of the factors that choose their sector again in a month; an assumption: half of those
who would leave a sector have left after two years."""

TRANSIT_MONTHS = 1
"""Months between loading and arrival, as by sea between China and the United States."""

LOOK_BACK = 4
"""Months under the same policy that a guess at the next one is drawn from."""


@dataclass(frozen=True, eq=False)
class TransitionPath:
    """Months in order; index 0 is the first month after the baseline.

    Values are annual rates, as in the economy: a twelfth of them falls in the month.
    """

    economy: Economy
    months: tuple[Equilibrium, ...]
    """The equilibrium of each month, by month of loading; ``trade_share_cf`` is the state lam."""
    states: tuple[Inherited, ...]
    """What each month hands to the next."""
    resourcing: Array
    """zeta, [j]."""
    reallocation: float
    """mu."""
    transit_months: NDArray[np.int64]
    """Months between loading and arrival, [n, i]."""

    def __len__(self) -> int:
        return len(self.months)

    def until(self, length: int) -> TransitionPath:
        """Return the first `length` months, from which another path can branch off."""
        if not 0 <= length <= len(self):
            raise EconomyError(f"the path has {len(self)} months, not {length}.")
        return TransitionPath(
            economy=self.economy,
            months=self.months[:length],
            states=self.states[:length],
            resourcing=self.resourcing,
            reallocation=self.reallocation,
            transit_months=self.transit_months,
        )

    @property
    def residual(self) -> float:
        """Largest residual of any month."""
        return max((month.residual for month in self.months), default=0.0)

    @cached_property
    def trade_share(self) -> Array:
        """lam, [t, n, i, j]."""
        return sealed(np.array([month.trade_share_cf for month in self.months]))

    @cached_property
    def log_efficiency(self) -> Array:
        """Mean log efficiency of the suppliers chosen, h, [t, n, j]."""
        return sealed(np.array([state.log_efficiency for state in self.states]))

    @cached_property
    def factor_units_hat(self) -> Array:
        """Factor units over the baseline, z, [t, n, j]."""
        return sealed(np.array([state.factor_units_hat for state in self.states]))

    @cached_property
    def real_income_hat(self) -> Array:
        """[t, n]."""
        return sealed(np.array([month.real_income_hat for month in self.months]))

    @cached_property
    def arrival_flow(self) -> Array:
        """Customs value by month of arrival, [t, n, i, j]."""
        flows = [month.trade_flow_cf for month in self.months]
        return sealed(np.array(self._arrived(flows, self.economy.trade_flow)))

    def _arrived(self, loaded: list[Array], before: Array) -> list[Array]:
        """Move flows between pairs, [n, i, ...], from the month of loading to that of arrival."""
        arrived = [np.empty_like(flow) for flow in loaded]
        for lag in np.unique(self.transit_months).tolist():
            pairs = self.transit_months == lag
            for month, flow in enumerate(arrived):
                flow[pairs] = (loaded[month - lag] if month >= lag else before)[pairs]
        return arrived


def solve_path(  # noqa: PLR0913  the pace of the model is part of its contract; all are named
    economy: Economy,
    shocks: Sequence[Shock],
    *,
    resourcing: ArrayLike = RESOURCING,
    reallocation: float = REALLOCATION,
    transit_months: ArrayLike = TRANSIT_MONTHS,
    tolerance: float = 1e-9,
    start: TransitionPath | None = None,
    max_iterations: int = 500,
    memory: Memory | None = None,
    guide: Sequence[MonthlyChange] = (),
) -> TransitionPath:
    """Solve month after month.

    Parameters
    ----------
    shocks
        One for each month, against the baseline as in `solve`.  Months under the same policy
        should share one object: they are solved faster.
    resourcing
        zeta, part of the goods re-sourced in a month, in (0, 1]; a scalar or [j].
    reallocation
        mu, part of the factors that choose their sector again in a month, in [0, 1].  0 keeps
        factors where they are (kappa = 1), 1 is the economy's own mobility at once.
    transit_months
        Whole months between loading and arrival; a scalar or [n, i].  Own sales arrive at once.
    tolerance, max_iterations
        For each month, as in `solve`.
    start
        A path on the same economy at the same pace, to be continued; its months come first.
    memory
        What earlier months learnt (halves the passes); it learns too.  Without it a path that is
        stopped and resumed is the same to the last bit, with it to the tolerance.
    guide
        What the months of a path that moves alike did, as `shocks`: solves begin where they lead.

    Raises
    ------
    EconomyError
        If a shock, a parameter or `start` does not fit.
    NotConverged
        If a month has no solution; the message names it, counted from 1.
    """
    path = _empty_path(economy, resourcing, reallocation, transit_months)
    if start is not None:
        _check_start(path, start)
        path = start
    _check_shocks(economy, shocks)
    problems = [
        SolveProblem(economy, shock, tolerance, max_iterations, memory=memory) for shock in shocks
    ]
    return _extended(path, problems, guide)


def _extended(
    path: TransitionPath, problems: Sequence[SolveProblem], guide: Sequence[MonthlyChange]
) -> TransitionPath:
    """Solve one month after the other and return them at the end of `path`."""
    months, states = list(path.months), list(path.states)
    inherited = Inherited.baseline(path.economy, path.resourcing, path.reallocation)
    if states:
        inherited = states[-1]
    for position, problem in enumerate(problems):
        changes = guide[: position + 1] if position < len(guide) else ()
        month = _solved(replace(problem, inherited=inherited), months, changes)
        inherited = inherited.after(month)
        months.append(month)
        states.append(inherited)
    return replace(path, months=tuple(months), states=tuple(states))


def _solved(
    problem: SolveProblem, months: list[Equilibrium], changes: Sequence[MonthlyChange]
) -> Equilibrium:
    """Solve one month, starting from the last."""
    recent = _recent(problem.shock, months)
    is_new_policy = not months or months[-1].shock is not problem.shock
    guided = guesses(recent, changes, is_new_policy=is_new_policy)
    try:
        return find_equilibrium(problem, guided or recent)
    except NotConverged as error:
        raise error.in_month(len(months) + 1) from None


def _recent(shock: Shock, months: list[Equilibrium]) -> list[Equilibrium]:
    """Return the last months under this very policy, latest first, or else the last month."""
    recent = []
    for month in reversed(months[-LOOK_BACK:]):
        if month.shock is not shock:
            break
        recent.append(month)
    return recent or months[-1:]


def _empty_path(
    economy: Economy, resourcing: ArrayLike, reallocation: float, transit_months: ArrayLike
) -> TransitionPath:
    """Check the pace and return a path without months."""
    countries, _, sectors = economy.trade_flow.shape
    zeta = _spread("resourcing", resourcing, (sectors,))
    if not ((zeta > 0) & (zeta <= 1)).all():
        raise EconomyError(
            f"resourcing runs from {zeta.min():g} to {zeta.max():g}.",
            advice="Write the part of goods re-sourced in a month, above 0 and up to 1.",
        )
    if not 0 <= reallocation <= 1:
        raise EconomyError(
            f"reallocation is {reallocation:g}.",
            advice="Write the part of factors that choose again in a month, from 0 to 1.",
        )
    lag = _spread("transit_months", transit_months, (countries, countries))
    if not ((lag >= 0) & (lag == np.floor(lag))).all():
        raise EconomyError(
            "transit_months holds numbers that are not whole months.", advice="Write 0, 1, 2, ..."
        )
    months_afloat = np.where(np.eye(countries, dtype=bool), 0, lag).astype(np.int64)
    months_afloat.setflags(write=False)
    return TransitionPath(
        economy=economy,
        months=(),
        states=(),
        resourcing=zeta,
        reallocation=float(reallocation),
        transit_months=months_afloat,
    )


def _spread(name: str, values: ArrayLike, shape: tuple[int, ...]) -> Array:
    """Broadcast a parameter, or raise `EconomyError`."""
    array = np.asarray(values, dtype=float)
    if array.ndim and array.shape != shape:
        raise EconomyError(
            f"{name} has shape {array.shape}.", advice=f"Give a number or shape {shape}."
        )
    if not np.isfinite(array).all():
        raise EconomyError(f"{name} holds values that are not finite.")
    return frozen(np.broadcast_to(array, shape))


def _check_start(path: TransitionPath, start: TransitionPath) -> None:
    if start.economy is not path.economy:
        raise EconomyError("start belongs to another economy.", advice="Solve without it.")
    same = start.reallocation == path.reallocation
    for name in ("resourcing", "transit_months"):
        same &= np.array_equal(getattr(start, name), getattr(path, name))
    if not same:
        raise EconomyError(
            "start was solved at another pace.",
            advice="Give the same resourcing, reallocation and transit_months.",
        )


def _check_shocks(economy: Economy, shocks: Sequence[Shock]) -> None:
    """Check each shock once, however many months it lasts."""
    for shock in {id(shock): shock for shock in shocks}.values():
        shock.check(economy)
        check_targets(economy, shock)
