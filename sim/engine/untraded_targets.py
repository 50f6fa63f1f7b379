"""Quantity targets on flows that do not exist: a run refuses them, and so does a check of files."""

from __future__ import annotations

from pathlib import Path

from sim.engine.world import World
from sim.errors import ScenarioError
from sim.model import QuantityTarget
from sim.policy.library.cards import scenario_files

NOT_RUN = frozenset({"measures", "seeds", "studies"})
"""Folders whose files are not scenarios."""


def untraded_targets(world: World, paths: list[Path]) -> list[ScenarioError]:
    """Return what is wrong with the targets of the scenarios in `paths`, folders at any depth.

    The law of every date is looked at, as a path comes to all of them.  A file with problems of
    another kind is left to `check_paths`.
    """
    folders = [path for path in paths if path.is_dir()]
    inside = sorted({file.parent for folder in folders for file in folder.rglob("*.yaml")})
    files = scenario_files([*(path for path in paths if not path.is_dir()), *inside])
    return [
        error
        for file in dict.fromkeys(files)
        if file.parent.name not in NOT_RUN
        for error in _of_scenario(world, file)
    ]


def _of_scenario(world: World, file: Path) -> list[ScenarioError]:
    try:
        template = world.template(file)
        scenario = template.default
    except ScenarioError:
        return []
    trade = world.baseline.economy.trade_flow
    errors = []
    for measure in (*scenario.measures, *scenario.held):
        spec = measure.quantity_target(world.axes)
        if spec is None or trade[spec.target.mask(world.baseline.economy)].sum() > 0:
            continue
        field = "sectors" if "sectors" in type(measure).model_fields else ""
        problem = f"nothing is traded {_flows(spec.target)}, so that its quantity cannot be set."
        advice = "Name regions and sectors that trade."
        errors.append(template.error(measure.id, problem, field, advice))
    return errors


def _flows(target: QuantityTarget) -> str:
    """Name the flows of a quantity target."""
    parts = {"from": target.exporters, "to": target.importers, "in": target.sectors}
    return " ".join(f"{word} {', '.join(codes or ('all',))}" for word, codes in parts.items())
