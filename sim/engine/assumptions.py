"""Everything in the model that somebody had to choose: pace, elasticities, mobility, inputs."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.baseline.defaults import ELASTICITIES
from sim.baseline.elasticities import MACRO_ELASTICITIES, SECTOR_PARAMETERS
from sim.baseline.load import elasticity_sets
from sim.engine.model_levers import MODEL_LEVERS
from sim.engine.pace import read_pace
from sim.engine.runs import world_of
from sim.outputs.manifest import plain
from sim.policy.language.schema import Lever


def _of_the_model(lever: Lever) -> dict[str, Any]:
    """Return a lever of the model in the form that the parameters of paths have."""
    return {
        "label": lever.label,
        "value": lever.default,
        "unit": lever.unit,
        "min": lever.min,
        "max": lever.max,
        "basis": lever.basis,
        "source": None if lever.source is None else plain(lever.source),
        "note": lever.note,
    }


def model_assumptions(elasticities: str = ELASTICITIES) -> dict[str, Any]:
    """Return the parameters of the transition and of the model, with what they rest on.

    Raises
    ------
    BaselineError
        If there is no such set of elasticities.
    """
    bundle = world_of(elasticities).baseline
    theta = bundle.economy.trade_elasticity
    goods = np.array([code != "SERV" for code in bundle.economy.sectors])
    return {
        "transition": {name: plain(entry) for name, entry in read_pace().entries().items()},
        "soybean_season": plain(read_pace().soybean_season),
        **{name: _of_the_model(lever) for name, lever in MODEL_LEVERS.items()},
        "elasticity_set": bundle.elasticity_set,
        "elasticity_sets": list(elasticity_sets()),
        "trade_elasticity_goods_mean": float(theta[goods].mean()),
        "trade_elasticity": [
            {
                "sector": code,
                "label": bundle.sector_labels[code],
                "theta": float(value),
                "macro": float(macro),
            }
            for code, value, macro in zip(
                bundle.economy.sectors,
                theta,
                bundle.economy.macro_elasticity_by_sector,
                strict=True,
            )
        ],
        "macro_elasticities": [plain(entry) for entry in MACRO_ELASTICITIES],
        "carved_sectors": [plain(entry) for entry in SECTOR_PARAMETERS],
    }
