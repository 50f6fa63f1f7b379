"""The equations laid out for speed: one pass of the fixed point.

Unknowns are log wage [j, n], log price [j, n], log expenditure [j, n] and the log shadow wedges,
in one vector.  What the shock fixes is computed once.  A pass then needs four or five batched
matrix-vector products and raises nothing of size n*i*j to a power.  Sector-first, because
`numpy.matvec` wants the matrix last.  `sim.model.solve.evaluation` has the same equations in the
form that is written to be read.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.model.arrays import Array, sector_first
from sim.model.demand import demand_system
from sim.model.demand.interface import Demand, LaidOutDemand, LaidOutPolicy, OwnCostSlope
from sim.model.economy import Economy
from sim.model.equations import trade_deficit_cf
from sim.model.equilibrium import Equilibrium
from sim.model.inherited import Inherited
from sim.model.shock import Shock
from sim.model.solve.evaluation import State
from sim.model.solve.factor_markets import factor_markets
from sim.model.solve.laid_out_targets import LaidOutTargets
from sim.model.solve.layout import layout
from sim.model.solve.preconditioner import (
    Blocks,
    step_blocks,
    wage_slope,
    wage_weight_of_gap,
)
from sim.model.wedges import wedges

LOG_LIMIT = 200.0
"""Unknowns are kept within exp(+-200) while a solve is under way; no equilibrium is near it."""

INCOME_FLOOR = 1e-3
"""Income never falls below this share of the baseline while a solve is under way."""


class System:
    """The fixed point G(v) of an economy under a shock, and the steps towards it.

    Parameters
    ----------
    inherited
        What a month inherits from the month before; ``None`` is the static model.
    damping
        ``None`` takes for each country the steps of its own Jacobian (see
        `sim.model.solve.preconditioner`); a number takes plain steps of that length, which are
        slower and safer.
    """

    def __init__(
        self,
        economy: Economy,
        shock: Shock,
        inherited: Inherited | None = None,
        *,
        damping: float | None = None,
    ) -> None:
        self.economy, self.shock, self.inherited = economy, shock, inherited
        self.layout = layout(economy)
        self.n, self.s = len(economy.importers), len(economy.sectors)
        self.size = self.n * self.s
        self.target_count = len(shock.targets)
        self.deficit = trade_deficit_cf(economy, shock)
        demand = demand_system(economy, inherited)
        self.targets: LaidOutTargets | None = None
        self.demand = self._under_shock(demand)
        self.factor_markets = factor_markets(economy, inherited)
        self._set_steps(demand.baseline_slope(), damping)
        self.passes = 0
        self.hold_targets = False
        """While true, shadow wedges stay zero."""

    def _under_shock(self, demand: Demand) -> LaidOutDemand:
        """Lay out the shock: its targets, and the demand system under it."""
        shock, wedge = self.shock, wedges(self.economy, self.shock, np.zeros(self.target_count))
        inverse_tariff, inverse_export = self.layout.inverse_tariff, self.layout.inverse_export
        if shock.tariff_rate_cf is not None:
            inverse_tariff = 1.0 / (1.0 + sector_first(wedge.tariff_rate))
        if shock.export_tax_rate_cf is not None:
            inverse_export = 1.0 / (1.0 + sector_first(wedge.export_tax_rate))
        if shock.targets:
            self.targets = LaidOutTargets(
                self.economy,
                shock,
                factory=self.layout.factory,
                inverse_tariff=inverse_tariff,
                inverse_export=inverse_export,
                quantity_cost_hat=wedge.quantity_cost_hat,
            )
        self.has_export_tax = bool(wedge.export_tax_rate.any()) or any(
            target.kind == "cap" for target in shock.targets
        )
        policy = LaidOutPolicy(
            trade_cost_hat=wedge.trade_cost_hat,
            inverse_tariff=inverse_tariff,
            inverse_export=inverse_export,
            has_export_tax=self.has_export_tax,
            chosen=None if self.targets is None else self.targets.flows,
        )
        return demand.laid_out(policy)

    def _set_steps(self, slope: OwnCostSlope, damping: float | None) -> None:
        """Prepare the steps; plain wage steps are sized so that they contract."""
        mobility = self.factor_markets.local_mobility
        self.gap_weight = np.ones(3 * self.size + self.target_count)
        self.gap_weight[: self.size] = wage_weight_of_gap(self.layout, mobility).ravel()
        self.blocks: Blocks | None = None
        if damping is None:
            self.damping = 1.0
            self.blocks = step_blocks(self.economy, slope, mobility)
            return
        self.damping = damping
        step = damping / (1.0 + wage_slope(self.layout, slope, mobility))
        # A sector that employs nobody takes the wage of its country at once: nothing depends on it.
        self.wage_step = np.where(self.layout.has_factor, step, 1.0)

    def step(self, vector: Array) -> Array:
        """Return the step to take from `vector`; zero at the equilibrium and nowhere else."""
        return self.step_and_gap(vector)[0]

    def step_and_gap(self, vector: Array) -> tuple[Array, float]:
        """Return the step, and the largest gap of any equation at `vector`."""
        gap = self.residual(vector)
        largest = float(np.abs(gap * self.gap_weight).max())
        size = self.size
        if self.blocks is None:
            gap[:size] *= self.wage_step.ravel()
            return gap, largest
        by_country = gap[: 3 * size].reshape(3, self.s, self.n).transpose(2, 0, 1)
        single = by_country.reshape(self.n, 3 * self.s).astype(np.float32)
        moved = np.matvec(self.blocks, single).astype(float)
        gap[: 3 * size] = moved.reshape(self.n, 3, self.s).transpose(1, 2, 0).ravel()
        return gap, largest

    def start(self, recent: Sequence[Equilibrium] = ()) -> Array:
        """Return the vector of the baseline, or of earlier answers on the same economy.

        Several answers, the latest first, are those of as many steps of a smooth path: the
        polynomial through them is taken one step further.
        """
        if not recent:
            return self._vector(None)
        differences = np.array([self._vector(answer) for answer in recent])
        guess: Array = differences[0]
        while len(differences) > 1:
            differences = differences[:-1] - differences[1:]
            guess = guess + differences[0]
        return guess

    def _vector(self, equilibrium: Equilibrium | None) -> Array:
        economy = self.economy
        shadow = np.zeros(self.target_count)
        if equilibrium is None:
            wage, price = np.ones((2, self.n, self.s))
            spending = economy.expenditure
        else:
            wage, price = equilibrium.wage_hat, equilibrium.price_index_hat
            spending = equilibrium.expenditure_cf
            if equilibrium.shadow_rate.shape == shadow.shape:
                shadow = np.log1p(equilibrium.shadow_rate)
        safe = np.where(economy.expenditure > 0, np.maximum(spending, 1e-300), 1.0)
        return np.concatenate(
            [np.log(wage).T.ravel(), np.log(price).T.ravel(), np.log(safe).T.ravel(), shadow]
        )

    def state(self, vector: Array) -> State:
        """Split a vector into the unknowns in levels."""
        log_wage, log_price, log_spending, shadow = self._split(vector)
        spending = np.where(self.layout.market, np.exp(log_spending), 0.0)
        return State(np.exp(log_wage).T, np.exp(log_price).T, spending.T, np.maximum(shadow, 0.0))

    def _split(self, vector: Array) -> tuple[Array, Array, Array, Array]:
        shape, size = (self.s, self.n), self.size
        vector = np.clip(vector, -LOG_LIMIT, LOG_LIMIT)
        return (
            vector[:size].reshape(shape),
            vector[size : 2 * size].reshape(shape),
            vector[2 * size : 3 * size].reshape(shape),
            vector[3 * size :],
        )

    def residual(self, vector: Array) -> Array:
        """One pass: G(v) - v, the gaps of every equation in logs."""
        self.passes += 1
        log_wage, log_price, log_spending, shadow = self._split(vector)
        spending = np.where(self.layout.market, np.exp(log_spending), 0.0)
        log_cost, rest_share, critical_shares = self._input_cost(log_wage, log_price)
        if self.targets is not None:
            self.demand.apply(self.targets.wedges(np.maximum(shadow, 0.0)))
        trade = self.demand.trade(log_cost, spending)
        output = trade.output
        factor_demand = self.layout.value_added_share * rest_share * output
        # World factor income is the numeraire: rescale all values so that it holds in every pass.
        scale = self.layout.world_income / factor_demand.sum()
        public = (spending - trade.bought).sum(axis=0)
        if self.has_export_tax:
            public = public + (trade.sold - output).sum(axis=0)
        factor_demand *= scale
        income = factor_demand.sum(axis=0) + scale * public + self.deficit
        income = np.maximum(income, INCOME_FLOOR * self.layout.income)
        bought = self._bought(scale * output, rest_share, critical_shares)
        new_spending = np.where(
            self.layout.market, self.layout.consumption_share * income + bought, 1.0
        )
        gaps = [
            self.factor_markets.log_wage(factor_demand, log_wage) - log_wage,
            trade.log_price - log_price,
            np.log(np.maximum(new_spending, 1e-300)) - log_spending,
        ]
        flat = [gap.ravel() for gap in gaps]
        if self.targets is not None and trade.chosen is not None:
            steps = -shadow
            if not self.hold_targets:
                steps = self.targets.steps(shadow, log_cost, trade.chosen, self.damping)
            flat.append(steps)
        return np.concatenate(flat)

    def _input_cost(self, log_wage: Array, log_price: Array) -> tuple[Array, Array, list[Array]]:
        """Log input cost [j, n]; how far the shares of the rest and of critical inputs move."""
        log_cost = np.matvec(self.layout.cost_weight, np.ascontiguousarray(log_price.T))
        log_cost = self.layout.wage_weight * log_wage + np.ascontiguousarray(log_cost.T)
        rest_share: Array = np.ones_like(log_cost)
        critical_shares: list[Array] = []
        for k, power, inside, _ in self.layout.nests:
            own = np.exp(power * log_price[k])
            rest = np.exp(power * log_cost)
            joined = (1.0 - inside) * rest + inside * own
            log_cost = np.log(joined) / power
            rest_share = rest_share * rest / joined
            critical_shares = [share * rest / joined for share in critical_shares]
            critical_shares.append(own / joined)
        return log_cost, rest_share, critical_shares

    def _bought(self, output: Array, rest_share: Array, critical_shares: list[Array]) -> Array:
        """Spending on inputs, [k, n]."""
        moved_output = np.ascontiguousarray((output * rest_share).T)
        bought: Array = np.matvec(self.layout.bought_weight, moved_output)
        bought = np.ascontiguousarray(bought.T)
        for (k, _, _, share), moved in zip(self.layout.nests, critical_shares, strict=True):
            bought[k] += (share * moved * output).sum(axis=0)
        return bought
