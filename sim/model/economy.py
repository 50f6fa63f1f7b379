"""An economy: frozen arrays whose accounting identities are checked when it is built.

A solve therefore never starts from numbers that are not an equilibrium.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from sim.errors import EconomyError
from sim.model.arrays import Array, BoolArray, check_array, filled, frozen
from sim.model.calibration import (
    behavioural_arrays,
    check_observed,
    observed_arrays,
    repair_observed,
    with_consumption,
    with_final_demand,
)
from sim.model.repairs import Repair, check_flow, check_input_share

IDENTITY_TOLERANCE = 1e-6
"""Largest gap of an accounting identity, relative to the market, that an economy may carry."""

LARGEST_KAPPA = 1e3
"""Finite mobility beyond this is one wage per country but for rounding: write inf."""

MARKET_FLOOR = 1e-12
"""Share of world spending below which a market counts as empty when gaps are made relative."""


class Counterfactual(Protocol):
    """What `Economy.rebased` reads of an equilibrium (`sim.model.Equilibrium`)."""

    @property
    def trade_flow_cf(self) -> Array:
        """Customs value, [n, i, j]."""

    @property
    def tariff_rate_cf(self) -> Array:
        """Fraction of customs value, [n, i, j]."""

    @property
    def export_tax_rate_cf(self) -> Array:
        """Fraction of the factory price, [n, i, j]."""

    @property
    def input_share_cf(self) -> Array:
        """Cost share of input k in sector j of n, [n, k, j]."""

    @property
    def trade_deficit_cf(self) -> Array:
        """Imports minus exports, [n]."""


@dataclass(frozen=True, eq=False)
class Economy:
    """An observed or solved equilibrium; build it with `Economy.calibrate`."""

    importers: tuple[str, ...]
    sectors: tuple[str, ...]
    trade_flow: Array
    tariff_rate: Array
    export_tax_rate: Array
    input_share: Array
    consumption_share: Array
    trade_elasticity: Array
    input_elasticity: Array
    factor_mobility: Array
    specific_factor: BoolArray
    trade_deficit: Array
    is_balanced: bool = field(default=True)
    """False where negative final demand was clipped: then the data are not an equilibrium."""
    repairs: tuple[Repair, ...] = ()
    """Cells of the observed table that `calibrate` was allowed to change, and did."""
    macro_elasticity: Array | None = None
    """Elasticity between home and foreign, M <= theta, [j]; ``None`` is theta: one CES over all."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "importers", tuple(str(code) for code in self.importers))
        object.__setattr__(self, "sectors", tuple(str(code) for code in self.sectors))
        for name in _FLOAT_FIELDS:
            object.__setattr__(self, name, frozen(getattr(self, name)))
        if self.macro_elasticity is not None:
            object.__setattr__(self, "macro_elasticity", frozen(self.macro_elasticity))
        specific = np.array(self.specific_factor, dtype=bool)
        specific.setflags(write=False)
        object.__setattr__(self, "specific_factor", specific)
        _check_economy(self)

    @classmethod
    def calibrate(  # noqa: PLR0913  the inputs of the model are many; all are named
        cls,
        *,
        importers: Sequence[str],
        sectors: Sequence[str],
        trade_flow: ArrayLike,
        tariff_rate: ArrayLike,
        input_share: ArrayLike,
        trade_elasticity: ArrayLike,
        consumption_share: ArrayLike | None = None,
        factor_mobility: ArrayLike = float("inf"),
        input_elasticity: ArrayLike | None = None,
        export_tax_rate: ArrayLike | None = None,
        specific_factor: ArrayLike | None = None,
        macro_elasticity: ArrayLike | None = None,
        clip_negative_final_demand: bool = False,
        repair: bool = False,
    ) -> Economy:
        """Build an economy from flows, tariffs, input shares and elasticities.

        Parameters
        ----------
        trade_flow
            Customs value, own sales on the diagonal, [n, i, j], >= 0, any money unit.
        tariff_rate, export_tax_rate
            Fractions of customs value and of the factory price, [n, i, j]; by default no tax.
        input_share
            Cost share of input k in sector j of n, [n, k, j]; the rest is value added.
        trade_elasticity, factor_mobility
            theta > 0, [j] or a scalar; kappa in [1, inf], [n] or a scalar.
        consumption_share
            Shares of final demand, [n, j]; ``None`` derives them as what inputs leave over.
        input_elasticity
            Substitution of input k against the rest, [k]; ``None`` is Cobb-Douglas (1).
        specific_factor
            True where a sector's factors are fixed whatever kappa, [n, j].
        macro_elasticity
            Elasticity M between home and foreign, 0 < M <= theta, [j] or a scalar; ``None`` is
            theta, one CES over all origins.
        clip_negative_final_demand
            Set negative final demand to zero and rescale, as Caliendo and Parro do: then not an
            equilibrium, so solve with the null shock and take `rebased` before use.
        repair
            Set negative flows and input shares to zero, and scale a sector's input shares that sum
            to more than 1 so that value added is 0.5 % of output; `repairs` lists every such cell.

        Raises
        ------
        EconomyError
            If shapes or signs are wrong, or final demand is negative and not clipped; names the
            cell where a flow or an input share is negative, or input shares sum to more than 1.
        """
        shape = (len(importers), len(importers), len(sectors))
        arrays = observed_arrays(shape, trade_flow, tariff_rate, export_tax_rate, input_share)
        repairs = repair_observed(arrays, importers, sectors) if repair else ()
        check_observed(arrays, importers, sectors)
        arrays |= behavioural_arrays(
            shape, trade_elasticity, input_elasticity, factor_mobility, specific_factor
        )
        if macro_elasticity is not None:
            macro = filled(macro_elasticity, shape[2:], "macro_elasticity")
            arrays["macro_elasticity"] = macro
        names = (tuple(importers), tuple(sectors))
        if consumption_share is None:
            return cls(**with_final_demand(arrays, names, repairs, clip_negative_final_demand))
        return cls(**with_consumption(arrays, names, repairs, consumption_share))

    def rebased(self, equilibrium: Counterfactual) -> Economy:
        """Return the counterfactual of `equilibrium` as a new baseline.

        Shadow wedges become part of the new tariffs (floors) and export taxes (caps).
        """
        return replace(
            self,
            trade_flow=equilibrium.trade_flow_cf,
            tariff_rate=equilibrium.tariff_rate_cf,
            export_tax_rate=equilibrium.export_tax_rate_cf,
            input_share=equilibrium.input_share_cf,
            trade_deficit=equilibrium.trade_deficit_cf,
            is_balanced=True,
        )

    @property
    def macro_elasticity_by_sector(self) -> Array:
        """M of every sector, [j], whether it is given or theta."""
        return self.trade_elasticity if self.macro_elasticity is None else self.macro_elasticity

    @cached_property
    def is_nested(self) -> bool:
        """Whether home and foreign compete less than foreign origins do, in any sector."""
        return bool((self.macro_elasticity_by_sector != self.trade_elasticity).any())

    def with_trade_elasticity(self, trade_elasticity: ArrayLike) -> Economy:
        """Return the same economy at other theta, [j] or a scalar.

        A sector with one tier keeps one; in the others M stays, at most theta.

        Raises
        ------
        EconomyError
            If a theta is not above zero.
        """
        theta = filled(trade_elasticity, self.trade_elasticity.shape, "trade_elasticity")
        if self.macro_elasticity is None:
            return replace(self, trade_elasticity=theta)
        has_one_tier = self.macro_elasticity == self.trade_elasticity
        macro = np.where(has_one_tier, theta, np.minimum(self.macro_elasticity, theta))
        return replace(self, trade_elasticity=theta, macro_elasticity=macro)

    @cached_property
    def value_added_share(self) -> Array:
        """Value added over gross output, [n, j]."""
        return frozen(np.clip(1.0 - self.input_share.sum(axis=1), 0.0, 1.0))

    @cached_property
    def expenditure_by_origin(self) -> Array:
        """Duty-paid spending, [n, i, j]."""
        return frozen(self.trade_flow * (1.0 + self.tariff_rate))

    @cached_property
    def expenditure(self) -> Array:
        """Duty-paid spending on each sector, [n, j]."""
        return frozen(self.expenditure_by_origin.sum(axis=1))

    @cached_property
    def trade_share(self) -> Array:
        """Share of spending that goes to each origin, [n, i, j]; zero where nothing is spent."""
        spent, total = self.expenditure_by_origin, self.expenditure[:, None, :]
        return frozen(np.divide(spent, total, out=np.zeros_like(spent), where=total > 0))

    @cached_property
    def gross_output(self) -> Array:
        """Sales at factory prices, [i, j]."""
        return frozen((self.trade_flow / (1.0 + self.export_tax_rate)).sum(axis=0))

    @cached_property
    def factor_income(self) -> Array:
        """Value added, [n, j]."""
        return frozen(self.value_added_share * self.gross_output)

    @cached_property
    def tariff_revenue(self) -> Array:
        """Sum of rate times customs value, [n]."""
        return frozen((self.tariff_rate * self.trade_flow).sum(axis=(1, 2)))

    @cached_property
    def export_tax_revenue(self) -> Array:
        """Export taxes and licence rents kept at home, [i]."""
        tax = self.export_tax_rate / (1.0 + self.export_tax_rate) * self.trade_flow
        return frozen(tax.sum(axis=(0, 2)))

    @cached_property
    def income(self) -> Array:
        """Factor income, tariffs, export taxes and deficit, [n]; equals final spending."""
        public = self.tariff_revenue + self.export_tax_revenue
        return frozen(self.factor_income.sum(axis=1) + public + self.trade_deficit)

    def identity_gaps(self) -> Array:
        """Gap of each market, (spending - income spent - inputs bought) / spending, [n, j]."""
        bought = np.einsum("nkj,nj->nk", self.input_share, self.gross_output)
        gap = self.expenditure - self.consumption_share * self.income[:, None] - bought
        size = np.maximum(self.expenditure, MARKET_FLOOR * self.expenditure.sum())
        return np.asarray(gap / size)


