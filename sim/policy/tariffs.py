"""Measures in force on a date to tariff rates, [n, i, j]; stacking by the rules of stacking.yaml.

A duty's contribution is its headline (less suspended points) times the share of the flow that it
reaches.  Contributions add to the base; measures that state a whole duty replace the sum.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import ScenarioError
from sim.policy.axes import Axes
from sim.policy.cards import scenario_folder
from sim.policy.library import read_stacking
from sim.policy.messages import nearest
from sim.policy.schema import Measure, TariffMeasure, TariffSuspension
from sim.policy.stacking import Stacking

Array = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Tables = Mapping[str, Array]


def tariff_rate(  # noqa: PLR0913  the tables of the baseline are many; all are named
    measures: Iterable[Measure],
    date: dt.date,
    axes: Axes,
    base_rate: Array,
    coverage: Tables,
    rates: Tables,
    *,
    weights: Array | None = None,
    stacking: Stacking | None = None,
    pieces: Pieces | None = None,
) -> Array:
    """Tariff on `date`, fraction of customs value, [n, i, j]; never negative.

    Parameters
    ----------
    measures
        In any order.
    base_rate
        Tariff before the measures, [n, i, j].
    coverage
        Share of each flow's value that a list reaches, by list name, [n, i, j].
    rates
        Named schedules of rates, fraction, [n, i, j].
    weights
        Customs value of each flow, [n, i, j]; needed where a measure states an average coverage
        (``coverage: {default: 0.636, by_sector: reciprocal}``).
    stacking
        Rules; the shipped ones by default.
    pieces
        What was worked out before, for many calls with nearly the same measures and the same
        tables.

    Raises
    ------
    ScenarioError
        If a list or schedule is not in the tables, or `weights` are needed and absent.
    """
    acts = tuple(measures)
    added = contributions(
        acts, date, axes, coverage, rates, weights=weights, stacking=stacking, pieces=pieces
    )
    rate = np.array(base_rate, dtype=float)
    for name in sorted(added):
        rate += added[name]
    for measure in _tariffs(acts, date):
        if measure.total_rate_pp is not None:
            share = _coverage_share(measure, axes, coverage, weights)
            rate = (1.0 - share) * rate + share * measure.total_rate_pp / 100.0
    nonnegative: Array = np.maximum(rate, 0.0)
    return nonnegative


def contributions(  # noqa: PLR0913
    measures: Iterable[Measure],
    date: dt.date,
    axes: Axes,
    coverage: Tables,
    rates: Tables,
    *,
    weights: Array | None = None,
    stacking: Stacking | None = None,
    pieces: Pieces | None = None,
) -> dict[str, Array]:
    """What each duty adds on `date`, by measure id, fraction of customs value, [n, i, j].

    Duties that state a whole rate are left out.  Parameters and errors as in `tariff_rate`.
    """
    acts = sorted(measures, key=lambda measure: measure.id)
    rules = stacking or _shipped_stacking()
    duties = [measure for measure in _tariffs(acts, date) if measure.total_rate_pp is None]
    present = {(duty.importer, duty.authority) for duty in duties}
    known = Pieces() if pieces is None else pieces

    def share(duty: TariffMeasure) -> Array:
        covered = _coverage_share(duty, axes, coverage, weights)
        for reaches in _yields(duty, present, rules):
            covered = covered * (1.0 - _table(coverage, reaches, duty, "coverage list"))
        return covered

    return {
        duty.id: known.added(duty, present, _headline(duty, acts, date, rates), share)
        for duty in duties
    }


class Pieces:
    """What duties add and reach, kept for as long as date, axes and tables are the same.

    The reach of a duty is known again if all but its rate is the same, and if it meets the same
    authorities at the border; what it adds if its headline is the same too.
    """

    def __init__(self) -> None:
        self._known: dict[str, _Piece] = {}

    def added(
        self,
        duty: TariffMeasure,
        present: set[tuple[str, str]],
        headline: Array | float,
        share_of: Callable[[TariffMeasure], Array],
    ) -> Array:
        """Return what `duty` adds; its share is worked out only if its reach is new."""
        known = self._known.get(duty.id)
        if known is None or known.present != present or not _reach_alike(known.duty, duty):
            share = share_of(duty)
        elif _same(known.headline, headline):
            return known.added
        else:
            share = known.share
        self._known[duty.id] = _Piece(duty, present, headline, share, share * headline)
        return self._known[duty.id].added


class _Piece(NamedTuple):
    duty: TariffMeasure
    present: set[tuple[str, str]]
    headline: Array | float
    share: Array
    added: Array


def _same(one: Array | float, other: Array | float) -> bool:
    """Tell whether two headlines are the same number or the same table."""
    return one is other or (isinstance(one, float) and isinstance(other, float) and one == other)


_REACH = ("authority", "importer", "exporters", "exporters_except", "sectors", "coverage")


def _reach_alike(one: TariffMeasure, other: TariffMeasure) -> bool:
    """Tell whether two versions of a duty reach the same flows, whatever their rates."""
    return one is other or all(getattr(one, name) == getattr(other, name) for name in _REACH)


@lru_cache(maxsize=1)
def _shipped_stacking() -> Stacking:
    return read_stacking(scenario_folder())


def _tariffs(measures: Iterable[Measure], date: dt.date) -> list[TariffMeasure]:
    return [
        measure
        for measure in sorted(measures, key=lambda one: one.id)
        if isinstance(measure, TariffMeasure) and measure.in_force(date)
    ]


def _headline(
    duty: TariffMeasure, measures: Iterable[Measure], date: dt.date, rates: Tables
) -> Array | float:
    """Rate before coverage, fraction, after suspended points; never negative."""
    if duty.rate_schedule is not None:
        return _table(rates, duty.rate_schedule, duty, "rate schedule")
    headline = duty.headline_pp(date)
    suspended = sum(
        suspension.points_pp(headline)
        for suspension in measures
        if isinstance(suspension, TariffSuspension)
        and duty.id in suspension.suspends
        and suspension.in_force(date)
    )
    return max(headline - suspended, 0.0) / 100.0


def _yields(duty: TariffMeasure, present: set[tuple[str, str]], rules: Stacking) -> list[str]:
    """Lists of goods that `duty` leaves to other duties in force at the same border."""
    rule = rules.authorities.get(duty.authority)
    if rule is None or duty.coverage.by_sector in rule.already_net:
        return []
    reaches = (
        rules.authorities[other].reaches
        for other in rule.yields_to
        if (duty.importer, other) in present
    )
    return [name for name in reaches if name is not None]


def flows(duty: TariffMeasure, axes: Axes) -> BoolArray:
    """Flows that a duty is about: foreign goods of its pairs and sectors, [n, i, j]."""
    regions, sectors = np.array(axes.regions), np.array(axes.sectors)
    exporter = _selected(duty.exporters, regions) & ~np.isin(regions, duty.exporters_except)
    goods = _selected(duty.sectors, sectors) & ~np.isin(sectors, list(axes.services))
    importer = regions == duty.importer
    chosen = importer[:, None] & exporter[None, :] & (regions[:, None] != regions[None, :])
    return np.asarray(chosen[:, :, None] & goods)


def _selected(codes: tuple[str, ...] | str, known: NDArray[np.str_]) -> BoolArray:
    return np.ones(known.shape, dtype=bool) if codes == "all" else np.isin(known, codes)


def _coverage_share(
    duty: TariffMeasure, axes: Axes, coverage: Tables, weights: Array | None
) -> Array:
    """Share of each flow that `duty` reaches, 0 to 1, [n, i, j]; 0 outside its flows."""
    chosen = flows(duty, axes)
    by_sector, default = duty.coverage.by_sector, duty.coverage.default
    if isinstance(by_sector, str):
        share = np.where(chosen, _table(coverage, by_sector, duty, "coverage list"), 0.0)
        if duty.coverage.complement:
            share = np.where(chosen, 1.0 - share, 0.0)
        return share if default is None else _averaging(share, chosen, default, duty, weights)
    shares = by_sector or {}
    return np.where(chosen, [shares.get(code, default or 0.0) for code in axes.sectors], 0.0)


def _averaging(
    share: Array, chosen: BoolArray, average: float, duty: TariffMeasure, weights: Array | None
) -> Array:
    """Move a list so that its trade-weighted average over the chosen flows is `average`, exactly.

    Below the list's own average every share shrinks in proportion; above it, every exempt part
    does.  At 0 nothing is reached, at 1 everything, and no share leaves 0 to 1.
    """
    if weights is None:
        raise ScenarioError(
            f"measure '{duty.id}' states an average coverage, and no trade weights are given.",
            advice="Pass weights (customs values, [n, i, j]) to tariff_rate.",
        )
    total = float(weights[chosen].sum())
    own = float((weights * share)[chosen].sum()) / total if total > 0 else 0.0
    if average <= own:
        return share * (average / own if own > 0 else 1.0)
    lift = (average - own) / (1.0 - own)
    return np.where(chosen, share + (1.0 - share) * lift, 0.0)


def _table(tables: Tables, name: str, duty: TariffMeasure, noun: str) -> Array:
    try:
        return tables[name]
    except KeyError:
        raise ScenarioError(
            f"measure '{duty.id}' needs {noun} '{name}', which the baseline does not hold.",
            advice=nearest(name, tables),
        ) from None
