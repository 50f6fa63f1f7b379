"""Paths side by side, by calendar month: what each changes, and what one is worth over another.

A path begins where its scenario or its baseline departs from the law that it starts from; before
that month nothing changes, so that paths that begin at different times are set beside each other
from the first of them on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.baseline.defaults import ELASTICITIES
from sim.baseline.load import Baseline
from sim.engine.pace import PACE_LEVERS
from sim.engine.runs import article_scenarios, path_result, world_of
from sim.engine.scenario_comparison import check_levers, lever_ids
from sim.outputs.folder_names import save_each
from sim.outputs.headline import Figure, figure_keys, headline, in_figure_units
from sim.outputs.pick import Quantity
from sim.outputs.results import RunResult
from sim.outputs.table import TOTAL
from sim.outputs.variables import USD_BN
from sim.pair import Pair
from sim.policy.law.dates import months as calendar

Array = NDArray[np.float64]

STILL = 5e-4
"""Changes that are smaller in the unit shown are none."""


@dataclass(frozen=True, eq=False)
class PathComparison:
    """Paths in the order asked for; the first is what the others are set against.

    `results` have changes against the baseline's path, or against that of the counterpart where the
    scenario means that something does not happen.  Differences between paths are taken of
    `against_baseline`, the same paths with all changes against the baseline's.
    """

    results: tuple[RunResult, ...]
    against_baseline: tuple[RunResult, ...]

    @cached_property
    def dates(self) -> tuple[dt.date, ...]:
        """First days of the months from the earliest beginning to the earliest end."""
        first = min(result.dates[0] for result in self.results)
        last = min(result.dates[-1] for result in self.results)
        return tuple(start for start, _ in calendar(first, last + dt.timedelta(1)))

    @cached_property
    def figures(self) -> Mapping[str, Figure]:
        """Headline figures that any path reports, for their labels and units."""
        figures: dict[str, Figure] = {}
        for result in reversed(self.results):
            figures |= headline(result.at(1)).figures
        return {name: figures[name] for name in self._keys if name in figures}

    @cached_property
    def _keys(self) -> Mapping[str, tuple[Quantity, Pair]]:
        """Row of each headline figure of the paths' pairs, and the pair that it belongs to."""
        pairs = dict.fromkeys(result.pair for result in self.results)
        return {
            name: (Quantity(*key), pair)
            for pair in pairs
            for name, key in figure_keys(pair).items()
        }

    @cached_property
    def changes(self) -> Mapping[str, Array]:
        """Change of each headline figure as `results` has it, [path, month], in its unit."""
        return self._stacked(self.results)

    @cached_property
    def _common(self) -> Mapping[str, Array]:
        """Change of each headline figure against the baseline, [path, month], in its unit."""
        return self._stacked(self.against_baseline)

    def _stacked(self, results: Iterable[RunResult]) -> Mapping[str, Array]:
        paths = [self._changes(result) for result in results]
        return {name: np.array([path[name] for path in paths]) for name in self.figures}

    def _changes(self, result: RunResult) -> dict[str, Array]:
        place = {date: position for position, date in enumerate(self.dates)}
        rows = {}
        for name in self.figures:
            key, pair = self._keys[name]
            row = np.full(len(self.dates), np.nan)
            row[[position for date, position in place.items() if date < result.dates[0]]] = 0.0
            for date, value in _series(result.table, key):
                if date in place:
                    row[place[date]] = in_figure_units(name, value, pair)
            rows[name] = row
        return rows

    def moves(self, name: str) -> bool:
        """Tell whether a figure changes in any path."""
        return bool(np.any(np.abs(np.nan_to_num(self.changes[name])) > STILL))

    def comparable(self, path: int) -> bool:
        """Tell whether a path has the baseline of the first."""
        ours, first = (self.results[position].manifest["baseline"] for position in (path, 0))
        return bool(ours == first)

    def difference(self, name: str, path: int) -> Array:
        """Change of a figure in a path less that in the first, [month]; nan if not comparable."""
        changes = self._common[name]
        gap = changes[path] - changes[0]
        return np.asarray(gap if self.comparable(path) else np.full_like(gap, np.nan))

    def worth(self, name: str, path: int) -> float | None:
        """Sum of a difference over the months, bn USD; None for what is no amount a year."""
        gap = self.difference(name, path)
        if self.figures[name].change_unit != USD_BN or not np.isfinite(gap).all():
            return None
        return float(gap.sum() / 12.0)

    @cached_property
    def quarters(self) -> Mapping[str, tuple[int, ...]]:
        """Calendar quarters with the positions of their months; the ends may be short."""
        quarters: dict[str, tuple[int, ...]] = {}
        for position, date in enumerate(self.dates):
            name = f"{date.year} Q{(date.month + 2) // 3}"
            quarters[name] = (*quarters.get(name, ()), position)
        return quarters

    def by_quarter(self, values: Array) -> Array:
        """Mean of the months of each quarter, [..., quarter]."""
        means = [values[..., list(months)].mean(axis=-1) for months in self.quarters.values()]
        return np.stack(means, axis=-1)

    def save(self, folder: str | Path) -> Path:
        """Save each path in a folder of its own below `folder`: see `folder_names`."""
        return save_each(self.results, folder)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data: what ``--json`` prints."""
        return {
            "months": [f"{date:%Y-%m}" for date in self.dates],
            "quarters": list(self.quarters),
            "against": [str(result.manifest["against"]) for result in self.results],
            "scenarios": [result.id for result in self.results],
            "titles": [result.title for result in self.results],
            "figures": {name: self._figure(name) for name in self.figures},
        }

    def _figure(self, name: str) -> dict[str, Any]:
        figure, others = self.figures[name], range(1, len(self.results))
        differences = [self.difference(name, path) for path in others]
        return {
            "label": figure.label,
            "unit": figure.change_unit,
            "change": _plain(self.changes[name]),
            "change_by_quarter": _plain(self.by_quarter(self.changes[name])),
            "difference_by_quarter": [_plain(self.by_quarter(gap)) for gap in differences],
            "worth_usd_bn": [self.worth(name, path) for path in others],
        }


def _plain(values: Array) -> Any:  # noqa: ANN401  nested lists
    """Lists of numbers, None where there is none."""
    if values.ndim > 1:
        return [_plain(row) for row in values]
    return [float(value) if np.isfinite(value) else None for value in values]


def _series(table: pa.Table, key: Quantity) -> Iterable[tuple[dt.date, float]]:
    """Dates and values of one number of a path; null also stands for a total."""
    chosen = np.ones(table.num_rows, dtype=bool)
    for name, word in zip(key._fields, key, strict=True):
        column: Any = table[name].combine_chunks()
        known = [entry == word for entry in column.dictionary.to_pylist()]
        codes = column.indices.fill_null(len(known)).to_numpy(zero_copy_only=False)
        chosen &= np.array([*known, word == TOTAL])[codes]
    dates: Any = table["date"]
    for row in np.flatnonzero(chosen).tolist():
        yield dates[row].as_py(), float(table["value"][row].as_py())


def compare_paths(
    names: Sequence[str | Path] = (),
    *,
    months: int = 36,
    levers: Mapping[str, float] | None = None,
    elasticities: str = ELASTICITIES,
    folder: Path | None = None,
    baseline: Baseline | str | Path | None = None,
) -> PathComparison:
    """Run the paths of several scenarios (those of the articles if none is named).

    Parameters
    ----------
    names
        Ids or paths of files; the first is what the others are set against.
    months
        Length of each path.
    levers
        A lever applies to each scenario that has it; those of the path to all.

    Raises
    ------
    InputError
        As `sim.run`; also if no scenario has one of the levers.
    """
    chosen = list(dict.fromkeys(names)) or article_scenarios(folder)
    world, wanted = world_of(elasticities, folder, baseline), dict(levers or {})
    known = {name: lever_ids(world.scenario(name)) | frozenset(PACE_LEVERS) for name in chosen}
    check_levers(wanted, known.values())
    results, plain_results = [], []
    for name in chosen:
        own = {lever: value for lever, value in wanted.items() if lever in known[name]}
        solved = world.path(name, months, own)
        results.append(path_result(solved))
        has_other = solved.counterpart is not None
        plain_results.append(path_result(solved, "baseline") if has_other else results[-1])
    return PathComparison(tuple(results), tuple(plain_results))
