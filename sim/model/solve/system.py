"""The same equations as `sim.model.equilibrium`, laid out for speed: one pass of the fixed point.

Unknowns are log wage [j, n], log price [j, n], log expenditure [j, n] and the log shadow wedges,
in one vector.  What the shock fixes is computed once: ``attraction[j, n, i]`` = trade_share *
trade_cost_hat^-theta.  A pass then needs four or five batched matrix-vector products and raises
nothing of size n*i*j to a power.  Sector-first, because `numpy.matvec` wants the matrix last.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model.arrays import Array
from sim.model.economy import Economy
from sim.model.equilibrium import Equilibrium, attraction, trade_deficit_cf
from sim.model.shock import Shock
from sim.model.solve.layout import layout, sector_first
from sim.model.solve.preconditioner import step_blocks
from sim.model.wedges import wedges

if TYPE_CHECKING:
    from sim.model.demand.staggered import Inherited

LOG_LIMIT = 200.0
"""Unknowns are kept within exp(+-200) while a solve is under way; no equilibrium is near it."""

INCOME_FLOOR = 1e-3
"""Income never falls below this share of the baseline while a solve is under way."""


class Target:
    """One quantity target on the flows of a sector-first array, with the slope of its quantity."""

    def __init__(self, system: System, index: int) -> None:
        target = system.shock.targets[index]
        mask = np.ascontiguousarray(target.mask(system.economy).transpose(2, 0, 1))
        mask &= system.layout.factory > 0
        self.flows: NDArray[np.intp] = np.flatnonzero(mask)
        self.is_cap = target.kind == "cap"
        self.rent_share = target.rent_share
        self.log_wanted = float(np.log(target.quantity_hat))
        self.base: Array = system.layout.factory.ravel()[self.flows]


class Trade(NamedTuple):
    """What buyers do at given costs and spending."""

    log_price: Array
    """Price index of n's purchases, [j, n]."""
    bought: Array
    """Customs value of n's purchases, [j, n]."""
    sold: Array
    """Customs value of i's sales, [j, i]; equals `output` without export taxes."""
    output: Array
    """Factory value of i's sales, [j, i]."""
    pull: Array
    """input cost ^ -theta, [j, i]."""
    spread: Array
    """Sum of attraction times pull over origins, [j, n]."""
    spending: Array
    """[j, n]."""


class Touched(NamedTuple):
    """Shadow wedges and offers of the flows that targets touch."""

    cap_log: Array
    floor_log: Array
    pulled: Array
    """Attraction under the wedges."""
    customs: Array
    """Customs value per duty-paid spending."""
    factory: Array
    """Factory value per duty-paid spending."""
    waste: Array
    """Factory value burnt per delivered unit, >= 1."""


