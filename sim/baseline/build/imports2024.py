"""US goods imports moved from 2022 to the 2024 composition by partner and sector."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.baseline.build.commodities import CARVED_PARENT
from sim.baseline.build.import_values import UsImports, year_total
from sim.baseline.build.io_table import Array, WorldTable
from sim.errors import BaselineError

ICIO_YEAR, LINES_YEAR = 2022, 2024

NAMED_PARTNERS: Mapping[str, str] = {
    "CHN": "m_china",
    "CAN": "m_canada",
    "MEX": "m_mexico",
    "EU27": "m_eu",
}
"""Partners with their own column in the monthly series; all others share one factor."""

LEAST_OWN_SHARE = 0.01
"""Smallest own sales over output that an exporter may be left with."""

LEAST_FINAL_SHARE = 0.10
"""Smallest final demand, relative to 2022, that a market may be left with."""


@dataclass(frozen=True, eq=False)
class UsTarget:
    """US goods imports of 2024 in the parent sectors.

    Parameters
    ----------
    customs
        Customs value, USD mn, [i, j].
    valuation_factor
        Basic price over customs value, [i].
    """

    customs: Array
    valuation_factor: Array


def parent_customs(imports: UsImports, sectors: tuple[str, ...]) -> Array:
    """Sum customs values over the parents of carved sectors, [i, j]."""
    value = np.zeros((len(imports.regions), len(sectors)))
    for column, code in enumerate(imports.sectors):
        value[:, sectors.index(CARVED_PARENT.get(code, code))] += imports.value[:, column]
    return value


def us_target(table: WorldTable, imports: UsImports, monthly_file: Path) -> UsTarget:
    """Put together the lines, the partners that the lines do not list, and the valuation."""
    rows = _monthly(monthly_file)
    factor = valuation_factor(table, rows)
    customs = parent_customs(imports, table.sectors)
    customs += _unlisted(table, customs, factor, imports, rows)
    return UsTarget(customs, factor)


def _monthly(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        raise BaselineError("missing.", advice="Give the folder of raw data.", file=path)
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def valuation_factor(table: WorldTable, rows: list[dict[str, str]]) -> Array:
    """Return ICIO over Census imports of 2022, [i]: named partners and one factor for the rest."""
    usa, goods = table.region("USA"), slice(0, table.sector("SERV"))
    icio = table.flow[usa, :, goods].sum(axis=1)
    icio[usa] = 0.0
    census = {code: year_total(rows, column, ICIO_YEAR) for code, column in NAMED_PARTNERS.items()}
    named = np.isin(np.array(table.regions), list(census))
    rest = (icio.sum() - icio[named].sum()) / year_total(rows, "m_row", ICIO_YEAR)
    factor = np.full(len(table.regions), rest)
    for code, value in census.items():
        factor[table.region(code)] = icio[table.region(code)] / value
    return factor


def _unlisted(
    table: WorldTable,
    customs: Array,
    factor: Array,
    imports: UsImports,
    rows: list[dict[str, str]],
) -> Array:
    """Spread what the lines leave of the world total by the 2022 pattern, [i, j].

    The world total is of general imports; it is brought to consumption imports by the ratio of
    the named partners.  Regions inside the lines get nothing, save the rest of the world, whose
    smaller members are not listed.
    """
    usa, goods = table.region("USA"), table.sector("SERV")
    pattern = table.flow[usa] / factor[:, None] - customs
    pattern[np.array(imports.listed) & (np.array(table.regions) != "ROW")] = 0.0
    pattern[usa] = 0.0
    pattern[:, goods:] = 0.0
    pattern = np.maximum(pattern, 0.0)
    named = [table.region(code) for code in NAMED_PARTNERS]
    general = sum(year_total(rows, column, LINES_YEAR) for column in NAMED_PARTNERS.values())
    world = year_total(rows, "m_world", LINES_YEAR) * customs[named].sum() / general
    residual = max(world - customs.sum() - imports.left_out_value, 0.0)
    return np.asarray(pattern * residual / pattern.sum())


def move_us_imports(table: WorldTable, target: UsTarget) -> WorldTable:
    """Set US goods imports to the target; exporters' own sales absorb the difference.

    Output stays, except where own sales or final demand would fall below their floors: there the
    sector grows (with its inputs) by what is missing.
    """
    flow = table.flow.copy()
    flow[table.region("USA")] = _us_imports(table, target)
    return settle(table, flow, wished_own_sales(table, target))


def wished_own_sales(table: WorldTable, target: UsTarget) -> Array:
    """Own sales that would keep every exporter's output, [n, j]; floors may forbid them."""
    return np.asarray(
        table.own_sales - (_us_imports(table, target) - table.flow[table.region("USA")])
    )


def _us_imports(table: WorldTable, target: UsTarget) -> Array:
    """US purchases with goods imports at the target, [i, j]."""
    usa, goods = table.region("USA"), slice(0, table.sector("SERV"))
    new = table.flow[usa].copy()
    new[:, goods] = (target.customs * target.valuation_factor[:, None])[:, goods]
    new[usa] = table.flow[usa, usa]
    return np.asarray(new)


def settle(
    before: WorldTable,
    flow: Array,
    own: Array,
    *,
    least_own_share: float = LEAST_OWN_SHARE,
    rounds: int = 200,
) -> WorldTable:
    """Find own sales that keep every floor, given exports; inputs follow output.

    Parameters
    ----------
    before
        The table whose technology and final demand are the reference.
    flow
        Changed flows; their diagonal is replaced.
    own
        Own sales wished, [n, j].
    least_own_share
        Smallest own sales over output.
    """
    n = np.arange(len(before.regions))
    technology = input_coefficients(before)
    floor = LEAST_FINAL_SHARE * np.maximum(before.final_demand, 0.0)
    flow = flow.copy()
    flow[n, n] = 0.0
    exports = flow.sum(axis=0)
    imports = flow.sum(axis=1)
    own = np.maximum(own, least_own_share / (1 - least_own_share) * exports)
    for _ in range(rounds):
        use = technology * (exports + own)[:, None, :]
        shortage = np.maximum(floor - (imports + own - use.sum(axis=2)), 0.0)
        own = own + shortage
        if shortage.max() <= 1e-9:
            break
    else:
        raise BaselineError("own sales do not settle: inputs use more than is supplied.")
    flow[n, n] = own
    return before.with_flow(flow, technology * (exports + own)[:, None, :])


def input_coefficients(table: WorldTable) -> Array:
    """Inputs over output, [n, k, j]; sectors without output get the world's average technology."""
    output = table.output[:, None, :]
    world = table.use.sum(axis=0) / np.maximum(table.output.sum(axis=0), 1e-300)
    average = np.broadcast_to(world, table.use.shape).copy()
    return np.asarray(np.divide(table.use, output, out=average, where=output > 0))
