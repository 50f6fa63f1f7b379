"""What the model knows before it solves: an economy, and the shock that hits it.

Every array is frozen and every accounting identity is checked when the object is built, so that a
solve never starts from numbers that are no equilibrium.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import EconomyError

if TYPE_CHECKING:
    from sim.model.equilibrium import Equilibrium

Array = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

IDENTITY_TOLERANCE = 1e-6
"""Largest gap of an accounting identity, relative to the market, that an economy may carry."""

MARKET_FLOOR = 1e-12
"""Share of world spending below which a market counts as empty when gaps are made relative."""


def frozen(values: ArrayLike, dtype: type = np.float64) -> NDArray:  # type: ignore[type-arg]
    """Return a read-only contiguous copy of `values`."""
    array = np.array(values, dtype=dtype, order="C")
    array.setflags(write=False)
    return array


@dataclass(frozen=True)
class QuantityTarget:
    """A cap or a floor on the summed quantity of a set of flows.

    The flows are all pairs of `importers` and `exporters` with n != i, in `sectors`; ``None`` means
    all.  The quantity is the sum at baseline factory prices, relative to its baseline sum.

    Parameters
    ----------
    kind
        ``"cap"``: an export tax whose rent goes to the exporter by `rent_share`, the rest is burnt
        as real cost (queueing).  ``"floor"``: an import subsidy paid by the importer's budget.
    quantity_hat
        Largest (cap) or smallest (floor) quantity relative to the baseline, > 0.
    """

    importers: tuple[str, ...] | None
    exporters: tuple[str, ...] | None
    sectors: tuple[str, ...] | None
    kind: Literal["cap", "floor"]
    quantity_hat: float
    rent_share: float = 1.0

    def __post_init__(self) -> None:
        for name in ("importers", "exporters", "sectors"):
            codes = getattr(self, name)
            if codes is not None:
                object.__setattr__(self, name, (codes,) if isinstance(codes, str) else tuple(codes))
        if self.kind not in ("cap", "floor"):
            raise EconomyError(f"target kind is {self.kind!r}.", advice="Write 'cap' or 'floor'.")
        if not (np.isfinite(self.quantity_hat) and self.quantity_hat > 0):
            raise EconomyError(
                f"target quantity_hat is {self.quantity_hat}.",
                advice="Write the quantity relative to the baseline, above 0 (a ban: 1e-4).",
            )
        if not 0 <= self.rent_share <= 1:
            raise EconomyError(
                f"target rent_share is {self.rent_share}.", advice="Write a share from 0 to 1."
            )

    def mask(self, economy: Economy) -> BoolArray:
        """Tell which flows the target covers, [n, i, j]; unknown codes raise `EconomyError`."""
        buyers = _selection(self.importers, economy.importers, "importer")
        sellers = _selection(self.exporters, economy.importers, "exporter")
        goods = _selection(self.sectors, economy.sectors, "sector")
        mask = buyers[:, None, None] & sellers[None, :, None] & goods[None, None, :]
        mask &= ~np.eye(len(economy.importers), dtype=bool)[:, :, None]
        return mask


@dataclass(frozen=True, eq=False)
class Shock:
    """What changes; ``None`` leaves the baseline as it is.

    Parameters
    ----------
    tariff_rate_cf
        Counterfactual tariff, fraction of customs value, [n, i, j].
    iceberg_hat
        Change factor of the real trade cost, [n, i, j].
    export_tax_rate_cf
        Counterfactual export tax, fraction of the factory price, [n, i, j].
    productivity_hat
        Change factor of productivity, [i, j].
    trade_deficit_cf
        Counterfactual deficits [n] that sum to zero, or ``"balanced"``; ``None`` keeps each
        country's deficit a fixed share of world factor income.
    targets
        Caps and floors on quantities.
    """

    tariff_rate_cf: Array | None = None
    iceberg_hat: Array | None = None
    export_tax_rate_cf: Array | None = None
    productivity_hat: Array | None = None
    trade_deficit_cf: Array | Literal["balanced"] | None = None
    targets: tuple[QuantityTarget, ...] = ()

    def __post_init__(self) -> None:
        for name in ("tariff_rate_cf", "iceberg_hat", "export_tax_rate_cf", "productivity_hat"):
            values = getattr(self, name)
            if values is not None:
                object.__setattr__(self, name, frozen(values))
        if self.trade_deficit_cf is not None and not isinstance(self.trade_deficit_cf, str):
            object.__setattr__(self, "trade_deficit_cf", frozen(self.trade_deficit_cf))
        object.__setattr__(self, "targets", tuple(self.targets))

    def check(self, economy: Economy) -> None:
        """Raise `EconomyError` if the shock does not fit `economy`."""
        flows, goods = economy.trade_flow.shape, economy.gross_output.shape
        _check_array("tariff_rate_cf", self.tariff_rate_cf, flows, above=-1)
        _check_array("iceberg_hat", self.iceberg_hat, flows, above=0)
        _check_array("export_tax_rate_cf", self.export_tax_rate_cf, flows, above=-1)
        _check_array("productivity_hat", self.productivity_hat, goods, above=0)
        if isinstance(self.trade_deficit_cf, str):
            if self.trade_deficit_cf != "balanced":
                raise EconomyError(
                    f"trade_deficit_cf is {self.trade_deficit_cf!r}.",
                    advice="Write 'balanced', one deficit a country, or nothing.",
                )
        elif self.trade_deficit_cf is not None:
            _check_array("trade_deficit_cf", self.trade_deficit_cf, flows[:1])
            if abs(self.trade_deficit_cf.sum()) > 1e-9 * economy.factor_income.sum():
                raise EconomyError(
                    "trade_deficit_cf does not sum to zero.",
                    advice="One country's deficit is another's surplus.",
                )


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
    """False where negative final demand was clipped: then the data are no equilibrium."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "importers", tuple(str(code) for code in self.importers))
        object.__setattr__(self, "sectors", tuple(str(code) for code in self.sectors))
        for name in _FLOAT_FIELDS:
            object.__setattr__(self, name, frozen(getattr(self, name)))
        object.__setattr__(self, "specific_factor", frozen(self.specific_factor, np.bool_))
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
        clip_negative_final_demand: bool = False,
    ) -> Economy:
        """Build an economy from flows, tariffs, input shares and elasticities.

        Parameters
        ----------
        trade_flow
            Customs value, own sales on the diagonal, [n, i, j], >= 0, any money unit.
        tariff_rate
            Fraction of customs value, [n, i, j].
        input_share
            Cost share of input k in sector j of n, [n, k, j]; the rest is value added.
        trade_elasticity
            theta > 0, [j] or a scalar.
        consumption_share
            Shares of final demand, [n, j]; ``None`` derives them as what inputs leave over.
        factor_mobility
            kappa in [1, inf], a scalar or [n].
        input_elasticity
            Substitution of input k against the rest, [k]; ``None`` is Cobb-Douglas (1).
        export_tax_rate
            Fraction of the factory price, [n, i, j]; ``None`` is zero.
        specific_factor
            True where a sector's factors are fixed whatever kappa, [n, j].
        clip_negative_final_demand
            Set negative final demand to zero and rescale (Caliendo and Parro do so).  The data
            are then no equilibrium: solve with the null shock and take `rebased` before use.

        Raises
        ------
        EconomyError
            If shapes or signs are wrong, or final demand is negative and not clipped.
        """
        flow = np.asarray(trade_flow, dtype=float)
        shape = (len(importers), len(importers), len(sectors))
        _check_array("trade_flow", flow, shape, least=0)
        tariff = _filled(tariff_rate, shape, "tariff_rate")
        export_tax = _filled(0.0 if export_tax_rate is None else export_tax_rate, shape, "export_tax_rate")
        inputs = np.asarray(input_share, dtype=float)
        _check_array("input_share", inputs, (shape[0], shape[2], shape[2]), least=0)
        clipped = False
        if consumption_share is None:
            final = _final_demand(flow, tariff, export_tax, inputs)
            final, clipped = _clip(final, flow, importers, sectors, clip_negative_final_demand)
            consumption_share = final / final.sum(axis=1, keepdims=True)
        return cls(
            importers=tuple(importers),
            sectors=tuple(sectors),
            trade_flow=flow,
            tariff_rate=tariff,
            export_tax_rate=export_tax,
            input_share=inputs,
            consumption_share=np.asarray(consumption_share, dtype=float),
            trade_elasticity=_filled(trade_elasticity, shape[2:], "trade_elasticity"),
            input_elasticity=_filled(
                1.0 if input_elasticity is None else input_elasticity, shape[2:], "input_elasticity"
            ),
            factor_mobility=_filled(factor_mobility, shape[:1], "factor_mobility"),
            specific_factor=np.broadcast_to(
                np.asarray(False if specific_factor is None else specific_factor, dtype=bool),
                (shape[0], shape[2]),
            ),
            trade_deficit=flow.sum(axis=(1, 2)) - flow.sum(axis=(0, 2)),
            is_balanced=not clipped,
        )

    def rebased(self, equilibrium: Equilibrium) -> Economy:
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
        total = self.expenditure[:, None, :]
        return frozen(
            np.divide(
                self.expenditure_by_origin, total, out=np.zeros_like(self.trade_flow), where=total > 0
            )
        )

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