_FLOAT_FIELDS = (
    "trade_flow",
    "tariff_rate",
    "export_tax_rate",
    "input_share",
    "consumption_share",
    "trade_elasticity",
    "input_elasticity",
    "factor_mobility",
    "trade_deficit",
)


def _check_economy(economy: Economy) -> None:
    n, j = len(economy.importers), len(economy.sectors)
    _check_names(economy)
    check_array("trade_flow", economy.trade_flow, (n, n, j))
    check_flow(economy.trade_flow, economy.importers, economy.sectors)
    check_array("tariff_rate", economy.tariff_rate, (n, n, j), above=-1)
    check_array("export_tax_rate", economy.export_tax_rate, (n, n, j), above=-1)
    check_array("input_share", economy.input_share, (n, j, j))
    check_input_share(economy.input_share, economy.importers, economy.sectors)
    check_array("consumption_share", economy.consumption_share, (n, j), least=0)
    check_array("trade_elasticity", economy.trade_elasticity, (j,), above=0)
    _check_macro_elasticity(economy)
    check_array("input_elasticity", economy.input_elasticity, (j,), above=0)
    check_array("trade_deficit", economy.trade_deficit, (n,))
    kappa = economy.factor_mobility
    if not ((kappa >= 1) & ((kappa <= LARGEST_KAPPA) | np.isinf(kappa))).all():
        raise EconomyError(
            f"factor_mobility runs from {kappa.min():g} to {kappa.max():g}.",
            advice=f"Write numbers from 1 to {LARGEST_KAPPA:g}, or inf for one wage per country.",
        )
    if not np.allclose(economy.consumption_share.sum(axis=1), 1.0, atol=1e-9):
        raise EconomyError("consumption_share does not sum to 1 in every country.")
    if economy.is_balanced:
        _check_identities(economy)


def _check_macro_elasticity(economy: Economy) -> None:
    macro, theta = economy.macro_elasticity, economy.trade_elasticity
    check_array("macro_elasticity", macro, theta.shape, above=0)
    if macro is not None and not (macro <= theta).all():
        j = int((macro - theta).argmax())
        raise EconomyError(
            f"macro_elasticity of {economy.sectors[j]} is {macro[j]:g}, above its trade_elasticity "
            f"{theta[j]:g}.",
            advice="Home and foreign cannot compete more than foreign origins do: lower it.",
        )


def _check_names(economy: Economy) -> None:
    for name in ("importers", "sectors"):
        codes = getattr(economy, name)
        if not codes or len(set(codes)) != len(codes):
            raise EconomyError(f"{name} must be a non-empty list without repeats.")


def _check_identities(economy: Economy) -> None:
    gaps = np.abs(economy.identity_gaps())
    if gaps.max() > IDENTITY_TOLERANCE:
        n, j = np.unravel_index(int(gaps.argmax()), gaps.shape)
        raise EconomyError(
            f"spending of {economy.importers[n]} on {economy.sectors[j]} differs from income spent "
            f"and inputs bought by {gaps[n, j]:.1e}.",
            advice="The table is not balanced.",
        )
