"""What holds in every test of the pages."""

import pytest


@pytest.fixture(autouse=True)
def _short_paths(monkeypatch):
    """Paths of three months, worked out here and now, not by processes beside the server."""
    pool = pytest.importorskip("dashboard.worker.pool")
    worker_requests = pytest.importorskip("dashboard.data.worker_requests")
    monkeypatch.setattr(pool, "IN_PROCESS", True)
    monkeypatch.setattr(worker_requests, "MONTHS", 3)
