"""The two regions that a run is about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pair:
    """Codes of the two regions whose trade policy towards each other a run is about.

    `home` comes first in every table and sentence.  Figures, tables and sentences name these two
    by their roles, so that another pair needs no other code.

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
        """Tell whether it is the pair of a scenario that names none."""
        return self == DEFAULT_PAIR


DEFAULT_PAIR = Pair()
"""The United States and China: the pair of a scenario that names none."""
