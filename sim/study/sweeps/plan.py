"""The plan of a study: what all runs share, the chunks, and names that depend on all content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from sim.engine.model_levers import MODEL_LEVERS
from sim.engine.pace import read_pace
from sim.engine.runs import world_of
from sim.engine.world import World
from sim.errors import InputError
from sim.study.path_point import LUCK, inputs_of_paths
from sim.study.spec import DRAW, MODEL_NAMES, SETS, Study, placed
from sim.study.sweeps.design import Points, chunks_of, levels, points_of, run_count
from sim.study.sweeps.worker import Chunk, Recipe, runner_of
from sim.version import __version__

SECONDS_A_RUN = {"lever": 0.012, "economy": 0.045, "month": 0.012}
"""Rough cost on one core: of a run in which levers move, of a run in which the economy itself does,
and of each month of a path."""


@dataclass(frozen=True, eq=False)
class Plan:
    """A study, checked, with its points.

    Parameters
    ----------
    places
        Id or path of each scenario.
    folder
        Folder of scenarios; the shipped one if None.
    baseline
        Folder of own tables, as in `sim.engine.runs.world_of`; the embedded ones if None.
    """

    study: Study
    places: Mapping[str, str | Path]
    folder: Path | None = None
    baseline: Path | None = None

    def world(self, elasticities: str) -> World:
        """Return the world that runs with these elasticities share."""
        return world_of(elasticities, self.folder, self.baseline)

    @cached_property
    def recipe(self) -> Recipe:
        """What all chunks have in common."""
        study = self.study
        varied = study.vary.get(SETS)
        return Recipe(
            places=tuple((name, str(place)) for name, place in self.places.items()),
            folder=None if self.folder is None else str(self.folder),
            baseline=None if self.baseline is None else str(self.baseline),
            elasticities=study.elasticities,
            sets=() if varied is None or varied.sets is None else varied.sets,
            seed=study.design.seed,
            fixed=tuple(study.levers.items()),
            names=tuple(study.vary),
            quantities=tuple(study.quantities()),
            months=study.months,
            report=study.report,
        )

    @cached_property
    def points(self) -> Points:
        """Rows of the design."""
        return points_of(self.study)

    @property
    def rows(self) -> int:
        """Count the rows of the design: runs of each scenario."""
        return run_count(self.study.design, tuple(self.study.vary.values()))

    @property
    def runs(self) -> int:
        """Count the runs of all scenarios."""
        return self.rows * len(self.places)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything that can change a number: study, version, baseline, scenarios."""
        content: dict[str, Any] = {
            "study": self.study.model_dump(mode="json", exclude={"title", "question", "note"}),
            "version": __version__,
            "baseline": self.world(self.study.elasticities).baseline.digest,
            "scenarios": {name: self._scenario_digest(name) for name in self.places},
        }
        return _sha256(json.dumps(content, sort_keys=True).encode())

    def _scenario_digest(self, name: str) -> list[Any]:
        """Digests of a scenario as it is resolved here and of its baseline, and its levers."""
        scenario = runner_of(self.recipe, name).template.default
        levers = [[lever.id, lever.paths, lever.default] for lever in scenario.levers]
        return [scenario.digest, runner_of(self.recipe, name).baseline_digest, levers]

    @property
    def seconds(self) -> float:
        """Rough time of all runs on one core, seconds."""
        if self.study.months is not None:
            return self.runs * self.study.months * SECONDS_A_RUN["month"]
        own_economy = not MODEL_NAMES.isdisjoint(self.study.vary)
        return self.runs * SECONDS_A_RUN["economy" if own_economy else "lever"]

    def check(self) -> None:
        """Check the study before anything runs.

        Raises
        ------
        InputError
            Unknown levers (those that no scenario has), sets, variables, regions or sectors.
        """
        study = self.study
        for elasticities in (study.elasticities, *self.recipe.sets):
            self.world(elasticities)
        levers = [name for name in (*study.levers, *study.vary) if name not in (SETS, DRAW)]
        runners = [runner_of(self.recipe, name) for name in self.places]
        known = frozenset().union(*(runner.known(levers) for runner in runners))
        if study.months is not None:
            known = known.union(*(inputs_of_paths(runner) for runner in runners))
        for runner in runners:
            runner.check([name for name in levers if name not in known], self.recipe.quantities)
        for name, place in self.places.items():
            self._check_ends(name, str(place))

    def _check_ends(self, name: str, place: str) -> None:
        """Refuse values outside the range of the lever itself."""
        runner = runner_of(self.recipe, name)
        levers = runner.template.default.levers
        limits = {key: (lever.min, lever.max) for key, lever in MODEL_LEVERS.items()}
        limits |= {lever.id: (lever.min, lever.max) for lever in levers}
        if self.study.months is not None:
            limits |= {
                key: (parameter.min, parameter.max)
                for key, parameter in read_pace().entries().items()
            }
            limits[LUCK] = (0.0, 1.0)
        for lever in limits.keys() & self.study.vary.keys():
            way, (low, high) = self.study.vary[lever], limits[lever]
            ends = way.values or tuple(end for end in (way.min, way.max) if end is not None)
            outside = [value for value in ends if not low <= value <= high]
            if outside:
                raise InputError(
                    f"{outside[0]:g} is outside what '{lever}' of {place} may be.",
                    advice=f"Write numbers from {low:g} to {high:g}.",
                    field=f"vary.{lever}",
                )

    def chunks(self) -> Iterator[tuple[str, Chunk]]:
        """Yield every chunk with the name of its part; neighbouring rows share a chunk."""
        order = chunks_of(self.points, self.study.chunk, MODEL_NAMES)
        for position, name in enumerate(self.places):
            for rows in order:
                chunk = Chunk(name, rows + position * self.rows, self.points.values[rows])
                yield self._part_name(chunk), chunk

    def chunk_count(self) -> int:
        """Count the chunks of all scenarios."""
        return len(chunks_of(self.points, self.study.chunk, MODEL_NAMES)) * len(self.places)

    def _part_name(self, chunk: Chunk) -> str:
        """Name of a part by its content: specification, runs and values."""
        values = np.ascontiguousarray(chunk.values).tobytes()
        content = [self.digest.encode(), chunk.scenario.encode(), chunk.runs.tobytes(), values]
        return _sha256(b"|".join(content))[:24]

    def design_table(self) -> pa.Table:
        """Return run, scenario and the value of each input; null where it is left as it is."""
        points = self.points
        runs = np.arange(self.runs, dtype=np.int64)
        of_run = np.repeat(np.array(list(self.places)), self.rows)
        columns: dict[str, Any] = {
            "run": runs,
            "scenario": pa.array(of_run).dictionary_encode(),
        }
        for column, name in enumerate(points.names):
            values = np.tile(points.values[:, column], len(self.places))
            if name == SETS:
                sets = [
                    None if np.isnan(number) else self.recipe.sets[int(number)] for number in values
                ]
                columns[name] = pa.array(sets, pa.string())
            else:
                columns[name] = pa.array(values, from_pandas=True)
        return pa.table(columns)

    def shape(self) -> dict[str, Any]:
        """Return what a dry run reports: inputs, runs, chunks and rough cost."""
        return {
            "inputs": {name: levels(way) for name, way in self.study.vary.items()}
            if self.study.design.kind == "grid"
            else list(self.study.vary),
            "scenarios": list(self.places),
            "runs": self.runs,
            "chunks": -(-self.rows // self.study.chunk) * len(self.places),
            "numbers_a_run": len(self.recipe.quantities),
            "core_seconds": self.seconds,
        }


def plan_of(
    study: Study, base: Path, folder: Path | None = None, baseline: Path | None = None
) -> Plan:
    """Return the checked plan of a study whose paths are relative to `base`."""
    plan = Plan(study, placed(study, base), folder, baseline)
    plan.check()
    return plan


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
