"""How to get the same numbers elsewhere: a command, Python lines, a scenario file."""

from __future__ import annotations

import io
import shlex
from collections.abc import Sequence
from typing import Any

from ruamel.yaml import YAML

Levers = Sequence[tuple[str, float]]


def command(name: str, levers: Levers) -> str:
    """Return the line for a terminal."""
    words = ["truce", "run", name]
    for lever, value in levers:
        words += ["--set", f"{lever}={value:g}"]
    return shlex.join(words)


def python_lines(name: str, levers: Levers) -> str:
    """Return the lines for Python."""
    values = ", ".join(f'"{lever}": {value:g}' for lever, value in levers)
    arguments = f'"{name}"' + (f", levers={{{values}}}" if values else "")
    return f"import sim\n\nresult = sim.run({arguments})\nresult.table"


def scenario_yaml(scenario: Any) -> str:  # noqa: ANN401  a resolved scenario; this file knows no sim
    """Return a scenario file that extends `scenario`, with its levers' values as new defaults."""
    content: dict[str, Any] = {
        "title": scenario.title,
        "question": scenario.question,
        "extends": scenario.id,
    }
    if scenario.baseline:
        content["baseline"] = scenario.baseline
    if scenario.counterpart:
        content["counterpart"] = scenario.counterpart
        content["counterpart_reason"] = scenario.counterpart_reason
    content["levers"] = {state.id: _lever(state) for state in scenario.levers}
    sink = io.StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False
    yaml.dump(content, sink)
    return sink.getvalue()


def _lever(state: Any) -> dict[str, Any]:  # noqa: ANN401  a lever of a resolved scenario
    lever = {
        "path": list(state.paths) if len(state.paths) > 1 else state.paths[0],
        "label": state.label,
        "unit": state.unit,
        "group": state.group,
        "min": state.min,
        "max": state.max,
        "step": state.step,
        "default": state.value,
        "assumed": state.basis == "assumption" or state.value != state.default,
    }
    return {key: value for key, value in lever.items() if value != ""}
