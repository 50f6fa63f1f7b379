"""The exception tree: every error that a user can cause or meet.

- ``TruceError``
    - ``InputError``         the user's input; exit code 1; one readable line
        - ``ScenarioError``  a scenario, measure, lever or seed file
        - ``BaselineError``  a table that the baseline is built from
        - ``EconomyError``   arrays that are no economy, or a shock that does not fit it
    - ``NotConverged``       no equilibrium found to tolerance; exit code 2
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class TruceError(Exception):
    """Base of all errors raised on purpose; ``exit_code`` is what the command line returns."""

    exit_code = 1


class InputError(TruceError):
    """Something the user wrote cannot be used.

    Parameters
    ----------
    problem
        What was found, in one sentence.
    advice
        What to write instead, in one sentence.
    file, line, field
        Where; ``line`` counts from 1; ``field`` is the dotted path inside the file.
    """

    def __init__(
        self,
        problem: str,
        *,
        advice: str = "",
        file: str | Path | None = None,
        line: int | None = None,
        field: str | None = None,
    ) -> None:
        self.problem = problem
        self.advice = advice
        self.file = None if file is None else str(file)
        self.line = line
        self.field = field
        super().__init__(self._text())

    def _text(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        place = " ".join(part for part in (place, self.field) if part)
        text = f"{place}: {self.problem}" if place else self.problem
        return f"{text} {self.advice}" if self.advice else text


class ScenarioError(InputError):
    """A scenario, measure, lever or seed that cannot be used."""


class BaselineError(InputError):
    """A raw table that the baseline cannot be built from."""


class EconomyError(InputError):
    """Arrays that do not form an economy, or a shock that does not fit one."""


@dataclass(frozen=True)
class WorstMarket:
    """The market with the largest residual: its equation, region and sector."""

    equation: str
    region: str
    sector: str | None = None

    def __str__(self) -> str:
        return f"{self.equation}, {self.region}" + (f" {self.sector}" if self.sector else "")


class NotConverged(TruceError):
    """No equilibrium to tolerance: carries the residual, the worst market and what to try."""

    exit_code = 2

    def __init__(
        self,
        residual: float,
        tolerance: float,
        worst_market: WorstMarket,
        advice: str,
        *,
        month: int | None = None,
    ) -> None:
        self.residual = residual
        self.tolerance = tolerance
        self.worst_market = worst_market
        self.advice = advice
        self.month = month
        where = "" if month is None else f" in month {month}"
        super().__init__(
            f"no equilibrium{where}: residual {residual:.1e} (tolerance {tolerance:.0e}); "
            f"worst market: {worst_market}. {advice}"
        )

    def in_month(self, month: int) -> NotConverged:
        """Return the same error for a month of a path, counted from 1."""
        return NotConverged(
            self.residual, self.tolerance, self.worst_market, self.advice, month=month
        )
