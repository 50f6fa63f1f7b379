"""Names, tables and random measures for the tests of `sim.policy`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet
from hypothesis import strategies as st
from ruamel.yaml import YAML

from sim.engine.start import UNITS
from sim.policy.axes import Axes
from sim.policy.language.fields import Coverage
from sim.policy.language.kinds.exclusion import Exclusion
from sim.policy.language.kinds.tariff import RateStep, TariffMeasure
from sim.policy.language.kinds.tariff_suspension import TariffSuspension
from sim.policy.law.tariffs import tariff_rate

ROOT = Path(__file__).resolve().parents[1]
TABLES = ROOT / "sim/baseline/tables"


def names_in(table, column):
    """Names that an embedded table holds."""
    return frozenset(
        parquet.read_table(TABLES / f"{table}.parquet", columns=[column])[column].to_pylist()
    )


LISTS, RATES = names_in("coverage", "list"), names_in("rates", "schedule")
AUTUMN = dt.date(2025, 12, 1)
FIRST, LAST = dt.date(2025, 1, 1), dt.date(2026, 12, 31)
SMALL = Axes(("USA", "CHN", "VNM"), ("C26", "C27", "SOY", "SERV"), LISTS, RATES)
"""A world of three regions and four sectors."""


def shipped_axes():
    """Axes of the shipped baseline, without its tables."""
    names = YAML(typ="safe", pure=True).load(ROOT / "sim/baseline/build/aggregation.yaml")
    return Axes(tuple(names["regions"]), tuple(names["sectors"]), LISTS, RATES, variables=UNITS)


def random_tables(seed, axes=SMALL):
    """Coverage shares, rate schedules, base rates and customs values, drawn at random."""
    random = np.random.default_rng(seed)
    goods = np.array([code not in axes.services for code in axes.sectors])
    coverage = {name: random.random(axes.shape) * goods for name in sorted(axes.lists)}
    coverage["all"] = np.ones(axes.shape) * goods
    rates = {name: random.random(axes.shape) * 0.5 * goods for name in sorted(axes.rates)}
    base = random.random(axes.shape) * 0.2 * goods
    weights = np.exp(random.normal(0, 2, axes.shape))
    return coverage, rates, base, weights


ASSUMED = {"status": "threatened", "assumed": True, "reason": "a test"}


def rate(measures, date, seed=0):
    coverage, rates, base, weights = random_tables(seed)
    return tariff_rate(measures, date, SMALL, base, coverage, rates, weights=weights)


def blanket(name="a-tariff", points=10.0, **content):
    """A tariff of the United States on all of China's goods."""
    filled = {
        "authority": "hypothetical",
        "importer": "USA",
        "exporters": ("CHN",),
        "coverage": Coverage(default=1.0),
        "start": dt.date(2025, 2, 1),
        "rate_pp": points,
        **ASSUMED,
        **content,
    }
    return TariffMeasure(id=name, kind="tariff", title="a test", **filled)


SEEDS = st.integers(0, 2**32 - 1)
POINTS = st.integers(0, 150).map(float)
DAYS = st.dates(FIRST, LAST)
COVERAGES = st.one_of(
    st.floats(0, 1).map(lambda share: Coverage(default=share)),
    st.sampled_from(["all", "reciprocal", "s232"]).map(lambda name: Coverage(by_sector=name)),
    st.floats(0, 1).map(lambda share: Coverage(default=share, by_sector="reciprocal")),
    st.floats(0, 1).map(lambda share: Coverage(default=0.0, by_sector={"C26": share})),
    st.just(Coverage(by_sector="usmca-free", complement=True)),
)


@st.composite
def intervals(draw):
    """A start and a later end, or None."""
    start = draw(DAYS)
    length = draw(st.one_of(st.none(), st.integers(1, 400)))
    return start, None if length is None else start + dt.timedelta(days=length)


@st.composite
def tariffs(draw, name="a-tariff", importer="USA"):
    """A tariff: at one rate, in steps, or by a schedule."""
    start, end = draw(intervals())
    form = draw(st.sampled_from(["rate_pp", "rate", "steps", "rate_schedule"]))
    content = {"rate_pp": draw(POINTS)}
    if form == "rate":
        content = {"rate": content["rate_pp"] / 100}
    if form == "rate_schedule":
        content = {"rate_schedule": draw(st.sampled_from(sorted(RATES)))}
    if form == "steps":
        later = start + dt.timedelta(days=draw(st.integers(1, 300)))
        steps = [RateStep(start=start, rate_pp=draw(POINTS))]
        if end is None or later < end:
            own = draw(st.one_of(st.none(), COVERAGES))
            schedule = draw(st.one_of(st.none(), st.sampled_from(sorted(RATES))))
            points = draw(POINTS) if schedule is None else None
            steps.append(
                RateStep(start=later, rate_pp=points, rate_schedule=schedule, coverage=own)
            )
        content = {"steps": tuple(steps)}
    return TariffMeasure(
        id=name,
        kind="tariff",
        title="drawn",
        authority=draw(st.sampled_from(["ieepa-reciprocal", "section-232", "hypothetical"])),
        importer=importer,
        exporters=draw(st.sampled_from(["all", ("CHN",), ("CHN", "VNM")])),
        sectors=draw(st.sampled_from(["all", ("C26",), ("C27", "SOY")])),
        coverage=draw(COVERAGES),
        start=start,
        end=end,
        status="threatened",
        assumed=True,
        reason="drawn",
        **content,
    )


def suspension(name, of, points, start, end):
    """A suspension of `points` of the measures `of`."""
    return TariffSuspension(
        id=name,
        kind="tariff-suspension",
        title="drawn",
        suspends=tuple(of),
        suspended_pp=points,
        start=start,
        end=end,
        status="announced",
        assumed=True,
        reason="drawn",
    )


def exclusion(name, of, share, start, end, *, switch=None, authorities=()):
    """An exclusion of `share` of every flow from the measures `of`."""
    return Exclusion(
        id=name,
        kind="exclusion",
        title="drawn",
        excludes=tuple(of),
        authorities=authorities,
        coverage=Coverage(default=share),
        start=start,
        end=end,
        switch=switch,
        status="announced",
        assumed=True,
        reason="drawn",
    )


@st.composite
def measure_sets(draw):
    """Up to four tariffs, some with a suspension, some with an exclusion."""
    acts = []
    for number in range(draw(st.integers(1, 4))):
        act = draw(tariffs(name=f"tariff-{number}"))
        acts.append(act)
        if act.rate_schedule is None and draw(st.booleans()):
            start, end = draw(intervals())
            acts.append(suspension(f"suspension-{number}", [act.id], draw(POINTS), start, end))
        if draw(st.booleans()):
            start, end = draw(intervals())
            share, switch = draw(st.floats(0, 1)), draw(st.sampled_from([None, 0, 1]))
            acts.append(
                exclusion(f"exclusion-{number}", [act.id], share, start, end, switch=switch)
            )
    return acts
