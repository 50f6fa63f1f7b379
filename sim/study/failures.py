"""A run that failed somewhere else."""

from __future__ import annotations

from sim.errors import TruceError


class Failure(TruceError):
    """A run that failed in a worker: the words of its error, and its exit code."""

    def __init__(self, words: str, exit_code: int = 1) -> None:
        super().__init__(words, exit_code)
        self.words, self.exit_code = words, exit_code

    def __str__(self) -> str:
        return self.words
