"""Purchases in time: what was promised, bought, shipped and arrived, and what would close a gap."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.border.solved_months import SolvedMonths
from sim.errors import NotConverged
from sim.model.equilibrium import Equilibrium
from sim.model.path.purchase_calendar import YEAR, Deliveries, deliveries, seasonal_shares
from sim.model.path.transition import solve_path
from sim.outputs import metrics
from sim.outputs.path_rows import PathRow
from sim.outputs.variables import TONNES
from sim.policy.law.nontariff import TargetSpec

Array = NDArray[np.float64]

USD_BN_2024 = "bn USD at prices of 2024"
SEASONAL = "SOY"
"""Sector whose shipments have a season."""


@dataclass(frozen=True, eq=False)
class Promise:
    """A promise to buy, with annual rates by month of loading, [t], in `unit`.

    ``promised`` is in full, ``pledged`` what is assumed to be bought of it; both are zero in months
    without it.  ``free`` is what would be shipped if nobody had to buy.
    """

    spec: TargetSpec
    unit: str
    before: float
    promised: Array
    pledged: Array
    shipped: Array
    free: Array


def purchase_ledger(solved: SolvedMonths) -> tuple[list[PathRow], list[dict[str, Any]]]:
    """Rows and manifest entries of every promise to buy."""
    rows: list[PathRow] = []
    entries: list[dict[str, Any]] = []
    for name in dict.fromkeys(s.measure_id for m in solved.policy for s in m.specs):
        spec = next(s for m in solved.policy for s in m.specs if s.measure_id == name)
        if spec.target.kind == "floor":
            promise = _promise(solved, spec)
            moved = _moved(solved, promise)
            rows += _rows(promise, moved, _duty_cuts(solved, promise), _committed(solved, promise))
            entries.append(_entry(solved, promise, moved))
    return rows, entries


def _promise(solved: SolvedMonths, spec: TargetSpec) -> Promise:
    """Annual rates of a promise, in tonnes or in dollars at the prices of 2024."""
    per_hat, unit = _reference(spec)
    economy = solved.start.economy
    flows = np.nonzero(spec.target.mask(economy))
    base = economy.trade_flow[flows] / (1.0 + economy.export_tax_rate[flows])

    def hats(months: tuple[Equilibrium, ...]) -> Array:
        moved = ((base * month.quantity_hat[flows]).sum() for month in months)
        return np.array([quantity / base.sum() for quantity in moved])

    pledged, relative = np.zeros(len(solved.policy)), 1.0
    for t, month in enumerate(solved.policy):
        for position, other in enumerate(month.specs):
            if other.measure_id == spec.measure_id:
                pledged[t] = per_hat * other.target.quantity_hat
                relative = other.target.quantity_hat / month.shock.targets[position].quantity_hat
    before = per_hat * relative
    shipped = before * hats(solved.path.months)
    return Promise(
        spec=spec,
        unit=unit,
        before=before,
        promised=pledged / float(spec.details["fulfilment"]),
        pledged=pledged,
        shipped=shipped,
        free=shipped if solved.free is solved.path else before * hats(solved.free.months),
    )


def _reference(spec: TargetSpec) -> tuple[float, str]:
    """Quantity of 2024, and its unit."""
    if spec.unit == "mmt":
        return float(spec.details["reference_mmt"]), TONNES
    return float(spec.details["reference_usd_bn"]), USD_BN_2024


def _season(solved: SolvedMonths, promise: Promise) -> Array:
    """Part of a year's trade in each calendar month; even for what has no season here."""
    pace = solved.pace
    if promise.spec.target.sectors != (SEASONAL,):
        return np.full(YEAR, 1.0 / YEAR)
    return seasonal_shares(pace.soybean_season.shares, pace.purchase_season.value)


def _moved(solved: SolvedMonths, promise: Promise) -> Deliveries:
    """Put the path's annual rates on the calendar."""
    return deliveries(
        promise.shipped,
        promise.before,
        _season(solved, promise),
        solved.policy[0].first.month,
        lead=int(solved.pace.purchase_lead.value),
        transit=int(solved.pace.purchase_transit.value),
    )


def _monthly(solved: SolvedMonths, promise: Promise, rate: Array) -> Array:
    """Annual rates of loading as quantities of the months."""
    season, first = _season(solved, promise), solved.policy[0].first.month
    return rate * season[(first - 1 + np.arange(len(rate))) % YEAR]


def _committed(solved: SolvedMonths, promise: Promise) -> tuple[Array, Array]:
    """What is promised for each month, and what its trade would have been in the baseline."""
    usual = np.full(len(solved.policy), promise.before)
    return _monthly(solved, promise, promise.promised), _monthly(solved, promise, usual)


def _fulfilment(moved: Deliveries, committed: Array) -> Array:
    """Shipped over promised since the promise began, percent; nan before."""
    due = np.cumsum(committed)
    done = np.cumsum(np.where(committed > 0, moved.shipped, 0.0))
    part = np.divide(done, due, out=np.full_like(due, np.nan), where=due > 0)
    return np.asarray(100.0 * part)


def _duties(month: Equilibrium, promise: Promise) -> tuple[float, float]:
    """Average duty of the law on the promised goods, and the same after the subsidy, fractions.

    A subsidy out of the buyer's budget and a cut of the buyer's duty are one and the same in the
    model.  Weights are the flows of the month.
    """
    flows = np.nonzero(promise.spec.target.mask(month.economy))
    flow = month.trade_flow_cf[flows]
    law, paid = metrics.law_tariff_rate(month)[flows], month.tariff_rate_cf[flows]
    return float((law * flow).sum() / flow.sum()), float((paid * flow).sum() / flow.sum())


