"""SHA-256 of everything in a scenario that can change a number."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from sim.pair import Pair
from sim.policy.language.act import ONLY_WORDS
from sim.policy.language.kinds import Measure
from sim.policy.language.rules import Rule
from sim.policy.language.stacking import Stacking


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
    content: dict[str, Any] = {
        "measures": [measure.numbers() for measure in measures if not measure.changes_nothing],
        "date": date.isoformat(),
        "baseline": baseline,
        "assumptions": dict(assumptions),
        "stacking": stacking.model_dump(mode="json"),
    }
    ruled = [rule.model_dump(mode="json", exclude=dict(ONLY_WORDS)) for rule in rules]
    if ruled:
        content["rules"] = ruled
    if pair is not None and not pair.is_default:
        content["pair"] = pair.codes
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
