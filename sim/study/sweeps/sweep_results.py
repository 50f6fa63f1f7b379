"""Read the parts of a sweep: values by run, and exports that are written part by part."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.errors import InputError
from sim.outputs.pick import Quantity
from sim.outputs.table import TOTAL
from sim.study.spec import Study
from sim.study.sweeps.plan import Plan
from sim.study.sweeps.store import DESIGN, PARTS, STUDY, plain_errors, read_manifest
from sim.study.sweeps.worker import COLUMNS
from sim.version import __version__

Array = NDArray[np.float64]

Parts = Sequence[Path | bytes]


class SweepResult:
    """The numbers of a sweep, from its folder or from memory.

    Parameters
    ----------
    study
        The specification.
    rows
        Runs of each scenario.
    parts
        Files, or the bytes of files.
    inputs
        Values of the inputs: run, scenario, one column an input.
    """

    def __init__(self, study: Study, rows: int, parts: Parts, inputs: pa.Table) -> None:
        self.study, self.rows, self.parts, self.inputs = study, rows, parts, inputs
        self.scenarios = study.scenarios
        self.quantities = tuple(study.quantities())

    @classmethod
    def of_plan(cls, plan: Plan, parts: Parts) -> SweepResult:
        """Join a plan and its parts."""
        return cls(plan.study, plan.rows, parts, plan.design_table())

    @classmethod
    def load(cls, folder: str | Path) -> SweepResult:
        """Open a folder that a sweep wrote, finished or not.

        Raises
        ------
        InputError
            If there is no sweep in it.
        """
        folder = Path(folder)
        manifest = read_manifest(folder)
        try:
            text = (folder / STUDY).read_text(encoding="utf-8")
            study = Study.model_validate_json(text)
            inputs = pq.read_table(folder / DESIGN)
        except (OSError, ValueError, pa.ArrowException) as error:
            raise InputError(
                f"the sweep in this folder cannot be read ({type(error).__name__}).",
                advice="Run it again.",
                file=folder,
            ) from None
        parts = sorted((folder / PARTS).glob("*.parquet"))
        return cls(study, int(manifest["rows"]), parts, inputs)

    def tables(self) -> Iterator[pa.Table]:
        """Yield the parts one by one."""
        for part in self.parts:
            yield pq.read_table(io.BytesIO(part) if isinstance(part, bytes) else part)

    def table(self) -> pa.Table:
        """Return all parts as one table, in the order of runs."""
        return pa.concat_tables(list(self.tables()), promote_options="default").sort_by("run")

    @cached_property
    def _values(self) -> Mapping[Quantity, Array]:
        """Values by run, nan where there is none."""
        by_quantity = {
            quantity: np.full(self.rows * len(self.scenarios), np.nan)
            for quantity in self.quantities
        }
        count = len(self.quantities)
        for table in self.tables():
            table = table.filter(pc.is_null(table["error"]))
            # A run that worked has one row for each quantity, in their order.
            runs = table["run"].to_numpy()
            values = table["value"].to_numpy()
            for position, quantity in enumerate(self.quantities):
                by_quantity[quantity][runs[position::count]] = values[position::count]
        return by_quantity

    def values(self, quantity: str | Quantity, scenario: str | None = None) -> Array:
        """Return a number in every run of a scenario (the first), nan where the run failed.

        Parameters
        ----------
        quantity
            Its label, such as ``real_income_change|USA``, or its key.

        Raises
        ------
        InputError
            If the study does not report it, or has no such scenario.
        """
        name = self.scenarios[0] if scenario is None else scenario
        if name not in self.scenarios:
            raise InputError(
                f"the sweep has no scenario {name!r}.",
                advice=f"Known: {', '.join(self.scenarios)}.",
            )
        first = self.scenarios.index(name) * self.rows
        return self._values[self._quantity(quantity)][first : first + self.rows]

    def _quantity(self, quantity: str | Quantity) -> Quantity:
        key = Quantity(*quantity.split("|")) if isinstance(quantity, str) else quantity
        if key not in self.quantities:
            known = ", ".join(reported.label for reported in self.quantities)
            raise InputError(f"the sweep does not report {key.label!r}.", advice=f"Known: {known}.")
        return key

    def errors(self) -> list[tuple[int, str]]:
        """Return the run and the words of every failure."""
        failures: list[tuple[int, str]] = []
        for table in self.tables():
            failed = table.filter(pc.is_valid(table["error"]))
            failures += [(int(row["run"]), str(row["error"])) for row in failed.to_pylist()]
        return sorted(failures)


IAMC = ("model", "scenario", "region", "variable", "unit", "year")


def export(result: SweepResult, path: Path, kind: str, year: int) -> None:
    """Write all numbers as one CSV file, part by part.

    ``csv``: the columns of the parts.  ``iamc``: the six columns model, scenario, region, variable,
    unit, year, and the value, as pyam and the IIASA explorers read them; a run is a scenario of its
    own, ``<scenario>|run <number>``.

    Raises
    ------
    InputError
        If the disk is full or the folder cannot be written.
    """
    temporary = path.with_name(f".{path.name}.tmp")
    with plain_errors(path), temporary.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS if kind == "csv" else (*IAMC, "value"))
        for table in result.tables():
            rows: list[dict[str, Any]] = table.to_pylist()
            lines = (row.values() for row in rows) if kind == "csv" else _iamc(rows, year)
            writer.writerows(lines)
    temporary.replace(path)


def _iamc(rows: list[dict[str, Any]], year: int) -> Iterator[tuple[Any, ...]]:
    model = f"Truce {__version__}"
    for row in rows:
        if row["value"] is None:
            continue
        parts = [row["variable"], row["partner"], row["sector"]]
        while len(parts) > 1 and parts[-1] == TOTAL:
            parts.pop()
        region = "World" if row["region"] == TOTAL else row["region"]
        name = f"{row['scenario']}|run {row['run']}"
        yield model, name, region, "|".join(parts), row["unit"], year, row["value"]