def _duty_cut_pp(law: float, paid: float) -> float:
    """Cut of the duty that is worth the subsidy, points; no duty falls below nothing."""
    return 100.0 * (law - min(law, max(paid, 0.0)))


def _duty_cuts(solved: SolvedMonths, promise: Promise) -> list[float]:
    return [_duty_cut_pp(*_duties(month, promise)) for month in solved.path.months]


def _rows(
    promise: Promise,
    moved: Deliveries,
    duty_cuts: list[float],
    committed: tuple[Array, Array],
) -> list[PathRow]:
    """Rows of the result table, month by month."""
    target = promise.spec.target
    buyer, seller = (target.importers or ("TOTAL",))[0], (target.exporters or ("TOTAL",))[0]
    goods = target.sectors or ()
    key = (buyer, seller, goods[0] if len(goods) == 1 else "TOTAL")
    due, usual = committed
    fulfilled = _fulfilment(moved, due)
    rows = []
    for t in range(len(due)):
        for name, values in (
            ("bought", moved.bought),
            ("shipped", moved.shipped),
            ("arrived", moved.arrived),
        ):
            level = float(values[t])
            change = level - float(usual[t]) if name == "shipped" else level
            rows.append(PathRow(t, f"purchase_{name}", *key, level, change, promise.unit))
        promised = float(due[t])
        rows.append(PathRow(t, "purchase_committed", *key, promised, promised, promise.unit))
        if np.isfinite(fulfilled[t]):
            value = float(fulfilled[t])
            rows.append(PathRow(t, "purchase_fulfilment", *key, value, value - 100.0))
        rows.append(PathRow(t, "purchase_duty_cut", *key, duty_cuts[t], duty_cuts[t]))
    return rows


def _entry(solved: SolvedMonths, promise: Promise, moved: Deliveries) -> dict[str, Any]:
    """What the manifest says of a promise."""
    due, _ = _committed(solved, promise)
    alone = _monthly(solved, promise, promise.free)
    fulfilled = _fulfilment(moved, due)
    names = ("promised", "bought", "shipped", "arrived", "without")
    columns = (due, moved.bought, moved.shipped, moved.arrived, alone)
    sums = dict(zip(names, (np.cumsum(column) for column in columns), strict=True))
    months = [
        {
            "month": month,
            **{name: float(column[t]) for name, column in zip(names, columns, strict=True)},
            "cumulative": {name: float(column[t]) for name, column in sums.items()},
            "fulfilment_pct": None if np.isnan(fulfilled[t]) else float(fulfilled[t]),
        }
        for t, month in enumerate(solved.months)
    ]
    target = promise.spec.target
    return {
        "measure": promise.spec.measure_id,
        "buyer": list(target.importers or ()),
        "seller": list(target.exporters or ()),
        "sectors": list(target.sectors or ()),
        "unit": promise.unit,
        "months": months,
        "closing": _closing(solved, promise),
    }


def _closing(solved: SolvedMonths, promise: Promise) -> dict[str, Any] | None:
    """What would make the promise whole in its last month: a duty cut, or state buying.

    The month is solved once more where less than the whole promise is assumed to be bought; if
    that has no answer, only the gap is told.
    """
    held = np.flatnonzero(promise.promised > 0)
    if not len(held):
        return None
    last = int(held[-1])
    gap = {
        "month": solved.months[last],
        "promised": float(promise.promised[last]),
        "shipped": float(promise.shipped[last]),
        "without": float(promise.free[last]),
        "shortfall": float(max(promise.promised[last] - promise.free[last], 0.0)),
    }
    try:
        month = _kept_in_full(solved, promise, last)
    except NotConverged:
        return gap  # no subsidy that the buyer could pay brings so much about in a month
    law, paid = _duties(month, promise)
    mask = promise.spec.target.mask(month.economy)
    cost = ((metrics.law_tariff_rate(month) - month.tariff_rate_cf) * month.trade_flow_cf)[mask]
    return {
        **gap,
        "duty_pp": 100.0 * law,
        "duty_cut_pp": _duty_cut_pp(law, paid),
        "is_closed_by_duty": paid >= 0,
        "subsidy_pct": 100.0 * max((1.0 + law) / (1.0 + paid) - 1.0, 0.0),
        "subsidy_usd_mn": float(max(cost.sum(), 0.0)),
    }


def _kept_in_full(solved: SolvedMonths, promise: Promise, t: int) -> Equilibrium:
    """Return month `t`, solved with the whole promise if it was solved with less."""
    path, month = solved.path, solved.path.months[t]
    part = float(promise.spec.details["fulfilment"])
    positions = [
        position
        for position, spec in enumerate(solved.policy[t].specs)
        if spec.measure_id == promise.spec.measure_id
    ]
    if part >= 1.0 or not positions:
        return month
    targets = list(month.shock.targets)
    floor = targets[positions[0]]
    targets[positions[0]] = replace(floor, quantity_hat=floor.quantity_hat / part)
    shock = replace(month.shock, targets=tuple(targets))
    longer = solve_path(
        path.economy,
        [shock],
        resourcing=path.resourcing,
        reallocation=path.reallocation,
        transit_months=path.transit_months,
        start=path.until(t),
    )
    return longer.months[-1]
