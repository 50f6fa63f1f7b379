"""The folder of a sweep: one Parquet part for each chunk, a design and a manifest.

A part is named by its content, written under another name and renamed, so that it is either
complete or absent.  A folder belongs to one specification; a lock keeps two sweeps from writing to
it at the same time.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim.errors import InputError

MANIFEST, DESIGN, STUDY, PARTS, LOCK = (
    "manifest.json", "design.parquet", "study.json", "parts", ".lock",
)  # fmt: skip


class Store:
    """A folder of parts.

    Parameters
    ----------
    folder
        Created if it does not exist.
    digest
        Of everything that can change a number.
    """

    def __init__(self, folder: Path, digest: str) -> None:
        self.folder, self.digest = Path(folder), digest
        self.parts = self.folder / PARTS

    @contextmanager
    def opened(self, *, force: bool = False) -> Iterator[Store]:
        """Lock the folder for this sweep; with `force`, parts of another specification are deleted.

        Raises
        ------
        InputError
            If the folder cannot be written, is in use, or belongs to another specification.
        """
        with plain_errors(self.folder):
            self.parts.mkdir(parents=True, exist_ok=True)
            handle = (self.folder / LOCK).open("w")
        with handle:
            _lock(handle.fileno(), self.folder)
            self._claim(force)
            yield self

    def _claim(self, force: bool) -> None:
        digest = read_manifest(self.folder, missing_ok=True).get("digest")
        has_strange_parts = digest is None and any(self.parts.glob("*.parquet"))
        if digest in (None, self.digest) and not has_strange_parts and not force:
            return
        if not force:
            raise InputError(
                "this folder holds the parts of another specification.",
                advice="Name another --out, or delete them with --force.",
                file=self.folder,
            )
        with plain_errors(self.folder):
            for path in [*self.parts.glob("*.parquet"), self.folder / MANIFEST]:
                path.unlink(missing_ok=True)

    def path(self, name: str) -> Path:
        """Return the path of the part called `name`."""
        return self.parts / f"{name}.parquet"

    def finished(self, name: str) -> int | None:
        """Return how many runs of a part failed; None if there is no readable part."""
        try:
            errors = pq.read_table(self.path(name), columns=["error"])["error"]
        except (OSError, pa.ArrowException):
            return None
        return len(errors) - errors.null_count

    def write_part(self, name: str, content: bytes) -> None:
        """Write a part."""
        write_whole(self.path(name), content)

    def write_json(self, name: str, content: Mapping[str, Any]) -> None:
        """Write the manifest or the study."""
        text = json.dumps(content, indent=2, ensure_ascii=False, default=str) + "\n"
        write_whole(self.folder / name, text.encode())

    def write_table(self, name: str, table: pa.Table) -> None:
        """Write a table beside the parts."""
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, compression="zstd")
        write_whole(self.folder / name, sink.getvalue().to_pybytes())


def write_whole(path: Path, content: bytes) -> None:
    """Write under another name in the same folder, then rename.

    The other name is always the same, so that the remains of a killed sweep are overwritten.

    Raises
    ------
    InputError
        If the disk is full or the folder cannot be written.
    """
    temporary = path.with_name(f".{path.name}.tmp")
    with plain_errors(path):
        try:
            with temporary.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise


@contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Turn errors of the file system into one readable line."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise InputError(
            "the disk is full." if full else f"cannot be written ({error.strerror}).",
            advice="Free some space and run again: finished parts are kept."
            if full
            else "Name another folder with --out.",
            file=path,
        ) from error


def _lock(handle: int, folder: Path) -> None:
    """Take the lock; the system releases it however the process ends."""
    try:
        import fcntl
    except ImportError:  # systems without it: two sweeps in one folder merely repeat work
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise InputError(
            "another sweep is writing to this folder.", advice="Wait for it.", file=folder
        ) from None


def read_manifest(folder: Path, *, missing_ok: bool = False) -> dict[str, Any]:
    """Read the manifest of a sweep.

    Raises
    ------
    InputError
        If there is none, or it cannot be read.
    """
    path = Path(folder) / MANIFEST
    if missing_ok and not path.exists():
        return {}
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise InputError(
            f"there is no sweep in this folder ({type(error).__name__}).",
            advice="Make one with `truce sweep STUDY.yaml --out DIR`.",
            file=folder,
        ) from None
    return dict(content)