class System:
    """The fixed point G(v) of an economy under a shock, and the steps towards it.

    With `damping` None the steps of each country are those of its own Jacobian (see
    `sim.model.solve.preconditioner`); with a number, plain steps of that length, slower and safer.
    """

    inherited: Inherited | None = None
    """What a month inherits; nothing in the static model."""

    def __init__(self, economy: Economy, shock: Shock, *, damping: float | None = None) -> None:
        self.economy, self.shock = economy, shock
        self.layout = layout(economy)
        self.n, self.s = len(economy.importers), len(economy.sectors)
        self.size = self.n * self.s
        self._set_shock()
        self._set_targets()
        self._set_damping(damping)
        self.passes = 0
        self.hold_targets = False
        """While true, shadow wedges stay zero."""

    def _set_shock(self) -> None:
        wedge = wedges(self.economy, self.shock, np.zeros(len(self.shock.targets)))
        self.trade_cost_hat = wedge.trade_cost_hat
        self.quantity_cost_hat = wedge.quantity_cost_hat
        self.attraction = sector_first(attraction(self.economy, wedge.trade_cost_hat))
        self.inverse_tariff = self.layout.inverse_tariff
        if self.shock.tariff_rate_cf is not None:
            self.inverse_tariff = 1.0 / (1.0 + sector_first(wedge.tariff_rate))
        self.inverse_export = self.layout.inverse_export
        if self.shock.export_tax_rate_cf is not None:
            self.inverse_export = 1.0 / (1.0 + sector_first(wedge.export_tax_rate))
        self.deficit = trade_deficit_cf(self.economy, self.shock)
        self.customs = self.attraction * self.inverse_tariff
        self.customs_t = np.ascontiguousarray(self.customs.transpose(0, 2, 1))
        self.factory_t = self.customs_t
        self.has_export_tax = bool(wedge.export_tax_rate.any()) or any(
            target.kind == "cap" for target in self.shock.targets
        )
        if self.has_export_tax:
            factory = self.customs * self.inverse_export
            self.factory_t = np.ascontiguousarray(factory.transpose(0, 2, 1))

    def _set_targets(self) -> None:
        self.targets = [Target(self, index) for index in range(len(self.shock.targets))]
        if not self.targets:
            return
        self.touched = np.unique(np.concatenate([target.flows for target in self.targets]))
        self.touched_j, self.touched_n, self.touched_i = np.unravel_index(
            self.touched, self.attraction.shape
        )
        for target in self.targets:
            target.flows = np.searchsorted(self.touched, target.flows)
        self.touched_theta = self.economy.trade_elasticity[self.touched_j]
        self.touched_attraction = self.attraction.ravel()[self.touched].copy()
        self.touched_tariff = self.inverse_tariff.ravel()[self.touched]
        self.touched_export = self.inverse_export.ravel()[self.touched]
        self.touched_quantity_cost = self.quantity_cost_hat[
            self.touched_n, self.touched_i, self.touched_j
        ]

    def _set_damping(self, damping: float | None) -> None:
        """Size plain wage steps by the baseline slope of factor demand, so that they contract."""
        local = self._local_economy()
        self.gap_weight = np.ones(3 * self.size + len(self.targets))
        self.gap_weight[: self.size] = layout(local).wage_weight_of_gap.ravel()
        self.blocks = step_blocks(local) if damping is None else None
        self.damping = 1.0 if damping is None else damping
        if damping is None:
            return
        step = damping / (1.0 + layout(local).wage_slope)
        # A sector that employs nobody takes the wage of its country at once: nothing depends on it.
        self.wage_step = np.where(self.layout.has_factor, step, 1.0)

    def _local_economy(self) -> Economy:
        """Return the economy whose slopes size the steps."""
        return self.economy

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
        shadow = np.zeros(len(self.targets))
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

    def state(self, vector: Array) -> tuple[Array, Array, Array, Array]:
        """Split a vector into wage_hat, price_index_hat, expenditure_cf [n, j] and shadow_log."""
        log_wage, log_price, log_spending, shadow = self._split(vector)
        spending = np.where(self.layout.market, np.exp(log_spending), 0.0)
        return np.exp(log_wage).T, np.exp(log_price).T, spending.T, np.maximum(shadow, 0.0)

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
        if self.targets:
            self._apply_wedges(np.maximum(shadow, 0.0))
        trade = self._trade(log_cost, spending)
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
            self._log_wage(factor_demand, log_wage) - log_wage,
            trade.log_price - log_price,
            np.log(np.maximum(new_spending, 1e-300)) - log_spending,
        ]
        flat = [gap.ravel() for gap in gaps]
        if self.targets and self.hold_targets:
            flat.append(-shadow)
        elif self.targets:
            flat.append(self._target_steps(shadow, log_cost, trade))
        return np.concatenate(flat)

    def _trade(self, log_cost: Array, spending: Array) -> Trade:
        """Prices and shares when every good goes to the cheapest offer, eqs. (11) and (12)."""
        pull = np.exp(-self.layout.theta * log_cost)
        spread = np.matvec(self.attraction, pull)
        spread = np.where(self.layout.market, np.maximum(spread, 1e-300), 1.0)
        demand = spending / spread
        output = pull * np.matvec(self.factory_t, demand)
        return Trade(
            log_price=np.log(spread) / -self.layout.theta,
            bought=demand * np.matvec(self.customs, pull),
            sold=pull * np.matvec(self.customs_t, demand) if self.has_export_tax else output,
            output=output,
            pull=pull,
            spread=spread,
            spending=spending,
        )

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

    def _log_wage(self, factor_demand: Array, log_wage: Array) -> Array:
        """Wages that clear the factor markets in closed form, [j, n].

        With D the factor income demanded: Phi = sum_j D / sum_j base over the sectors that share
        the pool, and w^kappa = (D / base) Phi^(kappa-1).
        """
        lay = self.layout
        log_ratio = np.log(np.maximum(factor_demand * lay.inverse_factor, 1e-300))
        pool_demand = (factor_demand * lay.is_pooled).sum(axis=0)
        log_pool = np.log(np.maximum(pool_demand * lay.inverse_pool, 1e-300))
        log_pool = np.where(lay.pool_total > 0, log_pool, 0.0)
        log_ratio = np.where(lay.has_factor, log_ratio, log_pool)
        mobile = lay.inverse_kappa * log_ratio + (1.0 - lay.inverse_kappa) * log_pool
        return np.asarray(np.where(lay.specific, log_ratio, mobile))

    def _apply_wedges(self, shadow: Array) -> None:
        """Put the current shadow wedges into the flows that targets touch."""
        cap, kept_log, floor = np.zeros((3, len(self.touched)))
        for target, psi in zip(self.targets, shadow, strict=True):
            if target.is_cap:
                cap[target.flows] += psi
                kept_log[target.flows] += psi * target.rent_share
            else:
                floor[target.flows] += psi
        factor = np.exp(cap)
        rent_share = np.divide(kept_log, cap, out=np.ones_like(cap), where=cap > 0)
        waste = 1.0 + (1.0 - rent_share) * (factor - 1.0)
        kept, subsidy = factor / waste, np.exp(-floor)
        pulled = self.touched_attraction * np.exp(-self.touched_theta * (cap - floor))
        customs = self.touched_tariff / subsidy
        factory = customs * self.touched_export / kept
        at = (self.touched_j, self.touched_n, self.touched_i)
        self.attraction[at] = pulled
        self.customs[at] = pulled * customs
        self.customs_t[self.touched_j, self.touched_i, self.touched_n] = pulled * customs
        self.factory_t[self.touched_j, self.touched_i, self.touched_n] = pulled * factory
        self.touched_now = Touched(cap, floor, pulled, customs, factory, waste)

    def _touched_sales(self, trade: Trade) -> tuple[Array, Array]:
        """Factory value of the touched flows, and how fast a buyer's price drives it down."""
        j, n, i = self.touched_j, self.touched_n, self.touched_i
        share = self.touched_now.pulled * trade.pull[j, i] / trade.spread[j, n]
        value = self.touched_now.factory * share * trade.spending[j, n]
        return value, self.touched_theta

    def _target_steps(self, shadow: Array, log_cost: Array, trade: Trade) -> Array:
        """Move each wedge by its quantity's log gap over its slope, never below zero."""
        j, n, i = self.touched_j, self.touched_n, self.touched_i
        value, theta = self._touched_sales(trade)
        unit_value = self.touched_quantity_cost * self.touched_now.waste * np.exp(log_cost[j, i])
        quantity = value / unit_value
        share = self.touched_now.pulled * trade.pull[j, i] / trade.spread[j, n]
        steps = np.empty_like(shadow)
        for m, target in enumerate(self.targets):
            flows = target.flows
            moved = quantity[flows]
            gap = np.log(max(float(moved.sum() / target.base.sum()), 1e-300)) - target.log_wanted
            hit = np.bincount(j[flows] * self.n + n[flows], share[flows], minlength=self.size)
            elasticity = 1.0 + theta[flows] * (1.0 - hit[j[flows] * self.n + n[flows]])
            slope = float((moved * elasticity).sum() / max(float(moved.sum()), 1e-300))
            step = self.damping * (gap if target.is_cap else -gap) / max(slope, 0.5)
            steps[m] = max(0.0, max(shadow[m], 0.0) + step) - shadow[m]
        return steps
