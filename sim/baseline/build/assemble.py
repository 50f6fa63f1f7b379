"""Raw public sources -> the embedded tables.

A command (`truce baseline build`), never run at import.  The steps, in order: read ICIO 2022, sum
it to the regions and parent sectors, move US imports to 2024, carve soybeans, rare earths and
semiconductors, put tariffs on, keep value added positive, round, write.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sim.baseline.build.aggregate import AGGREGATION_FILE, Aggregation, aggregate, read_aggregation
from sim.baseline.build.base_tariffs import january_2025
from sim.baseline.build.carve import reorder
from sim.baseline.build.carveflows import (
    CARVED,
    CarveContext,
    Facts,
    carve_all,
    read_facts,
    regions_named,
)
from sim.baseline.build.elasticity_sets import elasticity_sets, with_carved
from sim.baseline.build.icio import (
    OUTPUT_TOLERANCE,
    model_table,
    model_table_repairs,
    read_icio_csv,
)
from sim.baseline.build.import_values import UsImports, read_us_imports
from sim.baseline.build.imports2024 import (
    NAMED_PARTNERS,
    UsTarget,
    move_us_imports,
    us_target,
    wished_own_sales,
)
from sim.baseline.build.io_table import Array, WorldTable, read_icio_npz
from sim.baseline.build.repaired import (
    as_records,
    in_codes_of_file,
    own_sales_repairs,
    refuse,
    value_added_repairs,
)
from sim.baseline.build.write import (
    Baseline2024,
    dump_sources,
    file_digest,
    write_about,
    write_sources,
    write_tables,
)
from sim.errors import BaselineError
from sim.model.repairs import LEAST_VALUE_ADDED, ROUNDING, Repair

ICIO_ARCHIVE = "icio2022_81x28.npz"
MONTHLY_FILE = Path("monthly") / "us_imports_by_partner_2002_2026.csv"

REGIONS_OF_2024 = ("USA", *NAMED_PARTNERS, "ROW")
"""Regions that US imports of 2024 are stated for."""

BUILD_FROM_ICIO = "Name other regions and sectors in a build from the ICIO table alone (--icio)."

Step = Callable[[str], None]
"""Is told what the build is doing."""


@dataclass(frozen=True)
class BuiltBaseline:
    """What a build has written.

    Parameters
    ----------
    folder
        Where the tables are.
    year
        What they are of, in words.
    elasticity_sets
        Names of the sets of trade elasticities.
    repairs
        Cells that differ from the sources so that the model can hold the table; USD mn.
    """

    folder: Path
    year: str
    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    elasticity_sets: tuple[str, ...]
    repairs: tuple[Repair, ...]


@dataclass(frozen=True, eq=False)
class Stages:
    """Every stage of the build, for tests and for the record."""

    aggregation: Aggregation
    raw: WorldTable
    parents_2022: WorldTable
    imports: UsImports
    target: UsTarget
    parents_2024: WorldTable
    carved: WorldTable
    carved_flow: dict[str, Array]
    tariff_rate: Array


def stages(data_dir: Path, aggregation_file: Path = AGGREGATION_FILE) -> Stages:
    """Run the build up to the balanced table with its tariffs.

    Raises
    ------
    BaselineError
        If a raw file is missing or does not fit.
    """
    if not data_dir.is_dir():
        raise BaselineError("there is no such folder of raw data.", file=data_dir)
    aggregation = read_aggregation(aggregation_file)
    facts = read_facts()
    check_codes(aggregation, facts)
    raw = read_icio_npz(data_dir / ICIO_ARCHIVE)
    parents = aggregate(raw, aggregation)
    imports = read_us_imports(data_dir, aggregation).spread_special()
    target = us_target(parents, imports, data_dir / MONTHLY_FILE)
    moved = move_us_imports(parents, target)
    context = CarveContext(facts, imports, target.valuation_factor)
    carved, carved_flow = carve_all(moved, context, aggregation.sector_codes)
    carved = reorder(carved, aggregation.sector_codes)
    rate = january_2025(data_dir, imports, carved.regions, carved.sectors)
    return Stages(aggregation, raw, parents, imports, target, moved, carved, carved_flow, rate)


def check_codes(aggregation: Aggregation, facts: Facts) -> None:
    """Refuse regions and sectors that the raw data of 2024 cannot be put in.

    Raises
    ------
    BaselineError
        If the uncarved sectors are not the embedded ones, a carved sector is unknown, or a region
        is missing that the trade of 2024 or the facts of a carved sector are stated for.
    """
    embedded = read_aggregation()
    parents, known = ({group.code for group in a.parent_groups} for a in (aggregation, embedded))
    other = sorted(parents ^ known) or sorted(set(aggregation.sector_codes) - known - set(CARVED))
    if other:
        raise BaselineError(
            f"the build from raw data needs the sectors of the embedded baseline, of which only "
            f"{', '.join(CARVED)} may be left out: {other[0]!r} differs.",
            advice=BUILD_FROM_ICIO,
            file=aggregation.file,
        )
    naming = {
        f"The facts of {sector}": regions_named(facts[sector])
        for sector in CARVED
        if sector in aggregation.sector_codes
    }
    for source, codes in {"The US imports of 2024": REGIONS_OF_2024, **naming}.items():
        missing = sorted(set(codes) - set(aggregation.region_codes))
        if missing:
            raise BaselineError(
                f"the region {missing[0]!r} is missing. {source} are stated for it.",
                advice=BUILD_FROM_ICIO,
                file=aggregation.file,
            )


def purchase_share(table: WorldTable, rate: Array) -> Array:
    """Part of a region's spending on input k that sector j buys, [n, k, j].

    Buyers pay duty in proportion to what they buy, so the parts are those at customs value.
    Where duties would leave a sector less value added than `LEAST_VALUE_ADDED` of its output,
    its purchases shrink and final demand takes the rest.
    """
    share, paid = _purchases(table, rate)
    room = (1 - LEAST_VALUE_ADDED) * table.output
    scale = np.divide(room, paid, out=np.ones_like(paid), where=paid > 0)
    return np.asarray(share * np.minimum(scale, 1.0)[:, None, :])


def _purchases(table: WorldTable, rate: Array) -> tuple[Array, Array]:
    """Part of spending that each sector buys, [n, k, j], and what it pays with duties, [n, j]."""
    supply = table.supply[:, :, None]
    share = np.divide(table.use, supply, out=np.zeros_like(table.use), where=supply > 0)
    spending = (table.flow * (1 + rate)).sum(axis=1)
    return share, np.asarray((share * spending[:, :, None]).sum(axis=1))


def build(
    data_dir: Path | None,
    out_dir: Path,
    icio_file: Path | None = None,
    aggregation_file: Path | None = None,
) -> Path:
    """Make a folder of tables; return it.  See `build_baseline`."""
    return build_baseline(data_dir, out_dir, icio_file, aggregation_file).folder


def build_baseline(
    data_dir: Path | None,
    out_dir: Path,
    icio_file: Path | None = None,
    aggregation_file: Path | None = None,
    *,
    strict: bool = False,
    step: Step = lambda _: None,
) -> BuiltBaseline:
    """Make a folder of tables, and say what was built and what was changed to build it.

    Parameters
    ----------
    data_dir
        Folder of raw data; may be None with `icio_file`, then `uniform4` is the only set.
    out_dir
        Folder to write.
    icio_file
        The official OECD CSV, or an archive of such a table (.npz): the tables are then that
        year's, without tariffs, carve-outs and coverage lists but those of all goods.
    aggregation_file
        Regions and sectors; by default the embedded ones.
    strict
        Refuse a table that would have to be repaired.
    step
        Is told what is being done.

    Raises
    ------
    BaselineError
        If a raw file is missing or does not fit, or `strict` and a cell would be changed.
    """
    aggregation_file = aggregation_file or AGGREGATION_FILE
    if icio_file is not None:
        aggregation = read_aggregation(aggregation_file)
        return _build_icio(icio_file, aggregation, data_dir, out_dir, strict, step)
    if data_dir is None:
        raise BaselineError("no folder of raw data is given.", advice="Give one, or an ICIO file.")
    step("Balancing the table of 2024")
    made = stages(data_dir, aggregation_file)
    archive = data_dir / ICIO_ARCHIVE
    repairs = stage_repairs(made)
    if strict:
        refuse(repairs, archive)
    baseline = _baseline_2024(made, data_dir)
    step("Writing tables and coverage lists")
    write_tables(baseline, out_dir, data_dir)
    write_sources(data_dir, out_dir, as_records(repairs))
    return _built(baseline, "2022 ICIO, US imports 2024", out_dir, repairs)


def _baseline_2024(made: Stages, data_dir: Path) -> Baseline2024:
    """Put the stages and the elasticities of their sectors together."""
    parents = [group.code for group in made.aggregation.parent_groups]
    sets = elasticity_sets(data_dir, made.raw, made.aggregation, data_dir / ICIO_ARCHIVE)
    return Baseline2024(
        aggregation=made.aggregation,
        table=made.carved,
        tariff_rate=made.tariff_rate,
        purchase_share=purchase_share(made.carved, made.tariff_rate),
        valuation_factor=made.target.valuation_factor,
        elasticities={
            name: with_carved(theta, parents, made.carved.sectors) for name, theta in sets.items()
        },
        carved_flow=made.carved_flow,
    )


def stage_repairs(made: Stages) -> tuple[Repair, ...]:
    """Name what moving US imports to 2024 and putting duties on changed beyond their purpose."""
    wished = wished_own_sales(made.parents_2022, made.target)
    paid = _purchases(made.carved, made.tariff_rate)[1]
    return (
        *own_sales_repairs(wished, made.parents_2024),
        *value_added_repairs(made.carved, paid),
    )


def _build_icio(
    icio_file: Path,
    aggregation: Aggregation,
    data_dir: Path | None,
    out_dir: Path,
    strict: bool,
    step: Step,
) -> BuiltBaseline:
    """Write the tables of one year of the official file: no tariffs, no carve-outs, no lists."""
    step(f"Reading {icio_file.name}")
    is_archive = icio_file.suffix == ".npz"
    raw = read_icio_npz(icio_file) if is_archive else read_icio_csv(icio_file)
    step("Summing to regions and sectors")
    table = model_table(raw, aggregation)
    untaxed = np.zeros_like(table.flow)
    repairs = in_codes_of_file(
        (
            *model_table_repairs(raw, aggregation, table),
            *value_added_repairs(table, _purchases(table, untaxed)[1]),
        ),
        raw,
        aggregation,
    )
    if strict:
        refuse(repairs, icio_file)
    kept = replace(aggregation, sectors=aggregation.parent_groups)
    baseline = Baseline2024(
        aggregation=kept,
        table=table,
        tariff_rate=untaxed,
        purchase_share=purchase_share(table, untaxed),
        valuation_factor=np.ones(len(table.regions)),
        elasticities=elasticity_sets(data_dir, raw, aggregation),
        carved_flow={},
    )
    step("Writing tables")
    write_tables(baseline, out_dir, None)
    dump_sources([_icio_note(icio_file, repairs)], out_dir)
    year = re.search(r"(?:19|20)\d\d", icio_file.stem)
    words = f"{year[0]} ICIO" if year else f"ICIO, file {icio_file.name}"
    return _built(baseline, words, out_dir, repairs)


def _icio_note(icio_file: Path, repairs: tuple[Repair, ...]) -> dict[str, object]:
    """Return the entry of SOURCES.yaml."""
    note: dict[str, object] = {
        "id": "icio",
        "title": f"OECD Inter-Country Input-Output Tables, file {icio_file.name}",
        "address": "https://www.oecd.org/en/data/datasets/inter-country-input-output-tables.html",
        "licence": "OECD terms of use",
        "grade": "A",
        "raw": [icio_file.name],
        "tables": ["trade_flow", "purchases"],
        "steps": [
            "Summed to the regions and sectors of the aggregation file; no tariffs.",
            "Output is the sum of its row and value added is output less inputs; the file's own "
            f"output may differ by {OUTPUT_TOLERANCE:.2%} (rounding). Cells that were changed so "
            "that the model can hold the table are under repairs; changes up to "
            f"{ROUNDING:g} of a sector's output are rounding and are not listed.",
        ],
        "sha256": {icio_file.name: file_digest(icio_file)},
    }
    return note | ({"repairs": as_records(repairs)} if repairs else {})


def _built(
    baseline: Baseline2024, year: str, out_dir: Path, repairs: tuple[Repair, ...]
) -> BuiltBaseline:
    """Write what the tables are of, and return what was built."""
    write_about(year, out_dir)
    table = baseline.table
    sets = tuple(baseline.elasticities)
    return BuiltBaseline(out_dir, year, table.regions, table.sectors, sets, repairs)
