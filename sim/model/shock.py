"""What hits an economy: tariffs, trade costs, deficits, and targets for quantities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.errors import EconomyError
from sim.model.arrays import Array, BoolArray, check_array, frozen
from sim.model.economy import Economy


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
        check_array("tariff_rate_cf", self.tariff_rate_cf, flows, above=-1)
        check_array("iceberg_hat", self.iceberg_hat, flows, above=0)
        check_array("export_tax_rate_cf", self.export_tax_rate_cf, flows, above=-1)
        check_array("productivity_hat", self.productivity_hat, goods, above=0)
        if isinstance(self.trade_deficit_cf, str):
            if self.trade_deficit_cf != "balanced":
                raise EconomyError(
                    f"trade_deficit_cf is {self.trade_deficit_cf!r}.",
                    advice="Write 'balanced', one deficit a country, or nothing.",
                )
        elif self.trade_deficit_cf is not None:
            check_array("trade_deficit_cf", self.trade_deficit_cf, flows[:1])
            if abs(self.trade_deficit_cf.sum()) > 1e-9 * economy.factor_income.sum():
                raise EconomyError(
                    "trade_deficit_cf does not sum to zero.",
                    advice="One country's deficit is another's surplus.",
                )


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
