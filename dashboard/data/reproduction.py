"""How to get the same numbers elsewhere: a command, Python lines, a scenario file."""

from __future__ import annotations

import io
import json
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from ruamel.yaml import YAML

from dashboard.data import own_baseline
from dashboard.data.worker_requests import MONTHS
from sim.policy.library.levers import LeverState
from sim.policy.library.loader import ResolvedScenario

Levers = Sequence[tuple[str, float]]


def command(name: str, levers: Levers, months: int | None = None) -> str:
    """Return the line for a terminal; with `months`, that of the path."""
    words = ["truce", "run", name]
    for lever, value in levers:
        words += ["--set", f"{lever}={value:g}"]
    folder = own_baseline.folder()
    words += [] if folder is None else ["--baseline", str(folder)]
    return shlex.join(words + ([] if months is None else ["--months", str(months)]))


def commands(name: str, levers: Levers) -> str:
    """Return the lines for a terminal: of the long run, and of the path."""
    return f"{command(name, levers)}\n{command(name, levers, MONTHS)}"


def python_lines(name: str, levers: Levers) -> str:
    """Return the lines for Python."""
    values = ", ".join(f'"{lever}": {value:g}' for lever, value in levers)
    arguments = f'"{name}"' + (f", levers={{{values}}}" if values else "")
    folder = own_baseline.folder()
    arguments += "" if folder is None else f", baseline={json.dumps(str(folder))}"
    return (
        f"import sim\n\nresult = sim.run({arguments})\nresult.table\n\n"
        f"path = sim.run({arguments}, months={MONTHS})\npath.at(12).table"
    )


def scenario_file(
    scenario: ResolvedScenario,
    content: Mapping[str, Any] | None = None,
) -> str:
    """Return a scenario file with the levers' values as new defaults.

    It extends `scenario`; or it is `content`, the scenario's own file, where that is not shipped.
    """
    if content is not None:
        levers = {state.id: lever_content(state) for state in scenario.levers}
        return to_yaml({**content, "levers": levers})
    content = {
        "title": scenario.title,
        "question": scenario.question,
        "extends": scenario.id,
    }
    if scenario.baseline:
        content["baseline"] = scenario.baseline
    if scenario.counterpart:
        content["counterpart"] = scenario.counterpart
        content["counterpart_reason"] = scenario.counterpart_reason
    content["levers"] = {state.id: lever_content(state) for state in scenario.levers}
    return to_yaml(content)


def to_yaml(content: Mapping[str, Any]) -> str:
    """Return plain values as YAML text."""
    sink = io.StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    # Our reader takes no aliases; two equal dates would become one and an alias.
    yaml.representer.ignore_aliases = lambda _: True
    yaml.sort_base_mapping_type_on_output = False
    yaml.dump(_plain(content), sink)
    return sink.getvalue()


def _plain(value: Any) -> Any:  # noqa: ANN401  anything a file can hold
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    return [_plain(entry) for entry in value] if isinstance(value, (list, tuple)) else value


def lever_content(state: LeverState) -> dict[str, Any]:
    """Return a lever as a scenario file writes it, with its value as the default."""
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