def _filled(values: ArrayLike, shape: tuple[int, ...], name: str) -> Array:
    try:
        return np.broadcast_to(np.asarray(values, dtype=float), shape)
    except ValueError:
        raise EconomyError(
            f"{name} has shape {np.shape(values)}.", advice=f"Give a number or shape {shape}."
        ) from None


def _selection(codes: tuple[str, ...] | None, known: tuple[str, ...], name: str) -> BoolArray:
    if codes is None:
        return np.ones(len(known), dtype=bool)
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise EconomyError(
            f"target {name} {unknown[0]!r} is not in this economy.",
            advice=f"Known: {', '.join(known)}.",
        )
    return np.isin(np.array(known), np.array(codes))


def _check_array(
    name: str,
    values: Array | None,
    shape: tuple[int, ...],
    *,
    above: float | None = None,
    least: float | None = None,
) -> None:
    if values is None:
        return
    if values.shape != shape:
        raise EconomyError(f"{name} has shape {values.shape}.", advice=f"It must be {shape}.")
    if not np.isfinite(values).all():
        raise EconomyError(f"{name} holds values that are not finite.")
    if above is not None and not (values > above).all():
        raise EconomyError(f"{name} holds {values.min():g}.", advice=f"All must be above {above}.")
    if least is not None and not (values >= least).all():
        raise EconomyError(f"{name} holds {values.min():g}.", advice=f"None may be below {least}.")


