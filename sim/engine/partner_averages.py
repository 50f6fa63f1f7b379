"""The average tariff of one importer on each of its partners on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.averages import flow_share
from sim.errors import InputError
from sim.policy.language.messages import nearest
from sim.policy.law.law import BASE, Law

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["ALL", "PartnerAverage", "check_partner", "partner_averages"]

ALL = "all"
"""Partner that stands for every country that the importer buys from."""


@dataclass(frozen=True)
class PartnerAverage:
    """Average tariff of an importer on the goods of one region, at the trade weights of 2024.

    Parameters
    ----------
    partner
        Code of the region that sells, or `ALL`.
    label
        Its name.
    rate_pct
        Statutory duty of the day after exemptions, percent of customs value.
    base_pct
        The same before every measure: the duty collected in 2024, percent.
    imports_usd_mn
        Customs value of goods bought from it in 2024, USD mn.
    by_authority_pct
        Parts of `rate_pct` by legal basis; empty if not asked for.
    """

    partner: str
    label: str
    rate_pct: float
    base_pct: float
    imports_usd_mn: float
    by_authority_pct: Mapping[str, float] = field(default_factory=dict)

    @property
    def added_pp(self) -> float:
        """Points above the duty collected in 2024."""
        return self.rate_pct - self.base_pct

    def row(self) -> dict[str, Any]:
        """Return it as plain data."""
        row: dict[str, Any] = {
            "partner": self.partner,
            "label": self.label,
            "rate_pct": round(self.rate_pct, 4),
            "collected_2024_pct": round(self.base_pct, 4),
            "added_pp": round(self.added_pp, 4),
            "imports_2024_usd_mn": round(self.imports_usd_mn, 1),
        }
        if self.by_authority_pct:
            row["by_authority"] = {
                name: round(part, 4) for name, part in self.by_authority_pct.items()
            }
        return row


def check_partner(partner: str, importer: str, labels: Mapping[str, str]) -> None:
    """Refuse what is neither `ALL` nor a region that `importer` can buy from.

    Raises
    ------
    InputError
        If it is not; the advice has the nearest code.
    """
    sellers = [code for code in labels if code != importer]
    if partner not in (ALL, *sellers):
        raise InputError(
            f"'{partner}' is no partner of {importer}.",
            advice=nearest(partner, [ALL, *sellers], "partners"),
        )


def partner_averages(
    law: Law,
    day: dt.date,
    importer: str,
    labels: Mapping[str, str],
    partner: str = ALL,
    *,
    by_authority: bool = False,
) -> tuple[PartnerAverage, ...]:
    """Average the tariff of `importer` on `day`, partner by partner, the largest seller first.

    Parameters
    ----------
    labels
        Names of the regions by code.
    partner
        Code of one region, or `ALL` for every region after a first row for all together.

    Raises
    ------
    InputError
        If there is no such partner.
    """
    check_partner(partner, importer, labels)
    parts = law.by_authority(day) if by_authority else {}
    rate = law.rate(day)
    sellers = [code for code in law.axes.regions if code != importer]
    chosen = [ALL, *sellers] if partner == ALL else [partner]
    rows = [
        _average(law, rate, parts, importer, code, labels.get(code, "All partners"))
        for code in chosen
    ]
    return tuple(sorted(rows, key=lambda row: -row.imports_usd_mn))


def _average(
    law: Law, rate: Array, parts: Mapping[str, Array], importer: str, partner: str, label: str
) -> PartnerAverage:
    share, total = flow_share(law, importer, None if partner == ALL else partner)
    return PartnerAverage(
        partner=partner,
        label=label,
        rate_pct=_percent(share, rate),
        base_pct=_percent(share, law.base_rate),
        imports_usd_mn=total,
        by_authority_pct={
            name: _percent(share, part)
            for name, part in parts.items()
            if name == BASE or np.any(share * part)
        },
    )


def _percent(share: Array, rate: Array) -> float:
    return 100.0 * float(np.vdot(share, rate))
