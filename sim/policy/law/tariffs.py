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
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.policy.axes import Axes
from sim.policy.language.kinds import Measure
from sim.policy.language.kinds.exclusion import Exclusion
from sim.policy.language.kinds.tariff import TariffMeasure
from sim.policy.language.stacking import Stacking
from sim.policy.law.charge import Day, coverage_of, headline_of, left_after, let_out_of
from sim.policy.law.dates import turning_days
from sim.policy.law.reach import NamedTables, Tables, flows_of, reached_share
from sim.policy.law.yielding import kept_by
from sim.policy.library.cards import scenario_folder
from sim.policy.library.folders import read_stacking

Array = NDArray[np.float64]

SMALLEST_RATE = 1e-9
"""Rates that differ by less are the same."""

BASE_YEAR = 2024
"""The base rate is what was collected over this year."""


class Effect(NamedTuple):
    """What one act does to a tariff: share of the flow times points, over one border.

    A duty adds, a suspension, an exclusion or a duty that others yield to takes away.  The product
    is worked out only where somebody asks which acts matter.
    """

    act: str
    row: int
    """Importer."""
    share: Array
    """Part of each flow, [i, j]."""
    points: Array | float
    """Fraction of customs value, [i, j] or one number; negative where it is taken away."""


@dataclass(frozen=True, eq=False)
class DutyStack:
    """The duties of a day, each at one border, and every act that shaped them.

    Parameters
    ----------
    pieces
        By measure id, in the order of ids: the importer's row, and what the duty adds, [i, j].
    whole
        Duties that stand for all others: the importer's row, share of the flows, total rate.
    effects
        What each act does, in the order in which the duties were worked out.
    """

    pieces: Mapping[str, tuple[int, Array]]
    whole: tuple[tuple[str, int, Array, float], ...]
    effects: tuple[Effect, ...]

    def rate(self, base_rate: Array, in_base: Array) -> Array:
        """Tariff with `base_rate`, which holds `in_base` of the duties, [n, i, j]; never < 0."""
        rate = np.array(base_rate, dtype=float)
        for row, piece in self.pieces.values():
            rate[row] += piece
        rate -= in_base
        for _, row, share, total in self.whole:
            rate[row] = (1.0 - share) * rate[row] + share * total
        nonnegative: Array = np.maximum(rate, 0.0)
        return nonnegative

    def effective(self, in_base: Mapping[tuple[str, int], Array]) -> frozenset[str]:
        """Ids of the acts without which the tariff of the day would be another.

        Parameters
        ----------
        in_base
            What the base rate holds of each act's effect already, by act and importer, [i, j].
        """
        acts = {name for name, _, share, _ in self.whole if share.any()}
        now: dict[tuple[str, int], Array] = {}
        for act, row, share, points in self.effects:
            now[act, row] = now.get((act, row), 0.0) + share * points
        for (act, row), effect in now.items():
            left = np.abs(effect - in_base.get((act, row), 0.0))
            for _, at_row, share, _ in self.whole:
                left = left * (1.0 - share) if at_row == row else left
            if left.max(initial=0.0) > SMALLEST_RATE:
                acts.add(act)
        return frozenset(acts)


def tariff_rate(  # noqa: PLR0913  the tables of the baseline are many; all are named
    measures: Iterable[Measure],
    date: dt.date,
    axes: Axes,
    base_rate: Array,
    coverage: NamedTables,
    rates: NamedTables,
    *,
    weights: Array | None = None,
    stacking: Stacking | None = None,
) -> Array:
    """Tariff on `date`, fraction of customs value, [n, i, j]; never negative.

    Parameters
    ----------
    measures
        In any order.
    base_rate
        Tariff collected over 2024, [n, i, j]; it holds the acts in force in that year.
    coverage, rates, weights
        As in `Tables`.
    stacking
        Rules; the shipped ones by default.

    Raises
    ------
    ScenarioError
        If a list or schedule is not in the tables, or `weights` are needed and absent.
    """
    acts, tables = tuple(measures), Tables(axes, coverage, rates, weights)
    in_base = base_year_share(acts, tables, stacking)
    return duty_stack(acts, date, tables, stacking).rate(base_rate, in_base)


