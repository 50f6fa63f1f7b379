"""SHA-256 of everything in a scenario that can change a number."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from sim.pair import Pair
from sim.policy.language.rules import Rule
from sim.policy.language.schema import Measure, Threat
from sim.policy.language.stacking import Stacking

LATER = frozenset(
    {
        "duration_months",
        "uncertainty_wedge",
        "threatened_pp",
        "on_importers",
        "on_exporters",
        "on_sectors",
        "queue",
    }
)
"""Fields of measures that once did not exist, and that change nothing at their defaults."""

WORDS = ("title", "note", "reason", "sources", "status", "as_of", "comparators", "announced")
"""Fields that say something and change no equilibrium."""


def scenario_digest(  # noqa: PLR0913  what can change a number; all are named
    measures: Iterable[Measure],
    *,
    date: dt.date,
    baseline: str | None,
    assumptions: Mapping[str, float],
    stacking: Stacking,
    rules: Iterable[Rule] = (),
    pair: Pair | None = None,
) -> str:
    """SHA-256 of what can change a number, independent of order and layout.

    The pair counts only where it is not the default one, so that digests from before it stay.
    """
    # The day of an announcement moves what is bought ahead around a path, and no equilibrium.
    words: dict[str, Any] = dict.fromkeys(WORDS, True)
    words["steps"] = {"__all__": {"announced"}}
    content: dict[str, Any] = {
        "measures": [
            _numbers(measure, words) for measure in measures if not _moves_nothing(measure)
        ],
        "date": date.isoformat(),
        "baseline": baseline,
        "assumptions": dict(assumptions),
        "stacking": stacking.model_dump(mode="json"),
    }
    ruled = [rule.model_dump(mode="json", exclude=words) for rule in rules]
    if ruled:
        content["rules"] = ruled
    if pair is not None and not pair.is_default:
        content["pair"] = pair.codes
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _moves_nothing(measure: Measure) -> bool:
    """Tell whether a threat states what its wedge would be made of, and has none."""
    return isinstance(measure, Threat) and measure.states_a_wedge and not measure.cost_pct


def _numbers(measure: Measure, words: dict[str, Any]) -> dict[str, Any]:
    """Leave out what came into the language later and says nothing: old digests stay."""
    fields = type(measure).model_fields
    return {
        key: value
        for key, value in measure.model_dump(mode="json", exclude=words).items()
        if key not in LATER or getattr(measure, key) != fields[key].default
    }
