"""Where scenarios, measures, evidence and stacking rules lie, and how they are read by id."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from sim.errors import ScenarioError
from sim.policy.language.fields import ID_PATTERN
from sim.policy.language.kinds import KINDS, Measure
from sim.policy.language.messages import as_written, nearest
from sim.policy.language.reading import validated
from sim.policy.language.schema import Scenario
from sim.policy.language.stacking import Stacking
from sim.policy.language.yamlio import Document, Key, read_document, shown
from sim.policy.library.cards import NOT_SCENARIOS, scenario_folder, seed_folder
from sim.policy.library.seeds import Fact, read_facts


class Library:
    """The folders that ids are looked up in: the user's own first, then the shipped one.

    Parameters
    ----------
    folder
        Scenario folder; the shipped one by default.
    own
        Folder of the user's file, which may hold ``measures/`` of its own.
    """

    def __init__(self, folder: Path | None = None, own: Path | None = None) -> None:
        shipped = scenario_folder(folder)
        folders = [shipped] if own is None or own.resolve() == shipped.resolve() else [own, shipped]
        self.folders = tuple(folders)
        self.shipped = shipped
        self._names: dict[str, frozenset[str]] = {}

    def scenario(self, name: str, asking: str | None = None) -> tuple[Scenario, Document]:
        """Read the scenario called `name`; `ScenarioError` if it is unknown or broken.

        Parameters
        ----------
        asking
            File that names it, as its document shows it.  A file never means itself: one that is
            called like a shipped scenario, such as a download of it, means the shipped one.
        """
        return self.read_scenario(self._path(name, "scenario", asking))

    def measure(self, name: str) -> tuple[Measure, Document]:
        """Read the measure called `name`; `ScenarioError` if it is unknown or broken."""
        return self.read_measure(self._path(name, "measure"))

    @staticmethod
    def read_scenario(path: Path) -> tuple[Scenario, Document]:
        """Read a scenario file."""
        document = _read(path)
        scenario = validated(Scenario, document)
        if scenario.id not in (None, path.stem):
            raise document.error(
                f"found '{scenario.id}' in {path.name}.", ("id",), f"Write id: {path.stem}."
            )
        return scenario, document

    @staticmethod
    def read_measure(path: Path) -> tuple[Measure, Document]:
        """Read a measure file."""
        status = path.stat() if path.is_file() else None
        if status is None:
            return _measure_in(read_document(path), path)
        return _kept_measure(path, status.st_mtime_ns, status.st_size)

    def names(self, noun: str) -> frozenset[str]:
        """Ids of all scenarios or measures; looked up once."""
        if noun not in self._names:
            paths = [path for place in self._places(noun) for path in place.glob("*.yaml")]
            known = frozenset(path.stem for path in paths)
            self._names[noun] = known - NOT_SCENARIOS if noun == "scenario" else known
        return self._names[noun]

    def _places(self, noun: str) -> list[Path]:
        return [place / "measures" if noun == "measure" else place for place in self.folders]

    def _path(self, name: str, noun: str, asking: str | None = None) -> Path:
        """File of an id; the pattern of ids keeps the path inside the folders."""
        places = self._places(noun) if re.fullmatch(ID_PATTERN, name) else []
        paths = [path for place in places if (path := place / f"{name}.yaml").is_file()]
        if not paths or name in NOT_SCENARIOS:
            raise ScenarioError(
                f"{noun} '{name}' does not exist.", advice=nearest(name, self.names(noun))
            )
        if len(paths) > 1 and asking is not None and shown(paths[0]) == asking:
            paths = paths[1:]
        if len(paths) > 1 and noun == "measure":
            raise ScenarioError(
                f"measure '{name}' exists in two folders, {paths[0].parent} and {paths[1].parent}.",
                advice="Rename yours.",
            )
        # Only a link can lead out of the folder, and to resolve every path takes half of a read.
        if paths[0].is_symlink() and paths[0].resolve().parent != paths[0].parent.resolve():
            raise ScenarioError(
                f"{noun} '{name}' is a link out of its folder.", advice="Copy the file."
            )
        return paths[0]

    @cached_property
    def stacking(self) -> Stacking:
        """Authorities and how they stack."""
        return read_stacking(self.shipped)

    @cached_property
    def facts(self) -> Mapping[tuple[str, str], Fact]:
        """Facts of the articles, by seed and fact id."""
        return read_facts(seed_folder(self.shipped))


def measure_at(document: Document, place: tuple[Key, ...] = ()) -> Measure:
    """Validate the measure that stands at `place` in `document`."""
    content: Any = document.content
    for key in place:
        content = content[key]
    kind = content.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        path = (*place, "kind") if "kind" in content else place
        problem = f"found kind {as_written(kind)}." if "kind" in content else "kind is missing."
        raise document.error(problem, path, nearest(str(kind), KINDS, "kinds"))
    return validated(KINDS[kind], document, place)


def _measure_in(document: Document, path: Path) -> tuple[Measure, Document]:
    measure = measure_at(document)
    if measure.id != path.stem:
        raise document.error(
            f"found '{measure.id}' in {path.name}.", ("id",), f"Write id: {path.stem}."
        )
    return measure, document


@lru_cache(maxsize=512)
def _kept_measure(path: Path, modified: int, size: int) -> tuple[Measure, Document]:
    """Validate once per version of the file: `modified` and `size` are part of the key."""
    return _measure_in(_kept_document(path, modified, size), path)


def read_stacking(folder: Path) -> Stacking:
    """Read ``stacking.yaml`` of a scenario folder, or the shipped one."""
    path = folder / "stacking.yaml"
    if not path.is_file():
        path = scenario_folder() / "stacking.yaml"
    return validated(Stacking, _read(path))


def _read(path: Path) -> Document:
    status = path.stat() if path.is_file() else None
    if status is None:
        return read_document(path)
    return _kept_document(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=512)
def _kept_document(path: Path, modified: int, size: int) -> Document:
    """Read once per version of the file: `modified` and `size` are part of the key."""
    return read_document(path)
