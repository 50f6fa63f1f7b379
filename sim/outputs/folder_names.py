"""Results in folders of their own: two that have the same id do not overwrite each other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.outputs.results import RunResult


def folder_names(results: Sequence[RunResult]) -> tuple[str, ...]:
    """Return a folder name for each result: its id, with ``-2`` and so on where that is taken.

    Files in two places may have the same name.  An id keeps its folder: where ids are ``a``, ``a``
    and ``a-2``, the second is saved in ``a-3``.
    """
    ids = {result.id for result in results}
    names: list[str] = []
    for result in results:
        name, number = result.id, 2
        while name in names or (name != result.id and name in ids):
            name, number = f"{result.id}-{number}", number + 1
        names.append(name)
    return tuple(names)


def save_each(results: Sequence[RunResult], folder: str | Path) -> Path:
    """Save each result in a folder of its own below `folder`, named by `folder_names`."""
    for result, name in zip(results, folder_names(results), strict=True):
        result.save(Path(folder) / name)
    return Path(folder)


def renamed(results: Sequence[RunResult]) -> list[str]:
    """Return a sentence for each result that is not saved under its own id."""
    return [
        f"another result is called {result.id}: “{result.title}” is saved in {name}"
        for result, name in zip(results, folder_names(results), strict=True)
        if name != result.id
    ]
