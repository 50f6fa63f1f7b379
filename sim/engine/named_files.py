"""Scenarios by the name that a caller gives: an id, or the path of a file."""

from __future__ import annotations

import os
from pathlib import Path

from sim.policy.library.cards import scenario_folder, seed_folder

Name = str | Path
"""Id of a scenario, or the path of a file."""


def file_beside(name: Name | None, other: str | None) -> Name | None:
    """Return the file of scenario `other` next to the file `name`, or `other` if there is none.

    A file never means itself: one that is called like a shipped scenario means the shipped one.
    """
    if other is None or name is None or not is_file(name):
        return other
    path = Path(name).parent / f"{other}.yaml"
    return path if path.is_file() and path != Path(name) else other


def is_file(name: Name) -> bool:
    """Tell whether a name is the path of a file and no id."""
    return str(name).endswith((".yaml", ".yml"))


def stamp_of(name: Name, folder: Path | None) -> tuple[tuple[str, int], ...]:
    """Return the files that a scenario may be read from, with the times of their last change."""
    folders = {scenario_folder(folder), seed_folder(scenario_folder(folder))}
    if is_file(name):
        folders.add(Path(name).parent)
    return tuple(
        stamp
        for place in sorted(folders)
        for each in (place, place / "measures")
        for stamp in _stamps(each)
    )


def _stamps(folder: Path) -> list[tuple[str, int]]:
    """YAML files of a folder with the times of their last change; none if it does not exist."""
    try:
        with os.scandir(folder) as entries:
            files = [entry for entry in entries if entry.name.endswith(".yaml")]
            # A link to nowhere (an editor's lock) is no file.
            known = [entry for entry in files if entry.is_file()]
            return sorted((entry.path, entry.stat().st_mtime_ns) for entry in known)
    except OSError:
        return []
