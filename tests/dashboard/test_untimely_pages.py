"""A scenario whose measures are not in force on its day says so on every page that shows it."""

import pytest

from dashboard.data import reader_files
from dashboard.parts import session_scenarios
from tests.dashboard.streamlit_pages import QUIET, opened

pytestmark = QUIET

BEFORE = """\
title: Before its time
question: What if we look too early?
extends: baseline-2025-10
date: 2025-12-01
measures:
  - {id: late-duty, kind: tariff, title: A late duty, importer: USA, exporters: [CHN], rate_pp: 30,
     coverage: {default: 1.0}, start: 2026-03-01, authority: ieepa-fentanyl, status: threatened,
     assumed: true, reason: a test}
"""
WORDS = "none of its own measures is in force on 2025-12-01"


@pytest.fixture
def own():
    """The name of a scenario of one's own, which a session has saved."""
    name = reader_files.keep(BEFORE)
    yield name
    reader_files.READER_FILES.pop(name, None)


@pytest.mark.parametrize("page", ["scenario", "map_and_flows", "sectors", "uncertainty", "compare"])
def test_the_first_thing_said_is_that_nothing_is_in_force(own, page):
    kept = session_scenarios.SessionScenarios(
        own=(session_scenarios.ReaderScenario("Before its time", BEFORE),)
    )
    params = {"pins": own} if page == "compare" else {"scenario": own}
    at = opened(page, {session_scenarios.STATE: kept}, **params)
    assert any(WORDS in warning.value for warning in at.warning), [w.value for w in at.warning]
