"""Several results side by side, and what each is worth against its counterpart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyarrow as pa

from sim.outputs.folder_names import save_each
from sim.outputs.headline import Figure, Headline, difference, headline
from sim.outputs.pair_names import PairNames, pair_names
from sim.outputs.results import RunResult


@dataclass(frozen=True, eq=False)
class Worth:
    """Value of a measure that means that something does not happen.

    `result` less `counterpart`, the run of the scenario in which it does happen.
    """

    result: RunResult
    counterpart: RunResult
    reason: str

    @cached_property
    def figures(self) -> Mapping[str, Figure]:
        """Difference of each headline figure, result less counterpart."""
        return difference(headline(self.result), headline(self.counterpart))

    @property
    def names(self) -> PairNames:
        """What the regions of the figures are called."""
        return pair_names(self.result.pair, self.result.manifest.get("labels"))


@dataclass(frozen=True, eq=False)
class Comparison:
    """Results in the order asked for, and the worth of those that have a counterpart."""

    results: tuple[RunResult, ...]
    worths: tuple[Worth, ...] = ()

    @cached_property
    def headlines(self) -> tuple[Headline, ...]:
        """Headline of each result."""
        return tuple(headline(result) for result in self.results)

    @property
    def table(self) -> pa.Table:
        """All result tables, one below the other."""
        return pa.concat_tables([result.table for result in self.results]).unify_dictionaries()

    @property
    def runs(self) -> tuple[RunResult, ...]:
        """All results, counterparts included, each once."""
        return tuple(dict.fromkeys((*self.results, *(worth.counterpart for worth in self.worths))))

    def save(self, folder: str | Path) -> Path:
        """Save each run in a folder of its own below `folder`: see `folder_names`."""
        return save_each(self.runs, folder)
