"""Where the raw data lie, and the mark of tests that need them."""

import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"
DATA = Path(os.environ.get("TRUCE_DATA", BESIDE))


def needs(file):
    """Return the mark that skips a test where `file` of the raw data is absent."""
    return pytest.mark.skipif(
        not (DATA / file).is_file(),
        reason=f"raw data absent: no {file} in {DATA} (set TRUCE_DATA)",
    )
