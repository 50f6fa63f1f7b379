"""Truce: a simulator of tariff and trade-policy scenarios.

The public names; each is imported when it is first used, so that ``import sim`` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sim.version import __version__

if TYPE_CHECKING:
    from sim.baseline.entry import load_baseline
    from sim.engine.runs import run
    from sim.engine.scenario_comparison import compare
    from sim.engine.world import World
    from sim.errors import InputError, NotConverged, ScenarioError, TruceError
    from sim.outputs.results import RunResult
    from sim.policy.library.cards import list_scenarios

__all__ = [
    "InputError",
    "NotConverged",
    "RunResult",
    "ScenarioError",
    "TruceError",
    "World",
    "__version__",
    "compare",
    "list_scenarios",
    "load_baseline",
    "run",
]

_HOMES = {
    "InputError": "sim.errors",
    "NotConverged": "sim.errors",
    "RunResult": "sim.outputs.results",
    "ScenarioError": "sim.errors",
    "TruceError": "sim.errors",
    "World": "sim.engine.world",
    "compare": "sim.engine.scenario_comparison",
    "list_scenarios": "sim.policy.library.cards",
    "load_baseline": "sim.baseline.entry",
    "run": "sim.engine.runs",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  any of the public names
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    home = import_module(_HOMES[name])
    value = getattr(home, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
