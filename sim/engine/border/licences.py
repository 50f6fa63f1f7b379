"""Licences in time: a measure's queue of applications becomes the cap of each month."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sim.engine.months import Month, supply_caps
from sim.engine.pace import Pace
from sim.engine.start import Start
from sim.model import Shock
from sim.model.path.licensing import LicenceQueue, approvals, licence_queue
from sim.outputs.manifest import ON_STOCKS
from sim.policy.language.kinds import Measure
from sim.policy.language.kinds.export_licence import ExportLicence
from sim.policy.law.nontariff import BAN_QUANTITY_HAT

PARAMETERS: Mapping[str, str] = {
    "lag_months": "licence_lag",
    "approval_first": "licence_approval_first",
    "approval": "licence_approval",
    "ramp_months": "licence_ramp",
    "validity_months": "licence_validity",
    "refile": "licence_refile",
    "uncovered": "licence_uncovered",
    "grace_months": "licence_grace",
}
"""Fields of a measure's queue and the parameters of paths that stand in for them."""

_FREE = 1.0 - 1e-6
"""Supply from which a month has no cap."""


@dataclass(frozen=True, eq=False)
class Licensed:
    """A measure with its queue.

    ``offset`` is the month of the queue that is the first of the path; negative if the rule begins
    later.
    """

    measure: ExportLicence
    parameters: Mapping[str, float]
    queue: LicenceQueue
    offset: int

    def at(self, month: int) -> int | None:
        """Month of the queue for a month of the path, from 0; None before the rule."""
        place = month + self.offset
        return place if place >= 0 else None

    def supply_hat(self, month: int) -> float:
        """What may be shipped in a month of the path, relative to the baseline."""
        place = self.at(month)
        return 1.0 if place is None else float(self.queue.supply_hat[place])


def queued(
    start: Start, measures: Iterable[Measure], policy: Sequence[Month], pace: Pace
) -> tuple[tuple[Month, ...], tuple[Licensed, ...]]:
    """Put the supply of each queue in place of its measure's cap; `policy` itself without queues.

    A month in which the queue lets all trade through has no cap.
    """
    held = set() if start.scenario is None else {act.id for act in start.scenario.measures}
    licensed = tuple(
        _licensed(measure, policy, pace)
        for measure in measures
        if isinstance(measure, ExportLicence) and measure.queue is not None
        # A licence of the baseline is settled; one without a cap has no queue.
        if measure.id not in held and _is_met(measure.id, policy)
    )
    if not licensed:
        return _marked(start, policy, pace), ()
    known: dict[tuple[int, tuple[float, ...]], Month] = {}
    made = []
    for position, month in enumerate(policy):
        supply = {
            licence.measure.id: round(licence.supply_hat(position), 6) for licence in licensed
        }
        key = (id(month.shock), tuple(supply.values()))
        same = known.setdefault(key, _capped(month, supply))
        made.append(replace(month, shock=same.shock, specs=same.specs))
    return _marked(start, made, pace), licensed


def _marked(start: Start, policy: Sequence[Month], pace: Pace) -> tuple[Month, ...]:
    """Mark the caps whose users live on stocks: that one is slack is no cause for a warning."""
    supply = supply_caps(start, policy) if pace.stock_months.value > 0 else []
    if not any(supply):
        return tuple(policy)
    made = []
    for month, positions in zip(policy, supply, strict=True):
        specs = list(month.specs)
        for position in positions:
            specs[position] = replace(
                specs[position], details={**specs[position].details, ON_STOCKS: True}
            )
        made.append(replace(month, specs=tuple(specs)))
    return tuple(made)


def _is_met(name: str, policy: Sequence[Month]) -> bool:
    return any(spec.measure_id == name for month in policy for spec in month.specs)


def _capped(month: Month, supply: Mapping[str, float]) -> Month:
    """Change the caps of the measures in `supply`; drop those that let all through."""
    specs, caps = [], []
    for spec, cap in zip(month.specs, month.shock.targets, strict=True):
        hat = supply.get(spec.measure_id)
        if hat is None:
            specs.append(spec)
            caps.append(cap)
        elif hat < _FREE:
            lower = max(hat, BAN_QUANTITY_HAT)
            details = {**spec.details, "volume_change_pct": 100.0 * (lower - 1.0)}
            target = replace(spec.target, quantity_hat=lower)
            specs.append(replace(spec, target=target, details=details))
            caps.append(replace(cap, quantity_hat=lower))
    shock: Shock = replace(month.shock, targets=tuple(caps))
    return replace(month, shock=shock, specs=tuple(specs))


def _licensed(measure: ExportLicence, policy: Sequence[Month], pace: Pace) -> Licensed:
    """Run the queue of a measure from its first day to the end of the path."""
    first, begin = measure.first_day, policy[0].first
    offset = 12 * (begin.year - first.year) + begin.month - first.month
    numbers = _parameters(measure, pace)
    months = max(len(policy) + offset, 1)
    queue = licence_queue(
        months,
        lag=numbers["lag_months"],
        approval=approvals(
            months,
            first=numbers["approval_first"],
            settled=numbers["approval"],
            ramp=numbers["ramp_months"],
        ),
        validity=int(numbers["validity_months"]),
        refile=numbers["refile"],
        uncovered=numbers["uncovered"],
        before=_before(first),
        grace=numbers["grace_months"],
    )
    return Licensed(measure, numbers, queue, offset)


def _before(day: dt.date) -> float:
    """Part of its month that lies before a day."""
    return (day.day - 1) / calendar.monthrange(day.year, day.month)[1]


def _parameters(measure: ExportLicence, pace: Pace) -> dict[str, float]:
    """Numbers of a queue: a lever that a run moved, else the measure's own, else the model's."""
    numbers = {}
    for field, name in PARAMETERS.items():
        own, assumed = getattr(measure.queue, field), getattr(pace, name)
        numbers[field] = float(assumed.value if own is None or assumed.is_set else own)
    return numbers
