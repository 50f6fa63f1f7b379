"""Buying ahead of an announced rise: what importers know in a month, and what arrives therefore.

A measure is known from the day it was announced, else from its first day; the end of a suspension
is known from its start, a step of a tariff from the day it was announced.  A threat makes what it
threatens known too, at its own odds.  In every month importers look some months ahead, at the law
as far as they know it, and compare the highest duty they see with that of the month.

Accounting around the path: use is what the path lets arrive, arrivals differ by the change of
stocks, and neither prices nor incomes move.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engine.pace import Pace
from sim.model.path.inventories import Stocks, buy_ahead
from sim.pair import Pair
from sim.policy.axes import Axes
from sim.policy.language.act import add_months
from sim.policy.language.kinds import Measure
from sim.policy.language.kinds.exclusion import Exclusion
from sim.policy.language.kinds.tariff import TariffMeasure
from sim.policy.language.kinds.tariff_suspension import TariffSuspension
from sim.policy.language.kinds.threat import Threat
from sim.policy.law.dates import turning_days
from sim.policy.law.law import Law

Array = NDArray[np.float64]

PERISHABLE = ("A01", "SOY", "A02_03", "B05_06", "C10T12", "C19")
"""Sectors whose goods are hard to store."""

_DUTIES = (TariffMeasure, TariffSuspension, Exclusion)

_NEGLIGIBLE = 1e-9

SHORT, LONG = 1, 3
"""Months of use that the two classes of importers can hold."""


@dataclass(frozen=True, eq=False)
class Notice:
    """What importers know on a day: measures by what they count on, the announced or all."""

    announced: tuple[Measure, ...]
    threatened: tuple[Measure, ...]
    """The same with what is only threatened."""
    odds: float
    """Probability of the likeliest threat of something that is not yet announced; else 0."""


def notice_on(measures: Sequence[Measure], day: dt.date) -> Notice:
    """Return what is known on `day`."""
    threats = [threat for threat in measures if isinstance(threat, Threat) and threat.in_force(day)]
    named = {name for threat in threats for name in threat.threatens}
    announced, feared = [], []
    for measure in measures:
        if isinstance(measure, Threat):
            continue
        if (measure.announced or measure.first_day) <= day:
            announced.append(_foreseen(measure, day))
        elif measure.id in named:
            feared.append(measure)
    ids = {measure.id for measure in feared}
    odds = max(
        (threat.probability for threat in threats if ids & set(threat.threatens)), default=0.0
    )
    known = tuple(announced)
    return Notice(known, (*known, *feared), odds)


def _foreseen(measure: Measure, day: dt.date) -> Measure:
    """Return a tariff without the steps that nobody knows of yet."""
    if not isinstance(measure, TariffMeasure) or measure.steps is None:
        return measure
    first, *others = measure.steps
    steps = (first, *(step for step in others if (step.announced or step.start) <= day))
    return measure if steps == measure.steps else measure.model_copy(update={"steps": steps})


def expected_savings(
    law: Law,
    months: Sequence[tuple[dt.date, Array]],
    importers: Sequence[int],
    pace: Pace,
) -> Array | None:
    """What importers expect to save by buying now, fraction of the cost now, [t, n, i, j].

    Parameters
    ----------
    law
        Of the scenario.
    months
        Day on which importers look ahead, and tariff, [n, i, j], of each month.
    importers
        Positions of the regions that are looked at; the answer's axis n.

    Returns
    -------
    Array or None
        None where nothing is known ahead in any month.
    """
    outlook = _Outlook(law, list(importers))
    savings: list[Array | None] = []
    for day, rate in months:
        notice = notice_on(law.measures, day)
        until = add_months(day, int(pace.ahead_horizon.value))
        now = rate[outlook.importers]
        rises = []
        for belief, measures in (
            (pace.ahead_belief.value, notice.announced),
            (notice.odds, notice.threatened),
        ):
            highest = outlook.highest(measures, day, until) if belief > 0 else None
            if highest is not None:
                rises.append(belief * np.maximum((1.0 + highest) / (1.0 + now) - 1.0, 0.0))
        savings.append(np.maximum.reduce(rises) if rises else None)
    if all(saving is None or saving.max() <= _NEGLIGIBLE for saving in savings):
        return None
    nothing = np.zeros_like(months[0][1][outlook.importers])
    return np.array([nothing if saving is None else saving for saving in savings])


class _Outlook:
    """Duties of later days under the measures that are known; solved ones are kept."""

    def __init__(self, law: Law, importers: list[int]) -> None:
        self.law, self.importers = law, importers
        self._laws: dict[tuple[str, ...], Law] = {}
        self._rates: dict[tuple[tuple[str, ...], dt.date], Array] = {}

    def highest(self, measures: tuple[Measure, ...], day: dt.date, until: dt.date) -> Array | None:
        """Highest duty after `day` and up to `until`, [n, i, j]; None where no measure turns."""
        duties = tuple(act for act in measures if isinstance(act, _DUTIES))
        ahead = [turn for turn in turning_days(duties) if day < turn <= until]
        if not ahead:
            return None
        names = tuple(_name(act) for act in duties)
        law = self._laws.setdefault(names, self.law.with_measures(duties))
        for turn in ahead:
            if (names, turn) not in self._rates:
                self._rates[names, turn] = law.rate(turn)[self.importers]
        highest: Array = np.maximum.reduce([self._rates[names, turn] for turn in ahead])
        return highest


def _name(measure: Measure) -> str:
    """Id of a measure and the steps that are known of it."""
    steps = getattr(measure, "steps", None) or ()
    return " ".join([measure.id, *(step.start.isoformat() for step in steps)])


def storable(axes: Axes, importers: Sequence[int], pair: Pair, pace: Pace) -> Array:
    """Part of each flow that can be stored, [n, i, j]; own sales cross no border.

    The two of `pair` store less of each other's goods where the pace says so.
    """
    parts = (
        0.0 if code in axes.services else pace.ahead_perishable.value if code in PERISHABLE else 1.0
        for code in axes.sectors
    )
    regions = [axes.regions[n] for n in importers]
    rivals = [[{buyer, seller} == set(pair.codes) for seller in axes.regions] for buyer in regions]
    own = [[buyer == seller for seller in axes.regions] for buyer in regions]
    pairs = np.where(own, 0.0, np.where(rivals, pace.ahead_rivals.value, 1.0))
    return np.asarray(pairs[:, :, None] * np.array(list(parts)))


def bought_ahead(use: Array, savings: Array, part: Array, pace: Pace) -> Stocks:
    """Return arrivals and stocks for `use` at an annual rate, [t, n, i, j].

    Parameters
    ----------
    part
        As of `storable`.
    """
    cover: Mapping[int, float] = {
        SHORT: pace.ahead_cover_short.value,
        LONG: pace.ahead_cover_long.value,
    }
    stored = buy_ahead(
        use * part,
        savings,
        cover=cover,
        pace=pace.ahead_pace.value,
        release=pace.ahead_release.value,
        carrying_cost=pace.ahead_carrying_cost.value,
    )
    return Stocks(use, stored.arrivals + use * (1.0 - part), stored.stock)
