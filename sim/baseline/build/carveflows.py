"""Facts about soybeans, rare earths and semiconductors -> the flows that are carved out.

All figures stand in ``carveouts.yaml`` with their grades; the flows to the United States are the
import lines of 2024.  Money is USD mn.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from ruamel.yaml import YAML

from sim.baseline.build.balance import ras
from sim.baseline.build.carve import Carving, carve, merge
from sim.baseline.build.import_values import UsImports
from sim.baseline.build.imports2024 import settle
from sim.baseline.build.io_table import Array, WorldTable

FACTS_FILE = Path(__file__).with_name("carveouts.yaml")

RARE_PARTS: Mapping[str, str] = {"magnets": "C27", "compounds": "C20", "metals": "C24B"}

CARVED = ("SOY", "RARE", "SEMI")

Facts = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class CarveContext:
    """What every carve-out needs: facts, US lines and the valuation of US imports."""

    facts: Facts
    imports: UsImports
    valuation_factor: Array

    @property
    def largest_share(self) -> float:
        """Largest part of a parent's flow that may leave."""
        return float(self.facts["largest_share"])

    def us_column(self, code: str) -> Array:
        """US imports of a carved sector at basic prices, [i]; zero if the lines have none."""
        if code not in self.imports.sectors:
            return np.zeros(len(self.imports.regions))
        return self.imports.value[:, self.imports.column(code)] * self.valuation_factor


def read_facts(path: Path = FACTS_FILE) -> Facts:
    """Read the facts of the carve-outs."""
    facts: Facts = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return facts


def carve_all(
    table: WorldTable, context: CarveContext, wanted: Collection[str] = CARVED
) -> tuple[WorldTable, dict[str, Array]]:
    """Carve those of soybeans, rare earths and semiconductors that are wanted.

    Returns
    -------
    table
        The table with the carved sectors appended.
    flows
        Flows of each carved part, part -> [n, i].
    """
    flows: dict[str, Array] = {}
    if "SOY" in wanted:
        table = lift_soybeans(table, context)
        flows["SOY"] = soybean_flow(table, context)
        table = _carve(table, context, "SOY", "SOY", flows["SOY"])
    if "RARE" in wanted:
        parts = [f"RARE:{part}" for part in RARE_PARTS]
        for part, code in zip(RARE_PARTS, parts, strict=True):
            flows[code] = rare_flow(table, context, part)
            table = _carve(table, context, "RARE", code, flows[code])
        table = merge(table, parts, "RARE")
    if "SEMI" in wanted:
        flows["SEMI"] = chip_flow(table, context)
        table = _carve(table, context, "SEMI", "SEMI", flows["SEMI"])
    return table, flows


def _carve(
    table: WorldTable, context: CarveContext, sector: str, code: str, flow: Array
) -> WorldTable:
    facts = context.facts[sector]
    parent = facts["parent"] if sector == code else RARE_PARTS[code.split(":")[1]]
    share = spread(facts["value_added_share"]["value"], table.regions)
    users = facts["users"]["value"]
    return carve(table, Carving(code, parent, flow, users, share, context.largest_share))


def regions_named(facts: Mapping[str, Any]) -> frozenset[str]:
    """Return the codes of regions that the facts of a carved sector name."""
    return frozenset(_regions_named(facts)) - {"default"}


def _regions_named(facts: Mapping[str, Any]) -> Iterator[str]:
    for name, entry in facts.items():
        if name == "users" or not isinstance(entry, Mapping):
            continue
        if "value" not in entry:
            yield from _regions_named(entry)
        elif isinstance(entry["value"], Mapping):
            for code, value in entry["value"].items():
                yield code
                yield from value if isinstance(value, Mapping) else ()


def spread(values: Mapping[str, float], regions: tuple[str, ...]) -> Array:
    """Turn a mapping with an optional ``default`` into an array over regions."""
    return np.array([float(values.get(code, values.get("default", 0.0))) for code in regions])


def china_soybeans(context: CarveContext, regions: tuple[str, ...]) -> Array:
    """China's imports of soybeans by origin, USD mn, [i]."""
    facts = context.facts["SOY"]
    share = spread(facts["china_import_share"]["value"], regions)
    total = facts["us_exports_to_china_bn"]["value"] * 1e3 / share[regions.index("USA")]
    return np.asarray(share * total)


def lift_soybeans(table: WorldTable, context: CarveContext) -> WorldTable:
    """Raise farm exports to China where soybeans alone exceed what the 2022 table has.

    As with US imports, the flow moves and the exporter's own sales absorb the difference.
    """
    parent, china = table.sector("A01"), table.region("CHN")
    least = china_soybeans(context, table.regions) / context.largest_share
    flow = table.flow.copy()
    change = np.zeros_like(table.output)
    change[:, parent] = np.maximum(least - flow[china, :, parent], 0.0)
    change[china] = 0.0
    flow[china] += change
    return settle(table, flow, table.own_sales - change)


