"""The names that a scenario may use: regions, sectors, coverage lists and rate schedules."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Axes:
    """Names of the baseline, in array order.

    Parameters
    ----------
    regions, sectors
        Codes along the axes n (importer), i (exporter) and j (sector).
    lists
        Coverage lists: shares of a flow's customs value that a measure reaches.
    rates
        Named schedules of ad valorem rates.
    services
        Sectors that no tariff falls on.
    lacking
        Codes that the embedded baseline has and this one does not: a scenario may need them.
    carved
        Of these, sectors that are part of one sector of this baseline, each with that sector: a
        duty on the part falls on the whole for its part of the trade.
    variables
        Variables that a result reports, with their units; empty where that is not known.
    """

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    lists: frozenset[str] = field(default_factory=frozenset)
    rates: frozenset[str] = field(default_factory=frozenset)
    services: frozenset[str] = frozenset({"SERV"})
    variables: frozenset[tuple[str, str]] = frozenset()
    lacking: frozenset[str] = frozenset()
    carved: tuple[tuple[str, str], ...] = ()

    def wholes(self, sectors: tuple[str, ...] | str) -> dict[str, str]:
        """Sectors that stand for parts of them among `sectors`, each with its part's code.

        Nothing for ``all``, nor for a whole that is itself among them.
        """
        if sectors == "all":
            return {}
        pairs = ((whole, part) for part, whole in self.carved if part in sectors)
        return {whole: part for whole, part in pairs if whole not in sectors}

    @property
    def shape(self) -> tuple[int, int, int]:
        """Shape of an array [n, i, j]."""
        return len(self.regions), len(self.regions), len(self.sectors)
