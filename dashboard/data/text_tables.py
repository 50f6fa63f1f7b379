"""Tables of text: figures, levers, variables, sources; every word is the simulator's."""

from __future__ import annotations

from dashboard import data
from dashboard.data import formatting


def figure_table(answer: data.Answer, other: data.Answer | None) -> list[dict[str, str]]:
    """All headline figures as text: baseline, scenario, change, difference to the other."""
    worths = {} if other is None else data.differences(answer, other)
    rows = []
    for name, figure in answer.figures.items():
        row = {
            "Figure": figure.label,
            "Baseline": _level(figure.baseline, figure.unit),
            "Scenario": _level(figure.value, figure.unit),
            "Change": data.change_text(figure),
        }
        if other is not None:
            row[f"Against: {other.title}"] = (
                data.change_text(worths[name]) if name in worths else ""
            )
        rows.append(row)
    return rows


def _level(value: float | None, unit: str) -> str:
    return "" if value is None else data.with_unit(value, unit)


def assumed(plan: data.Plan, levers: data.LeverValues) -> list[str]:
    """Levers whose value nobody states: assumed by us, or moved by the reader."""
    values = dict(levers)
    return [
        formatting.lever_text(one, values.get(one.id, one.default))
        + (" (yours)" if one.id in values else "")
        for one in plan.levers
        if one.basis == "assumption" or one.id in values
    ]


def lever_help(state: data.LeverState) -> str:
    """Say what the default is and what it rests on."""
    grade = f", grade {state.grade}" if state.grade else ""
    words = f"Default {state.default:g} {state.unit}".strip() + f" ({state.basis}{grade})."
    source = state.source
    if source is not None:
        named = f"Article {source.seed}, {source.fact}." if source.seed else f"{source.title}."
        words += f" {named}"
    return f"{words} {state.note}".strip()


def definition(figure: data.Figure) -> str:
    """What the figure means, in the registry's words."""
    variable = data.VARIABLES.get(getattr(figure, "variable", ""))
    return (
        ""
        if variable is None
        else f"{variable.definition} {variable.sign[:1].upper()}{variable.sign[1:]}."
    )


def variable_table() -> list[dict[str, str]]:
    """Return the registry of variables, without the changes."""
    return [
        {"Variable": v.label, "Unit": v.unit, "What it is": v.definition, "Sign": v.sign}
        for name, v in data.VARIABLES.items()
        if not name.endswith(data.CHANGE)
    ]


def baseline_sources() -> list[dict[str, str]]:
    """Return the sources of the baseline tables."""
    columns = {"Source": "title", "Grade": "grade", "Licence": "licence", "Where": "address"}
    return [
        {label: str(source.get(key, "")) for label, key in columns.items()}
        for source in data.baseline_sources()
    ]
