"""A path whose users live on stocks while licences hold back supplies of a critical input.

A cap on supply limits what may be shipped, not what may be used.  In each month the users whom a
cap reaches can use what it lets through and what they have in stock:

    use = arrivals + stock before - stock after,     arrivals within the caps,     stock >= 0.

Month by month the caps of the equilibrium are therefore the supply plus the stocks of the users
they reach; what is used comes out of the equilibrium, and the stocks follow from it.  Users go on
as before while their stocks last and do not save them for worse months.

Users are grouped into pools by the caps that reach them, so that the Americans under a cap of their
own and under that of the world have one stock and all others another; a pool's stock is lent to no
other.  Flows of the path count use; arrivals are in the `StockLedger`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from sim.errors import EconomyError
from sim.model.arrays import Array, BoolArray, sealed
from sim.model.economy import Economy
from sim.model.equilibrium import Equilibrium
from sim.model.path.transition import TransitionPath, solve_path
from sim.model.shock import QuantityTarget, Shock

_EXCESS = 1e-7
"""Part of a cap by which arrivals may exceed it before another cap is added."""


@dataclass(frozen=True, eq=False)
class StockPool:
    """Users with one stock: a set of importers of one exporter's goods of one sector."""

    importers: tuple[str, ...]
    exporter: str
    sector: str
    flows: BoolArray
    """The flows, [n, i, j]."""
    normal: float
    """Quantity used in the baseline, at baseline factory prices."""


@dataclass(frozen=True, eq=False)
class StockLedger:
    """What the pools used, received and held, in months of their use in the baseline, [t, p].

    ``stock`` is at the end of the month; before the first month it is `full`.
    """

    pools: tuple[StockPool, ...]
    full: float
    use: Array
    arrivals: Array
    stock: Array

    @property
    def change(self) -> Array:
        """Change of the stocks in each month, [t, p]."""
        before = np.vstack([np.full((1, len(self.pools)), self.full), self.stock])
        return np.diff(before, axis=0)


@dataclass(frozen=True, eq=False)
class StockedPath(TransitionPath):
    """A path with the ledger of its stocks."""

    ledger: StockLedger

    def until(self, length: int) -> StockedPath:
        """Return the first `length` months with their ledger."""
        shorter = super().until(length)
        rows = {name: getattr(self.ledger, name)[:length] for name in _LEDGER_ROWS}
        return _stocked(shorter, replace(self.ledger, **rows))


def solve_on_stocks(
    economy: Economy,
    shocks: Sequence[Shock],
    supply: Sequence[Sequence[int]],
    *,
    stock_months: float,
    refill: float = 0.0,
    start: TransitionPath | None = None,
    **pace: Any,  # noqa: ANN401  keywords of `solve_path`
) -> StockedPath:
    """Solve month after month, the users of the capped goods living on stocks.

    Parameters
    ----------
    shocks
        One for each month, as in `solve_path`.
    supply
        For each month, the positions among the shock's targets of the caps that limit supply.  Each
        is on one sector of one exporter.  All other targets limit use, as ever.
    stock_months
        Months of baseline use that every pool has in stock at the start; full, too.
    refill
        Part of the gap to a full stock that is bought back in a month if supply allows, in [0, 1].
    start
        A path to be continued, as in `solve_path`; with its ledger if it has one, else from full
        stocks.  Where new caps part its pools, each part goes on with the stock of the whole.
    pace
        Other keywords of `solve_path`.

    Raises
    ------
    EconomyError
        If a cap or a parameter does not fit.
    NotConverged
        If a month has no solution.
    """
    if not (np.isfinite(stock_months) and stock_months >= 0 and 0 <= refill <= 1):
        raise EconomyError(
            f"stock_months is {stock_months:g} and refill {refill:g}.",
            advice="Write months of use, 0 or more, and a part from 0 to 1.",
        )
    caps = [
        [shock.targets[position] for position in positions]
        for shock, positions in zip(shocks, supply, strict=True)
    ]
    earlier = start.ledger if isinstance(start, StockedPath) else None
    pools = _pools(economy, caps, () if earlier is None else earlier.pools)
    accounts = _StockAccounts(economy, pools, stock_months, refill)
    path = solve_path(economy, [], start=start, **pace)
    accounts.take_over(earlier, len(path))
    known: dict[tuple[int, bytes], Shock] = {}
    for shock, positions, month_caps in zip(shocks, supply, caps, strict=True):
        wider = accounts.widened(shock, positions, known)
        path = _month(path, wider, accounts, month_caps, pace)
        accounts.settle(path.months[-1], month_caps)
    return _stocked(path, accounts.ledger())


