"""The work of one chunk, as an importable function that any executor can send to a worker.

A worker reads the scenarios of a recipe once and keeps them; a chunk comes in as plain numbers and
goes back as the bytes of a Parquet part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.errors import NotConverged, TruceError
from sim.outputs.pick import Quantity
from sim.outputs.variables import VARIABLES
from sim.study.failures import Failure
from sim.study.path_point import inputs_of_paths, path_values
from sim.study.point import Draw, Runner
from sim.study.spec import DRAW, SETS, Report

Array = NDArray[np.float64]

COLUMNS = (
    "run", "scenario", "variable", "region", "partner", "sector", "unit", "value", "error",
)  # fmt: skip

SCHEMA = pa.schema(
    [
        ("run", pa.int64()),
        *[
            (name, pa.dictionary(pa.int32(), pa.string()))
            for name in ("scenario", "variable", "region", "partner", "sector", "unit")
        ],
        ("value", pa.float64()),
        ("error", pa.dictionary(pa.int32(), pa.string())),
    ]
)


@dataclass(frozen=True)
class Recipe:
    """What all chunks of a sweep have in common; small and hashable, sent with every chunk."""

    places: tuple[tuple[str, str], ...]
    """Name and place (id or path) of each scenario."""
    folder: str | None
    elasticities: str
    sets: tuple[str, ...]
    seed: int
    fixed: tuple[tuple[str, float], ...]
    names: tuple[str, ...]
    """Inputs, in the order of the values."""
    quantities: tuple[Quantity, ...]
    months: int | None = None
    """Length of the paths; None is the static long run."""
    report: Report = "mean"


@dataclass(frozen=True, eq=False)
class Chunk:
    """Rows of one scenario: run numbers and what the inputs are set to."""

    scenario: str
    runs: NDArray[np.int64]
    values: Array


@dataclass(frozen=True)
class Done:
    """A chunk that has run: its Parquet bytes and how many of its runs failed."""

    part: bytes
    failed: int
    first_error: TruceError | None


@lru_cache(maxsize=64)
def _runner(place: str, folder: str | None) -> Runner:
    """Read a scenario once in each worker."""
    path: str | Path = Path(place) if place.endswith((".yaml", ".yml")) else place
    return Runner(path, None if folder is None else Path(folder))


def runner_of(recipe: Recipe, scenario: str) -> Runner:
    """Return the worker's runner of a scenario of the recipe."""
    return _runner(dict(recipe.places)[scenario], recipe.folder)


def settings(
    recipe: Recipe, runner: Runner, row: Iterable[float]
) -> tuple[dict[str, float], str, Draw | None]:
    """Split a row of values into levers, a set of elasticities, and a draw.

    A lever that the scenario does not have is left out; nan leaves an input as it is.
    """
    given = {
        name: float(value)
        for name, value in (*recipe.fixed, *zip(recipe.names, row, strict=True))
        if not np.isnan(value)
    }
    elasticities = recipe.elasticities
    if SETS in given:
        elasticities = recipe.sets[int(given.pop(SETS))]
    draw = Draw(int(given.pop(DRAW)), recipe.seed) if DRAW in given else None
    known = runner.known(given)
    if recipe.months is not None:
        known |= inputs_of_paths(runner)
    return {name: given[name] for name in given if name in known}, elasticities, draw


def run_chunk(recipe: Recipe, chunk: Chunk) -> Done:
    """Run every row of a chunk; a run that fails gives a row with its error."""
    runner = runner_of(recipe, chunk.scenario)
    rows: list[Mapping[Quantity, float] | TruceError] = []
    with np.errstate(all="ignore"):
        for row in chunk.values:
            rows.append(_run_row(recipe, runner, row))
    errors = [row for row in rows if isinstance(row, TruceError)]
    table = _table(recipe, chunk, rows)
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", use_dictionary=True)
    return Done(sink.getvalue().to_pybytes(), len(errors), errors[0] if errors else None)


def _run_row(recipe: Recipe, runner: Runner, row: Array) -> Mapping[Quantity, float] | TruceError:
    try:
        levers, elasticities, draw = settings(recipe, runner, row)
        if recipe.months is None:
            return runner.values(levers, recipe.quantities, elasticities, draw)
        series = path_values(
            runner, levers, recipe.quantities, recipe.months, elasticities=elasticities, draw=draw
        )
        return {key: _reported(values, recipe.report) for key, values in series.items()}
    except NotConverged as error:
        # Errors with several arguments do not travel between processes: send the words.
        return Failure(str(error), NotConverged.exit_code)
    except TruceError as error:
        return Failure(str(error), error.exit_code)
    except (ArithmeticError, ValueError, np.linalg.LinAlgError) as error:
        return Failure(f"{type(error).__name__}: {error}", NotConverged.exit_code)


def _reported(values: Array, report: Report) -> float:
    return float(values.mean() if report == "mean" else values[-1])


def _table(
    recipe: Recipe, chunk: Chunk, rows: list[Mapping[Quantity, float] | TruceError]
) -> pa.Table:
    """One row for each number of a run; a run that failed has a single row, with its error."""
    columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    for run, row in zip(chunk.runs.tolist(), rows, strict=True):
        if isinstance(row, TruceError):
            _add(columns, run, chunk.scenario, None, None, str(row))
            continue
        for quantity in recipe.quantities:
            value = row[quantity]
            _add(columns, run, chunk.scenario, quantity, None if np.isnan(value) else value, None)
    return pa.table(columns, schema=SCHEMA)


def _add(
    columns: dict[str, list[Any]],
    run: int,
    scenario: str,
    quantity: Quantity | None,
    value: float | None,
    error: str | None,
) -> None:
    key = (None,) * 4 if quantity is None else tuple(quantity)
    unit = None if quantity is None else VARIABLES[quantity.variable].unit
    for name, entry in zip(COLUMNS, (run, scenario, *key, unit, value, error), strict=True):
        columns[name].append(entry)
