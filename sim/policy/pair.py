"""The two countries that a scenario is about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pair:
    """Two regions whose trade with each other the headline figures of a scenario show.

    Parameters
    ----------
    home
        Region from whose side the figures are told, such as ``"USA"``.
    partner
        Its counterpart, such as ``"CHN"``.
    """

    home: str = "USA"
    partner: str = "CHN"

    @property
    def codes(self) -> tuple[str, str]:
        """Both codes, home first."""
        return self.home, self.partner

    @property
    def is_default(self) -> bool:
        """Tell whether it is the pair that a scenario has when its file names none."""
        return self == DEFAULT_PAIR


DEFAULT_PAIR = Pair()
"""The pair of a scenario whose file, and whose parents' files, name none."""
