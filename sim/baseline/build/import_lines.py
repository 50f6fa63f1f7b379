"""US import lines of 2024 (HS10 by partner), mapped to the model's regions and sectors.

The value and duty of chapters 98-99 are spread over the same partner's other lines in proportion.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.parquet as parquet

from sim.baseline.build.commodities import (
    ELECTRICITY,
    SPREAD,
    gtap_of_hs10,
    line_sector,
    partner_region,
)
from sim.baseline.build.labels import BoolArray, FloatArray, Labels, labels_of, sums_by_label
from sim.baseline.build.raw_files import data_file

IMPORTS_FILE = "lines/us_imports_2024_hs10.parquet"

HONG_KONG = "5820"
SLOVAKIA = "4359"
LEFT_OUT = (SLOVAKIA, HONG_KONG)
"""Slovakia is also inside the EU total; ICIO counts Hong Kong's re-exports at their origin."""


@dataclass(frozen=True, eq=False)
class RawLines:
    """The lines as they are published, less Slovakia and Hong Kong.

    Attributes
    ----------
    partner, hs10
        Census country code and ten-digit code.
    imports_usd, duty_usd
        Customs value and calculated duty, USD.
    hong_kong_usd
        Customs value of imports from Hong Kong.
    """

    partner: Labels
    hs10: Labels
    imports_usd: FloatArray
    duty_usd: FloatArray
    hong_kong_usd: float


@dataclass(frozen=True, eq=False)
class Lines:
    """US imports for consumption in 2024, one element per partner and HS10 code.

    Attributes
    ----------
    partner
        Census country code; "0003" is the European Union.
    region, sector, gtap
        Model region, model sector, GTAP sector in lower case.
    hs10
        Ten-digit code.
    imports_usd, duty_usd
        Customs value and calculated duty, USD, with chapters 98-99 spread over the partner's other
        lines.
    named_value_share
        Share of all value on lines that name their own product (the rest is spread).
    """

    partner: Labels
    region: Labels
    sector: Labels
    gtap: Labels
    hs10: Labels
    imports_usd: FloatArray
    duty_usd: FloatArray
    named_value_share: float

    def __len__(self) -> int:
        """Return the number of lines."""
        return len(self.imports_usd)

    @property
    def collected_rate(self) -> FloatArray:
        """Duty collected in 2024 as a share of customs value."""
        paid = np.zeros(len(self))
        return np.divide(self.duty_usd, self.imports_usd, out=paid, where=self.imports_usd > 0)


def raw_lines(data_dir: Path) -> RawLines:
    """Read the lines in file order.

    Raises
    ------
    BaselineError
        If the file is missing.
    """
    table = parquet.read_table(data_file(data_dir, IMPORTS_FILE))
    country = table["census_country"]
    hong_kong = table.filter(compute.equal(country, pa.scalar(HONG_KONG)))
    table = table.filter(compute.invert(compute.is_in(country, pa.array(LEFT_OUT))))
    return RawLines(
        partner=labels_of(table["census_country"]),
        hs10=labels_of(table["hs10"]),
        imports_usd=np.asarray(table["imports_usd"], dtype=np.float64),
        duty_usd=np.asarray(table["duty_usd"], dtype=np.float64),
        hong_kong_usd=float(np.asarray(hong_kong["imports_usd"], dtype=np.float64).sum()),
    )


def us_lines(
    data_dir: Path, regions: Mapping[str, Sequence[str]], sectors: Mapping[str, Sequence[str]]
) -> Lines:
    """Return US goods imports of 2024 by partner and HS10 code with model region and sector.

    Parameters
    ----------
    data_dir
        Folder of raw tables.
    regions
        Region to ISO3 members, empty for the rest.
    sectors
        Model sector to ICIO industries, empty for carved sectors.

    Returns
    -------
    Lines
        About 209,000 lines in file order, none without a sector; Hong Kong and electricity left
        out.

    Raises
    ------
    BaselineError
        A raw file is missing, or a code or a partner is unknown.
    """
    raw = raw_lines(data_dir)
    partner, hs10 = raw.partner, raw.hs10
    sector = hs10.mapped(line_sector(data_dir, sectors))
    named = ~sector.among({SPREAD})
    goods = ~sector.among({SPREAD, ELECTRICITY})
    return Lines(
        partner=partner.where(goods),
        region=partner.mapped(partner_region(data_dir, regions)).where(goods),
        sector=sector.where(goods),
        gtap=hs10.mapped(gtap_of_hs10(data_dir)).where(goods),
        hs10=hs10.where(goods),
        imports_usd=_spread(raw.imports_usd, partner, named)[goods],
        duty_usd=_spread(raw.duty_usd, partner, named)[goods],
        named_value_share=float(raw.imports_usd[named].sum() / raw.imports_usd.sum()),
    )


def _spread(amount: FloatArray, partner: Labels, named: BoolArray) -> FloatArray:
    """Scale each partner's named lines so that they carry the partner's whole amount."""
    size = len(partner.names)
    total = np.bincount(partner.position, weights=amount, minlength=size)
    kept = np.bincount(partner.position[named], weights=amount[named], minlength=size)
    factor = np.divide(total, kept, out=np.ones_like(total), where=kept > 0)
    scaled: FloatArray = amount * factor[partner.position]
    return scaled


def cell_sums(
    lines: Lines, amount: FloatArray, regions: Sequence[str], sectors: Sequence[str]
) -> FloatArray:
    """Return the sum of `amount` by exporter region and sector, shape [region, sector]."""
    return sums_by_label(lines.region, lines.sector, amount, regions, sectors)