_LEDGER_ROWS = ("use", "arrivals", "stock")


def _stocked(path: TransitionPath, ledger: StockLedger) -> StockedPath:
    values = {field.name: getattr(path, field.name) for field in fields(TransitionPath)}
    return StockedPath(**values, ledger=ledger)


def _month(
    path: TransitionPath,
    shock: Shock,
    accounts: _StockAccounts,
    caps: Sequence[QuantityTarget],
    pace: Mapping[str, Any],
) -> TransitionPath:
    """Solve a month; where a pool would use another's stock, once more with a cap against it."""
    while True:
        longer = solve_path(path.economy, [shock], start=path, **pace)
        extra = accounts.overdrawn(longer.months[-1], caps)
        if extra is None or extra in shock.targets:
            return longer
        shock = replace(shock, targets=(*shock.targets, extra))


class _StockAccounts:
    """Stocks of the pools, month by month; quantities are in units of a month's baseline use."""

    def __init__(
        self, economy: Economy, pools: tuple[StockPool, ...], months: float, refill: float
    ) -> None:
        self.economy, self.pools, self.months, self.refill = economy, pools, months, refill
        self.base = economy.trade_flow / (1.0 + economy.export_tax_rate)
        self.normal = np.array([pool.normal for pool in pools])
        self.held = months * self.normal
        self.use: list[Array] = []
        self.arrivals: list[Array] = []
        self.stock: list[Array] = []

    def take_over(self, earlier: StockLedger | None, months: int) -> None:
        """Go on from the ledger of a path of `months`; without one nothing has been drawn yet."""
        if earlier is not None:
            months = len(earlier.use)
        columns = [self._column(earlier, pool, months) for pool in self.pools]
        for t in range(months):
            self.use.append(np.array([column[0][t] for column in columns]))
            self.arrivals.append(np.array([column[1][t] for column in columns]))
            self.stock.append(np.array([column[2][t] for column in columns]))
        if months:
            self.held = self.stock[-1] * self.normal

    def _column(
        self, earlier: StockLedger | None, pool: StockPool, months: int
    ) -> tuple[Array, Array, Array]:
        """Use, arrivals and stock of a pool in an earlier ledger: those of the pool it was in."""
        for p, parent in enumerate(() if earlier is None else earlier.pools):
            same = (parent.exporter, parent.sector) == (pool.exporter, pool.sector)
            if earlier is not None and same and set(pool.importers) <= set(parent.importers):
                return earlier.use[:, p], earlier.arrivals[:, p], earlier.stock[:, p]
        return np.ones(months), np.ones(months), np.full(months, self.months)

    def members(self, cap: QuantityTarget) -> BoolArray:
        """Tell which pools a cap reaches, [p]."""
        mask = cap.mask(self.economy)
        return np.array([bool((pool.flows & mask).any()) for pool in self.pools])

    def supplied(self, cap: QuantityTarget) -> float:
        """Quantity that a cap lets through in a month."""
        return cap.quantity_hat * float(self.normal[self.members(cap)].sum())

    def widened(
        self, shock: Shock, positions: Sequence[int], known: dict[tuple[int, bytes], Shock]
    ) -> Shock:
        """Raise the caps on supply by the stocks; months with equal caps share the shock."""
        if not positions or not self.held.any():
            return shock
        key = (id(shock), self.held.tobytes())
        if key not in known:
            targets = list(shock.targets)
            for position in positions:
                cap, chosen = targets[position], self.members(targets[position])
                share = float(self.held[chosen].sum() / self.normal[chosen].sum())
                targets[position] = replace(cap, quantity_hat=cap.quantity_hat + share)
            known[key] = replace(shock, targets=tuple(targets))
        return known[key]

    def overdrawn(
        self, month: Equilibrium, caps: Sequence[QuantityTarget]
    ) -> QuantityTarget | None:
        """Return the cap that keeps pools from using the stock of others; None if all is well."""
        needed = np.maximum(self._used(month) - self.held, 0.0)
        for cap in caps:
            short = self.members(cap) & (needed > 0)
            supplied = self.supplied(cap)
            if needed[short].sum() > supplied * (1.0 + _EXCESS):
                room = (supplied + self.held[short].sum()) / self.normal[short].sum()
                return replace(cap, importers=self._buyers(short), quantity_hat=float(room))
        return None

    def _buyers(self, chosen: BoolArray) -> tuple[str, ...]:
        buyers = {code for pool in np.array(self.pools)[chosen] for code in pool.importers}
        return tuple(code for code in self.economy.importers if code in buyers)

    def _used(self, month: Equilibrium) -> Array:
        """Quantity that each pool used, [p]."""
        return np.array([(self.base * month.quantity_hat)[pool.flows].sum() for pool in self.pools])

    def settle(self, month: Equilibrium, caps: Sequence[QuantityTarget]) -> None:
        """Record what was used, what arrived for it, and what is left."""
        used = self._used(month)
        needed = np.maximum(used - self.held, 0.0)
        wished = used + self.refill * np.maximum(self.months * self.normal - self.held, 0.0)
        bounds = [(self.members(cap), self.supplied(cap)) for cap in caps]
        more = _filled(needed, wished - needed, bounds)
        self.use.append(used / self.normal)
        self.arrivals.append((needed + more) / self.normal)
        self.held = np.maximum(self.held - used, 0.0) + more
        self.stock.append(self.held / self.normal)

    def ledger(self) -> StockLedger:
        """Return all months as one ledger."""
        shape = (len(self.use), len(self.pools))
        columns = (np.array(rows).reshape(shape) for rows in (self.use, self.arrivals, self.stock))
        use, arrivals, stock = (sealed(column) for column in columns)
        return StockLedger(self.pools, self.months, use, arrivals, stock)


