"""What a run rests on, in words: what articles state, what others state, what is assumed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.outputs.results import RunResult

Lever = Mapping[str, Any]


def basis_words(result: RunResult, *, title: bool = False) -> str:
    """Say what an article states, what comes from elsewhere, and what is assumed."""
    manifest = result.manifest
    levers = list(manifest.get("levers", ()))
    lines = [
        *_listed("Rests on the articles", _facts(manifest)),
        *_listed("Stated by the articles", [str(e["number"]) for e in manifest.get("stated", ())]),
        *_listed("Stated by no article", [str(text) for text in manifest.get("not_stated", ())]),
        *_listed(
            "From other sources", [_graded_text(lever) for lever in levers if _is_cited(lever)]
        ),
        *_listed("Assumed here", [_lever_text(lever) for lever in levers if _is_assumed(lever)]),
        *_switch_lines([lever for lever in levers if _is_switch(lever)]),
        *(
            f"Note: {warning}."
            for warning in manifest.get("warnings", ())
            if warning != manifest.get("notice")
        ),
    ]
    return " ".join([f"{result.title}.", *lines] if title else lines)


def _listed(head: str, texts: Sequence[str]) -> Iterator[str]:
    """One line with its head; nothing where there is nothing to list."""
    if texts:
        yield f"{head}: {'; '.join(texts)}."


def _facts(manifest: Mapping[str, Any]) -> list[str]:
    return [f"{entry['seed']} {entry['fact']}" for entry in manifest.get("rests_on", ())]


def _is_switch(lever: Lever) -> bool:
    """Tell whether a lever only turns measures on and off."""
    return all(str(path).endswith(".switch") for path in lever["paths"])


def _is_assumed(lever: Lever) -> bool:
    return bool(lever["assumed"]) and not _is_switch(lever)


def _is_cited(lever: Lever) -> bool:
    """Tell whether a lever's value comes from a source that is not an article."""
    return not lever["assumed"] and lever["basis"] != "article" and not _is_switch(lever)


def _switch_lines(switches: Sequence[Lever]) -> Iterator[str]:
    """Say which switches are on; nobody has established what they stand for."""
    if switches:
        on = "; ".join(str(lever["label"]) for lever in switches if lever["value"] >= 1) or "none"
        off = sum(lever["value"] < 1 for lever in switches)
        yield f"Switches (not established), on: {on}. Off: {off} others."


def _graded_text(lever: Lever) -> str:
    return f"{_lever_text(lever)} [{lever['grade']}]"


def _lever_text(lever: Lever) -> str:
    unit = str(lever.get("unit", ""))
    shown = "" if unit in ("", "share", "kappa") else f" {unit}"
    return f"{lever['label']} {lever['value']:g}{shown}"
