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


class Digester:
    """Digests of one scenario at many lever values.

    The text of a measure that stays the same object is kept, and so is that of the stacking rules,
    so that a lever costs no more than the measure that it moves.
    """

    def __init__(self, stacking: Stacking) -> None:
        self._stacking = _text(stacking.model_dump(mode="json"))
        self._texts: dict[str, tuple[Measure, str]] = {}

    def digest(
        self,
        measures: Iterable[Measure],
        *,
        date: dt.date,
        baseline: str | None,
        assumptions: Mapping[str, float],
        rules: Iterable[Rule] = (),
        pair: Pair | None = None,
    ) -> str:
        """SHA-256 of what can change a number, independent of order and layout.

        The pair counts only where it is not the default one, so that digests from before it stay.
        """
        numbers = (self._measure(measure) for measure in measures if not measure.changes_nothing)
        parts = {
            "measures": f"[{','.join(numbers)}]",
            "date": _text(date.isoformat()),
            "baseline": _text(baseline),
            "assumptions": _text(dict(assumptions)),
            "stacking": self._stacking,
        }
        ruled = [rule.model_dump(mode="json", exclude=dict(ONLY_WORDS)) for rule in rules]
        if ruled:
            parts["rules"] = _text(ruled)
        if pair is not None and not pair.is_default:
            parts["pair"] = _text(pair.codes)
        text = ",".join(f"{_text(name)}:{parts[name]}" for name in sorted(parts))
        return hashlib.sha256(f"{{{text}}}".encode()).hexdigest()

    def _measure(self, measure: Measure) -> str:
        known, text = self._texts.get(measure.id, (None, ""))
        if known is not measure:
            text = _text(measure.numbers())
            self._texts[measure.id] = (measure, text)
        return text


def _text(content: Any) -> str:  # noqa: ANN401  anything that JSON can hold
    return json.dumps(content, sort_keys=True, separators=(",", ":"))
