"""US import lines of 2024: customs value and duty by region and sector of the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.baseline.build.aggregate import Aggregation
from sim.baseline.build.commodities import (
    CARVED_PARENT,
    ELECTRICITY,
    SPREAD,
    group_members,
    line_part,
    partner_region,
    sector_of_part,
)
from sim.baseline.build.import_lines import raw_lines
from sim.baseline.build.io_table import Array
from sim.baseline.build.labels import sums_by_label


@dataclass(frozen=True, eq=False)
class UsImports:
    """US imports for consumption, 2024.

    Parameters
    ----------
    sectors
        The uncarved sectors of the model and the carved parts (RARE by parent: ``RARE:C20``).
    value, duty
        Customs value and calculated duty, USD mn, [i, sector]; zero for regions without lines.
    listed
        True for regions whose partners are in the lines, [i].
    special_value, special_duty
        Chapters 98-99, [i]; spread over the other sectors (`spread_special`).
    left_out_value
        Hong Kong and electricity: in the world total, in no flow here.
    """

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    value: Array
    duty: Array
    listed: NDArray[np.bool_]
    special_value: Array
    special_duty: Array
    left_out_value: float

    def column(self, sector: str) -> int:
        """Return the position of a sector."""
        return self.sectors.index(sector)

    def spread_special(self) -> UsImports:
        """Spread chapters 98-99 over a partner's sectors by value, carved sectors left alone."""
        carved = np.array([code in CARVED_PARENT for code in self.sectors])
        base = np.where(carved, 0.0, self.value)
        total = base.sum(axis=1, keepdims=True)
        share = np.divide(base, total, out=np.zeros_like(base), where=total > 0)
        return replace(
            self,
            value=self.value + share * self.special_value[:, None],
            duty=self.duty + share * self.special_duty[:, None],
            special_value=np.zeros_like(self.special_value),
            special_duty=np.zeros_like(self.special_duty),
        )


def read_us_imports(data_dir: Path, aggregation: Aggregation) -> UsImports:
    """Sum the ten-digit lines over the regions and sectors of the model.

    Raises
    ------
    BaselineError
        If a file is absent or a commodity code has no sector.
    """
    lines = raw_lines(data_dir)
    sectors, regions = group_members(aggregation.sectors), group_members(aggregation.regions)
    region = lines.partner.mapped(partner_region(data_dir, regions))
    part = lines.hs10.mapped(line_part(data_dir, sectors))
    kept = _parts(aggregation)
    columns = (*kept, ELECTRICITY, SPREAD)
    value, duty = (
        sums_by_label(region, part, amount / 1e6, aggregation.region_codes, columns)
        for amount in (lines.imports_usd, lines.duty_usd)
    )
    goods, electricity, special = slice(0, len(kept)), len(kept), len(kept) + 1
    return UsImports(
        regions=aggregation.region_codes,
        sectors=kept,
        value=value[:, goods],
        duty=duty[:, goods],
        listed=np.isin(aggregation.region_codes, region.names),
        special_value=value[:, special],
        special_duty=duty[:, special],
        left_out_value=float(value[:, electricity].sum() + lines.hong_kong_usd / 1e6),
    )


def _parts(aggregation: Aggregation) -> tuple[str, ...]:
    """Uncarved sectors, then the parts of the carved sectors that the aggregation has."""
    parents = tuple(group.code for group in aggregation.parent_groups)
    codes = aggregation.sector_codes
    return parents + tuple(part for part in CARVED_PARENT if sector_of_part(part) in codes)


def year_total(rows: Sequence[Mapping[str, str]], column: str, year: int) -> float:
    """Sum a monthly column over a year."""
    return sum(float(row[column]) for row in rows if row["date"].startswith(f"{year}-"))
