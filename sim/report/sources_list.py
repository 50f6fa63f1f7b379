"""Who says what a run rests on, as a terminal shows it: measures, levers, elasticities, data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from sim.report.console_layout import bullets, spaced

GRADES = (
    "Grades: A legal text or official data, B press or law firm, C weak page, X our computation, "
    "M from memory, unverified."
)


def sources_report(sources: Mapping[str, Any]) -> RenderableType:
    """Return who says what: measures, levers, elasticities, data; with grades."""
    parts: list[RenderableType] = [
        Text(f"{sources['title']} ({sources['scenario']})", style="bold")
    ]
    owners = dict.fromkeys(entry["measure_id"] for entry in sources["sources"])
    states = {measure["id"]: _state(measure) for measure in sources["measures"]}
    for owner in owners:
        entries = [entry for entry in sources["sources"] if entry["measure_id"] == owner]
        head = Text(f"{owner}{states.get(owner, '')}")
        parts.append(Group(head, bullets(_source_text(entry) for entry in entries)))
    parts.append(Text(f"Trade elasticities: {sources['elasticities']}"))
    data = bullets(_data_text(entry) for entry in sources["baseline_sources"])
    parts.append(Group(Text(f"Baseline ({sources['baseline_year']})"), data))
    parts.append(Text(GRADES))
    return Group(*spaced(parts))


def _state(measure: Mapping[str, Any]) -> str:
    """Legal status of a measure, and whether it is a switch because nobody knows."""
    as_of = f" as of {measure['as_of']}" if measure["as_of"] else ""
    switch = {None: "", 0: "; a switch, off: not established", 1: "; a switch, on: not established"}
    return f" ({measure['status']}{as_of}{switch[measure['switch']]})"


def _source_text(entry: Mapping[str, Any]) -> str:
    if entry["basis"] == "assumption":
        return f"assumption: {entry['note']}" if entry["note"] else "assumption"
    if entry["seed"] is not None:
        firmness = f" ({entry['firmness']})" if entry["firmness"] else ""
        return f"article {entry['seed']}, {entry['fact']}{firmness}: {entry['paraphrase'] or ''}"
    unverified = ", unverified" if entry["grade"] == "M" else ""
    grade = f"[{entry['grade']}{unverified}] " if entry["grade"] else ""
    place = ", ".join(str(entry[key]) for key in ("title", "address", "date") if entry[key])
    return f"{grade}{place}" + (f"; {entry['note']}" if entry["note"] else "")


def _data_text(entry: Mapping[str, Any]) -> str:
    texts = [str(entry[key]) for key in ("title", "address", "licence") if entry.get(key)]
    grade = f"[{entry['grade']}] " if entry.get("grade") else ""
    return grade + ", ".join(texts)
