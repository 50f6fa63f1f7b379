"""Files of the raw folder."""

from __future__ import annotations

from csv import DictReader
from pathlib import Path

from sim.errors import BaselineError


def data_file(data_dir: Path, name: str) -> Path:
    """Return the path of a raw file; raise BaselineError when it is absent."""
    path = data_dir / name
    if not path.is_file():
        raise BaselineError(
            "this raw table is missing.",
            advice="Point --data at the folder of raw tables (see its README).",
            file=path,
        )
    return path


def csv_rows(data_dir: Path, name: str) -> list[dict[str, str]]:
    """Return the rows of a raw CSV file that has a header."""
    with data_file(data_dir, name).open(encoding="utf-8-sig", newline="") as handle:
        return list(DictReader(handle))