def duty_stack(
    measures: Iterable[Measure], date: dt.date, tables: Tables, stacking: Stacking | None = None
) -> DutyStack:
    """Work out the duties in force on `date`; errors as in `tariff_rate`.

    A duty is charged at one border, so all is done on one row of the flows.
    """
    acts = [act for act in sorted(measures, key=lambda act: act.id) if act.in_force(date)]
    duties = [act for act in acts if isinstance(act, TariffMeasure)]
    stacked = [duty for duty in duties if duty.total_rate_pp is None]
    present: dict[tuple[str, str], list[TariffMeasure]] = {}
    for duty in stacked:
        present.setdefault((duty.importer, duty.authority), []).append(duty)
    exclusions = [act for act in acts if isinstance(act, Exclusion)]
    day = Day(date, acts, exclusions, present, tables, stacking or _shipped_stacking())
    pieces, effects = {}, []
    for duty in stacked:
        row, piece, shaped = _duty(duty, day)
        pieces[duty.id] = (row, piece)
        effects += shaped
    return DutyStack(
        pieces, tuple(_whole(duty, tables) for duty in _totals(duties)), tuple(effects)
    )


def _totals(duties: Iterable[TariffMeasure]) -> list[TariffMeasure]:
    return [duty for duty in duties if duty.total_rate_pp is not None]


def _whole(duty: TariffMeasure, tables: Tables) -> tuple[str, int, Array, float]:
    """Share and rate of a duty that states the whole."""
    row, chosen = flows_of(duty, tables.axes)
    share = reached_share(duty, duty.coverage, chosen, tables)
    return duty.id, row, share, (duty.total_rate_pp or 0.0) / 100.0


def _duty(duty: TariffMeasure, day: Day) -> tuple[int, Array, list[Effect]]:
    """Importer of a duty, what it adds over that border, [i, j], and the acts behind it."""
    row = day.tables.axes.regions.index(duty.importer)
    covered, kept, let_out = coverage_of(duty, day), kept_by(duty, day), let_out_of(duty, day)
    headline, suspensions = headline_of(duty, day)
    reached = covered * kept.share if kept.without else covered
    share = left_after(reached, let_out)
    effects = [
        Effect(other, row, left_after(covered * part, let_out) - share, -headline)
        for other, part in kept.without.items()
    ]
    for place, taken in enumerate(let_out):
        left = left_after(reached, let_out[:place])
        effects.append(Effect(taken.act, row, np.minimum(taken.out_of(reached), left), -headline))
    effects += [Effect(act, row, share, -points) for act, points in suspensions]
    return row, share * headline, [*effects, Effect(duty.id, row, share, headline)]


def contributions(
    measures: Iterable[Measure], date: dt.date, tables: Tables, stacking: Stacking | None = None
) -> dict[str, Array]:
    """What each duty adds on `date`, by measure id, fraction of customs value, [n, i, j].

    Duties that state a whole rate are left out.  Errors as in `tariff_rate`.
    """
    pieces = {}
    for name, (row, piece) in duty_stack(measures, date, tables, stacking).pieces.items():
        pieces[name] = np.zeros(tables.axes.shape)
        pieces[name][row] = piece
    return pieces


def base_year_share(
    measures: Iterable[Measure], tables: Tables, stacking: Stacking | None = None
) -> Array:
    """What the measures contribute on the mean day of 2024: the base rate holds it, [n, i, j].

    Errors as in `tariff_rate`.
    """
    mean: Array = np.zeros(tables.axes.shape)
    for part, stack in base_year_stacks(measures, tables, stacking):
        for row, piece in stack.pieces.values():
            mean[row] += part * piece
    return mean


def base_year_stacks(
    measures: Iterable[Measure], tables: Tables, stacking: Stacking | None = None
) -> list[tuple[float, DutyStack]]:
    """Duties of each stretch of 2024, with its part of the year; none where none applied."""
    first, end = dt.date(BASE_YEAR, 1, 1), dt.date(BASE_YEAR + 1, 1, 1)
    acts = [measure for measure in measures if measure.first_day < end and _was_applied(measure)]
    if not any(isinstance(measure, TariffMeasure) for measure in acts):
        return []
    cuts = [first, *(day for day in turning_days(acts) if first < day < end), end]
    return [
        ((stop - start).days / (end - first).days, duty_stack(acts, start, tables, stacking))
        for start, stop in itertools.pairwise(cuts)
    ]


def _was_applied(measure: Measure) -> bool:
    return not (isinstance(measure, TariffMeasure) and measure.never_applied)


@lru_cache(maxsize=1)
def _shipped_stacking() -> Stacking:
    return read_stacking(scenario_folder())
