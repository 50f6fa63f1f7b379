"""Tables of text: figures, levers, variables, sources; every word is the simulator's."""

from __future__ import annotations

from dashboard.data import formatting, sources
from dashboard.data.answers import Answer, differences
from dashboard.data.catalog import LeverValues, ScenarioDescription
from sim.outputs.headline import Figure
from sim.outputs.variables import CHANGE, VARIABLES
from sim.outputs.words import change_text, with_unit
from sim.policy.library.levers import LeverState


def figure_table(answer: Answer, other: Answer | None) -> list[dict[str, str]]:
    """All headline figures as text: baseline, scenario, change, difference to the other."""
    against_other = {} if other is None else differences(answer, other)
    rows = []
    for name, figure in answer.figures.items():
        row = {
            "Figure": figure.label,
            "Baseline": _level(figure.baseline, figure.unit),
            "Scenario": _level(figure.value, figure.unit),
            "Change": change_text(figure),
        }
        if other is not None:
            row[f"Against: {other.title}"] = (
                change_text(against_other[name]) if name in against_other else ""
            )
        rows.append(row)
    return rows


def _level(value: float | None, unit: str) -> str:
    return "" if value is None else with_unit(value, unit)


def assumed(description: ScenarioDescription, levers: LeverValues) -> list[str]:
    """Levers whose value nobody states: assumed by us, or moved by the reader."""
    values = dict(levers)
    return [
        formatting.lever_text(lever, values.get(lever.id, lever.default))
        + (" (yours)" if lever.id in values else "")
        for lever in description.levers
        if lever.basis == "assumption" or lever.id in values
    ]


def lever_help(state: LeverState) -> str:
    """Say what the default is and where it comes from."""
    grade = f", grade {state.grade}" if state.grade else ""
    text = f"Default {state.default:g} {state.unit}".strip() + f" ({state.basis}{grade})."
    source = state.source
    if source is not None:
        named = f"Article {source.seed}, {source.fact}." if source.seed else f"{source.title}."
        text += f" {named}"
    return f"{text} {state.note}".strip()


def definition(figure: Figure) -> str:
    """What the figure means, in the registry's words."""
    variable = VARIABLES.get(getattr(figure, "variable", ""))
    if variable is None:
        return ""
    return f"{variable.definition} {variable.sign[:1].upper()}{variable.sign[1:]}."


def variable_table() -> list[dict[str, str]]:
    """Return the registry of variables, without the changes."""
    return [
        {
            "Variable": variable.label,
            "Unit": variable.unit,
            "What it is": variable.definition,
            "Sign": variable.sign,
        }
        for name, variable in VARIABLES.items()
        if not name.endswith(CHANGE)
    ]


def baseline_sources() -> list[dict[str, str]]:
    """Return the sources of the baseline tables."""
    columns = {"Source": "title", "Grade": "grade", "Licence": "licence", "Where": "address"}
    return [
        {label: str(source.get(key, "")) for label, key in columns.items()}
        for source in sources.baseline_sources()
    ]
