"""The accounts of a path: stocks, licences, purchases and buying ahead, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.engine.border.buying_ahead import bought_ahead, expected_savings, storable
from sim.engine.border.licences import Licensed
from sim.engine.border.purchases import purchase_ledger
from sim.engine.border.solved_months import SolvedMonths
from sim.engine.months import MIDDLE
from sim.model.path.stocks import StockedPath, StockPool
from sim.outputs import metrics
from sim.outputs.manifest import plain
from sim.outputs.outcome import Outcome
from sim.outputs.path_rows import PathRow, Place, path_row_table
from sim.outputs.table import GOODS, TOTAL

Array = NDArray[np.float64]

EMPTY = 1e-9
"""Months of use below which a stock is gone."""


@dataclass(frozen=True, eq=False)
class Ledger:
    """Rows for the result table, and what the manifest says."""

    rows: tuple[PathRow, ...]
    entries: dict[str, Any]

    def measured_against(self, reference: Ledger) -> Ledger:
        """Return the same accounts with changes against those of another path of the start.

        A number that only the other path has is at its usual level here.
        """
        others = {row.place: row for row in reference.rows}
        rows = [
            replace(row, change=row.change - others[row.place].change)
            if row.place in others
            else row
            for row in self.rows
        ]
        own = {row.place for row in self.rows}
        rows += [
            replace(row, level=row.level - row.change, change=-row.change)
            for place, row in others.items()
            if place not in own
        ]
        return replace(self, rows=tuple(rows))

    def with_table(self, table: pa.Table, outcomes: Sequence[Outcome]) -> pa.Table:
        """Return the table of a path with these rows."""
        if not self.rows:
            return table
        dates = [outcome.date for outcome in outcomes]
        more = path_row_table(outcomes[0].scenario, dates, self.rows)
        whole = pa.concat_tables([table, more]).unify_dictionaries().combine_chunks()
        # As without them, the rows stand month by month.
        order = np.argsort(whole["date"].to_numpy(), kind="stable")
        return whole.take(order).combine_chunks()


def path_ledger(solved: SolvedMonths) -> Ledger:
    """Keep the accounts of a path; empty where nothing is stocked, licensed or promised."""
    rows: list[PathRow] = []
    entries: dict[str, Any] = {}
    for name, kept in (
        ("stocks", _stocks(solved)),
        ("licences", _licences(solved)),
        ("purchases", purchase_ledger(solved)),
        ("bought_ahead", _bought_ahead(solved)),
    ):
        if kept[1]:
            rows += kept[0]
            entries[name] = kept[1]
    return Ledger(_once(rows), entries)


def _once(rows: Sequence[PathRow]) -> tuple[PathRow, ...]:
    """Keep one number a place: a second promise on the same sum of sectors is in the entries."""
    kept: dict[Place, PathRow] = {}
    for row in rows:
        kept.setdefault(row.place, row)
    return tuple(kept.values())


def _stocks(solved: SolvedMonths) -> tuple[list[PathRow], list[dict[str, Any]]]:
    """Use, arrivals and stocks of every pool of users, and of all of them."""
    if not isinstance(solved.path, StockedPath):
        return [], []
    ledger = solved.path.ledger
    names = [_users(pool, ledger.pools) for pool in ledger.pools]
    rows, entries = [], []
    for p, pool in enumerate(ledger.pools):
        columns = (ledger.use[:, p], ledger.arrivals[:, p], ledger.stock[:, p])
        use, arrivals, stock = (column.tolist() for column in columns)
        if pool.importers == (names[p],) or names[p] == TOTAL:
            for t in range(len(use)):
                rows += _pool_rows(t, names[p], pool, (use[t], arrivals[t], stock[t]), ledger.full)
        gone = [month for month, held in enumerate(stock) if held <= EMPTY]
        entries.append(
            {
                "exporter": pool.exporter,
                "sector": pool.sector,
                "users": names[p],
                "stock_months": ledger.full,
                "gone_in": solved.months[gone[0]] if gone else None,
                "months": [
                    {"month": month, "use": u, "arrivals": a, "stock": s}
                    for month, u, a, s in zip(solved.months, use, arrivals, stock, strict=True)
                ],
            }
        )
    return rows, entries


def _users(pool: StockPool, pools: Sequence[StockPool]) -> str:
    """Name of a pool: its only importer, TOTAL for all users of the goods, or OTHERS."""
    if len(pool.importers) == 1:
        return pool.importers[0]
    same = [p for p in pools if (p.exporter, p.sector) == (pool.exporter, pool.sector)]
    return TOTAL if len(same) == 1 else "OTHERS"


def _pool_rows(
    month: int, users: str, pool: StockPool, values: tuple[float, float, float], full: float
) -> list[PathRow]:
    use, arrivals, stock = values
    key = (users, pool.exporter, pool.sector)
    return [
        PathRow(month, "stock_use", *key, 100.0 * use, 100.0 * (use - 1.0)),
        PathRow(month, "stock_arrivals", *key, 100.0 * arrivals, 100.0 * (arrivals - 1.0)),
        PathRow(month, "stock_held", *key, stock, stock - full),
    ]


def _licences(solved: SolvedMonths) -> tuple[list[PathRow], list[dict[str, Any]]]:
    """What became of the applications under each licence with a queue."""
    rows, entries = [], []
    for licensed in solved.licensed:
        measure, queue = licensed.measure, licensed.queue
        buyers = measure.importers
        partner = buyers[0] if len(buyers) == 1 else TOTAL
        for sector in measure.sectors if measure.sectors != "all" else (TOTAL,):
            for t in range(len(solved.months)):
                rows += _queue_rows(t, licensed, (measure.exporter, partner, sector))
        entries.append(
            {
                "measure": measure.id,
                "title": measure.title,
                "parameters": dict(licensed.parameters),
                "months": [
                    {
                        "month": month,
                        "supply_hat": licensed.supply_hat(t),
                        **_queue_month(licensed, t),
                    }
                    for t, month in enumerate(solved.months)
                ],
                "totals": {
                    name: float(getattr(queue, name).sum())
                    for name in ("filed", "approved", "refused", "shipped", "expired")
                },
            }
        )
    return rows, plain(entries)


MIN_AHEAD = 1.0
"""Stock bought ahead, USD mn, below which there is nothing to tell."""


def _bought_ahead(solved: SolvedMonths) -> tuple[list[PathRow], list[dict[str, Any]]]:
    """Arrivals and stocks of the pair, from each other and from all, where a rise is known."""
    start, first, pair = solved.start, solved.outcomes[0], solved.pair.codes
    axes = solved.law.axes
    if not set(pair) <= set(axes.regions):
        return [], []
    buyers = [axes.regions.index(code) for code in pair]
    months = [
        (month.first.replace(day=MIDDLE), metrics.law_tariff_rate(solved.path.months[t]))
        for t, month in enumerate(solved.policy)
    ]
    savings = expected_savings(solved.law, months, buyers, solved.pace)
    if savings is None:
        return [], []
    use = solved.path.arrival_flow[:, buyers] * first.customs_factor[buyers]
    kept = bought_ahead(use, savings, storable(axes, buyers, solved.pair, solved.pace), solved.pace)
    goods = first.is_goods
    base = (start.economy.trade_flow * first.customs_factor)[buyers][:, :, goods].sum(axis=2)
    columns = [x[..., goods].sum(axis=3) for x in (kept.use, kept.arrivals, kept.stock)]
    rows: list[PathRow] = []
    entries: list[dict[str, Any]] = []
    for n, buyer in enumerate(pair):
        rival = axes.regions.index(pair[1 - n])
        abroad = [i for i, code in enumerate(axes.regions) if code != buyer]
        for partner, chosen in ((pair[1 - n], [rival]), (TOTAL, abroad)):
            used, arrived, held = (x[:, n, chosen].sum(axis=1) for x in columns)
            if held.max() < MIN_AHEAD:
                continue
            key, usual = (buyer, partner, GOODS), float(base[n, chosen].sum())
            rows += _ahead_rows(key, usual, arrived, held / 12.0)
            entries.append(_ahead_entry(solved.months, key, (used, arrived, held / 12.0)))
    return rows, entries


def _ahead_rows(
    key: tuple[str, str, str], usual: float, arrived: Array, held: Array
) -> list[PathRow]:
    rows = []
    for t, (level, stock) in enumerate(zip(arrived.tolist(), held.tolist(), strict=True)):
        rows.append(PathRow(t, "imports_with_stocks", *key, level, level - usual))
        rows.append(PathRow(t, "stock_bought_ahead", *key, stock, stock))
    return rows


def _ahead_entry(
    months: list[str], key: tuple[str, str, str], columns: tuple[Array, Array, Array]
) -> dict[str, Any]:
    """What the manifest says; use and arrivals at annual rates, USD mn."""
    use, arrivals, stock = (column.tolist() for column in columns)
    return {
        "region": key[0],
        "partner": key[1],
        "months": [
            {"month": month, "use": u, "arrivals": a, "stock": s}
            for month, u, a, s in zip(months, use, arrivals, stock, strict=True)
        ],
    }


_COUNTED = ("filed", "approved", "refused", "pending")


def _queue_month(licensed: Licensed, month: int) -> dict[str, float]:
    """Applications of a month of the path; nothing before the rule."""
    place = licensed.at(month)
    if place is None:
        return dict.fromkeys(_COUNTED, 0.0)
    return {name: float(getattr(licensed.queue, name)[place]) for name in _COUNTED}


def _queue_rows(month: int, licensed: Licensed, key: tuple[str, str, str]) -> list[PathRow]:
    counted = _queue_month(licensed, month)
    supply = 100.0 * licensed.supply_hat(month)
    return [
        *(PathRow(month, f"licence_{name}", *key, value, value) for name, value in counted.items()),
        PathRow(month, "licence_supply", *key, supply, supply - 100.0),
    ]
