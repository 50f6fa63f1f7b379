"""What a duty leaves to duties of another legal basis: the goods that these reach on that day.

What a basis reaches is worked out from its duties in force.  A duty with a rate reaches its
coverage, less what exclusions let out.  A duty with a schedule (rates on the whole flow) reaches
the list of goods that the basis names for it, wherever the schedule charges something.  Within a
basis one action applies to a good: parts add up to at most the whole flow, and goods that two
duties name by the same list count once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.policy.language.fields import Coverage
from sim.policy.language.kinds.tariff import TariffMeasure
from sim.policy.language.stacking import Authority
from sim.policy.law.charge import Day, coverage_of, headline_of, left_after, let_out_of
from sim.policy.law.reach import named_table

Array = NDArray[np.float64]


class _ReachedGoods(NamedTuple):
    """What one duty reaches."""

    goods: str
    """Name of the goods: a list, or the id of the duty that alone knows them."""
    share: Array
    """Part of each flow, [i, j]."""


class _Reach(NamedTuple):
    """What the duties of a legal basis reach at one border."""

    listed: Array
    """Goods on the lists of the basis, part of each flow, [i, j]."""
    beyond: Array
    """Goods that its lists do not name, likewise."""


class Kept(NamedTuple):
    """Part that a duty keeps of what it reaches."""

    share: Array | float
    """[i, j]; 1 where it yields to nothing, and `without` is empty."""
    without: dict[str, Array]
    """The same, by id, if one of the duties that it yields to were not in force."""


def kept_by(duty: TariffMeasure, day: Day) -> Kept:
    """Part that `duty` keeps of what it reaches, beside the duties that it yields to."""
    rule = day.rules.authorities.get(duty.authority)
    if rule is None or not rule.yields_to:
        return Kept(1.0, {})
    is_net = _is_net(duty.coverage_on(day.date), rule)
    kept = Kept(1.0, {})
    for name in rule.yields_to:
        others = day.present.get((duty.importer, name), [])
        authority = day.rules.authorities[name]
        if is_net and not any(_goes_beyond(other, authority, day) for other in others):
            continue
        if others:
            kept = _both(kept, _kept_beside(others, authority, day, is_net=is_net))
    return kept


def _is_net(coverage: Coverage, rule: Authority) -> bool:
    """Tell whether the list of a coverage leaves out by itself what the duty yields."""
    return coverage.by_sector in rule.already_net and not coverage.complement


def _goes_beyond(duty: TariffMeasure, authority: Authority, day: Day) -> bool:
    """Tell whether a duty may reach goods that the lists of its basis do not name."""
    if duty.schedule_on(day.date) is not None:
        return not authority.lists
    return _goods(duty, duty.coverage_on(day.date)) not in authority.lists


def _both(first: Kept, second: Kept) -> Kept:
    """What is kept beside two legal bases."""
    without = {act: share * second.share for act, share in first.without.items()}
    without |= {act: first.share * share for act, share in second.without.items()}
    return Kept(first.share * second.share, without)


def _kept_beside(
    others: Sequence[TariffMeasure], authority: Authority, day: Day, *, is_net: bool
) -> Kept:
    return Kept(
        _kept(_reach(others, authority, day), is_net=is_net),
        {
            left_out.id: _kept(
                _reach([duty for duty in others if duty is not left_out], authority, day),
                is_net=is_net,
            )
            for left_out in others
        },
    )


def _kept(reach: _Reach, *, is_net: bool) -> Array:
    """Part that is kept beside a reach.

    A net list holds only goods that the lists of the other basis do not name.  The goods beyond
    these lists are among them, so they take a larger part of what the net list holds.
    """
    if not is_net:
        return np.asarray(1.0 - np.minimum(reach.listed + reach.beyond, 1.0))
    unlisted = 1.0 - reach.listed
    taken = np.where(reach.beyond < unlisted, reach.beyond, 1.0)
    part = np.divide(taken, unlisted, out=np.ones_like(taken), where=reach.beyond < unlisted)
    return np.asarray(1.0 - np.where(reach.beyond > 0.0, part, 0.0))


def _reach(duties: Sequence[TariffMeasure], authority: Authority, day: Day) -> _Reach:
    """What the duties of a basis at one border reach together."""
    whole = authority.reaches_given({duty.id for duty in duties})
    parts = (_part(duty, authority, whole, day) for duty in duties)
    by_goods: dict[str, Array] = {}
    for part in parts:
        if part is not None:
            before = by_goods.get(part.goods)
            share = part.share if before is None else np.maximum(before, part.share)
            by_goods[part.goods] = share
    shape = day.tables.axes.shape[1:]
    actions = _sum((by_goods[name] for name in by_goods if name in authority.actions), shape)
    for name in by_goods.keys() & authority.wholes:
        actions = np.maximum(actions, by_goods[name])
    beyond = _sum((by_goods[name] for name in by_goods if name not in authority.lists), shape)
    return _Reach(np.minimum(actions, 1.0), np.minimum(beyond, 1.0))


def _sum(shares: Iterable[Array], shape: tuple[int, ...]) -> Array:
    return sum(shares, np.zeros(shape))


def _part(
    duty: TariffMeasure, authority: Authority, whole: str | None, day: Day
) -> _ReachedGoods | None:
    """What a duty reaches; None where it charges nothing."""
    headline, _ = headline_of(duty, day)
    if isinstance(headline, float) and headline <= 0.0:
        return None
    share = left_after(coverage_of(duty, day), let_out_of(duty, day))
    if isinstance(headline, float):
        return _ReachedGoods(_goods(duty, duty.coverage_on(day.date)), share)
    share = np.where(headline != 0.0, share, 0.0)
    name = authority.list_of(duty.id) or whole
    if name is None:
        return _ReachedGoods(_goods(duty, Coverage(default=1.0)), share)
    row = day.tables.axes.regions.index(duty.importer)
    listed = named_table(day.tables.coverage, name, duty, "coverage list")[row]
    return _ReachedGoods(name, share * listed)


def _goods(duty: TariffMeasure, coverage: Coverage) -> str:
    """Name of the goods of a coverage; ids hold no space, so no two are alike by chance."""
    if not isinstance(coverage.by_sector, str):
        return f"goods of {duty.id}"
    return f"all but {coverage.by_sector}" if coverage.complement else coverage.by_sector
