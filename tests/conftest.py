"""Rules for every test: floating-point mistakes are errors, hypothesis draws the same examples."""

import os
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, settings

COMMON = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
    "print_blob": True,
}
settings.register_profile("fast", derandomize=True, database=None, max_examples=40, **COMMON)
settings.register_profile("thorough", derandomize=False, max_examples=1000, **COMMON)
settings.register_profile(
    "noshrink",
    derandomize=True,
    database=None,
    max_examples=40,
    phases=[Phase.explicit, Phase.generate],
    **COMMON,
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))


@pytest.fixture(autouse=True, scope="session")
def _raise_on_floating_point_mistakes():
    with np.errstate(divide="raise", over="raise", invalid="raise"):
        yield


@pytest.fixture(autouse=True)
def _main_module_stays():
    """A page run by AppTest takes the place of ``__main__``, which processes started later run."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main
