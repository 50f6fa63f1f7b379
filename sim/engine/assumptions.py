"""Everything in the model that somebody had to choose: pace, elasticities, mobility, inputs."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.baseline.defaults import ELASTICITIES, FACTOR_MOBILITY
from sim.baseline.elasticities import SECTOR_PARAMETERS
from sim.baseline.load import elasticity_sets
from sim.engine.pace import read_pace
from sim.engine.runs import world_of
from sim.outputs.manifest import plain

MOBILITY = {
    "label": "How easily workers and capital change sector in the long run (kappa)",
    "value": FACTOR_MOBILITY,
    "unit": "kappa",
    "min": 1.0,
    "max": None,
    "basis": "report",
    "source": {
        "title": "Galle, Rodriguez-Clare and Yi (2023), Slicing the Pie",
        "address": "Review of Economic Studies",
        "grade": "M",
    },
    "note": "1 keeps factors in their sector; scenarios have it as the lever factor_mobility.",
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
        "factor_mobility": MOBILITY,
        "elasticity_set": bundle.elasticity_set,
        "elasticity_sets": list(elasticity_sets()),
        "trade_elasticity_goods_mean": float(theta[goods].mean()),
        "trade_elasticity": [
            {"sector": code, "label": bundle.sector_labels[code], "theta": float(value)}
            for code, value in zip(bundle.economy.sectors, theta, strict=True)
        ],
        "carved_sectors": [plain(entry) for entry in SECTOR_PARAMETERS],
    }
