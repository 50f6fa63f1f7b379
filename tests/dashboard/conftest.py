"""What holds in every test of the pages."""

import pytest


@pytest.fixture(autouse=True)
def _short_paths(monkeypatch):
    """Paths of three months, worked out here and now, not by processes beside the server."""
    workers = pytest.importorskip("dashboard.worker.pool")
    paths = pytest.importorskip("dashboard.data.long_tasks")
    monkeypatch.setattr(workers, "HERE", True)
    monkeypatch.setattr(paths, "MONTHS", 3)