def _filled(least: Array, wished: Array, bounds: Sequence[tuple[BoolArray, float]]) -> Array:
    """Share out what supply is left beyond `least`: the same part of `wished` to all, [p].

    The part rises until a cap is reached.  The pools under that cap then get no more, and for the
    others it goes on rising, up to the whole of what they wish.
    """
    given, is_open, granted = np.zeros_like(wished), np.ones(len(wished), dtype=bool), 0.0
    while is_open.any() and granted < 1.0:
        step, tight = 1.0 - granted, None
        for chosen, supplied in bounds:
            asked = wished[chosen & is_open].sum()
            room = max(supplied - (least + given)[chosen].sum(), 0.0)
            if asked > 0 and room / asked < step:
                step, tight = room / asked, chosen
        given[is_open] += step * wished[is_open]
        granted += step
        if tight is None:
            break
        is_open &= ~tight
    return given


def _pools(
    economy: Economy, caps: Sequence[Sequence[QuantityTarget]], earlier: Sequence[StockPool]
) -> tuple[StockPool, ...]:
    """Group the users of what is capped in any month by the caps that reach them."""
    base = economy.trade_flow / (1.0 + economy.export_tax_rate)
    before = [(pool.importers, pool.exporter, pool.sector) for pool in earlier]
    now = [_reach(cap) for month in caps for cap in month]
    reached = list(dict.fromkeys([*before, *now]))
    pools = []
    for exporter, sector in dict.fromkeys(reach[1:] for reach in reached):
        groups = [set(reach[0]) for reach in reached if reach[1:] == (exporter, sector)]
        by_caps: dict[tuple[bool, ...], list[str]] = {}
        for code in economy.importers:
            by_caps.setdefault(tuple(code in group for group in groups), []).append(code)
        for is_reached, codes in by_caps.items():
            target = QuantityTarget(tuple(codes), (exporter,), (sector,), "cap", 1.0)
            flows = target.mask(economy)
            normal = float(base[flows].sum())
            if any(is_reached) and normal > 0:
                pools.append(StockPool(tuple(codes), exporter, sector, flows, normal))
    return tuple(pools)


def _reach(cap: QuantityTarget) -> tuple[tuple[str, ...], str, str]:
    """Importers, exporter and sector of a cap on supply."""
    exporters, sectors = cap.exporters or (), cap.sectors or ()
    if cap.kind != "cap" or cap.importers is None or len(exporters) != 1 or len(sectors) != 1:
        raise EconomyError(
            "a limit on supply is not a cap on one sector of one exporter to named importers.",
            advice="Only such caps can be lived through on stocks.",
        )
    return cap.importers, exporters[0], sectors[0]