def soybean_flow(table: WorldTable, context: CarveContext) -> Array:
    """Flows of soybeans, [n, i]: China's and the US's columns fixed, the rest balanced by RAS."""
    facts, regions = context.facts["SOY"], table.regions
    parent = table.flow[:, :, table.sector("A01")]
    usa, china = table.region("USA"), table.region("CHN")
    to_china = china_soybeans(context, regions)
    price = to_china.sum() / 1e3 / 105.0
    exports = spread(facts["exports_mmt"]["value"], regions) * price * 1e3
    for code, share in facts["china_share_of_exports"]["value"].items():
        exports[regions.index(code)] = to_china[regions.index(code)] / share
    flow = _rest_by_ras(
        parent, exports - to_china, spread(facts["imports_mmt"]["value"], regions), (usa, china)
    )
    flow[china] = to_china
    flow[usa] = context.us_column("SOY")
    flow = np.minimum(flow, context.largest_share * parent)
    sold = spread({**facts["exports_mmt"]["value"], **facts["us_exports_mmt"]["value"]}, regions)
    home = np.maximum(spread(facts["production_mmt"]["value"], regions) - sold, 0.0)
    own = home * spread(facts["farm_price_usd_t"]["value"], regions)
    n = np.arange(len(regions))
    flow[n, n] = np.minimum(own, context.largest_share * parent[n, n])
    return flow


def _rest_by_ras(parent: Array, exports: Array, imports: Array, fixed: tuple[int, int]) -> Array:
    """Balance exports and imports outside the fixed columns, after the parent's pattern, [n, i]."""
    prior = parent.copy()
    np.fill_diagonal(prior, 0.0)
    prior[list(fixed)] = 0.0
    exports, imports = np.maximum(exports, 0.0), imports.copy()
    imports[list(fixed)] = 0.0
    prior *= (exports > 0)[None, :] * (imports > 0)[:, None]
    return ras(prior, imports / imports.sum() * exports.sum(), exports, tolerance=1e-9)


def rare_flow(table: WorldTable, context: CarveContext, part: str) -> Array:
    """Flows of one part of rare earths (magnets, compounds or metals), [n, i]."""
    facts, regions = context.facts["RARE"][part], table.regions
    parent = table.flow[:, :, table.sector(RARE_PARTS[part])]
    usa, china = table.region("USA"), table.region("CHN")
    lines = context.us_column(f"RARE:{RARE_PARTS[part]}")
    china_customs = lines[china] / context.valuation_factor[china]
    world, share = facts["world_output_bn"]["value"] * 1e3, facts["china_share"]["value"]
    output = spread(facts["others_output"]["value"], regions)
    output *= world * (1 - share) / output.sum()
    flow = _by_pattern(parent, output * spread(facts["others_export_share"]["value"], regions), usa)
    destinations = spread(facts["china_destinations"]["value"], regions)
    abroad = facts["china_exports_bn"]["value"] * 1e3 - china_customs
    flow[:, china] = destinations / destinations.sum() * abroad
    flow[usa] = lines
    output[china] = world * share
    flow = np.minimum(flow, context.largest_share * parent)
    n = np.arange(len(regions))
    flow[n, n] = 0.0
    flow[n, n] = np.minimum(
        np.maximum(output - flow.sum(axis=0), 0.0), context.largest_share * parent[n, n]
    )
    return flow


def _by_pattern(parent: Array, exports: Array, usa: int) -> Array:
    """Spread exports over destinations other than the United States like the parent's, [n, i]."""
    pattern = parent.copy()
    np.fill_diagonal(pattern, 0.0)
    pattern[usa] = 0.0
    total = pattern.sum(axis=0)
    scale = np.divide(exports, total, out=np.zeros_like(total), where=total > 0)
    return np.asarray(pattern * scale)


def chip_flow(table: WorldTable, context: CarveContext) -> Array:
    """Flows of semiconductors, [n, i]: known flows, else the exporter's share of the parent."""
    facts, regions = context.facts["SEMI"], table.regions
    parent = table.flow[:, :, table.sector("C26")]
    flow = parent * spread(facts["exporter_share"]["value"], regions)[None, :]
    for exporter, buyers in facts["flows_bn"]["value"].items():
        for importer, value in buyers.items():
            flow[regions.index(importer), regions.index(exporter)] = value * 1e3
    flow[table.region("USA")] = context.us_column("SEMI")
    flow = np.minimum(flow, context.largest_share * parent)
    n = np.arange(len(regions))
    flow[n, n] = 0.0
    own = flow.sum(axis=0) * spread(facts["home_ratio"]["value"], regions)
    flow[n, n] = np.minimum(own, context.largest_share * parent[n, n])
    return _within_inputs(table, flow, facts["largest_input_share"]["value"])


def _within_inputs(table: WorldTable, flow: Array, largest: float) -> Array:
    """Scale a region's chip purchases to what its industries buy of the parent at all."""
    bought, supply = table.use[:, table.sector("C26")].sum(axis=1), flow.sum(axis=1)
    room = np.divide(largest * bought, supply, out=np.ones_like(supply), where=supply > 0)
    return np.asarray(flow * np.minimum(room, 1.0)[:, None])
