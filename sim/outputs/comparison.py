"""Several results side by side, each against its counterpart or else its own baseline."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyarrow as pa

from sim.outputs.folder_names import save_each
from sim.outputs.headline import Headline, headline
from sim.outputs.results import RunResult


@dataclass(frozen=True, eq=False)
class Comparison:
    """Results in the order asked for."""

    results: tuple[RunResult, ...]

    @cached_property
    def headlines(self) -> tuple[Headline, ...]:
        """Headline of each result."""
        return tuple(headline(result) for result in self.results)

    @property
    def worths(self) -> tuple[Headline, ...]:
        """Headlines of those that mean that something does not happen."""
        return tuple(top for top in self.headlines if top.prevented)

    @property
    def table(self) -> pa.Table:
        """All result tables, one below the other."""
        return pa.concat_tables([result.table for result in self.results]).unify_dictionaries()

    def save(self, folder: str | Path) -> Path:
        """Save each run in a folder of its own below `folder`: see `folder_names`."""
        return save_each(self.results, folder)
