"""Measures in force on a date to tariff rates, [n, i, j]; stacking by the rules of stacking.yaml.

A duty's contribution is its headline (less suspended points) times the share of the flow that it
reaches (less what exclusions let out).  The base holds what was collected over 2024, so a duty adds
what its contribution on the day exceeds its mean over 2024 by: an act of 2018 that is listed adds
nothing in 2025 and is taken away before its start.  Measures that state a whole duty replace the
sum.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import ScenarioError
from sim.policy.axes import Axes
from sim.policy.language.fields import Coverage
from sim.policy.language.kinds import Measure
from sim.policy.language.kinds.exclusion import Exclusion
from sim.policy.language.kinds.tariff import TariffMeasure
from sim.policy.language.kinds.tariff_suspension import TariffSuspension
from sim.policy.language.messages import nearest
from sim.policy.language.stacking import Stacking
from sim.policy.library.cards import scenario_folder
from sim.policy.library.files import read_stacking

Array = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Tables = Mapping[str, Array]
Codes = tuple[str, ...] | str

BASE_YEAR = 2024
"""The base rate is what was collected over this year."""


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
    in_base: Array | None = None,
) -> Array:
    """Tariff on `date`, fraction of customs value, [n, i, j]; never negative.

    Parameters
    ----------
    measures
        In any order.
    base_rate
        Tariff collected over 2024, [n, i, j]; it holds the acts in force in that year.
    coverage
        Share of each flow's value that a list reaches, by list name, [n, i, j].
    rates
        Named schedules of rates, fraction, [n, i, j].
    weights
        Customs value of each flow, [n, i, j]; needed where a measure states an average coverage
        (``coverage: {default: 0.636, by_sector: reciprocal}``).
    stacking
        Rules; the shipped ones by default.
    in_base
        What `base_year_share` returns for the same measures and tables, where many days are asked
        for; worked out if None.

    Raises
    ------
    ScenarioError
        If a list or schedule is not in the tables, or `weights` are needed and absent.
    """
    acts = tuple(measures)
    rate = np.array(base_rate, dtype=float)
    for row, piece in _rows(acts, date, _Tables(axes, coverage, rates, weights), stacking).values():
        rate[row] += piece
    if in_base is None:
        in_base = base_year_share(acts, axes, coverage, rates, weights=weights, stacking=stacking)
    rate -= in_base
    for measure in _tariffs(acts, date):
        if measure.total_rate_pp is not None:
            row, chosen = _row(measure, axes)
            tables = _Tables(axes, coverage, rates, weights)
            share = _reach(measure, measure.coverage, chosen, tables)
            rate[row] = (1.0 - share) * rate[row] + share * measure.total_rate_pp / 100.0
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
) -> dict[str, Array]:
    """What each duty adds on `date`, by measure id, fraction of customs value, [n, i, j].

    Duties that state a whole rate are left out.  Parameters and errors as in `tariff_rate`.
    """
    pieces = {}
    rows = _rows(measures, date, _Tables(axes, coverage, rates, weights), stacking)
    for name, (row, piece) in rows.items():
        pieces[name] = np.zeros(axes.shape)
        pieces[name][row] = piece
    return pieces


class _Tables(NamedTuple):
    """Names and tables of the baseline, as in `tariff_rate`."""

    axes: Axes
    coverage: Tables
    rates: Tables
    weights: Array | None


def _rows(
    measures: Iterable[Measure], date: dt.date, tables: _Tables, stacking: Stacking | None
) -> dict[str, tuple[int, Array]]:
    """Contributions by measure id, in the order of ids: the importer's row, and it, [i, j].

    A duty is charged at one border, so all is done on one row of the flows.
    """
    acts = [one for one in sorted(measures, key=lambda one: one.id) if one.in_force(date)]
    rules = stacking or _shipped_stacking()
    duties = [measure for measure in _tariffs(acts, date) if measure.total_rate_pp is None]
    present = {(duty.importer, duty.authority): set[str]() for duty in duties}
    for duty in duties:
        present[duty.importer, duty.authority].add(duty.id)
    rows = {}
    for duty in duties:
        (row, chosen), reach = _row(duty, tables.axes), duty.coverage_on(date)
        share = _reach(duty, reach, chosen, tables)
        for reaches in _yields(duty, reach, present, rules):
            share = share * (1.0 - _table(tables.coverage, reaches, duty, "coverage list")[row])
        for exclusion in _exclusions(acts, duty):
            let_out = chosen & _among(exclusion.exporters, exclusion.sectors, tables.axes)
            share = share - _reach(duty, exclusion.coverage, let_out, tables)
        headline = _headline(duty, acts, date, tables.rates)
        if not isinstance(headline, float):
            headline = headline[row]
        rows[duty.id] = (row, np.maximum(share, 0.0) * headline)
    return rows


def base_year_share(
    measures: Iterable[Measure],
    axes: Axes,
    coverage: Tables,
    rates: Tables,
    *,
    weights: Array | None = None,
    stacking: Stacking | None = None,
) -> Array:
    """What the measures contribute on the mean day of 2024: the base rate holds it, [n, i, j].

    Parameters and errors as in `tariff_rate`.
    """
    first, end = dt.date(BASE_YEAR, 1, 1), dt.date(BASE_YEAR + 1, 1, 1)
    acts = [measure for measure in measures if measure.first_day < end and _was_applied(measure)]
    mean: Array = np.zeros(axes.shape)
    if not any(isinstance(measure, TariffMeasure) for measure in acts):
        return mean
    cuts = [first, *(day for day in change_days(acts) if first < day < end), end]
    for start, stop in itertools.pairwise(cuts):
        rows = _rows(acts, start, _Tables(axes, coverage, rates, weights), stacking)
        part = (stop - start).days / (end - first).days
        for row, piece in rows.values():
            mean[row] += part * piece
    return mean


def _was_applied(measure: Measure) -> bool:
    return not (isinstance(measure, TariffMeasure) and measure.never_applied)


def change_days(measures: Iterable[Measure]) -> tuple[dt.date, ...]:
    """Days on which some measure begins, ends or steps, in order."""
    days: set[dt.date] = set()
    for measure in measures:
        days.add(measure.first_day)
        if isinstance(measure, TariffMeasure):
            days.update(measure.turning_days)
        if measure.end_day is not None:
            days.add(measure.end_day)
    return tuple(sorted(days))


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
    duty: TariffMeasure, acts: Iterable[Measure], date: dt.date, rates: Tables
) -> Array | float:
    """Rate before coverage, fraction, less what the `acts` in force suspend; never negative."""
    schedule = duty.schedule_on(date)
    if schedule is not None:
        return _table(rates, schedule, duty, "rate schedule")
    headline = duty.headline_pp(date)
    suspended = sum(
        suspension.points_pp(headline)
        for suspension in acts
        if isinstance(suspension, TariffSuspension) and duty.id in suspension.suspends
    )
    return max(headline - suspended, 0.0) / 100.0


def _exclusions(acts: Iterable[Measure], duty: TariffMeasure) -> list[Exclusion]:
    return [act for act in acts if isinstance(act, Exclusion) and act.lets_out_of(duty)]


@lru_cache(maxsize=512)
def _among(exporters: Codes, sectors: Codes, axes: Axes) -> BoolArray:
    """Flows into one border that an exclusion is about, [i, j]."""
    exporter = _selected(exporters, np.array(axes.regions))
    goods = _selected(sectors, np.array(axes.sectors))
    return np.asarray(exporter[:, None] & goods)


def _yields(
    duty: TariffMeasure,
    reach: Coverage,
    present: Mapping[tuple[str, str], Collection[str]],
    rules: Stacking,
) -> list[str]:
    """Lists of goods that `duty` leaves to other duties in force at the same border.

    `present` holds the ids of the duties in force by importer and authority.
    """
    rule = rules.authorities.get(duty.authority)
    if rule is None or reach.by_sector in rule.already_net:
        return []
    reaches = (
        rules.authorities[other].reaches_given(present[duty.importer, other])
        for other in rule.yields_to
        if (duty.importer, other) in present
    )
    return [name for name in reaches if name is not None]


def flows(duty: TariffMeasure, axes: Axes) -> BoolArray:
    """Flows that a duty is about: foreign goods of its pairs and sectors, [n, i, j]."""
    row, there = _row(duty, axes)
    chosen = np.zeros(axes.shape, dtype=bool)
    chosen[row] = there
    return chosen


def _row(duty: TariffMeasure, axes: Axes) -> tuple[int, BoolArray]:
    """Importer of a duty, and the flows over its border that it is about, [i, j], read-only."""
    return _flows(duty.importer, duty.exporters, duty.exporters_except, duty.sectors, axes)


@lru_cache(maxsize=512)
def _flows(
    importer: str, exporters: Codes, exporters_except: tuple[str, ...], sectors: Codes, axes: Axes
) -> tuple[int, BoolArray]:
    """Return `_row`; kept, because a calendar asks for the same ones on every day."""
    regions, known = np.array(axes.regions), np.array(axes.sectors)
    exporter = _selected(exporters, regions) & ~np.isin(regions, exporters_except)
    goods = _selected(sectors, known) & ~np.isin(known, list(axes.services))
    chosen: BoolArray = (exporter & (regions != importer))[:, None] & goods
    chosen.flags.writeable = False
    return axes.regions.index(importer), chosen


def _selected(codes: Codes, known: NDArray[np.str_]) -> BoolArray:
    return np.ones(known.shape, dtype=bool) if codes == "all" else np.isin(known, codes)


def _reach(duty: TariffMeasure, reach: Coverage, chosen: BoolArray, tables: _Tables) -> Array:
    """Share of each of the `chosen` flows that a coverage reaches, 0 to 1, [i, j]; else 0."""
    by_sector, default = reach.by_sector, reach.default
    if isinstance(by_sector, str):
        row = tables.axes.regions.index(duty.importer)
        listed = _table(tables.coverage, by_sector, duty, "coverage list")[row]
        share = np.where(chosen, 1.0 - listed if reach.complement else listed, 0.0)
        return share if default is None else _averaging(share, chosen, default, duty, tables)
    shares = by_sector or {}
    return np.where(chosen, [shares.get(code, default or 0.0) for code in tables.axes.sectors], 0.0)


def _averaging(
    share: Array, chosen: BoolArray, average: float, duty: TariffMeasure, tables: _Tables
) -> Array:
    """Move a list so that its trade-weighted average over the chosen flows is `average`, exactly.

    Below the list's own average every share shrinks in proportion; above it, every exempt part
    does.  At 0 nothing is reached, at 1 everything, and no share leaves 0 to 1.
    """
    if tables.weights is None:
        raise ScenarioError(
            f"measure '{duty.id}' states an average coverage, and no trade weights are given.",
            advice="Pass weights (customs values, [n, i, j]) to tariff_rate.",
        )
    weights = tables.weights[tables.axes.regions.index(duty.importer)]
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