def _final_demand(flow: Array, tariff: Array, export_tax: Array, input_share: Array) -> Array:
    """Spending that inputs leave over, [n, j]."""
    output = (flow / (1.0 + export_tax)).sum(axis=0)
    spending = (flow * (1.0 + tariff)).sum(axis=1)
    final: Array = spending - np.einsum("nkj,nj->nk", input_share, output)
    return final


def _clip(
    final: Array, flow: Array, importers: Sequence[str], sectors: Sequence[str], allowed: bool
) -> tuple[Array, bool]:
    """Set rounding below zero to zero; refuse or clip what is truly negative."""
    noise = 1e-10 * (np.abs(flow).sum(axis=1) + flow.sum(axis=0))
    final = np.where((final < 0) & (final > -noise), 0.0, final)
    if (final >= 0).all():
        return final, False
    if not allowed:
        n, j = np.unravel_index(int(final.argmin()), final.shape)
        raise EconomyError(
            f"final demand of {importers[n]} for {sectors[j]} is {final[n, j]:g}: inputs use more "
            "than is supplied.",
            advice="Rebalance the table, or pass clip_negative_final_demand=True.",
        )
    return np.maximum(final, 0.0), True


def _check_economy(economy: Economy) -> None:
    n, j = len(economy.importers), len(economy.sectors)
    _check_names(economy)
    _check_array("trade_flow", economy.trade_flow, (n, n, j), least=0)
    _check_array("tariff_rate", economy.tariff_rate, (n, n, j), above=-1)
    _check_array("export_tax_rate", economy.export_tax_rate, (n, n, j), above=-1)
    _check_array("input_share", economy.input_share, (n, j, j), least=0)
    _check_array("consumption_share", economy.consumption_share, (n, j), least=0)
    _check_array("trade_elasticity", economy.trade_elasticity, (j,), above=0)
    _check_array("input_elasticity", economy.input_elasticity, (j,), above=0)
    _check_array("trade_deficit", economy.trade_deficit, (n,))
    if not (economy.factor_mobility >= 1).all():
        raise EconomyError("factor_mobility is below 1.", advice="Write a number from 1 to inf.")
    if economy.input_share.sum(axis=1).max() > 1 + 1e-9:
        raise EconomyError("input_share sums to more than 1 in a sector.")
    if not np.allclose(economy.consumption_share.sum(axis=1), 1.0, atol=1e-9):
        raise EconomyError("consumption_share does not sum to 1 in every country.")
    if economy.is_balanced:
        _check_identities(economy)


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
