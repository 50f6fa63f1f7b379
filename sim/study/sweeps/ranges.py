"""The 5 to 95 % range of every headline number: stored with the package, shown beside the number.

``python -m sim.study.sweeps.ranges`` runs scenarios/studies/headline-ranges.yaml and stores
what it finds.  A range is shown only for the very run that it belongs to: the same scenario,
baseline and version, with every lever where it is.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.outputs.headline import figure_keys, in_figure_units
from sim.outputs.pick import Quantity
from sim.policy.library.cards import scenario_folder
from sim.study.sweeps.analysis import quantiles
from sim.study.sweeps.store import write_whole

if TYPE_CHECKING:
    from sim.outputs.results import RunResult
    from sim.study.sweeps.sweep_results import SweepResult

STORED = Path(__file__).with_name("ranges.json")

STUDY = "studies/headline-ranges.yaml"

ENDS = (0.05, 0.95)

DIGITS = 4
"""Significant digits that are stored: more would be noise."""


def ranges_of(result: RunResult) -> Mapping[str, tuple[float, float]]:
    """Return (5 %, 95 %) of each headline figure's change, in the figure's unit, by figure id.

    Empty where the run is not the one that the ranges were made for.
    """
    about = result.manifest
    entry = _stored().get(result.id)
    if entry is None or any(lever["is_set"] for lever in about["levers"]):
        return {}
    wanted = {name: about.get(name) for name in ("scenario_digest", "baseline_digest", "against")}
    if {name: entry[name] for name in wanted} != wanted:
        return {}
    if about.get("elasticities") != entry["elasticities"]:
        return {}
    return {name: (low, high) for name, (low, high) in entry["figures"].items()}


@lru_cache(maxsize=1)
def _stored() -> dict[str, Any]:
    if not STORED.is_file():
        return {}
    return dict(json.loads(STORED.read_text(encoding="utf-8"))["scenarios"])


def figures_of(result: SweepResult, scenario: str) -> dict[str, tuple[float, float]]:
    """Return the range of each headline figure that the sweep reports and the scenario has."""
    figures = {}
    for name, key in figure_keys().items():
        quantity = Quantity(*key)
        if quantity not in result.quantities:
            continue
        values = result.values(quantity, scenario)
        known = values[np.isfinite(values)]
        if len(known):
            low, high = (_rounded(in_figure_units(name, end)) for end in quantiles(known, ENDS))
            figures[name] = (low, high)
    return figures


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def store(result: SweepResult, path: Path = STORED) -> None:
    """Write the ranges of a sweep over scenarios, with what they belong to."""
    from sim.engine.runs import run

    scenarios = {}
    for scenario in result.scenarios:
        about = run(scenario).manifest
        scenarios[scenario] = {
            **{name: about[name] for name in ("scenario_digest", "baseline_digest", "against")},
            "elasticities": about["elasticities"],
            "runs": result.rows,
            "figures": figures_of(result, scenario),
        }
    content = {"study": STUDY, "ends": ENDS, "scenarios": scenarios}
    write_whole(path, (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode())


def main() -> None:
    """Run the study that is shipped and store its ranges; an interrupted one goes on."""
    from sim.study.sweeps.run_sweep import sweep

    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "out/studies/headline-ranges")
    store(sweep(scenario_folder() / STUDY, out=folder))


if __name__ == "__main__":
    main()
