"""What a single duty charges on a day: its rate less what is suspended, and the goods let out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.policy.language.kinds import Measure
from sim.policy.language.kinds.exclusion import Exclusion
from sim.policy.language.kinds.tariff import TariffMeasure
from sim.policy.language.stacking import Stacking
from sim.policy.law.reach import (
    Tables,
    covered_share,
    flows_among,
    flows_of,
    named_table,
    reached_share,
)

Array = NDArray[np.float64]


class Day(NamedTuple):
    """What the duties of a day are worked out from."""

    date: dt.date
    acts: list[Measure]
    """In force, in the order of ids."""
    exclusions: list[Exclusion]
    """Those of `acts` that let goods out of duties."""
    present: Mapping[tuple[str, str], list[TariffMeasure]]
    """Duties in force by importer and authority; without those that state the whole duty."""
    tables: Tables
    rules: Stacking


class LetOut(NamedTuple):
    """What an exclusion takes from a duty."""

    act: str
    share: Array
    """Part of each flow, [i, j], or of what the duty reaches of it."""
    of_flow: bool
    """Which of the two."""

    def out_of(self, reached: Array) -> Array:
        """Part of each flow that is let out of the part `reached`, [i, j]."""
        return self.share if self.of_flow else self.share * reached


def headline_of(duty: TariffMeasure, day: Day) -> tuple[Array | float, list[tuple[str, float]]]:
    """Rate before coverage, fraction, less what is suspended, and the points of each suspension.

    One number, or [i, j] for a schedule; a number is never negative.
    """
    schedule = duty.schedule_on(day.date)
    if schedule is not None:
        row = day.tables.axes.regions.index(duty.importer)
        return named_table(day.tables.rates, schedule, duty, "rate schedule")[row], []
    headline = duty.headline_pp(day.date)
    taken = [(act.id, act.points_off(duty, headline)) for act in day.acts]
    suspensions = [(act, points) for act, points in taken if points]
    left = max(headline - sum(points for _, points in suspensions), 0.0) / 100.0
    return left, [(act, points / 100.0) for act, points in suspensions]


def coverage_of(duty: TariffMeasure, day: Day) -> Array:
    """Part of each flow that a duty reaches by its own text, [i, j]."""
    _, chosen = flows_of(duty, day.tables.axes)
    return reached_share(duty, duty.coverage_on(day.date), chosen, day.tables)


def let_out_of(duty: TariffMeasure, day: Day) -> list[LetOut]:
    """What each exclusion in force takes from a duty."""
    taken = []
    for exclusion in day.exclusions:
        if exclusion.lets_out_of(duty):
            _, chosen = flows_of(duty, day.tables.axes)
            goods = chosen & flows_among(exclusion.exporters, exclusion.sectors, day.tables.axes)
            of_flow = exclusion.of == "flow"
            share_of = reached_share if of_flow else covered_share
            share = share_of(duty, exclusion.coverage, goods, day.tables)
            taken.append(LetOut(exclusion.id, share, of_flow))
    return taken


def left_after(reached: Array, let_out: Iterable[LetOut]) -> Array:
    """Part of each flow that still pays, of the part `reached`, [i, j]; never negative."""
    left = reached
    for taken in let_out:
        left = left - taken.out_of(reached)
    nonnegative: Array = np.maximum(left, 0.0)
    return nonnegative
