"""The 5 to 95 % range of every headline number: stored with the package, shown beside the number.

``python -m sim.study.sweeps.ranges`` runs scenarios/studies/headline-ranges.yaml and stores
what it finds.  A range is shown only for the very run that it belongs to: the same scenario,
baseline and version, with every lever where it is.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
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

WORTH_STUDY = "studies/worth-ranges.yaml"
"""Of paths: what it is worth that something does not happen."""

WORTH_OF = ("truce-extension", "rare-earth-delay")
"""Scenarios of the articles that mean that something does not happen."""

ENDS = (0.05, 0.95)

LONGEST = 36
"""Months of a path within which the laws of a scenario and its counterpart differ."""

HOUSEHOLD = "equivalent_variation_per_household_change"

DIGITS = 4
"""Significant digits that are stored: more would be noise."""


def ranges_of(result: RunResult) -> Mapping[str, tuple[float, float]]:
    """Return (5 %, 95 %) of each headline figure's change, in the figure's unit, by figure id.

    Empty where the run is not the one that the ranges were made for.
    """
    entry = _stored("scenarios").get(result.id)
    if entry is None or not _is_of(entry, result):
        return {}
    return {name: (low, high) for name, (low, high) in entry["figures"].items()}


def worth_range_of(result: RunResult, apart: Sequence[str]) -> tuple[float, float] | None:
    """Return (5 %, 95 %) of what it is worth while the two laws differ, USD per household.

    None where the run is not the one that the range was made for.

    Parameters
    ----------
    result
        The path, or the static run of the same scenario.
    apart
        Months in which the path's law differs from its counterpart's.
    """
    entry = _stored("worths").get(result.id)
    if entry is None or not _is_of(entry, result) or list(apart) != entry["apart"]:
        return None
    pace = result.manifest["path"]["pace"] if result.is_path else {}
    if any(assumption.get("is_set") for assumption in pace.values()):
        return None
    low, high = entry["household"]
    return float(low), float(high)


_DIGESTS = ("scenario_digest", "baseline_digest", "against", "against_digest", "elasticities")


def _is_of(entry: Mapping[str, Any], result: RunResult) -> bool:
    """Tell whether stored ranges belong to a run: the same scenarios, no lever moved."""
    about = result.manifest
    if any(lever["is_set"] for lever in about["levers"]):
        return False
    return all(entry.get(name) == about.get(name) for name in _DIGESTS)


@lru_cache(maxsize=2)
def _stored(kind: str) -> dict[str, Any]:
    if not STORED.is_file():
        return {}
    return dict(json.loads(STORED.read_text(encoding="utf-8")).get(kind, {}))


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


def store(
    result: SweepResult, worths: Mapping[str, Mapping[str, Any]], path: Path = STORED
) -> None:
    """Write the ranges of a sweep over scenarios and those of paths, with what they belong to."""
    from sim.engine.runs import run

    scenarios = {}
    for scenario in result.scenarios:
        about = run(scenario).manifest
        scenarios[scenario] = {
            **_digests(about),
            "runs": result.rows,
            "figures": figures_of(result, scenario),
        }
    content = {"study": STUDY, "ends": ENDS, "scenarios": scenarios, "worths": dict(worths)}
    write_whole(path, (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode())


def _digests(about: Mapping[str, Any]) -> dict[str, Any]:
    return {name: about[name] for name in _DIGESTS if name in about}


def worth_range(scenario: str, folder: Path) -> dict[str, Any]:
    """Run the study of paths over the months in which a scenario and its counterpart differ."""
    from sim.engine.runs import run
    from sim.outputs.worth_in_time import MONTHS_A_YEAR
    from sim.study.spec import Study, read_study
    from sim.study.sweeps.run_sweep import sweep

    about = run(scenario, months=LONGEST).manifest
    apart = about["path"]["apart"]
    shipped, _ = read_study(scenario_folder() / WORTH_STUDY)
    assert isinstance(shipped, Study)
    months = [entry["month"] for entry in about["path"]["months"]].index(apart[-1]) + 1
    study = shipped.model_copy(update={"scenarios": (scenario,), "months": months})
    result = sweep(study, out=folder / scenario)
    values = result.values(Quantity(HOUSEHOLD, "USA"), scenario) * months / MONTHS_A_YEAR
    low, high = (_rounded(end) for end in quantiles(values, ENDS))
    return {**_digests(about), "apart": apart, "runs": result.rows, "household": (low, high)}


def main() -> None:
    """Run the studies that are shipped and store their ranges; an interrupted one goes on."""
    from sim.study.sweeps.run_sweep import sweep

    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "out/studies/headline-ranges")
    headlines = sweep(scenario_folder() / STUDY, out=folder)
    worths = {name: worth_range(name, folder.with_name("worth-ranges")) for name in WORTH_OF}
    store(headlines, worths)


if __name__ == "__main__":
    main()
