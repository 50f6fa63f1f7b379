"""How far a study is, and who is told."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Progress:
    """How many runs of a study are done."""

    total: int
    done: int = 0
    failed: int = 0
    skipped: int = 0
    """Runs whose parts were there already."""
    began: float = field(default_factory=time.monotonic)

    @property
    def seconds_left(self) -> float | None:
        """Time left at the pace so far; None before the first chunk."""
        ran = self.done - self.skipped
        if ran <= 0:
            return None
        return (time.monotonic() - self.began) / ran * (self.total - self.done)


Watch = Callable[[Progress], None]
"""Called with the progress after each portion of runs."""
