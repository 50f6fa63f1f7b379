"""Many runs: sweeps, uncertainty, event trees and games, on any `concurrent.futures.Executor`.

>>> from sim.study import sweep
>>> result = sweep(
...     {
...         "title": "How much the rate matters",
...         "question": "What does each rate cost?",
...         "scenarios": ["tariff-100"],
...         "vary": {"us_rate": {"values": [10.0, 50.0, 100.0]}},
...         "design": {"kind": "grid"},
...         "outputs": [{"variable": "real_income_change", "region": "USA"}],
...     }
... )
>>> result.values("real_income_change|USA").round(2).tolist()
[-0.05, -0.19, -0.3]
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.study.games.game import game
    from sim.study.sweeps.run_sweep import sensitivity, sweep
    from sim.study.trees.collapse_tree import collapse_tree
    from sim.study.trees.mixture import event_tree
    from sim.study.trees.tree_results import CollapseTree

__all__ = ["CollapseTree", "collapse_tree", "event_tree", "game", "sensitivity", "sweep"]

_HOMES = {
    "CollapseTree": "sim.study.trees.tree_results",
    "collapse_tree": "sim.study.trees.collapse_tree",
    "event_tree": "sim.study.trees.mixture",
    "game": "sim.study.games.game",
    "sensitivity": "sim.study.sweeps.run_sweep",
    "sweep": "sim.study.sweeps.run_sweep",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  any of the public names
    if name not in _HOMES:
        raise AttributeError(f"module 'sim.study' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
