"""The assumptions of the model itself that are levers of every scenario, and their effect."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np

from sim.baseline.defaults import FACTOR_MOBILITY
from sim.baseline.elasticities import (
    MACRO_ELASTICITIES,
    OTHER_BOUNDS,
    SECTOR_PARAMETERS,
    macro_elasticities,
)
from sim.baseline.load import Baseline
from sim.policy.language.fields import Source
from sim.policy.language.schema import Lever

_RARE_EARTHS = next(entry for entry in SECTOR_PARAMETERS if entry.sector == "RARE")

_MACRO = MACRO_ELASTICITIES[-1]
"""What is assumed of sectors without an entry of their own."""

MODEL_LEVERS: Mapping[str, Lever] = MappingProxyType(
    {
        "factor_mobility": Lever(
            path="model.factor_mobility",
            label="How easily workers and capital change sector in the long run (kappa)",
            unit="kappa",
            group="assumptions",
            min=1.0,
            max=10.0,
            step=0.5,
            default=FACTOR_MOBILITY,
            source=Source(
                title="Galle, Rodriguez-Clare and Yi (2023), Slicing the Pie",
                address="Review of Economic Studies",
                date=dt.date(2023, 1, 1),
                date_precision="year",
                grade="M",
                basis="report",
            ),
            note="1 keeps factors in their sector.",
        ),
        "rare_earth_substitution": Lever(
            path="model.rare_earth_substitution",
            label="How easily users replace rare earths and magnets",
            unit="elasticity",
            group="assumptions",
            min=0.05,
            max=0.5,
            step=0.05,
            default=_RARE_EARTHS.input_elasticity,
            assumed=True,
            note=(
                "No sound source measures it in the short run; 0.1 to 0.2 is what the literature "
                "guesses (grade M)."
            ),
        ),
        "macro_elasticity": Lever(
            path="model.macro_elasticity",
            label="How easily buyers replace foreign goods by their own country's",
            unit="elasticity",
            group="assumptions",
            min=0.1,
            max=OTHER_BOUNDS[1],
            step=0.1,
            default=OTHER_BOUNDS[1] if _MACRO.value is None else _MACRO.value,
            assumed=True,
            note=(
                "At most the trade elasticity in each sector, which then holds between foreign "
                "origins; soybeans and rare earths keep one tier, in which all origins compete "
                f"alike. At {OTHER_BOUNDS[1]:g}, the bound of all sets, every sector has one. "
                f"The default is chosen within the literature: {_MACRO.source}."
            ),
        ),
    }
)
"""Levers by id, with default, range and source.  A scenario's own lever of the same id wins."""


def with_assumptions(
    baseline: Baseline,
    mobility: float | None = None,
    substitution: float | None = None,
    macro_elasticity: float | None = None,
) -> Baseline:
    """Return the baseline with other assumptions of the model; itself where they are its own.

    Parameters
    ----------
    mobility
        Factor mobility kappa of every country.
    substitution
        Elasticity between critical inputs (rare earths) and the rest.
    macro_elasticity
        Elasticity between home and foreign in all sectors without an entry of their own in
        `MACRO_ELASTICITIES`, but for those whose trade elasticity is below it: these keep theirs
        for both.
    """
    economy = baseline.economy
    changed: dict[str, Any] = {}
    if mobility is not None and not (economy.factor_mobility == mobility).all():
        changed["factor_mobility"] = np.full(len(economy.importers), float(mobility))
    if substitution is not None:
        is_critical = economy.input_elasticity != 1.0
        changed["input_elasticity"] = np.where(is_critical, substitution, 1.0)
    if macro_elasticity is not None:
        macro = macro_elasticities(economy.trade_elasticity, economy.sectors, macro_elasticity)
        if not np.array_equal(macro, economy.macro_elasticity_by_sector):
            changed["macro_elasticity"] = macro
    return replace(baseline, economy=replace(economy, **changed)) if changed else baseline
