"""What policy and shadow prices put between the factory and the buyer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.model.arrays import Array
from sim.model.economy import Economy
from sim.model.shock import Shock


@dataclass(frozen=True, eq=False)
class Wedges:
    """Counterfactual policy, shadow wedges included, all [n, i, j]."""

    tariff_rate: Array
    export_tax_rate: Array
    trade_cost_hat: Array
    """Buyer's price over the exporter's input cost, change factor."""
    quantity_cost_hat: Array
    """Factory value per delivered unit over the exporter's input cost, change factor."""
    kept_factor: Array
    """What caps multiply the customs price by as rent, >= 1; a scalar without targets."""
    subsidy_factor: Array
    """What floors multiply the delivered price by, in (0, 1]; a scalar without targets."""


def wedges(economy: Economy, shock: Shock, shadow_log: Array) -> Wedges:
    """Return the counterfactual tariffs, export taxes and trade costs, [n, i, j].

    A cap with wedge F = e^psi and rent share r splits F into waste 1 + (1-r)(F-1), burnt with the
    exporter's goods, and the export tax that is kept.  A floor multiplies the buyer's price by
    e^-psi at the expense of the buyer's budget.
    """
    cap_log, kept_weight, floor_log = _shadow_logs(economy, shock, shadow_log)
    shadow = np.exp(cap_log)
    rent_share = np.divide(kept_weight, cap_log, out=np.ones_like(cap_log), where=cap_log > 0)
    kept = shadow / (1.0 + (1.0 - rent_share) * (shadow - 1.0))
    subsidy = np.exp(-floor_log)
    tariff, tariff_hat = _policy(economy.tariff_rate, shock.tariff_rate_cf, subsidy)
    export_tax, export_hat = _policy(economy.export_tax_rate, shock.export_tax_rate_cf, kept)
    quantity_cost = np.broadcast_to(shadow / kept, economy.trade_flow.shape)
    if shock.iceberg_hat is not None:
        quantity_cost = quantity_cost * shock.iceberg_hat
    if shock.productivity_hat is not None:
        quantity_cost = quantity_cost / shock.productivity_hat
    return Wedges(
        tariff_rate=tariff,
        export_tax_rate=export_tax,
        trade_cost_hat=tariff_hat * export_hat * quantity_cost,
        quantity_cost_hat=quantity_cost,
        kept_factor=kept,
        subsidy_factor=subsidy,
    )


def _policy(baseline: Array, shocked: Array | None, factor: Array) -> tuple[Array, Array]:
    """Counterfactual rate with its shadow factor, and (1 + rate) over the baseline's."""
    if shocked is None and factor.ndim == 0:
        return baseline, np.ones(())
    gross = (1.0 + (baseline if shocked is None else shocked)) * factor
    return gross - 1.0, gross / (1.0 + baseline)


def _shadow_logs(economy: Economy, shock: Shock, shadow_log: Array) -> tuple[Array, Array, Array]:
    """Sum the log wedges of caps, the same weighted by rent share, and of floors, [n, i, j]."""
    shape = economy.trade_flow.shape if shadow_log.any() else ()
    cap, kept, floor = (np.zeros(shape) for _ in range(3))
    if not shape:
        return cap, kept, floor
    for target, psi in zip(shock.targets, shadow_log, strict=True):
        mask = target.mask(economy)
        if target.kind == "cap":
            cap[mask] += psi
            kept[mask] += psi * target.rent_share
        else:
            floor[mask] += psi
    return cap, kept, floor
